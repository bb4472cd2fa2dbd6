//! `palisade eval --partial`, and the same in a session of `palisade repl`.

use std::time::Instant;

use clap::Args;
use palisade_compiler::{Analysis, Options, Query, Source, analyse};
use palisade_diag::Files;
use palisade_interp::Limits;
use palisade_lab::subject::{Failure, Reference};
use palisade_partial::{PartialError, Residual, Unknown, evaluate};
use palisade_rego::syntax::ast::{self, Version};
use palisade_rego::syntax::{ParseOptions, parse_module, parse_term};
use palisade_rego::tree::{self, JsonOptions};
use palisade_value::{AnyValue, Value, json};

use super::{Eval, Format, Target};
use crate::misuse::misuse;
use crate::{Outcome, output};

/// What stands in the code of an error that is none of the evaluator's.
const PARTIAL_ERROR: &str = "partial_error";

/// The flags of partial evaluation.
#[derive(Args)]
pub struct PartialArgs {
    /// Evaluate as far as can be without the unknown documents, and print what is left of the query and its rules.
    #[arg(
        short,
        long,
        conflicts_with_all = ["explain", "profile", "coverage", "metrics", "show_builtin_errors"]
    )]
    pub partial: bool,
    /// The documents that are unknown: `input`, or places such as `input.user` and `data.docs`. May be repeated.
    #[arg(
        short,
        long,
        value_name = "PATH",
        value_delimiter = ',',
        default_value = "input",
        requires = "partial"
    )]
    unknowns: Vec<String>,
    /// Documents whose rules stay rules: `data.authz.roles`. May be repeated.
    #[arg(long, value_name = "PATH", value_delimiter = ',', requires = "partial")]
    disable_inlining: Vec<String>,
    /// All rules that depend on what is unknown stay rules.
    #[arg(long, requires = "partial")]
    shallow_inlining: bool,
}

impl PartialArgs {
    fn options(&self) -> anyhow::Result<palisade_partial::Options> {
        let unknowns: Result<Vec<Unknown>, _> = self.unknowns.iter().map(|it| place(it)).collect();
        let not_inlined = self.disable_inlining.iter().map(|text| match place(text)? {
            Unknown::Data(path) => Ok(path),
            Unknown::Input(_) => {
                Err(misuse(format!("`{text}` has no rules: name a place in data")))
            }
        });
        Ok(palisade_partial::Options {
            unknowns: unknowns?,
            shallow: self.shallow_inlining,
            not_inlined: not_inlined.collect::<anyhow::Result<_>>()?,
            ..palisade_partial::Options::default()
        })
    }
}

impl Eval {
    /// Prints what is left of the query.
    pub fn evaluate_partially(
        &self,
        query: &str,
        sources: &[Source],
        data: Value,
        input: Option<&str>,
    ) -> anyhow::Result<Outcome> {
        if self.target == Some(Target::Wasm) {
            return Err(misuse("--partial needs the reference evaluator: leave out `-t wasm`"));
        }
        if !matches!(self.format, Format::Json | Format::Pretty | Format::Source | Format::Discard)
        {
            return Err(misuse("--partial prints `source`, `json` or `pretty`"));
        }
        let options = palisade_partial::Options {
            input: input.map(json::parse).transpose()?,
            strict: self.strict_builtin_errors,
            limits: Limits { deadline: Some(Instant::now() + self.timeout), ..Limits::default() },
            ..self.partial.options()?
        };
        let checking = Options { data, print: None, ..self.checking(query)? };
        let analysis = analyse(sources, &checking);
        if analysis.has_errors() {
            return self.refuse(&analysis);
        }
        crate::policy::complain(&analysis.files, &analysis.diagnostics);
        let residual = match residual(&analysis, &checking.data, &options) {
            Ok(residual) => residual,
            Err(failure) => {
                super::Presentation { query, texts: &[], format: self.format }.failure(&failure)?;
                return Ok(Outcome::Error);
            }
        };
        present(&residual, self.format)?;
        let holds = !residual.queries.is_empty();
        let failed = self.fail && !holds || self.fail_defined && holds;
        Ok(if failed { Outcome::Failure } else { Outcome::Success })
    }
}

/// What is left of the first query.
///
/// # Errors
/// The evaluation failed, or what is left could not be read again.
pub fn residual(
    analysis: &Analysis,
    data: &Value,
    options: &palisade_partial::Options,
) -> Result<Residual, Failure> {
    let residual =
        evaluate(&analysis.program, 0, data, options).map_err(|error| failure(analysis, &error))?;
    checked(&residual)?;
    Ok(residual)
}

/// Prints what is left.
///
/// # Errors
/// Standard output can't be written.
pub fn present(residual: &Residual, format: Format) -> anyhow::Result<()> {
    let text = match format {
        Format::Source => source(residual),
        Format::Json => output::pretty_json(&tree_of(residual)),
        Format::Pretty if residual.queries.is_empty() => "undefined".to_owned(),
        Format::Pretty => table(residual),
        _ => return Ok(()),
    };
    match text.is_empty() {
        true => Ok(()),
        false => output::line(text.trim_end()),
    }
}

/// A place in `input` or `data` as it is written in Rego.
///
/// # Errors
/// It is none.
pub fn place(text: &str) -> anyhow::Result<Unknown> {
    let wrong = || misuse(format!("`{text}` is no place in input or data, such as `data.docs`"));
    let mut files = Files::new();
    let file = files.add("place", text);
    let parse = parse_term(&files, file, &ParseOptions::of(Version::V1));
    if !parse.diagnostics.is_empty() {
        return Err(wrong());
    }
    let (root, path): (&ast::Term, &[ast::Term]) = match &parse.tree.kind {
        ast::TermKind::Ref(reference) => (&reference.head, &reference.path),
        _ => (&parse.tree, &[]),
    };
    let path: Option<Vec<Value>> = path.iter().map(constant).collect();
    match (&root.kind, path) {
        (ast::TermKind::Var(root), Some(path)) if root == "input" => Ok(Unknown::Input(path)),
        (ast::TermKind::Var(root), Some(path)) if root == "data" => Ok(Unknown::Data(path)),
        _ => Err(wrong()),
    }
}

fn constant(term: &ast::Term) -> Option<Value> {
    match &term.kind {
        ast::TermKind::String { text, .. } => Some(Value::text(text)),
        ast::TermKind::Number(text) => json::parse(text).ok(),
        ast::TermKind::Boolean(it) => Some(Value::Boolean(*it)),
        ast::TermKind::Null => Some(Value::Null),
        _ => None,
    }
}

fn failure(analysis: &Analysis, error: &PartialError) -> Failure {
    match error {
        PartialError::Eval(error) => {
            Reference::new(&analysis.program, Value::empty_object()).failure(error)
        }
        other => Failure {
            code: PARTIAL_ERROR.to_owned(),
            message: other.to_string(),
            location: other.span().map(|span| {
                let at = analysis.files.start(span);
                format!("{}:{}:{}", analysis.files.name(span.file), at.row, at.col)
            }),
        },
    }
}

/// Reads what is left as anybody who is given it would. Constants that have been put in place may show the checker what
/// was hidden before: that something cannot be.
fn checked(residual: &Residual) -> Result<(), Failure> {
    let sources: Vec<Source> = residual
        .modules
        .iter()
        .enumerate()
        .map(|(at, text)| Source::new(format!("module {}", at + 1), text.as_str()))
        .collect();
    let queries = residual.queries.iter().filter(|text| !text.is_empty());
    let queries = queries.map(|text| Query { text: text.clone(), ..Query::default() }).collect();
    let analysis = analyse(&sources, &Options { queries, ..Options::default() });
    if !analysis.has_errors() {
        return Ok(());
    }
    let errors = analysis.diagnostics.iter().map(|it| it.message.as_str());
    Err(Failure {
        code: PARTIAL_ERROR.to_owned(),
        message: format!(
            "the residual policy would be refused ({}); leave rules out of line with \
             --shallow-inlining or --disable-inlining",
            errors.collect::<Vec<_>>().join("; ")
        ),
        location: None,
    })
}

/// Queries and modules under headings.
fn source(residual: &Residual) -> String {
    let block =
        |what: &str, at: usize, text: &str| format!("# {what} {}\n{}\n\n", at + 1, text.trim_end());
    let queries = residual.queries.iter().enumerate().map(|(at, it)| block("Query", at, it));
    let modules = residual.modules.iter().enumerate().map(|(at, it)| block("Module", at, it));
    queries.chain(modules).collect()
}

/// A table in which a text has several lines.
fn table(residual: &Residual) -> String {
    let queries = residual.queries.iter().map(|text| ("Query", text));
    let modules = residual.modules.iter().map(|text| ("Support", text));
    let mut number = 0;
    let mut last = "";
    let mut cells: Vec<(String, Vec<String>)> = Vec::new();
    for (what, text) in queries.chain(modules) {
        number = if what == last { number + 1 } else { 1 };
        last = what;
        let lines = text.trim_end().split('\n').map(|line| line.replace('\t', "  "));
        cells.push((format!("{what} {number}"), lines.collect()));
    }
    let width = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|it| it.chars().count()).max().unwrap_or_default()
    };
    let left = width(&mut cells.iter().map(|(title, _)| title));
    let right = width(&mut cells.iter().flat_map(|(_, lines)| lines));
    let rule = format!("+{}+{}+\n", "-".repeat(left + 2), "-".repeat(right + 2));
    let mut out = rule.clone();
    for (title, lines) in &cells {
        for (at, line) in lines.iter().enumerate() {
            let title = if at == 0 { title.as_str() } else { "" };
            out.push_str(&format!("| {title:<left$} | {line:<right$} |\n"));
        }
        out.push_str(&rule);
    }
    out
}

/// OPA's document: `{"partial": {"queries": […], "modules": […]}}`, without what is empty.
fn tree_of(residual: &Residual) -> Value {
    let queries = residual.queries.iter().map(|text| match text.is_empty() {
        true => Value::array(Vec::new()),
        // A body is read as that of a rule: queries by themselves have no tree.
        false => module_tree(&format!("package query\n\nquery if {{\n{text}\n}}"))
            .get_str("rules")
            .and_then(|rules| rules.items().first()?.get_str("body"))
            .unwrap_or(Value::Null),
    });
    let queries: Vec<Value> = queries.collect();
    let modules: Vec<Value> = residual.modules.iter().map(|text| module_tree(text)).collect();
    let lists = [("queries", queries), ("modules", modules)];
    let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
    let lists = lists.map(|(name, list)| (name, Value::array(list)));
    Value::object_of([("partial", Value::object_of(lists))])
}

fn module_tree(text: &str) -> Value {
    let mut files = Files::new();
    let file = files.add("", text);
    let parse = parse_module(&files, file, &ParseOptions::of(Version::V1));
    tree::json(&files, file, &tree::module(&files, &parse.tree), JsonOptions::default())
}
