//! Reading the JSON schemas of `--schema`.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use palisade_compiler::Schemas;

use crate::load::{is_document, read_input};

/// The deepest that folders may nest.
const DEPTH_MAX: usize = 64;

/// Reads the schema of all input, or a directory of schemas that annotations name.
///
/// # Errors
/// A file can't be read or is neither JSON nor YAML.
pub fn read(path: &Path) -> anyhow::Result<Schemas> {
    let mut schemas = Schemas::default();
    if path.is_dir() {
        read_folder(path, &mut Vec::new(), &mut schemas)?;
    } else {
        schemas.add(Vec::new(), read_input(path)?);
    }
    Ok(schemas)
}

fn read_folder(
    folder: &Path,
    place: &mut Vec<String>,
    schemas: &mut Schemas,
) -> anyhow::Result<()> {
    ensure!(place.len() < DEPTH_MAX, "`{}` is nested too deeply", folder.display());
    let list = || -> std::io::Result<Vec<_>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = list().with_context(|| format!("cannot read `{}`", folder.display()))?;
    paths.sort();
    for path in paths {
        let part = if path.is_dir() { path.file_name() } else { path.file_stem() };
        let part = part.unwrap_or_default().to_string_lossy().into_owned();
        if part.starts_with('.') || path.is_symlink() && path.is_dir() {
            continue;
        }
        place.push(part);
        if path.is_dir() {
            read_folder(&path, place, schemas)?;
        } else if is_document(&path) {
            schemas.add(place.clone(), read_input(&path)?);
        }
        place.pop();
    }
    Ok(())
}
