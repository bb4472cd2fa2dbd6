//! Rule heads.

use crate::syntax::ast::{Assign, Head, Term, TermKind};
use crate::syntax::errors;
use crate::syntax::keywords::Keyword;
use crate::syntax::parser::{Parsed, Parser};
use crate::syntax::token::Kind;

impl Parser<'_> {
    /// From the name to the value: `p.q[x]`, `f(x) := y`, `p contains x`.
    pub(super) fn head(&mut self) -> Parsed<Head> {
        let start = self.token().start;
        let path = self.head_path()?;
        let args = self.opt_params()?;
        let mut head = Head {
            span: self.span_from(start),
            path,
            args,
            contains: None,
            value: None,
            assign: None,
            has_if: false,
            is_bracket_set: false,
        };
        self.head_value(&mut head)?;
        head.span = self.span_from(start);
        Ok(head)
    }

    fn head_path(&mut self) -> Parsed<Vec<Term>> {
        let name = self.token();
        let is_name = name.kind == Kind::Ident
            && (self.keyword().is_none()
                || self.at_keyword(Keyword::Contains)
                || self.at_keyword_ref());
        if !is_name {
            return Err(self.unexpected(if name.kind == Kind::Ident {
                ""
            } else {
                "expected rule head name"
            }));
        }
        self.bump();
        let text = self.text_of(name).to_owned();
        let mut path =
            vec![Term { span: self.span_of(name), kind: TermKind::String { text, raw: false } }];
        // Space is allowed behind the name only.
        while matches!(self.token().kind, Kind::Dot | Kind::OpenBracket)
            && (path.len() == 1 || self.is_adjacent())
        {
            path.push(self.access()?);
        }
        Ok(path)
    }

    fn opt_params(&mut self) -> Parsed<Option<Vec<Term>>> {
        if !self.at(Kind::OpenParen) {
            return Ok(None);
        }
        self.bump();
        let params = self.list(Kind::CloseParen, Vec::new())?;
        if self.is_adjacent() && matches!(self.token().kind, Kind::Dot | Kind::OpenBracket) {
            return Err(self.unexpected("expected rule head name"));
        }
        Ok(Some(params))
    }

    fn head_value(&mut self, head: &mut Head) -> Parsed<()> {
        let assign = match self.token().kind {
            Kind::Unify => Assign::Unify,
            Kind::Declare => Assign::Declare,
            _ if self.at_keyword(Keyword::Contains) && !self.at_keyword_ref() => {
                return self.head_member(head);
            }
            _ => return Ok(()),
        };
        self.bump();
        if !self.starts_term() {
            let name = self.text_in(head.span);
            return Err(self.unexpected(&format!(
                "expected rule value term (e.g., {name} := <VALUE> {{ ... }})"
            )));
        }
        head.assign = Some(assign);
        head.value = Some(self.term()?);
        Ok(())
    }

    /// `contains x`
    fn head_member(&mut self, head: &mut Head) -> Parsed<()> {
        let name = self.text_in(head.span);
        if head.args.is_some() {
            return Err(self.unexpected(&format!(
                "the contains keyword can only be used with multi-value rule definitions (e.g., {name} contains <VALUE> {{ ... }})"
            )));
        }
        self.bump();
        if !self.starts_term() {
            return Err(self.unexpected(&format!(
                "expected rule key term (e.g., {name} contains <VALUE> {{ ... }})"
            )));
        }
        head.contains = Some(self.term()?);
        Ok(())
    }

    /// Whether a term can start with the current token.
    fn starts_term(&self) -> bool {
        match self.token().kind {
            Kind::Ident => !matches!(
                self.keyword(),
                Some(
                    Keyword::If
                        | Keyword::Else
                        | Keyword::In
                        | Keyword::Every
                        | Keyword::Some
                        | Keyword::With
                )
            ),
            // What the lexer has reported needs no second message.
            Kind::Error => true,
            Kind::Number | Kind::Dot | Kind::Minus | Kind::String | Kind::RawString => true,
            Kind::Template { first, .. } => first,
            Kind::OpenBrace | Kind::OpenBracket | Kind::OpenParen => true,
            _ => false,
        }
    }
}

/// Reads the last bracket of `p[x]` as the member of a set, where neither `if` nor a value says otherwise.
pub(super) fn read_as_bracket_set(head: &mut Head) {
    let is_plain =
        !head.has_if && head.contains.is_none() && head.value.is_none() && !is_function(head);
    if is_plain && head.path.len() == 2 {
        head.contains = head.path.pop();
        head.is_bracket_set = true;
    }
}

/// Whether the head defines a function. `f()` does not: it is the rule `f`.
pub(super) fn is_function(head: &Head) -> bool {
    head.args.as_ref().is_some_and(|args| !args.is_empty())
}

/// What is wrong with the head of a default rule: its value (`true` where none is written) is constant, and a function
/// takes nothing but variables.
pub(super) fn default_fault(head: &Head) -> Option<String> {
    if head.contains.is_some() {
        return Some("must have a value".to_owned());
    }
    if let Some(sort) = head.value.as_ref().and_then(open_part) {
        return Some(format!("value cannot contain {sort}"));
    }
    let mut seen = Vec::new();
    for arg in head.args.iter().flatten() {
        match &arg.kind {
            TermKind::Var(name) if name == "_" => {}
            TermKind::Var(name) if seen.contains(&name) => {
                return Some(format!("arguments cannot be repeated {name}"));
            }
            TermKind::Var(name) => seen.push(name),
            _ => return Some(format!("arguments cannot contain {}", sort_of(&arg.kind))),
        }
    }
    None
}

/// What there is in a term that is no constant. Comprehensions are closed in themselves.
fn open_part(term: &Term) -> Option<&'static str> {
    match &term.kind {
        TermKind::Var(_) => Some("var"),
        TermKind::Ref(_) => Some("ref"),
        TermKind::Call(..) | TermKind::Infix(..) | TermKind::In { .. } => Some("call"),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().find_map(open_part),
        TermKind::Object(pairs) => {
            pairs.iter().find_map(|(key, value)| open_part(key).or(open_part(value)))
        }
        TermKind::Parens(inner) => open_part(inner),
        TermKind::Template { parts, .. } => parts.iter().find_map(|part| match part {
            crate::syntax::ast::TemplatePart::Expr(expr) => match &expr.kind {
                crate::syntax::ast::ExprKind::Term(term) => open_part(term),
                _ => None,
            },
            crate::syntax::ast::TemplatePart::Text(_) => None,
        }),
        _ => None,
    }
}

/// The name that messages give a term's kind.
pub(super) fn sort_of(kind: &TermKind) -> &'static str {
    match kind {
        TermKind::Null => "null",
        TermKind::Boolean(_) => "boolean",
        TermKind::Number(_) => "number",
        TermKind::String { .. } => "string",
        TermKind::Template { .. } => "templatestring",
        TermKind::Var(_) => "var",
        TermKind::Ref(_) => "ref",
        TermKind::Array(_) => "array",
        TermKind::Object(_) => "object",
        TermKind::Set(_) => "set",
        TermKind::ArrayComprehension(..) => "arraycomprehension",
        TermKind::SetComprehension(..) => "setcomprehension",
        TermKind::ObjectComprehension(..) => "objectcomprehension",
        TermKind::Call(..) | TermKind::Infix(..) | TermKind::In { .. } => "call",
        TermKind::Parens(inner) => sort_of(&inner.kind),
        TermKind::Error => "error",
    }
}

/// Whether a part of a head's path is the same for all solutions of the body.
pub(super) fn is_ground(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String { .. } => {
            true
        }
        TermKind::Ref(it) => it.path.iter().all(is_ground),
        TermKind::Array(items) | TermKind::Set(items) | TermKind::Call(_, items) => {
            items.iter().all(is_ground)
        }
        TermKind::Object(pairs) => {
            pairs.iter().all(|(key, value)| is_ground(key) && is_ground(value))
        }
        TermKind::Infix(_, lhs, rhs) => is_ground(lhs) && is_ground(rhs),
        TermKind::Parens(inner) => is_ground(inner),
        _ => false,
    }
}

/// Reports, for Rego v1, a partial set that is written with a bracket.
pub(super) fn contains_fault(
    parser: &Parser<'_>,
    head: &Head,
) -> Option<palisade_diag::Diagnostic> {
    let member = head.contains.as_ref().filter(|_| head.is_bracket_set)?;
    let name_end = head.path.last().map_or(head.span.start, |part| part.span.end);
    let brackets = palisade_diag::Span { start: name_end, ..head.span };
    Some(errors::contains_required(head.span, brackets, parser.text_in(member.span)))
}
