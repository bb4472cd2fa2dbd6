//! `net.cidr_*`

use palisade_value::{AnyValue, Entry, View};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::limits::ITEMS_MAX;
use crate::operands::Operands;

mod cidr;
mod merge;

use cidr::{Address, Network};

/// Whether a network contains an address or all of another network.
pub fn net_cidr_contains<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (outer, inner) = (args.string(0)?, args.string(1)?);
    contains(outer, inner).map(V::boolean)
}

/// The old name of `net.cidr_contains`.
pub fn net_cidr_overlap<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    net_cidr_contains(ctx, args)
}

fn contains(outer: &str, inner: &str) -> Result<bool, Failure> {
    let outer = network(outer)?;
    if let Some(address) = Address::parse(inner) {
        return Ok(outer.contains(address));
    }
    let not_valid = || {
        Failure::Error(
            ["not a valid textual representation of an IP address or CIDR: ", inner]
                .concat()
                .into(),
        )
    };
    let inner = Network::parse(inner).ok_or_else(not_valid)?;
    Ok(outer.contains(inner.first()) && outer.contains(inner.last()))
}

fn network(text: &str) -> Result<Network, Failure> {
    Network::parse(text)
        .ok_or_else(|| Failure::Error(["invalid CIDR address: ", text].concat().into()))
}

/// Whether two networks have an address in common.
pub fn net_cidr_intersects<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (a, b) = (network(args.string(0)?)?, network(args.string(1)?)?);
    Ok(V::boolean(a.contains(b.first()) || b.contains(a.first())))
}

/// Whether it is a network in CIDR notation.
pub fn net_cidr_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| Network::parse(it).is_some())))
}

/// All addresses of a network.
pub fn net_cidr_expand<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let network = network(args.string(0)?)?;
    if network.n_addresses().is_none_or(|it| it > ITEMS_MAX as u128) {
        return Err(Failure::too_large());
    }
    Ok(V::set(network.addresses().map(|it| V::string(it.to_string())).collect()))
}

/// Pairs of indexes or keys: which networks of the first collection contain which addresses or networks of the second.
pub fn net_cidr_contains_matches<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (outers, inners) = (indexed(args, 0)?, indexed(args, 1)?);
    let mut pairs = Vec::new();
    for (outer, outer_index) in &outers {
        for (inner, inner_index) in &inners {
            if contains(text(outer)?, text(inner)?)? {
                pairs.push(V::array(vec![outer_index.clone(), inner_index.clone()]));
            }
        }
    }
    Ok(V::set(pairs))
}

fn text<V: AnyValue>(it: &V) -> Result<&str, Failure> {
    it.as_str()
        .ok_or(Failure::Operand(1, Problem::Kind { expected: &["string"], found: it.kind() }))
}

/// The networks of an operand with what they are known by: themselves, an index, a key, a set's member.
fn indexed<V: AnyValue>(args: &[V], at: usize) -> Result<Vec<(V, V)>, Failure> {
    let operand = args.value(at)?;
    let first = |it: &V| match it.view() {
        View::String(_) => Ok(it.clone()),
        View::Array([first, ..]) => Ok(first.clone()),
        _ => {
            let which = if at == 0 { "operand 1" } else { "operand 2" };
            Err(Failure::Error(
                [which, ": element must be string or non-empty array"].concat().into(),
            ))
        }
    };
    match operand.view() {
        View::String(_) => Ok(vec![(operand.clone(), operand.clone())]),
        View::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, it)| Ok((first(it)?, V::integer(at as i64))))
            .collect(),
        View::Set(members) => members.iter().map(|it| Ok((first(it)?, it.clone()))).collect(),
        View::Object(entries) => {
            entries.iter().map(|Entry { key, value }| Ok((first(value)?, key.clone()))).collect()
        }
        _ => Ok(Vec::new()),
    }
}

/// The smallest set of networks with the same addresses. A bare IPv4 address counts as its class's network.
pub fn net_cidr_merge<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let Ok(items) = args.items(0) else { return Err(Failure::error("operand must be an array")) };
    let mut networks = Vec::with_capacity(items.len());
    for item in items {
        let text = item.as_str().ok_or(Failure::error("element must be string"))?;
        networks.push(match Address::parse(text) {
            Some(address) => Network::of_class(address)
                .ok_or(Failure::error("IPv6 invalid: needs prefix length"))?,
            None => network(text)?,
        });
    }
    Ok(V::set(merge::merge(networks).into_iter().map(|it| V::string(it.to_string())).collect()))
}
