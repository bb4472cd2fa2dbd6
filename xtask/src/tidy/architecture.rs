//! The map in `ARCHITECTURE.md` shows every crate, and no crate that isn't there.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::File;

/// The map.
const MAP: &str = "ARCHITECTURE.md";

/// Checks the map.
///
/// # Errors
/// When the folder of crates can't be read.
pub fn check(root: &Path, files: &[File], breaches: &mut Vec<String>) -> anyhow::Result<()> {
    let Some(map) = files.iter().find(|file| file.path == MAP) else {
        breaches.push(format!("{MAP} is missing"));
        return Ok(());
    };
    for entry in fs::read_dir(root.join("crates")).context("crates")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().join("Cargo.toml").exists()
            && !map.text.contains(&format!("`crates/{name}`"))
        {
            breaches.push(format!("{MAP}: no entry for `crates/{name}`"));
        }
    }
    for name in map.text.split("`crates/").skip(1).filter_map(|rest| rest.split('`').next()) {
        if !root.join("crates").join(name).exists() {
            breaches.push(format!("{MAP}: `crates/{name}` isn't there"));
        }
    }
    Ok(())
}
