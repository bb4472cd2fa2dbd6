//! `palisade parse`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use palisade_diag::Files;
use palisade_diag::render::{Format, render};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_rego::tree::{self, JsonOptions};
use palisade_value::json;

use crate::cedar::Language;
use crate::{Outcome, load, output, policy};

/// Print the syntax tree of a policy: Rego's in the shape that `opa parse` gives it, Cedar's in Cedar's JSON format.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade parse policy.rego
  palisade parse policy.rego --format json
  palisade parse policy.rego --format json --json-include locations,-comments")]
pub struct Parse {
    /// The policy.
    file: PathBuf,
    /// How to print the tree.
    #[arg(short, long, value_enum, default_value_t)]
    format: TreeFormat,
    /// What the JSON has besides the tree: `locations`, `comments`; `-` before a word leaves it out. Comments are in it
    /// unless left out.
    #[arg(long, value_name = "WORDS", value_delimiter = ',', allow_hyphen_values = true)]
    json_include: Vec<String>,
    /// Read the file as Rego v0 (before OPA 1.0) unless it says `import rego.v1`.
    #[arg(long)]
    v0_compatible: bool,
    /// Read the file as Rego v1; this is the default.
    #[arg(long, conflicts_with = "v0_compatible")]
    v1_compatible: bool,
    /// The language, where the name of the file does not say it: .rego or .cedar.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

/// How trees are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum TreeFormat {
    /// For people: a node a line.
    #[default]
    Pretty,
    /// As JSON.
    Json,
}

impl Parse {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let is_cedar = self.file.extension().is_some_and(|it| it == "cedar");
        if self.lang.map_or(is_cedar, |it| it == Language::Cedar) {
            return self.parse_cedar();
        }
        let mut files = Files::new();
        let text = load::read_text(&self.file)?;
        let file = files.add(&self.file.display().to_string(), text);
        let version = if self.v0_compatible { Version::V0 } else { Version::V1 };
        let parse = parse_module(&files, file, &ParseOptions::of(version));
        if !parse.diagnostics.is_empty() {
            match self.format {
                TreeFormat::Pretty => policy::complain(&files, &parse.diagnostics),
                TreeFormat::Json => eprint!("{}", render(Format::Json, &files, &parse.diagnostics)),
            }
            return Ok(Outcome::Failure);
        }
        let mut tree = tree::module(&files, &parse.tree);
        let options = self.options()?;
        match self.format {
            TreeFormat::Json => {
                let json = tree::json(&files, file, &tree, options);
                output::line(&output::pretty_json(&json))?;
            }
            TreeFormat::Pretty => {
                if !options.comments {
                    tree.comments.clear();
                }
                output::line(tree::pretty(&tree).trim_end_matches('\n'))?;
            }
        }
        Ok(Outcome::Success)
    }

    /// Prints Cedar's policies in Cedar's JSON format.
    fn parse_cedar(&self) -> anyhow::Result<Outcome> {
        let text = load::read_text(&self.file)?;
        let source = palisade_cedar::Source::new(self.file.display().to_string(), text);
        match palisade_cedar::to_json(&[source]) {
            Ok(tree) => {
                output::line(&output::pretty_json(&json::parse(&tree)?))?;
                Ok(Outcome::Success)
            }
            Err(refusal) => {
                policy::complain(&refusal.files, &refusal.diagnostics);
                Ok(Outcome::Failure)
            }
        }
    }

    fn options(&self) -> anyhow::Result<JsonOptions> {
        let mut options = JsonOptions::default();
        for word in &self.json_include {
            let (name, is_in) = match word.strip_prefix('-') {
                Some(name) => (name, false),
                None => (word.as_str(), true),
            };
            match name {
                "locations" => options.locations = is_in,
                "comments" => options.comments = is_in,
                _ => anyhow::bail!(
                    "--json-include: expected `locations` or `comments`, found `{name}`"
                ),
            }
        }
        Ok(options)
    }
}
