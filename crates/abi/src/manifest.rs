//! The manifest: what a module says about itself, as canonical JSON in the custom section [`MANIFEST_SECTION`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::RuleHit;
use crate::canonical::canonical_json;

/// The name of the custom section that holds the manifest.
pub const MANIFEST_SECTION: &str = "palisade.manifest";

/// What a module says about itself. Members that a reader does not know are ignored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the contract, [`crate::ABI_VERSION`].
    pub abi: u32,
    /// The compiler and its version: `palisade 0.1.0`.
    #[serde(default)]
    pub compiler: String,
    /// Where the base data is.
    #[serde(default)]
    pub data: DataPlace,
    /// The roots of the base data that the policy may read, as paths: `users/roles`; `""` is all of it.
    #[serde(default)]
    pub data_roots: Vec<String>,
    /// The encodings of input and output that the module takes; empty means `json`.
    #[serde(default)]
    pub encodings: Vec<String>,
    /// The entrypoints, the default one first.
    #[serde(default)]
    pub entrypoints: Vec<Entrypoint>,
    /// The host functions that the module imports; empty for a pure module.
    #[serde(default)]
    pub host_functions: Vec<String>,
    /// The language of the sources: `rego`, `cedar`.
    #[serde(default)]
    pub language: String,
    /// The rules of the policy and where each begins; explanations name rules of this table.
    #[serde(default)]
    pub rules: Vec<RuleHit>,
    /// The source files and the SHA-256 of each, in hexadecimal.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
}

/// One entrypoint: a rule or a package that a host may ask for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Entrypoint {
    /// The metadata annotations of the entrypoint's rule or package, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Value>,
    /// The path, which is also the export's name: `authz/allow`.
    pub path: String,
}

/// Where a module's base data is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataPlace {
    /// In the module; nothing has to be loaded.
    #[default]
    Frozen,
    /// In the bundle's `data.json`, which the host gives to `load` before the first evaluation.
    Loaded,
}

impl Manifest {
    /// The manifest as canonical JSON, the bytes of the custom section.
    pub fn to_json(&self) -> String {
        // The manifest holds strings, numbers and JSON values only, which all serialise.
        canonical_json(&serde_json::to_value(self).unwrap_or(Value::Null))
    }

    /// Reads the bytes of the custom section.
    ///
    /// # Errors
    /// When the bytes are not JSON of the manifest's shape.
    pub fn from_json(bytes: &[u8]) -> Result<Manifest, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        Manifest {
            abi: crate::ABI_VERSION,
            compiler: "palisade 0.1.0".to_owned(),
            entrypoints: vec![Entrypoint {
                path: "authz/allow".to_owned(),
                annotations: Some(serde_json::json!({"title": "t", "entrypoint": true})),
            }],
            language: "rego".to_owned(),
            rules: vec![RuleHit {
                path: "data.authz.allow".to_owned(),
                file: "authz.rego".to_owned(),
                row: 5,
            }],
            sources: BTreeMap::from([("authz.rego".to_owned(), "00".to_owned())]),
            ..Manifest::default()
        }
    }

    #[test]
    fn a_manifest_is_read_back() {
        let manifest = example();
        assert_eq!(
            Manifest::from_json(manifest.to_json().as_bytes()).expect("own output"),
            manifest
        );
    }

    #[test]
    fn the_text_is_canonical() {
        assert_eq!(
            example().to_json(),
            concat!(
                r#"{"abi":1,"compiler":"palisade 0.1.0","data":"frozen","data_roots":[],"encodings":[],"#,
                r#""entrypoints":[{"annotations":{"entrypoint":true,"title":"t"},"path":"authz/allow"}],"#,
                r#""host_functions":[],"language":"rego","#,
                r#""rules":[{"file":"authz.rego","path":"data.authz.allow","row":5}],"sources":{"authz.rego":"00"}}"#
            )
        );
    }

    #[test]
    fn unknown_members_are_ignored_and_a_missing_version_is_not() {
        assert_eq!(Manifest::from_json(br#"{"abi":1,"later":{}}"#).expect("readable").abi, 1);
        assert!(Manifest::from_json(b"{}").is_err());
    }
}
