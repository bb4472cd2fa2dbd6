//! `palisade build` of Cedar.

use palisade_compiler::cedar::{Options, compile};
use palisade_value::Value;

use super::{AbiArg, Build, Target};
use crate::misuse::misuse;
use crate::{Outcome, output, policy};

impl Build {
    /// Compiles Cedar's policies, with the entities and links that are given.
    pub(super) fn build_cedar(&self) -> anyhow::Result<Outcome> {
        if !self.entrypoint.is_empty() {
            return Err(misuse(
                "-e is for Rego: a set of Cedar's policies has the entrypoints cedar/decision and cedar/allow",
            ));
        }
        if self.target == Target::Rego || self.abi == AbiArg::Opa || self.include_sources {
            return Err(misuse("-t rego, --abi opa and --include-sources are for Rego"));
        }
        let sources = self.cedar.sources(&self.paths, &self.language)?;
        let reading = self.cedar.reading_with_entities(&self.language)?;
        let compilation = compile(&sources, &Options { reading, ..Options::default() })?;
        policy::complain(&compilation.files, &compilation.diagnostics);
        let Some(artifact) = compilation.artifact else { return Ok(Outcome::Failure) };
        match self.target {
            Target::Ir => output::line(&palisade_ir::text::print(&artifact.ir))?,
            _ => self.write_compiled(artifact, &Value::empty_object(), Vec::new())?,
        }
        Ok(Outcome::Success)
    }
}
