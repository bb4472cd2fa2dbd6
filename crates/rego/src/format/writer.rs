//! The text that is being written: lines, indentation, and the comments that are still to come.

use std::ops::Range;

use super::source::{Source, newlines};
use crate::syntax::Keywords;
use crate::tree::Location;

/// Two comments want the same place at the end of a line. What is being laid out is then written as it is in the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clash;

/// What writing something gives.
pub(super) type Written = Result<(), Clash>;

/// A comment to be written.
pub(super) struct Note<'a> {
    pub(super) row: u32,
    /// From the `#` on.
    pub(super) text: &'a str,
    /// Whether it starts its line, as the comments of a metadata block do.
    pub(super) is_at_margin: bool,
    /// Whether a metadata block starts with it.
    pub(super) is_metadata: bool,
}

/// What is written depends on more than the rule at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    /// Whether v1 is written.
    pub(super) is_v1: bool,
    /// Whether `if` is written.
    pub(super) has_if: bool,
    /// Whether `contains` is written.
    pub(super) has_contains: bool,
    /// Whether some rule of the file has more than a name and one bracket.
    pub(super) has_refs: bool,
    /// What needs brackets if it is written with them.
    pub(super) keywords: Keywords,
}

/// The writer of one file.
pub(super) struct Writer<'a> {
    pub(super) source: Source<'a>,
    pub(super) style: Style,
    pub(super) out: String,
    pub(super) comments: Vec<Note<'a>>,
    /// The first comment that is still to be written.
    pub(super) next: usize,
    level: usize,
    /// Whether a line has been started.
    pub(super) inline: bool,
    /// The comment that is to end the line.
    pub(super) held: Option<usize>,
    /// Whether the next line ends without it.
    pub(super) delay: bool,
    /// Whether a comment behind a text that is kept as it is belongs to its last line.
    pub(super) keeps_last_comment: bool,
}

/// A place to return to.
struct Mark {
    len: usize,
    level: usize,
    next: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(source: Source<'a>, style: Style, comments: Vec<Note<'a>>) -> Writer<'a> {
        Writer {
            source,
            style,
            out: String::new(),
            comments,
            next: 0,
            level: 0,
            inline: false,
            held: None,
            delay: false,
            keeps_last_comment: false,
        }
    }

    pub(super) fn write(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(super) fn start_line(&mut self) {
        self.inline = true;
        self.out.extend(std::iter::repeat_n('\t', self.level));
    }

    /// Starts a line unless one has been started.
    pub(super) fn continue_line(&mut self) {
        if !self.inline {
            self.start_line();
        }
    }

    pub(super) fn end_line(&mut self) {
        self.inline = false;
        if !self.delay
            && let Some(note) = self.held.take().and_then(|at| self.comments.get(at))
        {
            self.out.push(' ');
            self.out.push_str(note.text);
        }
        self.delay = false;
        self.out.push('\n');
    }

    pub(super) fn blank_line(&mut self) {
        if self.inline {
            self.end_line();
        }
        self.out.push('\n');
    }

    pub(super) fn up(&mut self) {
        self.level += 1;
    }

    pub(super) fn down(&mut self) {
        self.level = self.level.saturating_sub(1);
    }

    /// Ends the line after an opening bracket and goes on in a deeper one.
    pub(super) fn open_lines(&mut self) {
        self.delay = true;
        self.end_line();
        self.up();
        self.start_line();
    }

    fn line(&mut self, text: &str) {
        self.continue_line();
        self.write(text);
        self.end_line();
    }

    /// Writes comments, each on its line. Lines between them become one, and metadata blocks are kept apart.
    pub(super) fn write_comments(&mut self, range: Range<usize>) {
        let mut last: Option<u32> = None;
        let mut is_in_block = false;
        for at in range {
            let Some(note) = self.comments.get(at) else { continue };
            let (row, text, is_metadata) = (note.row, note.text, note.is_metadata);
            // A block must not grow by what loses its indentation.
            let ends_block = is_metadata || (!note.is_at_margin && self.level == 0);
            if last.is_some_and(|last| row > last + 1 || (is_in_block && ends_block)) {
                self.blank_line();
                is_in_block = false;
            }
            is_in_block |= is_metadata;
            last = Some(row);
            // What is no block for its indentation must not become one.
            if ends_block && !is_metadata && !self.inline && reads_metadata(text) {
                self.start_line();
                self.write("\t");
            }
            self.line(text);
        }
    }

    /// The comments above a row that are still to be written.
    pub(super) fn comments_above(&self, row: u32) -> Range<usize> {
        let rest = self.comments.get(self.next..).unwrap_or_default();
        self.next..self.next + rest.partition_point(|it| it.row < row)
    }

    /// Whether a comment above a row is still to be written.
    pub(super) fn has_comment_above(&self, row: u32) -> bool {
        !self.comments_above(row).is_empty()
    }

    /// Writes the comments above a row, and holds the one in it until the line ends.
    pub(super) fn insert_comments(&mut self, row: u32) -> Written {
        let above = self.comments_above(row);
        self.next = above.end;
        self.write_comments(above.clone());
        let last = above.last().and_then(|at| self.comments.get(at));
        if last.is_some_and(|it| row > it.row + 1) {
            self.blank_line();
        }
        match self.comments.get(self.next) {
            Some(note) if note.row == row => {
                self.next += 1;
                self.hold(self.next - 1)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn insert_comments_at(&mut self, at: Location) -> Written {
        self.insert_comments(self.source.row(at))
    }

    /// The same for a row that may not have been found.
    pub(super) fn insert_comments_to(&mut self, row: Option<u32>) -> Written {
        row.map_or(Ok(()), |row| self.insert_comments(row))
    }

    fn hold(&mut self, at: usize) -> Written {
        match self.held.take() {
            Some(_) => Err(Clash),
            None => {
                self.held = Some(at);
                Ok(())
            }
        }
    }

    /// Writes what has its own place in the source; if comments clash in it, as it is there.
    pub(super) fn unit(
        &mut self,
        at: Location,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let mark = Mark { len: self.out.len(), level: self.level, next: self.next };
        let outcome = write(self);
        if outcome.is_err() {
            self.out.truncate(mark.len);
            self.level = mark.level;
            self.next = mark.next;
            let rows = self.source.row(at)..=self.source.last_row(at);
            let held = self.held.and_then(|at| self.comments.get(at));
            if held.is_some_and(|it| rows.contains(&it.row)) {
                self.held = None;
            }
            self.write_as_is(at);
        }
        outcome
    }

    /// Writes a stretch of the source as it is. The comments in it are written with it.
    pub(super) fn write_as_is(&mut self, at: Location) {
        let text = self.source.text(at);
        let last = self.source.row(at) + newlines(text);
        self.write(text);
        self.next = self.comments_above(last).end;
        if self.keeps_last_comment
            && let Some(note) = self.comments.get(self.next)
            && note.row == last
        {
            self.next += 1;
            self.out.push(' ');
            self.out.push_str(note.text);
        }
    }
}

/// Whether a comment would start a metadata block at the start of a line.
fn reads_metadata(text: &str) -> bool {
    text.trim_start_matches('#').trim_start().starts_with("METADATA")
}
