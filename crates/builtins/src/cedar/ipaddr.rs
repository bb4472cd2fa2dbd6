//! Addresses and networks.

use std::net::IpAddr;

use palisade_value::AnyValue;

use super::faults::{Fault, expected, noted, of_extension};
use super::operators::string;
use super::text;
use super::values::{Shape, exactly, integer};
use crate::context::Context;
use crate::failure::Failure;

/// The name of the type.
const TYPE: &str = "ipaddr";

/// The most bytes in the text of an address.
const TEXT_MAX: usize = 43;

/// An address with the length of its prefix.
#[derive(Clone, Copy)]
struct Address {
    /// 32 or 128.
    n_bits: u32,
    bits: u128,
    prefix: u32,
}

/// `ip(text)`
pub fn ip<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [text] = exactly(operands)?;
    noted(context, make(text))
}

pub(super) fn make<V: AnyValue>(text: &V) -> Result<V, Fault> {
    Ok(parse(string(text)?)?.value())
}

/// `address.isIpv4()`
pub fn is_ipv4<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [address] = exactly(operands)?;
    noted(context, test(address, Address::is_v4))
}

/// `address.isIpv6()`
pub fn is_ipv6<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [address] = exactly(operands)?;
    noted(context, test(address, Address::is_v6))
}

/// `address.isLoopback()`
pub fn is_loopback<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [address] = exactly(operands)?;
    noted(context, test(address, Address::is_loopback))
}

/// `address.isMulticast()`
pub fn is_multicast<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [address] = exactly(operands)?;
    noted(context, test(address, Address::is_multicast))
}

/// `address.isInRange(network)`
pub fn is_in_range<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [address, network] = exactly(operands)?;
    noted(context, lies_in(address, network))
}

pub(super) fn lies_in<V: AnyValue>(address: &V, network: &V) -> Result<V, Fault> {
    let (address, network) = (read(address)?, read(network)?);
    let is_inside = network.first() <= address.first() && address.last() <= network.last();
    Ok(V::boolean(address.n_bits == network.n_bits && is_inside))
}

fn test<V: AnyValue>(address: &V, holds: impl Fn(&Address) -> bool) -> Result<V, Fault> {
    read(address).map(|it| V::boolean(holds(&it)))
}

fn read<V: AnyValue>(value: &V) -> Result<Address, Fault> {
    match Shape::of(value) {
        Shape::Extension(it) if it.ty == TYPE => {
            let hex = it.first.as_str().unwrap_or_default();
            Ok(Address {
                n_bits: 4 * hex.len() as u32,
                bits: u128::from_str_radix(hex, 16).unwrap_or(0),
                prefix: integer(it.second).and_then(|it| u32::try_from(it).ok()).unwrap_or(0),
            })
        }
        _ => Err(expected(&[TYPE], value)),
    }
}

impl Address {
    fn is_v4(&self) -> bool {
        self.n_bits == 32
    }

    fn is_v6(&self) -> bool {
        self.n_bits == 128
    }

    fn is_loopback(&self) -> bool {
        match self.n_bits {
            32 => self.bits >> 24 == 127 && self.prefix >= 8,
            _ => self.bits == 1 && self.prefix >= 128,
        }
    }

    fn is_multicast(&self) -> bool {
        match self.n_bits {
            32 => self.bits >> 28 == 0xe && self.prefix >= 4,
            _ => self.bits >> 120 == 0xff && self.prefix >= 8,
        }
    }

    /// The first address of the network.
    fn first(&self) -> u128 {
        self.bits & !self.host()
    }

    /// The last address of the network.
    fn last(&self) -> u128 {
        self.bits | self.host()
    }

    /// The bits behind the prefix.
    fn host(&self) -> u128 {
        let n_host = self.n_bits.saturating_sub(self.prefix);
        1_u128.checked_shl(n_host).unwrap_or(0).wrapping_sub(1)
    }

    fn value<V: AnyValue>(&self) -> V {
        let digit = |at: u32| {
            let digit = (self.bits >> (4 * at)) as u8 & 15;
            char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 })
        };
        let hex: String = (0..self.n_bits / 4).rev().map(digit).collect();
        V::array(vec![V::text(TYPE), V::string(hex), V::integer(self.prefix.into())])
    }
}

fn parse(text: &str) -> Result<Address, Fault> {
    if text.len() > TEXT_MAX {
        let parts =
            ["error parsing IP address from string `", text, "`: string length is too large"];
        return Err(of_extension(TYPE, &parts));
    }
    let has_two = |it: char| text.matches(it).nth(1).is_some();
    if has_two(':') && has_two('.') {
        return Err(of_extension(
            TYPE,
            &[
                "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., ::ffff:127.0.0.1). Found: `",
                text,
                "`",
            ],
        ));
    }
    match text.split_once('/') {
        Some((address, prefix)) => {
            let address = whole(address).ok_or_else(|| {
                let parts = [
                    "error parsing IP address from the string `",
                    address,
                    "`: invalid IP address syntax",
                ];
                of_extension(TYPE, &parts)
            })?;
            Ok(Address { prefix: parse_prefix(prefix, address.n_bits)?, ..address })
        }
        None => whole(text).ok_or_else(|| of_extension(TYPE, &["invalid IP address: ", text])),
    }
}

/// An address without a prefix, which is a network of one.
fn whole(text: &str) -> Option<Address> {
    Some(match text.parse().ok()? {
        IpAddr::V4(it) => Address { n_bits: 32, bits: it.to_bits().into(), prefix: 32 },
        IpAddr::V6(it) => Address { n_bits: 128, bits: it.to_bits(), prefix: 128 },
    })
}

fn parse_prefix(text: &str, max: u32) -> Result<u32, Fault> {
    let is_digits = text.bytes().all(|it| it.is_ascii_digit());
    let is_short = text.len() <= if max == 32 { 2 } else { 3 };
    let is_plain = text == "0" || !text.starts_with('0');
    match text.parse() {
        Ok(prefix) if is_digits && is_short && is_plain && prefix <= max => Ok(prefix),
        _ => Err(bad_prefix(text, max, is_short, is_digits)),
    }
}

#[cold]
#[inline(never)]
fn bad_prefix(text: &str, max: u32, is_short: bool, is_digits: bool) -> Fault {
    let length = text::number_text(text.len() as i64);
    let limit = text::number_text(max.into());
    let fault = |parts: &[&str]| of_extension(TYPE, parts);
    let parsing = "error parsing prefix from the string `";
    if !is_short {
        fault(&["error parsing prefix: string length ", &length, " is too large"])
    } else if !is_digits {
        fault(&["error parsing prefix `", text, "`: encountered non-digit"])
    } else if text.starts_with('0') && text != "0" {
        fault(&["error parsing prefix `", text, "`: leading zero(s)"])
    } else if text.is_empty() {
        fault(&[parsing, text, "`: cannot parse integer from empty string"])
    } else if text.parse::<u8>().is_err() {
        fault(&[parsing, text, "`: number too large to fit in target type"])
    } else {
        fault(&["error parsing prefix: ", text, " is larger than the limit ", &limit])
    }
}

/// The tests of one address by their names.
pub(super) fn test_by_name<V: AnyValue>(name: &str, address: &V) -> Option<Result<V, Fault>> {
    Some(match name {
        "isIpv4" => test(address, Address::is_v4),
        "isIpv6" => test(address, Address::is_v6),
        "isLoopback" => test(address, Address::is_loopback),
        "isMulticast" => test(address, Address::is_multicast),
        _ => return None,
    })
}
