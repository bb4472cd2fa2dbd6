//! Rules that become more than hosts load.

use palisade_diag::Diagnostic;

use crate::checked::Program;
use crate::semantic::errors;
use crate::semantic::rules::data_path;

/// Says which rule it is, by the name of a function of the module, which has the path of a document in it. `excess` says what the function has too much of. None where no rule has the name.
pub fn too_complex(program: &Program, function: &str, excess: &str) -> Option<Diagnostic> {
    let path = function.get(function.find("data.")?..)?.split([',', '[']).next()?;
    let rule = program.rules.iter().find(|rule| data_path(&rule.path) == path)?;
    Some(errors::too_complex(path, rule.head, excess))
}
