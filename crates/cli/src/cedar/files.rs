//! Finding Cedar's policies.
//!
//! A `.cedar` file holds policies in Cedar's syntax; a file that is named and ends in `.json` holds a set of policies in
//! Cedar's JSON format. Of folders the `.cedar` files are read, in the order of their paths.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use palisade_bundle::matches_pattern;
use palisade_cedar::Source;

use crate::load;
use crate::policy::LanguageArgs;

/// How deep directories are followed.
const DEPTH_MAX: usize = 64;

/// Whether a path is a file of Cedar's, or a folder with policies in Cedar and none in Rego.
pub fn are_of_cedar(path: &Path) -> bool {
    if !path.is_dir() {
        return has_extension(path, "cedar");
    }
    let mut found = Vec::new();
    let all = LanguageArgs::default();
    walk(path, &all, 0, &mut found).is_ok()
        && found.iter().any(|it| has_extension(it, "cedar"))
        && !found.iter().any(|it| has_extension(it, "rego"))
}

/// The policies of files and folders.
///
/// # Errors
/// Something cannot be read, or there is no policy.
pub fn read<P: AsRef<Path>>(paths: &[P], language: &LanguageArgs) -> anyhow::Result<Vec<Source>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        if path.is_dir() {
            let mut found = Vec::new();
            walk(path, language, 0, &mut found)?;
            if let Some(rego) = found.iter().find(|it| has_extension(it, "rego")) {
                bail!(
                    "`{}` is Rego: name the files or folders with Cedar's policies",
                    rego.display()
                );
            }
            found.retain(|it| has_extension(it, "cedar"));
            ensure!(!found.is_empty(), "there is no .cedar file in `{}`", path.display());
            files.extend(found);
        } else {
            files.push(path.to_owned());
        }
    }
    if files.is_empty() {
        bail!("no policies: there is no .cedar file in what is named");
    }
    let read = |path: PathBuf| {
        anyhow::Ok(Source::new(path.display().to_string(), load::read_text(&path)?))
    };
    files.into_iter().map(read).collect()
}

/// The files below a directory, without what is hidden or ignored.
fn walk(
    dir: &Path,
    language: &LanguageArgs,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> anyhow::Result<()> {
    ensure!(depth <= DEPTH_MAX, "`{}` is nested too deeply", dir.display());
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = read().with_context(|| format!("cannot read `{}`", dir.display()))?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_ignored = |pattern: &String| matches_pattern(pattern, &name);
        if name.starts_with('.') || language.ignore.iter().any(is_ignored) {
            continue;
        }
        if !path.is_dir() {
            found.push(path);
        } else if language.follow_symlinks || !path.is_symlink() {
            walk(&path, language, depth + 1, found)?;
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}
