//! `object.*`

use palisade_value::{AnyValue, Entry, View, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::{self, Operands};

/// The value under a key, or at the end of an array of keys, or else the default.
pub fn object_get<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    args.object(0)?;
    let (object, path, default) = (args.value(0)?, args.value(1)?, args.value(2)?);
    let found = match path.view() {
        View::Array(keys) => keys.iter().try_fold(object.clone(), |at, key| at.get(key)),
        _ => object.get(path),
    };
    Ok(found.unwrap_or_else(|| default.clone()))
}

/// The keys as a set.
pub fn object_keys<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::set_from_sorted(args.object(0)?.iter().map(|it| it.key.clone()).collect()))
}

/// The entries whose keys aren't listed.
pub fn object_remove<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    select(args, false)
}

/// The entries whose keys are listed.
pub fn object_filter<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    select(args, true)
}

fn select<V: AnyValue>(args: &[V], listed: bool) -> Result<V, Failure> {
    let entries = args.object(0)?;
    let keys = match args.value(1)?.view() {
        View::Array(keys) => V::set(keys.to_vec()),
        View::Set(_) => args.value(1)?.clone(),
        View::Object(entries) => {
            V::set_from_sorted(entries.iter().map(|it| it.key.clone()).collect())
        }
        _ => return Err(args.unlike(1, &["object", "set", "array"])),
    };
    let kept = entries.iter().filter(|it| keys.get(&it.key).is_some() == listed);
    Ok(V::object_from_sorted(kept.cloned().collect()))
}

/// Both objects as one; objects under the same key are united, of anything else the second wins.
pub fn object_union<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(unite(args.object(0)?, args.object(1)?))
}

/// All objects of an array as one, later ones winning.
pub fn object_union_n<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut all = V::object_from_sorted(Vec::new());
    for item in args.array(0)? {
        match (all.view(), item.view()) {
            (View::Object(a), View::Object(b)) => all = unite(a, b),
            _ => return Err(operands::element(args, 0, item, &["object"])),
        }
    }
    Ok(all)
}

fn unite<V: AnyValue>(mut a: &[Entry<V>], mut b: &[Entry<V>]) -> V {
    let mut all = Vec::with_capacity(a.len() + b.len());
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        let side = order::compare(&x.key, &y.key);
        if side.is_lt() {
            all.push(x.clone());
        } else if side.is_gt() {
            all.push(y.clone());
        } else {
            let value = match (x.value.view(), y.value.view()) {
                (View::Object(x), View::Object(y)) => unite(x, y),
                _ => y.value.clone(),
            };
            all.push(Entry { key: x.key.clone(), value });
        }
        if side.is_le() {
            a = rest_a;
        }
        if side.is_ge() {
            b = rest_b;
        }
    }
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    V::object_from_sorted(all)
}

/// Whether the second collection is contained in the first.
pub fn object_subset<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (outer, inner) = (args.value(0)?, args.value(1)?);
    let holds = match (outer.view(), inner.view()) {
        (View::Array(items), View::Set(members)) => has_members(items, members),
        (View::Object(_), View::Object(_))
        | (View::Array(_), View::Array(_))
        | (View::Set(_), View::Set(_)) => contains(outer, inner),
        _ => {
            let text = "both arguments object.subset must be of the same type or array and set";
            return Err(Failure::Type(text.into()));
        }
    };
    Ok(V::boolean(holds))
}

/// Objects contain objects entry by entry, arrays contain arrays as a run of elements, sets contain sets.
fn contains<V: AnyValue>(outer: &V, inner: &V) -> bool {
    match (outer.view(), inner.view()) {
        (View::Object(_), View::Object(entries)) => entries
            .iter()
            .all(|it| outer.get(&it.key).is_some_and(|found| contains(&found, &it.value))),
        (View::Set(_), View::Set(members)) => members.iter().all(|it| outer.get(it).is_some()),
        (View::Array(items), View::Array(run)) => {
            let same = |window: &[V]| window.iter().zip(run).all(|(a, b)| order::equal(a, b));
            run.is_empty() || items.windows(run.len()).any(same)
        }
        _ => order::equal(outer, inner),
    }
}

/// OPA's rule for an array and a set, kept as it is: every time the array names a member counts, so that an array that
/// names one member twice contains a set of two. Nothing contains the empty set unless the array has elements.
fn has_members<V: AnyValue>(items: &[V], members: &[V]) -> bool {
    let n_found = items
        .iter()
        .filter(|it| members.binary_search_by(|m| order::compare(m, it)).is_ok())
        .count();
    !items.is_empty() && n_found >= members.len()
}
