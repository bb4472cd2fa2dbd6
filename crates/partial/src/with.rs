//! `with` around something that stays unknown: it is kept, and what it replaces counts as unknown inside.

use palisade_rego::checked::{self, Callee, Expr, WithTarget, WithValue};

use crate::machine::{Flow, Machine, Then, modifier};
use crate::residual::{self, Replacement, Target};
use crate::symbol::Symbol;
use crate::world::{Mock, World, WorldId};

impl<'p> Machine<'p> {
    /// An expression with modifiers of which not all is known.
    pub(crate) fn with(&mut self, expr: &'p Expr, then: Then<'_, 'p>) -> Flow {
        let values = expr.with.iter().filter_map(|with| match &with.value {
            WithValue::Term(term) => Some(term),
            WithValue::Callee(_) => None,
        });
        let values: Vec<&'p checked::Term> = values.collect();
        self.terms(values, &mut |machine, values| {
            let (world, added) = machine.replaced(&expr.with, values)?;
            let modifiers = machine.modifiers.iter().cloned().chain(added).collect();
            machine.in_world(
                world,
                &modifiers,
                &mut |machine, then| machine.expr(&expr.kind, then),
                then,
            )
        })
    }

    /// The world inside the modifiers, and the modifiers as the residual program has them.
    fn replaced(
        &mut self,
        with: &'p [checked::With],
        values: &[Symbol],
    ) -> Flow<(WorldId, Vec<residual::With>)> {
        let outer = self.worlds.get(self.world);
        let mut inner = World::clone(&outer);
        for it in with {
            match &it.target {
                WithTarget::Input(path) => inner.input.put(path.clone(), true),
                WithTarget::Data(path) => inner.data.put(path.clone(), true),
                WithTarget::Function(_) | WithTarget::Builtin(_) => {}
            }
        }
        // The functions themselves are those of the world with the documents replaced; what stands in for one sees
        // the originals.
        let mut originals = inner.clone();
        originals.callees.clear();
        let originals = self.worlds.id(originals);
        let mut values = values.iter();
        let mut modifiers = Vec::with_capacity(with.len());
        for it in with {
            let value = match &it.value {
                WithValue::Term(_) => match values.next() {
                    Some(symbol) => Replacement::Term(symbol.term()),
                    None => continue,
                },
                WithValue::Callee(callee) => Replacement::Callee(self.named(*callee, originals)?),
            };
            let target = match &it.target {
                WithTarget::Input(path) => Target::Input(path.clone()),
                WithTarget::Data(path) => Target::Data(path.clone()),
                WithTarget::Function(id) => {
                    self.replaced_callee(Callee::Function(*id), originals, &mut inner)?
                }
                WithTarget::Builtin(id) => {
                    self.replaced_callee(Callee::Builtin(*id), originals, &mut inner)?
                }
            };
            modifiers.push(modifier(target, value));
        }
        Ok((self.worlds.id(inner), modifiers))
    }

    fn replaced_callee(
        &mut self,
        callee: Callee,
        originals: WorldId,
        inner: &mut World,
    ) -> Flow<Target> {
        let name = self.named(callee, originals)?;
        inner.callees.insert(callee, Mock::Unknown(name.clone()));
        Ok(Target::Callee(name))
    }

    /// What a function is called in the residual program, with a support rule for it.
    fn named(&mut self, callee: Callee, world: WorldId) -> Flow<residual::Callee> {
        match callee {
            Callee::Builtin(id) => {
                let builtin = self.program.builtins.get(id.0 as usize);
                Ok(residual::Callee::Builtin(builtin.map(|it| it.name.clone()).unwrap_or_default()))
            }
            Callee::Function(id) => {
                let outer = std::mem::replace(&mut self.world, world);
                let path = self.function_support(id);
                self.world = outer;
                Ok(residual::Callee::Function(path?))
            }
        }
    }
}
