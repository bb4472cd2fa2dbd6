//! Cedar at the command line: which files are Cedar's, and how they are read, whatever the command.

mod files;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use palisade_cedar::{Options, Source, Validation};

use crate::load;
use crate::policy::LanguageArgs;

/// How Cedar's policies are read; the same for every command that reads them.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cedar")]
pub struct CedarArgs {
    /// The language, where the names of the files do not say it: .rego or .cedar.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
    /// Entities, in Cedar's JSON format.
    #[arg(long, value_name = "FILE")]
    pub entities: Option<PathBuf>,
    /// Links of templates, as JSON: a list of `{"template_id", "link_id", "args"}`. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub links: Vec<PathBuf>,
    /// Call policies what their annotation `@id` says.
    #[arg(long)]
    pub ids_from_annotations: bool,
    /// How many steps from entity to entity policies may make: `principal.manager` is one.
    #[arg(long, value_name = "N")]
    pub level: Option<u32>,
    /// Do not compare the policies with the schema.
    #[arg(long)]
    pub no_policy_validation: bool,
}

/// The languages that policies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Rego, OPA's language.
    Rego,
    /// Cedar.
    Cedar,
}

impl CedarArgs {
    /// Whether paths are about Cedar: what `--lang` says; else whether one of them is a file of Cedar's, or a folder with
    /// policies in Cedar and none in Rego.
    pub fn is_meant<P: AsRef<Path>>(&self, paths: &[P]) -> bool {
        match self.lang {
            Some(language) => language == Language::Cedar,
            None => paths.iter().any(|path| files::are_of_cedar(path.as_ref())),
        }
    }

    /// Reads policies from files and folders.
    ///
    /// # Errors
    /// Something cannot be read, or there is no policy.
    pub fn sources<P: AsRef<Path>>(
        &self,
        paths: &[P],
        language: &LanguageArgs,
    ) -> anyhow::Result<Vec<Source>> {
        files::read(paths, language)
    }

    /// What is known beside the policies, entities excepted.
    ///
    /// # Errors
    /// Something cannot be read.
    pub fn reading(&self, language: &LanguageArgs) -> anyhow::Result<Options> {
        Ok(Options {
            schema: language.schema.as_deref().map(source).transpose()?,
            entities: None,
            links: self.links.iter().map(|path| source(path)).collect::<anyhow::Result<_>>()?,
            ids_from_annotations: self.ids_from_annotations,
            validation: match self.no_policy_validation {
                true => Validation::Off,
                false => Validation::Strict,
            },
            level: self.level,
        })
    }

    /// What is known beside the policies, the entities too.
    ///
    /// # Errors
    /// Something cannot be read.
    pub fn reading_with_entities(&self, language: &LanguageArgs) -> anyhow::Result<Options> {
        let entities = self.entities.as_deref().map(source).transpose()?;
        Ok(Options { entities, ..self.reading(language)? })
    }
}

fn source(path: &Path) -> anyhow::Result<Source> {
    Ok(Source::new(path.display().to_string(), load::read_text(path)?))
}
