//! Reading single files, within bounds.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use palisade_abi::limits::DATA_BYTES_MAX;
use palisade_value::Value;

use crate::document;

/// What a file's name says of its content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A source.
    Rego,
    /// A document.
    Json,
    /// A document too.
    Yaml,
}

/// The kind of a file; none for names that say nothing.
pub fn kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()? {
        "rego" => Some(Kind::Rego),
        "json" => Some(Kind::Json),
        "yaml" | "yml" => Some(Kind::Yaml),
        _ => None,
    }
}

/// Whether a file's name says that it is JSON or YAML.
pub fn is_document(path: &Path) -> bool {
    matches!(kind(path), Some(Kind::Json | Kind::Yaml))
}

/// Reads an input: YAML if the file's name says so, else JSON. `-` is standard input.
pub fn read_input(path: &Path) -> anyhow::Result<Value> {
    if path == Path::new("-") {
        return document::parse_json(&read_stdin()?).context("the input");
    }
    let text = read_text(path)?;
    let value = match kind(path) {
        Some(Kind::Yaml) => document::parse_yaml(&text),
        _ => document::parse_json(&text),
    };
    value.with_context(|| format!("`{}`", path.display()))
}

/// Reads standard input to its end.
pub fn read_stdin() -> anyhow::Result<String> {
    std::io::read_to_string(std::io::stdin()).context("cannot read standard input")
}

/// Reads a whole text file. None is larger than the largest data that a module takes.
pub fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = read_bytes(path, DATA_BYTES_MAX as u64)?;
    String::from_utf8(bytes).map_err(|error| {
        anyhow!("`{}` is not UTF-8: byte {}", path.display(), error.utf8_error().valid_up_to())
    })
}

/// Reads a whole file, which is refused if it is larger than `max` bytes.
pub fn read_bytes(path: &Path, max: u64) -> anyhow::Result<Vec<u8>> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().with_context(|| format!("cannot read `{}`", path.display()))?;
    ensure!(bytes.len() as u64 <= max, "`{}` is larger than {max} bytes", path.display());
    Ok(bytes)
}
