//! The built-ins that a program may call, by name, and those that it does call.

use std::collections::BTreeMap;

use palisade_value::types::{Declaration, Signature};

use crate::checked::{Builtin, BuiltinId};
use crate::semantic::Options;

/// A declared built-in with its signature read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As declared.
    pub declaration: Declaration,
    /// Its types.
    pub signature: Signature,
}

impl Entry {
    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        self.signature.parameters.len()
    }
}

/// All built-ins and which of them are used.
#[derive(Debug, Default)]
pub struct Table {
    declared: BTreeMap<&'static str, Entry>,
    used: Vec<Builtin>,
    ids: BTreeMap<String, BuiltinId>,
}

impl Table {
    /// The table of what may be called. A declaration whose signature can't be read takes part in nothing.
    pub fn new(options: &Options<'_>) -> Table {
        let declared = options
            .builtins
            .iter()
            .filter(|it| options.test_cases || !it.for_test_cases)
            .filter_map(|it| {
                Some((it.name, Entry { declaration: *it, signature: it.signature()? }))
            })
            .collect();
        Table { declared, ..Table::default() }
    }

    /// The built-in of a name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.declared.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.declared.keys().copied()
    }

    /// The id of a declared built-in, which counts as used from now on.
    pub fn intern(&mut self, name: &str) -> Option<BuiltinId> {
        if let Some(id) = self.ids.get(name) {
            return Some(*id);
        }
        let entry = self.declared.get(name)?;
        let id = BuiltinId(self.used.len() as u32);
        self.used.push(Builtin {
            name: name.to_owned(),
            arity: entry.arity(),
            relation: entry.declaration.relation,
        });
        self.ids.insert(name.to_owned(), id);
        Some(id)
    }

    /// The id of a built-in if it is used so far.
    pub fn id(&self, name: &str) -> Option<BuiltinId> {
        self.ids.get(name).copied()
    }

    /// A used built-in.
    pub fn used(&self, id: BuiltinId) -> Option<(&Builtin, &Entry)> {
        let builtin = self.used.get(id.0 as usize)?;
        Some((builtin, self.get(&builtin.name)?))
    }

    /// All that are used, by id.
    pub fn into_used(self) -> Vec<Builtin> {
        self.used
    }
}
