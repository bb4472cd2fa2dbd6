//! What a file's imports say: names for documents, and language features.

use std::cell::Cell;
use std::collections::BTreeMap;

use palisade_diag::{Diagnostic, Span};
use palisade_value::{AnyValue, Value};

use crate::semantic::errors;
use crate::syntax::{Keywords, ast};

/// One of the two root documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `input`
    Input,
    /// `data`
    Data,
}

/// An imported name.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The document's root.
    pub root: Root,
    /// The path below the root: constants.
    pub path: Vec<ast::Term>,
    /// The import statement, as messages show it.
    pub text: String,
    /// The import statement.
    pub span: Span,
    /// Whether anything reads it.
    pub used: Cell<bool>,
}

/// What holds for all names of a file or query.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The package's path.
    pub package: Vec<String>,
    /// The imported names.
    pub aliases: BTreeMap<String, Alias>,
    /// Whether `not` keeps everything inside (`import future.keywords.not`).
    pub improved_not: bool,
    /// Whether what v1 refuses and v0 lets pass is an error.
    pub is_strict: bool,
}

/// The text of a constant string.
pub fn constant_text(term: &ast::Term) -> Option<&str> {
    match &term.kind {
        ast::TermKind::String { text, .. } => Some(text),
        _ => None,
    }
}

/// The value of a constant scalar.
pub fn constant_scalar(term: &ast::Term) -> Option<Value> {
    match &term.kind {
        ast::TermKind::Null => Some(Value::Null),
        ast::TermKind::Boolean(it) => Some(Value::Boolean(*it)),
        ast::TermKind::Number(text) => Some(Value::decimal(text)),
        ast::TermKind::String { text, .. } => Some(Value::text(text)),
        ast::TermKind::Parens(inner) => constant_scalar(inner),
        _ => None,
    }
}

/// The environment of a file.
pub fn environment(
    package: Vec<String>,
    imports: &[ast::Import],
    version: ast::Version,
    strict: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Environment {
    let is_strict = strict || version == ast::Version::V1;
    let mut result =
        Environment { package, aliases: BTreeMap::new(), improved_not: false, is_strict };
    let mut named: BTreeMap<&str, &ast::Import> = BTreeMap::new();
    for import in imports {
        let ast::TermKind::Var(root_name) = &import.path.head.kind else { continue };
        let last = import.path.path.last().and_then(constant_text).unwrap_or(root_name);
        let name = import.alias.as_ref().map_or(last, |alias| &alias.text);
        let root = match root_name.as_str() {
            "data" => Some(Root::Data),
            "input" => Some(Root::Input),
            "future" | "rego" => None,
            _ => {
                diagnostics.push(errors::bad_import(import.span));
                continue;
            }
        };
        if let Some(first) = named.get(name)
            && is_strict
        {
            let text = import_text(first);
            diagnostics.push(errors::import_shadows(&text, import.span, first.span));
        }
        named.insert(name, import);
        result.improved_not |= root_name == "future" && is_improved_not(&import.path);
        let Some(root) = root else { continue };
        let alias = Alias {
            root,
            path: import.path.path.clone(),
            text: import_text(import),
            span: import.span,
            used: Cell::new(false),
        };
        result.aliases.insert(name.to_owned(), alias);
    }
    result
}

fn is_improved_not(path: &ast::Ref) -> bool {
    let parts: Vec<&str> = path.path.iter().filter_map(constant_text).collect();
    parts == ["keywords", "not"]
}

/// An import as messages show it: `import data.a["b c"] as d`.
fn import_text(import: &ast::Import) -> String {
    let head = match &import.path.head.kind {
        ast::TermKind::Var(root) => root.as_str(),
        _ => "",
    };
    let keywords = Keywords::of(ast::Version::V1);
    let is_name = |text: &str| {
        text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
            && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
            && !keywords.has(text)
    };
    let part = |text: &str| match is_name(text) {
        true => format!(".{text}"),
        false => format!("[{text:?}]"),
    };
    let path: String = import.path.path.iter().filter_map(constant_text).map(part).collect();
    let alias = import.alias.as_ref().map(|alias| format!(" as {}", alias.text));
    format!("import {head}{path}{}", alias.unwrap_or_default())
}

/// Reports the imports that nothing reads.
pub fn report_unused(environment: &Environment, diagnostics: &mut Vec<Diagnostic>) {
    for alias in environment.aliases.values().filter(|alias| !alias.used.get()) {
        diagnostics.push(errors::unused_import(&alias.text, alias.span));
    }
}
