//! Terms.

use super::operators::{Infix, infix, infix_term};
use super::source::{CURLY, ROUND, SQUARE};
use super::writer::{Writer, Written};
use crate::tree::{Location, Term, Value, sorted, sorted_pairs};

impl Writer<'_> {
    /// A term; as it is in the source, if comments clash in it.
    pub(super) fn term(&mut self, term: &Term) -> Written {
        match term.location {
            Some(at) if self.next < self.comments.len() => {
                self.unit(at, |it| it.term_parens(term, false))
            }
            _ => self.term_parens(term, false),
        }
    }

    /// A term, in parentheses where it is an operation.
    pub(super) fn term_parens(&mut self, term: &Term, in_parens: bool) -> Written {
        self.insert_comments(self.source.term_row(term))?;
        self.continue_line();
        self.value(term, in_parens)?;
        self.continue_line();
        Ok(())
    }

    fn value(&mut self, term: &Term, in_parens: bool) -> Written {
        let at = term.location.unwrap_or(Location { at: 0, start: 0, end: 0 });
        match &term.value {
            Value::Null => self.write("null"),
            Value::Boolean(it) => self.write(if *it { "true" } else { "false" }),
            Value::Number(text) => self.write(text),
            Value::String { text, literal } => self.string(text, *literal),
            Value::Template { parts, is_raw } => return self.template(parts, *is_raw),
            Value::Var(name) => self.var(name),
            Value::Ref(parts) => return self.path(parts),
            Value::Array(items) => {
                let close = self.source.closing_row(at, SQUARE);
                return self.bracketed("[", "]", |it| it.list(items.iter().collect(), at, close));
            }
            Value::Set(items) if items.is_empty() => {
                self.write("set()");
                return self.insert_comments_to(self.source.closing_row(at, ROUND));
            }
            Value::Set(items) => {
                let close = self.source.closing_row(at, CURLY);
                return self.bracketed("{", "}", |it| it.list(sorted(items), at, close));
            }
            Value::Object(pairs) => {
                let close = self.source.closing_row(at, CURLY);
                return self.bracketed("{", "}", |it| it.pairs(sorted_pairs(pairs), at, close));
            }
            Value::ArrayComprehension(head, body) => {
                return self.bracketed("[", "]", |it| it.comprehension(SQUARE, head, body, at));
            }
            Value::SetComprehension(head, body) => {
                return self.bracketed("{", "}", |it| it.comprehension(CURLY, head, body, at));
            }
            Value::ObjectComprehension(key, value, body) => {
                return self
                    .bracketed("{", "}", |it| it.object_comprehension(key, value, body, at));
            }
            Value::Call(call) => return self.call(call, in_parens),
        }
        Ok(())
    }

    fn bracketed(
        &mut self,
        open: &str,
        close: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.write(open);
        write(self)?;
        self.write(close);
        Ok(())
    }

    pub(super) fn var(&mut self, name: &str) {
        self.write(if name.starts_with('$') { "_" } else { name });
    }

    /// A string as it is written, so that raw ones stay raw and escapes stay the same.
    fn string(&mut self, text: &str, literal: Option<Location>) {
        match literal {
            Some(at) => self.write(self.source.text(at)),
            None => {
                let mut quoted = String::new();
                palisade_value::json::write_string(text, &mut quoted);
                self.write(&quoted);
            }
        }
    }

    /// A chain of accesses: behind a dot where it can stand there.
    pub(super) fn path(&mut self, parts: &[Term]) -> Written {
        let Some((head, path)) = parts.split_first() else {
            return Ok(());
        };
        self.term_parens(head, self.source.starts_with_parenthesis(head))?;
        path.iter().try_for_each(|part| self.access(part))
    }

    /// The path of a package: its first part is a name in any case.
    pub(super) fn package_path(&mut self, parts: &[Term]) -> Written {
        let Some((head, path)) = parts.split_first() else {
            return Ok(());
        };
        if let Value::String { text, .. } = &head.value {
            self.write(text);
        }
        path.iter().try_for_each(|part| self.access(part))
    }

    fn access(&mut self, part: &Term) -> Written {
        match &part.value {
            Value::String { text, literal } if self.stands_behind_dot(text, *literal) => {
                self.write(".");
                self.write(text);
            }
            Value::String { text, .. } => {
                let mut quoted = String::new();
                palisade_value::json::write_string(text, &mut quoted);
                self.write("[");
                self.write(&quoted);
                self.write("]");
            }
            Value::Var(name) => {
                self.write("[");
                self.var(name);
                self.write("]");
            }
            _ => {
                self.write("[");
                if self.term(part).is_err() {
                    // The bracket must not become part of the comment.
                    self.write("\n");
                }
                self.write("]");
            }
        }
        Ok(())
    }

    /// A keyword in quotes keeps its brackets.
    fn stands_behind_dot(&self, text: &str, literal: Option<Location>) -> bool {
        let is_quoted = literal.is_some_and(|it| self.source.text(it).starts_with('"'));
        is_name(text) && !(is_quoted && self.style.keywords.has(text))
    }

    /// A call inside an expression. An operation is put in parentheses on demand.
    fn call(&mut self, call: &[Term], in_parens: bool) -> Written {
        match infix(call) {
            Some(Infix::Binary("=" | ":=", ..)) | None => self.plain_call(call),
            Some(Infix::In(value, items)) => self.member_of(value, items),
            Some(Infix::KeyIn(key, value, items)) => {
                self.write("(");
                self.key_member_of(key, value, items)?;
                self.write(")");
                Ok(())
            }
            Some(Infix::Binary(sign, lhs, rhs)) => {
                if in_parens {
                    self.write("(");
                }
                self.term_parens(lhs, true)?;
                self.sign(sign);
                self.term_parens(rhs, true)?;
                if in_parens {
                    self.write(")");
                }
                Ok(())
            }
        }
    }

    pub(super) fn sign(&mut self, sign: &str) {
        self.write(" ");
        self.write(sign);
        self.write(" ");
    }

    /// `f(a, b)`
    pub(super) fn plain_call(&mut self, call: &[Term]) -> Written {
        let Some((operator, args)) = call.split_first() else {
            return Ok(());
        };
        match &operator.value {
            Value::Ref(parts) => self.path(parts)?,
            _ => self.term_parens(operator, false)?,
        }
        let at = operator.location.unwrap_or(Location { at: 0, start: 0, end: 0 });
        let close = self.source.closing_row(at, ROUND);
        self.bracketed("(", ")", |it| it.list(args.iter().collect(), at, close))
    }

    /// `x in xs`. All `in` bind the same, from the left.
    pub(super) fn member_of(&mut self, value: &Term, items: &Term) -> Written {
        self.term_parens(value, true)?;
        self.sign("in");
        let is_member = matches!(infix_term(items), Some(Infix::In(..)));
        self.in_parens(is_member, |it| it.term_parens(items, true))
    }

    /// `k, v in xs`
    pub(super) fn key_member_of(&mut self, key: &Term, value: &Term, items: &Term) -> Written {
        let parens = |it: &Term| matches!(infix_term(it), Some(Infix::In(..)));
        self.in_parens(parens(key), |it| it.term_parens(key, true))?;
        self.write(", ");
        self.in_parens(parens(value), |it| it.term_parens(value, true))?;
        self.sign("in");
        self.in_parens(parens(items), |it| it.term_parens(items, true))
    }

    pub(super) fn in_parens(
        &mut self,
        in_parens: bool,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if in_parens {
            self.write("(");
        }
        write(self)?;
        if in_parens {
            self.write(")");
        }
        Ok(())
    }
}

/// Whether a text can be a name.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
        && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_')
}
