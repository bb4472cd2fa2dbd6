//! Imports: in groups, sorted, with those added that the layout needs and those left out that it does not.

use std::cmp::Ordering;

use super::writer::{Writer, Written};
use super::{Options, Target};
use crate::syntax::Keywords;
use crate::syntax::ast::Version;
use crate::tree::{Expr, Import, Module, Term, Terms, Value, compare};

/// An import as it is to be written.
pub(super) struct Entry {
    pub(super) row: u32,
    pub(super) col: u32,
    path: Term,
    alias: Option<String>,
}

impl Entry {
    pub(super) fn new(import: &Import, row: u32, col: u32) -> Entry {
        Entry { row, col, path: import.path.clone(), alias: import.alias.clone() }
    }

    /// The names of the path.
    fn names(&self) -> Vec<&str> {
        let parts = match &self.path.value {
            Value::Ref(parts) => parts.as_slice(),
            _ => &[],
        };
        parts
            .iter()
            .map(|part| match &part.value {
                Value::Var(text) | Value::String { text, .. } => text.as_str(),
                _ => "",
            })
            .collect()
    }

    fn is(&self, path: &[&str]) -> bool {
        self.names() == path
    }

    fn is_of_future(&self) -> bool {
        self.names().first() == Some(&"future")
    }
}

/// Whether the file imports a keyword, by its name or with all others.
pub(super) fn has_keyword(imports: &[Entry], keyword: &str) -> bool {
    imports
        .iter()
        .any(|it| it.is(&["future", "keywords", keyword]) || it.is(&["future", "keywords"]))
}

/// The keywords of the version, and those that are imported by their name.
pub(super) fn keywords(imports: &[Entry], is_v1: bool) -> Keywords {
    let known = Keywords::of(if is_v1 { Version::V1 } else { Version::V0 });
    let named = imports.iter().filter_map(|it| match it.names().as_slice() {
        ["future", "keywords", name] => Keywords::named(name),
        _ => None,
    });
    named.fold(known, Keywords::with)
}

/// Whether the file says `import rego.v1`.
pub(super) fn has_rego_v1(imports: &[Entry]) -> bool {
    imports.iter().any(|it| it.is(&["rego", "v1"]))
}

/// Adds and leaves out what the target asks for.
pub(super) fn adapt(imports: &mut Vec<Entry>, tree: &Module, options: &Options) {
    match options.target {
        Target::V1 if options.drop_v0_imports => imports.retain(|it| !it.is(&["rego", "v1"])),
        Target::V0V1 if !has_rego_v1(imports) => add(imports, &["rego", "v1"]),
        _ => {}
    }
    let is_v1 = options.target != Target::V0 || has_rego_v1(imports);
    if is_v1 && (options.drop_v0_imports || has_rego_v1(imports)) {
        imports.retain(|it| !it.is_of_future());
    }
    for keyword in used_keywords(tree) {
        let is_builtin = is_v1 && matches!(keyword, "in" | "every");
        let implied = keyword == "in" && has_keyword(imports, "every");
        if !is_builtin && !implied && !has_keyword(imports, keyword) {
            add(imports, &["future", "keywords", keyword]);
        }
    }
}

/// Adds an import behind the others of its kind, or in front of everything.
fn add(imports: &mut Vec<Entry>, path: &[&str]) {
    let of_kind = imports.iter().filter(|it| it.is_of_future() || it.is(&["rego", "v1"]));
    let row = of_kind.map(|it| it.row).max().map_or(1, |row| row + 1);
    let parts = path.iter().enumerate().map(|(at, name)| {
        let text = (*name).to_owned();
        let value = if at == 0 { Value::Var(text) } else { Value::String { text, literal: None } };
        Term { location: None, value }
    });
    let path = Term { location: None, value: Value::Ref(parts.collect()) };
    imports.push(Entry { row, col: 1, path, alias: None });
}

/// The keywords in bodies that must be imported in some version.
fn used_keywords(tree: &Module) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut see = |expr: &Expr| {
        found.extend(match &expr.terms {
            Terms::Call(terms) if terms.first().is_some_and(is_member) => Some("in"),
            Terms::Every(_) => Some("every"),
            Terms::Not { .. } => Some("not"),
            Terms::Logical(it) => Some(it.operator),
            _ => None,
        });
    };
    for rule in &tree.rules {
        crate::tree::walk_rule(rule, &mut see);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_member(operator: &Term) -> bool {
    super::operators::name(operator).is_some_and(|it| it.starts_with("internal.member_"))
}

impl Writer<'_> {
    /// Writes imports that stand together in the source.
    pub(super) fn imports(&mut self, imports: Vec<Entry>) -> Written {
        let ends = self.take_line_ends(&imports);
        let mut outcome = Ok(());
        let mut group: Vec<(Entry, Option<String>)> = Vec::new();
        for (entry, end) in imports.into_iter().zip(ends) {
            if group.last().is_some_and(|(last, _)| entry.row > last.row + 1) {
                outcome = outcome.and(self.import_group(std::mem::take(&mut group)));
            }
            group.push((entry, end));
        }
        if group.is_empty() { outcome } else { outcome.and(self.import_group(group)) }
    }

    /// Takes the comments at the ends of the imports' lines out of those to be written: they move with the imports.
    fn take_line_ends(&mut self, imports: &[Entry]) -> Vec<Option<String>> {
        let mut ends = vec![None; imports.len()];
        let mut at = self.next;
        while let Some(note) = self.comments.get(at) {
            match imports.iter().position(|it| it.row == note.row) {
                Some(found) => {
                    if let Some(end) = ends.get_mut(found) {
                        *end = Some(note.text.to_owned());
                    }
                    self.comments.remove(at);
                }
                None => at += 1,
            }
        }
        ends
    }

    fn import_group(&mut self, mut group: Vec<(Entry, Option<String>)>) -> Written {
        let row = group.first().map_or(1, |(it, _)| it.row);
        let outcome = self.insert_comments(row);
        group.sort_by(|(a, _), (b, _)| order(a, b));
        for (entry, end) in &group {
            self.start_line();
            self.write("import ");
            if let Value::Ref(parts) = &entry.path.value {
                // A path holds names only: nothing in it can clash.
                let _ = self.path(parts);
            }
            if let Some(alias) = &entry.alias {
                self.write(" as ");
                self.write(alias);
            }
            if let Some(end) = end {
                self.write(" ");
                self.write(end);
            }
            self.end_line();
        }
        self.blank_line();
        outcome
    }
}

fn order(a: &Entry, b: &Entry) -> Ordering {
    compare(&a.path, &b.path).then_with(|| a.alias.cmp(&b.alias))
}
