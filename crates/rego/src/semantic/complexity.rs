//! Rules that become more than hosts load.

use palisade_diag::Diagnostic;

use crate::checked::{Program, Rule};
use crate::names::data_path;
use crate::semantic::errors;

/// Says which rule it is, by the name of a function of the module, which has the path of a document in it up to the first
/// key in brackets. `excess` says what the function has too much of. None where no rule has the name.
pub fn too_complex(program: &Program, function: &str, excess: &str) -> Option<Diagnostic> {
    let path = function.get(function.find("data.")?..)?.split([',', '[']).next()?;
    let names = |rule: &&Rule| data_path(&rule.path).split('[').next() == Some(path);
    let rule = program.rules.iter().find(names)?;
    Some(errors::too_complex(path, rule.head, excess))
}
