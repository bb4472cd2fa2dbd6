//! What a module shows without being loaded: imports, exports, its manifest.

use anyhow::Context;
use palisade_abi::{MANIFEST_SECTION, Manifest};
use wasmparser::{Parser, Payload};

/// A module from outside.
#[derive(Debug, Default)]
pub struct Surface {
    /// `module.name` of every import.
    pub imports: Vec<String>,
    /// Every export's name.
    pub exports: Vec<String>,
    /// The manifest, if there is one.
    pub manifest: Option<Manifest>,
}

impl Surface {
    /// Reads a module's sections; nothing is compiled or run.
    pub fn of(bytes: &[u8]) -> anyhow::Result<Surface> {
        let mut surface = Surface::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.context("not a well-formed WebAssembly module")? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import.context("a malformed import")?;
                        surface.imports.push(format!("{}.{}", import.module, import.name));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        surface.exports.push(export.context("a malformed export")?.name.to_owned());
                    }
                }
                Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                    let manifest =
                        Manifest::from_json(section.data()).context("a malformed manifest")?;
                    surface.manifest = Some(manifest);
                }
                _ => {}
            }
        }
        Ok(surface)
    }
}
