//! For GitHub Actions: one workflow command a diagnostic.

use super::{char_position, sound};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Files;

pub(super) fn render(files: &Files, diagnostics: &[&Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| command(files, diagnostic)).collect()
}

/// `::error file=a.rego,line=1,endLine=1,col=2,endColumn=3,title=unsafe-var::message`
fn command(files: &Files, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = diagnostic.span().map(|span| {
        let span = sound(files, span);
        let (row, col) = char_position(files, span.file, span.start);
        let (end_row, end_col) = char_position(files, span.file, span.end);
        let file = property(files.name(span.file));
        format!("file={file},line={row},endLine={end_row},col={col},endColumn={end_col},")
    });
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let (place, title, text) =
        (place.unwrap_or_default(), property(diagnostic.code.name), data(&text));
    format!("::{level} {place}title={title}::{text}\n")
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
