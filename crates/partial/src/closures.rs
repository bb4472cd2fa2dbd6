//! What has a body of its own: `not`, `every`, `or`, comprehensions.
//!
//! Bodies of comprehensions are evaluated so that they go on once at the most: an array has the order and number of its
//! elements, and one body is one comprehension.

use palisade_rego::checked::{Body, LocalId, Term, TermKind};
use palisade_value::{AnyValue, Value};

use crate::error::PartialError;
use crate::machine::{Flow, Machine, Then, ThenSymbol};
use crate::options::{ALTERNATIVES_MAX, UNROLLED_MAX};
use crate::residual::{self, Every, Expr, Kind, Var};
use crate::simplify::{self, Visible};
use crate::symbol::Symbol;

/// The ways in which a body may hold, simplified; none of them is empty.
enum Ways {
    /// It cannot hold.
    Never,
    /// It holds.
    Always,
    /// It holds if one of these does.
    Some(Vec<Vec<Expr>>),
}

impl<'p> Machine<'p> {
    /// The body has no solution.
    pub(crate) fn negation(&mut self, body: &'p Body, then: Then<'_, 'p>) -> Flow {
        let mark = self.mark();
        let ways = match self.ways(std::slice::from_ref(body), false)? {
            Ways::Never => return then(self),
            Ways::Always => return Ok(()),
            Ways::Some(ways) => ways,
        };
        let simple: Option<Vec<Kind>> = ways.iter().map(|way| negated(way, mark)).collect();
        match simple {
            Some(kinds) => self.save_all(&kinds, then),
            None => {
                let term = self.helper("not", ways, mark)?;
                self.save(Kind::Not(Box::new(Kind::Term(term))), false, then)
            }
        }
    }

    fn save_all(&mut self, kinds: &[Kind], then: Then<'_, 'p>) -> Flow {
        match kinds.split_first() {
            Some((first, rest)) => {
                self.save(first.clone(), false, &mut |machine| machine.save_all(rest, then))
            }
            None => then(self),
        }
    }

    /// One of the bodies has a solution.
    pub(crate) fn any(&mut self, bodies: &'p [Body], then: Then<'_, 'p>) -> Flow {
        let mark = self.mark();
        let ways = match self.ways(bodies, false)? {
            Ways::Never => return Ok(()),
            Ways::Always => return then(self),
            Ways::Some(ways) => ways,
        };
        let is_single = ways.len() == 1 && ways.iter().flatten().all(|expr| !expr.generates);
        if self.exact && !is_single {
            let term = self.helper("or", ways, mark)?;
            return self.save(Kind::Term(term), false, then);
        }
        ways.iter().try_for_each(|way| self.append(way, then))
    }

    /// The ways in which one of the bodies may hold.
    fn ways(&mut self, bodies: &'p [Body], exact: bool) -> Flow<Ways> {
        let visible = Visible::from(self.mark());
        let mut ways = Vec::new();
        for body in bodies {
            let found = self.closure(body, exact, &mut |machine, then| then(machine, ()))?;
            for (saved, ()) in found {
                match simplify::body(saved, &visible) {
                    Some(way) if way.is_empty() => return Ok(Ways::Always),
                    Some(way) if ways.len() > ALTERNATIVES_MAX || !ways.contains(&way) => {
                        ways.push(way);
                    }
                    _ => {}
                }
            }
        }
        Ok(if ways.is_empty() { Ways::Never } else { Ways::Some(ways) })
    }

    /// The first variable that is not used yet.
    fn mark(&self) -> Var {
        Var(self.hints.len() as u32)
    }

    /// The body has a solution for each element of the domain.
    pub(crate) fn every(
        &mut self,
        key: Option<LocalId>,
        value: LocalId,
        domain: &Symbol,
        body: &'p Body,
        then: Then<'_, 'p>,
    ) -> Flow {
        let elements: Option<Vec<(Symbol, Symbol)>> = match domain {
            Symbol::Known(known @ (Value::Array(_) | Value::Set(_) | Value::Object(_))) => Some(
                crate::body::entries(known)
                    .map(|(key, value)| (Symbol::Known(key), Symbol::Known(value)))
                    .collect(),
            ),
            Symbol::Known(_) => return Ok(()),
            Symbol::Array(items) => {
                let keys = (0..items.len()).map(|at| Symbol::Known(Value::Integer(at as i64)));
                Some(keys.zip(items.iter().cloned()).collect())
            }
            Symbol::Object(_) | Symbol::Set(_) | Symbol::Var(_) => None,
        };
        if let Some(elements) = elements.filter(|it| it.len() <= UNROLLED_MAX) {
            match self.unrolled(key, value, &elements, body)? {
                Unrolled::Fails => return Ok(()),
                Unrolled::Holds(exprs) => return self.append(&exprs, then),
                Unrolled::Branches => {}
            }
        }
        self.every_later(key, value, domain, body, then)
    }

    /// The body for each element by itself.
    fn unrolled(
        &mut self,
        key: Option<LocalId>,
        value: LocalId,
        elements: &[(Symbol, Symbol)],
        body: &'p Body,
    ) -> Flow<Unrolled> {
        let mut exprs = Vec::new();
        let mut branches = false;
        for (found_key, found) in elements {
            let ways =
                self.with_element(key, value, found_key.clone(), found.clone(), body, false)?;
            match ways {
                Ways::Never => return Ok(Unrolled::Fails),
                Ways::Always => {}
                Ways::Some(mut ways) => match ways.pop().filter(|_| ways.is_empty()) {
                    Some(way) if !way.iter().any(|expr| expr.generates) => exprs.extend(way),
                    _ => branches = true,
                },
            }
        }
        Ok(if branches { Unrolled::Branches } else { Unrolled::Holds(exprs) })
    }

    fn with_element(
        &mut self,
        key: Option<LocalId>,
        value: LocalId,
        found_key: Symbol,
        found: Symbol,
        body: &'p Body,
        exact: bool,
    ) -> Flow<Ways> {
        let key_before = key.map(|key| (key, self.frame.set(key, Some(found_key))));
        let value_before = self.frame.set(value, Some(found));
        let ways = self.ways(std::slice::from_ref(body), exact);
        self.frame.set(value, value_before);
        if let Some((key, before)) = key_before {
            self.frame.set(key, before);
        }
        ways
    }

    fn every_later(
        &mut self,
        key: Option<LocalId>,
        value: LocalId,
        domain: &Symbol,
        body: &'p Body,
        then: Then<'_, 'p>,
    ) -> Flow {
        let name = |machine: &mut Machine<'p>, local: LocalId| {
            let hint = machine.frame.name(local).to_owned();
            machine.fresh(&hint)
        };
        let key_variable = key.map(|key| name(self, key));
        let variable = name(self, value);
        let found_key = key_variable.map_or(Symbol::Known(Value::Null), Symbol::Var);
        let ways = self.with_element(key, value, found_key, Symbol::Var(variable), body, true)?;
        let constant =
            |value| vec![Expr::new(Kind::Term(residual::Term::Const(Value::Boolean(value))))];
        let body = match ways {
            Ways::Never => constant(false),
            Ways::Always => constant(true),
            Ways::Some(ways) => ways.into_iter().next().unwrap_or_default(),
        };
        let every = Every {
            key: key_variable.map(residual::Term::Var),
            value: residual::Term::Var(variable),
            domain: domain.term(),
            body,
        };
        self.save(Kind::Every(Box::new(every)), false, then)
    }

    /// A comprehension.
    pub(crate) fn comprehension(&mut self, term: &'p Term, then: ThenSymbol<'_, 'p>) -> Flow {
        let (body, heads): (&'p Body, Vec<&'p Term>) = match &term.kind {
            TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
                (body, vec![value])
            }
            TermKind::ObjectComprehension(key, value, body) => (body, vec![key, value]),
            _ => return Err(PartialError::missing("a comprehension", term.span)),
        };
        let mut visible = Visible::from(self.mark());
        let found = self.closure(body, true, &mut |machine, then| {
            machine
                .terms(heads.iter().copied(), &mut |machine, heads| then(machine, heads.to_vec()))
        })?;
        let found = found.into_iter().find_map(|(saved, heads)| {
            heads.iter().for_each(|head| visible.see(&head.term()));
            Some((simplify::body(saved, &visible)?, heads))
        });
        let Some((body, heads)) = found else {
            return then(self, Symbol::Known(empty(&term.kind)));
        };
        if body.is_empty()
            && let Some(value) = single(&term.kind, &heads)
        {
            return then(self, value);
        }
        let body = match body.is_empty() {
            true => vec![Expr::new(Kind::Term(residual::Term::Const(Value::Boolean(true))))],
            false => body,
        };
        let mut heads = heads.iter().map(Symbol::term);
        let Some(first) = heads.next().map(Box::new) else { return Ok(()) };
        let comprehension = match (&term.kind, heads.next()) {
            (TermKind::ArrayComprehension(..), _) => {
                residual::Term::ArrayComprehension(first, body)
            }
            (TermKind::ObjectComprehension(..), Some(value)) => {
                residual::Term::ObjectComprehension(Box::new((*first, value)), body)
            }
            _ => residual::Term::SetComprehension(first, body),
        };
        self.save_value(comprehension, false, "", then)
    }
}

/// What becomes of `every` over known elements.
enum Unrolled {
    /// It does not hold for one.
    Fails,
    /// It holds if all of these do.
    Holds(Vec<Expr>),
    /// It may hold for one in several ways.
    Branches,
}

/// The negation of a way, if ordinary `not` can say it: of one expression that has no variables of its own, and nothing
/// in it that would be evaluated before the negation.
fn negated(way: &[Expr], own: Var) -> Option<Kind> {
    let [Expr { kind, with, generates: false }] = way else { return None };
    let is_plain = |term: &residual::Term| match term {
        residual::Term::Ref(_, path) => path.iter().all(residual::Term::is_total),
        term => term.is_total(),
    };
    let fits = match kind {
        Kind::Term(residual::Term::Call(_, arguments)) => {
            arguments.iter().all(residual::Term::is_total)
        }
        Kind::Term(term) => is_plain(term),
        Kind::Unify(left, right) => is_plain(left) && is_plain(right),
        Kind::Not(_) | Kind::Every(_) => false,
    };
    let mut has_own = false;
    kind.terms(&mut |term| has_own |= matches!(term, residual::Term::Var(var) if *var >= own));
    (fits && with.is_empty() && !has_own).then(|| Kind::Not(Box::new(kind.clone())))
}

fn empty(kind: &TermKind) -> Value {
    match kind {
        TermKind::ArrayComprehension(..) => Value::array(Vec::new()),
        TermKind::ObjectComprehension(..) => Value::empty_object(),
        _ => Value::set(Vec::new()),
    }
}

/// The value of a comprehension with one solution.
fn single(kind: &TermKind, heads: &[Symbol]) -> Option<Symbol> {
    Some(match kind {
        TermKind::ArrayComprehension(..) => Symbol::array(heads),
        TermKind::ObjectComprehension(..) => Symbol::object(heads),
        TermKind::SetComprehension(..) => Symbol::set(heads),
        _ => return None,
    })
}
