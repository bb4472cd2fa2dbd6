//! What is wrong with a policy, as the text of one failure: OPA's form.

use palisade_diag::{Diagnostic, Files, Span};

/// Faults of a rule that OPA looks for when all statements are read. It tells every one of them, without the line; of
/// the others only the first.
const FAULTS_OF_RULES: [&str; 7] = [
    "empty-module",
    "missing-if",
    "missing-contains",
    "package-expected",
    "unexpected-package",
    "invalid-rule",
    "rule-without-value",
];

/// The text of these diagnostics, of which there is at least one.
pub(super) fn text(files: &Files, diagnostics: &[Diagnostic]) -> String {
    let first = diagnostics.iter().find(|it| !FAULTS_OF_RULES.contains(&it.code.name));
    match (first, diagnostics) {
        (Some(it), _) => {
            let lines = it.span().map(|it| lines(files, it)).unwrap_or_default();
            ["1 error occurred: ", &error(files, it), &lines].concat()
        }
        (None, [it]) => ["1 error occurred: ", &error(files, it)].concat(),
        (None, all) => {
            let mut text = [&all.len().to_string(), " errors occurred:"].concat();
            for it in all {
                text.push('\n');
                text.push_str(&error(files, it));
            }
            text
        }
    }
}

/// `policy.rego:1: rego_parse_error: package expected`; without a name, row and column.
fn error(files: &Files, diagnostic: &Diagnostic) -> String {
    let mut text = String::new();
    if let Some(span) = diagnostic.span() {
        let (at, name) = (files.start(span), files.name(span.file));
        let row = at.row.to_string();
        match name {
            "" => text.extend([&row, ":", &at.col.to_string()]),
            _ => text.extend([name, ":", &row]),
        }
        text.push_str(": ");
    }
    text.extend([diagnostic.code.opa, ": ", &diagnostic.message]);
    text
}

/// The line that a span starts in with a mark below it. Where it starts in white space, the last character before that
/// is meant.
fn lines(files: &Files, span: Span) -> String {
    let text = files.text(span.file).as_bytes();
    let is_line_end = |it: &u8| matches!(it, b'\n' | b'\r');
    let mut at = (span.start as usize).min(text.len().saturating_sub(1));
    while at > 0 && text.get(at).is_some_and(u8::is_ascii_whitespace) {
        at -= 1;
    }
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, &[]));
    let start = before.iter().rposition(is_line_end).map_or(0, |it| it + 1);
    let end = behind.iter().position(is_line_end).map_or(text.len(), |it| at + it);
    let line = text.get(start..end).unwrap_or_default();
    let n_tabs = line.iter().take_while(|it| **it == b'\t').count();
    let line = String::from_utf8_lossy(line.get(n_tabs..).unwrap_or_default());
    let indent = " ".repeat((at - start).saturating_sub(n_tabs));
    ["\n\t", &line, "\n\t", &indent, "^"].concat()
}
