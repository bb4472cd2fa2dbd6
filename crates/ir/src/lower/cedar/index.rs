//! The index of scopes: which policies a request can be about.
//!
//! Each policy is filed under one key of its scope: a principal, an action or a resource that it names, or a type. Of
//! several it is the rarest, so that a group that everybody is in does not gather all policies. What is found is
//! compared with the whole scope, so the index decides nothing by itself.

use std::collections::BTreeMap;

use palisade_cedar::checked::{ActionScope, Policy, Scope, Uid};
use palisade_value::{AnyValue, Entry, Value};

use super::constants::entity;

/// Where a policy can be filed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Principal(Uid),
    Action(Uid),
    Resource(Uid),
    PrincipalType(String),
    ResourceType(String),
}

/// The index of all policies, as `cedar.candidates` reads it.
pub(super) fn index(policies: &[Policy]) -> Value {
    let mut n_uses: BTreeMap<Key, usize> = BTreeMap::new();
    for key in policies.iter().flat_map(places).flatten() {
        *n_uses.entry(key).or_default() += 1;
    }
    let mut filed: BTreeMap<Key, Vec<Value>> = BTreeMap::new();
    let mut always = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        let number = Value::integer(number as i64);
        let uses = |keys: &Vec<Key>| -> usize { keys.iter().map(|key| n_uses[key]).sum() };
        match places(policy).into_iter().min_by_key(uses) {
            Some(keys) => {
                for key in keys {
                    filed.entry(key).or_default().push(number.clone());
                }
            }
            None => always.push(number),
        }
    }
    let pick = |choose: fn(&Key) -> Option<Value>| {
        let entries = filed.iter().filter_map(|(key, numbers)| {
            Some(Entry { key: choose(key)?, value: Value::array(numbers.clone()) })
        });
        Value::object(entries.collect())
    };
    let principal = pick(|key| if let Key::Principal(it) = key { Some(entity(it)) } else { None });
    let action = pick(|key| if let Key::Action(it) = key { Some(entity(it)) } else { None });
    let resource = pick(|key| if let Key::Resource(it) = key { Some(entity(it)) } else { None });
    let of_principal =
        pick(|key| if let Key::PrincipalType(it) = key { Some(Value::text(it)) } else { None });
    let of_resource =
        pick(|key| if let Key::ResourceType(it) = key { Some(Value::text(it)) } else { None });
    let keys = [("principal", principal), ("action", action), ("resource", resource)];
    let types = [("principal", of_principal), ("resource", of_resource)];
    Value::object_of([
        ("keys", Value::object_of(keys)),
        ("types", Value::object_of(types)),
        ("always", Value::array(always)),
        ("scopes", Value::array(policies.iter().map(scopes).collect())),
    ])
}

/// The places where a policy can be filed, each some keys that are all needed.
fn places(policy: &Policy) -> Vec<Vec<Key>> {
    let mut places = Vec::new();
    match &policy.action {
        ActionScope::Any => {}
        ActionScope::Eq(uid) => places.push(vec![Key::Action(uid.clone())]),
        ActionScope::In(uids) => places.push(uids.iter().cloned().map(Key::Action).collect()),
    }
    places.extend(place(&policy.principal, Key::Principal, Key::PrincipalType).map(|it| vec![it]));
    places.extend(place(&policy.resource, Key::Resource, Key::ResourceType).map(|it| vec![it]));
    places
}

fn place(scope: &Scope, of: fn(Uid) -> Key, of_type: fn(String) -> Key) -> Option<Key> {
    match scope {
        Scope::Any => None,
        Scope::Eq(uid) | Scope::In(uid) | Scope::IsIn(_, uid) => Some(of(uid.clone())),
        Scope::Is(ty) => Some(of_type(ty.clone())),
    }
}

fn scopes(policy: &Policy) -> Value {
    Value::array(vec![scope(&policy.principal), action(&policy.action), scope(&policy.resource)])
}

fn scope(scope: &Scope) -> Value {
    match scope {
        Scope::Any => Value::null(),
        Scope::Eq(uid) => Value::array(vec![Value::text("=="), entity(uid)]),
        Scope::In(uid) => Value::array(vec![Value::text("in"), entity(uid)]),
        Scope::Is(ty) => Value::array(vec![Value::text("is"), Value::text(ty)]),
        Scope::IsIn(ty, uid) => {
            Value::array(vec![Value::text("is in"), Value::text(ty), entity(uid)])
        }
    }
}

fn action(scope: &ActionScope) -> Value {
    match scope {
        ActionScope::Any => Value::null(),
        ActionScope::Eq(uid) => Value::array(vec![Value::text("=="), entity(uid)]),
        ActionScope::In(uids) => {
            let uids = Value::array(uids.iter().map(entity).collect());
            Value::array(vec![Value::text("in"), uids])
        }
    }
}
