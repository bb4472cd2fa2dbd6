//! The built-ins that a program may call, by name, and those that it does call.

use std::collections::{BTreeMap, BTreeSet};

use palisade_value::types::{Declaration, Signature};

use crate::checked::{Builtin, BuiltinId};
use crate::semantic::Options;
use crate::semantic::allowed::Foreign;

/// A declared built-in with its signature read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its types.
    pub signature: Signature,
    /// Whether a call yields many results.
    pub relation: bool,
    /// Whether strict mode and Rego v1 refuse it.
    pub deprecated: bool,
    /// The operator that calls it.
    pub infix: Option<&'static str>,
}

impl Entry {
    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        self.signature.parameters.len()
    }
}

/// What is called like a built-in without being one: the checker makes something else of it.
const LANGUAGE_OWN: [&str; 3] = ["print", "rego.metadata.chain", "rego.metadata.rule"];

/// All built-ins and which of them are used.
#[derive(Debug, Default)]
pub struct Table {
    declared: BTreeMap<String, Entry>,
    /// Those that exist, but that the capabilities lack.
    withheld: BTreeSet<String>,
    used: Vec<Builtin>,
    ids: BTreeMap<String, BuiltinId>,
}

impl Table {
    /// The table of what may be called: what is declared, as far as capabilities allow it. A declaration whose signature
    /// can't be read takes part in nothing.
    pub fn new(options: &Options<'_>) -> Table {
        let allowed = options.allowed;
        let (declared, withheld): (Vec<&Declaration>, Vec<&Declaration>) = options
            .builtins
            .iter()
            .filter(|it| options.test_cases || !it.for_test_cases)
            .partition(|it| allowed.is_none_or(|allowed| allowed.has(it.name)));
        let own = LANGUAGE_OWN.into_iter();
        let own = own.filter(|name| allowed.is_some_and(|it| !it.names.contains(*name)));
        let withheld = withheld
            .into_iter()
            .map(|it: &Declaration| it.name)
            .chain(own)
            .map(str::to_owned)
            .collect();
        let foreign = allowed.into_iter().flat_map(|it| &it.foreign).map(|it| {
            let Foreign { name, signature, relation, deprecated } = it.clone();
            (name, Entry { signature, relation, deprecated, infix: None })
        });
        let declared = declared.into_iter().filter_map(|it| {
            let Declaration { relation, deprecated, infix, .. } = *it;
            let signature = it.signature()?;
            Some((it.name.to_owned(), Entry { signature, relation, deprecated, infix }))
        });
        // What is here by itself is what a call runs, whatever capabilities say of its types.
        Table { declared: foreign.chain(declared).collect(), withheld, ..Table::default() }
    }

    /// The built-in of a name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.declared.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.declared.keys().map(String::as_str)
    }

    /// Whether there is such a built-in, but the capabilities lack it.
    pub fn is_withheld(&self, name: &str) -> bool {
        self.withheld.contains(name)
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
            relation: entry.relation,
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
