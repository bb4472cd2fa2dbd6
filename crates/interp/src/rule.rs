//! Rules: the clauses of one rule, in a frame of its own.

use palisade_rego::checked::{Rule, RuleId, RuleKind};
use palisade_value::Value;

use crate::frame::Frame;
use crate::machine::{Flow, Machine, ThenValues};
use crate::unify::{Goal, Side};

impl<'p> Machine<'p> {
    /// Calls `then` with what the head says in each solution of the rule's body: the parts of its suffix and then the
    /// value or member. The suffix and the member are held against the keys beforehand where that is possible.
    pub(crate) fn rule_with_keys(
        &mut self,
        id: RuleId,
        rule: &'p Rule,
        keys: &[Value],
        then: ThenValues<'_, 'p>,
    ) -> Flow {
        let goals: Vec<Goal<'_>> = rule
            .head_terms()
            .zip(keys)
            .filter(|(term, _)| term.is_key_pattern())
            .map(|(term, key)| (term, Side::Value(key.clone())))
            .collect();
        self.rule(id, rule, &goals, then)
    }

    /// The same with the goals to be reached before the body: a function's parameters against its arguments.
    pub(crate) fn rule(
        &mut self,
        id: RuleId,
        rule: &'p Rule,
        goals: &[Goal<'_>],
        then: ThenValues<'_, 'p>,
    ) -> Flow {
        self.tick(rule.span)?;
        let outer = std::mem::replace(&mut self.frame, Frame::new(&rule.scope));
        let flow = self.subquery(&mut |machine| {
            machine.enter(rule);
            machine.solve(goals, &mut |machine| machine.clauses(id, rule, then))
        });
        self.frame = outer;
        flow
    }

    /// The first clause whose body holds and whose value is defined.
    fn clauses(&mut self, id: RuleId, rule: &'p Rule, then: ThenValues<'_, 'p>) -> Flow {
        for (at, clause) in rule.clauses.iter().enumerate() {
            let leaf = match &rule.kind {
                RuleKind::Contains(member) => member,
                RuleKind::Value | RuleKind::Function(_) => &clause.value,
            };
            let mut held = false;
            self.body(&clause.body.exprs, &mut |machine| {
                machine.terms(rule.suffix.iter().chain([leaf]), &mut |machine, parts| {
                    held = true;
                    machine.held.insert((id, at));
                    machine.exit(rule, clause);
                    then(machine, parts)?;
                    machine.redo(rule, clause);
                    Ok(())
                })
            })?;
            if held {
                break;
            }
        }
        Ok(())
    }
}
