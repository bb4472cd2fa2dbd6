//! `with`: replacements that hold while an expression is evaluated.
//!
//! Slots hold the replacements. **Invariant:** of the targets on one path (`data.a`, `data.a.b`) at most one slot is
//! filled: replacing below a replacement changes that one, replacing above empties those below.

use std::collections::BTreeMap;

use palisade_rego::checked::{Expr, LocalId, With, WithTarget, WithValue};
use palisade_value::Value;

use super::emit::{Done, Emitter, Then};
use super::targets::{INPUT_SLOT, Mocked};
use crate::lower::LowerError;
use crate::program::{Collection, Label, Reg, SlotId, Stmt};

impl<'m, 'p> Emitter<'m, 'p> {
    /// An expression with replacements.
    pub(super) fn with_expr(&mut self, expr: &Expr, next: Then<'_, 'm, 'p>) -> Done {
        for with in &expr.with {
            self.module.used.add(with);
        }
        let values = expr.with.iter().filter_map(|with| match &with.value {
            WithValue::Term(term) => Some(term),
            WithValue::Callee(_) => None,
        });
        let values: Vec<_> = values.collect();
        self.terms(&values, &mut |e, values| {
            let slots = e.replacements(&expr.with, values)?;
            e.replaced(expr, slots, next)
        })
    }

    /// Evaluates the expression while the slots are filled, and goes on outside.
    fn replaced(&mut self, expr: &Expr, slots: Vec<(SlotId, Reg)>, next: Then<'_, 'm, 'p>) -> Done {
        let found = self.reg();
        let label = self.label();
        let before = self.locals.clone();
        let mut bound = Vec::new();
        let (body, ()) = self.nested(|e| {
            e.labelled_as(label, |e| {
                let depth = e.depth();
                e.plain(&expr.kind, &mut |e| {
                    if e.depth() > depth {
                        bound = e.bound_since(&before);
                    }
                    match bound.is_empty() {
                        true => e.note_found(found, label),
                        false => e.note_solution(found, &bound),
                    }
                    Ok(())
                })
            })
        })?;
        if bound.is_empty() {
            // One solution at most: its variables keep their registers.
            self.push(Stmt::Clear { dst: found });
            self.push(Stmt::With { slots, body });
            self.push(Stmt::Defined { src: found });
            return next(self);
        }
        self.locals = before;
        self.push(Stmt::Start { dst: found, kind: Collection::Array });
        self.push(Stmt::With { slots, body });
        let solutions = self.close(found, None);
        self.scan(solutions, |e, _, solution| {
            for (at, id) in bound.iter().enumerate() {
                let value = e.get_const(solution, &Value::Integer(at as i64));
                e.bind(*id, value);
            }
            next(e)
        })
    }

    fn note_found(&mut self, found: Reg, label: Label) {
        self.mark(found);
        self.push(Stmt::Break { label });
    }

    fn note_solution(&mut self, solutions: Reg, bound: &[LocalId]) {
        let values = bound.iter().filter_map(|id| self.local(*id)).collect();
        let value = self.array(values);
        self.push(Stmt::Append { builder: solutions, value });
    }

    /// The variables that have got a value since.
    pub(super) fn bound_since(&self, before: &[Option<Reg>]) -> Vec<LocalId> {
        let new = self.locals.iter().zip(before).enumerate();
        new.filter(|(_, (now, before))| now.is_some() && before.is_none())
            .map(|(at, _)| LocalId(at as u32))
            .collect()
    }

    /// What the slots hold inside.
    fn replacements(
        &mut self,
        with: &[With],
        values: Vec<Reg>,
    ) -> Result<Vec<(SlotId, Reg)>, LowerError> {
        let mut slots = BTreeMap::new();
        let mut values = values.into_iter();
        for with in with {
            let value = match &with.value {
                WithValue::Term(_) => values.next(),
                WithValue::Callee(_) => None,
            };
            match (&with.target, value) {
                (WithTarget::Input(path), Some(value)) => {
                    self.replace_input(&mut slots, path, value)?
                }
                (WithTarget::Data(path), Some(value)) => {
                    self.replace_document(&mut slots, path, value)?
                }
                (WithTarget::Function(id), value) => {
                    self.replace_callee(&mut slots, Mocked::Function(*id), &with.value, value);
                }
                (WithTarget::Builtin(id), value) => {
                    self.replace_callee(&mut slots, Mocked::Builtin(*id), &with.value, value);
                }
                // Only functions are replaced by functions.
                (WithTarget::Input(_) | WithTarget::Data(_), None) => {
                    return Err(self.unbound_at(String::new(), with.span));
                }
            }
        }
        Ok(slots.into_iter().collect())
    }

    fn replace_input(
        &mut self,
        slots: &mut BTreeMap<SlotId, Reg>,
        path: &[Value],
        value: Reg,
    ) -> Done {
        if path.is_empty() {
            slots.insert(INPUT_SLOT, value);
            return Ok(());
        }
        let base = match slots.get(&INPUT_SLOT) {
            Some(base) => *base,
            None => {
                let base = self.cleared();
                self.block(|e| {
                    e.push(Stmt::Input { dst: base, path: Vec::new() });
                    Ok(())
                })?;
                base
            }
        };
        let dst = self.reg();
        self.put(dst, base, path, value);
        slots.insert(INPUT_SLOT, dst);
        Ok(())
    }

    fn replace_document(
        &mut self,
        slots: &mut BTreeMap<SlotId, Reg>,
        path: &[Value],
        value: Reg,
    ) -> Done {
        let mut above = self.module.targets.covering(path);
        let own = above.pop_if(|(target, _)| target.as_slice() == path);
        let fresh = self.reg();
        self.push(Stmt::Move { dst: fresh, src: value });
        for (target, slot) in above {
            let current = self.current(slots, slot);
            let changed = self.reg();
            self.push(Stmt::Move { dst: changed, src: current });
            self.block(|e| {
                e.push(Stmt::Defined { src: current });
                e.put(changed, current, &path[target.len()..], value);
                e.push(Stmt::Clear { dst: fresh });
                Ok(())
            })?;
            slots.insert(slot, changed);
        }
        if let Some((_, slot)) = own {
            slots.insert(slot, fresh);
        }
        for (_, slot) in self.module.targets.below(path) {
            let empty = self.cleared();
            slots.insert(slot, empty);
        }
        Ok(())
    }

    fn current(&mut self, slots: &BTreeMap<SlotId, Reg>, slot: SlotId) -> Reg {
        if let Some(value) = slots.get(&slot) {
            return *value;
        }
        let dst = self.reg();
        self.push(Stmt::Slot { dst, slot });
        dst
    }

    /// A callee's slot holds `[0, value]` or `[n]`, the n-th of the callees that may stand in for it.
    fn replace_callee(
        &mut self,
        slots: &mut BTreeMap<SlotId, Reg>,
        mocked: Mocked,
        by: &WithValue,
        value: Option<Reg>,
    ) {
        let Some(slot) = self.module.targets.callee(mocked) else { return };
        let choice = match by {
            WithValue::Term(_) => 0,
            WithValue::Callee(callee) => {
                let by = Mocked::from_callee(*callee);
                1 + self
                    .module
                    .targets
                    .replacements(mocked)
                    .iter()
                    .take_while(|it| **it != by)
                    .count()
            }
        };
        let choice = self.constant(&Value::Integer(choice as i64));
        let items = std::iter::once(choice).chain(value).collect();
        let replacement = self.array(items);
        slots.insert(slot, replacement);
    }

    /// `dst` = `base` with `value` at a path.
    pub(super) fn put(&mut self, dst: Reg, base: Reg, path: &[Value], value: Reg) {
        let path = path.iter().map(|key| self.module.constant(key)).collect();
        self.push(Stmt::Put { dst, base, path, value });
    }
}
