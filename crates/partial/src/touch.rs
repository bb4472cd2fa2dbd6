//! Whether evaluating something may read what is unknown. The answer errs on the side of *yes*.

use std::collections::HashMap;

use palisade_builtins::declarations;
use palisade_rego::checked::{
    Body, Callee, Expr, Node, RuleId, Term, TermKind, With, WithTarget, WithValue,
};
use palisade_rego::semantic::walk;

use crate::machine::Machine;
use crate::residual;
use crate::world::{Mock, Status, World, WorldId};

/// Built-ins that look at the clock besides those that OPA calls non-deterministic.
const READ_CLOCK: [&str; 2] = [
    "crypto.x509.parse_and_verify_certificates",
    "crypto.x509.parse_and_verify_certificates_with_options",
];

/// What has been found out.
#[derive(Debug, Default)]
pub struct Touched {
    rules: HashMap<(RuleId, WorldId), bool>,
    /// Expressions and terms by their address in the program.
    places: HashMap<(usize, WorldId), bool>,
}

impl Machine<'_> {
    /// Whether an expression may read what is unknown, its modifiers included.
    pub(crate) fn touches_expr(&mut self, expr: &Expr, world: WorldId) -> bool {
        let place = (std::ptr::from_ref(expr).addr(), world);
        if let Some(known) = self.touched.places.get(&place) {
            return *known;
        }
        let found = self.looks_expr(expr, world);
        self.touched.places.insert(place, found);
        found
    }

    fn looks_expr(&mut self, expr: &Expr, world: WorldId) -> bool {
        let values = expr.with.iter().filter_map(|with| match &with.value {
            WithValue::Term(term) => Some(term),
            WithValue::Callee(_) => None,
        });
        let inner = self.world_with(&expr.with, world);
        // A value that is unknown shows up in the inner world where it is read; but it must also exist.
        let values: Vec<&Term> = values.collect();
        values.iter().any(|value| self.touches_term(value, world))
            || own_terms(expr).into_iter().any(|term| self.touches_term(term, inner))
            || walk::bodies(expr).iter().any(|body| self.touches_body(body, inner))
    }

    fn touches_body(&mut self, body: &Body, world: WorldId) -> bool {
        body.exprs.iter().any(|expr| self.touches_expr(expr, world))
    }

    /// The world inside the modifiers, as far as can be said without evaluating their values.
    fn world_with(&mut self, with: &[With], world: WorldId) -> WorldId {
        if with.is_empty() {
            return world;
        }
        let mut inner = World::clone(&self.worlds.get(world));
        for with in with {
            let is_unknown = match &with.value {
                WithValue::Term(term) => self.touches_term(term, world),
                WithValue::Callee(_) => false,
            };
            let mock = match &with.value {
                WithValue::Callee(callee) => Mock::Callee(*callee),
                WithValue::Term(_) if is_unknown => {
                    Mock::Unknown(residual::Callee::Builtin(String::new()))
                }
                WithValue::Term(_) => Mock::Value,
            };
            match &with.target {
                WithTarget::Input(path) => inner.input.put(path.clone(), is_unknown),
                WithTarget::Data(path) => inner.data.put(path.clone(), is_unknown),
                WithTarget::Function(id) => {
                    inner.callees.insert(Callee::Function(*id), mock);
                }
                WithTarget::Builtin(id) => {
                    inner.callees.insert(Callee::Builtin(*id), mock);
                }
            }
        }
        self.worlds.id(inner)
    }

    /// Whether a term may read what is unknown.
    pub(crate) fn touches_term(&mut self, term: &Term, world: WorldId) -> bool {
        if matches!(term.kind, TermKind::Const(_) | TermKind::Local(_)) {
            return false;
        }
        let place = (std::ptr::from_ref(term).addr(), world);
        if let Some(known) = self.touched.places.get(&place) {
            return *known;
        }
        let found = self.looks_term(term, world);
        self.touched.places.insert(place, found);
        found
    }

    fn looks_term(&mut self, term: &Term, world: WorldId) -> bool {
        let itself = match &term.kind {
            TermKind::Input(path) => self.worlds.get(world).input.on(path) == Status::Unknown,
            TermKind::Data(path) => self.touches_data(path, world),
            TermKind::Call(callee, _) => self.touches_callee(*callee, world),
            _ => false,
        };
        if itself {
            return true;
        }
        if let Some((body, terms)) = walk::comprehension(term)
            && (self.touches_body(body, world)
                || terms.into_iter().any(|term| self.touches_term(term, world)))
        {
            return true;
        }
        walk::parts(term).into_iter().any(|part| self.touches_term(part, world))
    }

    /// Whether a call may, its arguments aside.
    pub(crate) fn touches_callee(&mut self, callee: Callee, world: WorldId) -> bool {
        let around = self.worlds.get(world);
        match around.callees.get(&callee) {
            Some(Mock::Unknown(_)) => true,
            Some(Mock::Value) => false,
            Some(Mock::Callee(other)) => {
                let mut originals = World::clone(&around);
                originals.callees.clear();
                let originals = self.worlds.id(originals);
                self.touches_original(*other, originals)
            }
            None => self.touches_original(callee, world),
        }
    }

    fn touches_original(&mut self, callee: Callee, world: WorldId) -> bool {
        let program = self.program;
        match callee {
            Callee::Builtin(id) => {
                let Some(builtin) = program.builtins.get(id.0 as usize) else { return true };
                let mut all = declarations().iter();
                let declaration = all.find(|it| it.name == builtin.name);
                let reads_clock = READ_CLOCK.contains(&builtin.name.as_str());
                reads_clock || declaration.is_none_or(|it| it.nondeterministic)
            }
            Callee::Function(id) => {
                let Some(function) = program.functions.get(id.0 as usize) else { return true };
                function
                    .rules
                    .iter()
                    .chain(&function.default)
                    .any(|rule| self.touches_rule(*rule, world))
            }
        }
    }

    fn touches_data(&mut self, path: &[Term], world: WorldId) -> bool {
        match self.worlds.get(world).data.on(path) {
            Status::Unknown | Status::Below => true,
            Status::Known => false,
            Status::Untouched => {
                let program = self.program;
                self.touches_path(&program.root, path, world)
            }
        }
    }

    /// Whether the rules on a path, and at its end those below it, may.
    fn touches_path(&mut self, node: &Node, path: &[Term], world: WorldId) -> bool {
        if node.rules.iter().any(|rule| self.touches_rule(*rule, world)) {
            return true;
        }
        let constant = path.split_first().map(|(first, rest)| match &first.kind {
            TermKind::Const(key) => (Some(key), rest),
            _ => (None, rest),
        });
        match constant {
            Some((Some(key), rest)) => {
                let child = node.children.get(key);
                child.is_some_and(|child| self.touches_path(child, rest, world))
            }
            Some((None, rest)) => {
                node.children.values().any(|child| self.touches_path(child, rest, world))
            }
            None => node.children.values().any(|child| self.touches_path(child, &[], world)),
        }
    }

    /// Whether the rules at a node and below it may.
    pub(crate) fn touches_node(&mut self, node: &Node, world: WorldId) -> bool {
        self.touches_path(node, &[], world)
    }

    fn touches_rule(&mut self, id: RuleId, world: WorldId) -> bool {
        if let Some(known) = self.touched.rules.get(&(id, world)) {
            return *known;
        }
        let program = self.program;
        let Some(rule) = program.rules.get(id.0 as usize) else { return true };
        let found = rule.head_terms().any(|term| self.touches_term(term, world))
            || rule.clauses.iter().any(|clause| {
                self.touches_body(&clause.body, world) || self.touches_term(&clause.value, world)
            });
        self.touched.rules.insert((id, world), found);
        found
    }
}

/// The terms of an expression without those of its modifiers.
fn own_terms(expr: &Expr) -> Vec<&Term> {
    let values = expr.with.iter().filter(|with| matches!(with.value, WithValue::Term(_))).count();
    walk::terms(expr).split_off(values)
}
