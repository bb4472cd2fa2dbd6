//! What of the guest a module needs.

use std::collections::BTreeSet;

use crate::guest::{FuncIdx, Guest, Node};

/// The part of the guest that is reachable from some functions.
pub struct Reached {
    /// The functions that are kept, by their index in the guest, ascending.
    pub functions: Vec<FuncIdx>,
    /// The functions whose address is taken: they keep their place in the table.
    pub in_table: BTreeSet<FuncIdx>,
    /// The data that is kept: address and bytes, ascending, no overlap.
    pub data: Vec<(u32, Vec<u8>)>,
}

/// Follows all uses from `roots`.
pub fn reach(guest: &Guest<'_>, roots: impl IntoIterator<Item = FuncIdx>) -> Reached {
    let mut seen = BTreeSet::new();
    let mut open: Vec<Node> = roots.into_iter().map(Node::Function).collect();
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        match node {
            Node::Function(function) => open.extend(&guest.functions[function as usize].uses),
            Node::Address(function) => open.push(Node::Function(function)),
            Node::Object(object) => open.extend(&guest.objects[object].uses),
        }
    }
    let mut reached =
        Reached { functions: Vec::new(), in_table: BTreeSet::new(), data: Vec::new() };
    let mut ranges = Vec::new();
    for node in seen {
        match node {
            Node::Function(function) => reached.functions.push(function),
            Node::Address(function) => {
                reached.in_table.insert(function);
            }
            Node::Object(object) => ranges.push(guest.objects[object].range.clone()),
        }
    }
    ranges.sort_by_key(|range| range.start);
    for range in ranges {
        keep(guest, range, &mut reached.data);
    }
    reached
}

/// How many zero bytes between two kept objects are cheaper than a new segment.
const GAP_MAX: u32 = 8;

/// Adds the bytes of an object, joined with the last kept one where they touch or nearly do.
fn keep(guest: &Guest<'_>, range: std::ops::Range<u32>, data: &mut Vec<(u32, Vec<u8>)>) {
    let at =
        guest.segments.partition_point(|(base, bytes)| base + bytes.len() as u32 <= range.start);
    let Some((base, bytes)) = guest.segments.get(at).filter(|(base, _)| *base <= range.start)
    else {
        return;
    };
    let end = range.end.min(base + bytes.len() as u32);
    let slice = |from: u32, to: u32| &bytes[(from - base) as usize..(to - base) as usize];
    if let Some((start, kept)) = data.last_mut() {
        let kept_end = *start + kept.len() as u32;
        if *start >= *base && range.start <= kept_end + GAP_MAX {
            if end > kept_end {
                kept.extend_from_slice(slice(kept_end, end));
            }
            return;
        }
    }
    data.push((range.start, slice(range.start, end).to_vec()));
}
