//! The built-in functions for modules that OPA's compiler made: the same ones that Palisade's own modules have inside.

use palisade_abi::Ambient;
use palisade_builtins::context::Context;
use palisade_builtins::registry::lookup;
use palisade_sandbox::HostBuiltins;
use palisade_value::{Value, json};

/// Palisade's built-in functions, called from outside of a module.
#[derive(Debug)]
pub(crate) struct OpaBuiltins;

impl HostBuiltins for OpaBuiltins {
    fn has(&self, name: &str) -> bool {
        lookup::<Value>(name).is_some()
    }

    fn call(&self, name: &str, args: &[String], ambient: &[u8]) -> Result<Option<String>, String> {
        let function = lookup::<Value>(name).ok_or("there is no such function")?;
        let operands: Vec<Value> = args.iter().map(|arg| operand(arg)).collect::<Result<_, _>>()?;
        let mut context = context(ambient)?;
        // As in OPA, a function that fails is undefined.
        Ok(function(&mut context, &operands).ok().map(|value| {
            let mut text = String::new();
            json::write_rego(&value, &mut text);
            text
        }))
    }
}

/// A set, or an object whose keys are no strings, is not taken for something else: the decision fails.
fn operand(text: &str) -> Result<Value, String> {
    json::parse(text).map_err(|_| "sets cannot be given to functions of the host".to_owned())
}

fn context(ambient: &[u8]) -> Result<Context, String> {
    if ambient.is_empty() {
        return Ok(Context::default());
    }
    let facts: Ambient = serde_json::from_slice(ambient).map_err(|error| error.to_string())?;
    let seed = facts.seed.as_deref().and_then(|seed| u64::from_str_radix(seed, 16).ok());
    let mut context = Context::new(facts.now_ns.unwrap_or_default(), seed.unwrap_or_default());
    context.runtime = facts.runtime.map(|runtime| runtime.get().to_owned());
    Ok(context)
}
