//! Parsing and checking.

use std::sync::Arc;

use palisade_codegen::Abi;
use palisade_diag::{Diagnostic, FileId, Files, Severity};
use palisade_rego::checked::{self, Program};
use palisade_rego::limits::TOKENS_MAX;
use palisade_rego::semantic::{self, QuerySource, Schemas};
use palisade_rego::syntax::ast::{Import, Module, Version};
use palisade_rego::syntax::{self, Parse, ParseOptions};
use palisade_value::Value;
use palisade_value::types::{Declaration, Type};

use crate::capabilities::Capabilities;
use crate::{unbroken, version};

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that diagnostics and the module's manifest show. No machine's paths should be in it.
    pub name: String,
    /// The text.
    pub text: String,
    /// The language version, where it is known from elsewhere, such as a bundle's manifest; else the options say it.
    pub version: Option<Version>,
}

impl Source {
    /// A source file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { name: name.into(), text: text.into(), version: None }
    }
}

/// A query that is compiled together with the policy.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The text: `data.authz.allow == true; x := input.y`.
    pub text: String,
    /// The package it is asked in: `authz`. Names of that package need no `data.` in front.
    pub package: Option<String>,
    /// Imports it may use: `data.roles`, `input.user as u`.
    pub imports: Vec<String>,
}

/// How to read and compile.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language version of files that don't say `import rego.v1`.
    pub version: Version,
    /// Whether a file that isn't Rego v1 but is Rego v0 is read as that, with a warning.
    pub detect_v0: bool,
    /// The entrypoints as paths with slashes: `authz/allow`. Those annotated in the sources are added.
    pub entrypoints: Vec<String>,
    /// The face that the module has towards its host.
    pub abi: Abi,
    /// The functions of the host that the module may call, such as `http.send`. A call of another one is an error.
    pub host_functions: Vec<String>,
    /// Base data known now. It is frozen into the module; but hosts of OPA's ABI always bring the data themselves.
    pub data: Value,
    /// Queries compiled with the policy.
    pub queries: Vec<Query>,
    /// Whether the stricter checks are on.
    pub strict: bool,
    /// What input and base data are like, for the type checker.
    pub schemas: Schemas,
    /// What calls of `print` become, for an evaluator that can print. Without it they are left out: a module has nowhere
    /// to print to.
    pub print: Option<Declaration>,
    /// Whether the experimental keywords `and` and `or` are on.
    pub experimental: bool,
    /// What the policy may use; without them everything.
    pub capabilities: Option<Capabilities>,
    /// Whether built-ins that only the capabilities know may be called: for checking what others will run.
    pub foreign_builtins: bool,
    /// Whether base data may lie at a rule's path. Reading the rule then gives its value, reading the document around
    /// it gives the data's. Tools refuse such data; hosts that load data later can't.
    pub overlapping_data: bool,
    /// Whether the built-ins that only OPA's test cases call are known: `test.sleep`.
    pub test_cases: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            version: Version::V1,
            detect_v0: false,
            abi: Abi::Palisade,
            host_functions: Vec::new(),
            entrypoints: Vec::new(),
            data: Value::empty_object(),
            queries: Vec::new(),
            strict: false,
            schemas: Schemas::default(),
            print: None,
            experimental: false,
            capabilities: None,
            foreign_builtins: false,
            overlapping_data: false,
            test_cases: false,
        }
    }
}

impl Options {
    /// How a text of this version is parsed.
    pub(crate) fn parsing(&self, version: Version) -> ParseOptions {
        let language = self.capabilities.as_ref().map(Capabilities::language);
        ParseOptions {
            experimental: self.experimental,
            language: language.unwrap_or_default(),
            ..ParseOptions::of(version)
        }
    }
}

/// What parsing and checking found.
#[derive(Debug)]
pub struct Analysis {
    /// The sources, for showing diagnostics.
    pub files: Arc<Files>,
    /// The syntax trees, one for each source.
    pub modules: Vec<Module>,
    /// The checked program; of use only if there are no errors.
    pub program: Program,
    /// For each query, what is known of the types of its variables and of its expressions: names or texts with types.
    pub query_types: Vec<Vec<(String, Type)>>,
    /// Everything that was found, errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Analysis {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// Parses and checks sources and queries.
pub fn analyse(sources: &[Source], options: &Options) -> Analysis {
    let mut files = Files::new();
    let ids: Vec<_> =
        sources.iter().map(|source| files.add(&source.name, source.text.as_str())).collect();
    let queries: Vec<_> =
        options.queries.iter().map(|query| QueryFiles::add(query, &mut files)).collect();
    let files = Arc::new(files);
    let parse_options = options.parsing(options.version);
    let capabilities = options.capabilities.as_ref();
    let allowed = capabilities.map(|it| it.allowed(options.foreign_builtins));
    let builtins: Vec<Declaration> =
        palisade_builtins::declarations().iter().copied().chain(options.print).collect();
    let check_options = semantic::Options {
        strict: options.strict,
        test_cases: options.test_cases,
        schemas: &options.schemas,
        keep_print: options.print.is_some(),
        allowed: allowed.as_ref(),
        ..semantic::Options::new(&builtins)
    };
    let parses = read_all(&files, ids.into_iter().zip(sources), options, TOKENS_MAX);
    let mut diagnostics: Vec<Diagnostic> =
        parses.iter().flat_map(|parse| parse.diagnostics.iter().cloned()).collect();
    let queries: Vec<QuerySource> =
        queries.iter().map(|query| query.parse(&files, &parse_options, &mut diagnostics)).collect();
    if diagnostics.iter().any(|it| it.severity == Severity::Error) {
        // A tree with holes would only lead to follow-up errors that aren't there once the holes are mended.
        diagnostics.extend(unbroken::check(&files, &parses, &check_options));
        let modules = parses.into_iter().map(|parse| parse.tree).collect();
        return Analysis {
            files,
            modules,
            program: Program::default(),
            query_types: Vec::new(),
            diagnostics,
        };
    }
    let modules: Vec<Module> = parses.into_iter().map(|parse| parse.tree).collect();
    let checked = semantic::check(files.clone(), modules.clone(), &queries, &check_options);
    let query_types = named_types(&files, &checked);
    diagnostics.extend(checked.diagnostics);
    if !options.overlapping_data {
        diagnostics.extend(semantic::data_conflicts(&checked.program, &options.data));
    }
    Analysis { files, modules, program: checked.program, query_types, diagnostics }
}

/// Reads sources, which may have so many tokens together.
fn read_all<'s>(
    files: &Files,
    sources: impl Iterator<Item = (FileId, &'s Source)>,
    options: &Options,
    tokens_max: usize,
) -> Vec<Parse<Module>> {
    let mut tokens_left = tokens_max;
    sources
        .map(|(id, source)| {
            let parse = version::read(files, id, source, options, tokens_left);
            tokens_left = tokens_left.saturating_sub(parse.n_tokens);
            parse
        })
        .collect()
}

/// The types of the queries' results with what they are the types of.
fn named_types(files: &Files, checked: &semantic::Checked) -> Vec<Vec<(String, Type)>> {
    let queries = checked.program.queries.iter().zip(&checked.query_types);
    let of_query = |(query, types): (&checked::Query, &semantic::QueryTypes)| {
        let names = query.bindings.iter().map(|(name, _)| name.clone());
        let texts = query.exprs.iter().map(|(span, _)| files.slice(*span).to_owned());
        names
            .zip(types.bindings.iter().cloned())
            .chain(texts.zip(types.exprs.iter().cloned()))
            .collect()
    };
    queries.map(of_query).collect()
}

/// The files that a query is parsed from: its text, and a module's head for its package and imports.
struct QueryFiles {
    text: FileId,
    head: Option<FileId>,
}

impl QueryFiles {
    fn add(query: &Query, files: &mut Files) -> QueryFiles {
        let text = files.add("query", query.text.as_str());
        let head = (query.package.is_some() || !query.imports.is_empty()).then(|| {
            let package = query.package.as_deref().unwrap_or("query");
            let package = package.strip_prefix("data.").unwrap_or(package);
            let imports: String =
                query.imports.iter().map(|import| format!("import {import}\n")).collect();
            files.add("query imports", format!("package {package}\n{imports}"))
        });
        QueryFiles { text, head }
    }

    fn parse(
        &self,
        files: &Files,
        options: &ParseOptions,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> QuerySource {
        let head = self.head.map(|head| syntax::parse_module(files, head, options));
        let (mut package, mut imports): (Option<Vec<String>>, Vec<Import>) = (None, Vec::new());
        if let Some(head) = head {
            diagnostics.extend(head.diagnostics);
            package = Some(head.tree.package.path.iter().filter_map(text_of).collect());
            imports = head.tree.imports;
        }
        let parse = syntax::parse_query(files, self.text, options);
        diagnostics.extend(parse.diagnostics);
        QuerySource { body: parse.tree, package, imports, version: options.version }
    }
}

fn text_of(term: &syntax::ast::Term) -> Option<String> {
    match &term.kind {
        syntax::ast::TermKind::String { text, .. } | syntax::ast::TermKind::Var(text) => {
            Some(text.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use palisade_diag::Files;

    use super::{Options, Source, read_all};

    /// The files that are not read, and why, if all together may have so many tokens.
    fn refused(texts: &[&str], tokens_max: usize) -> Vec<(usize, &'static str)> {
        let sources: Vec<Source> = texts.iter().map(|text| Source::new("", *text)).collect();
        let mut files = Files::new();
        let ids: Vec<_> = texts.iter().map(|text| files.add("", *text)).collect();
        let parses =
            read_all(&files, ids.into_iter().zip(&sources), &Options::default(), tokens_max);
        let diagnostics = parses.iter().map(|parse| &parse.diagnostics).enumerate();
        diagnostics.flat_map(|(at, all)| all.iter().map(move |it| (at, it.code.name))).collect()
    }

    #[test]
    fn the_tokens_of_all_files_are_counted_together() {
        let texts = ["package a\nx := [1, 2]", "package b\ny := 3\n# a comment", "package c"];
        // Each of them is read alone.
        for text in texts {
            assert_eq!(refused(&[text], 10), []);
        }
        assert_eq!(refused(&texts, 30), []);
        assert_eq!(refused(&texts, 15), [(1, "policy-too-large")]);
    }
}
