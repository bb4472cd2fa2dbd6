//! `palisade fmt`

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{ArgAction, Args};
use palisade_diag::Files;
use palisade_rego::format::{self, Options, Target};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{Language, ParseOptions, parse_module};

use crate::capabilities::CapabilitiesArgs;
use crate::{Outcome, diff, load, output, policy};

/// Format policies as `opa fmt` and `cedar format` do; exit 2 if `--fail` is given and something was not formatted, or cannot be.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade fmt policy.rego
  palisade fmt --write policies/
  palisade fmt --list --fail policies/
  palisade fmt --rego-v1 --write old/
  palisade fmt < policy.rego
  palisade fmt --lang cedar < policy.cedar")]
pub struct Fmt {
    /// Files and directories; standard input where none is given.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Overwrite the files.
    #[arg(short, long)]
    write: bool,
    /// Print the names of the files that change.
    #[arg(short, long)]
    list: bool,
    /// Print what changes.
    #[arg(short, long, conflicts_with = "list")]
    diff: bool,
    /// Exit 2 if something was not formatted.
    #[arg(long)]
    fail: bool,
    /// Read v0, write what is both v0 and v1.
    #[arg(long, visible_alias = "v0-v1")]
    rego_v1: bool,
    /// Read and write v0.
    #[arg(long)]
    v0_compatible: bool,
    /// Read and write v1; this is the default. With `--rego-v1`: read v1.
    #[arg(long, conflicts_with = "v0_compatible")]
    v1_compatible: bool,
    /// Drop the imports that v1 has no need of: `rego.v1` and `future.keywords`.
    #[arg(long)]
    drop_v0_imports: bool,
    /// Accepted as `opa fmt` has it. The result is always read again and compared.
    #[arg(
        long,
        hide = true,
        action = ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_value_t = true,
        default_missing_value = "true"
    )]
    check_result: bool,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    /// The language, where the names of the files do not say it: .rego or .cedar.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<crate::cedar::Language>,
}

/// What became of one text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Formatted,
    Unformatted,
    Unreadable,
}

impl Fmt {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let language = self.capabilities.read()?.map(|it| it.language()).unwrap_or_default();
        let mut found = Vec::new();
        if self.paths.is_empty() {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            found.push(self.text("stdin", &text, None, language)?);
        }
        for path in &self.paths {
            for file in policies(path)? {
                let text = load::read_text(&file)?;
                let name = file.display().to_string();
                found.push(self.text(&name, &text, Some(&file), language)?);
            }
        }
        let is_fault = |found: &Found| match found {
            Found::Formatted => false,
            Found::Unformatted => self.fail,
            Found::Unreadable => true,
        };
        Ok(if found.iter().any(is_fault) { Outcome::Error } else { Outcome::Success })
    }

    /// Formats one text and does with it what is asked for.
    fn text(
        &self,
        name: &str,
        text: &str,
        file: Option<&Path>,
        language: Language,
    ) -> anyhow::Result<Found> {
        let Some(formatted) = self.formatted(name, text, language) else {
            return Ok(Found::Unreadable);
        };
        let has_changed = formatted != text;
        let found = if has_changed { Found::Unformatted } else { Found::Formatted };
        let target = file.filter(|_| self.write);
        match () {
            () if self.list => {
                if has_changed {
                    output::line(name)?;
                }
            }
            () if self.diff => print(&diff::unified(name, text, &formatted))?,
            // As in `opa fmt`: with `--fail` alone, what is not formatted is not printed.
            () if self.fail && has_changed => eprintln!("{name}: not formatted"),
            () if target.is_some() => {}
            () => print(&formatted)?,
        }
        if let Some(target) = target.filter(|_| has_changed) {
            overwrite(target, &formatted)?;
        }
        Ok(found)
    }

    /// The text formatted, unless it cannot be read. Says on standard error why not.
    fn formatted(&self, name: &str, text: &str, language: Language) -> Option<String> {
        if self.is_cedar(name) {
            return formatted_cedar(name, text);
        }
        let mut files = Files::new();
        let file = files.add(name, text);
        let (version, options) = self.options();
        let parse_options = ParseOptions { language, ..ParseOptions::of(version) };
        let parse = parse_module(&files, file, &parse_options);
        if !parse.diagnostics.is_empty() {
            policy::complain(&files, &parse.diagnostics);
            return None;
        }
        let formatted = format::module(&files, &parse.tree, &options);
        formatted.inspect_err(|error| eprintln!("{name}: {error}")).ok()
    }

    fn is_cedar(&self, name: &str) -> bool {
        self.lang.map_or_else(|| name.ends_with(".cedar"), |it| it == crate::cedar::Language::Cedar)
    }

    fn options(&self) -> (Version, Options) {
        let (version, target) = match () {
            () if self.rego_v1 && self.v1_compatible => (Version::V1, Target::V0V1),
            () if self.rego_v1 => (Version::V0, Target::V0V1),
            () if self.v0_compatible => (Version::V0, Target::V0),
            () => (Version::V1, Target::V1),
        };
        (version, Options { target, drop_v0_imports: self.drop_v0_imports })
    }
}

/// Cedar's policies formatted, unless they cannot be read. Says on standard error why not.
fn formatted_cedar(name: &str, text: &str) -> Option<String> {
    let mut files = Files::new();
    files.add(name, text);
    palisade_cedar::format(text).inspect_err(|found| policy::complain(&files, found)).ok()
}

fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "rego" || it == "cedar")
}

/// The policies at a path, in the order of their names. What is no policy is left out, as `opa fmt` does.
fn policies(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let about = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    if !about.is_dir() {
        return Ok(if is_policy(path) { vec![path.to_owned()] } else { Vec::new() });
    }
    let mut paths = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            // Links are not followed: a folder must not be met twice.
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if is_policy(&entry.path()) {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Writes a file anew, its permissions kept.
fn overwrite(file: &Path, text: &str) -> anyhow::Result<()> {
    let target =
        fs::canonicalize(file).with_context(|| format!("cannot write `{}`", file.display()))?;
    let permissions = fs::metadata(&target)?.permissions();
    output::write_file(&target, text.as_bytes())?;
    fs::set_permissions(&target, permissions)
        .with_context(|| format!("cannot write `{}`", file.display()))
}

/// Prints text as it is; a closed pipe is no error.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}
