//! Which documents a query depends on: base documents, which come from outside, and virtual ones, which rules give.
//!
//! A reference counts up to its first part that is no constant. Of the references of one rule or query, one that lies
//! below another is left out, as OPA does; but the whole of `data` or `input` stands for nothing else.

use std::collections::BTreeSet;

use palisade_value::{AnyValue, Value};

use crate::checked::{
    Body, Callee, FunctionId, Node, Program, Query, RuleId, Term, TermKind, WithTarget, WithValue,
};
use crate::semantic::walk;

/// A document's path; the first part is `data` or `input`.
pub type DocumentPath = Vec<Value>;

/// What a query depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// Data and input, in order.
    pub base: BTreeSet<DocumentPath>,
    /// What rules and functions define, in order.
    pub virtuals: BTreeSet<DocumentPath>,
}

/// The documents that a query of the program depends on, through rules and functions too.
pub fn documents(program: &Program, query: &Query) -> Documents {
    let mut search =
        Search { program, found: Documents::default(), seen: BTreeSet::new(), open: Vec::new() };
    let mut references = BTreeSet::new();
    search.of_body(&query.body, &mut references);
    search.follow(references);
    while let Some(rule) = search.open.pop() {
        let mut references = BTreeSet::new();
        search.of_rule(rule, &mut references);
        search.follow(references);
    }
    search.found
}

struct Search<'p> {
    program: &'p Program,
    found: Documents,
    seen: BTreeSet<RuleId>,
    /// The rules that are still to be looked into.
    open: Vec<RuleId>,
}

impl Search<'_> {
    /// Puts references where they belong; those of one rule or query come together.
    fn follow(&mut self, references: BTreeSet<DocumentPath>) {
        let is_below = |it: &DocumentPath| (2..it.len()).any(|len| references.contains(&it[..len]));
        for path in references.iter().filter(|it| !is_below(it)) {
            let mut rules = Vec::new();
            if path.first().and_then(Value::as_str) == Some("data") {
                self.rules_at(&self.program.root, &path[1..], &mut rules);
            }
            if rules.is_empty() {
                self.found.base.insert(path.clone());
            }
            for id in rules {
                self.follow_rule(id);
            }
        }
    }

    fn follow_rule(&mut self, id: RuleId) {
        let Some(rule) = self.program.rules.get(id.0 as usize).filter(|_| self.seen.insert(id))
        else {
            return;
        };
        self.found.virtuals.insert(rooted("data", &rule.path));
        self.open.push(id);
    }

    /// The rules on the way to a path, or else all at it and below.
    fn rules_at(&self, node: &Node, path: &[Value], rules: &mut Vec<RuleId>) {
        let Some((key, rest)) = path.split_first() else {
            return self.rules_below(node, rules);
        };
        if !node.rules.is_empty() {
            return rules.extend(&node.rules);
        }
        if let Some(child) = node.children.get(key) {
            self.rules_at(child, rest, rules);
        }
    }

    fn rules_below(&self, node: &Node, rules: &mut Vec<RuleId>) {
        rules.extend(&node.rules);
        let function = node.function.and_then(|id| self.program.functions.get(id.0 as usize));
        rules.extend(function.into_iter().flat_map(|it| it.rules.iter().chain(&it.default)));
        node.children.values().for_each(|child| self.rules_below(child, rules));
    }

    fn of_rule(&self, id: RuleId, found: &mut BTreeSet<DocumentPath>) {
        let Some(rule) = self.program.rules.get(id.0 as usize) else { return };
        rule.head_terms().for_each(|term| self.of_term(term, found));
        for clause in &rule.clauses {
            self.of_body(&clause.body, found);
            self.of_term(&clause.value, found);
        }
    }

    fn of_body(&self, body: &Body, found: &mut BTreeSet<DocumentPath>) {
        for expr in &body.exprs {
            for with in &expr.with {
                match &with.target {
                    WithTarget::Input(path) => {
                        found.insert(rooted("input", path));
                    }
                    WithTarget::Data(path) => {
                        found.insert(rooted("data", path));
                    }
                    WithTarget::Function(id) => self.of_function(*id, found),
                    WithTarget::Builtin(_) => {}
                }
                if let WithValue::Callee(Callee::Function(id)) = with.value {
                    self.of_function(id, found);
                }
            }
            walk::terms(expr).into_iter().for_each(|term| self.of_term(term, found));
            walk::bodies(expr).iter().for_each(|body| self.of_body(body, found));
        }
    }

    fn of_term(&self, term: &Term, found: &mut BTreeSet<DocumentPath>) {
        match &term.kind {
            TermKind::Input(path) => {
                found.insert(rooted("input", &constant_front(path)));
            }
            TermKind::Data(path) => {
                found.insert(rooted("data", &constant_front(path)));
            }
            TermKind::Call(Callee::Function(id), _) => self.of_function(*id, found),
            _ => {}
        }
        if let Some((body, terms)) = walk::comprehension(term) {
            self.of_body(body, found);
            terms.into_iter().for_each(|term| self.of_term(term, found));
        }
        walk::parts(term).into_iter().for_each(|part| self.of_term(part, found));
    }

    fn of_function(&self, id: FunctionId, found: &mut BTreeSet<DocumentPath>) {
        found.extend(self.program.functions.get(id.0 as usize).map(|it| rooted("data", &it.path)));
    }
}

fn constant_front(path: &[Term]) -> Vec<Value> {
    let constant = |term: &Term| match &term.kind {
        TermKind::Const(value) => Some(value.clone()),
        _ => None,
    };
    path.iter().map_while(constant).collect()
}

fn rooted(root: &str, path: &[Value]) -> DocumentPath {
    std::iter::once(Value::text(root)).chain(path.iter().cloned()).collect()
}
