//! Printing where tests failed: the expression, and under it the values of what it names.

use super::explain::{FailedAt, Shown};
use super::{Report, Test};

/// How many characters of a value are shown.
const VALUE_CHARS_MAX: usize = 1_000;

/// The failures of a report one after the other; empty if nothing is known of any.
pub fn print(report: &Report, word: impl Fn(&Test) -> String) -> String {
    let is_known =
        |test: &&Test| !test.explanation.failed_at.is_empty() || test.explanation.steps.is_some();
    report.tests.iter().filter(is_known).map(|test| failure(test, &word(test))).collect()
}

fn failure(test: &Test, title: &str) -> String {
    let mut out = format!("{title}\n\n");
    if let Some(steps) = &test.explanation.steps {
        out += &indented(&steps.text, 2);
        out.push('\n');
    }
    for place in &test.explanation.failed_at {
        let mut indent = 2;
        if let Some(case) = &place.case {
            out += &format!("  {case}: FAIL\n");
            indent += 2;
        }
        out += &indented(&self::place(place), indent);
        out.push('\n');
    }
    out
}

/// A place with its expression and the values in it.
fn place(place: &FailedAt) -> String {
    let mut out = format!("{}:{}:\n", place.file, place.row);
    out += &indented(&place.text, 2);
    let is_one_line = !place.text.contains('\n');
    let values = if is_one_line { under(&place.values) } else { listed(&place.values) };
    out += &indented(&values, 2);
    if let Some(note) = &place.note {
        out += &format!("  {note}\n");
    }
    out
}

/// Puts spaces in front of each line.
pub fn indented(text: &str, n_spaces: usize) -> String {
    text.lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("{}{line}\n", " ".repeat(n_spaces)),
        })
        .collect()
}

/// Values under what they are the values of, the last one first, so that a bar can lead to each.
fn under(values: &[Shown]) -> String {
    let mut columns: Vec<usize> = values.iter().map(|it| it.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut out = String::new();
    if !columns.is_empty() {
        out = format!("{}\n", bars(&columns));
    }
    while let Some(column) = columns.pop() {
        let mut here: Vec<&Shown> = values.iter().filter(|it| it.column == column).collect();
        // What is longer contains what is shorter.
        here.sort_by_key(|it| std::cmp::Reverse(it.name.len()));
        let front = bars(&columns);
        let gap = " ".repeat(column.saturating_sub(front.chars().count()));
        for shown in &here {
            let name = if here.len() > 1 { format!("{}: ", shown.name) } else { String::new() };
            out += &format!("{front}{gap}{name}{}\n", value(shown));
        }
    }
    out
}

fn bars(columns: &[usize]) -> String {
    columns.iter().fold(String::new(), |mut line, column| {
        line.extend(std::iter::repeat_n(' ', column.saturating_sub(line.len())));
        line.push('|');
        line
    })
}

/// Values of an expression of several lines, each name once.
fn listed(values: &[Shown]) -> String {
    let mut lines: Vec<String> =
        values.iter().map(|it| format!("{}: {}\n", it.name, value(it))).collect();
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines.concat()
}

fn value(shown: &Shown) -> String {
    let Some(value) = &shown.value else { return "undefined".to_owned() };
    let text = value.to_string();
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use palisade_value::Value;

    use super::*;

    fn shown(column: usize, name: &str, value: Option<i64>) -> Shown {
        Shown { column, name: name.to_owned(), value: value.map(Value::from) }
    }

    #[test]
    fn values_stand_under_their_names() {
        // x == y + z
        let values = [
            shown(0, "x", Some(1)),
            shown(5, "y", Some(2)),
            shown(5, "y + z", Some(5)),
            shown(9, "z", None),
        ];
        let expected = "\
|    |   |
|    |   undefined
|    y + z: 5
|    y: 2
1
";
        assert_eq!(under(&values), expected);
        assert_eq!(under(&[]), "");
    }

    #[test]
    fn several_lines_have_a_list_below() {
        let values = [shown(0, "x", Some(1)), shown(9, "x", Some(1)), shown(12, "f(x)", None)];
        assert_eq!(listed(&values), "x: 1\nf(x): undefined\n");
    }
}
