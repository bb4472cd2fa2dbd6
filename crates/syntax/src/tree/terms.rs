//! From what is written to OPA's shape: terms.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use palisade_diag::Span;

use super::build::{Builder, location, term, variable};
use super::order::compare;
use super::{Location, Part, Term, Terms, Value};
use crate::syntax::ast::{self, Infix, Ref, TemplatePart, TermKind};

impl Builder<'_> {
    pub(super) fn term(&mut self, it: &ast::Term) -> Term {
        let here = location(it.span);
        let value = match &it.kind {
            TermKind::Null | TermKind::Error => Value::Null,
            TermKind::Boolean(it) => Value::Boolean(*it),
            TermKind::Number(text) => {
                let first = self.text.as_bytes().get(here.start as usize);
                let is_split = matches!(first, Some(b'-' | b'.'));
                // Of a number that is several tokens, the text is the first.
                let end = if is_split { here.start + 1 } else { here.end };
                return term(Location { end, ..here }, Value::Number(text.clone()));
            }
            TermKind::String { text, .. } => self.string(text, here),
            TermKind::Template { parts, raw } => {
                Value::Template { parts: self.parts(it.span, parts), is_raw: *raw }
            }
            // The roots are refs even where nothing of them is accessed.
            TermKind::Var(name) if matches!(name.as_str(), "data" | "input") => {
                Value::Ref(vec![variable(it.span, name)])
            }
            TermKind::Var(name) => self.var(name),
            TermKind::Ref(it) => return self.reference(it),
            TermKind::Array(items) => Value::Array(self.terms(items)),
            TermKind::Object(pairs) => self.object(pairs),
            TermKind::Set(items) => self.set(items),
            TermKind::ArrayComprehension(head, body) => {
                Value::ArrayComprehension(Box::new(self.term(head)), self.body(body))
            }
            TermKind::SetComprehension(head, body) => {
                Value::SetComprehension(Box::new(self.term(head)), self.body(body))
            }
            TermKind::ObjectComprehension(key, value, body) => {
                let (key, value) = (self.term(key), self.term(value));
                Value::ObjectComprehension(Box::new(key), Box::new(value), self.body(body))
            }
            TermKind::Call(callee, args) => return self.call(it.span, callee, args),
            TermKind::Infix(infix, lhs, rhs) => return self.infix(it.span, *infix, lhs, rhs),
            TermKind::In { key, value, collection } => {
                return self.member(it.span, key.as_deref(), value, collection);
            }
            TermKind::Parens(inner) => return self.parens(it.span, inner),
        };
        term(here, value)
    }

    pub(super) fn terms(&mut self, items: &[ast::Term]) -> Vec<Term> {
        items.iter().map(|it| self.term(it)).collect()
    }

    pub(super) fn var(&mut self, name: &str) -> Value {
        Value::Var(if name == "_" { self.wildcard() } else { name.to_owned() })
    }

    fn string(&self, text: &str, here: Location) -> Value {
        let first = self.text.as_bytes().get(here.start as usize);
        let literal = matches!(first, Some(b'"' | b'`')).then_some(here);
        Value::String { text: text.to_owned(), literal }
    }

    /// Of pairs with the same key, the first key and the last value count.
    fn object(&mut self, pairs: &[(ast::Term, ast::Term)]) -> Value {
        let (keys, values): (Vec<_>, Vec<_>) =
            pairs.iter().map(|(key, value)| (self.term(key), self.term(value))).unzip();
        let mut out: BTreeMap<usize, (Term, Term)> = BTreeMap::new();
        for ((place, key), value) in first_places(&keys).into_iter().zip(keys).zip(values) {
            match out.entry(place) {
                Entry::Occupied(mut pair) => pair.get_mut().1 = value,
                Entry::Vacant(pair) => drop(pair.insert((key, value))),
            }
        }
        Value::Object(out.into_values().collect())
    }

    fn set(&mut self, items: &[ast::Term]) -> Value {
        let items = self.terms(items);
        let places = first_places(&items).into_iter().enumerate();
        let members = places.zip(items).filter(|((at, first), _)| at == first);
        Value::Set(members.map(|(_, item)| item).collect())
    }

    /// A chain of accesses stands where its head does; its text starts with the head's last token.
    pub(super) fn reference(&mut self, it: &Ref) -> Term {
        let head = self.head(&it.head);
        let start = match &it.head.kind {
            TermKind::Var(_) | TermKind::Call(..) => head.location.map(|it| it.start),
            TermKind::Set(_) if self.has_at(it.head.span.start, 's') => {
                head.location.map(|it| it.start)
            }
            _ => None,
        };
        let here = Location {
            at: head.location.map_or(it.span.start, |it| it.at),
            start: start.unwrap_or(it.head.span.end.saturating_sub(1)),
            end: it.span.end,
        };
        let parts = std::iter::once(head).chain(it.path.iter().map(|it| self.term(it))).collect();
        term(here, Value::Ref(parts))
    }

    /// What is accessed or called: a variable stays one, `data` too.
    fn head(&mut self, it: &ast::Term) -> Term {
        match &it.kind {
            TermKind::Var(name) => term(location(it.span), self.var(name)),
            _ => self.term(it),
        }
    }

    fn call(&mut self, span: Span, callee: &ast::Term, args: &[ast::Term]) -> Term {
        let operator = match &callee.kind {
            TermKind::Ref(it) => self.reference(it),
            _ => term(location(callee.span), Value::Ref(vec![self.head(callee)])),
        };
        let at = operator.location.unwrap_or(location(span));
        let operands = self.terms(args);
        let terms = std::iter::once(operator).chain(operands).collect();
        term(Location { end: span.end, ..at }, Value::Call(terms))
    }

    fn infix(&mut self, span: Span, infix: Infix, lhs: &ast::Term, rhs: &ast::Term) -> Term {
        let is_sign = lhs.span.start == span.start
            && matches!(&lhs.kind, TermKind::Number(it) if it == "0")
            && self.has_at(lhs.span.start, '-');
        let lhs_end = lhs.span.end;
        let lhs = self.term(lhs);
        let operator = if is_sign {
            let name = Term { location: None, value: Value::Var("minus".to_owned()) };
            Term { location: None, value: Value::Ref(vec![name]) }
        } else {
            let len = sign(infix).len() as u32;
            self.operator(lhs_end, len, infix.builtin())
        };
        let at = lhs.location.map_or(span.start, |it| it.at);
        let rhs = self.term(rhs);
        term(Location { at, ..location(span) }, Value::Call(vec![operator, lhs, rhs]))
    }

    /// The operator behind a left side, as the built-in that it calls.
    pub(super) fn operator(&self, behind: u32, len: u32, builtin: &str) -> Term {
        let at = self.skip_space(behind);
        let here = Location { at, start: at, end: at + len };
        term(here, Value::Ref(vec![term(here, Value::Var(builtin.to_owned()))]))
    }

    pub(super) fn member(
        &mut self,
        span: Span,
        key: Option<&ast::Term>,
        value: &ast::Term,
        collection: &ast::Term,
    ) -> Term {
        let first = key.map(|it| self.term(it));
        let behind = value.span.end;
        let value = self.term(value);
        let at = self.skip_space(behind);
        let here = Location { at, start: at, end: at + 2 };
        let name = if key.is_some() { "member_3" } else { "member_2" };
        let operator = vec![
            term(here, Value::Var("internal".to_owned())),
            term(here, Value::String { text: name.to_owned(), literal: None }),
        ];
        let at = first.as_ref().unwrap_or(&value).location.map_or(span.start, |it| it.at);
        let mut terms = vec![term(here, Value::Ref(operator))];
        terms.extend(first);
        terms.push(value);
        terms.push(self.term(collection));
        term(Location { at, ..location(span) }, Value::Call(terms))
    }

    /// Parentheses leave nothing but their text.
    fn parens(&mut self, span: Span, inner: &ast::Term) -> Term {
        let mut inner = self.term(inner);
        let at = inner.location.map_or(span.start, |it| it.at);
        inner.location = Some(Location { at, ..location(span) });
        if let Value::Ref(parts) = &mut inner.value
            && let [root] = parts.as_mut_slice()
        {
            root.location = inner.location;
        }
        inner
    }

    /// The parts of a template string. Literal text has the place of its token, which has the quotes and braces around
    /// it too.
    fn parts(&mut self, span: Span, parts: &[TemplatePart]) -> Vec<Part> {
        let mut start = span.start;
        let mut out = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                TemplatePart::Text(text) => {
                    let end = match parts.get(at + 1) {
                        Some(TemplatePart::Expr(next)) => self.brace_before(next.span.start) + 1,
                        _ => span.end,
                    };
                    let here = Location { at: start, start, end };
                    let value = Value::String { text: text.clone(), literal: None };
                    out.push(Part::Text(term(here, value)));
                }
                TemplatePart::Expr(it) => {
                    let has_comment = self.has_comment(it.span, self.brace_before(it.span.start));
                    let expr = self.expr(it);
                    start = self.skip_space(it.span.end) + 1;
                    out.push(match expr.terms {
                        Terms::Term(term) if !has_comment && is_scalar(&term.value) => {
                            Part::Scalar(term)
                        }
                        _ => Part::Expr(expr),
                    });
                }
            }
        }
        out
    }

    /// The brace that opens the expression at `start`. Only space and comments are between them.
    fn brace_before(&self, start: u32) -> u32 {
        let mut at = start as usize;
        while let Some(brace) = self.text.get(..at).and_then(|it| it.rfind('{')) {
            if self.skip_space(brace as u32 + 1) == start {
                return brace as u32;
            }
            at = brace;
        }
        start
    }

    /// Whether a comment stands between the brace and the expression, or right behind that.
    fn has_comment(&self, span: Span, brace: u32) -> bool {
        let behind = self.skip_space(span.end);
        let gaps = [(brace + 1, span.start), (span.end, behind)];
        gaps.iter().any(|(start, end)| {
            self.text.get(*start as usize..*end as usize).is_some_and(|gap| gap.contains('#'))
        })
    }
}

/// For each term the place of the first that is the same.
fn first_places(terms: &[Term]) -> Vec<usize> {
    let mut sorted: Vec<_> = terms.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| compare(a, b));
    let mut places = vec![0; terms.len()];
    let mut first: Option<(usize, &Term)> = None;
    for (at, term) in sorted {
        let same = first.filter(|(_, other)| compare(other, term).is_eq());
        let (place, _) = *first.insert(same.unwrap_or((at, term)));
        if let Some(it) = places.get_mut(at) {
            *it = place;
        }
    }
    places
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String { .. })
}

/// An operator as it is written.
pub(crate) fn sign(infix: Infix) -> &'static str {
    match infix {
        Infix::Plus => "+",
        Infix::Minus => "-",
        Infix::Mul => "*",
        Infix::Div => "/",
        Infix::Rem => "%",
        Infix::And => "&",
        Infix::Or => "|",
        Infix::Equal => "==",
        Infix::NotEqual => "!=",
        Infix::Less => "<",
        Infix::LessEqual => "<=",
        Infix::Greater => ">",
        Infix::GreaterEqual => ">=",
    }
}
