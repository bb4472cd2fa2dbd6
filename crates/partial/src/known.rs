//! What is known: it is given to the reference evaluator.

use palisade_interp::{Code, EvalError, Variables};
use palisade_rego::checked::{Expr, LocalId, Node, Term};
use palisade_rego::semantic::walk;
use palisade_value::Value;

use crate::error::PartialError;
use crate::machine::{Flow, Machine, Then, ThenSymbol};
use crate::options::SOLUTIONS_MAX;
use crate::residual::{self, Head, Kind};
use crate::symbol::Symbol;

impl<'p> Machine<'p> {
    /// Evaluates an expression if all of it is known; says whether it is.
    pub(crate) fn known_expr(&mut self, expr: &'p Expr, then: Then<'_, 'p>) -> Flow<bool> {
        if self.touches_expr(expr, self.world) {
            return Ok(false);
        }
        let mut locals = Vec::new();
        let note = &mut |local, _| locals.push(local);
        walk::terms(expr).into_iter().for_each(|term| walk::locals_of_term(term, note));
        walk::bodies(expr).iter().for_each(|body| walk::locals_of_body(body, note));
        let Some(variables) = self.known_variables(&locals) else { return Ok(false) };
        let scope = self.frame.scope;
        let found = self.session.expression(scope, variables, expr, SOLUTIONS_MAX);
        let Some(found) = recovered(found)? else { return Ok(false) };
        let rows = self.rows(found.iter().map(|after| (None, after)));
        self.each_row(rows, &mut |machine, _| then(machine))?;
        Ok(true)
    }

    /// Evaluates a term if all of it is known; says whether it is.
    pub(crate) fn known_term(&mut self, term: &'p Term, then: ThenSymbol<'_, 'p>) -> Flow<bool> {
        if self.touches_term(term, self.world) {
            return Ok(false);
        }
        let mut locals = Vec::new();
        walk::locals_of_term(term, &mut |local, _| locals.push(local));
        let Some(variables) = self.known_variables(&locals) else { return Ok(false) };
        let scope = self.frame.scope;
        let found = self.session.term(scope, variables, term, SOLUTIONS_MAX);
        let Some(found) = recovered(found)? else { return Ok(false) };
        let rows = self.rows(found.iter().map(|(value, after)| (Some(value), after)));
        self.each_row(rows, &mut |machine, value| match value {
            Some(value) => then(machine, value),
            None => Err(PartialError::missing("the value of a term", term.span)),
        })?;
        Ok(true)
    }

    /// The document at a node with nothing unknown in it; none if it cannot be evaluated beforehand.
    pub(crate) fn known_document(
        &mut self,
        node: &'p Node,
        path: &[Value],
    ) -> Flow<Option<Option<Value>>> {
        if self.touches_node(node, self.world) {
            return Ok(None);
        }
        recovered(self.session.document(path))
    }

    /// The values of the frame's variables, if those asked for are known or have none yet.
    fn known_variables(&self, locals: &[LocalId]) -> Option<Variables> {
        let is_known =
            |local: &LocalId| self.frame.get(*local).is_none_or(|symbol| symbol.known().is_some());
        let all = self.frame.slots.iter();
        locals
            .iter()
            .all(is_known)
            .then(|| all.map(|slot| slot.as_ref().and_then(|it| it.known().cloned())).collect())
    }

    /// What solutions say: a value, and the variables that got one. Solutions that say the same count once, unless their
    /// number matters.
    fn rows<'a>(
        &self,
        solutions: impl Iterator<Item = (Option<&'a Value>, &'a Variables)>,
    ) -> Rows {
        let mut locals: Vec<LocalId> = Vec::new();
        let mut rows: Vec<Vec<Value>> = Vec::new();
        let mut has_value = false;
        for (value, after) in solutions {
            if rows.is_empty() {
                let is_new = |at: &usize| {
                    matches!(
                        (self.frame.slots.get(*at), after.get(*at)),
                        (Some(None), Some(Some(_)))
                    )
                };
                locals = (0..after.len()).filter(is_new).map(|at| LocalId(at as u32)).collect();
                has_value = value.is_some();
            }
            let bound =
                locals.iter().filter_map(|local| after.get(local.0 as usize).cloned().flatten());
            rows.push(value.cloned().into_iter().chain(bound).collect());
        }
        if !self.exact {
            let mut seen = std::collections::BTreeSet::new();
            rows.retain(|row| seen.insert(row.clone()));
        }
        Rows { locals, rows, has_value }
    }

    fn each_row(
        &mut self,
        rows: Rows,
        then: &mut dyn FnMut(&mut Machine<'p>, Option<Symbol>) -> Flow,
    ) -> Flow {
        let Rows { locals, rows, has_value } = rows;
        let width = locals.len() + usize::from(has_value);
        self.each(rows, width, &mut |machine, symbols| {
            let (value, bound) = match symbols.split_first().filter(|_| has_value) {
                Some((value, bound)) => (Some(value.clone()), bound),
                None => (None, symbols),
            };
            for (local, symbol) in locals.iter().zip(bound) {
                machine.frame.set(*local, Some(symbol.clone()));
            }
            let flow = then(machine, value);
            locals.iter().for_each(|local| {
                machine.frame.set(*local, None);
            });
            flow
        })
    }

    /// Goes on with each row of known values; where that must not be more than once, with variables for a row of a
    /// table in the residual body.
    pub(crate) fn each(
        &mut self,
        rows: Vec<Vec<Value>>,
        width: usize,
        then: &mut dyn FnMut(&mut Machine<'p>, &[Symbol]) -> Flow,
    ) -> Flow {
        if !self.exact || rows.len() < 2 {
            return rows.into_iter().try_for_each(|row| {
                let symbols: Vec<Symbol> = row.into_iter().map(Symbol::Known).collect();
                then(self, &symbols)
            });
        }
        let variables: Vec<Symbol> = (0..width).map(|_| Symbol::Var(self.fresh(""))).collect();
        let table = rows.into_iter().map(<Value as palisade_value::AnyValue>::array).collect();
        let table = residual::Term::Const(<Value as palisade_value::AnyValue>::array(table));
        let row = residual::Term::Var(self.fresh("_"));
        let pattern = residual::Term::Array(variables.iter().map(Symbol::term).collect());
        let rows = residual::Term::Ref(Box::new(Head::Term(table)), vec![row]);
        self.save(Kind::Unify(pattern, rows), true, &mut |machine| then(machine, &variables))
    }
}

/// What solutions say of the variables that they bind.
struct Rows {
    locals: Vec<LocalId>,
    rows: Vec<Vec<Value>>,
    /// Whether a value comes before the variables.
    has_value: bool,
}

/// A conflict counts as *not known*, as the residual program shows it where it comes to it; other failures stay what they
/// are.
fn recovered<T>(result: Result<T, EvalError>) -> Flow<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.code {
            Code::Conflict => Ok(None),
            _ => Err(Box::new(PartialError::from(error))),
        },
    }
}
