//! Which rules a rule may evaluate.

use std::collections::BTreeSet;

use palisade_value::{AnyValue, Value};

use crate::checked::{
    Body, Callee, FunctionId, Node, Rule, RuleId, RuleKind, Term, TermKind, WithTarget, WithValue,
};
use crate::semantic::rules::Tree;
use crate::semantic::walk;

/// For each rule those that it may evaluate.
#[derive(Debug)]
pub struct Graph {
    edges: Vec<BTreeSet<RuleId>>,
}

impl Graph {
    /// The graph of a program's rules.
    pub fn of(rules: &[Rule], tree: &Tree) -> Graph {
        Graph { edges: rules.iter().map(|rule| of_rule(rule, tree)).collect() }
    }

    /// What a rule may evaluate.
    pub fn after(&self, rule: RuleId) -> impl Iterator<Item = RuleId> + '_ {
        self.edges.get(rule.0 as usize).into_iter().flatten().copied()
    }

    /// The groups of rules that need each other, what is needed before what needs it.
    pub fn components(&self) -> Vec<Vec<RuleId>> {
        let mut search = Search {
            graph: self,
            order: vec![None; self.edges.len()],
            low: vec![0; self.edges.len()],
            on_stack: vec![false; self.edges.len()],
            stack: Vec::new(),
            next: 0,
            components: Vec::new(),
        };
        for at in 0..self.edges.len() {
            if search.order[at].is_none() {
                search.from(at);
            }
        }
        search.components
    }
}

/// Tarjan's algorithm with a stack of its own: policies may be deep.
struct Search<'a> {
    graph: &'a Graph,
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    components: Vec<Vec<RuleId>>,
}

impl Search<'_> {
    fn enter(&mut self, at: usize) -> std::vec::IntoIter<RuleId> {
        self.order[at] = Some(self.next);
        self.low[at] = self.next;
        self.next += 1;
        self.stack.push(at);
        self.on_stack[at] = true;
        self.graph.after(RuleId(at as u32)).collect::<Vec<_>>().into_iter()
    }

    fn from(&mut self, start: usize) {
        let mut path = vec![(start, self.enter(start))];
        while let Some((at, rest)) = path.last_mut() {
            let at = *at;
            match rest.next().map(|next| next.0 as usize) {
                Some(next) => match self.order[next] {
                    None => {
                        let rest = self.enter(next);
                        path.push((next, rest));
                    }
                    Some(order) if self.on_stack[next] => self.low[at] = self.low[at].min(order),
                    Some(_) => {}
                },
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[at]);
                    }
                    if self.order[at] == Some(self.low[at]) {
                        self.close(at);
                    }
                }
            }
        }
    }

    fn close(&mut self, root: usize) {
        let mut component = Vec::new();
        while let Some(at) = self.stack.pop() {
            self.on_stack[at] = false;
            component.push(RuleId(at as u32));
            if at == root {
                break;
            }
        }
        component.sort();
        self.components.push(component);
    }
}

fn of_rule(rule: &Rule, tree: &Tree) -> BTreeSet<RuleId> {
    let mut found = BTreeSet::new();
    let mut terms: Vec<&Term> = rule.suffix.iter().collect();
    match &rule.kind {
        RuleKind::Contains(member) => terms.push(member),
        RuleKind::Function(parameters) => terms.extend(parameters),
        RuleKind::Value => {}
    }
    for clause in &rule.clauses {
        of_body(&clause.body, tree, &mut found);
        terms.push(&clause.value);
    }
    terms.into_iter().for_each(|term| of_term(term, tree, &mut found));
    found
}

fn of_body(body: &Body, tree: &Tree, found: &mut BTreeSet<RuleId>) {
    for expr in &body.exprs {
        for with in &expr.with {
            if let WithValue::Callee(Callee::Function(function)) = with.value {
                of_function(function, tree, found);
            }
            // Replacing a document counts as using it.
            match &with.target {
                WithTarget::Data(path) => of_constant_path(&tree.root, path, found),
                WithTarget::Function(function) => of_function(*function, tree, found),
                WithTarget::Input(_) | WithTarget::Builtin(_) => {}
            }
        }
        walk::terms(expr).into_iter().for_each(|term| of_term(term, tree, found));
        walk::bodies(expr).iter().for_each(|body| of_body(body, tree, found));
    }
}

fn of_term(term: &Term, tree: &Tree, found: &mut BTreeSet<RuleId>) {
    match &term.kind {
        TermKind::Data(path) => of_path(&tree.root, path, found),
        TermKind::Call(Callee::Function(function), _) => of_function(*function, tree, found),
        _ => {}
    }
    if let Some((body, terms)) = walk::comprehension(term) {
        of_body(body, tree, found);
        terms.into_iter().for_each(|term| of_term(term, tree, found));
    }
    walk::parts(term).into_iter().for_each(|part| of_term(part, tree, found));
}

fn of_function(function: FunctionId, tree: &Tree, found: &mut BTreeSet<RuleId>) {
    if let Some(function) = tree.function(function) {
        found.extend(function.rules.iter().chain(&function.default));
    }
}

/// The same for a path of constants.
fn of_constant_path(node: &Node, path: &[Value], found: &mut BTreeSet<RuleId>) {
    found.extend(&node.rules);
    match path.split_first() {
        None => of_path(node, &[], found),
        Some((key, rest)) => {
            if let Some(child) = key.as_str().and_then(|key| node.children.get(key)) {
                of_constant_path(child, rest, found);
            }
        }
    }
}

/// The rules on the path, and at its end those below it.
fn of_path(node: &Node, path: &[Term], found: &mut BTreeSet<RuleId>) {
    found.extend(&node.rules);
    match path.split_first() {
        None => node.children.values().for_each(|child| of_path(child, &[], found)),
        Some((part, rest)) => match &part.kind {
            TermKind::Const(key) => {
                if let Some(child) = key.as_str().and_then(|key| node.children.get(key)) {
                    of_path(child, rest, found);
                }
            }
            _ => node.children.values().for_each(|child| of_path(child, rest, found)),
        },
    }
}
