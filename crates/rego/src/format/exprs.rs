//! Bodies and their expressions.

use super::operators::{Infix, infix, infix_term};
use super::source::{CURLY, newlines};
use super::writer::{Writer, Written};
use crate::tree::{Every, Expr, Location, Logical, Operand, Term, Terms, Value, With};

impl Writer<'_> {
    /// Expressions, each in its line; lines left blank between them become one.
    ///
    /// Only a comment above the first can clash: what clashes inside an expression is settled there.
    pub(super) fn body(&mut self, body: &[Expr]) -> Written {
        if let Some(first) = body.first() {
            self.insert_comments_at(first.location)?;
        }
        let mut last: Option<Location> = None;
        for expr in body {
            if last.is_some_and(|it| self.source.row(expr.location) > self.source.last_row(it) + 1)
            {
                self.blank_line();
            }
            last = Some(expr.location);
            self.start_line();
            let _ = self.expr(expr);
            self.end_line();
        }
        Ok(())
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Written {
        self.insert_comments_at(expr.location)?;
        self.continue_line();
        if expr.negated {
            self.write("not ");
        }
        let terms = self.terms(expr);
        terms.and(self.withs(expr))
    }

    fn terms(&mut self, expr: &Expr) -> Written {
        let here = self.without_with(expr);
        match &expr.terms {
            Terms::Term(it) => self.term(it),
            Terms::Call(call) => {
                let start = call.first().and_then(|it| it.location);
                match infix(call) {
                    Some(Infix::Binary(sign, lhs, rhs)) => self.binary(sign, lhs, rhs),
                    Some(Infix::In(value, items)) => {
                        self.unit(here, |it| it.member_of(value, items))
                    }
                    Some(Infix::KeyIn(key, value, items)) => {
                        self.unit(here, |it| it.key_member_of(key, value, items))
                    }
                    None => {
                        let start = start.map_or(here.start, |it| it.start);
                        let place = Location { at: start, start, end: here.end };
                        self.unit(place, |it| it.plain_call(call))
                    }
                }
            }
            Terms::Some { location, symbols } => self.unit(here, |it| it.some(*location, symbols)),
            Terms::Every(every) => self.unit(here, |it| it.every(every, expr.location)),
            Terms::Not { body, is_explicit } => {
                self.unit(here, |it| it.not(body, *is_explicit, expr.location))
            }
            Terms::Logical(logical) => self.unit(here, |it| it.logical(logical)),
        }
    }

    /// An expression's place without its modifiers.
    fn without_with(&self, expr: &Expr) -> Location {
        let Some(with) = expr.with.first().filter(|it| it.location.start > expr.location.start)
        else {
            return expr.location;
        };
        let text = self.source.slice(expr.location.start, with.location.start);
        let end = expr.location.start + text.trim_end().len() as u32;
        Location { end, ..expr.location }
    }

    /// Two terms with a sign between them. Both are written even if comments clash in the first.
    fn binary(&mut self, sign: &'static str, lhs: &Term, rhs: &Term) -> Written {
        let tightness = Infix::Binary(sign, lhs, rhs).tightness();
        let loosest = |it: &Term| infix_term(it).map_or(u8::MAX, |it| it.tightness());
        let is_operation = tightness > 0;
        let first = self.in_parens(is_operation && loosest(lhs) < tightness, |it| it.term(lhs));
        self.sign(sign);
        let second = self.in_parens(is_operation && loosest(rhs) <= tightness, |it| it.term(rhs));
        first.and(second)
    }

    /// The modifiers, each in a line of its own where the source has it so.
    fn withs(&mut self, expr: &Expr) -> Written {
        let terms = self.without_with(expr);
        let mut row = self.source.row(terms) + newlines(self.source.text(terms));
        let mut is_deeper = false;
        let mut outcome = Ok(());
        for with in &expr.with {
            let with_row = self.source.row(with.location);
            let is_below = with_row > row;
            if is_below {
                if !is_deeper {
                    self.up();
                    is_deeper = true;
                }
                self.end_line();
                self.start_line();
                row = with_row;
            }
            outcome = outcome.and(self.with(with, is_below));
        }
        if is_deeper {
            self.down();
        }
        outcome
    }

    fn with(&mut self, with: &With, is_in_own_line: bool) -> Written {
        self.insert_comments_at(with.location)?;
        if !is_in_own_line {
            self.write(" ");
        }
        self.write("with ");
        let target = self.term(&with.target);
        self.write(" as ");
        let _ = self.term(&with.value);
        target
    }

    fn some(&mut self, at: Location, symbols: &[Term]) -> Written {
        self.insert_comments_at(at)?;
        self.write("some ");
        let mut row = self.source.row(at);
        for (place, symbol) in symbols.iter().enumerate() {
            if let Value::Call(call) = &symbol.value {
                match infix(call) {
                    Some(Infix::In(value, items)) => self.member_of(value, items)?,
                    Some(Infix::KeyIn(key, value, items)) => {
                        self.key_member_of(key, value, items)?;
                    }
                    _ => self.term(symbol)?,
                }
                continue;
            }
            let symbol_row = self.source.term_row(symbol);
            if symbol_row > row {
                self.end_line();
                self.start_line();
                self.write("\t");
                row = symbol_row;
            } else if place > 0 {
                self.write(" ");
            }
            self.term(symbol)?;
            if place + 1 < symbols.len() {
                self.write(",");
            }
        }
        Ok(())
    }

    fn every(&mut self, every: &Every, at: Location) -> Written {
        self.insert_comments_at(at)?;
        self.write("every ");
        if let Some(key) = &every.key {
            self.term(key)?;
            self.write(", ");
        }
        self.term(&every.value)?;
        self.write(" in ");
        self.term(&every.domain)?;
        self.write(" ");
        self.braced(&every.body, at, at)
    }

    /// A body in braces. A single expression in the line of `head` has spaces around it.
    fn braced(&mut self, body: &[Expr], head: Location, at: Location) -> Written {
        self.write("{");
        // Comments that clash here belong to what is around.
        let outcome = self.inner_body(CURLY, body, head, at);
        if let [only] = body
            && self.source.row(only.location) == self.source.row(head)
        {
            self.write(" ");
        }
        self.write("}");
        outcome
    }

    fn not(&mut self, body: &[Expr], is_explicit: bool, at: Location) -> Written {
        self.insert_comments_at(at)?;
        self.write("not ");
        match body {
            [only] if !is_explicit => self.expr(only),
            _ => self.braced(body, at, at),
        }
    }

    fn logical(&mut self, logical: &Logical) -> Written {
        self.operand(&logical.lhs, logical.operator)?;
        self.sign(logical.operator);
        self.operand(&logical.rhs, logical.operator)
    }

    /// A side of `and` or `or`: in parentheses where it would be read otherwise without.
    fn operand(&mut self, operand: &Operand, operator: &str) -> Written {
        match operand.body.as_slice() {
            [only] if !operand.is_explicit => {
                let is_other = matches!(&only.terms, Terms::Logical(it) if it.operator != operator);
                let in_parens = !only.with.is_empty() || is_other;
                self.in_parens(in_parens, |it| it.expr(only))
            }
            body => {
                let at =
                    body.first().map_or(Location { at: 0, start: 0, end: 0 }, |it| it.location);
                self.braced(body, at, at)
            }
        }
    }
}
