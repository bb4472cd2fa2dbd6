//! The manifest, `/.manifest`: which revision this is, which part of `data` the bundle owns, and
//! which entrypoints the module has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pattern::matches_pattern;

/// Roots are compared with each other, and data is searched along them: both grow with these.
const ROOTS_MAX: usize = 1024;
const ROOT_BYTES_MAX: usize = 1024;

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The name its author gave to this state of the policy, such as a commit.
    #[serde(default)]
    pub revision: String,
    /// The paths under `data` that the bundle owns; the empty path is all of it.
    #[serde(default = "whole_data")]
    pub roots: Vec<String>,
    /// The module's entrypoints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wasm: Vec<Entrypoint>,
    /// Facts that the author attached; a policy may read them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Value>,
    /// The version of Rego that the sources are written in: 0 or 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rego_version: Option<u8>,
    /// Exceptions from `rego_version`: path or glob to version.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub file_rego_versions: BTreeMap<String, u8>,
    /// Keys that this version does not know, kept as they are.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

/// One entrypoint of the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entrypoint {
    /// The rule's path without `data`: `authz/allow`.
    pub entrypoint: String,
    /// The file in the bundle that holds the module: `/policy.wasm`.
    pub module: String,
    /// The rule's annotations, as the compiler found them in the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Value>,
}

/// Why a manifest was refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It is not JSON of the right shape.
    #[error("`/.manifest` is not a manifest")]
    Malformed(#[source] serde_json::Error),
    /// Two roots overlap, so that it is not clear which owns the common part.
    #[error("the roots `{left}` and `{right}` overlap")]
    OverlappingRoots {
        /// One root.
        left: String,
        /// The other root.
        right: String,
    },
    /// There are more roots than any bundle needs, or a longer one.
    #[error("a manifest has at most {ROOTS_MAX} roots of at most {ROOT_BYTES_MAX} bytes each")]
    TooManyRoots,
    /// There is no such version of Rego.
    #[error("there is no Rego version {version}")]
    RegoVersion {
        /// The version that the manifest names.
        version: u8,
    },
    /// An entrypoint lies in a module that is not there.
    #[error("entrypoint `{entrypoint}` is in `{module}`, which is not the bundle's module")]
    MissingModule {
        /// The entrypoint.
        entrypoint: String,
        /// The file it names.
        module: String,
    },
}

impl Default for Manifest {
    /// A bundle without a revision that owns all of `data`.
    fn default() -> Manifest {
        Manifest {
            revision: String::new(),
            roots: whole_data(),
            wasm: Vec::new(),
            metadata: BTreeMap::new(),
            rego_version: None,
            file_rego_versions: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }
}

impl Manifest {
    /// Parses the manifest and checks what can be checked without the other files.
    pub fn parse(json: &[u8]) -> Result<Manifest, ManifestError> {
        let mut manifest: Manifest =
            serde_json::from_slice(json).map_err(ManifestError::Malformed)?;
        for root in &mut manifest.roots {
            *root = root.trim_matches('/').to_owned();
        }
        manifest.check()?;
        Ok(manifest)
    }

    /// The manifest as JSON, one line without spaces.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// Whether the document at `path` (without `data`, `/`-separated) lies under one of the roots.
    pub fn owns(&self, path: &str) -> bool {
        self.roots.iter().any(|root| lies_under(path, root))
    }

    /// The version of Rego that the source with this name is written in, if the manifest says it: a name says more than
    /// a pattern, a pattern more than the version of the whole bundle.
    pub fn rego_version_of(&self, path: &str) -> Option<u8> {
        let absolute = |name: &str| format!("/{}", name.trim_start_matches('/'));
        let path = absolute(path);
        let named = self.file_rego_versions.iter().find(|(name, _)| absolute(name) == path);
        let matched = || {
            self.file_rego_versions.iter().find(|(name, _)| matches_pattern(&absolute(name), &path))
        };
        named.or_else(matched).map(|(_, version)| *version).or(self.rego_version)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let too_long = self.roots.iter().any(|root| root.len() > ROOT_BYTES_MAX);
        if self.roots.len() > ROOTS_MAX || too_long {
            return Err(ManifestError::TooManyRoots);
        }
        for (i, left) in self.roots.iter().enumerate() {
            for right in self.roots.iter().skip(i + 1) {
                if lies_under(left, right) || lies_under(right, left) {
                    let (left, right) = (left.clone(), right.clone());
                    return Err(ManifestError::OverlappingRoots { left, right });
                }
            }
        }
        let versions = self.rego_version.iter().chain(self.file_rego_versions.values());
        match versions.into_iter().find(|version| **version > 1) {
            Some(version) => Err(ManifestError::RegoVersion { version: *version }),
            None => Ok(()),
        }
    }
}

/// Whether `path` is `root` or below it, component by component.
pub(crate) fn lies_under(path: &str, root: &str) -> bool {
    root.is_empty()
        || path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn whole_data() -> Vec<String> {
    vec![String::new()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_survives_a_round_trip() {
        let json = concat!(
            r#"{"revision":"r1","roots":["a/b","c"],"wasm":[{"entrypoint":"a/b/allow","#,
            r#""module":"/policy.wasm","annotations":[{"scope":"rule"}]}],"metadata":{"team":"x"},"#,
            r#""rego_version":1,"file_rego_versions":{"/old.rego":0},"later":[1,{"k":null}]}"#,
            "\n"
        );
        let manifest = Manifest::parse(json.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(manifest.to_json().unwrap()).unwrap(), json);
    }

    #[test]
    fn an_absent_root_list_means_all_of_data() {
        let manifest = Manifest::parse(b"{}").unwrap();
        assert_eq!(manifest.roots, [""]);
        assert!(manifest.owns("any/thing"));
    }

    #[test]
    fn roots_own_whole_components() {
        let manifest = Manifest::parse(br#"{"roots": ["/a/b/"]}"#).unwrap();
        assert!(manifest.owns("a/b") && manifest.owns("a/b/c"));
        assert!(!manifest.owns("a") && !manifest.owns("a/bc"));
    }

    #[test]
    fn versions_are_those_of_the_file_before_those_of_the_bundle() {
        let manifest = Manifest::parse(
            br#"{"rego_version": 1, "file_rego_versions": {"/old/*": 0, "old/new.rego": 1}}"#,
        )
        .unwrap();
        let check = |path: &str, version| assert_eq!(manifest.rego_version_of(path), Some(version));
        check("/old/a/b.rego", 0);
        check("old/a.rego", 0);
        check("/old/new.rego", 1);
        check("/new.rego", 1);
        assert_eq!(Manifest::default().rego_version_of("/a.rego"), None);
    }

    #[test]
    fn contradictions_are_refused() {
        let check = |json: &str, expected: &str| {
            let error = Manifest::parse(json.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check(r#"{"roots": ["a", "a/b"]}"#, "the roots `a` and `a/b` overlap");
        check(r#"{"roots": ["a", "a"]}"#, "the roots `a` and `a` overlap");
        check(r#"{"roots": ["a", ""]}"#, "the roots `a` and `` overlap");
        check(r#"{"rego_version": 2}"#, "there is no Rego version 2");
        check("[", "`/.manifest` is not a manifest");
    }
}
