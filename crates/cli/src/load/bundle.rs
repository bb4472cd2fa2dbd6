//! What a bundle's manifest says of its sources and data, and must be kept to.

use std::path::Path;

use anyhow::{Context, ensure};
use palisade_bundle::{Bundle, Manifest};
use palisade_compiler::Source;
use palisade_diag::Files;
use palisade_rego::syntax::ast::{TermKind, Version};
use palisade_rego::syntax::{self, ParseOptions};

use super::file::read_text;
use super::{Loaded, Place};

/// The manifest of a bundle directory; without one it owns all of `data`.
pub fn manifest_of(dir: &Path) -> anyhow::Result<Manifest> {
    let path = dir.join(".manifest");
    if !path.exists() {
        return Ok(Manifest::default());
    }
    Manifest::parse(read_text(&path)?.as_bytes()).with_context(|| format!("`{}`", path.display()))
}

/// Gives the sources of a bundle the versions that its manifest says, and refuses what its roots do not cover.
pub fn keep_to(manifest: &Manifest, loaded: &mut Loaded, name: &str) -> anyhow::Result<()> {
    for (source, place) in loaded.sources.iter_mut().zip(&loaded.places) {
        source.version = manifest.rego_version_of(&place.inner).map(|version| match version {
            0 => Version::V0,
            _ => Version::V1,
        });
    }
    let roots = manifest.roots.iter().map(|root| root.trim_matches('/'));
    let named = roots.filter(|root| !root.is_empty());
    loaded.roots.extend(named.map(|root| root.split('/').map(str::to_owned).collect()));
    let data = std::mem::take(&mut loaded.documents).finish(manifest);
    let data = data.with_context(|| format!("`{name}`"))?;
    loaded.documents.add_json(name, "", data.get().as_bytes())?;
    loaded.sources.iter().try_for_each(|source| owns_package(manifest, source))
}

fn owns_package(manifest: &Manifest, source: &Source) -> anyhow::Result<()> {
    if manifest.owns("") {
        return Ok(());
    }
    let mut files = Files::new();
    let file = files.add(&source.name, source.text.as_str());
    let package = syntax::parse_module(&files, file, &ParseOptions::default()).tree.package;
    let path = package.path.iter().filter_map(|term| match &term.kind {
        TermKind::String { text, .. } | TermKind::Var(text) => Some(text.as_str()),
        _ => None,
    });
    let path: Vec<&str> = path.collect();
    ensure!(
        path.is_empty() || manifest.owns(&path.join("/")),
        "`{}`: the manifest's roots {:?} do not cover `package {}`",
        source.name,
        manifest.roots,
        path.join(".")
    );
    Ok(())
}

impl Loaded {
    /// Adds the sources and data of a bundle file.
    ///
    /// # Errors
    /// A source lies outside the bundle's roots, or there is other data for one place.
    pub fn add_bundle(&mut self, name: &str, bundle: &Bundle) -> anyhow::Result<()> {
        let mut loaded = Loaded::default();
        for source in &bundle.sources {
            loaded.sources.push(Source::new(&source.path, &source.text));
            let inner = source.path.trim_start_matches('/').to_owned();
            let full = super::names::absolute(&Path::new(name).join(&inner));
            loaded.places.push(Place { inner, full });
        }
        loaded.documents.add_json(name, "", bundle.data.get().as_bytes())?;
        keep_to(&bundle.manifest, &mut loaded, name)?;
        self.merge(loaded)
    }
}
