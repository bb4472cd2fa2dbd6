//! Which version of Rego a file is in.

use palisade_diag::{Code, Diagnostic, FileId, Files, Severity};
use palisade_rego::syntax::ast::{Module, Version};
use palisade_rego::syntax::{self, Parse, ParseOptions};

use crate::analyse::{Options, Source};

/// Reads a file in the version that it says, else in the one that the options say. A file that isn't Rego v1 but is
/// Rego v0 from its first byte to its last is read as v0 where the options allow it, with a warning. It may have so many
/// tokens.
pub fn read(
    files: &Files,
    file: FileId,
    source: &Source,
    options: &Options,
    tokens_max: usize,
) -> Parse<Module> {
    let parsing = |version| ParseOptions { tokens_max, ..options.parsing(version) };
    let wanted = source.version.unwrap_or(options.version);
    let parse = syntax::parse_module(files, file, &parsing(wanted));
    let may_be_old = options.detect_v0 && source.version.is_none() && wanted == Version::V1;
    if !may_be_old || !has_errors(&parse) {
        return parse;
    }
    let mut old = syntax::parse_module(files, file, &parsing(Version::V0));
    if has_errors(&old) {
        return parse;
    }
    old.diagnostics.insert(0, read_as_v0(&old.tree));
    old
}

fn has_errors(parse: &Parse<Module>) -> bool {
    parse.diagnostics.iter().any(|it| it.severity == Severity::Error)
}

fn read_as_v0(module: &Module) -> Diagnostic {
    let code = Code { name: "read-as-v0", opa: "rego_parse_error" };
    let message = "this file is Rego v0, and is read as that";
    let warning = Diagnostic::error(code, module.package.span, message)
        .label("no Rego v1: rules lack `if` or `contains`, or use other syntax of before OPA 1.0")
        .help(
            "bring the file to Rego v1, and say `import rego.v1` in it; or say `--v0-compatible`",
        );
    Diagnostic { severity: Severity::Warning, ..warning }
}
