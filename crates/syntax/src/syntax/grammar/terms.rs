//! Terms: operators by precedence, references, calls, scalars, template strings.

use palisade_diag::Span;

use crate::syntax::ast::{Assign, ExprKind, Infix, Ref, TemplatePart, Term, TermKind};
use crate::syntax::errors;
use crate::syntax::keywords::Keyword;
use crate::syntax::literal::{number_fault, unescape, unescape_raw_template};
use crate::syntax::parser::{Parsed, Parser};
use crate::syntax::token::{Kind, Token};

/// How tightly comparisons bind; `|`, `&`, sums and products each bind one level tighter.
const COMPARISON: u8 = 1;

impl Parser<'_> {
    /// A term with all operators, `k, v in xs` included.
    pub(in crate::syntax) fn term(&mut self) -> Parsed<Term> {
        self.beside(|p| {
            let start = p.token().start;
            let lhs = p.operators(COMPARISON)?;
            let lhs = p.opt_key_value_in(lhs, start)?;
            p.membership(lhs, start)
        })
    }

    /// A term in a list, where a comma ends it.
    pub(super) fn term_in_list(&mut self) -> Parsed<Term> {
        self.beside(|p| {
            let start = p.token().start;
            let first = p.primary()?;
            p.rest_in_list(first, start)
        })
    }

    /// The operators behind a list's element whose first operand has been read.
    pub(super) fn rest_in_list(&mut self, first: Term, start: u32) -> Parsed<Term> {
        let lhs = self.operators_behind(first, COMPARISON, start)?;
        self.membership(lhs, start)
    }

    /// `, v in xs` behind a key. A comma that starts no such thing is left alone.
    fn opt_key_value_in(&mut self, key: Term, start: u32) -> Parsed<Term> {
        if !self.at(Kind::Comma) || !self.keywords.in_ {
            return Ok(key);
        }
        let mark = self.mark();
        self.bump();
        let value = self.trial(|p| p.operators(COMPARISON));
        match value {
            Ok(value) if self.at_keyword(Keyword::In) => {
                self.bump();
                let collection = self.operators(COMPARISON)?;
                self.grow()?;
                let kind = TermKind::In {
                    key: Some(Box::new(key)),
                    value: Box::new(value),
                    collection: Box::new(collection),
                };
                Ok(self.term_from(start, kind))
            }
            _ => {
                self.reset(&mark);
                Ok(key)
            }
        }
    }

    /// Any number of `in xs`.
    fn membership(&mut self, mut value: Term, start: u32) -> Parsed<Term> {
        while self.at_keyword(Keyword::In) && !self.at_keyword_ref() {
            self.bump();
            let collection = self.operators(COMPARISON)?;
            self.grow()?;
            let kind = TermKind::In {
                key: None,
                value: Box::new(value),
                collection: Box::new(collection),
            };
            value = self.term_from(start, kind);
        }
        Ok(value)
    }

    fn operators(&mut self, level: u8) -> Parsed<Term> {
        let start = self.token().start;
        let first = self.primary()?;
        self.operators_behind(first, level, start)
    }

    /// The operators of at least this level behind a first operand. All of them associate to the left.
    fn operators_behind(&mut self, mut lhs: Term, level: u8, start: u32) -> Parsed<Term> {
        while let Some((operator, tightness)) = infix(self.token().kind)
            && tightness >= level
        {
            self.bump();
            let rhs = self.operators(tightness + 1)?;
            self.grow()?;
            lhs = self.term_from(start, TermKind::Infix(operator, Box::new(lhs), Box::new(rhs)));
        }
        Ok(lhs)
    }

    pub(super) fn term_from(&self, start: u32, kind: TermKind) -> Term {
        Term { span: self.span_from(start), kind }
    }

    /// A term without operators, with the accesses and calls that follow it without space.
    pub(in crate::syntax) fn primary(&mut self) -> Parsed<Term> {
        let token = self.token();
        let head = match token.kind {
            Kind::Ident => self.word()?,
            Kind::Number | Kind::Dot => self.number(token.start)?,
            Kind::Minus if self.peek(1).kind == Kind::Ident => return self.negative(),
            Kind::Minus => self.number(token.start)?,
            Kind::String | Kind::RawString => self.string()?,
            Kind::Template { first: true, .. } => self.nested(Self::template)?,
            Kind::OpenBracket => self.nested(|p| p.remembered(Self::array))?,
            Kind::OpenBrace => self.nested(|p| p.remembered(Self::set_or_object))?,
            Kind::OpenParen => self.nested(|p| p.remembered(Self::parens))?,
            _ => return Err(self.unexpected("")),
        };
        self.accesses(head, token.start)
    }

    /// `-x`: what OPA reads as `0 - x`.
    fn negative(&mut self) -> Parsed<Term> {
        let minus = self.bump();
        let zero = Term { span: self.span_of(minus), kind: TermKind::Number("0".to_owned()) };
        let start = self.token().start;
        let name = self.word()?;
        let operand = self.accesses(name, start)?;
        self.grow()?;
        Ok(self.term_from(
            minus.start,
            TermKind::Infix(Infix::Minus, Box::new(zero), Box::new(operand)),
        ))
    }

    /// A variable or one of the constants that are words.
    fn word(&mut self) -> Parsed<Term> {
        let token = self.token();
        let is_call = self.peek(1).kind == Kind::OpenParen && self.peek(1).start == token.end;
        let kind = match self.keyword() {
            Some(_) if self.is_name_here() => TermKind::Var(self.text_of(token).to_owned()),
            Some(Keyword::Null) => TermKind::Null,
            Some(Keyword::True) => TermKind::Boolean(true),
            Some(Keyword::False) => TermKind::Boolean(false),
            // The built-ins of these names stay usable.
            Some(Keyword::And | Keyword::Or) if is_call => {
                TermKind::Var(self.text_of(token).to_owned())
            }
            None | Some(Keyword::Contains) => TermKind::Var(self.text_of(token).to_owned()),
            Some(_) => return Err(self.unexpected("")),
        };
        self.bump();
        Ok(Term { span: self.span_of(token), kind })
    }

    /// A number, with its sign. `.5` becomes `0.5`, so that the text is a JSON number.
    fn number(&mut self, start: u32) -> Parsed<Term> {
        let sign = if self.eat(Kind::Minus) { "-" } else { "" };
        let point = if self.eat(Kind::Dot) { "0." } else { "" };
        if !self.at(Kind::Number) {
            return Err(self.unexpected("expected number"));
        }
        let token = self.bump();
        let digits = self.text_of(token);
        let fault = if point.is_empty() {
            number_fault(digits)
        } else if digits.contains('.') {
            Some("invalid float")
        } else {
            number_fault(digits.trim_start_matches('0'))
        };
        let span = self.span_from(start);
        if let Some(fault) = fault {
            return Err(self.fail(errors::invalid_number(span, fault)));
        }
        Ok(Term { span, kind: TermKind::Number(format!("{sign}{point}{digits}")) })
    }

    fn string(&mut self) -> Parsed<Term> {
        let token = self.bump();
        let written = self.text_of(token);
        let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        let raw = token.kind == Kind::RawString;
        let text = if raw { Some(inner.to_owned()) } else { unescape(inner, false) };
        match text {
            Some(text) => {
                Ok(Term { span: self.span_of(token), kind: TermKind::String { text, raw } })
            }
            None => Err(self.fail(errors::illegal_string(self.span_of(token), written))),
        }
    }

    /// `$"…{x}…"`
    fn template(&mut self) -> Parsed<Term> {
        let start = self.token();
        if !self.language.templates {
            return Err(self.fail_here(errors::template_unsupported));
        }
        let mut parts = Vec::new();
        let is_raw = loop {
            let token = self.bump();
            let Kind::Template { last, raw, .. } = token.kind else {
                return Err(self.unexpected("expected template-string part"));
            };
            self.template_text(token, raw, &mut parts)?;
            if last {
                break raw;
            }
            parts.push(self.template_expr()?);
            if !matches!(self.token().kind, Kind::Template { first: false, .. }) {
                let message = "expected } to end template string expression";
                return Err(self.fail_here(|here| errors::invalid_template(here, message)));
            }
        };
        Ok(self.term_from(start.start, TermKind::Template { parts, raw: is_raw }))
    }

    fn template_text(
        &mut self,
        token: Token,
        raw: bool,
        parts: &mut Vec<TemplatePart>,
    ) -> Parsed<()> {
        let written = self.text_of(token);
        let opening = if matches!(token.kind, Kind::Template { first: true, .. }) { 2 } else { 1 };
        let inner = written.get(opening..written.len().saturating_sub(1)).unwrap_or_default();
        let text = if raw { Some(unescape_raw_template(inner)) } else { unescape(inner, true) };
        match text {
            Some(text) if text.is_empty() => Ok(()),
            Some(text) => {
                parts.push(TemplatePart::Text(text));
                Ok(())
            }
            // An escape that is none has been reported where it stands.
            None if !inner.bytes().any(|it| it < b' ') => Ok(()),
            None => Err(self.fail(errors::illegal_string(self.span_of(token), written))),
        }
    }

    fn template_expr(&mut self) -> Parsed<TemplatePart> {
        if matches!(self.token().kind, Kind::Template { first: false, .. }) {
            let span = self.span_of(self.token());
            return Err(
                self.fail(errors::invalid_template(span, "invalid template-string expression"))
            );
        }
        let expr = self.literal()?;
        let fault = match &expr.kind {
            _ if expr.negated => "unexpected negation ('not') in template-string expression",
            ExprKind::Assign(Assign::Unify, ..) => {
                "unexpected unification ('=') in template-string expression"
            }
            ExprKind::Assign(..) => "unexpected assignment (':=') in template-string expression",
            ExprKind::Every { .. } => "unexpected 'every' in template-string expression",
            ExprKind::SomeVars(_) | ExprKind::SomeIn { .. } => {
                "unexpected 'some' in template-string expression"
            }
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Body(_) => {
                "invalid template-string expression"
            }
            ExprKind::Term(_) => return Ok(TemplatePart::Expr(Box::new(expr))),
        };
        Err(self.fail(errors::invalid_template(expr.span, fault)))
    }

    fn parens(&mut self) -> Parsed<Term> {
        let open = self.bump();
        let inner = self.term()?;
        if !self.at(Kind::CloseParen) {
            let open = self.span_of(open);
            return Err(
                self.fail_here(|here| errors::unclosed(here, "non-terminated expression", open))
            );
        }
        self.bump();
        Ok(self.term_from(open.start, TermKind::Parens(Box::new(inner))))
    }

    /// The accesses and calls that follow without space: `.a`, `[b]`, `(c)`.
    fn accesses(&mut self, mut head: Term, start: u32) -> Parsed<Term> {
        let mut path = Vec::new();
        let mut is_call = false;
        while self.is_adjacent() {
            match self.token().kind {
                Kind::Dot | Kind::OpenBracket => {
                    if let Some(sort) = not_accessible(&head.kind) {
                        return Err(self.fail(errors::illegal_ref(head.span, sort)));
                    }
                    path.push(self.access()?);
                }
                Kind::OpenParen if !is_call || !path.is_empty() => {
                    let callee = self.reference(head, std::mem::take(&mut path), start);
                    head = self.call(callee, start)?;
                    is_call = true;
                    self.grow()?;
                }
                _ => break,
            }
        }
        Ok(self.reference(head, path, start))
    }

    /// `.a` or `[b]`
    pub(super) fn access(&mut self) -> Parsed<Term> {
        if self.eat(Kind::Dot) {
            let token = self.token();
            if !self.is_adjacent() && token.kind != Kind::Eof {
                let here = self.span_from(self.last_end());
                let gap = Span { end: token.start, ..here };
                return Err(self.fail(errors::unexpected(
                    gap,
                    "whitespace",
                    false,
                    "expected identifier",
                )));
            }
            if token.kind != Kind::Ident {
                return Err(self.unexpected("expected identifier"));
            }
            if self.keyword().is_some() && !self.language.keywords_in_refs {
                let word = self.text_of(token);
                return Err(self.fail_here(|here| errors::keyword_in_ref_unsupported(here, word)));
            }
            self.bump();
            let text = self.text_of(token).to_owned();
            return Ok(Term {
                span: self.span_of(token),
                kind: TermKind::String { text, raw: false },
            });
        }
        self.nested(|p| {
            p.bump();
            let key = p.term()?;
            p.expect(Kind::CloseBracket, "expected ]")?;
            Ok(key)
        })
    }

    fn reference(&self, head: Term, path: Vec<Term>, start: u32) -> Term {
        if path.is_empty() {
            return head;
        }
        let span = self.span_from(start);
        Term { span, kind: TermKind::Ref(Ref { span, head: Box::new(head), path }) }
    }

    /// The call of a name: from `(` to `)`.
    fn call(&mut self, callee: Term, start: u32) -> Parsed<Term> {
        let is_name = match &callee.kind {
            TermKind::Var(_) => true,
            TermKind::Ref(it) => matches!(it.head.kind, TermKind::Var(_)),
            _ => false,
        };
        if !is_name {
            return Err(self.unexpected("only functions can be called"));
        }
        let args = self.nested(|p| {
            p.bump();
            p.list(Kind::CloseParen, Vec::new())
        })?;
        let is_set =
            args.is_empty() && matches!(&callee.kind, TermKind::Var(name) if name == "set");
        let kind =
            if is_set { TermKind::Set(args) } else { TermKind::Call(Box::new(callee), args) };
        Ok(self.term_from(start, kind))
    }
}

/// The operator that a token is, and how tightly it binds.
fn infix(kind: Kind) -> Option<(Infix, u8)> {
    Some(match kind {
        Kind::Equal => (Infix::Equal, COMPARISON),
        Kind::NotEqual => (Infix::NotEqual, COMPARISON),
        Kind::Less => (Infix::Less, COMPARISON),
        Kind::LessEqual => (Infix::LessEqual, COMPARISON),
        Kind::Greater => (Infix::Greater, COMPARISON),
        Kind::GreaterEqual => (Infix::GreaterEqual, COMPARISON),
        Kind::Pipe => (Infix::Or, 2),
        Kind::Ampersand => (Infix::And, 3),
        Kind::Plus => (Infix::Plus, 4),
        Kind::Minus => (Infix::Minus, 4),
        Kind::Star => (Infix::Mul, 5),
        Kind::Slash => (Infix::Div, 5),
        Kind::Percent => (Infix::Rem, 5),
        _ => return None,
    })
}

/// What a term is, if nothing can be accessed in it.
fn not_accessible(kind: &TermKind) -> Option<&'static str> {
    match kind {
        TermKind::Null => Some("null"),
        TermKind::Boolean(_) => Some("boolean"),
        TermKind::Number(_) => Some("number"),
        TermKind::String { .. } => Some("string"),
        TermKind::Template { .. } => Some("templatestring"),
        TermKind::Parens(inner) => not_accessible(&inner.kind),
        _ => None,
    }
}
