//! Cedar's policies twice: as the compiled module, and as the official evaluator sees them.

use palisade_cedar::oracle::{Oracle, OracleAnswer};
use palisade_cedar::{Refusal, Source};
use palisade_compiler::CompileError;
use palisade_compiler::cedar::{Compilation, Options, compile};
use palisade_sandbox::{Engine, LoadError};
use palisade_value::{AnyValue, Value};

use crate::subject::{Compiled, Facts, Failure};

/// Why policies cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum CedarError {
    /// The sources have errors.
    #[error("the policies have errors")]
    Refused(Box<Compilation>),
    /// The compiler fails.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The sandbox refuses the module.
    #[error("the module does not load")]
    Load(#[from] LoadError),
    /// The official evaluator refuses what the compiler took.
    #[error("the official evaluator refuses the policies")]
    Oracle(Box<Refusal>),
}

/// A compiled set of policies.
pub struct CompiledSet {
    module: Compiled,
    /// The entrypoint.
    decision: String,
    /// What was compiled.
    pub compilation: Compilation,
}

impl CompiledSet {
    /// Compiles policies and loads the module.
    ///
    /// # Errors
    /// See [`CedarError`].
    pub fn new(
        engine: &Engine,
        sources: &[Source],
        options: &Options,
    ) -> Result<CompiledSet, CedarError> {
        let compilation = compile(sources, options)?;
        let Some(artifact) = &compilation.artifact else {
            return Err(CedarError::Refused(Box::new(compilation)));
        };
        let module = Compiled::load(engine, &artifact.wasm)?;
        Ok(CompiledSet { module, decision: format!("{}/decision", options.name), compilation })
    }

    /// Decides about a request, as JSON text.
    ///
    /// # Errors
    /// The request or its entities are none, or a limit was passed.
    pub fn decide(&self, request: String) -> Result<OracleAnswer, Failure> {
        let facts = Facts { input: Some(request), ..Facts::default() };
        let document = self.module.document(&self.decision, &facts)?;
        Ok(answer(&document.unwrap_or(Value::Null)))
    }
}

/// The policies as the official evaluator sees them.
///
/// # Errors
/// It refuses them.
pub fn oracle(sources: &[Source], options: &Options) -> Result<Oracle, CedarError> {
    Oracle::new(sources, &options.reading).map_err(|refusal| CedarError::Oracle(Box::new(refusal)))
}

/// A decision document as an answer: reasons and errors sorted.
fn answer(document: &Value) -> OracleAnswer {
    let items = |key: &str| document.get_str(key).map(|it| it.items().to_vec()).unwrap_or_default();
    let text = |value: Option<Value>| {
        value.and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let mut reasons: Vec<String> = items("reasons").into_iter().map(|it| text(Some(it))).collect();
    reasons.sort();
    let error = |it: Value| (text(it.get_str("policy")), text(it.get_str("message")));
    let mut errors: Vec<(String, String)> = items("errors").into_iter().map(error).collect();
    errors.sort();
    OracleAnswer { is_allowed: text(document.get_str("decision")) == "allow", reasons, errors }
}
