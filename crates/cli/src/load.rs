//! Reading policies and data from the file system, by OPA's rules.
//!
//! - A `.rego` file is a source. A `.json`, `.yaml` or `.yml` file is data.
//! - A file named on the command line is put at the root of `data`; `a.b:file.json` puts it at `data.a.b`.
//! - A directory is read with everything below it; its data files are put at the path of their folder in it. In a
//!   bundle directory only `data.json` and `data.yaml` are data, and `.manifest` says which versions of Rego the
//!   sources are in and which part of `data` is the bundle's.
//! - Hidden files and folders are left out, and links to folders unless they are asked for.
//!
//! What cannot be read hides nothing else: it is a fault among others.

mod bundle;
mod file;
mod names;
mod walk;

use std::path::{Path, PathBuf};

use palisade_bundle::{Documents, Manifest};
use palisade_compiler::Source;
use palisade_value::{Value, json};

use crate::output;
use crate::policy::LanguageArgs;
pub use bundle::manifest_of;
pub use file::{is_document, read_bytes, read_input, read_stdin, read_text};

/// Sources and data that were read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sources, under the names that the user typed.
    pub sources: Vec<Source>,
    /// For each source, where it was found.
    places: Vec<Place>,
    /// The data of all files.
    documents: Documents,
    /// The parts of `data` that the manifests of bundle directories name as theirs, as paths.
    roots: Vec<Vec<String>>,
    /// What could not be read.
    faults: Vec<anyhow::Error>,
}

/// Where a source was found.
#[derive(Debug)]
struct Place {
    /// Its name without the machine's part: relative to the directory it was found in.
    inner: String,
    /// The absolute path.
    full: PathBuf,
}

impl Loaded {
    /// Reads files and directories, or bundle directories.
    ///
    /// # Errors
    /// Something cannot be read; if there is more, the rest of it has been shown.
    pub fn read(paths: &[String], args: &LanguageArgs, bundles: bool) -> anyhow::Result<Loaded> {
        let (mut loaded, _) = Loaded::read_what_can_be(paths, args, bundles);
        match loaded.faults.pop() {
            None => Ok(loaded),
            Some(last) => {
                show(&loaded.faults);
                Err(last)
            }
        }
    }

    /// As [`Loaded::read`], but goes on; tells whether there are faults.
    pub fn read_what_can_be(
        paths: &[String],
        args: &LanguageArgs,
        bundles: bool,
    ) -> (Loaded, bool) {
        let mut walk = walk::Walk::new(args, bundles);
        for path in paths {
            let (prefix, path) = match bundles {
                true => (Vec::new(), path.as_str()),
                false => split_prefix(path),
            };
            walk.argument(&prefix, Path::new(path));
        }
        let loaded = walk.into_loaded();
        let is_faulty = !loaded.faults.is_empty();
        (loaded, is_faulty)
    }

    /// What could not be read.
    pub fn faults(&self) -> &[anyhow::Error] {
        &self.faults
    }

    /// Shows what could not be read.
    pub fn show_faults(&self) {
        show(&self.faults);
    }

    /// Puts further sources and data behind these.
    ///
    /// # Errors
    /// Both give a value for one place in `data`.
    pub fn merge(&mut self, other: Loaded) -> anyhow::Result<()> {
        self.sources.extend(other.sources);
        self.places.extend(other.places);
        self.roots.extend(other.roots);
        self.faults.extend(other.faults);
        Ok(self.documents.add_all("the data", other.documents)?)
    }

    /// The parts of `data` that a manifest names as a bundle's own, which its host may fill when it loads it.
    pub fn roots(&self) -> &[Vec<String>] {
        &self.roots
    }

    /// Puts the portable names of the sources into a folder.
    pub fn put_under(&mut self, folder: &str) {
        self.places.iter_mut().for_each(|it| it.inner = format!("{folder}/{}", it.inner));
    }

    /// Takes the data out; an empty object where no file had any.
    ///
    /// # Errors
    /// The data put together is more than a document may be.
    pub fn take_data(&mut self) -> anyhow::Result<Value> {
        let data = std::mem::take(&mut self.documents).finish(&Manifest::default())?;
        Ok(json::parse(data.get())?)
    }

    /// The sources under names that are the same on every machine, for what goes into a module.
    pub fn portable_sources(&self) -> Vec<Source> {
        let names = names::portable(&self.places);
        let sources = self.sources.iter().zip(names);
        sources.map(|(source, name)| Source { name, ..source.clone() }).collect()
    }
}

fn show(faults: &[anyhow::Error]) {
    faults.iter().for_each(|fault| eprintln!("error: {}", output::chain(fault)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_told_from_paths() {
        assert_eq!(split_prefix("a.b:x.json"), (vec!["a".to_owned(), "b".to_owned()], "x.json"));
        assert_eq!(split_prefix("data.a:x.json"), (vec!["a".to_owned()], "x.json"));
        assert_eq!(split_prefix("./a:b.json"), (vec![], "./a:b.json"));
        assert_eq!(split_prefix("x.json"), (vec![], "x.json"));
    }
}
