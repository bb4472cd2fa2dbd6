//! The file: package, imports and rules in their order, what stands between them.

use palisade_diag::Files;

use super::imports::{self, Entry, adapt, has_keyword, has_rego_v1};
use super::source::Source;
use super::writer::{Note, Style, Writer};
use super::{Options, Target};
use crate::syntax::ast::{self, Version};
use crate::tree::{Location, Module, Rule};

/// A rule to be written.
pub(super) enum Item<'a> {
    /// Laid out.
    Rule(&'a Rule),
    /// As it is in the source: the whole of what the rule was read from.
    Kept(Location),
    /// Laid out without the comments inside, which stand above: the source is in another version.
    Bare(Location, Vec<&'a Rule>),
}

/// An import or a rule, with its place.
struct Statement<'a> {
    place: (u32, u32),
    what: What<'a>,
}

enum What<'a> {
    Import(Entry),
    Rule(Item<'a>),
}

/// Lays a file out. `kept` tells, for the rules as written, which of them are to be left as they are.
pub(super) fn write(
    files: &Files,
    module: &ast::Module,
    tree: &Module,
    kept: &[bool],
    options: &Options,
) -> String {
    let source = Source::new(files, module.file);
    let mut imports: Vec<_> = tree
        .imports
        .iter()
        .map(|it| Entry::new(it, source.row(it.location), source.col(it.location)))
        .collect();
    let style = style(&imports, tree, options);
    adapt(&mut imports, tree, options);
    let mut statements: Vec<_> = imports
        .into_iter()
        .map(|it| Statement { place: (it.row, it.col), what: What::Import(it) })
        .collect();
    let is_translated = module.version == Version::V0 && options.target != Target::V0;
    statements.extend(rules(&source, module, tree, kept, is_translated));
    statements.sort_by_key(|it| it.place);

    let mut writer = Writer::new(source, style, notes(&source, tree));
    writer.file(tree, statements);
    let mut text = writer.out;
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}

fn style(imports: &[Entry], tree: &Module, options: &Options) -> Style {
    let is_v1 = options.target != Target::V0;
    let is_imported = |keyword| has_rego_v1(imports) || has_keyword(imports, keyword);
    let has_refs = tree.rules.iter().any(|rule| {
        let head = &rule.head;
        let is_member = head.key.is_some() && head.value.is_none();
        head.reference.len() > 2 || (head.reference.len() == 2 && is_member)
    });
    Style {
        is_v1,
        has_if: is_v1 || is_imported("if"),
        has_contains: is_v1 || is_imported("contains"),
        has_refs,
        keywords: imports::keywords(imports, is_v1),
    }
}

fn notes<'a>(source: &Source<'a>, tree: &Module) -> Vec<Note<'a>> {
    tree.comments
        .iter()
        .map(|(at, text)| {
            let is_at_margin = source.col(*at) == 1;
            Note {
                row: source.row(*at),
                text: source.text(*at).trim_end(),
                is_at_margin,
                is_metadata: is_at_margin && text.trim_start().starts_with("METADATA"),
            }
        })
        .collect()
}

/// The rules as statements: each body is one, unless they are kept together as they are.
fn rules<'a>(
    source: &Source<'_>,
    module: &ast::Module,
    tree: &'a Module,
    kept: &[bool],
    is_translated: bool,
) -> Vec<Statement<'a>> {
    let mut statements = Vec::new();
    let mut bodies = tree.rules.iter();
    for (at, written) in module.rules.iter().enumerate() {
        let bodies = bodies.by_ref().take(1 + written.more_bodies.len());
        if kept.get(at) == Some(&true) {
            let bodies: Vec<_> = bodies.collect();
            let (start, end) = (written.span.start, written.span.end);
            let place = Location { at: start, start, end };
            let item = if is_translated { Item::Bare(place, bodies) } else { Item::Kept(place) };
            statements.push(statement(source, place, item));
        } else {
            statements.extend(bodies.map(|it| statement(source, it.location, Item::Rule(it))));
        }
    }
    statements
}

fn statement<'a>(source: &Source<'_>, at: Location, item: Item<'a>) -> Statement<'a> {
    Statement { place: (source.row(at), source.col(at)), what: What::Rule(item) }
}

impl Writer<'_> {
    fn file(&mut self, tree: &Module, statements: Vec<Statement<'_>>) {
        self.package(tree);
        let mut imports = Vec::new();
        let mut rules = Vec::new();
        for statement in statements {
            match statement.what {
                What::Import(it) => {
                    self.rules(&std::mem::take(&mut rules));
                    imports.push(it);
                }
                What::Rule(it) => {
                    self.import_run(&mut imports);
                    rules.push(it);
                }
            }
        }
        self.import_run(&mut imports);
        self.rules(&rules);
        let rest = self.next..self.comments.len();
        for at in rest {
            self.write_comments(at..at + 1);
        }
    }

    fn package(&mut self, tree: &Module) {
        // What clashes here is two comments in one line, which cannot be.
        let _ = self.insert_comments_at(tree.package);
        self.start_line();
        self.write("package ");
        let _ = self.package_path(tree.path.get(1..).unwrap_or_default());
        self.blank_line();
    }

    fn import_run(&mut self, imports: &mut Vec<Entry>) {
        if !imports.is_empty() {
            let _ = self.imports(std::mem::take(imports));
        }
    }
}
