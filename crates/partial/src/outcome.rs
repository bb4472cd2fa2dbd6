//! What rules give: for each way in which a body may hold, a value and what is left of the body.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use palisade_rego::checked::{Node, Rule, RuleId, RuleKind};
use palisade_value::Value;

use crate::machine::{Flow, Frame, Machine};
use crate::options::ALTERNATIVES_MAX;
use crate::residual::{self, Expr, Var};
use crate::simplify::{self, Visible};
use crate::symbol::Symbol;
use crate::unify::{Goal, Side};
use crate::world::WorldId;

/// One way in which a clause may hold.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The parts of the head's path that are no constants.
    pub(crate) suffix: Vec<Symbol>,
    /// The value, or a set's member.
    pub(crate) value: Symbol,
    /// What is left of the body.
    pub(crate) body: Vec<Expr>,
    /// The variables from this one on are its own.
    pub(crate) own: Var,
}

/// A rule with its outcomes, clause by clause; clauses that cannot hold are left out.
#[derive(Clone, Debug)]
pub(crate) struct RuleOutcomes {
    pub(crate) id: RuleId,
    pub(crate) clauses: Vec<Vec<Outcome>>,
}

/// What rules at a node give, by the node's address, the world, and the keys that were asked for.
pub(crate) type Documents = BTreeMap<(usize, WorldId, Vec<Value>), Rc<Vec<RuleOutcomes>>>;

impl Outcome {
    /// Whether nothing is left that could fail.
    pub(crate) fn is_certain(&self) -> bool {
        self.body.is_empty()
    }

    /// Whether it may hold in more than one way.
    pub(crate) fn generates(&self) -> bool {
        self.body.iter().any(|expr| expr.generates)
    }
}

impl RuleOutcomes {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Outcome> {
        self.clauses.iter().flatten()
    }
}

impl<'p> Machine<'p> {
    /// What the rules at a node give, defaults included, as far as it may lie under the keys.
    pub(crate) fn document_outcomes(
        &mut self,
        node: &'p Node,
        keys: &[Value],
    ) -> Flow<Rc<Vec<RuleOutcomes>>> {
        let place = (std::ptr::from_ref(node).addr(), self.world, keys.to_vec());
        if let Some(known) = self.documents.get(&place) {
            return Ok(Rc::clone(known));
        }
        let mut found = Vec::new();
        for id in &node.rules {
            let program = self.program;
            let Some(rule) = program.rules.get(id.0 as usize) else { continue };
            let goals: Vec<Goal<'p>> = rule
                .head_terms()
                .zip(keys)
                .filter(|(term, _)| term.is_key_pattern())
                .map(|(term, key)| (term, Side::Symbol(Symbol::Known(key.clone()))))
                .collect();
            let clauses = self.rule_outcomes(rule, &goals)?;
            found.push(RuleOutcomes { id: *id, clauses });
        }
        let found = Rc::new(found);
        self.documents.insert(place, Rc::clone(&found));
        Ok(found)
    }

    /// What a rule gives after these goals: those of a function's parameters, or of keys that are asked for.
    pub(crate) fn rule_outcomes(
        &mut self,
        rule: &'p Rule,
        goals: &[Goal<'p>],
    ) -> Flow<Vec<Vec<Outcome>>> {
        self.tick(rule.span)?;
        let own = Var(self.hints.len() as u32);
        let outer = std::mem::replace(&mut self.frame, Frame::new(&rule.scope));
        let mut clauses = Vec::new();
        let flow = self.apart(false, &mut |machine| {
            machine.solve(goals, &mut |machine| machine.clause_outcomes(rule, own, &mut clauses))
        });
        self.frame = outer;
        flow?;
        Ok(clauses)
    }

    fn clause_outcomes(
        &mut self,
        rule: &'p Rule,
        own: Var,
        clauses: &mut Vec<Vec<Outcome>>,
    ) -> Flow {
        let before = self.saved.len();
        for clause in &rule.clauses {
            let leaf = match &rule.kind {
                RuleKind::Contains(member) => member,
                RuleKind::Value | RuleKind::Function(_) => &clause.value,
            };
            let mut outcomes = Vec::new();
            let mut is_certain = false;
            self.body(&clause.body.exprs, &mut |machine| {
                machine.terms(rule.suffix.iter().chain([leaf]), &mut |machine, parts| {
                    is_certain |= machine.saved.len() == before;
                    machine.note_outcome(parts, own, &mut outcomes)
                })
            })?;
            if !outcomes.is_empty() {
                clauses.push(outcomes);
            }
            if is_certain {
                break;
            }
        }
        Ok(())
    }

    fn note_outcome(&mut self, parts: &[Symbol], own: Var, outcomes: &mut Vec<Outcome>) -> Flow {
        let Some((value, suffix)) = parts.split_last() else { return Ok(()) };
        let mut visible = Visible::from(own);
        parts.iter().for_each(|part| visible.see(&part.term()));
        let Some(body) = simplify::body(self.saved.clone(), &visible) else {
            return Ok(());
        };
        self.count(body.len() + 1)?;
        let is_same = |it: &Outcome| it.value == *value && it.suffix == suffix && it.body == body;
        // Among many it would take longer to look for a same one than to have it.
        if outcomes.len() > ALTERNATIVES_MAX || !outcomes.iter().any(is_same) {
            outcomes.push(Outcome { suffix: suffix.to_vec(), value: value.clone(), body, own });
        }
        Ok(())
    }

    /// The outcome with variables that nothing else has.
    pub(crate) fn renewed(&mut self, outcome: &Outcome) -> Outcome {
        let mut names: HashMap<Var, Var> = HashMap::new();
        let own = Var(self.hints.len() as u32);
        let mut rename = |var: Var| {
            if var < outcome.own {
                return var;
            }
            *names.entry(var).or_insert_with(|| {
                let hint = self.hints.get(var.0 as usize).cloned().unwrap_or_default();
                self.fresh(&hint)
            })
        };
        let mut body = outcome.body.clone();
        for expr in &mut body {
            expr.terms_mut(&mut |term| {
                if let residual::Term::Var(var) = term {
                    *var = rename(*var);
                }
            });
        }
        let suffix = outcome.suffix.iter().map(|it| it.rename(&mut rename)).collect();
        let value = outcome.value.rename(&mut rename);
        Outcome { suffix, value, body, own }
    }
}
