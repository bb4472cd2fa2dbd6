//! Bodies and their expressions: `some`, `every`, `with`, assignments.

use crate::syntax::ast::{Assign, Body, Expr, ExprKind, Name, Term, TermKind, With};
use crate::syntax::errors;
use crate::syntax::keywords::Keyword;
use crate::syntax::parser::{Failed, Parsed, Parser};
use crate::syntax::token::{Kind, Token};

impl Parser<'_> {
    /// `{ … }` as a body.
    pub(super) fn block(&mut self) -> Parsed<Body> {
        self.nested(|p| {
            let open = p.expect(Kind::OpenBrace, "expected {")?;
            let body = p.rest_of_block(open);
            if body.is_err() {
                p.blame_open(open);
            }
            body
        })
    }

    fn rest_of_block(&mut self, open: Token) -> Parsed<Body> {
        let exprs = self.exprs(Kind::CloseBrace, open.depth + 1)?;
        self.expect(Kind::CloseBrace, "")?;
        Ok(Body { span: self.span_from(open.start), exprs })
    }

    /// Where the text ends inside a block, the message shows the innermost brace that is open.
    fn blame_open(&mut self, open: Token) {
        let (here, open) = (self.span_of(self.token()), self.span_of(open));
        if self.at(Kind::Eof)
            && let Some(last) = self.diagnostics.pop()
        {
            let is_here = last.span() == Some(here) && last.labels.len() == 1;
            self.diagnostics.push(if is_here { last.also(open, "opened here") } else { last });
        }
    }

    /// The expressions up to a closing token, which is left. `depth` is the number of brackets around them.
    pub(in crate::syntax) fn exprs(&mut self, close: Kind, depth: u32) -> Parsed<Vec<Expr>> {
        let mut exprs = Vec::new();
        if self.at(close) {
            let here = self.span_of(self.token());
            let failed = self.fail(errors::empty_body(here));
            return if self.trials > 0 { Err(failed) } else { Ok(exprs) };
        }
        loop {
            let start = self.at;
            match self.expr_with_end(close) {
                Ok(expr) => exprs.push(expr),
                Err(failed) if self.trials > 0 => return Err(failed),
                Err(failed) => exprs.push(self.skip_expr(start, depth, close, failed)?),
            }
            let has_separator = self.eat(Kind::Semicolon);
            if self.at(close) && !has_separator {
                return Ok(exprs);
            }
        }
    }

    /// An expression with what may follow it: a semicolon, the end, or a new line.
    fn expr_with_end(&mut self, close: Kind) -> Parsed<Expr> {
        let is_at_margin = self.at_margin();
        let expr = self.literal()?;
        let token = self.token();
        let is_ended = token.kind == Kind::Semicolon || token.kind == close;
        if is_ended || (token.newline && token.kind != Kind::Eof) {
            return Ok(expr);
        }
        let failed = self.unexpected(&format!("expected \\n or ; or {}", close.name()));
        let looks_like_rule =
            is_at_margin && close == Kind::CloseBrace && self.at_keyword(Keyword::If);
        if let Some(diagnostic) = self.diagnostics.last_mut().filter(|_| looks_like_rule) {
            diagnostic.help =
                Some("if this is a new rule, close the body above it with `}`".to_owned());
        }
        Err(failed)
    }

    /// Gives an expression up and goes to the next one, if the body goes on.
    fn skip_expr(&mut self, start: usize, depth: u32, close: Kind, failed: Failed) -> Parsed<Expr> {
        let first = self.tokens.get(start).copied().unwrap_or_else(|| self.token());
        if self.at == start && !self.at(close) {
            self.bump();
        }
        self.recover_in_body(depth, first);
        let is_over = self.at(Kind::Eof) || self.token().depth < depth || self.at_margin();
        if is_over && !self.at(close) && depth > 0 {
            return Err(failed);
        }
        let span = self.span_from(first.start);
        let term = Term { span, kind: TermKind::Error };
        Ok(Expr { span, negated: false, kind: ExprKind::Term(term), with: Vec::new() })
    }

    /// One expression of a body, with `not` and `with`.
    pub(super) fn literal(&mut self) -> Parsed<Expr> {
        if self.at_keyword_ref() {
            self.name_here();
            return self.logical();
        }
        match self.keyword() {
            Some(Keyword::Some) => self.some(),
            Some(Keyword::Every) => self.every(),
            _ => self.logical(),
        }
    }

    pub(super) fn expr_from(&self, start: u32, kind: ExprKind) -> Expr {
        Expr { span: self.span_from(start), negated: false, kind, with: Vec::new() }
    }

    /// A term, or two with `=` or `:=` between them.
    pub(super) fn plain(&mut self) -> Parsed<Expr> {
        let start = self.token().start;
        let lhs = self.term()?;
        let sign = match self.token().kind {
            Kind::Declare => Assign::Declare,
            Kind::Unify => Assign::Unify,
            _ => return Ok(self.expr_from(start, ExprKind::Term(lhs))),
        };
        self.bump();
        let rhs = self.term()?;
        Ok(self.expr_from(start, ExprKind::Assign(sign, Box::new(lhs), Box::new(rhs))))
    }

    /// Any number of `with target as value`.
    pub(super) fn opt_with(&mut self, mut expr: Expr) -> Parsed<Expr> {
        while self.at_keyword(Keyword::With) && !self.at_keyword_ref() {
            let start = self.bump().start;
            if !self.at(Kind::Ident) || self.keyword().is_some() {
                return Err(self.unexpected("expected ident"));
            }
            let target = self.primary()?;
            if !matches!(target.kind, TermKind::Var(_) | TermKind::Ref(_)) {
                return Err(self.fail(errors::expected(target.span, "expected with target path")));
            }
            if !self.at_keyword(Keyword::As) {
                return Err(self.unexpected("expected as keyword"));
            }
            self.bump();
            let value = self.term()?;
            expr.with.push(With { span: self.span_from(start), target, value });
            expr.span = expr.span.to(self.span_from(start));
        }
        Ok(expr)
    }

    /// `some x, y` or `some k, v in xs`
    fn some(&mut self) -> Parsed<Expr> {
        let start = self.bump().start;
        let mark = self.mark();
        if let Ok(term) = self.trial(|p| p.term()) {
            let span = term.span;
            match unwrap_parens(term).kind {
                TermKind::In { key, value, collection } => {
                    let kind = ExprKind::SomeIn {
                        key: key.map(|key| *key),
                        value: *value,
                        collection: *collection,
                    };
                    let expr = self.expr_from(start, kind);
                    return self.opt_with(expr);
                }
                TermKind::Call(..) | TermKind::Infix(..) => {
                    return Err(self.fail(errors::expected(
                        span,
                        "expected `x in xs` or `x, y in xs` expression",
                    )));
                }
                _ => {}
            }
        }
        self.reset(&mark);
        let mut names = Vec::new();
        loop {
            let token = self.token();
            if token.kind != Kind::Ident || self.keyword().is_some() {
                return Err(self.unexpected("expected var"));
            }
            self.bump();
            names.push(Name { span: self.span_of(token), text: self.text_of(token).to_owned() });
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        let expr = self.expr_from(start, ExprKind::SomeVars(names));
        self.hint_at_missing_in();
        Ok(expr)
    }

    /// In v0, `some x in xs` without the import fails at `in`: says what is missing.
    fn hint_at_missing_in(&mut self) {
        let token = self.token();
        if !token.newline
            && token.kind == Kind::Ident
            && self.text_of(token) == "in"
            && !self.keywords.in_
        {
            let diagnostic = errors::unexpected(
                self.span_of(token),
                "identifier",
                false,
                "expected \\n or ; or }",
            )
            .help("`import future.keywords.in` for `some x in xs` expressions");
            self.diagnostics.push(diagnostic);
            // The rest of the expression has nothing new to say.
            while !self.at(Kind::Eof) && !self.token().newline && !self.at(Kind::CloseBrace) {
                self.bump();
            }
        }
    }

    /// `every k, v in xs { … }`
    fn every(&mut self) -> Parsed<Expr> {
        let start = self.bump().start;
        let term = self.term()?;
        let span = term.span;
        let TermKind::In { key, value, collection } = unwrap_parens(term).kind else {
            return Err(
                self.fail(errors::expected(span, "expected `x[, y] in xs { ... }` expression"))
            );
        };
        let is_variable = |term: &Term| match &term.kind {
            TermKind::Var(name) => !matches!(name.as_str(), "input" | "data"),
            _ => false,
        };
        if let Some(key) = key.as_ref().filter(|key| !is_variable(key)) {
            return Err(self.fail(errors::expected(key.span, "expected key to be a variable")));
        }
        if !is_variable(&value) {
            return Err(self.fail(errors::expected(value.span, "expected value to be a variable")));
        }
        if !self.at(Kind::OpenBrace) {
            let span = self.span_from(start);
            return Err(self.fail(
                errors::expected(span, "missing body").help("write `{ … }` behind the domain"),
            ));
        }
        let body = self.block()?;
        let kind =
            ExprKind::Every { key: key.map(|key| *key), value: *value, domain: *collection, body };
        let expr = self.expr_from(start, kind);
        self.opt_with(expr)
    }
}

fn unwrap_parens(mut term: Term) -> Term {
    while let TermKind::Parens(inner) = term.kind {
        term = *inner;
    }
    term
}
