//! Rules that become more than hosts load.

use palisade_diag::Diagnostic;

use crate::checked::{Program, Rule};
use crate::names::data_path;
use crate::semantic::errors;

/// Says which rule it is, by the name of a function of the module, which has the path of a document in it: that of a rule,
/// or one that goes on behind it. `excess` says what the function has too much of. None where no rule has the name.
pub fn too_complex(program: &Program, function: &str, excess: &str) -> Option<Diagnostic> {
    let name = function.get(function.find("data.")?..)?;
    let path_in_name = |rule: &Rule| {
        let path = data_path(&rule.path);
        let rest = name.strip_prefix(&path)?;
        (rest.is_empty() || rest.starts_with([',', '[', '.'])).then_some(path)
    };
    let rules = program.rules.iter().filter_map(|rule| Some((path_in_name(rule)?, rule)));
    let (path, rule) = rules.max_by_key(|(path, _)| path.len())?;
    Some(errors::too_complex(&path, rule.head, excess))
}
