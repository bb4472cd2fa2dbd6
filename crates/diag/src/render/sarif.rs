//! For code scanning: SARIF 2.1.0 (OASIS standard, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{char_position, sound};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Files, Span};

pub(super) fn render(files: &Files, diagnostics: &[&Diagnostic]) -> String {
    let codes: BTreeSet<_> = diagnostics.iter().map(|it| (it.code.name, it.code.opa)).collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let rules: Vec<_> = codes
        .iter()
        .map(|(name, opa)| json!({"id": name, "properties": {"opa": opa}, "shortDescription": {"text": name.replace('-', " ")}}))
        .collect();
    let results: Vec<_> = diagnostics
        .iter()
        .map(|it| {
            let rule =
                codes.iter().position(|(name, opa)| (*name, *opa) == (it.code.name, it.code.opa));
            result(files, it, rule)
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "palisade",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Strings and numbers can always be written.
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

fn result(files: &Files, diagnostic: &Diagnostic, rule: Option<usize>) -> Value {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut result = json!({
        "ruleId": diagnostic.code.name,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": text},
        "locations": [],
    });
    let places = diagnostic.labels.iter().map(|label| {
        let mut place = json!({"physicalLocation": place(files, label.span)});
        if !label.text.is_empty() {
            place["message"] = json!({"text": label.text});
        }
        place
    });
    let mut places: Vec<_> = places.collect();
    if !places.is_empty() {
        let related = places.split_off(1);
        result["locations"] = places.into();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
    }
    if let Some(fix) = &diagnostic.fix {
        let description = diagnostic.help.as_deref().unwrap_or("change it like this");
        result["fixes"] = json!([{
            "description": {"text": description},
            "artifactChanges": [{
                "artifactLocation": {"uri": uri(files.name(fix.span.file))},
                "replacements": [{
                    "deletedRegion": region(files, fix.span),
                    "insertedContent": {"text": fix.replacement},
                }],
            }],
        }]);
    }
    result
}

fn place(files: &Files, span: Span) -> Value {
    json!({"artifactLocation": {"uri": uri(files.name(span.file))}, "region": region(files, span)})
}

fn region(files: &Files, span: Span) -> Value {
    let span = sound(files, span);
    let (row, col) = char_position(files, span.file, span.start);
    let (end_row, end_col) = char_position(files, span.file, span.end);
    json!({"startLine": row, "startColumn": col, "endLine": end_row, "endColumn": end_col})
}

/// A file's name as a relative reference (RFC 3986).
fn uri(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            b'\\' => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
