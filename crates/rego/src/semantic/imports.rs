//! What a file's imports say: names for documents, and language features.

use std::cell::Cell;
use std::collections::BTreeMap;

use palisade_diag::{Diagnostic, Span};

use crate::semantic::errors;
use crate::syntax::ast;

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
    for import in imports {
        let ast::TermKind::Var(root) = &import.path.head.kind else { continue };
        let root_name = root.as_str();
        let root = match root_name {
            "data" => Root::Data,
            "input" => Root::Input,
            "future" => {
                result.improved_not |= is_improved_not(&import.path);
                continue;
            }
            "rego" => continue,
            _ => {
                diagnostics.push(errors::bad_import(import.span));
                continue;
            }
        };
        let last = import.path.path.last().and_then(constant_text).unwrap_or(root_name);
        let name = import.alias.as_ref().map_or(last, |alias| &alias.text).to_owned();
        let alias = Alias {
            root,
            path: import.path.path.clone(),
            span: import.span,
            used: Cell::new(false),
        };
        if let Some(first) = result.aliases.get(&name)
            && is_strict
        {
            let path = format!("import {root_name}{}", suffix_text(&first.path));
            diagnostics.push(errors::import_shadows(&path, import.span, first.span));
        }
        result.aliases.insert(name, alias);
    }
    result
}

fn is_improved_not(path: &ast::Ref) -> bool {
    let parts: Vec<&str> = path.path.iter().filter_map(constant_text).collect();
    parts == ["keywords", "not"]
}

/// The path as it is written behind a root: `.a.b`.
pub fn suffix_text(path: &[ast::Term]) -> String {
    path.iter().filter_map(constant_text).map(|part| format!(".{part}")).collect()
}

/// Reports the imports that nothing reads.
pub fn report_unused(environment: &Environment, diagnostics: &mut Vec<Diagnostic>) {
    for alias in environment.aliases.values().filter(|alias| !alias.used.get()) {
        let root = if alias.root == Root::Input { "input" } else { "data" };
        let path = format!("import {root}{}", suffix_text(&alias.path));
        diagnostics.push(errors::unused_import(&path, alias.span));
    }
}
