//! What the `with` modifiers of a program replace, and the slots that hold the replacements.

use std::collections::{BTreeMap, BTreeSet};

use palisade_rego::checked::{BuiltinId, Callee, FunctionId, Program, With, WithTarget, WithValue};
use palisade_rego::names::data_path;
use palisade_value::Value;

use super::walk::{self, Visitor};
use crate::program::SlotId;

/// The slot of `input`.
pub(super) const INPUT_SLOT: SlotId = SlotId(0);

/// A function or built-in that can be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mocked {
    /// A built-in.
    Builtin(BuiltinId),
    /// A function of the program.
    Function(FunctionId),
}

impl Mocked {
    /// The callee as the checked program names it.
    pub(super) fn callee(self) -> Callee {
        match self {
            Mocked::Builtin(id) => Callee::Builtin(id),
            Mocked::Function(id) => Callee::Function(id),
        }
    }

    /// The same, from the checked program's name.
    pub(super) fn from_callee(callee: Callee) -> Mocked {
        match callee {
            Callee::Builtin(id) => Mocked::Builtin(id),
            Callee::Function(id) => Mocked::Function(id),
        }
    }
}

/// Everything that is replaced somewhere. Slots are numbered: input, documents, callees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Targets {
    /// Paths below `data`, sorted: a prefix comes before what it is a prefix of.
    documents: BTreeSet<Vec<Value>>,
    /// Callees and the functions that stand in for them.
    callees: BTreeMap<Mocked, BTreeSet<Mocked>>,
}

impl Targets {
    /// All that any `with` of the program replaces.
    pub(super) fn of(program: &Program) -> Targets {
        let mut targets = Targets::default();
        for rule in &program.rules {
            rule.head_terms().for_each(|term| walk::term(term, &mut targets));
            for clause in &rule.clauses {
                walk::body(&clause.body, &mut targets);
                walk::term(&clause.value, &mut targets);
            }
        }
        for query in &program.queries {
            walk::body(&query.body, &mut targets);
        }
        targets
    }

    /// Notes one replacement.
    pub(super) fn add(&mut self, with: &With) {
        let mocked = match &with.target {
            WithTarget::Input(_) => return,
            WithTarget::Data(path) => {
                self.documents.insert(path.clone());
                return;
            }
            WithTarget::Function(id) => Mocked::Function(*id),
            WithTarget::Builtin(id) => Mocked::Builtin(*id),
        };
        let replacements = self.callees.entry(mocked).or_default();
        if let WithValue::Callee(callee) = with.value {
            replacements.insert(Mocked::from_callee(callee));
        }
    }

    /// The slots' names, in their order.
    pub(super) fn names(&self, program: &Program) -> Vec<String> {
        let documents = self.documents.iter().map(data_path);
        let callees = self.callees.keys().map(|mocked| match mocked {
            Mocked::Builtin(id) => program.builtins[id.0 as usize].name.clone(),
            Mocked::Function(id) => data_path(&program.functions[id.0 as usize].path),
        });
        std::iter::once("input".to_owned()).chain(documents).chain(callees).collect()
    }

    /// The documents that can be replaced, with their slots; prefixes first.
    pub(super) fn documents(&self) -> impl Iterator<Item = (&[Value], SlotId)> {
        self.documents.iter().enumerate().map(|(at, path)| (path.as_slice(), SlotId(at as u32 + 1)))
    }

    /// The targets whose replacement holds `path`: those at or above it.
    pub(super) fn covering(&self, path: &[Value]) -> Vec<(Vec<Value>, SlotId)> {
        self.documents().filter(|(target, _)| path.starts_with(target)).map(owned).collect()
    }

    /// The targets strictly below `path`.
    pub(super) fn below(&self, path: &[Value]) -> Vec<(Vec<Value>, SlotId)> {
        self.documents()
            .filter(|(target, _)| target.len() > path.len() && target.starts_with(path))
            .map(owned)
            .collect()
    }

    /// The slot of a callee, if it can be replaced.
    pub(super) fn callee(&self, mocked: Mocked) -> Option<SlotId> {
        let at = self.callees.keys().position(|it| *it == mocked)?;
        Some(SlotId((1 + self.documents.len() + at) as u32))
    }

    /// The slots of all callees.
    pub(super) fn callee_slots(&self) -> impl Iterator<Item = SlotId> {
        let first = 1 + self.documents.len();
        (first..first + self.callees.len()).map(|at| SlotId(at as u32))
    }

    /// What stands in for a callee; the n-th is selected by the number n + 1.
    pub(super) fn replacements(&self, mocked: Mocked) -> Vec<Mocked> {
        self.callees.get(&mocked).into_iter().flatten().copied().collect()
    }
}

impl Visitor for Targets {
    fn with(&mut self, with: &With) {
        self.add(with);
    }
}

fn owned((path, slot): (&[Value], SlotId)) -> (Vec<Value>, SlotId) {
    (path.to_vec(), slot)
}
