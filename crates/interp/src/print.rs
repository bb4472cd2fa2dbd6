//! `print`: the lines are kept, each with its place.

use palisade_diag::Span;
use palisade_value::Value;
use palisade_value::types::Declaration;

use crate::evaluator::Printed;
use crate::machine::Machine;

/// The built-in that calls of `print` become in programs that are checked with `keep_print`. It is this evaluator's own:
/// who wants to see what a policy prints declares it beside the others.
pub const PRINT: Declaration = Declaration::new("internal.print", "(array[set[any]]) -> boolean");

impl Machine<'_> {
    /// Prints one line for each combination of the arguments' values.
    pub(crate) fn print(&mut self, arguments: &Value, span: Span) {
        let lines = palisade_builtins::print::lines(arguments, &mut self.print_bytes_left);
        self.printed.extend(lines.into_iter().map(|text| Printed { span, text }));
    }
}
