//! Arrays, objects, sets and comprehensions.
//!
//! `{a | b}` may be a comprehension or a set with one union in it. Rego takes it for a comprehension wherever it can be
//! read as one; only if a comma follows (`{a | b, c}`) is it a list.

use crate::syntax::ast::{Body, Term, TermKind};
use crate::syntax::parser::{Parsed, Parser};
use crate::syntax::token::Kind;

impl Parser<'_> {
    /// `[…]`
    pub(super) fn array(&mut self) -> Parsed<Term> {
        let open = self.bump();
        if self.eat(Kind::CloseBracket) {
            return Ok(self.term_from(open.start, TermKind::Array(Vec::new())));
        }
        let may_comprehend = !self.eat(Kind::Comma);
        let start = self.token().start;
        let head = self.primary()?;
        if may_comprehend
            && let Some(body) = self.opt_comprehension(Kind::CloseBracket, open.depth + 1)?
        {
            return Ok(
                self.term_from(open.start, TermKind::ArrayComprehension(Box::new(head), body))
            );
        }
        let first = self.rest_in_list(head, start)?;
        let items = self.rest_of_list(Kind::CloseBracket, first)?;
        Ok(self.term_from(open.start, TermKind::Array(items)))
    }

    /// `{…}`
    pub(super) fn set_or_object(&mut self) -> Parsed<Term> {
        let open = self.bump();
        if self.eat(Kind::CloseBrace) {
            return Ok(self.term_from(open.start, TermKind::Object(Vec::new())));
        }
        let may_comprehend = !self.eat(Kind::Comma);
        let start = self.token().start;
        let head = self.primary()?;
        if may_comprehend
            && let Some(body) = self.opt_comprehension(Kind::CloseBrace, open.depth + 1)?
        {
            return Ok(self.term_from(open.start, TermKind::SetComprehension(Box::new(head), body)));
        }
        let first = if self.at(Kind::Colon) { head } else { self.rest_in_list(head, start)? };
        match self.token().kind {
            Kind::Colon => {
                let kind = self.object(first, may_comprehend, open.depth + 1)?;
                Ok(self.term_from(open.start, kind))
            }
            Kind::Comma | Kind::CloseBrace => {
                let items = self.rest_of_list(Kind::CloseBrace, first)?;
                Ok(self.term_from(open.start, TermKind::Set(items)))
            }
            _ => Err(self.unexpected("non-terminated set")),
        }
    }

    /// From the first colon of an object to its end.
    fn object(&mut self, key: Term, may_comprehend: bool, depth: u32) -> Parsed<TermKind> {
        self.bump();
        let start = self.token().start;
        let value = self.primary()?;
        if may_comprehend && let Some(body) = self.opt_comprehension(Kind::CloseBrace, depth)? {
            return Ok(TermKind::ObjectComprehension(Box::new(key), Box::new(value), body));
        }
        let value = self.rest_in_list(value, start)?;
        let mut pairs = vec![(key, value)];
        loop {
            match self.token().kind {
                Kind::Comma => self.bump(),
                Kind::CloseBrace => break,
                _ if pairs.len() == 1 => return Err(self.unexpected("non-terminated object")),
                _ => return Err(self.unexpected("expected \",\" or \"}\"")),
            };
            if self.at(Kind::CloseBrace) {
                break;
            }
            let key = self.term_in_list()?;
            self.expect(Kind::Colon, "expected \":\"")?;
            pairs.push((key, self.term_in_list()?));
        }
        self.bump();
        Ok(TermKind::Object(pairs))
    }

    /// `| body` and the closing bracket, unless a comma shows that the `|` is an operator.
    fn opt_comprehension(&mut self, close: Kind, depth: u32) -> Parsed<Option<Body>> {
        if !self.at(Kind::Pipe) {
            return Ok(None);
        }
        let mark = self.mark();
        self.bump();
        let outcome = self.trial(|p| {
            let start = p.token().start;
            let exprs = p.exprs(close, depth)?;
            let body = Body { span: p.span_from(start), exprs };
            p.expect(close, "")?;
            Ok(body)
        });
        match outcome {
            Ok(body) => Ok(Some(body)),
            Err(_) if self.at(Kind::Comma) => {
                self.reset(&mark);
                Ok(None)
            }
            Err(failed) => Err(failed),
        }
    }

    /// What follows a list's first element, the closing bracket included.
    fn rest_of_list(&mut self, close: Kind, first: Term) -> Parsed<Vec<Term>> {
        if self.eat(close) {
            return Ok(vec![first]);
        }
        if !self.eat(Kind::Comma) {
            return Err(self.expected_in_list(close));
        }
        self.list(close, vec![first])
    }

    /// Terms and commas up to the closing bracket, which is stepped over. A comma before it is allowed.
    pub(super) fn list(&mut self, close: Kind, mut items: Vec<Term>) -> Parsed<Vec<Term>> {
        while !self.at(close) {
            items.push(self.term_in_list()?);
            if !self.at(close) && !self.eat(Kind::Comma) {
                return Err(self.expected_in_list(close));
            }
        }
        self.bump();
        Ok(items)
    }

    fn expected_in_list(&mut self, close: Kind) -> crate::syntax::parser::Failed {
        self.unexpected(&format!("expected \",\" or \"{}\"", close.name()))
    }
}
