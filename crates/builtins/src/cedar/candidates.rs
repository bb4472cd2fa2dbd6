//! Which policies a request may satisfy: those whose scope it is in.

use std::cell::OnceCell;

use palisade_value::{AnyValue, Entry, View, order};

use super::store::{Ancestors, Store};
use super::values::{entries, entry, exactly, field, integer, items, uid};
use crate::context::Context;
use crate::failure::Failure;

/// The numbers of the policies whose scope holds, sorted. The index says which are worth a look.
pub fn candidates<V: AnyValue>(_: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [index, principal, action, resource, store] = exactly(operands)?;
    let store = Store::of(store);
    let index = entries(index);
    let request = Request {
        principal: Part::new(principal, &store),
        action: Part::new(action, &store),
        resource: Part::new(resource, &store),
    };
    let mut numbers = request.filed(index);
    numbers.sort_unstable();
    numbers.dedup();
    let scopes = field(index, "scopes").map_or(&[][..], items);
    numbers.retain(|number| {
        usize::try_from(*number)
            .ok()
            .and_then(|it| scopes.get(it))
            .is_some_and(|scope| request.satisfies(scope))
    });
    Ok(V::array(numbers.into_iter().map(V::integer).collect()))
}

struct Request<'a, V> {
    principal: Part<'a, V>,
    action: Part<'a, V>,
    resource: Part<'a, V>,
}

/// An entity of the request. What it lies in is looked up when it is first asked for.
struct Part<'a, V> {
    uid: &'a V,
    store: &'a Store<'a, V>,
    ancestors: OnceCell<Ancestors<'a, V>>,
}

impl<V: AnyValue> Request<'_, V> {
    /// The policies that are filed under something of the request.
    fn filed(&self, index: &[Entry<V>]) -> Vec<i64> {
        let mut numbers = Vec::new();
        let keys = field(index, "keys").map_or(&[][..], entries);
        let types = field(index, "types").map_or(&[][..], entries);
        let parts = [
            ("principal", &self.principal),
            ("action", &self.action),
            ("resource", &self.resource),
        ];
        for (name, part) in parts {
            if let Some(keys) = field(keys, name) {
                part.filed(entries(keys), &mut numbers);
            }
            let ty = uid(part.uid).map_or("", |it| it.ty);
            add(field(types, name).and_then(|it| field(entries(it), ty)), &mut numbers);
        }
        add(field(index, "always"), &mut numbers);
        numbers
    }

    fn satisfies(&self, scope: &V) -> bool {
        match items(scope) {
            [principal, action, resource] => {
                self.principal.satisfies(principal)
                    && self.action.satisfies(action)
                    && self.resource.satisfies(resource)
            }
            _ => false,
        }
    }
}

impl<'a, V: AnyValue> Part<'a, V> {
    fn new(uid: &'a V, store: &'a Store<'a, V>) -> Part<'a, V> {
        Part { uid, store, ancestors: OnceCell::new() }
    }

    fn ancestors(&self) -> &Ancestors<'a, V> {
        self.ancestors.get_or_init(|| self.store.ancestors(self.uid))
    }

    /// The policies that are filed under the entity, or under something that it lies in.
    fn filed(&self, keys: &[Entry<V>], numbers: &mut Vec<i64>) {
        if keys.is_empty() {
            return;
        }
        add(entry(keys, self.uid), numbers);
        let ancestors = self.ancestors();
        if ancestors.len() <= keys.len() {
            ancestors.each(|it| add(entry(keys, it), numbers));
        } else {
            let is_above = |it: &&Entry<V>| ancestors.has(&it.key);
            keys.iter().filter(is_above).for_each(|it| add(Some(&it.value), numbers));
        }
    }

    /// Whether a part of a scope holds.
    fn satisfies(&self, scope: &V) -> bool {
        let is_type = |ty: &V| uid(self.uid).map(|it| it.ty) == ty.as_str();
        let [operator, operands @ ..] = items(scope) else {
            return matches!(scope.view(), View::Null);
        };
        match (operator.as_str(), operands) {
            (Some("=="), [other]) => order::equal(self.uid, other),
            (Some("in"), [other]) => match uid(other) {
                Some(_) => self.lies_in(other),
                None => items(other).iter().any(|it| self.lies_in(it)),
            },
            (Some("is"), [ty]) => is_type(ty),
            (Some("is in"), [ty, other]) => is_type(ty) && self.lies_in(other),
            _ => false,
        }
    }

    fn lies_in(&self, other: &V) -> bool {
        order::equal(self.uid, other) || self.ancestors().has(other)
    }
}

fn add<V: AnyValue>(more: Option<&V>, numbers: &mut Vec<i64>) {
    numbers.extend(more.map_or(&[][..], items).iter().filter_map(integer));
}
