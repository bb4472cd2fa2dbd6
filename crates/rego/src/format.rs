//! Lays policies out as `opa fmt` does.
//!
//! What is written over several lines stays so, what is written on one line too; within that, indentation, spaces, commas,
//! brackets and blank lines become uniform. Every comment is kept, the meaning never changes, and text that has been laid
//! out stays as it is: [`module`] makes sure of all three, and leaves a rule as written where it cannot.

mod exprs;
mod file;
mod heads;
mod imports;
mod lists;
mod operators;
mod rules;
mod source;
mod templates;
mod terms;
mod writer;

use std::collections::BTreeMap;

use palisade_diag::{Files, Span};
use thiserror::Error;

use crate::syntax::ast::{self, Version};
use crate::syntax::{ParseOptions, parse_module};
use crate::tree::{self, same, same_annotations, same_rule};

/// How often a text is laid out again until it stays as it is. Two rounds are nearly always enough.
const ROUNDS_MAX: usize = 8;

/// The Rego that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// v0, with `if` and `contains` where they are imported.
    V0,
    /// v0 with `import rego.v1`, which is v1 too.
    V0V1,
    /// v1.
    V1,
}

/// How to lay out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The Rego that is written.
    pub target: Target,
    /// Whether imports go that v1 has no need of.
    pub drop_v0_imports: bool,
}

/// Why a policy cannot be laid out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatError {
    /// It says something that the other version of Rego cannot say, or not in the same way.
    #[error("cannot be written in the target version of Rego without a change of meaning")]
    Meaning,
}

/// Lays out a file that was read without diagnostics.
///
/// # Errors
///
/// [`FormatError::Meaning`], if the text laid out, the rules as written included, would not say the same.
pub fn module(
    files: &Files,
    module: &ast::Module,
    options: &Options,
) -> Result<String, FormatError> {
    let mut text = sound(files, module, options)?;
    for _ in 1..ROUNDS_MAX {
        let (files, read) = read(&text, options).ok_or(FormatError::Meaning)?;
        let next = sound(&files, &read, options)?;
        if next == text {
            break;
        }
        text = next;
    }
    Ok(text)
}

/// Lays out once. Rules that would not come out the same are kept as written, or in another version have their comments
/// above; if that does not help, all are.
fn sound(files: &Files, module: &ast::Module, options: &Options) -> Result<String, FormatError> {
    let tree = tree::module(files, module);
    let mut kept = vec![false; module.rules.len()];
    loop {
        let text = file::write(files, module, &tree, &kept, options);
        let Some(faulty) = faulty(module, &tree, &text, options) else {
            return Ok(text);
        };
        let is_new = faulty.iter().any(|at| kept.get(*at) == Some(&false));
        if kept.iter().all(|it| *it) {
            return Err(FormatError::Meaning);
        }
        for (at, it) in kept.iter_mut().enumerate() {
            *it |= !is_new || faulty.contains(&at);
        }
    }
}

/// Reads what has been laid out; with experimental keywords, if it cannot be read without.
fn read(text: &str, options: &Options) -> Option<(Files, ast::Module)> {
    let version = match options.target {
        Target::V0 | Target::V0V1 => Version::V0,
        Target::V1 => Version::V1,
    };
    let mut files = Files::new();
    let file = files.add("", text);
    let tree = [false, true].into_iter().find_map(|experimental| {
        let options = ParseOptions { experimental, ..ParseOptions::of(version) };
        let parse = parse_module(&files, file, &options);
        parse.diagnostics.is_empty().then_some(parse.tree)
    });
    tree.map(|tree| (files, tree))
}

/// The rules that a text does not hold as they were, or with their comments; none if it holds everything.
fn faulty(
    module: &ast::Module,
    tree: &tree::Module,
    text: &str,
    options: &Options,
) -> Option<Vec<usize>> {
    let Some((files, read)) = read(text, options) else {
        return Some(Vec::new());
    };
    let copy = tree::module(&files, &read);
    let strays = strays(module, &read);
    let has_metadata = same_annotations(tree, &copy);
    if strays.is_empty() && has_metadata && same(tree, &copy) {
        return None;
    }
    let is_inside =
        |span: Span, comment: Span| span.start < comment.start && comment.end < span.end;
    let has_stray = |rule: &ast::Rule| {
        let mut inside = module.comments.iter().filter(|it| is_inside(rule.span, it.span));
        inside.any(|it| !has_metadata || strays.contains(&it.text.trim_end()))
    };
    let mut faulty = Vec::new();
    let mut at = 0;
    for (place, rule) in module.rules.iter().enumerate() {
        let end = at + 1 + rule.more_bodies.len();
        let is_same = (at..end).all(|at| match (tree.rules.get(at), copy.rules.get(at)) {
            (Some(a), Some(b)) => same_rule(a, b),
            _ => false,
        });
        at = end;
        if !is_same || has_stray(rule) {
            faulty.push(place);
        }
    }
    Some(faulty)
}

/// The comments that one file has more often than the other.
fn strays<'a>(before: &'a ast::Module, after: &'a ast::Module) -> Vec<&'a str> {
    let mut count: BTreeMap<&str, i64> = BTreeMap::new();
    for (module, step) in [(before, 1), (after, -1)] {
        for comment in &module.comments {
            *count.entry(comment.text.trim_end()).or_default() += step;
        }
    }
    count.into_iter().filter(|(_, count)| *count != 0).map(|(text, _)| text).collect()
}
