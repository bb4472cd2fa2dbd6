//! Merging networks.

use super::cidr::{Address, Network};

/// The fewest networks that have the same addresses.
pub(super) fn merge(mut networks: Vec<Network>) -> Vec<Network> {
    networks.sort_by_key(Network::first);
    let mut ranges: Vec<(Address, Address)> = Vec::new();
    for network in networks {
        let (first, last) = (network.first(), network.last());
        match ranges.last_mut() {
            Some((_, end))
                if end.n_bits == first.n_bits && first.bits <= end.bits.saturating_add(1) =>
            {
                end.bits = end.bits.max(last.bits);
            }
            _ => ranges.push((first, last)),
        }
    }
    ranges.into_iter().flat_map(|(first, last)| split(first, last)).collect()
}

/// A range of addresses as networks: always the largest that fits at the start of what is left.
fn split(first: Address, last: Address) -> Vec<Network> {
    let mut networks = Vec::new();
    let mut next = Some(first);
    while let Some(first) = next.filter(|it| it.bits <= last.bits) {
        let n_aligned = first.bits.trailing_zeros().min(first.n_bits);
        let n_host = match (last.bits - first.bits).checked_add(1) {
            Some(n_left) => n_aligned.min(n_left.ilog2()),
            None => n_aligned,
        };
        let network = Network::new(first, first.n_bits - n_host);
        networks.push(network);
        next = network.last().bits.checked_add(1).map(|bits| Address { bits, ..first });
    }
    networks
}
