//! The literate suites in `tests/suite`: one test a section, named by its file and heading.
//!
//! With `PALISADE_BLESS` set (`cargo xtask suite --bless`) the files are rewritten instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use libtest_mimic::{Arguments, Failed, Trial};
use palisade_sandbox::{Engine, EngineOptions};
use palisade_suite::{bless, check, sections};

/// The folder with the suites.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/suite");

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let root = Path::new(ROOT);
    let mut files = Vec::new();
    list(root, &mut files)?;
    files.sort();
    let engine = Engine::new(&EngineOptions::default())?;
    if std::env::var_os("PALISADE_BLESS").is_some() {
        return bless_all(root, &files, arguments.filter.as_deref(), &engine);
    }
    let mut trials = Vec::new();
    for file in &files {
        trials.extend(self::trials(root, file, &engine)?);
    }
    if trials.is_empty() {
        bail!("no suites in {ROOT}");
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "md") {
            files.push(path);
        }
    }
    Ok(())
}

fn name(root: &Path, file: &Path) -> String {
    let inner = file.strip_prefix(root).unwrap_or(file).with_extension("");
    inner.to_string_lossy().replace('\\', "/")
}

fn trials(root: &Path, file: &Path, engine: &Engine) -> anyhow::Result<Vec<Trial>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let suite = name(root, file);
    let sections = sections(&text).into_iter().filter(|it| !it.blocks.is_empty());
    let trial = |section: palisade_suite::Section| {
        let engine = engine.clone();
        Trial::test(format!("{suite}: {}", section.title), move || {
            check(&section, &engine).map_err(|mismatch| Failed::from(mismatch.to_string()))
        })
    };
    Ok(sections.map(trial).collect())
}

fn bless_all(
    root: &Path,
    files: &[PathBuf],
    filter: Option<&str>,
    engine: &Engine,
) -> anyhow::Result<ExitCode> {
    let mut refused = 0;
    for file in
        files.iter().filter(|it| filter.is_none_or(|filter| name(root, it).contains(filter)))
    {
        let text = fs::read_to_string(file)?;
        match bless(&text, engine) {
            Ok(blessed) if blessed == text => {}
            Ok(blessed) => {
                fs::write(file, blessed)?;
                println!("blessed {}", name(root, file));
            }
            Err((section, mismatch)) => {
                refused += 1;
                eprintln!("{}: {section}: {mismatch}", name(root, file));
            }
        }
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
