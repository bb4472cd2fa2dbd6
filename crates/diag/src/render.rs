//! Turning diagnostics into text: one renderer a file.

mod github;
mod json;
mod pretty;
mod sarif;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Files, Span};

/// The texts that diagnostics can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: the source line with a pointer into it.
    Pretty {
        /// Whether to colour it with ANSI escapes.
        color: bool,
    },
    /// For programs: what OPA prints, and more.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitHub Actions: workflow commands that annotate the changed lines.
    Github,
}

impl Format {
    /// The names that [`Format::named`] knows.
    pub const NAMES: [&'static str; 4] = ["pretty", "json", "sarif", "github"];

    /// The format of this name; `color` counts only where there can be any.
    pub fn named(name: &str, color: bool) -> Option<Format> {
        match name {
            "pretty" => Some(Format::Pretty { color }),
            "json" => Some(Format::Json),
            "sarif" => Some(Format::Sarif),
            "github" => Some(Format::Github),
            _ => None,
        }
    }
}

/// The diagnostics as text, in the order of files and places. Ends with a line break unless it is empty.
///
/// Places that do not exist are drawn to where there is text; nothing in a diagnostic makes this fail.
pub fn render(format: Format, files: &Files, diagnostics: &[Diagnostic]) -> String {
    let sorted = sorted(diagnostics);
    match format {
        Format::Pretty { color } => pretty::render(files, &sorted, color),
        Format::Json => json::render(files, &sorted),
        Format::Sarif => sarif::render(files, &sorted),
        Format::Github => github::render(files, &sorted),
    }
}

fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted
        .sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.start, span.end)));
    sorted
}

/// A span drawn to the text: inside it, start before end, both between characters.
fn sound(files: &Files, span: Span) -> Span {
    let text = files.text(span.file);
    let end = text.floor_char_boundary(span.end as usize);
    let start = text.floor_char_boundary(span.start as usize).min(end);
    Span { file: span.file, start: start as u32, end: end as u32 }
}

/// A text in which no control character is left but line breaks: names and messages hold what users wrote.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\n' => out.push(it),
            _ if it.is_control() => out.extend(it.escape_default()),
            _ => out.push(it),
        }
    }
    out
}

/// Row and column of a byte, from 1, the column in characters.
fn char_position(files: &Files, file: FileId, offset: u32) -> (u32, u32) {
    let position = files.position(file, offset);
    let line_start = (offset + 1).saturating_sub(position.col);
    let before = files.slice(Span { file, start: line_start, end: offset });
    (position.row, before.chars().count() as u32 + 1)
}
