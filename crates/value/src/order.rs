//! Rego's total order: `null < boolean < number < string < array < object < set`, then by content.
//!
//! Numbers compare by their exact value (`1 == 1.0`), strings by their bytes, arrays and sets element by element and
//! then by length, objects entry by entry (key, then value) and then by length.

use std::cmp::Ordering;

use crate::any::{AnyValue, Entry, Kind, View};

/// Compares two values in Rego's order.
pub fn compare<V: AnyValue>(a: &V, b: &V) -> Ordering {
    match (a.view(), b.view()) {
        (View::Null, View::Null) => Ordering::Equal,
        (View::Boolean(a), View::Boolean(b)) => a.cmp(&b),
        (View::Number(a), View::Number(b)) => a.compare(&b),
        (View::String(a), View::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (View::Array(a), View::Array(b)) | (View::Set(a), View::Set(b)) => compare_all(a, b),
        (View::Object(a), View::Object(b)) => compare_entries(a, b),
        _ => a.kind().cmp(&b.kind()),
    }
}

/// Whether two values are the same value.
pub fn equal<V: AnyValue>(a: &V, b: &V) -> bool {
    match (a.view(), b.view()) {
        (View::Array(a), View::Array(b)) | (View::Set(a), View::Set(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (View::Object(a), View::Object(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| equal(&a.key, &b.key) && equal(&a.value, &b.value))
        }
        (View::String(a), View::String(b)) => a == b,
        _ => compare(a, b) == Ordering::Equal,
    }
}

/// Compares a value with a string without making a value of the string.
pub fn compare_to_str<V: AnyValue>(a: &V, b: &str) -> Ordering {
    match a.view() {
        View::String(a) => a.as_bytes().cmp(b.as_bytes()),
        _ => a.kind().cmp(&Kind::String),
    }
}

fn compare_all<V: AnyValue>(a: &[V], b: &[V]) -> Ordering {
    a.iter()
        .zip(b)
        .map(|(a, b)| compare(a, b))
        .find(|it| it.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn compare_entries<V: AnyValue>(a: &[Entry<V>], b: &[Entry<V>]) -> Ordering {
    a.iter()
        .zip(b)
        .map(|(a, b)| compare(&a.key, &b.key).then_with(|| compare(&a.value, &b.value)))
        .find(|it| it.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}
