//! `--capabilities`: what the policies may use, from a file or by the name of a version of OPA.

use std::path::Path;

use anyhow::{Context, anyhow};
use clap::Args;
use palisade_compiler::{Capabilities, Options};

use crate::load::read_text;

/// The flag, the same for every command that has it.
#[derive(Args, Clone, Debug, Default)]
pub struct CapabilitiesArgs {
    /// Refuse what these capabilities lack: a file in the format of `palisade capabilities`, or a version of OPA such as
    /// v1.4.0.
    #[arg(long, value_name = "FILE|VERSION")]
    capabilities: Option<String>,
}

impl CapabilitiesArgs {
    /// What was named, if anything.
    pub fn read(&self) -> anyhow::Result<Option<Capabilities>> {
        self.capabilities.as_deref().map(named).transpose()
    }

    /// Holds a compilation to what was named.
    pub fn apply(&self, options: &mut Options) -> anyhow::Result<()> {
        options.capabilities = self.read()?;
        Ok(())
    }
}

fn named(name: &str) -> anyhow::Result<Capabilities> {
    let path = Path::new(name);
    if path.exists() {
        return of_file(path);
    }
    of_version(name).with_context(|| format!("--capabilities: there is no file `{name}`"))
}

/// The capabilities in a file.
pub fn of_file(path: &Path) -> anyhow::Result<Capabilities> {
    Capabilities::parse(&read_text(path)?).with_context(|| format!("`{}`", path.display()))
}

/// The capabilities of a version of OPA.
pub fn of_version(name: &str) -> anyhow::Result<Capabilities> {
    Capabilities::of_version(name).ok_or_else(|| {
        anyhow!("no capabilities version found `{name}`; `palisade capabilities` lists them")
    })
}
