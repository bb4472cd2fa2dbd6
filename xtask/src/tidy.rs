//! `cargo xtask tidy`: the project's rules that a program can check.

#[path = "tidy/architecture.rs"]
mod architecture;
#[path = "tidy/links.rs"]
mod links;
#[path = "tidy/rust.rs"]
mod rust;
#[path = "tidy/text.rs"]
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::guest;

/// Check the project's own rules: documentation, lengths, words, links.
#[derive(Args)]
pub struct Tidy {}

impl Tidy {
    /// Runs the command.
    ///
    /// # Errors
    /// When a rule is broken; every breach has been printed.
    pub fn run(self) -> anyhow::Result<()> {
        run()
    }
}

/// A text file of the repository.
struct File {
    /// Its path from the root, with `/`.
    path: String,
    text: String,
}

impl File {
    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|it| it == extension)
    }
}

/// Checks every rule.
///
/// # Errors
/// When a rule is broken; every breach has been printed.
pub fn run() -> anyhow::Result<()> {
    let root = &crate::root();
    let mut files = Vec::new();
    read(root, root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let mut breaches = Vec::new();
    for file in &files {
        text::check(file, &mut breaches);
        if file.has_extension("rs") {
            rust::check(file, &mut breaches);
        }
        if file.has_extension("md") {
            links::check(root, file, &mut breaches);
        }
    }
    architecture::check(root, &files, &mut breaches)?;
    if let Err(error) = guest::check_stamp(root) {
        breaches.push(format!("{error:#}"));
    }
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => println!("{} files are tidy", files.len()),
        count => bail!("{count} breaches of the project's rules"),
    }
    Ok(())
}

/// Reads every text file that is not built or hidden.
fn read(root: &Path, folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && (!name.starts_with('.') || name == ".ci" || name == ".cargo") {
                read(root, &path, files)?;
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push(File { path: relative(root, &path), text });
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    let parts: PathBuf = parts.collect();
    parts.to_string_lossy().replace('\\', "/")
}
