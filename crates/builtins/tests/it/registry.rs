//! The list of built-in functions is consistent in itself.

use std::collections::BTreeSet;

use palisade_builtins::{Function, declarations, lookup};
use palisade_value::Value;

macro_rules! entries {
    ($(($name:literal, $module:ident, $function:ident, $arity:literal, $signature:literal, [$($mark:tt)*]));* $(;)?) => {
        &[$(($name, stringify!($function), $arity, $signature)),*]
    };
}

const ENTRIES: &[(&str, &str, usize, &str)] = palisade_builtins::for_each_builtin!(entries);

/// The number of parameters in a signature: commas outside of all brackets, plus one.
fn n_parameters(signature: &str) -> usize {
    let parameters = signature.strip_prefix('(').expect("a signature begins with a parenthesis");
    let (mut depth, mut n_commas) = (0, 0);
    for (at, it) in parameters.char_indices() {
        match it {
            '[' | '<' | '(' => depth += 1,
            ')' if depth == 0 => return if at == 0 { 0 } else { n_commas + 1 },
            ']' | ')' => depth -= 1,
            '>' if !parameters[..at].ends_with('-') => depth -= 1,
            ',' if depth == 0 => n_commas += 1,
            _ => {}
        }
    }
    panic!("unclosed signature {signature}");
}

#[test]
fn signatures_have_as_many_parameters_as_the_functions() {
    for (name, _, arity, signature) in ENTRIES {
        assert_eq!(n_parameters(signature), *arity, "{name}{signature}");
    }
}

#[test]
fn functions_are_named_after_the_built_ins() {
    for (name, function, ..) in ENTRIES {
        assert_eq!(name.replace('.', "_"), *function);
    }
}

#[test]
fn every_declaration_has_a_function_but_for_unification_and_the_host() {
    let without = ["assign", "eq", "http.send", "net.lookup_ip_addr"];
    let mut names = BTreeSet::new();
    for declaration in declarations() {
        assert!(names.insert(declaration.name), "{} is declared twice", declaration.name);
        let function: Option<Function<Value>> = lookup(declaration.name);
        let name = declaration.name;
        assert_eq!(function.is_none(), without.contains(&name), "{name}");
    }
    assert_eq!(names.len(), ENTRIES.len() + without.len());
}

#[test]
fn functions_refuse_missing_operands_without_panicking() {
    let mut context = palisade_builtins::Context::new(0, 0);
    for (name, ..) in ENTRIES.iter().filter(|it| it.2 > 0 && !it.0.ends_with("is_valid")) {
        let function: Function<Value> = lookup(name).expect("it is declared");
        assert!(function(&mut context, &[]).is_err(), "{name}");
    }
}

/// Every operand of every function takes every kind of value: with a result or a failure, never with a panic.
#[test]
fn functions_take_any_values_without_panicking() {
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "3",
        "1.5",
        "1e400",
        "-1e-400",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        r#""""#,
        r#""a""#,
        r#""é😀*[{(%d""#,
        r#""1.1.1.1/0""#,
        "[]",
        r#"[1, "a", [null]]"#,
        "{}",
        r#"{"a": {"b": [1]}}"#,
        "set()",
        r#"{1, "a"}"#,
        r#"[{"op": "add", "path": "/a/b", "value": 1}]"#,
    ];
    let values: Vec<Value> =
        values.iter().map(|it| crate::term::read(it).expect("a term")).collect();
    let mut context = palisade_builtins::Context::new(i64::MIN, u64::MAX);
    for (name, _, arity, _) in ENTRIES {
        let function: Function<Value> = lookup(name).expect("it is declared");
        // All pairs of values in the first two operands; what follows is taken from the same list in turn.
        for (at, first) in values.iter().enumerate() {
            for (step, second) in values.iter().enumerate() {
                let more = (2..*arity).map(|n| values[(at + step * n) % values.len()].clone());
                let mut args: Vec<Value> =
                    [first.clone(), second.clone()].into_iter().chain(more).collect();
                args.truncate(*arity);
                _ = function(&mut context, &args);
            }
        }
    }
}
