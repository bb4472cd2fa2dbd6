//! Reading a bundle: from the bytes of an archive to its parts.

use palisade_abi::limits::{DATA_BYTES_MAX, MODULE_BYTES_MAX};

use crate::archive::{self, ArchiveError, Entry, Limits};
use crate::bundle::{Bundle, Source};
use crate::data::{DataError, Documents};
use crate::manifest::{Manifest, ManifestError};
use crate::name;

/// The file that holds the module.
pub(crate) const MODULE: &str = "/policy.wasm";
/// The file that holds the manifest.
pub(crate) const MANIFEST: &str = "/.manifest";
/// The file that holds OPA's signatures.
pub(crate) const SIGNATURES: &str = "/.signatures.json";
/// The file that holds the base data.
pub(crate) const DATA: &str = "/data.json";

/// The largest bundle file that is worth reading, in bytes: all that it may hold, not compressed at all.
pub const BUNDLE_BYTES_MAX: u64 = (MODULE_BYTES_MAX + DATA_BYTES_MAX) as u64;

/// Why a bundle was refused.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The container is damaged or not one that is accepted.
    #[error("cannot unpack the bundle")]
    Archive(#[from] ArchiveError),
    /// The manifest is wrong in itself or does not fit the files.
    #[error("cannot use the bundle's manifest")]
    Manifest(#[from] ManifestError),
    /// The data files are wrong or contradict each other.
    #[error("cannot use the bundle's data")]
    Data(#[from] DataError),
    /// A Rego file is not UTF-8.
    #[error("the source `{name}` is not UTF-8 text")]
    SourceNotText {
        /// The file.
        name: String,
    },
    /// The archive holds a change to another bundle's data, which means nothing by itself.
    #[error("this is a delta bundle (it has `/patch.json`); a snapshot is needed")]
    Delta,
    /// The manifest is in Protobuf, so its roots and entrypoints would go unread.
    #[error("the manifest is in Protobuf (`/.manifest.pb`); it is needed as JSON (`/.manifest`)")]
    ProtobufManifest,
}

impl Bundle {
    /// Reads a bundle within the default [`Limits`].
    pub fn read(bytes: &[u8]) -> Result<Bundle, ReadError> {
        Bundle::read_within(bytes, &Limits::default())
    }

    /// Reads a bundle that may hold no more than `limits` says.
    pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Bundle, ReadError> {
        Bundle::from_entries(archive::unpack(bytes, limits)?)
    }

    /// Sorts unpacked files into the parts of a bundle.
    pub fn from_entries(entries: Vec<Entry>) -> Result<Bundle, ReadError> {
        let mut bundle = Bundle::default();
        let mut documents = Documents::default();
        for Entry { name, bytes } in entries {
            let (folder, file) = name::split(&name);
            match (name.as_str(), file) {
                (MANIFEST, _) => bundle.manifest = Manifest::parse(&bytes)?,
                (MODULE, _) => bundle.module = Some(bytes),
                (SIGNATURES, _) => bundle.signatures = Some(bytes),
                ("/patch.json", _) => return Err(ReadError::Delta),
                ("/.manifest.pb", _) => return Err(ReadError::ProtobufManifest),
                (_, "data.json") => documents.add_json(&name, folder, &bytes)?,
                (_, "data.yaml" | "data.yml") => documents.add_yaml(&name, folder, &bytes)?,
                (_, file) if file.ends_with(".rego") => bundle.sources.push(source(name, bytes)?),
                _ => drop(bundle.other.insert(name, bytes)),
            }
        }
        bundle.sources.sort();
        bundle.data = documents.finish(&bundle.manifest)?;
        modules_are_there(&bundle)?;
        Ok(bundle)
    }
}

fn source(name: String, bytes: Vec<u8>) -> Result<Source, ReadError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { path: name, text }),
        Err(_) => Err(ReadError::SourceNotText { name }),
    }
}

/// An entrypoint must lead to the module that will be loaded, not to another file.
fn modules_are_there(bundle: &Bundle) -> Result<(), ManifestError> {
    for it in &bundle.manifest.wasm {
        let named = name::normalize(&it.module);
        if bundle.module.is_none() || named.as_deref() != Ok(MODULE) {
            let (entrypoint, module) = (it.entrypoint.clone(), it.module.clone());
            return Err(ManifestError::MissingModule { entrypoint, module });
        }
    }
    Ok(())
}
