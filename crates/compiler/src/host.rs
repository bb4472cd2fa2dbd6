//! Whether a policy may call the host functions that it calls.

use palisade_abi::host::HostFunction;
use palisade_codegen::host_functions;
use palisade_diag::{Code, Diagnostic, Span};
use palisade_ir::program::Program;

/// Every call of a host function that is not among the allowed ones, as an error.
pub fn check(program: &Program, allowed: &[String]) -> Vec<Diagnostic> {
    let refused = host_functions(program).into_iter();
    let refused = refused.filter(|it| !allowed.iter().any(|name| name == it.name));
    refused
        .flat_map(|function| {
            let builtin = program.builtins.iter().find(|it| it.name == function.name);
            let calls = builtin.map(|it| it.calls.as_slice()).unwrap_or_default();
            calls.iter().map(move |span| not_allowed(function, *span))
        })
        .collect()
}

fn not_allowed(function: &HostFunction, span: Span) -> Diagnostic {
    let code = Code { name: "host-function", opa: "rego_compile_error" };
    let (name, permission) = (function.name, function.permission);
    Diagnostic::error(code, span, format!("{name} needs a function of the host"))
        .label("a module imports nothing, so there is nothing that this could call")
        .help(format!(
            "allow it with `--allow-host {permission}`, or look it up beforehand and pass it in as input or data"
        ))
}
