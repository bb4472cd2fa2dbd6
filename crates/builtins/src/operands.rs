//! Reading the operands of a call as what the function takes.

use std::borrow::Cow;

use num_bigint::BigInt;
use palisade_value::{AnyValue, Entry, Num, View};

use crate::failure::{Failure, Problem};

/// The operands of a call, addressed from 0. A missing operand reads as one of the wrong type, never as a panic.
pub trait Operands<V: AnyValue> {
    /// The operand itself.
    fn value(&self, at: usize) -> Result<&V, Failure>;

    /// A failure because the operand is none of these types.
    fn unlike(&self, at: usize, expected: &'static [&'static str]) -> Failure;

    /// A string.
    fn string(&self, at: usize) -> Result<&str, Failure>;

    /// A number.
    fn number(&self, at: usize) -> Result<Num<'_>, Failure>;

    /// A number that is written as a 64-bit integer; `1.0` isn't, as in OPA.
    fn integer(&self, at: usize) -> Result<i64, Failure>;

    /// An integer of any size and spelling.
    fn big_integer(&self, at: usize) -> Result<BigInt, Failure>;

    /// The elements of an array.
    fn array(&self, at: usize) -> Result<&[V], Failure>;

    /// The members of a set.
    fn set(&self, at: usize) -> Result<&[V], Failure>;

    /// The entries of an object.
    fn object(&self, at: usize) -> Result<&[Entry<V>], Failure>;

    /// The elements of an array or the members of a set.
    fn items(&self, at: usize) -> Result<&[V], Failure>;
}

impl<V: AnyValue> Operands<V> for [V] {
    fn value(&self, at: usize) -> Result<&V, Failure> {
        self.get(at).ok_or(Failure::error("too few operands"))
    }

    fn unlike(&self, at: usize, expected: &'static [&'static str]) -> Failure {
        match self.value(at) {
            Ok(value) => Failure::Operand(at + 1, Problem::Kind { expected, found: value.kind() }),
            Err(missing) => missing,
        }
    }

    fn string(&self, at: usize) -> Result<&str, Failure> {
        match self.value(at)?.view() {
            View::String(it) => Ok(it),
            _ => Err(self.unlike(at, &["string"])),
        }
    }

    fn number(&self, at: usize) -> Result<Num<'_>, Failure> {
        match self.value(at)?.view() {
            View::Number(it) => Ok(it),
            _ => Err(self.unlike(at, &["number"])),
        }
    }

    fn integer(&self, at: usize) -> Result<i64, Failure> {
        self.number(at)?.plain_int().ok_or_else(|| not_an_integer(at))
    }

    fn big_integer(&self, at: usize) -> Result<BigInt, Failure> {
        match self.value(at)?.view() {
            View::Number(it) => it.to_big_int().ok_or_else(|| not_an_integer(at)),
            _ => Err(self.unlike(at, &["integer"])),
        }
    }

    fn array(&self, at: usize) -> Result<&[V], Failure> {
        match self.value(at)?.view() {
            View::Array(it) => Ok(it),
            _ => Err(self.unlike(at, &["array"])),
        }
    }

    fn set(&self, at: usize) -> Result<&[V], Failure> {
        match self.value(at)?.view() {
            View::Set(it) => Ok(it),
            _ => Err(self.unlike(at, &["set"])),
        }
    }

    fn object(&self, at: usize) -> Result<&[Entry<V>], Failure> {
        match self.value(at)?.view() {
            View::Object(it) => Ok(it),
            _ => Err(self.unlike(at, &["object"])),
        }
    }

    fn items(&self, at: usize) -> Result<&[V], Failure> {
        match self.value(at)?.view() {
            View::Array(it) | View::Set(it) => Ok(it),
            _ => Err(self.unlike(at, &["set", "array"])),
        }
    }
}

/// As many as an operand says, none if it is negative. More than can be is as good as all there are: where `usize` has 32
/// bits, a larger number must not be a failure that it isn't elsewhere.
pub fn count(n: i64) -> usize {
    usize::try_from(n.max(0)).unwrap_or(usize::MAX)
}

fn not_an_integer(at: usize) -> Failure {
    operand(at, "must be integer number but got floating-point number")
}

/// A failure of operand `at` (counted from 0) in a fixed text.
pub fn operand(at: usize, text: &'static str) -> Failure {
    Failure::Operand(at + 1, Problem::Other(Cow::Borrowed(text)))
}

/// A failure because `element` doesn't belong into the collection that is operand `at` (counted from 0).
pub fn element<V: AnyValue>(
    args: &[V],
    at: usize,
    element: &V,
    expected: &'static [&'static str],
) -> Failure {
    match args.value(at) {
        Ok(it) => Failure::Operand(
            at + 1,
            Problem::Element { composite: it.kind(), expected, found: element.kind() },
        ),
        Err(missing) => missing,
    }
}

/// The strings in the array or set that is operand `at`.
pub fn strings<V: AnyValue>(args: &[V], at: usize) -> Result<Vec<&str>, Failure> {
    let Ok(items) = args.items(at) else { return Err(args.unlike(at, &["array", "set"])) };
    items.iter().map(|it| it.as_str().ok_or_else(|| element(args, at, it, &["string"]))).collect()
}
