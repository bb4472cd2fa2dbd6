//! Finding files in directories.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use palisade_bundle::matches_pattern;
use palisade_compiler::Source;

use super::file::{Kind, kind, read_text};
use super::names::{absolute, parts};
use super::{Loaded, Place, bundle};
use crate::document;
use crate::policy::LanguageArgs;

/// How deep directories are followed.
const DEPTH_MAX: usize = 64;

/// A walk through files and directories.
pub struct Walk<'a> {
    loaded: Loaded,
    args: &'a LanguageArgs,
    in_bundle: bool,
    /// Files and directories that were read, by their real paths. None is read twice: `policy.rego .` is no conflict
    /// with itself, and a link to a folder above leads nowhere.
    seen: BTreeSet<PathBuf>,
}

impl<'a> Walk<'a> {
    /// A walk, through bundle directories or through others.
    pub fn new(args: &'a LanguageArgs, in_bundle: bool) -> Walk<'a> {
        Walk { loaded: Loaded::default(), args, in_bundle, seen: BTreeSet::new() }
    }

    /// What was found.
    pub fn into_loaded(self) -> Loaded {
        self.loaded
    }

    /// Reads a file or directory; its data is put below `prefix`.
    pub fn argument(&mut self, prefix: &[String], path: &Path) {
        let read = match fs::metadata(path) {
            Ok(about) if about.is_dir() && self.in_bundle => self.bundle(path),
            Ok(about) if about.is_dir() => {
                self.directory(path, path, prefix, 0);
                Ok(())
            }
            Ok(_) => self.named_file(prefix, path),
            Err(error) => {
                Err(anyhow::Error::new(error).context(format!("cannot read `{}`", path.display())))
            }
        };
        self.note(read);
    }

    fn note(&mut self, result: anyhow::Result<()>) {
        self.loaded.faults.extend(result.err());
    }

    fn named_file(&mut self, prefix: &[String], path: &Path) -> anyhow::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match kind(path) {
            Some(kind) => self.file(path, &name, kind, prefix),
            None => bail!(
                "`{}` is neither a policy nor data: expected a name ending in .rego, .json, .yaml or .yml",
                path.display()
            ),
        }
    }

    /// Reads a bundle directory by itself, since its manifest is about nothing else.
    fn bundle(&mut self, dir: &Path) -> anyhow::Result<()> {
        let manifest = bundle::manifest_of(dir)?;
        let outer = std::mem::take(&mut self.loaded);
        self.directory(dir, dir, &[], 0);
        let mut inner = std::mem::replace(&mut self.loaded, outer);
        let kept = bundle::keep_to(&manifest, &mut inner, &dir.display().to_string());
        self.loaded.merge(inner)?;
        kept
    }

    fn directory(&mut self, root: &Path, dir: &Path, prefix: &[String], depth: usize) {
        if !self.seen.insert(fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned())) {
            return;
        }
        match self.entries(dir, depth) {
            Ok(paths) => paths.iter().for_each(|path| self.entry(root, path, prefix, depth)),
            Err(error) => self.loaded.faults.push(error),
        }
    }

    /// What is in a directory, in order, without what is hidden or ignored.
    fn entries(&self, dir: &Path, depth: usize) -> anyhow::Result<Vec<PathBuf>> {
        ensure!(depth <= DEPTH_MAX, "`{}` is nested too deeply", dir.display());
        let read = || -> std::io::Result<Vec<PathBuf>> {
            fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
        };
        let mut paths = read().with_context(|| format!("cannot read `{}`", dir.display()))?;
        paths.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_ignored = |pattern: &String| matches_pattern(pattern, &name);
            !name.starts_with('.') && !self.args.ignore.iter().any(is_ignored)
        });
        paths.sort();
        Ok(paths)
    }

    fn entry(&mut self, root: &Path, path: &Path, prefix: &[String], depth: usize) {
        if path.is_dir() {
            if self.args.follow_symlinks || !path.is_symlink() {
                self.directory(root, path, prefix, depth + 1);
            }
        } else if let Some(kind) = kind(path).filter(|kind| self.wants(*kind, path)) {
            let inner = parts(path.strip_prefix(root).unwrap_or(path));
            let folder = inner.split_last().map_or(&[][..], |(_, folder)| folder);
            let read = self.file(path, &inner.join("/"), kind, &[prefix, folder].concat());
            self.note(read);
        }
    }

    fn wants(&self, kind: Kind, path: &Path) -> bool {
        let is_data = |name: &std::ffi::OsStr| {
            ["data.json", "data.yaml", "data.yml"].iter().any(|data| name == *data)
        };
        kind == Kind::Rego || !self.in_bundle || path.file_name().is_some_and(is_data)
    }

    fn file(&mut self, path: &Path, inner: &str, kind: Kind, at: &[String]) -> anyhow::Result<()> {
        if !self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())) {
            return Ok(());
        }
        let name = path.display().to_string();
        let text = read_text(path)?;
        let json = match kind {
            Kind::Rego => {
                self.loaded.sources.push(Source::new(name, text));
                self.loaded.places.push(Place { inner: inner.to_owned(), full: absolute(path) });
                return Ok(());
            }
            Kind::Json => document::checked_json(&text).map(str::to_owned),
            Kind::Yaml => document::yaml_to_json(&text),
        };
        let json = json.with_context(|| format!("`{name}`"))?;
        Ok(self.loaded.documents.add_json(&name, &at.join("/"), json.as_bytes())?)
    }
}
