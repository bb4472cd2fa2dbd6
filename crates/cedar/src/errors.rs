//! Problems in Cedar's files as diagnostics.

use std::sync::Arc;

use miette::LabeledSpan;
use palisade_diag::{Code, Diagnostic, FileId, Files, Label, Severity, Span};

use crate::limits::{NESTING_MAX, OPERATORS_MAX, TYPES_MAX};

/// Sources that could not be read, and why.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The sources, for showing diagnostics.
    pub files: Arc<Files>,
    /// The errors, and the warnings beside them.
    pub diagnostics: Vec<Diagnostic>,
}

const PARSE: &str = "cedar_parse_error";
const TYPE: &str = "cedar_type_error";
const COMPILE: &str = "cedar_compile_error";

pub(crate) const POLICY: Code = Code { name: "cedar-parse", opa: PARSE };
pub(crate) const JSON: Code = Code { name: "cedar-json", opa: PARSE };
pub(crate) const SCHEMA: Code = Code { name: "cedar-schema", opa: TYPE };
pub(crate) const ENTITY: Code = Code { name: "cedar-entity", opa: TYPE };
pub(crate) const LINK: Code = Code { name: "cedar-link", opa: COMPILE };
const NESTING: Code = Code { name: "cedar-nesting-too-deep", opa: PARSE };
const OPERATORS: Code = Code { name: "cedar-too-many-operators", opa: PARSE };
const TYPES: Code = Code { name: "cedar-schema-too-large", opa: TYPE };
const DUPLICATE: Code = Code { name: "cedar-duplicate-policy", opa: COMPILE };
const UNSUPPORTED: Code = Code { name: "cedar-unsupported", opa: COMPILE };

/// The code of what the validator found.
pub(crate) const fn validation(name: &'static str) -> Code {
    Code { name, opa: TYPE }
}

/// Where a problem is if the official crates don't say it, and which file they mean if they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file that byte offsets are in.
    pub file: FileId,
    /// The construct at large.
    pub span: Span,
}

impl Place {
    /// A file at large.
    pub(crate) fn of_file(file: FileId) -> Place {
        Place { file, span: Span { file, start: 0, end: 0 } }
    }

    /// A part of a file.
    pub(crate) fn of(span: Span) -> Place {
        Place { file: span.file, span }
    }

    /// Where the official crates say that something is.
    pub(crate) fn at(self, offset: usize, len: usize) -> Span {
        let end = offset.saturating_add(len);
        let as_u32 = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Span { file: self.file, start: as_u32(offset), end: as_u32(end) }
    }
}

/// A problem that the official crates report, and those that they report with it.
pub(crate) fn reported(
    code: Code,
    severity: Severity,
    problem: &dyn miette::Diagnostic,
    place: Place,
) -> Vec<Diagnostic> {
    let mut diagnostics = vec![one_reported(code, severity, problem, place)];
    for related in problem.related().into_iter().flatten() {
        diagnostics.extend(reported(code, severity, related, place));
    }
    diagnostics
}

fn one_reported(
    code: Code,
    severity: Severity,
    problem: &dyn miette::Diagnostic,
    place: Place,
) -> Diagnostic {
    let labels = problem.labels().into_iter().flatten();
    let mut labels: Vec<Label> = labels.map(|it| label(&it, place)).collect();
    if labels.is_empty() {
        labels.push(Label { span: place.span, text: String::new() });
    }
    Diagnostic {
        code,
        severity,
        message: message(problem),
        labels,
        notes: Vec::new(),
        help: problem.help().map(|it| on_one_line(&it.to_string())),
        fix: None,
    }
}

fn label(label: &LabeledSpan, place: Place) -> Label {
    let text = label.label().map(on_one_line).unwrap_or_default();
    Label { span: place.at(label.offset(), label.len()), text }
}

/// What an error says, and what its causes say that it does not.
pub(crate) fn message(error: &(dyn std::error::Error + '_)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        let text = it.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = it.source();
    }
    on_one_line(&message)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn nesting_too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(NESTING, span, format!("nested deeper than {NESTING_MAX} levels"))
        .help("split the condition into several policies")
}

pub(crate) fn too_many_operators(span: Span) -> Diagnostic {
    Diagnostic::error(OPERATORS, span, format!("a policy with more than {OPERATORS_MAX} operators"))
        .help("split it into several policies, or compare with a set")
}

pub(crate) fn schema_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(TYPES, span, format!("the schema has more than {TYPES_MAX} types"))
        .help("common types are replaced by what they stand for wherever they are used; use entity types instead")
}

pub(crate) fn duplicate_policy(span: Span, id: &str, first: Span) -> Diagnostic {
    Diagnostic::error(DUPLICATE, span, format!("there already is a policy or template `{id}`"))
        .also(first, "the first one")
        .help("give one of them another name")
}

pub(crate) fn unsupported(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(UNSUPPORTED, span, format!("{what} can't be compiled"))
}

pub(crate) fn bad_json(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::error(JSON, span, on_one_line(reason))
}

pub(crate) fn bad_link(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::error(LINK, span, on_one_line(reason))
}
