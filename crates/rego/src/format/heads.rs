//! The heads of rules.

use super::source::ROUND;
use super::writer::{Writer, Written};
use crate::tree::{Head, Term, Value};

impl Writer<'_> {
    pub(super) fn rule_head(
        &mut self,
        head: &Head,
        is_default: bool,
        is_constant: bool,
        is_else: bool,
    ) -> Written {
        if is_else {
            self.write("else");
        } else if self.head_name(head)? {
            return Ok(());
        }
        if !head.args.is_empty() && !is_else {
            self.write("(");
            let close = self.source.closing_row(head.location, ROUND);
            let args = head.args.iter().collect();
            let outcome = self.list(args, head.location, close);
            self.write(")");
            outcome?;
        }
        let Some(value) = &head.value else {
            return head.key.as_ref().map_or(Ok(()), |it| self.member(it));
        };
        if !self.shows_value(head, value, is_default, is_constant, is_else) {
            return Ok(());
        }
        self.write(if head.assign || self.style.is_v1 { " := " } else { " = " });
        match is_else {
            // The value of a branch counts as standing at the `else`.
            true => {
                let location = Some(head.location);
                self.term(&Term { location, value: value.value.clone() })
            }
            false => self.term(value),
        }
    }

    /// The name with what is appended to it. Tells whether the whole head has been written as it is.
    fn head_name(&mut self, head: &Head) -> Result<bool, super::writer::Clash> {
        let [name, key] = head.reference.as_slice() else {
            return self.path(&head.reference).map(|()| false);
        };
        if self.style.has_refs {
            return self.path(&head.reference).map(|()| false);
        }
        let comment = self.comments.get(self.next).map(|it| it.row);
        if comment == Some(self.source.term_row(key)) {
            self.write_as_is(head.location);
            return Ok(true);
        }
        self.bare(name);
        self.write("[");
        self.bare(key);
        self.write("]");
        Ok(false)
    }

    /// A term without regard to comments and lines.
    fn bare(&mut self, term: &Term) {
        match &term.value {
            Value::String { text, .. } => {
                let mut quoted = String::new();
                palisade_value::json::write_string(text, &mut quoted);
                self.write(&quoted);
            }
            Value::Var(name) => self.var(name),
            // Comments are taken account of before.
            _ => {
                let _ = self.term_parens(term, false);
            }
        }
    }

    fn member(&mut self, key: &Term) -> Written {
        if self.style.has_contains {
            self.write(" contains ");
            return self.term(key);
        }
        self.write("[");
        let outcome = self.term(key);
        self.write("]");
        outcome
    }

    /// Whether a head's value is written: not where it is `true` because nothing is.
    fn shows_value(
        &self,
        head: &Head,
        value: &Term,
        is_default: bool,
        is_constant: bool,
        is_else: bool,
    ) -> bool {
        let is_true = matches!(value.value, Value::Boolean(true));
        if head.key.is_none() && is_true && !is_constant && !is_default {
            return false;
        }
        let says_nothing_else = self.style.is_v1 && is_constant && head.key.is_none();
        let is_generated = value.location == Some(head.location);
        !is_generated || is_else || !is_true || says_nothing_else
    }
}
