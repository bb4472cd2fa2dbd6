//! Template strings.

use super::writer::{Writer, Written};
use crate::tree::{Expr, Part, Term, Value};

impl Writer<'_> {
    pub(super) fn template(&mut self, parts: &[Part], is_raw: bool) -> Written {
        let quote = if is_raw { "`" } else { "\"" };
        self.write("$");
        self.write(quote);
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Text(text) => self.literal(text, is_raw),
                Part::Scalar(term) => self.scalar(term),
                Part::Expr(expr) => self.inserted(expr, parts.get(at + 1))?,
            }
        }
        self.write(quote);
        Ok(())
    }

    /// Literal text, as the source has it where its place is known.
    fn literal(&mut self, term: &Term, is_raw: bool) {
        let Value::String { text, .. } = &term.value else {
            return;
        };
        if is_raw {
            self.write(&text.replace('{', "\\{"));
            return;
        }
        let mut quoted = String::new();
        palisade_value::json::write_string(text, &mut quoted);
        let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        self.write(&inner.replace('{', "\\{"));
    }

    fn scalar(&mut self, term: &Term) {
        self.write("{");
        // A scalar has no place for a comment.
        let _ = self.term_parens(term, false);
        self.write("}");
    }

    /// `{expr}`, with the comments that stand in its braces.
    fn inserted(&mut self, expr: &Expr, next: Option<&Part>) -> Written {
        self.write("{");
        self.up();
        if self.held.is_some() {
            self.end_line();
            self.start_line();
        } else {
            let above = self.comments_above(self.source.row(expr.location));
            if !above.is_empty() {
                self.write(" ");
                self.inline = true;
                self.next = above.end;
                self.write_comments(above);
            }
        }
        self.expr(expr)?;
        let row = match next {
            Some(Part::Text(it) | Part::Scalar(it)) => Some(self.source.term_row(it)),
            Some(Part::Expr(it)) => Some(self.source.row(it.location)),
            None => None,
        };
        let above = row.map(|row| self.comments_above(row)).filter(|it| !it.is_empty());
        if let Some(above) = above {
            self.end_line();
            self.next = above.end;
            self.write_comments(above);
            self.start_line();
        }
        self.write("}");
        self.down();
        Ok(())
    }
}
