//! Negation, and the experimental `and` and `or` between expressions.

use crate::syntax::ast::{Body, Expr, ExprKind};
use crate::syntax::errors;
use crate::syntax::keywords::Keyword;
use crate::syntax::parser::{Parsed, Parser};
use crate::syntax::token::Kind;

impl Parser<'_> {
    /// Operands with `and` and `or` between them; a `with` behind belongs to the whole.
    pub(super) fn logical(&mut self) -> Parsed<Expr> {
        let start = self.token().start;
        let first = self.operand(true)?;
        let whole = self.operands_behind(first, start)?;
        let expr = self.opt_with(whole)?;
        if let Some(operator) = self.logical_operator()
            && let Some(with) = expr.with.first()
        {
            let diagnostic = errors::with_on_operand(with.span, operator);
            return Err(self.fail(diagnostic));
        }
        Ok(expr)
    }

    fn logical_operator(&self) -> Option<&'static str> {
        match self.keyword() {
            _ if self.at_keyword_ref() => None,
            Some(Keyword::And) => Some("and"),
            Some(Keyword::Or) => Some("or"),
            _ => None,
        }
    }

    fn has_logical_operators(&self) -> bool {
        self.keywords.and || self.keywords.or
    }

    /// `or` binds less tightly than `and`.
    fn operands_behind(&mut self, first: Expr, start: u32) -> Parsed<Expr> {
        let mut choices = vec![self.and_chain(first, start)?];
        while self.logical_operator() == Some("or") {
            self.bump();
            let start = self.token().start;
            let operand = self.operand(false)?;
            choices.push(self.and_chain(operand, start)?);
        }
        Ok(self.joined(choices, start, ExprKind::Or))
    }

    fn and_chain(&mut self, first: Expr, start: u32) -> Parsed<Expr> {
        let mut parts = vec![first];
        while self.logical_operator() == Some("and") {
            self.bump();
            parts.push(self.operand(false)?);
        }
        Ok(self.joined(parts, start, ExprKind::And))
    }

    fn joined(
        &self,
        mut exprs: Vec<Expr>,
        start: u32,
        join: impl FnOnce(Vec<Expr>) -> ExprKind,
    ) -> Expr {
        match exprs.pop() {
            Some(only) if exprs.is_empty() => only,
            last => {
                exprs.extend(last);
                self.expr_from(start, join(exprs))
            }
        }
    }

    /// One operand, without `with`. Only behind an operator is `{` sure to open a body.
    fn operand(&mut self, is_first: bool) -> Parsed<Expr> {
        self.nested(|p| {
            let start = p.token().start;
            if p.at_keyword(Keyword::Not) && !p.at_keyword_ref() {
                return p.negation(start);
            }
            if p.at(Kind::OpenBrace) && !is_first {
                let body = p.block()?;
                return Ok(p.expr_from(start, ExprKind::Body(body)));
            }
            if p.has_logical_operators() {
                if p.at(Kind::OpenBrace)
                    && let Some(body) = p.opt_first_block()
                {
                    return Ok(p.expr_from(start, ExprKind::Body(body)));
                }
                if p.at(Kind::OpenParen)
                    && let Some(group) = p.opt_group(is_first)
                {
                    return Ok(group);
                }
            }
            p.plain()
        })
    }

    fn negation(&mut self, start: u32) -> Parsed<Expr> {
        self.bump();
        match self.keyword() {
            _ if self.at_keyword_ref() => self.name_here(),
            Some(Keyword::Some) => return Err(self.unexpected("illegal negation of 'some'")),
            Some(Keyword::Every) => return Err(self.unexpected("illegal negation of 'every'")),
            _ => {}
        }
        let kind = if self.keywords.not {
            ExprKind::Body(self.negated_body()?)
        } else {
            self.plain()?.kind
        };
        Ok(Expr { span: self.span_from(start), negated: true, kind, with: Vec::new() })
    }

    /// What improved negation negates: a block, a group, or the one expression, which has the body's own span.
    fn negated_body(&mut self) -> Parsed<Body> {
        if self.at(Kind::OpenBrace) {
            return self.block();
        }
        let group = if self.at(Kind::OpenParen) && self.has_logical_operators() {
            self.opt_group(false)
        } else {
            None
        };
        let expr = match group {
            Some(group) => group,
            None => self.plain()?,
        };
        Ok(Body { span: expr.span, exprs: vec![expr] })
    }

    /// A block at the start of an expression, if an operator shows that it is no set.
    fn opt_first_block(&mut self) -> Option<Body> {
        let mark = self.mark();
        let outcome = self.trial(|p| p.block());
        if let (Ok(body), Some(_)) = (outcome, self.logical_operator()) {
            return Some(body);
        }
        self.reset(&mark);
        None
    }

    /// `(a or b)`, `(a with input as x)`, `(not a)`: parentheses around what is no term.
    fn opt_group(&mut self, is_first: bool) -> Option<Expr> {
        let mark = self.mark();
        let open = self.bump();
        let outcome = self.trial(|p| {
            let expr = p.logical()?;
            p.expect(Kind::CloseParen, "expected ) to close parenthesized group")?;
            Ok(expr)
        });
        let is_group = |expr: &Expr| {
            let is_no_term =
                matches!(expr.kind, ExprKind::And(_) | ExprKind::Or(_)) || expr.negated;
            is_no_term
                || (!expr.with.is_empty() && (!is_first || self.logical_operator().is_some()))
        };
        match outcome {
            Ok(expr) if is_group(&expr) => {
                let span = self.span_from(open.start);
                if expr.with.is_empty() {
                    return Some(Expr { span, ..expr });
                }
                // A `with` behind the group must not be mixed up with those inside.
                Some(self.expr_from(open.start, ExprKind::Body(Body { span, exprs: vec![expr] })))
            }
            _ => {
                self.reset(&mark);
                None
            }
        }
    }
}
