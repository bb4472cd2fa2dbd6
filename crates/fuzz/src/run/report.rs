//! Failures: what is printed and written of them.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::case::Case;
use crate::properties::Breach;
use crate::section::section;

/// A case that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The number.
    pub number: u64,
    /// The case, made small.
    pub case: Case,
    /// What does not hold.
    pub breach: Breach,
    /// Where the section is.
    pub file: Option<PathBuf>,
}

impl Failure {
    /// Writes the section into a folder.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn written(self, folder: &Path) -> std::io::Result<Failure> {
        let name = format!("{}-{}-{}.md", self.breach.property.name(), self.seed, self.number);
        let file = folder.join(name);
        fs::write(&file, section(&self.case, &self.breach, self.seed, self.number))?;
        Ok(Failure { file: Some(file), ..self })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let property = self.breach.property.name();
        writeln!(f, "seed {} case {}: {property}: {}", self.seed, self.number, self.breach.detail)?;
        match &self.file {
            Some(file) => write!(f, "  see {}", file.display()),
            None => Ok(()),
        }
    }
}
