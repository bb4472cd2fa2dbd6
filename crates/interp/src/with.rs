//! `with`: an expression in another world.

use std::rc::Rc;

use palisade_rego::checked::{Callee, Expr, With, WithTarget, WithValue};

use crate::machine::{Flow, Machine, Then};
use crate::world::{Mock, World};

impl<'p> Machine<'p> {
    /// Evaluates the expression with the replacements in force; what comes after it runs without them.
    pub(crate) fn with(&mut self, with: &[With], expr: &Expr, then: Then<'_, 'p>) -> Flow {
        if with.is_empty() {
            return self.expr(expr, then);
        }
        let world = self.world.fresh();
        self.replace(with, world, &mut |machine, world| {
            let inner = Rc::new(world);
            let outer = std::mem::replace(&mut machine.world, Rc::clone(&inner));
            let flow = machine.expr(expr, &mut |machine| {
                machine.world = Rc::clone(&outer);
                let flow = then(machine);
                machine.world = Rc::clone(&inner);
                flow
            });
            machine.world = outer;
            flow
        })
    }

    /// Calls `then` with the world for each combination of the replacements' values.
    fn replace(
        &mut self,
        with: &[With],
        world: World,
        then: &mut dyn FnMut(&mut Machine<'p>, World) -> Flow,
    ) -> Flow {
        let Some((first, rest)) = with.split_first() else {
            return then(self, world);
        };
        match &first.value {
            WithValue::Callee(callee) => {
                let mut world = world;
                replace_one(&mut world, &first.target, Mock::Callee(*callee));
                self.replace(rest, world, then)
            }
            WithValue::Term(term) => self.term(term, &mut |machine, value| {
                let mut world = world.fresh();
                replace_one(&mut world, &first.target, Mock::Value(value));
                machine.replace(rest, world, then)
            }),
        }
    }
}

fn replace_one(world: &mut World, target: &WithTarget, by: Mock) {
    match (target, by) {
        (WithTarget::Input(path), Mock::Value(value)) => world.replace_input(path, value),
        (WithTarget::Data(path), Mock::Value(value)) => world.replace_data(path, value),
        (WithTarget::Function(id), by) => world.mocks.push((Callee::Function(*id), by)),
        (WithTarget::Builtin(id), by) => world.mocks.push((Callee::Builtin(*id), by)),
        // The checker lets only functions stand in for functions.
        (WithTarget::Input(_) | WithTarget::Data(_), Mock::Callee(_)) => {}
    }
}
