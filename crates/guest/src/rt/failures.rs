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
    // What is wrong with the input has nothing to do with the function that looked at it.
    if !matches!(failure, Failure::Input(_)) {
        say(name, &mut out);
        say(": ", &mut out);
    }
    match failure {
        Failure::Undefined => say("undefined", &mut out),
        Failure::Operand(at, problem) => {
            say("operand ", &mut out);
            out.value(Word::small(*at as i64));
            say(" ", &mut out);
            describe(problem, &mut out);
        }
        Failure::Type(text)
        | Failure::Error(text)
        | Failure::Halt(text)
        | Failure::Input(text) => say(text, &mut out),
    }
    out.into_word().text()
}

fn describe(problem: &Problem, out: &mut Out) {
    match problem {
        Problem::Kind { expected, found } => {
            say("must be ", out);
            one_of(expected, out);
            say(" but got ", out);
            say(found.name(), out);
        }
        Problem::Element { composite, expected, found } => {
            let composite = composite.name();
            say("must be ", out);
            say(composite, out);
            say(" of ", out);
            match expected {
                [one] => {
                    say(one, out);
                    say("s", out);
                }
                _ => {
                    say("(any of) ", out);
                    list(expected, out);
                }
            }
            say(" but got ", out);
            say(composite, out);
            say(" containing ", out);
            say(found.name(), out);
        }
        Problem::Value(expected) => {
            say("must be ", out);
            one_of(expected, out);
        }
        Problem::Other(text) => say(text, out),
    }
}

fn one_of(names: &[&str], out: &mut Out) {
    match names {
        [one] => say(one, out),
        _ => {
            say("one of ", out);
            list(names, out);
        }
    }
}

fn list(names: &[&str], out: &mut Out) {
    say("{", out);
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            say(", ", out);
        }
        say(name, out);
    }
    say("}", out);
}

/// Text as it is. A message is not worth code in line: it would be in every module that calls a built-in.
#[inline(never)]
fn say(text: &str, out: &mut Out) {
    out.raw(text.as_bytes());
}
