//! JSON texts with the places of their parts.

use palisade_diag::{Code, Diagnostic, FileId, Label, Severity, Span};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::errors::{self, Place};

/// Reads a JSON text into the parts that are asked for, which keep their places: [`span_of`].
pub(crate) fn read<'a, T: Deserialize<'a>>(
    file: FileId,
    text: &'a str,
) -> Result<T, Box<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| Box::new(broken(file, text, &error)))
}

/// What is wrong with a JSON text, at the place that the error names.
fn broken(file: FileId, text: &str, error: &serde_json::Error) -> Diagnostic {
    let at = offset(text, error.line(), error.column());
    errors::bad_json(Span { file, start: at, end: at }, &without_place(error))
}

/// What an error says, without the place at the end.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    split_place(&message).map_or(message.as_str(), |(reason, ..)| reason).to_owned()
}

/// The byte that line and column (from 1; 0 before the first) mean.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len()) as u32
}

/// What the official crates report of a part of a JSON text.
///
/// Where that part has another form than they expect, they give line and column in it at the end of the message.
pub(crate) fn reported(
    code: Code,
    problem: &dyn miette::Diagnostic,
    part: &str,
    place: Span,
) -> Vec<Diagnostic> {
    let mut diagnostics = errors::reported(code, Severity::Error, problem, Place::of(place));
    for diagnostic in &mut diagnostics {
        if let Some((reason, line, column)) = split_place(&diagnostic.message) {
            let at = place.start + offset(part, line, column);
            diagnostic.labels =
                vec![Label { span: Span { start: at, end: at, ..place }, text: String::new() }];
            diagnostic.message = reason.to_owned();
        }
    }
    diagnostics
}

/// A message without its place, and the place.
fn split_place(message: &str) -> Option<(&str, usize, usize)> {
    let (reason, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((reason, line.parse().ok()?, column.parse().ok()?))
}

/// Where a part of a text stands in it.
pub(crate) fn span_of(file: FileId, text: &str, part: &RawValue) -> Span {
    let start = (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize) as u32;
    Span { file, start, end: start + part.get().len() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileId = FileId(0);

    #[test]
    fn a_broken_text_is_blamed_where_it_breaks() {
        let error = read::<serde_json::Value>(FILE, "[\n1,\n x]").unwrap_err();
        assert_eq!(error.message, "expected value");
        assert_eq!(error.span(), Some(Span { file: FILE, start: 6, end: 6 }));
    }

    #[test]
    fn parts_know_their_places() {
        let text = r#" [ 1, {"a": 2} ]"#;
        let parts: Vec<&RawValue> = read(FILE, text).unwrap();
        let span = span_of(FILE, text, parts[1]);
        assert_eq!(&text[span.start as usize..span.end as usize], r#"{"a": 2}"#);
    }

    #[test]
    fn what_nests_too_deep_is_an_error() {
        let text = "[".repeat(100_000);
        assert!(read::<serde_json::Value>(FILE, &text).is_err());
    }
}
