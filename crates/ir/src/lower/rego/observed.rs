//! Which documents the outside sees being made: those whose rules print, or ask the host, themselves or by what they use.

use std::collections::BTreeSet;

use palisade_abi::host::host_function;
use palisade_rego::checked::{
    BuiltinId, Callee, FunctionId, Node, Program, RuleId, Term, TermKind, With, WithValue,
};

use super::walk::{self, Visitor};

/// The built-in behind `print`.
const PRINT: &str = "internal.print";

/// Whether making this document can be seen.
pub(super) fn is_observed(program: &Program, document: &Node) -> bool {
    let shows = |it: &&String| *it == PRINT || host_function(it).is_some();
    let shown: BTreeSet<&String> =
        program.builtins.iter().map(|it| &it.name).filter(shows).collect();
    if shown.is_empty() {
        return false;
    }
    let mut look =
        Look { program, shown, rules: BTreeSet::new(), pending: Vec::new(), found: false };
    look.node(document);
    while let Some(rule) = look.pending.pop().filter(|_| !look.found) {
        look.rule(rule);
    }
    look.found
}

struct Look<'p> {
    program: &'p Program,
    /// The names of the built-ins that are looked for.
    shown: BTreeSet<&'p String>,
    /// The rules that were or will be looked at.
    rules: BTreeSet<RuleId>,
    pending: Vec<RuleId>,
    found: bool,
}

impl Look<'_> {
    fn rule(&mut self, id: RuleId) {
        let rule = &self.program.rules[id.0 as usize];
        walk::terms(rule.head_terms(), self);
        for clause in &rule.clauses {
            walk::body(&clause.body, self);
            walk::term(&clause.value, self);
        }
    }

    fn add(&mut self, rules: &[RuleId]) {
        for rule in rules {
            if self.rules.insert(*rule) {
                self.pending.push(*rule);
            }
        }
    }

    /// A document with all that lies below.
    fn node(&mut self, node: &Node) {
        self.add(&node.rules);
        node.children.values().for_each(|child| self.node(child));
    }

    fn callee(&mut self, callee: Callee) {
        match callee {
            Callee::Builtin(BuiltinId(id)) => {
                self.found |= self.shown.contains(&self.program.builtins[id as usize].name);
            }
            Callee::Function(FunctionId(id)) => {
                let function = &self.program.functions[id as usize];
                self.add(&function.rules);
                self.add(function.default.as_slice());
            }
        }
    }
}

impl Visitor for Look<'_> {
    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Call(callee, _) => self.callee(*callee),
            TermKind::Data(parts) => {
                let program = self.program;
                let mut node = &program.root;
                for part in parts {
                    let TermKind::Const(key) = &part.kind else { break };
                    self.add(&node.rules);
                    let Some(child) = node.children.get(key) else { return };
                    node = child;
                }
                self.node(node);
            }
            _ => {}
        }
    }

    fn with(&mut self, with: &With) {
        if let WithValue::Callee(callee) = with.value {
            self.callee(callee);
        }
    }
}
