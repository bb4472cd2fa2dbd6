//! The parts of a bundle.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::digest::Digest;
use crate::manifest::Manifest;

/// A policy with its data, as it travels.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Revision, roots and entrypoints.
    pub manifest: Manifest,
    /// The WebAssembly module, `/policy.wasm`.
    pub module: Option<Vec<u8>>,
    /// The base data: the text of one JSON object, kept as it was written.
    pub data: Box<RawValue>,
    /// The Rego sources.
    pub sources: Vec<Source>,
    /// OPA's signatures, `/.signatures.json`.
    pub signatures: Option<Vec<u8>>,
    /// Every other file by its name.
    pub other: BTreeMap<String, Vec<u8>>,
}

/// One Rego file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Its name in the bundle: `/authz/policy.rego`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Bundle {
    /// The digest of the module's bytes, if there is a module.
    pub fn module_digest(&self) -> Option<Digest> {
        self.module.as_deref().map(Digest::of)
    }

    /// The digest of the base data's text.
    pub fn data_digest(&self) -> Digest {
        Digest::of(self.data.get().as_bytes())
    }
}

impl Default for Bundle {
    /// A bundle with empty data and nothing else.
    fn default() -> Bundle {
        Bundle {
            manifest: Manifest::default(),
            module: None,
            data: crate::data::empty(),
            sources: Vec::new(),
            signatures: None,
            other: BTreeMap::new(),
        }
    }
}

impl PartialEq for Bundle {
    /// Data is compared as text, because its digest is.
    fn eq(&self, other: &Bundle) -> bool {
        self.manifest == other.manifest
            && self.module == other.module
            && self.data.get() == other.data.get()
            && self.sources == other.sources
            && self.signatures == other.signatures
            && self.other == other.other
    }
}
