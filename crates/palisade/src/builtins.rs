//! The built-in functions for modules that OPA's compiler made: the same ones that Palisade's own modules have inside.

use palisade_abi::host::{HostFunction, host_function};
use palisade_abi::{Ambient, HostCalls, HostError};
use palisade_builtins::context::Context;
use palisade_builtins::registry::lookup;
use palisade_sandbox::{DecisionFacts, HostBuiltins};
use palisade_value::{AnyValue, Value, json};

/// Palisade's built-in functions, called from outside of a module.
#[derive(Debug)]
pub(crate) struct OpaBuiltins {
    /// The functions that reach out of the evaluation and may be called.
    pub(crate) host_functions: Vec<String>,
}

impl HostBuiltins for OpaBuiltins {
    fn has(&self, name: &str) -> bool {
        lookup::<Value>(name).is_some() || self.host_functions.iter().any(|it| it == name)
    }

    fn call(
        &self,
        name: &str,
        args: &[String],
        decision: &DecisionFacts<'_>,
    ) -> Result<Option<String>, String> {
        let operands: Vec<Value> = args.iter().map(|arg| operand(arg)).collect::<Result<_, _>>()?;
        let result = match (host_function(name), lookup::<Value>(name)) {
            (Some(function), _) => ask(function, operands, decision)?,
            (None, Some(function)) => function(&mut context(decision.ambient)?, &operands).ok(),
            (None, None) => return Err("there is no such function".to_owned()),
        };
        // As in OPA, a function that fails is undefined.
        Ok(result.map(|value| {
            let mut text = String::new();
            json::write_rego(&value, &mut text);
            text
        }))
    }
}

/// Asks a function that reaches out of the evaluation.
fn ask(
    function: &HostFunction,
    operands: Vec<Value>,
    decision: &DecisionFacts<'_>,
) -> Result<Option<Value>, String> {
    let arguments = json::to_json(&Value::array(operands));
    let answer = match decision.calls {
        Some(calls) => calls.call(function.name, &arguments, decision.deadline),
        None => HostCalls::refused().call(function.name, &arguments, decision.deadline),
    };
    match answer {
        Ok(text) => match json::parse(&text).map_err(|error| error.to_string())? {
            Value::Array(items) if function.gives_set => Ok(Some(Value::set(items.to_vec()))),
            value => Ok(Some(value)),
        },
        Err(HostError::Failed(failure)) if !failure.ends_evaluation() => Ok(None),
        Err(HostError::Failed(failure)) => Err(failure.message),
        Err(HostError::Deadline) => Err("the deadline has passed".to_owned()),
    }
}

/// A value as `opa_value_dump` writes it.
fn operand(text: &str) -> Result<Value, String> {
    json::parse_rego(text).map_err(|error| error.to_string())
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use palisade_abi::HostCalls;
    use palisade_abi::host::{HostCall, HostError, HostFunctions};
    use palisade_sandbox::{DecisionFacts, HostBuiltins};

    use super::OpaBuiltins;

    /// Resolves every name to the same addresses.
    #[derive(Debug)]
    struct Addresses;

    impl HostFunctions for Addresses {
        fn allows(&self, _: &str) -> bool {
            true
        }

        fn call(&self, _: &HostCall<'_>) -> Result<String, HostError> {
            Ok(r#"["10.0.0.2", "10.0.0.1", "10.0.0.2"]"#.to_owned())
        }
    }

    /// What a module reads of the result.
    #[track_caller]
    fn check(name: &str, args: &[&str], expected: Option<&str>) {
        let calls = HostCalls::new(Arc::new(Addresses));
        let facts = DecisionFacts { ambient: &[], calls: Some(&calls), deadline: None };
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let builtins = OpaBuiltins { host_functions: vec!["net.lookup_ip_addr".to_owned()] };
        let result = builtins.call(name, &args, &facts).expect("a call");
        assert_eq!(result.as_deref(), expected, "{name}{args:?}");
    }

    #[test]
    fn sets_of_a_module_are_sets() {
        check("count", &["{3,1,2,1}"], Some("3"));
        check("count", &["set()"], Some("0"));
        check("intersection", &["{{1,2},{2,3}}"], Some("{2}"));
        check("type_name", &["{{1},[1]}"], Some(r#""set""#));
        // An array is not the set with the same elements.
        check("intersection", &["[[1,2],[2,3]]"], None);
        check("equal", &["{1}", "[1]"], Some("false"));
        check("equal", &[r#"{{1,{"k":{"x"}}}}"#, r#"{{{"k":{"x"}},1}}"#], Some("true"));
    }

    #[test]
    fn sets_for_a_module_are_written_as_it_reads_them() {
        check("union", &["{{[1],{2}},{{2},set()}}"], Some("{[1], set(), {2}}"));
        check("intersection", &["{{1},{2}}"], Some("set()"));
        check("array.concat", &["[{2,1}]", "[{},set()]"], Some("[{1, 2}, {}, set()]"));
    }

    #[test]
    fn objects_have_keys_of_any_kind() {
        check(
            "object.keys",
            &[r#"{1:2,{"a"}:3,[true]:{"b":null}}"#],
            Some(r#"{1, [true], {"a"}}"#),
        );
        check(
            "object.union",
            &[r#"{{1,2}:{"a":1}}"#, r#"{{2,1}:{null:{2}}}"#],
            Some(r#"{{1, 2}: {null: {2}, "a": 1}}"#),
        );
        check("object.get", &[r#"{{1}:"one","1":2}"#, "{1}", "0"], Some(r#""one""#));
    }

    #[test]
    fn addresses_of_the_host_are_a_set() {
        let expected = Some(r#"{"10.0.0.1", "10.0.0.2"}"#);
        check("net.lookup_ip_addr", &[r#""db.example""#], expected);
    }
}
