//! The text of a built-in's failure.
//!
//! It is what `Display` of `palisade_builtins::Failure` prints; written out here because the formatting machinery of the
//! standard library would be a fifth of a small module.

use palisade_builtins::Failure;
use palisade_builtins::failure::Problem;

use crate::json::write::Out;
use crate::word::Word;

/// `plus: operand 1 must be number but got string`.
#[cold]
pub fn text(name: &str, failure: &Failure) -> &'static str {
    let mut out = Out::new();
    out.raw(name.as_bytes());
    out.raw(b": ");
    match failure {
        Failure::Undefined => out.raw(b"undefined"),
        Failure::Operand(at, problem) => {
            out.raw(b"operand ");
            out.value(Word::small(*at as i64));
            out.raw(b" ");
            describe(problem, &mut out);
        }
        Failure::Type(text) | Failure::Error(text) | Failure::Halt(text) => {
            out.raw(text.as_bytes())
        }
    }
    out.into_word().text()
}

fn describe(problem: &Problem, out: &mut Out) {
    match problem {
        Problem::Kind { expected, found } => {
            out.raw(b"must be ");
            one_of(expected, out);
            out.raw(b" but got ");
            out.raw(found.name().as_bytes());
        }
        Problem::Element { composite, expected, found } => {
            let composite = composite.name().as_bytes();
            out.raw(b"must be ");
            out.raw(composite);
            out.raw(b" of ");
            match expected {
                [one] => {
                    out.raw(one.as_bytes());
                    out.raw(b"s");
                }
                _ => {
                    out.raw(b"(any of) ");
                    list(expected, out);
                }
            }
            out.raw(b" but got ");
            out.raw(composite);
            out.raw(b" containing ");
            out.raw(found.name().as_bytes());
        }
        Problem::Value(expected) => {
            out.raw(b"must be ");
            one_of(expected, out);
        }
        Problem::Other(text) => out.raw(text.as_bytes()),
    }
}

fn one_of(names: &[&str], out: &mut Out) {
    match names {
        [one] => out.raw(one.as_bytes()),
        _ => {
            out.raw(b"one of ");
            list(names, out);
        }
    }
}

fn list(names: &[&str], out: &mut Out) {
    out.raw(b"{");
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            out.raw(b", ");
        }
        out.raw(name.as_bytes());
    }
    out.raw(b"}");
}
