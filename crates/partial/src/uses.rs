//! Where a variable stands in a body, and what it would mean to have a term there instead.

use crate::residual::{Callee, Expr, Head, Kind, Replacement, Term, Var};

/// How often a variable stands where.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Uses {
    /// Where the body fails if it is undefined.
    pub(crate) strict: usize,
    /// Of these, where a reference may have several values: as a side of an equation, an expression by itself, an
    /// operand, or what a reference starts with.
    pub(crate) direct: usize,
    /// Of these, as an operand of what is negated.
    pub(crate) negated: usize,
    /// Of these, as what a reference starts with.
    pub(crate) heads: usize,
    /// Inside closures.
    pub(crate) lenient: usize,
    /// Whether it stands where no other term may, or under other modifiers than its definition.
    pub(crate) blocked: bool,
}

/// Where a variable stands in a body, its definition left out.
pub(crate) fn of(body: &[Expr], definition: usize, var: Var) -> Uses {
    let mut search = Search { var, uses: Uses::default() };
    let with = body.get(definition).map(|expr| &expr.with);
    for (at, expr) in body.iter().enumerate() {
        if at == definition {
            let mut own = 0;
            expr.terms(&mut |term| own += usize::from(*term == Term::Var(var)));
            // In its own definition it cannot be replaced.
            search.uses.blocked |= own > 1;
            continue;
        }
        let before = search.count();
        search.expr(expr);
        if search.count() > before && with != Some(&expr.with) {
            search.uses.blocked = true;
        }
    }
    search.uses
}

struct Search {
    var: Var,
    uses: Uses,
}

impl Search {
    fn count(&self) -> usize {
        self.uses.strict + self.uses.lenient
    }

    fn expr(&mut self, expr: &Expr) {
        for it in expr.with.iter() {
            if let Replacement::Term(term) = &it.value {
                self.uses.blocked |= self.is_in(term);
            }
        }
        match &expr.kind {
            Kind::Term(term) => self.direct(term),
            Kind::Unify(left, right) => {
                self.direct(left);
                self.direct(right);
            }
            Kind::Not(inner) => self.negation(inner),
            Kind::Every(every) => {
                self.nested(&every.domain);
                self.closure(&every.body);
            }
        }
    }

    /// What ordinary `not` evaluates before it negates fails the body: the operands of a call.
    fn negation(&mut self, kind: &Kind) {
        if let Kind::Term(Term::Call(callee, arguments)) = kind {
            if *callee == Callee::Builtin("equal".to_owned()) {
                return arguments.iter().for_each(|it| self.inside(it));
            }
            for argument in arguments {
                match argument {
                    Term::Var(var) if *var == self.var => {
                        self.uses.strict += 1;
                        self.uses.negated += 1;
                    }
                    other => self.uses.blocked |= self.is_in(other),
                }
            }
            return;
        }
        match kind {
            Kind::Unify(left, right) => [left, right].into_iter().for_each(|it| self.inside(it)),
            Kind::Term(term) => self.inside(term),
            Kind::Not(inner) => self.negation(inner),
            Kind::Every(every) => {
                self.uses.blocked |= self.is_in(&every.domain);
                self.closure(&every.body);
            }
        }
    }

    /// A side of an equation inside `not`: there a reference may be undefined; in a key it is evaluated before.
    fn inside(&mut self, term: &Term) {
        match term {
            Term::Var(var) if *var == self.var => self.uses.lenient += 1,
            Term::Ref(head, path) if !path.iter().any(|key| self.is_in(key)) => {
                if let Head::Term(term) = &**head {
                    self.inside(term);
                }
            }
            other => self.uses.blocked |= self.is_in(other),
        }
    }

    /// A body of its own. Under modifiers of its own another term would be another value.
    fn closure(&mut self, body: &[Expr]) {
        for expr in body {
            let mut count = 0;
            expr.terms(&mut |term| count += usize::from(*term == Term::Var(self.var)));
            self.uses.lenient += count;
            self.uses.blocked |= count > 0 && !expr.with.is_empty();
            expr.terms(&mut |term| {
                if let Some(body) = body_of(term) {
                    body.iter().for_each(|expr| {
                        let mut is_there = false;
                        expr.terms(&mut |it| is_there |= *it == Term::Var(self.var));
                        self.uses.blocked |= is_there && !expr.with.is_empty();
                    });
                }
            });
        }
    }

    fn head(&mut self, head: &Head, visit: fn(&mut Search, &Term)) {
        if let Head::Term(term) = head {
            self.uses.heads += usize::from(*term == Term::Var(self.var));
            visit(self, term);
        }
    }

    fn direct(&mut self, term: &Term) {
        match term {
            Term::Var(var) if *var == self.var => {
                self.uses.strict += 1;
                self.uses.direct += 1;
            }
            Term::Ref(head, path) => {
                self.head(head, Search::direct);
                path.iter().for_each(|key| self.nested(key));
            }
            Term::Call(_, arguments) => arguments.iter().for_each(|it| self.direct(it)),
            other => self.nested(other),
        }
    }

    /// Inside a composite or a key.
    fn nested(&mut self, term: &Term) {
        match term {
            Term::Const(_) => {}
            Term::Var(var) => self.uses.strict += usize::from(*var == self.var),
            Term::Array(items) => items.iter().for_each(|it| self.nested(it)),
            Term::Object(entries) => entries.iter().for_each(|(key, value)| {
                self.uses.blocked |= self.is_in(key);
                self.nested(value);
            }),
            Term::Set(items) => items.iter().for_each(|it| self.nested(it)),
            Term::Ref(head, path) => {
                self.head(head, Search::nested);
                path.iter().for_each(|key| self.nested(key));
            }
            Term::Call(_, arguments) => arguments.iter().for_each(|it| self.nested(it)),
            Term::ArrayComprehension(value, body) | Term::SetComprehension(value, body) => {
                self.uses.blocked |= self.is_in(value);
                self.closure(body);
            }
            Term::ObjectComprehension(entry, body) => {
                self.uses.blocked |= self.is_in(&entry.0) || self.is_in(&entry.1);
                self.closure(body);
            }
        }
    }

    fn is_in(&self, term: &Term) -> bool {
        let mut found = false;
        term.terms(&mut |it| found |= *it == Term::Var(self.var));
        found
    }
}

fn body_of(term: &Term) -> Option<&[Expr]> {
    match term {
        Term::ArrayComprehension(_, body)
        | Term::SetComprehension(_, body)
        | Term::ObjectComprehension(_, body) => Some(body),
        _ => None,
    }
}
