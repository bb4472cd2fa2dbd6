//! Addresses and networks of both IP versions.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address as a number, with its version. An IPv4 address that is written as IPv6 is an IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    /// 32 or 128.
    pub(super) n_bits: u32,
    pub(super) bits: u128,
}

impl Address {
    pub(super) fn parse(text: &str) -> Option<Address> {
        Some(match text.parse().ok()? {
            IpAddr::V4(it) => Address { n_bits: 32, bits: it.to_bits().into() },
            IpAddr::V6(it) => match it.to_ipv4_mapped() {
                Some(it) => Address { n_bits: 32, bits: it.to_bits().into() },
                None => Address { n_bits: 128, bits: it.to_bits() },
            },
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.n_bits {
            32 => Ipv4Addr::from_bits(self.bits as u32).fmt(f),
            _ => Ipv6Addr::from_bits(self.bits).fmt(f),
        }
    }
}

/// A network: all addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    first: Address,
    prefix: u32,
}

impl Network {
    /// Reads `address/prefix`; bits of the address behind the prefix are ignored.
    pub(super) fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = text.split_once('/')?;
        if prefix.is_empty() || prefix.len() > 3 || !prefix.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let prefix: u32 = prefix.parse().ok()?;
        let is_v4_as_v6 = address.contains(':') && Address::parse(address)?.n_bits == 32;
        let address = Address::parse(address)?;
        let (max, skipped) = if is_v4_as_v6 { (128, 96) } else { (address.n_bits, 0) };
        if prefix > max {
            return None;
        }
        match prefix.checked_sub(skipped) {
            Some(prefix) => Some(Network::new(address, prefix)),
            // The prefix ends before the IPv4 part: this is a network of IPv6 after all.
            None => Some(Network::new(
                Address { n_bits: 128, bits: 0xffff << 32 | address.bits },
                prefix,
            )),
        }
    }

    pub(super) fn new(address: Address, prefix: u32) -> Network {
        let host = host_bits(address.n_bits - prefix);
        Network { first: Address { bits: address.bits & !host, ..address }, prefix }
    }

    /// The network of an IPv4 address by the old classes. `None` for IPv6.
    pub(super) fn of_class(address: Address) -> Option<Network> {
        let prefix = match address.bits >> 24 {
            0..0x80 => 8,
            0x80..0xc0 => 16,
            _ => 24,
        };
        (address.n_bits == 32).then(|| Network::new(address, prefix))
    }

    pub(super) fn first(&self) -> Address {
        self.first
    }

    pub(super) fn last(&self) -> Address {
        Address { bits: self.first.bits | host_bits(self.first.n_bits - self.prefix), ..self.first }
    }

    pub(super) fn contains(&self, it: Address) -> bool {
        it.n_bits == self.first.n_bits && (self.first..=self.last()).contains(&it)
    }

    /// How many addresses there are; `None` if they are all of IPv6.
    pub(super) fn n_addresses(&self) -> Option<u128> {
        (self.last().bits - self.first.bits).checked_add(1)
    }

    pub(super) fn addresses(&self) -> impl Iterator<Item = Address> {
        let first = self.first;
        (first.bits..=self.last().bits).map(move |bits| Address { bits, ..first })
    }
}

/// So many ones at the end.
fn host_bits(n: u32) -> u128 {
    1_u128.checked_shl(n).map_or(u128::MAX, |it| it - 1)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}
