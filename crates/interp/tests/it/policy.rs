//! From policy text to a program, for all tests.

use std::sync::Arc;

use palisade_diag::Files;
use palisade_interp::{EvalError, EvalOptions, Evaluator};
use palisade_rego::checked::Program;
use palisade_rego::semantic::{self, Options};
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_value::{Value, json};

/// Compiles policies, calls of `print` left out; the text of all diagnostics where there are any.
pub fn compile(sources: &[&str]) -> Result<Program, String> {
    check(sources, &Options::new(palisade_builtins::declarations()))
}

/// Compiles one policy that may print.
pub fn printing(source: &str) -> Program {
    let mut builtins = palisade_builtins::declarations().to_vec();
    builtins.push(palisade_interp::PRINT);
    let options = Options { keep_print: true, ..Options::new(&builtins) };
    check(&[source], &options).unwrap_or_else(|errors| panic!("{errors}"))
}

fn check(sources: &[&str], options: &Options<'_>) -> Result<Program, String> {
    let mut files = Files::new();
    let ids: Vec<_> = sources
        .iter()
        .enumerate()
        .map(|(at, text)| files.add(&format!("test-{at}.rego"), *text))
        .collect();
    let mut diagnostics = Vec::new();
    let mut modules = Vec::new();
    for id in ids {
        let parse = parse_module(&files, id, &ParseOptions::default());
        diagnostics.extend(parse.diagnostics);
        modules.push(parse.tree);
    }
    let checked = semantic::check(Arc::new(files), modules, &[], options);
    diagnostics.extend(checked.diagnostics);
    match diagnostics.is_empty() {
        true => Ok(checked.program),
        false => {
            Err(diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("\n"))
        }
    }
}

/// Compiles one policy that has nothing wrong with it.
pub fn program(source: &str) -> Program {
    compile(&[source]).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The document of a reference like `data.test.p[1]`, as text.
pub fn document(
    program: &Program,
    data: &Value,
    path: &str,
    options: &EvalOptions,
) -> Result<String, EvalError> {
    let keys: Vec<&str> =
        path.split(['.', '[', ']']).filter(|key| !key.is_empty()).skip(1).collect();
    let (names, index) = match keys.split_last() {
        Some((last, names)) if last.parse::<i64>().is_ok() => {
            (names.to_vec(), last.parse::<usize>().ok())
        }
        _ => (keys, None),
    };
    let found = Evaluator::new(program, data.clone()).document(&names, options)?;
    let found = match index {
        Some(index) => found.and_then(|found| found.items().get(index).cloned()),
        None => found,
    };
    Ok(found.map_or_else(|| "undefined".to_owned(), |value| json::to_json(&value)))
}
