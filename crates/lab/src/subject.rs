//! Both evaluators behind one face, so that they can be compared.

use std::sync::Arc;
use std::time::Duration;

use palisade_abi::host::host_function_names;
use palisade_abi::{Ambient, Explain, HostCalls, PolicyError, RuleHit};
use palisade_compiler::{Analysis, Compilation, CompileError, query_entrypoint};
use palisade_diag::Files;
use palisade_interp::{EvalOptions, Evaluator};
use palisade_rego::checked::Program;
use palisade_sandbox::{Call, Engine, EvalError, Limits, LoadError, LoadOptions, Module, Output};
use palisade_value::{Value, json};

/// The two evaluators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The reference evaluator, straight from the source.
    Rego,
    /// The compiled module in the sandbox.
    Wasm,
}

impl Target {
    /// The name that `--target` takes.
    pub fn name(self) -> &'static str {
        match self {
            Target::Rego => "rego",
            Target::Wasm => "wasm",
        }
    }

    /// What messages call it.
    pub fn title(self) -> &'static str {
        match self {
            Target::Rego => "the reference evaluator",
            Target::Wasm => "the compiled module",
        }
    }
}

/// What an evaluation is given besides the policy and its data.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The input as JSON text; none means that there is no input.
    pub input: Option<String>,
    /// What `time.now_ns` gives.
    pub now_ns: i64,
    /// What everything random derives from.
    pub seed: u64,
    /// Whether errors of built-ins end the evaluation.
    pub strict: bool,
    /// The longest it may take; none is the evaluator's own limit.
    pub deadline: Option<Duration>,
    /// What it may ask of its host; without it a call of a function of the host is an error. Evaluators that share the
    /// calls get the same answers.
    pub host: Option<Arc<HostCalls>>,
}

impl Facts {
    /// The facts as a module is given them.
    pub fn ambient(&self, ask: Ask) -> Ambient {
        Ambient {
            explain: ask.rules.then_some(Explain::Rules),
            now_ns: Some(self.now_ns),
            prints: ask.prints,
            runtime: None,
            seed: Some(format!("{:016x}", self.seed)),
            strict: self.strict,
        }
    }

    fn options(&self, input: Option<Value>) -> EvalOptions {
        EvalOptions {
            input,
            now_ns: self.now_ns,
            seed: self.seed,
            strict: self.strict,
            host: self.host.clone(),
            limits: palisade_interp::Limits {
                deadline: self.deadline.map(|it| std::time::Instant::now() + it),
                ..palisade_interp::Limits::default()
            },
            ..EvalOptions::default()
        }
    }
}

/// One solution of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Solution {
    /// The query's variables and their values, an object.
    pub bindings: Value,
    /// The values of the query's expressions.
    pub exprs: Vec<Value>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// OPA's code: `eval_conflict_error`; `limit` and `trap` for what the sandbox stopped.
    pub code: String,
    /// What happened.
    pub message: String,
    /// `file:row:col` in the policy, if it is to blame.
    pub location: Option<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Failure {}

/// The codes of time, memory, depth and size, of both evaluators and of the sandbox.
const LIMITS: [&str; 6] = [
    "eval_cancel_error",
    "eval_depth_error",
    "eval_limit_error",
    "limit",
    "nesting_too_deep",
    "out_of_memory",
];

impl Failure {
    /// Whether a limit was reached, which is no answer to what was asked.
    pub fn is_limit(&self) -> bool {
        LIMITS.contains(&self.code.as_str())
    }
}

/// The reference evaluator with one program and its data.
pub struct Reference<'p> {
    program: &'p Program,
    evaluator: Evaluator<'p>,
}

impl<'p> Reference<'p> {
    /// The evaluator of an analysed program over base data.
    pub fn new(program: &'p Program, data: Value) -> Reference<'p> {
        Reference { program, evaluator: Evaluator::new(program, data) }
    }

    /// The reference evaluator itself, for traces, coverage and profiles.
    pub fn evaluator(&self) -> &Evaluator<'p> {
        &self.evaluator
    }

    /// The options of an evaluation over these facts.
    ///
    /// # Errors
    /// The input is no JSON.
    pub fn options(&self, facts: &Facts) -> Result<EvalOptions, Failure> {
        let input = match &facts.input {
            Some(text) => {
                Some(json::parse(text).map_err(|error| malformed_input(&error.to_string()))?)
            }
            None => None,
        };
        Ok(facts.options(input))
    }

    /// The document at a path.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn document(&self, path: &[&str], facts: &Facts) -> Result<Option<Value>, Failure> {
        Ok(self.text(path, facts)?.and_then(|text| json::parse(&text).ok()))
    }

    /// The document at a path, as JSON text.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn text(&self, path: &[&str], facts: &Facts) -> Result<Option<String>, Failure> {
        self.printing(path, facts).0
    }

    /// The document at a path as JSON text, and the lines that the policy printed, until it failed if it did.
    pub fn printing(&self, path: &[&str], facts: &Facts) -> Printing {
        let options = match self.options(facts) {
            Ok(options) => options,
            Err(failure) => return (Err(failure), Vec::new()),
        };
        let (document, report) = self.evaluator.observe(path, &options);
        let text = document.map(|it| it.map(|it| json::to_json(&it)));
        let lines = report.printed.into_iter().map(|line| line.text).collect();
        (text.map_err(|error| self.failure(&error)), lines)
    }

    /// The solutions of a query, in the order in which they are found.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn query(&self, number: usize, facts: &Facts) -> Result<Vec<Solution>, Failure> {
        let options = self.options(facts)?;
        let result =
            self.evaluator.query(number, &options).map_err(|error| self.failure(&error))?;
        Ok(result.solutions.iter().map(solution).collect())
    }

    /// An evaluation error with its place.
    pub fn failure(&self, error: &palisade_interp::EvalError) -> Failure {
        let location = error.span.map(|span| place(&self.program.files, span));
        Failure { code: error.code.to_string(), message: error.message.clone(), location }
    }
}

/// A solution of the reference evaluator as the module would answer it.
pub fn solution(it: &palisade_interp::Solution) -> Solution {
    Solution {
        bindings: Value::object_of(it.bindings.iter().map(|(name, value)| (name, as_json(value)))),
        exprs: it.exprs.iter().map(as_json).collect(),
    }
}

/// A value as it is after it went through JSON: sets are arrays, keys are strings.
fn as_json(value: &Value) -> Value {
    json::parse(&json::to_json(value)).unwrap_or_else(|_| value.clone())
}

fn place(files: &Files, span: palisade_diag::Span) -> String {
    let start = files.start(span);
    format!("{}:{}:{}", files.name(span.file), start.row, start.col)
}

fn malformed_input(message: &str) -> Failure {
    Failure { code: "input_malformed".to_owned(), message: message.to_owned(), location: None }
}

/// A document as JSON text, and what was printed on the way to it.
pub type Printing = (Result<Option<String>, Failure>, Vec<String>);

/// What a compiled module is asked besides the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Which rules held.
    pub rules: bool,
    /// What the policy printed.
    pub prints: bool,
}

/// What a compiled module answered.
#[derive(Clone, Debug)]
pub struct Told<T = Value> {
    /// The document, or why there is none.
    pub result: Result<Option<T>, Failure>,
    /// The rules that held, if they were asked for.
    pub rules: Vec<RuleHit>,
    /// The lines that the policy printed, if they were asked for.
    pub prints: Vec<String>,
}

/// A compiled module in the sandbox.
pub struct Compiled {
    module: Module,
}

/// The limits that tests and queries at a terminal run under: more generous than a server's.
pub fn generous_limits() -> Limits {
    Limits {
        deadline: Duration::from_secs(30),
        output_bytes_max: 256 << 20,
        idle_instances_max: 1,
        ..Limits::default()
    }
}

impl Compiled {
    /// Loads a module.
    ///
    /// # Errors
    /// The sandbox refuses it.
    pub fn load(engine: &Engine, wasm: &[u8]) -> Result<Compiled, LoadError> {
        Compiled::load_within(engine, wasm, generous_limits())
    }

    /// Loads a module that has to do with these limits.
    ///
    /// # Errors
    /// The sandbox refuses it.
    pub fn load_within(
        engine: &Engine,
        wasm: &[u8],
        limits: Limits,
    ) -> Result<Compiled, LoadError> {
        // What is tried here was compiled here, so its instances can be used again.
        // Every function of the host may be imported: whether a call is answered is up to the facts.
        let host_functions = &host_function_names();
        let options = LoadOptions { limits, reuse: true, host_functions, ..LoadOptions::default() };
        Ok(Compiled { module: Module::load(engine, wasm, options)? })
    }

    /// The loaded module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The document of an entrypoint: `authz/allow`.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn document(&self, entrypoint: &str, facts: &Facts) -> Result<Option<Value>, Failure> {
        self.told(entrypoint, facts, Ask::default()).result
    }

    /// The document of an entrypoint (`authz/allow`), as the JSON text that the module answers.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn text(&self, entrypoint: &str, facts: &Facts) -> Result<Option<String>, Failure> {
        self.told_text(entrypoint, facts, Ask::default()).result
    }

    /// The document of an entrypoint as JSON text, and the lines that the policy printed.
    pub fn printing(&self, entrypoint: &str, facts: &Facts) -> Printing {
        let told = self.told_text(entrypoint, facts, Ask { rules: false, prints: true });
        (told.result, told.prints)
    }

    /// The document of an entrypoint with what else is asked.
    pub fn told(&self, entrypoint: &str, facts: &Facts, ask: Ask) -> Told {
        let Told { result, rules, prints } = self.told_text(entrypoint, facts, ask);
        // The sandbox has checked that it is JSON, so it can only be beyond a limit.
        let parsed = |text: String| {
            json::parse(&text).map_err(|error| Failure {
                code: "eval_depth_error".to_owned(),
                message: format!("the result is beyond the limits of a document: {error}"),
                location: None,
            })
        };
        let result = result.and_then(|text| text.map(parsed).transpose());
        Told { result, rules, prints }
    }

    fn told_text(&self, entrypoint: &str, facts: &Facts, ask: Ask) -> Told<String> {
        let (result, rules, prints) = match self.evaluate(entrypoint, facts, ask) {
            Err(failure) => (Err(failure), None, Vec::new()),
            Ok(output) => {
                let (result, error, rules, prints) = output.into_parts();
                (error.map_or(Ok(result), |error| Err(Failure::from(&error))), rules, prints)
            }
        };
        Told { result, rules: rules.unwrap_or_default(), prints }
    }

    fn evaluate(&self, entrypoint: &str, facts: &Facts, ask: Ask) -> Result<Output, Failure> {
        let Some(id) = self.module.entrypoint(entrypoint) else {
            return Err(Failure {
                code: "unknown_entrypoint".to_owned(),
                message: format!("the module has no entrypoint `{entrypoint}`"),
                location: None,
            });
        };
        let ambient = facts.ambient(ask).to_json();
        let call = Call {
            entrypoint: id,
            input: facts.input.as_deref().unwrap_or_default().as_bytes(),
            ambient: Some(ambient.as_bytes()),
            deadline: facts.deadline,
        };
        self.module
            .evaluate_with_host(&call, facts.host.as_ref())
            .map_err(|error| Failure::from(&error))
    }

    /// The solutions of a query that was compiled with the module.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn query(&self, number: usize, facts: &Facts) -> Result<Vec<Solution>, Failure> {
        Ok(solutions(self.document(&query_entrypoint(number), facts)?.as_ref()))
    }
}

/// The solutions that the document of a query's entrypoint stands for.
pub fn solutions(answer: Option<&Value>) -> Vec<Solution> {
    answer.iter().flat_map(|it| it.items()).map(decode).collect()
}

/// A query's entrypoint answers an array of `[[expression values], {bindings}]`.
fn decode(solution: &Value) -> Solution {
    match solution.items() {
        [exprs, bindings] => Solution { bindings: bindings.clone(), exprs: exprs.items().to_vec() },
        _ => Solution { bindings: Value::empty_object(), exprs: Vec::new() },
    }
}

impl From<&EvalError> for Failure {
    /// What the sandbox stopped.
    fn from(error: &EvalError) -> Failure {
        let code = match error {
            EvalError::Deadline { .. } => "eval_cancel_error",
            EvalError::Stack => "eval_depth_error",
            EvalError::Memory { .. }
            | EvalError::Fuel(_)
            | EvalError::InputTooLarge { .. }
            | EvalError::OutputTooLarge { .. } => "limit",
            EvalError::Trap(_) => "trap",
            _ => "sandbox",
        };
        Failure { code: code.to_owned(), message: error.to_string(), location: None }
    }
}

impl From<&PolicyError> for Failure {
    /// What the module answers of a failed evaluation.
    fn from(error: &PolicyError) -> Failure {
        let place = error.location.as_ref();
        let location = place.map(|it| format!("{}:{}:{}", it.file, it.row, it.col));
        Failure { code: error.code.clone(), message: error.message.clone(), location }
    }
}

/// Why sources can't be tried in the sandbox.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The compiler can't do what is asked.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The sandbox refuses the module: a defect of the compiler.
    #[error("the compiled module does not load")]
    Load(#[from] LoadError),
}

/// Loads a compilation's module; none if there are errors in the sources.
///
/// # Errors
/// The sandbox refuses it.
pub fn load(
    engine: &Engine,
    compilation: &Compilation,
    limits: Limits,
) -> Result<Option<Compiled>, LoadError> {
    let artifact = compilation.artifact.as_ref();
    artifact.map(|artifact| Compiled::load_within(engine, &artifact.wasm, limits)).transpose()
}

/// The checked program of an analysis over some data.
pub fn reference<'p>(analysis: &'p Analysis, data: &Value) -> Reference<'p> {
    Reference::new(&analysis.program, data.clone())
}
