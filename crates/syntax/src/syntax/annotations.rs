//! `# METADATA` blocks: found among the comments, read as YAML, put above what they speak of.

mod fields;
mod yaml;

use palisade_diag::{Diagnostic, Files, Span};
use palisade_value::{AnyValue, Value};

use super::ast::{Annotations, Comment, Module, Scope, Target};
use super::errors;

/// Reads the blocks of a file whose statements and comments are there.
pub(super) fn read(files: &Files, module: &Module) -> (Vec<Annotations>, Vec<Diagnostic>) {
    let statements = statements(module);
    let mut annotations = Vec::new();
    let mut diagnostics = Vec::new();
    for block in blocks(files, &module.comments) {
        match read_block(block, &statements) {
            Ok(it) => annotations.extend(it),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    (annotations, diagnostics)
}

/// The comments of each block, the line with the word first.
///
/// A block goes on as long as comments follow line by line at the start of the line.
fn blocks<'a>(files: &Files, comments: &'a [Comment]) -> Vec<&'a [Comment]> {
    let starts_line = |comment: &Comment| files.start(comment.span).col == 1;
    let is_first = |comment: &Comment| {
        starts_line(comment) && comment.text.trim_start().starts_with("METADATA")
    };
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(first) = comments.get(at) {
        let mut end = at + 1;
        if is_first(first) {
            let mut row = files.start(first.span).row;
            while let Some(next) = comments.get(end) {
                row += 1;
                if files.start(next.span).row != row || !starts_line(next) || is_first(next) {
                    break;
                }
                end += 1;
            }
            blocks.extend(comments.get(at..end));
        }
        at = end;
    }
    blocks
}

fn read_block(
    block: &[Comment],
    statements: &[(u32, Below)],
) -> Result<Option<Annotations>, Box<Diagnostic>> {
    let [first, lines @ ..] = block else {
        return Ok(None);
    };
    let span = lines.last().map_or(first.span, |last| first.span.to(last.span));
    let text: String = lines
        .iter()
        .map(|line| line.text.strip_prefix(' ').unwrap_or(&line.text).to_owned() + "\n")
        .collect();
    if text.trim().is_empty() {
        return Err(fault(first.span, "expected METADATA block, found whitespace"));
    }
    let place = |line: usize| {
        line.checked_sub(1).and_then(|at| lines.get(at)).map_or(span, |line| line.span)
    };
    let document = yaml::read(&text).map_err(|it| fault(place(it.line), it.message))?;
    fields::check(&document.value).map_err(|it| {
        let line = document.key_lines.iter().find(|(key, _)| key == it.key).map(|(_, line)| *line);
        fault(line.map_or(span, place), it.message)
    })?;
    let (scope, target) = attach(span, &document.value, below(span, statements))?;
    Ok(Some(Annotations { span, scope, target, value: document.value }))
}

fn fault(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(errors::invalid_annotation(span, message))
}

/// What a block stands above.
#[derive(Clone, Copy)]
enum Below {
    Package,
    Import,
    Rule(usize),
    Nothing,
}

/// Every statement with the byte where it starts, in order.
fn statements(module: &Module) -> Vec<(u32, Below)> {
    let package = std::iter::once((module.package.span.start, Below::Package));
    let imports = module.imports.iter().map(|it| (it.span.start, Below::Import));
    let rules = module.rules.iter().enumerate().map(|(at, it)| (it.span.start, Below::Rule(at)));
    let mut statements: Vec<_> = package.chain(imports).chain(rules).collect();
    statements.sort_by_key(|(start, _)| *start);
    statements
}

fn below(span: Span, statements: &[(u32, Below)]) -> Below {
    let next = statements.partition_point(|(start, _)| *start <= span.start);
    statements.get(next).map_or(Below::Nothing, |(_, below)| *below)
}

/// The scope and the statement of a block, if they go together.
fn attach(span: Span, value: &Value, below: Below) -> Result<(Scope, Target), Box<Diagnostic>> {
    let is_entrypoint = fields::field(value, "entrypoint") == Some(&Value::Boolean(true));
    let written = fields::field(value, "scope").and_then(Value::as_str).filter(|it| !it.is_empty());
    let scope = written.unwrap_or(match below {
        Below::Package => "package",
        Below::Import => "import",
        Below::Rule(_) if is_entrypoint => "document",
        Below::Rule(_) => "rule",
        Below::Nothing => "",
    });
    let wanted = |what: &str| {
        let have = match below {
            Below::Package => " (have package)",
            Below::Import => " (have import)",
            Below::Rule(_) => " (have rule)",
            Below::Nothing => "",
        };
        fault(span, format!("annotation scope '{scope}' must be applied to {what}{have}"))
    };
    let attached = match (scope, below) {
        ("rule", Below::Rule(at)) => (Scope::Rule, Target::Rule(at)),
        ("document", Below::Rule(at)) => (Scope::Document, Target::Rule(at)),
        ("package", Below::Package) => (Scope::Package, Target::Package),
        ("subpackages", Below::Package) => (Scope::Subpackages, Target::Package),
        ("rule" | "document", _) => return Err(wanted("rule")),
        ("package" | "subpackages", _) => return Err(wanted("package")),
        _ => {
            let message = format!(
                "invalid annotation scope '{scope}'. Use one of 'rule', 'document', 'package', or 'subpackages'"
            );
            return Err(fault(span, message));
        }
    };
    if is_entrypoint && !matches!(attached.0, Scope::Document | Scope::Package) {
        let message =
            format!("annotation entrypoint applied to non-document or package scope '{scope}'");
        return Err(fault(span, message));
    }
    Ok(attached)
}
