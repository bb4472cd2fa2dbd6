//! For programs: `{"errors": […]}` as OPA prints it, with what OPA does not know beside it.

use serde::Serialize;

use super::sound;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Files, Span};

/// The code of errors of syntax.
const PARSE_ERROR: &str = "rego_parse_error";

#[derive(Serialize)]
struct Report<'a> {
    errors: Vec<Problem<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    message: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details<'a>>,
    name: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Label<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
}

/// A place: rows and columns from 1, columns in bytes, offsets from 0.
#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    row: u32,
    col: u32,
    end_row: u32,
    end_col: u32,
    offset: u32,
    end_offset: u32,
}

/// Of an error of syntax: the line, and where in it, from 0.
#[derive(Serialize)]
struct Details<'a> {
    line: &'a str,
    idx: u32,
}

#[derive(Serialize)]
struct Label<'a> {
    location: Location<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    location: Location<'a>,
    replacement: &'a str,
}

pub(super) fn render(files: &Files, diagnostics: &[&Diagnostic]) -> String {
    let of = |severity| {
        diagnostics
            .iter()
            .filter(|it| it.severity == severity)
            .map(|it| problem(files, it))
            .collect::<Vec<_>>()
    };
    let report = Report { errors: of(Severity::Error), warnings: of(Severity::Warning) };
    // Strings and numbers can always be written.
    let mut out = serde_json::to_string_pretty(&report).unwrap_or_default();
    out.push('\n');
    out
}

fn problem<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Problem<'a> {
    Problem {
        message: &diagnostic.message,
        code: diagnostic.code.opa,
        location: diagnostic.span().map(|span| location(files, span)),
        details: diagnostic
            .span()
            .filter(|_| diagnostic.code.opa == PARSE_ERROR)
            .map(|span| details(files, span)),
        name: diagnostic.code.name,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        labels: diagnostic
            .labels
            .iter()
            .map(|label| Label { location: location(files, label.span), text: &label.text })
            .collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fix: diagnostic
            .fix
            .as_ref()
            .map(|fix| Fix { location: location(files, fix.span), replacement: &fix.replacement }),
    }
}

fn details(files: &Files, span: Span) -> Details<'_> {
    let start = files.start(sound(files, span));
    let line = files.text(span.file).split('\n').nth(start.row as usize - 1).unwrap_or_default();
    Details { line: line.trim_end_matches('\r'), idx: start.col - 1 }
}

fn location(files: &Files, span: Span) -> Location<'_> {
    let span = sound(files, span);
    let (start, end) = (files.start(span), files.position(span.file, span.end));
    Location {
        file: files.name(span.file),
        row: start.row,
        col: start.col,
        end_row: end.row,
        end_col: end.col,
        offset: span.start,
        end_offset: span.end,
    }
}
