//! Which rules a rule may evaluate.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::Span;
use palisade_value::Value;

use crate::checked::{
    Body, Callee, Function, FunctionId, Node, Rule, RuleId, Term, TermKind, WithTarget, WithValue,
};
use crate::semantic::walk;

/// Where rules and functions are.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The virtual documents.
    pub root: &'a Node,
    /// The functions by their ids.
    pub functions: &'a [Function],
}

/// For each rule those that it may evaluate.
#[derive(Debug)]
pub struct Graph {
    /// With the `with` that replaces the rule, if nothing else leads to it.
    edges: Vec<BTreeMap<RuleId, Option<Span>>>,
}

impl Graph {
    /// The graph of a program's rules.
    pub fn of(rules: &[Rule], places: Places<'_>) -> Graph {
        let edges = rules.iter().map(|rule| {
            let mut uses = Uses { places, found: BTreeMap::new(), with: None };
            uses.rule(rule);
            uses.found
        });
        Graph { edges: edges.collect() }
    }

    /// What a rule may evaluate.
    pub fn after(&self, rule: RuleId) -> impl Iterator<Item = RuleId> + '_ {
        self.edges.get(rule.0 as usize).into_iter().flat_map(BTreeMap::keys).copied()
    }

    /// The `with` through which alone a rule needs another: it replaces that.
    pub fn with_between(&self, rule: RuleId, next: RuleId) -> Option<Span> {
        *self.edges.get(rule.0 as usize)?.get(&next)?
    }

    /// What is evaluated for the document at a path.
    pub fn reached_from<'p>(
        &self,
        places: Places<'_>,
        paths: impl IntoIterator<Item = &'p [String]>,
    ) -> BTreeSet<RuleId> {
        let mut start = Uses { places, found: BTreeMap::new(), with: None };
        for path in paths {
            let keys: Vec<Value> = path.iter().map(|key| Value::from(key.as_str())).collect();
            start.constant_path(places.root, &keys);
        }
        let mut reached = BTreeSet::new();
        let mut rest: Vec<RuleId> = start.found.into_keys().collect();
        while let Some(rule) = rest.pop() {
            if reached.insert(rule) {
                rest.extend(self.after(rule));
            }
        }
        reached
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

/// What a rule may evaluate, as it is found.
struct Uses<'a> {
    places: Places<'a>,
    found: BTreeMap<RuleId, Option<Span>>,
    /// The `with` whose target is looked at.
    with: Option<Span>,
}

impl Uses<'_> {
    fn add<'r>(&mut self, rules: impl IntoIterator<Item = &'r RuleId>) {
        for rule in rules {
            match self.with {
                // What is used otherwise too is no matter of the `with`.
                None => drop(self.found.insert(*rule, None)),
                with => drop(self.found.entry(*rule).or_insert(with)),
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        rule.head_terms().for_each(|term| self.term(term));
        for clause in &rule.clauses {
            self.body(&clause.body);
            self.term(&clause.value);
        }
    }

    fn body(&mut self, body: &Body) {
        for expr in &body.exprs {
            for with in &expr.with {
                if let WithValue::Callee(Callee::Function(function)) = with.value {
                    self.function(function);
                }
                self.with = Some(with.span);
                // Replacing a document counts as using it.
                match &with.target {
                    WithTarget::Data(path) => self.constant_path(self.places.root, path),
                    WithTarget::Function(function) => self.function(*function),
                    WithTarget::Input(_) | WithTarget::Builtin(_) => {}
                }
                self.with = None;
            }
            walk::terms(expr).into_iter().for_each(|term| self.term(term));
            walk::bodies(expr).iter().for_each(|body| self.body(body));
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Data(path) => self.path(self.places.root, path),
            TermKind::Call(Callee::Function(function), _) => self.function(*function),
            _ => {}
        }
        if let Some((body, terms)) = walk::comprehension(term) {
            self.body(body);
            terms.into_iter().for_each(|term| self.term(term));
        }
        walk::parts(term).into_iter().for_each(|part| self.term(part));
    }

    fn function(&mut self, function: FunctionId) {
        if let Some(function) = self.places.functions.get(function.0 as usize) {
            self.add(function.rules.iter().chain(&function.default));
        }
    }

    /// The same for a path of constants.
    fn constant_path(&mut self, node: &Node, path: &[Value]) {
        self.add(&node.rules);
        match path.split_first() {
            None => self.path(node, &[]),
            Some((key, rest)) => {
                if let Some(child) = node.children.get(key) {
                    self.constant_path(child, rest);
                }
            }
        }
    }

    /// The rules on the path, and at its end those below it.
    fn path(&mut self, node: &Node, path: &[Term]) {
        self.add(&node.rules);
        match path.split_first() {
            None => node.children.values().for_each(|child| self.path(child, &[])),
            Some((part, rest)) => match &part.kind {
                TermKind::Const(key) => {
                    if let Some(child) = node.children.get(key) {
                        self.path(child, rest);
                    }
                }
                _ => node.children.values().for_each(|child| self.path(child, rest)),
            },
        }
    }
}
