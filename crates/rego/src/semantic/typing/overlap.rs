//! Whether two types have values in common.

use palisade_value::Value;
use palisade_value::types::Type;

/// Whether some value is of both types. Collections that could both be empty are judged by their elements all the
/// same: code that works only for empty ones is a mistake.
pub fn overlap(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Union(members), other) | (other, Type::Union(members)) => {
            members.iter().any(|member| overlap(member, other))
        }
        (Type::Array { prefix: a, rest: ar }, Type::Array { prefix: b, rest: br }) => {
            arrays(a, ar.as_deref(), b, br.as_deref())
        }
        (Type::Object { fixed: a, dynamic: ad }, Type::Object { fixed: b, dynamic: bd }) => {
            objects(a, ad.as_deref(), b, bd.as_deref())
        }
        (Type::Set(a), Type::Set(b)) => overlap(a, b),
        _ => a == b,
    }
}

fn arrays(a: &[Type], a_rest: Option<&Type>, b: &[Type], b_rest: Option<&Type>) -> bool {
    let fits = |at: usize| match (a.get(at).or(a_rest), b.get(at).or(b_rest)) {
        (Some(a), Some(b)) => overlap(a, b),
        _ => false,
    };
    let rests = match (a_rest, b_rest) {
        (Some(a_rest), Some(b_rest)) if a.is_empty() && b.is_empty() => overlap(a_rest, b_rest),
        _ => true,
    };
    rests && (0..a.len().max(b.len())).all(fits)
}

type Pair = (Type, Type);

/// Objects that may have further keys are lenient: which of the named keys are there is known only when they run.
fn objects(
    a: &[(Value, Type)],
    a_dynamic: Option<&Pair>,
    b: &[(Value, Type)],
    b_dynamic: Option<&Pair>,
) -> bool {
    let dynamics = match (a_dynamic, b_dynamic) {
        (Some(a_pair), Some(b_pair)) => overlap(&a_pair.1, &b_pair.1),
        _ => true,
    };
    dynamics && has_all(a, a_dynamic, b, b_dynamic) && has_all(b, b_dynamic, a, a_dynamic)
}

/// Whether an object can have the fixed keys of another.
fn has_all(
    wanted: &[(Value, Type)],
    wanted_dynamic: Option<&Pair>,
    fixed: &[(Value, Type)],
    dynamic: Option<&Pair>,
) -> bool {
    wanted.iter().all(|(key, kind)| {
        let found = fixed.binary_search_by(|(it, _)| it.cmp(key)).ok().and_then(|at| fixed.get(at));
        match (found, dynamic) {
            (Some((_, other)), _) => overlap(kind, other),
            (None, Some((keys, values))) => !overlap(&Type::of(key), keys) || overlap(kind, values),
            (None, None) => wanted_dynamic.is_some(),
        }
    })
}
