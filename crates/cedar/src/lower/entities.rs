//! Entities that are known at build time.

use cedar_policy_core::ast::{self, PartialValue};
use palisade_value::Value;

use super::{uid, value};
use crate::checked::{Entity, Uid};

/// The checked form of entities, by name; or the name of one that has none.
pub(crate) fn lower(entities: &cedar_policy::Entities) -> Result<Vec<Entity>, Uid> {
    let of = |it: &cedar_policy::Entity| {
        let it: &ast::Entity = it.as_ref();
        entity(it).ok_or_else(|| uid(it.uid()))
    };
    let mut entities: Vec<Entity> = entities.iter().map(of).collect::<Result<_, _>>()?;
    entities.sort_by(|a, b| a.uid.cmp(&b.uid));
    Ok(entities)
}

fn entity(entity: &ast::Entity) -> Option<Entity> {
    let mut parents: Vec<Uid> = entity.parents().map(uid).collect();
    parents.sort();
    Some(Entity {
        uid: uid(entity.uid()),
        attrs: record(entity.attrs())?,
        tags: record(entity.tags())?,
        parents,
    })
}

fn record<'a, K: AsRef<str> + 'a>(
    members: impl Iterator<Item = (&'a K, &'a PartialValue)>,
) -> Option<Value> {
    let member = |(name, member): (&'a K, &PartialValue)| match member {
        PartialValue::Value(it) => Some((name, value::lower(it)?)),
        // Only partial evaluation has these.
        PartialValue::Residual(_) => None,
    };
    Some(Value::object_of(members.map(member).collect::<Option<Vec<_>>>()?))
}
