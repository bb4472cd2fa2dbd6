//! The tools that SDKs need, and installing with them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// A tool that is not on this machine.
#[derive(Debug)]
pub struct Missing(String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "missing: {}", self.0)
    }
}

impl std::error::Error for Missing {}

/// Sees that a tool is there.
///
/// # Errors
/// [`Missing`] with what takes it.
pub fn need(tool: &str, arguments: &[&str], why: &str) -> anyhow::Result<()> {
    let found = Command::new(tool).args(arguments).output().is_ok_and(|it| it.status.success());
    if found { Ok(()) } else { Err(Missing(format!("{tool} ({why})")).into()) }
}

/// A Python that the SDK's engine has wheels for.
///
/// # Errors
/// [`Missing`] if there is none.
pub fn python() -> anyhow::Result<PathBuf> {
    // The last version of `wasmer` on PyPI is of 2022.
    const VERSIONS: [&str; 3] = ["3.10", "3.9", "3.8"];
    let on_path = VERSIONS.iter().map(|it| PathBuf::from(format!("python{it}")));
    let works = |python: &PathBuf| {
        Command::new(python)
            .args(["-m", "venv", "--help"])
            .output()
            .is_ok_and(|it| it.status.success())
    };
    let missing = || {
        Missing(
            "Python 3.8 to 3.10 with venv (its engine, wasmer, has no wheels for newer ones)"
                .into(),
        )
    };
    Ok(on_path.chain(by_pyenv(&VERSIONS)).find(works).ok_or_else(missing)?)
}

/// The Pythons that pyenv has installed, whether or not they are chosen now.
fn by_pyenv(versions: &[&str]) -> Vec<PathBuf> {
    let home = || std::env::var_os("HOME").map(|it| PathBuf::from(it).join(".pyenv"));
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(home);
    let Some(installed) = root.and_then(|it| std::fs::read_dir(it.join("versions")).ok()) else {
        return Vec::new();
    };
    let installed: Vec<PathBuf> = installed.flatten().map(|it| it.path()).collect();
    let of = |version: &str| {
        let names = format!("{version}.");
        let fits = move |it: &&PathBuf| {
            it.file_name().is_some_and(|it| it.to_string_lossy().starts_with(&names))
        };
        installed.iter().filter(fits).map(|it| it.join("bin").join("python3")).collect::<Vec<_>>()
    };
    versions.iter().flat_map(|it| of(it)).collect()
}

/// Runs an installer, whose output is shown only if it fails.
///
/// # Errors
/// When it can't be started or fails.
pub fn install(command: &mut Command, what: &str) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("starting {what}"))?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{what} failed:\n{}", String::from_utf8_lossy(&said));
    Ok(())
}

/// Runs an installer unless it has run for the same list before.
///
/// # Errors
/// When the list can't be read, or the installer fails.
pub fn install_once(
    list: &Path,
    folder: &Path,
    run: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (wanted, note) = (std::fs::read(list)?, folder.join("installed"));
    if std::fs::read(&note).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    run()?;
    std::fs::write(note, wanted)?;
    Ok(())
}
