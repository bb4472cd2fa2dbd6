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
    Ok(unite(&[args.object(0)?, args.object(1)?]))
}

/// All objects of an array as one, later ones winning.
pub fn object_union_n<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut all = Vec::new();
    for item in args.array(0)? {
        match item.view() {
            View::Object(entries) => all.push(entries),
            _ => return Err(operands::element(args, 0, item, &["object"])),
        }
    }
    Ok(unite(&all))
}

/// Collects all entries and sorts them once, so that many small objects take no quadratic time.
fn unite<V: AnyValue>(objects: &[&[Entry<V>]]) -> V {
    let mut entries: Vec<&Entry<V>> = objects.iter().copied().flatten().collect();
    // Stable, so that entries of one key stay in the order of the objects.
    entries.sort_by(|a, b| order::compare(&a.key, &b.key));
    let groups = entries.chunk_by(|a, b| order::equal(&a.key, &b.key));
    let united = groups.filter_map(|group| {
        Some(Entry { key: group.first()?.key.clone(), value: last_wins(group)? })
    });
    V::object_from_sorted(united.collect())
}

/// What stands under a key in the end: the last value, united with the objects right before it if it is one itself.
fn last_wins<V: AnyValue>(group: &[&Entry<V>]) -> Option<V> {
    if let [only] = group {
        return Some(only.value.clone());
    }
    let mut objects: Vec<&[Entry<V>]> = group
        .iter()
        .rev()
        .map_while(|it| match it.value.view() {
            View::Object(entries) => Some(entries),
            _ => None,
        })
        .collect();
    objects.reverse();
    match objects.is_empty() {
        true => group.last().map(|it| it.value.clone()),
        false => Some(unite(&objects)),
    }
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
