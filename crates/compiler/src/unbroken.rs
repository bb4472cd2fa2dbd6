//! Checking the files that can be read where others can't, so that all errors come in one run.

use std::collections::HashSet;
use std::sync::Arc;

use palisade_diag::{Diagnostic, FileId, Files, Severity};
use palisade_rego::semantic::{self, Options};
use palisade_rego::syntax::Parse;
use palisade_rego::syntax::ast::{Module, Package, TermKind};

/// What is wrong with those files without syntax errors that name nothing of a file with some. What the others lack may
/// be what can't be read.
pub fn check(
    files: &Arc<Files>,
    parses: &[Parse<Module>],
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let (broken, whole): (Vec<_>, Vec<_>) = parses.iter().partition(|parse| is_broken(parse));
    let unreadable: Vec<Vec<&str>> = broken.iter().map(|it| path(&it.tree.package)).collect();
    let judged: HashSet<FileId> = whole
        .iter()
        .filter(|parse| {
            let package = &parse.tree.package;
            let text = files.text(package.span.file);
            let own = path(package);
            unreadable
                .iter()
                .all(|other| own != *other && other.iter().any(|part| !has_name(text, part)))
        })
        .map(|parse| parse.tree.package.span.file)
        .collect();
    if judged.is_empty() {
        return Vec::new();
    }
    let modules = whole.iter().map(|parse| parse.tree.clone()).collect();
    let mut diagnostics = semantic::check(files.clone(), modules, &[], options).diagnostics;
    diagnostics.retain(|it| it.span().is_some_and(|span| judged.contains(&span.file)));
    diagnostics
}

fn is_broken(parse: &Parse<Module>) -> bool {
    parse.diagnostics.iter().any(|it| it.severity == Severity::Error)
}

/// A package's path; empty if it can't be read either, and then every file may be about it.
fn path(package: &Package) -> Vec<&str> {
    package
        .path
        .iter()
        .map_while(|term| match &term.kind {
            TermKind::String { text, .. } | TermKind::Var(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// Whether a text has a name, not only as a part of a longer one. To name a package a file must have all parts of its path.
fn has_name(text: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use crate::{Options, Source, analyse};

    fn check(sources: &[&str], wanted: &[&str]) {
        let sources: Vec<Source> = sources
            .iter()
            .enumerate()
            .map(|(at, text)| Source::new(format!("{at}.rego"), *text))
            .collect();
        let analysis = analyse(&sources, &Options::default());
        let found: Vec<String> = analysis
            .diagnostics
            .iter()
            .filter_map(|it| Some(format!("{}:{}", it.span()?.file.0, it.code.name)))
            .collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn files_apart_from_a_broken_one_are_checked() {
        check(
            &["package a\np if }", "package b\nq := upper(1)\nr := y"],
            &["0:unexpected-token", "1:invalid-argument", "1:unsafe-var"],
        );
    }

    #[test]
    fn files_of_several_broken_ones_are_all_reported() {
        check(
            &["package a\np if }", "package b\nq if }"],
            &["0:unexpected-token", "1:unexpected-token"],
        );
    }

    #[test]
    fn what_may_be_in_the_broken_file_is_not_missed() {
        check(
            &[
                "package a.lib\nf(x) := 1\np if }",
                "package a.lib\nr := f(1)",
                "package b\nimport data.a.lib\nq := lib.f(1)",
                "package c\nq := data[\"a\"][\"lib\"].f(1)",
            ],
            &["0:unexpected-token"],
        );
    }

    #[test]
    fn a_package_that_cannot_be_read_may_be_any() {
        check(&["p := 1", "package b\nr := y"], &["0:package-expected"]);
    }
}
