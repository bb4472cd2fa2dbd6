//! The state directory: the decision log, the bundles that decisions were made with, compiled code.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use palisade_bundle::{BUNDLE_BYTES_MAX, Digest};

use crate::load::read_bytes;
use crate::output;

/// Where the state is; the same for every command that needs it.
#[derive(Args, Clone, Debug, Default)]
pub struct StateArgs {
    /// The state directory; by default $PALISADE_STATE, else palisade in $XDG_STATE_HOME or ~/.local/state.
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
}

impl StateArgs {
    /// The state directory, which need not exist.
    pub fn dir(&self) -> anyhow::Result<State> {
        let named =
            self.state.clone().or_else(|| std::env::var_os("PALISADE_STATE").map(PathBuf::from));
        let root = match named {
            Some(dir) => dir,
            None => default_dir().context("there is no home directory; name one with --state")?,
        };
        Ok(State { root })
    }
}

fn default_dir() -> Option<PathBuf> {
    let base =
        std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let base = base.or_else(|| std::env::home_dir().map(|home| home.join(".local/state")))?;
    Some(base.join("palisade"))
}

/// A state directory.
#[derive(Clone, Debug)]
pub struct State {
    root: PathBuf,
}

impl State {
    /// Makes the directory if it isn't there, readable by its owner only, and checks that it can be written to.
    pub fn prepare(&self) -> anyhow::Result<()> {
        for dir in [self.root.clone(), self.bundles()] {
            create_private(&dir)
                .with_context(|| format!("cannot make the state directory `{}`", dir.display()))?;
            only_ours(&dir)?;
        }
        tempfile::tempfile_in(&self.root).with_context(|| {
            format!("the state directory `{}` cannot be written to", self.root.display())
        })?;
        Ok(())
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the decision log is.
    pub fn decisions(&self) -> PathBuf {
        self.root.join("decisions")
    }

    /// Where compiled code is kept.
    pub fn cache(&self) -> PathBuf {
        self.root.join("compiled")
    }

    fn bundles(&self) -> PathBuf {
        self.root.join("bundles")
    }

    /// Keeps a bundle under its digest, so that its decisions can be made again.
    pub fn keep_bundle(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.bundle_path(&Digest::of(bytes));
        if path.exists() { Ok(()) } else { output::write_file(&path, bytes) }
    }

    /// A bundle that was kept; none if it isn't there.
    pub fn bundle(&self, digest: &Digest) -> anyhow::Result<Option<Vec<u8>>> {
        let path = self.bundle_path(digest);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = read_bytes(&path, BUNDLE_BYTES_MAX)?;
        ensure!(
            Digest::of(&bytes) == *digest,
            "`{}` is damaged: its digest is another one",
            path.display()
        );
        Ok(Some(bytes))
    }

    fn bundle_path(&self, digest: &Digest) -> PathBuf {
        self.bundles().join(format!("{}.tar.gz", digest.to_hex()))
    }
}

/// Refuses a directory that somebody else could write to: whoever can, can put a key, a bundle or a decision there.
/// The rule is that of the directory for compiled code.
#[cfg(unix)]
fn only_ours(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let name = dir.display();
    let about = fs::metadata(dir).with_context(|| format!("cannot read `{name}`"))?;
    let user = rustix::process::geteuid().as_raw();
    ensure!(
        about.uid() == user,
        "the state directory `{name}` belongs to user {}, and this process is user {user}",
        about.uid()
    );
    let mode = about.mode() & 0o7777;
    ensure!(
        mode & 0o022 == 0,
        "the state directory `{name}` can be written by others: its mode is {mode:04o}; `chmod go-w {name}` mends that"
    );
    Ok(())
}

#[cfg(not(unix))]
fn only_ours(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

fn create_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)
}
