//! For people: the message, the source line with a pointer into it, notes, help, the mend.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{printable, sound};
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::source::{FileId, Files};

pub(super) fn render(files: &Files, diagnostics: &[&Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&report(files, diagnostic)));
        out.push_str("\n\n");
    }
    // One empty line between two, none behind the last.
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn report<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code.name)
        .elements(snippets(files, diagnostic));
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(printable(note)));
    }
    let help = diagnostic.help.as_deref().map(printable);
    match &diagnostic.fix {
        Some(fix) => {
            let title = help.unwrap_or_else(|| "change it like this".to_owned());
            vec![group, Level::HELP.secondary_title(title).element(patch(files, fix))]
        }
        None => vec![match help {
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        }],
    }
}

/// One snippet a file, that of the primary label first.
fn snippets<'a>(files: &'a Files, diagnostic: &'a Diagnostic) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut order: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !order.contains(&label.span.file) {
            order.push(label.span.file);
        }
    }
    order.into_iter().map(|file| snippet(files, file, &diagnostic.labels)).collect()
}

fn snippet<'a>(files: &'a Files, file: FileId, labels: &'a [Label]) -> Snippet<'a, Annotation<'a>> {
    let annotations = labels.iter().enumerate().filter(|(_, label)| label.span.file == file).map(
        |(at, label)| {
            let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let span = sound(files, label.span);
            let annotation = kind.span(span.start as usize..span.end as usize);
            if label.text.is_empty() {
                annotation
            } else {
                annotation.label(printable(&label.text))
            }
        },
    );
    Snippet::source(files.text(file)).path(printable(files.name(file))).annotations(annotations)
}

fn patch<'a>(files: &'a Files, fix: &'a Fix) -> Snippet<'a, Patch<'a>> {
    let span = sound(files, fix.span);
    Snippet::source(files.text(span.file))
        .path(printable(files.name(span.file)))
        .patch(Patch::new(span.start as usize..span.end as usize, fix.replacement.as_str()))
}
