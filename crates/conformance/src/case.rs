//! The cases and the files they come from.

use std::fs;
use std::path::{Path, PathBuf};

use palisade_value::{AnyValue, Value};
use yaml_rust2::YamlLoader;

use crate::yaml;

/// Where the cases are looked for when [`ROOT_VARIABLE`] doesn't say: beside the repository.
const ROOT_DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");

/// The environment variable that names the folder with the cases.
const ROOT_VARIABLE: &str = "PALISADE_CONFORMANCE";

/// The language version that a case is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Rego v0.
    V0,
    /// Rego v1.
    V1,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about. Not unique.
    pub note: String,
    /// The file it was read from, without the root, with `/`: `v1/every/test-every.yaml`.
    pub file: String,
    /// The language version of modules and query.
    pub version: Version,
    /// The query's text.
    pub query: String,
    /// The modules' texts, loaded as `test-0.rego`, `test-1.rego`…
    pub modules: Vec<String>,
    /// The base data: an object.
    pub data: Value,
    /// The input document.
    pub input: Option<Value>,
    /// The input as a Rego term; overrides `input`.
    pub input_term: Option<String>,
    /// What must come out.
    pub expected: Expected,
    /// Whether array values are sorted before they are compared.
    pub sort_bindings: bool,
    /// Whether built-in errors end the evaluation.
    pub strict_error: bool,
    /// Whether the experimental keywords (`and`, `or`) are on.
    pub experimental_keywords: bool,
    /// Environment variables that the case needs, sorted.
    pub env: Vec<(String, String)>,
}

/// What must come out of a case.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The solutions, each an object from variables to values, as a set.
    pub result: Option<Vec<Value>>,
    /// The error's code.
    pub error_code: Option<String>,
    /// A part of the error's text.
    pub error: Option<String>,
    /// Only whether there is a solution at all.
    pub defined: Option<bool>,
}

/// Cases that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file or folder can't be read.
    #[error("cannot read {path}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file isn't YAML.
    #[error("{path} is not YAML")]
    Yaml {
        /// Which.
        path: PathBuf,
        /// Why.
        source: yaml_rust2::ScanError,
    },
}

/// The folder with the cases, if there is one: `$PALISADE_CONFORMANCE`, or `shared/conformance` beside the repository.
pub fn root() -> Option<PathBuf> {
    let root =
        std::env::var_os(ROOT_VARIABLE).map_or_else(|| PathBuf::from(ROOT_DEFAULT), PathBuf::from);
    root.is_dir().then_some(root)
}

/// Reads every case of both versions under `folder`, which has `v0` and `v1` in it, in the order of their paths.
///
/// # Errors
/// A file can't be read or isn't YAML.
pub fn read_dir(folder: &Path) -> Result<Vec<Case>, ReadError> {
    let mut cases = Vec::new();
    for (name, version) in [("v0", Version::V0), ("v1", Version::V1)] {
        let mut files = Vec::new();
        let under = folder.join(name);
        if under.is_dir() {
            list(&under, &mut files)?;
        }
        files.sort();
        for path in files {
            let file =
                path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            read_file(&path, &file, version, &mut cases)?;
        }
    }
    Ok(cases)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let failed = |source| ReadError::Io { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(
    path: &Path,
    file: &str,
    version: Version,
    cases: &mut Vec<Case>,
) -> Result<(), ReadError> {
    let text = fs::read_to_string(path)
        .map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
    let documents = YamlLoader::load_from_str(&text)
        .map_err(|source| ReadError::Yaml { path: path.to_owned(), source })?;
    for document in &documents {
        let listed = yaml::to_value(document).get_str("cases");
        cases.extend(
            listed.iter().flat_map(|listed| listed.items()).map(|it| case(it, file, version)),
        );
    }
    Ok(())
}

fn case(it: &Value, file: &str, version: Version) -> Case {
    let text = |key: &str| it.get_str(key).and_then(|it| it.as_str().map(str::to_owned));
    let flag = |key: &str| matches!(it.get_str(key), Some(Value::Boolean(true)));
    let texts = |value: Value| -> Vec<String> {
        value.items().iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
    };
    let env = it.get_str("env").unwrap_or(Value::Null);
    let env = env.entries().iter().filter_map(|entry| {
        Some((
            entry.key.as_str()?.to_owned(),
            entry.value.as_str().map_or_else(|| entry.value.to_string(), str::to_owned),
        ))
    });
    Case {
        note: text("note").unwrap_or_default(),
        file: file.to_owned(),
        version,
        query: text("query").unwrap_or_default(),
        modules: it.get_str("modules").map(texts).unwrap_or_default(),
        data: it
            .get_str("data")
            .filter(|it| matches!(it, Value::Object(_)))
            .unwrap_or_else(Value::empty_object),
        input: it.get_str("input"),
        input_term: text("input_term"),
        expected: Expected {
            result: it.get_str("want_result").map(|it| it.items().to_vec()),
            error_code: text("want_error_code"),
            error: text("want_error"),
            defined: match it.get_str("want_defined") {
                Some(Value::Boolean(it)) => Some(it),
                _ => None,
            },
        },
        sort_bindings: flag("sort_bindings"),
        strict_error: flag("strict_error"),
        experimental_keywords: flag("experimental_keywords"),
        env: env.collect(),
    }
}

impl Case {
    /// The folder the case is in: `every`.
    pub fn folder(&self) -> &str {
        self.file.split('/').nth(1).unwrap_or(&self.file)
    }

    /// The same case with `import future.keywords.not` in every module: what comes out must be the same.
    /// Modules without an empty line behind the package statement, or with the import, stay as they are.
    pub fn with_improved_negation(&self) -> Case {
        let modules = self.modules.iter().map(|text| improve_negation(text)).collect();
        Case { modules, ..self.clone() }
    }

    /// Whether an error is what must come out.
    pub fn wants_error(&self) -> bool {
        self.expected.error.is_some() || self.expected.error_code.is_some()
    }
}

/// Puts the import in the place of the empty line behind the package statement, so that rows stay what they are.
/// A module without such a line stays as it is.
fn improve_negation(module: &str) -> String {
    const IMPORT: &str = "import future.keywords.not";
    // Not `lines`, which would take the carriage returns out of strings over several lines.
    let mut lines: Vec<&str> = module.split('\n').collect();
    let package = lines.iter().position(|line| line.starts_with("package "));
    let behind = package.and_then(|at| lines.get_mut(at + 1)).filter(|line| line.is_empty());
    if let (Some(line), false) = (behind, module.contains(IMPORT)) {
        *line = IMPORT;
    }
    lines.join("\n")
}
