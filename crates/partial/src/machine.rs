//! The state of one partial evaluation. What it can do is in the other files, one part of the language each.

use std::rc::Rc;

use palisade_diag::Span;
use palisade_interp::{EvalOptions, Evaluator, Session};
use palisade_rego::checked::{LocalId, Program, Scope};
use palisade_value::Value;

use crate::error::PartialError;
use crate::options::{Options, Unknown};
use crate::outcome::Documents;
use crate::residual::{Callee, Expr, Head, Kind, Modifiers, Replacement, Target, Term, Var, With};
use crate::support::Supports;
use crate::symbol::Symbol;
use crate::touch::Touched;
use crate::world::{World, WorldId, Worlds};

/// What a search returns: `Ok` when every solution has been seen.
pub(crate) type Flow<T = ()> = Result<T, Box<PartialError>>;

/// A continuation: what is done with each solution.
pub(crate) type Then<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>) -> Flow;

/// A continuation that takes a symbol.
pub(crate) type ThenSymbol<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>, Symbol) -> Flow;

/// A continuation that takes several symbols.
pub(crate) type ThenSymbols<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>, &[Symbol]) -> Flow;

/// The variables of the rule or query that is being evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'p> {
    pub(crate) scope: &'p Scope,
    pub(crate) slots: Vec<Option<Symbol>>,
}

impl<'p> Frame<'p> {
    pub(crate) fn new(scope: &'p Scope) -> Frame<'p> {
        Frame { scope, slots: vec![None; scope.locals.len()] }
    }

    pub(crate) fn get(&self, local: LocalId) -> Option<&Symbol> {
        self.slots.get(local.0 as usize)?.as_ref()
    }

    /// Gives the variable a symbol, or none, and returns what it had before.
    pub(crate) fn set(&mut self, local: LocalId, symbol: Option<Symbol>) -> Option<Symbol> {
        let slot = self.slots.get_mut(local.0 as usize)?;
        std::mem::replace(slot, symbol)
    }

    /// The variable's name as written, where it has one.
    pub(crate) fn name(&self, local: LocalId) -> &str {
        self.scope.locals.get(local.0 as usize).map_or("", |local| &local.name)
    }
}

/// One partial evaluation under way.
pub(crate) struct Machine<'p> {
    pub(crate) program: &'p Program,
    pub(crate) options: &'p Options,
    /// The base data and the input, as far as they are known.
    pub(crate) data: Value,
    /// Evaluates what is known.
    pub(crate) session: Session<'p>,
    pub(crate) worlds: Worlds,
    pub(crate) world: WorldId,
    /// The modifiers around what is being evaluated; they are put on what is left of it.
    pub(crate) modifiers: Modifiers,
    /// Whether everything must go on at most once, so that order and number of solutions stay what they are.
    pub(crate) exact: bool,
    pub(crate) frame: Frame<'p>,
    /// What is left of the body so far.
    pub(crate) saved: Vec<Expr>,
    /// For each residual variable what its name is made of.
    pub(crate) hints: Vec<String>,
    pub(crate) touched: Touched,
    pub(crate) documents: Documents,
    pub(crate) supports: Supports,
    /// How many residual expressions have been made.
    pub(crate) made: usize,
}

impl<'p> Machine<'p> {
    pub(crate) fn new(
        program: &'p Program,
        evaluator: &Evaluator<'p>,
        data: Value,
        scope: &'p Scope,
        options: &'p Options,
    ) -> Machine<'p> {
        let mut world = World::default();
        for unknown in &options.unknowns {
            match unknown {
                Unknown::Input(path) => world.input.put(path.clone(), true),
                Unknown::Data(path) => world.data.put(path.clone(), true),
            }
        }
        let mut worlds = Worlds::default();
        let world = worlds.id(world);
        let evaluation = EvalOptions {
            input: options.input.clone(),
            strict: options.strict,
            limits: options.limits.clone(),
            ..EvalOptions::default()
        };
        Machine {
            program,
            options,
            data,
            session: evaluator.session(&evaluation),
            worlds,
            world,
            modifiers: Rc::from([]),
            exact: false,
            frame: Frame::new(scope),
            saved: Vec::new(),
            hints: Vec::new(),
            touched: Touched::default(),
            documents: Documents::default(),
            supports: Supports::default(),
            made: 0,
        }
    }

    /// Counts a step.
    pub(crate) fn tick(&mut self, span: Span) -> Flow {
        Ok(self.session.tick(span).map_err(PartialError::from)?)
    }

    /// Counts expressions that were made.
    pub(crate) fn count(&mut self, expressions: usize) -> Flow {
        self.made = self.made.saturating_add(expressions);
        let limit = self.options.most_expressions;
        if self.made > limit {
            return Err(Box::new(PartialError::TooLarge { what: "expressions", limit }));
        }
        Ok(())
    }

    /// A new variable.
    pub(crate) fn fresh(&mut self, hint: &str) -> Var {
        let var = Var(self.hints.len() as u32);
        self.hints.push(hint.to_owned());
        var
    }

    /// Goes on with an expression left to the residual body.
    pub(crate) fn save(&mut self, kind: Kind, generates: bool, then: Then<'_, 'p>) -> Flow {
        let with = match self.needs_world(&kind) {
            true => Rc::clone(&self.modifiers),
            false => Rc::from([]),
        };
        self.saved.push(Expr { kind, with, generates });
        let flow = then(self);
        self.saved.pop();
        flow
    }

    /// Goes on with a variable for the value of a term that is left to the residual body.
    pub(crate) fn save_value(
        &mut self,
        term: Term,
        generates: bool,
        hint: &str,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let var = self.fresh(hint);
        self.save(Kind::Unify(Term::Var(var), term), generates, &mut |machine| {
            then(machine, Symbol::Var(var))
        })
    }

    /// Goes on with further expressions, which were made elsewhere, left to the residual body.
    pub(crate) fn append(&mut self, exprs: &[Expr], then: Then<'_, 'p>) -> Flow {
        self.count(exprs.len())?;
        let before = self.saved.len();
        for expr in exprs {
            let mut expr = expr.clone();
            if !self.modifiers.is_empty() && self.needs_world(&expr.kind) {
                expr.with = self.modifiers.iter().chain(expr.with.iter()).cloned().collect();
            }
            self.saved.push(expr);
        }
        let flow = then(self);
        self.saved.truncate(before);
        flow
    }

    /// Whether the value of an expression depends on the modifiers around it.
    fn needs_world(&self, kind: &Kind) -> bool {
        let mut found = matches!(kind, Kind::Not(_) | Kind::Every(_));
        kind.terms(&mut |term| {
            found |= match term {
                Term::Ref(head, _) => !matches!(**head, Head::Term(_)),
                Term::Call(..)
                | Term::ArrayComprehension(..)
                | Term::SetComprehension(..)
                | Term::ObjectComprehension(..) => true,
                _ => false,
            };
        });
        found
    }

    /// Runs something in another world, with modifiers for it, and what comes after it in this one.
    pub(crate) fn in_world(
        &mut self,
        world: WorldId,
        modifiers: &Modifiers,
        run: &mut dyn FnMut(&mut Machine<'p>, Then<'_, 'p>) -> Flow,
        then: Then<'_, 'p>,
    ) -> Flow {
        let outer = (self.world, Rc::clone(&self.modifiers));
        (self.world, self.modifiers) = (world, Rc::clone(modifiers));
        let flow = run(self, &mut |machine| {
            (machine.world, machine.modifiers) = (outer.0, Rc::clone(&outer.1));
            let flow = then(machine);
            (machine.world, machine.modifiers) = (world, Rc::clone(modifiers));
            flow
        });
        (self.world, self.modifiers) = outer;
        flow
    }
}

/// A modifier.
pub(crate) fn modifier(target: Target, value: Replacement) -> With {
    With { target, value }
}

/// A reference into `data` with a constant path.
pub(crate) fn data_ref(path: &[Value], rest: Vec<Term>) -> Term {
    let path = path.iter().cloned().map(Term::Const).chain(rest).collect();
    Term::Ref(Box::new(Head::Data), path)
}

/// The call of a built-in.
pub(crate) fn builtin_call(name: &str, arguments: Vec<Term>) -> Term {
    Term::Call(Callee::Builtin(name.to_owned()), arguments)
}
