//! Schemas.

use std::collections::BTreeMap;

use cedar_policy_core::ast::EntityType as TypeName;
use cedar_policy_core::validator::types::{
    AttributeType, Attributes, EntityKind, Type as Official,
};
use cedar_policy_core::validator::{ValidatorEntityTypeKind, ValidatorSchema};

use super::uid;
use crate::checked::{Action, Attribute, EntityType, Extension, Schema, Type};
use crate::limits::{NESTING_MAX, TYPES_MAX};

/// The checked form of a schema, unless it is larger than [`TYPES_MAX`].
pub(crate) fn lower(schema: &ValidatorSchema) -> Option<Schema> {
    let mut lowering = Lowering { n_left: TYPES_MAX };
    let mut ancestors = ancestors(schema);
    let mut entities = BTreeMap::new();
    for ty in schema.entity_types() {
        let name = ty.name().to_string();
        let names = match &ty.kind {
            ValidatorEntityTypeKind::Enum(names) => {
                Some(names.iter().map(|it| AsRef::<str>::as_ref(it).to_owned()).collect())
            }
            _ => None,
        };
        let entity = EntityType {
            attrs: lowering.attributes(ty.attributes(), 1)?,
            tags: ty
                .tag_type()
                .map(|it| lowering.ty(it, 1))
                .map_or(Some(None), |it| it.map(Some))?,
            ancestors: ancestors.remove(&name).unwrap_or_default(),
            names,
        };
        entities.insert(name, entity);
    }
    let mut actions = BTreeMap::new();
    for action in schema.action_ids() {
        let context = match action.context() {
            Some(Official::Record { attrs, .. }) => lowering.attributes(attrs, 1)?,
            _ => BTreeMap::new(),
        };
        let principals = sorted(action.principals());
        let resources = sorted(action.resources());
        actions.insert(uid(action.name()), Action { principals, resources, context });
    }
    Some(Schema { entities, actions })
}

/// What each type may lie in: the schema says it the other way round.
fn ancestors(schema: &ValidatorSchema) -> BTreeMap<String, Vec<String>> {
    let mut ancestors = BTreeMap::<String, Vec<String>>::new();
    for ty in schema.entity_types() {
        for descendant in sorted(ty.descendants.iter()) {
            ancestors.entry(descendant).or_default().push(ty.name().to_string());
        }
    }
    for names in ancestors.values_mut() {
        names.sort();
    }
    ancestors
}

fn sorted<'a>(names: impl Iterator<Item = &'a TypeName>) -> Vec<String> {
    let mut names: Vec<String> = names.map(TypeName::to_string).collect();
    names.sort();
    names.dedup();
    names
}

struct Lowering {
    /// How many types there may still be.
    n_left: u32,
}

impl Lowering {
    fn attributes(
        &mut self,
        attributes: &Attributes,
        level: u32,
    ) -> Option<BTreeMap<String, Attribute>> {
        let mut attribute = |name: &str, it: &AttributeType| {
            let ty = self.ty(&it.attr_type, level)?;
            Some((name.to_owned(), Attribute { ty, is_required: it.is_required }))
        };
        attributes.iter().map(|(name, it)| attribute(name, it)).collect()
    }

    fn ty(&mut self, ty: &Official, level: u32) -> Option<Type> {
        self.n_left = self.n_left.checked_sub(1)?;
        if level > NESTING_MAX {
            return None;
        }
        Some(match ty {
            Official::Bool(_) => Type::Bool,
            Official::Long => Type::Long,
            Official::String => Type::String,
            Official::Entity(EntityKind::Entity(kinds)) => {
                Type::Entity(kinds.get_single_entity()?.to_string())
            }
            Official::Set { element_type } => {
                Type::Set(Box::new(self.ty(element_type.as_ref()?, level + 1)?))
            }
            Official::Record { attrs, .. } => Type::Record(self.attributes(attrs, level + 1)?),
            Official::ExtensionType { name } => Type::Extension(extension(&name.to_string())?),
            // Types that only expressions have.
            Official::Never | Official::Entity(EntityKind::AnyEntity) => return None,
        })
    }
}

fn extension(name: &str) -> Option<Extension> {
    match name {
        "ipaddr" => Some(Extension::IpAddr),
        "decimal" => Some(Extension::Decimal),
        "datetime" => Some(Extension::Datetime),
        "duration" => Some(Extension::Duration),
        _ => None,
    }
}
