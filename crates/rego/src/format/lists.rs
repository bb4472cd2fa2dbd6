//! What stands between brackets: lists, pairs, comprehensions. Elements in one line of the source stay in one line.

use super::operators::{Infix, infix_term};
use super::source::{Brackets, CURLY};
use super::writer::{Clash, Writer, Written};
use crate::tree::{Expr, Location, Term, Value};

impl Writer<'_> {
    /// Terms between brackets that stand at `at` and are closed in the row `close`.
    pub(super) fn list(
        &mut self,
        mut items: Vec<&Term>,
        at: Location,
        close: Option<u32>,
    ) -> Written {
        let mut rows = Vec::new();
        if items.iter().any(|it| self.is_generated(it)) {
            rows.resize(items.len(), 0);
        } else {
            items.sort_by_key(|it| self.source.term_place(it));
            rows.extend(items.iter().map(|it| self.source.term_row(it)));
        }
        let first = items.first().copied();
        self.elements(&rows, first, at, close, |writer, element| {
            items.get(element).map_or(Ok(()), |it| writer.element(it))
        })
    }

    /// The entries of an object, likewise.
    pub(super) fn pairs(
        &mut self,
        mut pairs: Vec<&(Term, Term)>,
        at: Location,
        close: Option<u32>,
    ) -> Written {
        pairs.sort_by_key(|(key, _)| self.source.term_place(key));
        let rows: Vec<_> = pairs.iter().map(|(key, _)| self.source.term_row(key)).collect();
        let first = pairs.first().map(|(key, _)| key);
        self.elements(&rows, first, at, close, |writer, element| match pairs.get(element) {
            Some((key, value)) => {
                writer.element(key)?;
                writer.write(": ");
                writer.element(value)
            }
            None => Ok(()),
        })
    }

    /// Elements of which the rows are known, each written by `write`.
    fn elements(
        &mut self,
        rows: &[u32],
        first: Option<&Term>,
        at: Location,
        close: Option<u32>,
        write: impl Fn(&mut Self, usize) -> Written,
    ) -> Written {
        let has_rows = has_steps(rows);
        if !has_rows {
            self.check_comments(at, close)?;
        }
        let has_lines = has_rows || self.is_set_off(first, at);
        if has_lines {
            self.open_lines();
        }
        for (element, row) in rows.iter().enumerate() {
            write(self, element)?;
            match rows.get(element + 1).map(|next| next > row) {
                Some(true) => {
                    self.write(",");
                    self.end_line();
                    self.start_line();
                }
                Some(false) => self.write(", "),
                None => {}
            }
        }
        if has_lines {
            self.write(",");
            self.end_line();
            self.insert_comments_to(close)?;
            self.down();
            self.start_line();
        }
        Ok(())
    }

    /// Whether an element names a variable that OPA's optimizer made up: the lines of such elements mean nothing.
    fn is_generated(&self, term: &Term) -> bool {
        term.location.is_some_and(|it| self.source.text(it).contains("__local"))
    }

    /// Elements in one line cannot have a comment between them that the source has in a line of its own.
    fn check_comments(&self, at: Location, close: Option<u32>) -> Written {
        let start = self.source.row(at);
        let rest = self.comments.get(self.next..).unwrap_or_default();
        let is_inside = |row: u32| row > start && close.is_some_and(|close| row < close);
        if rest.iter().any(|it| is_inside(it.row)) { Err(Clash) } else { Ok(()) }
    }

    /// Whether a line ends between the bracket and the first element.
    fn is_set_off(&self, first: Option<&Term>, at: Location) -> bool {
        let Some(first) = first.and_then(|it| it.location) else {
            return false;
        };
        let text = self.source.text(at);
        let before = text.find(self.source.text(first)).and_then(|at| text.get(..at));
        before.is_some_and(|it| it.find('\n').is_some_and(|at| at > 0))
    }

    /// A term in a list. A union in parentheses keeps them: without, it might be a comprehension.
    fn element(&mut self, term: &Term) -> Written {
        let is_union = matches!(infix_term(term), Some(Infix::Binary("|", ..)));
        let in_parens =
            is_union && (self.source.starts_with_parenthesis(term) || is_named(term, self));
        self.in_parens(in_parens, |it| it.term(term))
    }

    /// `head | body` between brackets that stand at `at`.
    pub(super) fn comprehension(
        &mut self,
        brackets: Brackets,
        head: &Term,
        body: &[Expr],
        at: Location,
    ) -> Written {
        if self.source.term_row(head) > self.source.row(at) {
            self.end_line();
            self.start_line();
        }
        let in_parens = infix_term(head).is_some();
        self.term_parens(head, in_parens)?;
        self.write(" |");
        self.inner_body(brackets, body, head.location.unwrap_or(at), at)
    }

    /// `key: value | body`. The value counts as standing where the key does.
    pub(super) fn object_comprehension(
        &mut self,
        key: &Term,
        value: &Term,
        body: &[Expr],
        at: Location,
    ) -> Written {
        if self.source.term_row(key) > self.source.row(at) + 1 {
            self.end_line();
            self.start_line();
        }
        self.term(key)?;
        self.write(": ");
        let value = Term { location: key.location, value: value.value.clone() };
        self.comprehension(CURLY, &value, body, at)
    }

    /// A body between brackets: in one line if the source has it in the line of `head`.
    pub(super) fn inner_body(
        &mut self,
        brackets: Brackets,
        body: &[Expr],
        head: Location,
        at: Location,
    ) -> Written {
        let rows: Vec<_> = body.iter().map(|it| self.source.row(it.location)).collect();
        let first = rows.first().copied().unwrap_or_default();
        let close = self.source.closing_row(at, brackets);
        if first > self.source.row(head) || has_steps(&rows) {
            self.end_line();
            self.up();
            let outcome = self.body(body).and_then(|()| self.insert_comments_to(close));
            self.down();
            self.start_line();
            return outcome;
        }
        self.write(" ");
        for (at, expr) in body.iter().enumerate() {
            if at > 0 {
                self.write("; ");
            }
            self.expr(expr)?;
        }
        self.insert_comments_to(close)
    }
}

/// Whether rows, which only grow, are not all the same.
fn has_steps(rows: &[u32]) -> bool {
    rows.first() < rows.last()
}

/// Whether a union is written as a call of `or`.
fn is_named(term: &Term, writer: &Writer<'_>) -> bool {
    match &term.value {
        Value::Call(call) => {
            call.first().and_then(|it| it.location).is_some_and(|it| writer.source.text(it) == "or")
        }
        _ => false,
    }
}
