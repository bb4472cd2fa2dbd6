//! Semantic analysis: from syntax trees to the checked program.
//!
//! One file an analysis, in the order in which they run:
//!
//! 1. `imports`: the names that a file's imports stand for
//! 2. `rules`: the tree of rules and packages, and conflicts in it
//! 3. `lower`: names and calls resolved, with `scope` for variables, `table` for built-ins, `metadata` for
//!    annotations
//! 4. `safety`: bodies in an order in which every variable is bound before it is needed
//! 5. `recursion`: no rule needs itself, on the graph of `dependencies`
//! 6. `typing`: calls and equations that can never succeed, with what `schemas` say of input and data
//! 7. `entrypoints`: what the annotations mark
//!
//! With base data at hand, [`data_conflicts`] and [`missing_data`] hold the program against it; with a module made of
//! it, [`too_complex`] does.
//! Of a checked program, `documents` says what a query depends on; [`walk`] goes through its trees.
//!
//! All of them report what they find and go on, so that every error comes in one run.

mod allowed;
mod annotated;
mod complexity;
mod dependencies;
mod documents;
mod entrypoints;
mod errors;
mod imports;
mod lower;
mod metadata;
mod missing;
mod recursion;
mod rules;
mod safety;
mod schemas;
mod scope;
mod similar;
mod table;
mod typing;
pub mod walk;

pub use complexity::too_complex;
pub use missing::missing_data;

use std::collections::HashSet;
use std::sync::Arc;

use palisade_diag::{Diagnostic, FileId, Files, Span};
use palisade_value::types::Declaration;
use palisade_value::{AnyValue, Value};

pub use allowed::{Allowed, Foreign};
pub use annotated::{Annotated, annotated, package};
pub use typing::QueryTypes;

use crate::checked::{Node, Program, Query, Rule, RuleId};
use crate::limits;
use crate::semantic::dependencies::Places;
use crate::semantic::imports::Environment;
use crate::semantic::lower::{Lowerer, Shared};
use crate::semantic::metadata::{Around, Metadata};
use crate::semantic::rules::Tree;
use crate::semantic::schemas::Overlays;
pub use crate::semantic::schemas::Schemas;
use crate::semantic::table::Table;
use crate::syntax::ast::{self, Module};

pub use documents::{DocumentPath, Documents, documents};

/// What to check with.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The built-ins that a program may call.
    pub builtins: &'a [Declaration],
    /// What capabilities allow; without them everything.
    pub allowed: Option<&'a Allowed>,
    /// Whether the built-ins that are there for OPA's test cases only may be called too.
    pub test_cases: bool,
    /// Names of built-ins that must not be called all the same.
    pub unsafe_builtins: &'a [String],
    /// Whether unused variables and imports and the like are errors.
    pub strict: bool,
    /// Whether calls of `print` stay in the program, as calls of `internal.print`.
    pub keep_print: bool,
    /// Whether every file and query has `import future.keywords.not`, written or not.
    pub improved_not: bool,
    /// What input and base data are like.
    pub schemas: &'a Schemas,
    /// After how many errors the rest is cut; 0 for never.
    pub max_errors: usize,
}

impl<'a> Options<'a> {
    /// The usual checks with these built-ins.
    pub fn new(builtins: &'a [Declaration]) -> Options<'a> {
        Options {
            builtins,
            allowed: None,
            test_cases: false,
            unsafe_builtins: &[],
            strict: false,
            keep_print: false,
            improved_not: false,
            schemas: Schemas::NONE,
            max_errors: 0,
        }
    }
}

/// A query to be compiled with the program.
#[derive(Clone, Debug)]
pub struct QuerySource {
    /// Its expressions.
    pub body: ast::Body,
    /// The package in which its names are looked up.
    pub package: Option<Vec<String>>,
    /// Its imports.
    pub imports: Vec<ast::Import>,
    /// The language version.
    pub version: ast::Version,
}

/// The program, and what is wrong with it. With errors among the diagnostics it must not be evaluated.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The program; complete if there are no errors.
    pub program: Program,
    /// The types of the queries' results.
    pub query_types: Vec<QueryTypes>,
    /// What was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks files and queries together.
pub fn check(
    files: Arc<Files>,
    modules: Vec<Module>,
    queries: &[QuerySource],
    options: &Options<'_>,
) -> Checked {
    limits::on_large_stack(|| check_all(files, modules, queries, options))
}

fn check_all(
    files: Arc<Files>,
    modules: Vec<Module>,
    queries: &[QuerySource],
    options: &Options<'_>,
) -> Checked {
    let mut diagnostics = Vec::new();
    let environments: Vec<Environment> = modules
        .iter()
        .map(|module| module_environment(module, options, &mut diagnostics))
        .collect();
    let tree = tree(&modules, &environments, &files, &mut diagnostics);
    let mut table = Table::new(options);
    let mut shared = Shared {
        files: &files,
        tree: &tree,
        table: &mut table,
        language: options.allowed.map(|it| it.language).unwrap_or_default(),
        unsafe_builtins: options.unsafe_builtins,
        strict: options.strict,
        keep_print: options.keep_print,
        diagnostics: &mut diagnostics,
    };
    let rules = rules(&modules, &environments, &mut shared);
    let queries: Vec<Query> =
        queries.iter().map(|query| self::query(query, options, &mut shared)).collect();
    if options.strict {
        environments
            .iter()
            .for_each(|environment| imports::report_unused(environment, &mut diagnostics));
    }
    let entrypoints = entrypoints::find(&modules);
    let graph =
        dependencies::Graph::of(&rules, Places { root: &tree.root, functions: &tree.functions });
    recursion::check(&rules, &graph, &mut diagnostics);
    let overlays = Overlays::of(&modules, &origins(&modules), options.schemas, &mut diagnostics);
    let subject =
        typing::Subject { rules: &rules, tree: &tree, table: &table, overlays: &overlays };
    let query_types = typing::check(&subject, &queries, &graph, &mut diagnostics);
    let Tree { root, functions, .. } = tree;
    let builtins = table.into_used();
    let program = Program { files, rules, root, functions, builtins, entrypoints, queries };
    let diagnostics = finish(diagnostics, options.max_errors);
    Checked { program, query_types, diagnostics }
}

fn module_environment(
    module: &Module,
    options: &Options<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Environment {
    let package = rules::package_path(&module.package);
    let mut environment =
        imports::environment(package, &module.imports, module.version, options.strict, diagnostics);
    environment.improved_not |= options.improved_not;
    environment
}

/// The written rules of a file, each body of a head by itself, in the order in which they get their ids.
fn bodies(
    module: &Module,
) -> impl Iterator<Item = (usize, &ast::Rule, Option<&ast::Body>, &[ast::Else])> {
    module.rules.iter().enumerate().flat_map(|(at, rule)| {
        let first = (at, rule, rule.body.as_ref(), rule.elses.as_slice());
        let none: &[ast::Else] = &[];
        std::iter::once(first)
            .chain(rule.more_bodies.iter().map(move |body| (at, rule, Some(body), none)))
    })
}

/// For each rule, by its id, its file and its place in the file.
fn origins(modules: &[Module]) -> Vec<(usize, usize)> {
    let of_file = |(file, module)| bodies(module).map(move |(at, ..)| (file, at));
    modules.iter().enumerate().flat_map(of_file).collect()
}

fn tree(
    modules: &[Module],
    environments: &[Environment],
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Tree {
    let mut tree = Tree::default();
    let mut next = 0;
    for (module, environment) in modules.iter().zip(environments) {
        tree.add_package(&environment.package, module.package.span, diagnostics);
        for (_, rule, _, _) in bodies(module) {
            tree.add_rule(RuleId(next), &environment.package, rule, diagnostics);
            next += 1;
        }
    }
    let packages: Vec<(Vec<String>, Span)> = modules
        .iter()
        .zip(environments)
        .map(|(module, environment)| (environment.package.clone(), module.package.span))
        .collect();
    tree.check(&packages, files, diagnostics);
    tree
}

fn rules(modules: &[Module], environments: &[Environment], shared: &mut Shared<'_>) -> Vec<Rule> {
    let metadata = Metadata::of(modules, shared.files, shared.diagnostics);
    let mut rules = Vec::new();
    for (file, (module, environment)) in modules.iter().zip(environments).enumerate() {
        let package = &environment.package;
        for (at, rule, body, elses) in bodies(module) {
            let around =
                metadata.around(file, at, package, &rules::place(package, &rule.head).path);
            let lowered = Lowerer::new(shared, environment, around).rule(rule, body, elses);
            rules.push(safety::order_rule(lowered, shared.diagnostics));
        }
    }
    rules
}

fn query(query: &QuerySource, options: &Options<'_>, shared: &mut Shared<'_>) -> Query {
    let package = query.package.clone().unwrap_or_default();
    let mut environment = imports::environment(
        package,
        &query.imports,
        query.version,
        options.strict,
        shared.diagnostics,
    );
    environment.improved_not |= options.improved_not;
    let lowered = Lowerer::new(shared, &environment, Around::nothing()).query(&query.body);
    safety::order_query(lowered, shared.diagnostics)
}

/// Sorts by place, drops repetitions and cuts at the limit.
fn finish(mut diagnostics: Vec<Diagnostic>, max_errors: usize) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(Diagnostic::span);
    let mut seen = HashSet::new();
    diagnostics.retain(|it| seen.insert((it.span(), it.message.clone())));
    if max_errors > 0 && diagnostics.len() > max_errors {
        diagnostics.truncate(max_errors);
        diagnostics.push(errors::too_many(max_errors));
    }
    diagnostics
}

/// Finds base data where the program has rules or functions.
pub fn data_conflicts(program: &Program, data: &Value) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    node_conflicts(program, &program.root, data, &mut Vec::new(), &mut diagnostics);
    diagnostics
}

fn node_conflicts(
    program: &Program,
    node: &Node,
    data: &Value,
    path: &mut Vec<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let function = node.function.and_then(|id| program.functions.get(id.0 as usize));
    let rule = node
        .rules
        .first()
        .or_else(|| function.and_then(|it| it.rules.first().or(it.default.as_ref())));
    if let Some(rule) = rule {
        let span = program.rules.get(rule.0 as usize).map(|rule| rule.head);
        let nowhere = Span { file: FileId(0), start: 0, end: 0 };
        diagnostics.push(errors::data_conflicts(&path.join("/"), span.unwrap_or(nowhere)));
        return;
    }
    for (key, child) in &node.children {
        // What is no object stands in the way of everything below it.
        let below = match data {
            Value::Object(_) => data.get_str(key),
            other => Some(other.clone()),
        };
        if let Some(data) = below {
            path.push(key.clone());
            node_conflicts(program, child, &data, path, diagnostics);
            path.pop();
        }
    }
}
