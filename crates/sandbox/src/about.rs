//! What a module says about itself: its manifest, its entrypoints, the version of its contract.

use palisade_abi::{ABI_VERSION, MANIFEST_SECTION, Manifest, custom_section, exports, limits};

use crate::error::LoadError;
use crate::shape::{self, Shape};

/// The manifest in a module's bytes; a custom engine may have none.
pub(crate) fn read_manifest(bytes: &[u8], shape: Shape) -> Result<Option<Manifest>, LoadError> {
    let Some(section) = custom_section(bytes, MANIFEST_SECTION) else {
        return Ok(None);
    };
    if section.len() > limits::MANIFEST_BYTES_MAX {
        return Err(LoadError::ManifestTooLarge {
            len: section.len(),
            max: limits::MANIFEST_BYTES_MAX,
        });
    }
    let manifest = Manifest::from_json(section).map_err(LoadError::Manifest)?;
    if shape == Shape::Palisade {
        check_version(manifest.abi)?;
    }
    if !manifest.encodings.is_empty()
        && !manifest.encodings.iter().any(|encoding| encoding == "json")
    {
        return Err(LoadError::Encoding(manifest.encodings.join(", ")));
    }
    Ok(Some(manifest))
}

/// The module's entrypoints: those of the manifest, or without one every export of an entrypoint's type.
pub(crate) fn entrypoints(
    module: &wasmtime::Module,
    shape: Shape,
    manifest: Option<&Manifest>,
) -> Result<Vec<String>, LoadError> {
    if shape != Shape::Palisade {
        return Ok(vec![exports::EVALUATE.to_owned()]);
    }
    let paths: Vec<String> = match manifest {
        Some(manifest) => {
            manifest.entrypoints.iter().map(|entrypoint| entrypoint.path.clone()).collect()
        }
        None => exported_entrypoints(module),
    };
    if paths.len() > limits::ENTRYPOINTS_MAX {
        return Err(LoadError::TooManyEntrypoints {
            count: paths.len(),
            max: limits::ENTRYPOINTS_MAX,
        });
    }
    if let Some(missing) =
        paths.iter().find(|path| is_reserved(path) || !shape::is_entrypoint(module, path))
    {
        return Err(LoadError::MissingEntrypoint(missing.clone()));
    }
    Ok(if paths.is_empty() { vec![exports::EVALUATE.to_owned()] } else { paths })
}

fn exported_entrypoints(module: &wasmtime::Module) -> Vec<String> {
    module
        .exports()
        .map(|export| export.name().to_owned())
        .filter(|name| !is_reserved(name) && shape::is_entrypoint(module, name))
        .collect()
}

fn is_reserved(name: &str) -> bool {
    exports::RESERVED.contains(&name)
}

/// Refuses a module that was made for another version of the contract.
pub(crate) fn check_version(found: u32) -> Result<(), LoadError> {
    if found == ABI_VERSION { Ok(()) } else { Err(LoadError::Version { found }) }
}
