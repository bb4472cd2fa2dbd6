//! `cargo xtask guest`: builds the run-time library for wasm32 and stamps it, or checks that the committed form is that
//! of the sources.
//!
//! Cargo's crate hashes contain the directories of path dependencies outside of the workspace. So that the bytes are the
//! same wherever the repository lies, the crates that go in are copied into a workspace of their own and built there.

#[path = "guest/stamp.rs"]
mod stamp;
#[path = "guest/toolchain.rs"]
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;

use stamp::Stamp;
use toolchain::Toolchain;

/// Build the run-time library that is linked into every module (crates/guest/guest.wasm).
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask guest\n  cargo xtask guest --check")]
pub struct Guest {
    /// Change nothing: fail unless the committed form is that of the sources; rebuild it and compare every byte if the
    /// compiler that made it is here
    #[arg(long)]
    check: bool,
}

/// The built module inside a target directory.
const BUILT: &str = "wasm32-unknown-unknown/release/palisade_guest.wasm";

impl Guest {
    /// Runs the command in the repository.
    ///
    /// # Errors
    /// When there is no toolchain, the build fails, or the check finds a difference.
    pub fn run(self) -> anyhow::Result<()> {
        let root = crate::root();
        if self.check { check(&root) } else { build(&root) }
    }
}

fn build(root: &Path) -> anyhow::Result<()> {
    let toolchain = Toolchain::find()?;
    let stage = stage(root)?;
    let module = compile(&stage, &toolchain, false)?;
    fs::copy(stage.join("Cargo.lock"), root.join(stamp::LOCK))
        .context("copying the lock file back")?;
    fs::copy(root.join(stamp::LOCK), stage.join(stamp::LOCK))?;
    let stamp = Stamp {
        // Of the copies: that is what was built, even if somebody went on editing.
        sources: stamp::sources_digest(&stage)?,
        compiler: toolchain.version,
        module: stamp::digest(&module),
    };
    fs::write(root.join(stamp::MODULE), &module)?;
    fs::write(root.join(stamp::STAMP), stamp.to_text())?;
    println!("{}: {} bytes, sha256 {}", stamp::MODULE, module.len(), stamp.module);
    Ok(())
}

fn check(root: &Path) -> anyhow::Result<()> {
    let (stamp, module) = stamped(root)?;
    let toolchain = match Toolchain::find() {
        Ok(toolchain) if toolchain.version == stamp.compiler => toolchain,
        found => {
            let here = found
                .map_or_else(|error| format!("{error:#}"), |it| format!("here is {}", it.version));
            println!(
                "the stamp is right; not rebuilt, because that takes {}: {here}",
                stamp.compiler
            );
            return Ok(());
        }
    };
    let rebuilt = compile(&stage(root)?, &toolchain, true)?;
    if rebuilt != module {
        bail!(
            "rebuilding gave other bytes: {} has {}, rebuilt {}",
            stamp::MODULE,
            stamp.module,
            stamp::digest(&rebuilt)
        );
    }
    println!("{} is what its sources give, byte for byte", stamp::MODULE);
    Ok(())
}

/// Checks that the committed module is the stamped one, and that the sources have not changed since.
///
/// # Errors
/// When either is not so.
pub fn check_stamp(root: &Path) -> anyhow::Result<()> {
    stamped(root).map(|_| ())
}

/// The stamp and the module, if they belong to each other and to the sources.
fn stamped(root: &Path) -> anyhow::Result<(Stamp, Vec<u8>)> {
    let stamp = Stamp::read(root)?;
    let module = fs::read(root.join(stamp::MODULE)).context(stamp::MODULE)?;
    ensure!(
        stamp.sources == stamp::sources_digest(root)?,
        "the sources have changed since {} was built: run `cargo xtask guest`",
        stamp::MODULE
    );
    ensure!(
        stamp.module == stamp::digest(&module),
        "{} is not the file that was stamped",
        stamp::MODULE
    );
    Ok((stamp, module))
}

/// Copies what goes in into a workspace of its own, and returns its directory.
fn stage(root: &Path) -> anyhow::Result<PathBuf> {
    let stage = target_directory(root).join("guest-stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    for file in stamp::sources(root)? {
        let to = stage.join(&file);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(root.join(&file), to).with_context(|| file.display().to_string())?;
    }
    let lock = root.join(stamp::LOCK);
    if lock.exists() {
        fs::copy(lock, stage.join("Cargo.lock"))?;
    }
    fs::write(stage.join("Cargo.toml"), workspace_manifest(root)?)?;
    Ok(stage)
}

/// The root manifest with the guest as the only member; what it depends on joins by itself.
fn workspace_manifest(root: &Path) -> anyhow::Result<String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let lines = manifest.lines().filter_map(|line| match line.split_once(" =") {
        Some(("members", _)) => Some("members = [\"crates/guest\"]"),
        Some(("exclude" | "default-members", _)) => None,
        _ => Some(line),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Where builds go: beside the repository's own, so that the library of the compiler is built once.
fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

fn compile(stage: &Path, toolchain: &Toolchain, is_locked: bool) -> anyhow::Result<Vec<u8>> {
    let target = stage.with_file_name("guest");
    let status = toolchain.cargo(stage, &target, is_locked).status().context("starting cargo")?;
    ensure!(status.success(), "the run-time library does not build");
    let built = target.join(BUILT);
    fs::read(&built).with_context(|| built.display().to_string())
}
