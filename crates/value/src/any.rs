//! What every representation of a value can do.

use crate::number::{Num, OwnedNum};
use crate::order;

/// One key and its value in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Entry<V> {
    /// The key: any value, strings in JSON documents.
    pub key: V,
    /// The value under the key.
    pub value: V,
}

/// The kinds of values, in the order in which Rego sorts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number of any size.
    Number,
    /// A UTF-8 string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A set.
    Set,
}

impl Kind {
    /// The name that `type_name` gives.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
            Kind::Set => "set",
        }
    }
}

/// A borrowed look into a value, one level deep.
#[derive(Debug)]
pub enum View<'a, V> {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(Num<'a>),
    /// A string.
    String(&'a str),
    /// The elements in order.
    Array(&'a [V]),
    /// The entries, sorted by key, no key twice.
    Object(&'a [Entry<V>]),
    /// The members, sorted, none twice.
    Set(&'a [V]),
}

/// A Rego value in some representation. See the crate's documentation.
pub trait AnyValue: Clone + Sized {
    /// Looks into the value.
    fn view(&self) -> View<'_, Self>;
    /// `null`
    fn null() -> Self;
    /// A boolean.
    fn boolean(it: bool) -> Self;
    /// A number that fits 64 bits.
    fn integer(it: i64) -> Self;
    /// A number from decimal text in JSON's syntax. The text is kept as it is when it isn't a 64-bit integer.
    fn decimal(text: &str) -> Self;
    /// A string.
    fn string(it: String) -> Self;
    /// An array of these elements.
    fn array(items: Vec<Self>) -> Self;
    /// A set of members that are already sorted and distinct.
    fn set_from_sorted(members: Vec<Self>) -> Self;
    /// An object of entries that are already sorted by key and distinct.
    fn object_from_sorted(entries: Vec<Entry<Self>>) -> Self;

    /// A string, copied.
    fn text(it: &str) -> Self {
        Self::string(it.to_owned())
    }

    /// A number from its parts.
    fn number(it: OwnedNum) -> Self {
        match it {
            OwnedNum::Int(it) => Self::integer(it),
            OwnedNum::Decimal(text) => Self::decimal(&text),
        }
    }

    /// A set of any members: sorts them and drops duplicates.
    fn set(mut members: Vec<Self>) -> Self {
        members.sort_by(order::compare);
        members.dedup_by(|a, b| order::equal(a, b));
        Self::set_from_sorted(members)
    }

    /// An object of any entries: sorts them; of equal keys the last one wins.
    fn object(mut entries: Vec<Entry<Self>>) -> Self {
        // Stable, so that among equal keys the later entry stays behind the earlier one.
        entries.sort_by(|a, b| order::compare(&a.key, &b.key));
        entries.reverse();
        entries.dedup_by(|a, b| order::equal(&a.key, &b.key));
        entries.reverse();
        Self::object_from_sorted(entries)
    }

    /// The value's kind.
    fn kind(&self) -> Kind {
        match self.view() {
            View::Null => Kind::Null,
            View::Boolean(_) => Kind::Boolean,
            View::Number(_) => Kind::Number,
            View::String(_) => Kind::String,
            View::Array(_) => Kind::Array,
            View::Object(_) => Kind::Object,
            View::Set(_) => Kind::Set,
        }
    }

    /// The string, if it is one.
    fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::String(it) => Some(it),
            _ => None,
        }
    }

    /// Whether this is `false`, the one defined value that fails an expression.
    fn is_false(&self) -> bool {
        matches!(self.view(), View::Boolean(false))
    }

    /// What stands under `key`: an object's value, an array's element, a set's member itself.
    /// `None` where there is none or the value is no collection. As in OPA, a number that is written with a fraction or
    /// an exponent is no position in an array, also where it is whole: `xs[1.0]`.
    fn get(&self, key: &Self) -> Option<Self> {
        match self.view() {
            View::Array(items) => match key.view() {
                View::Number(Num::Int(at)) => {
                    usize::try_from(at).ok().and_then(|at| items.get(at)).cloned()
                }
                _ => None,
            },
            View::Object(entries) => entries
                .binary_search_by(|entry| order::compare(&entry.key, key))
                .ok()
                .map(|at| entries[at].value.clone()),
            View::Set(members) => members
                .binary_search_by(|it| order::compare(it, key))
                .ok()
                .map(|at| members[at].clone()),
            _ => None,
        }
    }

    /// The value under a string key of an object.
    fn get_str(&self, key: &str) -> Option<Self> {
        match self.view() {
            View::Object(entries) => entries
                .binary_search_by(|entry| order::compare_to_str(&entry.key, key))
                .ok()
                .map(|at| entries[at].value.clone()),
            _ => None,
        }
    }
}
