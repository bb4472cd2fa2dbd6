//! Rows and texts of what is laid out, and where brackets close.

use palisade_diag::{FileId, Files};

use crate::tree::{Location, Term};

/// The text that is laid out.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    files: &'a Files,
    file: FileId,
}

impl<'a> Source<'a> {
    pub(super) fn new(files: &'a Files, file: FileId) -> Source<'a> {
        Source { files, file }
    }

    pub(super) fn row(&self, at: Location) -> u32 {
        self.row_of(at.at)
    }

    pub(super) fn row_of(&self, at: u32) -> u32 {
        self.files.position(self.file, at).row
    }

    pub(super) fn col(&self, at: Location) -> u32 {
        self.files.position(self.file, at.at).col
    }

    pub(super) fn text(&self, at: Location) -> &'a str {
        self.slice(at.start, at.end)
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &'a str {
        self.files.text(self.file).get(start as usize..end as usize).unwrap_or_default()
    }

    /// The row in which a text ends that starts in the row of its place.
    pub(super) fn last_row(&self, at: Location) -> u32 {
        self.row(at) + newlines(self.text(at))
    }

    /// A term's row. One that is not written counts as standing in the first.
    pub(super) fn term_row(&self, term: &Term) -> u32 {
        term.location.map_or(1, |it| self.row(it))
    }

    /// A term's row and column, by which lists are put in order.
    pub(super) fn term_place(&self, term: &Term) -> (u32, u32) {
        term.location.map_or((1, 1), |it| (self.row(it), self.col(it)))
    }

    /// Whether a term is written with a parenthesis first.
    pub(super) fn starts_with_parenthesis(&self, term: &Term) -> bool {
        term.location.is_some_and(|it| self.text(it).starts_with('('))
    }

    /// The row in which the first of these brackets is closed, if there is one. Strings are not told from code.
    pub(super) fn closing_row(&self, at: Location, brackets: Brackets) -> Option<u32> {
        self.closing_row_behind(at, None, brackets)
    }

    /// The same with other brackets stepped over first, those of a rule's head.
    pub(super) fn closing_row_behind(
        &self,
        at: Location,
        skipped: Option<Brackets>,
        brackets: Brackets,
    ) -> Option<u32> {
        let text = self.text(at);
        let mut start = 0;
        // What is stepped over counts for the row only inside the brackets, as in OPA.
        let mut rows = 0;
        if let Some(skipped) = skipped {
            let (end, inside) = past(text, skipped);
            start = end;
            rows = inside;
        }
        let rest = text.get(start..).unwrap_or_default();
        let open = rest.find(brackets.open)?;
        let inside = rest.get(open..).unwrap_or_default();
        let close = matching(inside, brackets)?;
        Some(self.row(at) + rows + newlines(inside.get(..close).unwrap_or_default()))
    }
}

/// A kind of brackets.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    open: char,
    close: char,
}

/// `(…)`
pub(super) const ROUND: Brackets = Brackets { open: '(', close: ')' };
/// `[…]`
pub(super) const SQUARE: Brackets = Brackets { open: '[', close: ']' };
/// `{…}`
pub(super) const CURLY: Brackets = Brackets { open: '{', close: '}' };

/// Where in a text that starts with an opening bracket its counterpart is.
fn matching(text: &str, brackets: Brackets) -> Option<usize> {
    let mut open = 0usize;
    for (at, found) in text.char_indices() {
        if found == brackets.open {
            open += 1;
        } else if found == brackets.close {
            open = open.saturating_sub(1);
            if open == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Where the first brackets end, and how many lines end inside them.
fn past(text: &str, brackets: Brackets) -> (usize, u32) {
    let open = text.find(brackets.open).unwrap_or(text.len());
    let rest = text.get(open..).unwrap_or_default();
    let close = matching(rest, brackets).unwrap_or(rest.len());
    (open + close, newlines(rest.get(..close).unwrap_or_default()))
}

pub(super) fn newlines(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}
