//! `print`: each argument comes as the set of its values, so that an undefined one can be shown.

use palisade_diag::Span;
use palisade_value::Value;
use palisade_value::types::Declaration;

use crate::evaluator::Printed;
use crate::machine::Machine;

/// The built-in that calls of `print` become in programs that are checked with `keep_print`. It is this evaluator's own:
/// who wants to see what a policy prints declares it beside the others.
pub const PRINT: Declaration = Declaration::new("internal.print", "(array[set[any]]) -> boolean");

/// What is shown for an argument without a value.
const UNDEFINED: &str = "<undefined>";

impl Machine<'_> {
    /// Prints one line for each combination of the arguments' values.
    pub(crate) fn print(&mut self, arguments: &[Value], span: Span) {
        let mut lines = vec![Vec::new()];
        for argument in arguments {
            let texts: Vec<String> = match argument.items() {
                [] => vec![UNDEFINED.to_owned()],
                values => values.iter().map(text).collect(),
            };
            lines = lines
                .iter()
                .flat_map(|line: &Vec<String>| {
                    texts.iter().map(|text| [line.as_slice(), std::slice::from_ref(text)].concat())
                })
                .collect();
        }
        self.printed.extend(lines.into_iter().map(|line| Printed { span, text: line.join(" ") }));
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        value => value.to_string(),
    }
}
