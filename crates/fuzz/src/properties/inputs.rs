//! The guest takes exactly the inputs that are JSON, however broken the bytes are.

use palisade_compiler::{Options, Source, compile};
use palisade_lab::subject::generous_limits;
use palisade_sandbox::{Call, Engine, LoadOptions, Module};
use palisade_value::{Value, json};

use super::{Breach, Property};

/// Policies that read the input in different ways: all of it, parts of it, elements, nothing.
const POLICIES: [&str; 5] = [
    "package p\n\nr := input",
    "package p\n\nr := [input.n, input.user.name]",
    "package p\n\nr contains x if some x in input.list",
    "package p\n\nr := count(input.items) + input.n",
    "package p\n\nr := 1",
];

/// The codes of the errors with which a module refuses an input.
const REFUSALS: [&str; 2] = ["input_malformed", "nesting_too_deep"];

/// The modules of those policies.
pub struct InputModules {
    modules: Vec<Module>,
}

impl InputModules {
    /// Compiles and loads them.
    ///
    /// # Errors
    /// One of them does not compile or load.
    pub fn new(engine: &Engine) -> anyhow::Result<InputModules> {
        let modules = POLICIES.iter().map(|text| {
            let options = Options { entrypoints: vec!["p/r".to_owned()], ..Options::default() };
            let compilation = compile(&[Source::new("policy.rego", *text)], &options)?;
            let artifact =
                compilation.artifact.ok_or_else(|| anyhow::anyhow!("{text}: rejected"))?;
            let options =
                LoadOptions { limits: generous_limits(), reuse: true, ..LoadOptions::default() };
            Ok(Module::load(engine, &artifact.wasm, options)?)
        });
        Ok(InputModules { modules: modules.collect::<anyhow::Result<_>>()? })
    }

    /// Gives an input to every module.
    ///
    /// # Errors
    /// A module takes what is not JSON, refuses what is, or traps.
    pub fn check(&self, input: &[u8]) -> Result<(), Breach> {
        let value =
            std::str::from_utf8(input).ok().and_then(|text| json::parse::<Value>(text).ok());
        for (module, policy) in self.modules.iter().zip(POLICIES) {
            let call = Call {
                entrypoint: module.default_entrypoint(),
                input,
                ambient: None,
                deadline: None,
            };
            let broken = |detail: String| {
                let shown = String::from_utf8_lossy(input);
                Breach::new(
                    Property::Inputs,
                    format!("{detail}\npolicy: {policy}\ninput: {shown:?}"),
                )
            };
            let output = module.evaluate(&call).map_err(|error| broken(error.to_string()))?;
            let refused = output.error().is_some_and(|it| REFUSALS.contains(&it.code.as_str()));
            // No input at all is no malformed one.
            if refused == value.is_some() && !input.is_empty() {
                let verb = if refused { "refuses JSON" } else { "takes what is not JSON" };
                return Err(broken(format!("the module {verb}")));
            }
            let whole = policy == POLICIES[0] && !input.is_empty();
            let same = || output.result().and_then(|it| json::parse::<Value>(it).ok()) == value;
            if whole && value.is_some() && !same() {
                return Err(broken(format!("the input is read as {:?}", output.result())));
            }
        }
        Ok(())
    }
}
