//! Rules: their clauses, and the value that several rules give together.

use palisade_rego::checked::{Clause, Rule, RuleKind, Term, TermKind};
use palisade_value::Value;

use super::bodies::Purpose;
use super::emit::{Done, Emitter, Then};
use crate::program::{Label, Reg, Stmt};

/// A value that a term has to match.
pub(super) type Goal<'p> = (Reg, &'p Term);

/// What a clause's head does once the body holds; calls the last argument when it is done.
pub(super) type Head<'k, 'm, 'p> =
    &'k mut dyn FnMut(&mut Emitter<'m, 'p>, &'p Clause, HeadDone<'_, 'm, 'p>) -> Done;

/// What follows the head; with a register, the function returns its value.
pub(super) type HeadDone<'k, 'm, 'p> = &'k mut dyn FnMut(&mut Emitter<'m, 'p>, Option<Reg>) -> Done;

impl<'m, 'p> Emitter<'m, 'p> {
    /// Returns the one value that these rules give for the arguments, else that of the default.
    pub(super) fn value_of(
        &mut self,
        rules: &[&'p Rule],
        default: Option<&'p Rule>,
        args: &[Reg],
        message: &str,
    ) -> Done {
        let result = self.cleared();
        // Where all give the same constant, no conflict is possible and the first that holds decides.
        let is_one_constant = gives_one_constant(rules);
        let mut is_assigned = false;
        for rule in rules {
            let conflict = self.module.conflict(message, rule.span);
            self.rule(rule, &arguments(rule, args), true, &mut |e, clause, then| {
                e.term(&clause.value, &mut |e, src| {
                    let is_only =
                        rules.len() == 1 && (!e.is_repeated() || constant(&clause.value).is_some());
                    if is_one_constant || is_only {
                        return then(e, Some(src));
                    }
                    is_assigned = true;
                    e.push(Stmt::AssignOnce { dst: result, src, conflict: conflict.clone() });
                    then(e, None)
                })
            })?;
        }
        if let Some(default) = default {
            self.block(|e| {
                if is_assigned {
                    e.push(Stmt::Undefined { src: result });
                }
                e.rule(default, &arguments(default, args), true, &mut |e, clause, then| {
                    e.term(&clause.value, &mut |e, src| then(e, Some(src)))
                })
            })?;
        }
        if is_assigned {
            self.push(Stmt::Return { src: result });
        }
        Ok(())
    }

    /// Lowers a rule: the first of its clauses that has a solution, with the head for each solution. The goals are to be
    /// reached before: what a term of the head has to match.
    /// A document or function has one value (`is_value`): if that is constant, the first solution is enough.
    pub(super) fn rule(
        &mut self,
        rule: &'p Rule,
        goals: &[Goal<'p>],
        is_value: bool,
        head: Head<'_, 'm, 'p>,
    ) -> Done {
        self.scope(&rule.scope);
        self.labelled(|e, label| e.goals(goals, &mut |e| e.clauses(rule, is_value, label, head)))
    }

    fn clauses(
        &mut self,
        rule: &'p Rule,
        is_value: bool,
        label: Label,
        head: Head<'_, 'm, 'p>,
    ) -> Done {
        let has_else = rule.clauses.len() > 1;
        let done = if has_else { self.cleared() } else { Reg(0) };
        let mut is_marked = false;
        for (at, clause) in rule.clauses.iter().enumerate() {
            if is_marked {
                self.push(Stmt::Undefined { src: done });
            }
            let leaves_first = is_value && is_constant_head(rule, clause);
            let has_next = at + 1 < rule.clauses.len();
            let purpose = Purpose::values(head_terms(rule, clause)).leaving_first(leaves_first);
            let held = self.module.held(&rule.path, clause.span);
            self.closed(|e| {
                e.block(|e| {
                    e.enter_clause();
                    e.body(&clause.body, purpose, &mut |e| {
                        head(e, clause, &mut |e, value| {
                            e.push(Stmt::Held { rule: held });
                            match value {
                                Some(src) => e.push(Stmt::Return { src }),
                                None if leaves_first => e.push(Stmt::Break { label }),
                                None if has_next => {
                                    is_marked = true;
                                    e.mark(done);
                                }
                                None => {}
                            }
                            Ok(())
                        })
                    })
                })
            })?;
        }
        Ok(())
    }

    fn goals(&mut self, goals: &[Goal<'p>], next: Then<'_, 'm, 'p>) -> Done {
        match goals.split_first() {
            Some(((value, term), rest)) => {
                self.match_term(*value, term, &mut |e| e.goals(rest, next))
            }
            None => next(self),
        }
    }
}

/// A function's arguments, as what its parameters have to match.
fn arguments<'p>(rule: &'p Rule, args: &[Reg]) -> Vec<Goal<'p>> {
    match &rule.kind {
        RuleKind::Function(params) => args.iter().copied().zip(params).collect(),
        RuleKind::Value | RuleKind::Contains(_) => Vec::new(),
    }
}

/// Whether further solutions of a clause add nothing to the first.
fn is_constant_head(rule: &Rule, clause: &Clause) -> bool {
    head_terms(rule, clause).all(|term| constant(term).is_some())
}

/// The terms of the head that are evaluated once the body holds.
fn head_terms<'p>(rule: &'p Rule, clause: &'p Clause) -> impl Iterator<Item = &'p Term> {
    let value = match &rule.kind {
        RuleKind::Contains(member) => member,
        RuleKind::Value | RuleKind::Function(_) => &clause.value,
    };
    rule.suffix.iter().chain([value])
}

fn gives_one_constant(rules: &[&Rule]) -> bool {
    let mut values =
        rules.iter().flat_map(|rule| &rule.clauses).map(|clause| constant(&clause.value));
    match values.next() {
        Some(Some(first)) => values.all(|value| value == Some(first)),
        _ => false,
    }
}

fn constant(term: &Term) -> Option<&Value> {
    match &term.kind {
        TermKind::Const(value) => Some(value),
        _ => None,
    }
}
