//! How much of the language a tool may take for granted: what OPA's capabilities call features and future keywords.

use super::ast::Version;
use super::keywords::Keywords;

/// The parts of the language that may be used. By default all but the experimental keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// What `import future.keywords` can name, beyond what the version has anyway.
    pub future: Keywords,
    /// Files in Rego v1.
    pub rego_v1: bool,
    /// `import rego.v1` in files of Rego v0.
    pub rego_v1_import: bool,
    /// Rule heads such as `a.b.c`.
    pub head_prefixes: bool,
    /// Rule heads such as `a[x].b`.
    pub head_refs: bool,
    /// Keywords as parts of references: `input.if`.
    pub keywords_in_refs: bool,
    /// Template strings: `$"…{x}…"`.
    pub templates: bool,
}

/// What `import future.keywords` can name.
const FUTURE: [&str; 7] = ["contains", "every", "if", "in", "not", "and", "or"];

impl Default for Language {
    fn default() -> Language {
        let future = Keywords { not: true, ..Keywords::of(Version::V1) };
        Language {
            future,
            rego_v1: true,
            rego_v1_import: true,
            head_prefixes: true,
            head_refs: true,
            keywords_in_refs: true,
            templates: true,
        }
    }
}

impl Language {
    /// The language with nothing optional: what the first capabilities files of OPA describe.
    pub fn bare() -> Language {
        Language {
            future: Keywords::default(),
            rego_v1: false,
            rego_v1_import: false,
            head_prefixes: false,
            head_refs: false,
            keywords_in_refs: false,
            templates: false,
        }
    }

    /// The same with the experimental keywords `and` and `or`.
    pub fn with_experimental(mut self) -> Language {
        self.future = Keywords { and: true, or: true, ..self.future };
        self
    }

    /// What of it is there in files of a version. Template strings came after Rego v1: in files that are read as Rego v0
    /// there are none, whatever they import.
    pub(super) fn in_files_of(self, version: Version) -> Language {
        Language { templates: self.templates && version == Version::V1, ..self }
    }

    /// The words that `import future.keywords` can name. Where Rego v1 is known, so are its keywords.
    pub(super) fn importable(&self) -> Vec<&'static str> {
        let version = if self.rego_v1 { Version::V1 } else { Version::V0 };
        let allowed = self.future.with(Keywords::of(version));
        FUTURE.into_iter().filter(|name| allowed.includes(name)).collect()
    }
}
