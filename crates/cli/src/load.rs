//! Reading policies and data from the file system, by OPA's rules.
//!
//! - A `.rego` file is a source. A `.json`, `.yaml` or `.yml` file is data.
//! - A file named on the command line is put at the root of `data`; `a.b:file.json` puts it at `data.a.b`.
//! - A directory is read with everything below it; its data files are put at the path of their folder in it. In a
//!   bundle directory only `data.json` and `data.yaml` are data.
//! - Hidden files and folders are left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail, ensure};
use palisade_compiler::Source;
use palisade_value::{AnyValue, Entry, Value};

use crate::document;

/// Sources and data that were read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sources, under the names that the user typed.
    pub sources: Vec<Source>,
    /// For each source its name without the machine's part: relative to the directory it was found in.
    pub inner_names: Vec<String>,
    /// The data of all files put together.
    pub data: Option<Value>,
}

/// Files larger than this are refused: spans are 32 bits, and no policy is this large.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// How deep directories are followed.
const DEPTH_MAX: usize = 64;

impl Loaded {
    /// Reads files and directories.
    pub fn read(paths: &[String], ignore: &[String]) -> anyhow::Result<Loaded> {
        let mut loader =
            Loader { loaded: Loaded::default(), ignore, in_bundle: false, seen: BTreeSet::new() };
        for path in paths {
            let (prefix, path) = split_prefix(path);
            loader.argument(&prefix, Path::new(path))?;
        }
        Ok(loader.loaded)
    }

    /// Reads bundle directories.
    pub fn read_bundle_dirs(paths: &[String], ignore: &[String]) -> anyhow::Result<Loaded> {
        let mut loader =
            Loader { loaded: Loaded::default(), ignore, in_bundle: true, seen: BTreeSet::new() };
        for path in paths {
            loader.argument(&[], Path::new(path))?;
        }
        Ok(loader.loaded)
    }

    /// Puts further sources and data behind these.
    pub fn merge(&mut self, other: Loaded) -> anyhow::Result<()> {
        self.sources.extend(other.sources);
        self.inner_names.extend(other.inner_names);
        match other.data {
            Some(data) => self.add_data(&[], data, "the data"),
            None => Ok(()),
        }
    }

    /// The data; an empty object where no file had any.
    pub fn data_or_empty(&self) -> Value {
        self.data.clone().unwrap_or_else(Value::empty_object)
    }

    /// The sources under names that are the same on every machine, for what goes into a module.
    pub fn portable_sources(&self) -> Vec<Source> {
        let distinct: BTreeSet<&String> = self.inner_names.iter().collect();
        let unique = distinct.len() == self.inner_names.len();
        let name =
            |typed: &str, inner: &str| if unique { inner.to_owned() } else { relative(typed) };
        self.sources
            .iter()
            .zip(&self.inner_names)
            .map(|(source, inner)| Source::new(name(&source.name, inner), source.text.clone()))
            .collect()
    }

    fn add_data(&mut self, at: &[String], value: Value, origin: &str) -> anyhow::Result<()> {
        let nested = at.iter().rev().fold(value, |value, key| Value::object_of([(key, value)]));
        ensure!(
            matches!(nested, Value::Object(_)),
            "{origin}: data at the root must be an object, found {}",
            nested.kind().name()
        );
        let merged = match self.data.take() {
            Some(data) => {
                merge(&data, &nested, &mut Vec::new()).with_context(|| origin.to_owned())?
            }
            None => nested,
        };
        self.data = Some(merged);
        Ok(())
    }
}

/// Merges two documents; two different values in one place are an error.
fn merge(a: &Value, b: &Value, path: &mut Vec<String>) -> anyhow::Result<Value> {
    let (Value::Object(left), Value::Object(right)) = (a, b) else {
        if a == b {
            return Ok(a.clone());
        }
        bail!("two values for data.{}", path.join("."));
    };
    let mut entries: Vec<Entry<Value>> = left.to_vec();
    for entry in right.iter() {
        match entries.iter_mut().find(|it| it.key == entry.key) {
            Some(here) => {
                path.push(entry.key.as_str().unwrap_or_default().to_owned());
                here.value = merge(&here.value, &entry.value, path)?;
                path.pop();
            }
            None => entries.push(entry.clone()),
        }
    }
    Ok(Value::object(entries))
}

struct Loader<'a> {
    loaded: Loaded,
    ignore: &'a [String],
    in_bundle: bool,
    seen: BTreeSet<PathBuf>,
}

impl Loader<'_> {
    fn argument(&mut self, prefix: &[String], path: &Path) -> anyhow::Result<()> {
        let about =
            fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        if about.is_dir() {
            return self.directory(path, path, prefix, 0);
        }
        let inner =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match kind(path) {
            Some(kind) => self.file(path, &inner, kind, prefix),
            None => bail!(
                "`{}` is neither a policy nor data: expected a name ending in .rego, .json, .yaml or .yml",
                path.display()
            ),
        }
    }

    fn directory(
        &mut self,
        root: &Path,
        dir: &Path,
        prefix: &[String],
        depth: usize,
    ) -> anyhow::Result<()> {
        ensure!(depth <= DEPTH_MAX, "`{}` is nested too deeply", dir.display());
        let entries =
            fs::read_dir(dir).with_context(|| format!("cannot read `{}`", dir.display()))?;
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.')
                || self.ignore.iter().any(|pattern| matches_pattern(pattern, &name))
            {
                continue;
            }
            if path.is_dir() {
                self.directory(root, &path, prefix, depth + 1)?;
            } else if let Some(kind) = kind(&path).filter(|kind| self.wants(*kind, &name)) {
                let inner = path.strip_prefix(root).unwrap_or(&path);
                let folder: Vec<String> = parts(inner.parent().unwrap_or(Path::new("")));
                let at: Vec<String> = prefix.iter().cloned().chain(folder).collect();
                self.file(&path, &parts(inner).join("/"), kind, &at)?;
            }
        }
        Ok(())
    }

    fn wants(&self, kind: Kind, name: &str) -> bool {
        kind == Kind::Rego
            || !self.in_bundle
            || matches!(name, "data.json" | "data.yaml" | "data.yml")
    }

    fn file(&mut self, path: &Path, inner: &str, kind: Kind, at: &[String]) -> anyhow::Result<()> {
        // The same file twice, as `policy.rego .` gives, is no conflict with itself.
        if !self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())) {
            return Ok(());
        }
        let name = path.display().to_string();
        let text = read_text(path)?;
        match kind {
            Kind::Rego => {
                self.loaded.sources.push(Source::new(name, text));
                self.loaded.inner_names.push(inner.to_owned());
            }
            Kind::Json | Kind::Yaml => {
                let value = parse_data(kind, &text).with_context(|| format!("`{name}`"))?;
                self.loaded.add_data(at, value, &format!("`{name}`"))?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rego,
    Json,
    Yaml,
}

fn kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()? {
        "rego" => Some(Kind::Rego),
        "json" => Some(Kind::Json),
        "yaml" | "yml" => Some(Kind::Yaml),
        _ => None,
    }
}

fn parse_data(kind: Kind, text: &str) -> anyhow::Result<Value> {
    match kind {
        Kind::Yaml => document::parse_yaml(text),
        _ => document::parse_json(text),
    }
}

/// Reads an input: YAML if the file's name says so, else JSON. `-` is standard input.
pub fn read_input(path: &Path) -> anyhow::Result<Value> {
    if path == Path::new("-") {
        return document::parse_json(&read_stdin()?).context("the input");
    }
    let kind = kind(path).unwrap_or(Kind::Json);
    parse_data(kind, &read_text(path)?).with_context(|| format!("`{}`", path.display()))
}

/// Reads standard input to its end.
pub fn read_stdin() -> anyhow::Result<String> {
    std::io::read_to_string(std::io::stdin()).context("cannot read standard input")
}

/// Reads a whole text file.
pub fn read_text(path: &Path) -> anyhow::Result<String> {
    let size =
        fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?.len();
    ensure!(size <= FILE_BYTES_MAX, "`{}` is larger than {FILE_BYTES_MAX} bytes", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        anyhow::anyhow!(
            "`{}` is not UTF-8: byte {}",
            path.display(),
            error.utf8_error().valid_up_to()
        )
    })
}

/// Splits `a.b:path`. A drive letter or a path with a slash before the colon is no prefix.
fn split_prefix(argument: &str) -> (Vec<String>, &str) {
    match argument.split_once(':') {
        Some((prefix, path)) if !prefix.is_empty() && !prefix.contains(['/', '\\']) => {
            let prefix = prefix.strip_prefix("data.").unwrap_or(prefix);
            (prefix.split('.').map(str::to_owned).collect(), path)
        }
        _ => (Vec::new(), argument),
    }
}

fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect()
}

fn relative(typed: &str) -> String {
    parts(Path::new(typed)).join("/")
}

/// Matches a name against a pattern with `*` and `?`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (mut pattern_chars, mut name_chars) = (pattern.chars(), name.chars());
    match (pattern_chars.next(), name_chars.next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = pattern_chars.as_str();
            matches_pattern(rest, name)
                || name
                    .chars()
                    .next()
                    .is_some_and(|first| matches_pattern(pattern, &name[first.len_utf8()..]))
        }
        (Some('?'), Some(_)) => matches_pattern(pattern_chars.as_str(), name_chars.as_str()),
        (Some(a), Some(b)) => {
            a == b && matches_pattern(pattern_chars.as_str(), name_chars.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use palisade_value::json;

    use super::*;

    #[test]
    fn prefixes_are_told_from_paths() {
        assert_eq!(split_prefix("a.b:x.json"), (vec!["a".to_owned(), "b".to_owned()], "x.json"));
        assert_eq!(split_prefix("data.a:x.json"), (vec!["a".to_owned()], "x.json"));
        assert_eq!(split_prefix("./a:b.json"), (vec![], "./a:b.json"));
        assert_eq!(split_prefix("x.json"), (vec![], "x.json"));
    }

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches_pattern("*_test.rego", "policy_test.rego"));
        assert!(!matches_pattern("*_test.rego", "policy.rego"));
        assert!(matches_pattern("?.rego", "a.rego"));
        assert!(!matches_pattern("", "a"));
    }

    #[test]
    fn documents_are_merged_and_conflicts_named() {
        let parse = |text: &str| json::parse::<Value>(text).unwrap();
        let merged =
            merge(&parse(r#"{"a":{"b":1}}"#), &parse(r#"{"a":{"c":2}}"#), &mut Vec::new()).unwrap();
        assert_eq!(merged, parse(r#"{"a":{"b":1,"c":2}}"#));
        let error = merge(&parse(r#"{"a":{"b":1}}"#), &parse(r#"{"a":{"b":2}}"#), &mut Vec::new())
            .unwrap_err();
        assert_eq!(error.to_string(), "two values for data.a.b");
    }
}
