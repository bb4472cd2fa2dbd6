//! `print`: each argument comes as the set of its values, so that an undefined one can be shown.
//!
//! It is no built-in function: what becomes of the lines is for the evaluator to say.

use palisade_value::{AnyValue, View};

use crate::quote;

/// What is shown for an argument without a value.
const UNDEFINED: &str = "<undefined>";

/// The last line, where there would have been more than allowed.
const CUT: &str = "... further output of print is left out";

/// The lines of one call: one for each combination of the arguments' values. `left` is how many bytes may still be
/// printed; once they are used up, it is 0, and nothing more is.
pub fn lines<V: AnyValue>(arguments: &V, left: &mut usize) -> Vec<String> {
    let mut lines = Vec::new();
    let View::Array(arguments) = arguments.view() else { return lines };
    let values: Vec<&[V]> = arguments.iter().map(members).collect();
    let mut chosen = vec![0; values.len()];
    while *left > 0 {
        let line = line(&values, &chosen);
        if line.len() >= *left {
            *left = 0;
            lines.push(CUT.to_owned());
            break;
        }
        *left -= line.len();
        lines.push(line);
        if !next(&mut chosen, &values) {
            break;
        }
    }
    lines
}

fn members<V: AnyValue>(argument: &V) -> &[V] {
    match argument.view() {
        View::Set(members) => members,
        _ => &[],
    }
}

fn line<V: AnyValue>(values: &[&[V]], chosen: &[usize]) -> String {
    let mut line = String::new();
    for (at, (values, choice)) in values.iter().zip(chosen).enumerate() {
        if at > 0 {
            line.push(' ');
        }
        match values.get(*choice).map(|it| (it, it.view())) {
            None => line.push_str(UNDEFINED),
            Some((_, View::String(text))) => line.push_str(text),
            Some((value, _)) => quote::write_term(value, &mut line),
        }
    }
    line
}

/// Goes to the next combination, the last argument first; false behind the last one.
fn next<V>(chosen: &mut [usize], values: &[&[V]]) -> bool {
    for (choice, values) in chosen.iter_mut().zip(values).rev() {
        if *choice + 1 < values.len() {
            *choice += 1;
            return true;
        }
        *choice = 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use palisade_value::Value;

    use super::*;

    fn check(arguments: &[&[Value]], left: usize, wanted: &[&str], rest: usize) {
        let arguments = arguments.iter().map(|it| Value::set(it.to_vec()));
        let mut left = left;
        assert_eq!(lines(&Value::array(arguments.collect()), &mut left), wanted);
        assert_eq!(left, rest);
    }

    #[test]
    fn every_combination_is_a_line() {
        let text = |it: &str| Value::text(it);
        check(&[], 9, &[""], 9);
        check(&[&[text("a")], &[]], 99, &["a <undefined>"], 86);
        check(
            &[&[text("a"), text("b")], &[Value::from(1), Value::from(2)]],
            99,
            &["a 1", "a 2", "b 1", "b 2"],
            87,
        );
        check(&[&[Value::set(vec![text("x")])]], 99, &["{\"x\"}"], 94);
    }

    #[test]
    fn output_ends_where_it_is_too_much() {
        let many = [Value::from(10), Value::from(20), Value::from(30)];
        check(&[&many], 5, &["10", "20", CUT], 0);
        check(&[&many], 0, &[], 0);
    }
}
