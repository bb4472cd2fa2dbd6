//! `palisade inspect`

mod sources;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_bundle::{BUNDLE_BYTES_MAX, Bundle, Digest, Manifest};
use palisade_diag::Diagnostic;
use palisade_trust::Signature;
use palisade_value::{AnyValue, Value, json};

use crate::load::{Loaded, manifest_of, read_bytes};
use crate::policy::{self, LanguageArgs};
use crate::surface::Surface;
use crate::{Outcome, output};

/// Show what is in a bundle or module: manifest, packages, entrypoints, imports, exports, sizes, digests.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade inspect bundle.tar.gz
  palisade inspect -a policies/
  palisade inspect -f json policy.wasm")]
pub struct Inspect {
    /// A bundle (.tar.gz), a directory with the files of one, or a module (.wasm).
    #[arg(value_name = "PATH")]
    file: PathBuf,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Show the annotations too: of the sources, and of a module's entrypoints.
    #[arg(short, long)]
    annotations: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pretty,
    Json,
}

impl Inspect {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let mut facts = vec![("file", Value::text(&self.name()))];
        match self.file.is_dir() {
            true => self.directory(&mut facts)?,
            false => self.archive(&mut facts)?,
        }
        let value = Value::object_of(facts);
        match self.format {
            Format::Json => output::line(&output::pretty_json(&value))?,
            Format::Pretty => output::line(outline(&value).trim_end())?,
        }
        Ok(Outcome::Success)
    }

    fn name(&self) -> String {
        self.file.display().to_string()
    }

    /// The files of a bundle in a directory.
    fn directory(&self, facts: &mut Vec<(&str, Value)>) -> anyhow::Result<()> {
        let mut loaded = Loaded::read(&[self.name()], &LanguageArgs::default(), true)?;
        facts.push(("manifest", manifest(&manifest_of(&self.file)?)?));
        let data = json::to_json(&loaded.take_data()?);
        facts.push(("data", data_facts(data.len(), Digest::of(data.as_bytes()))));
        let names = loaded.sources.iter().map(|it| Value::text(&it.name));
        facts.push(("files", Value::array(names.collect())));
        self.sources(&loaded, facts)
    }

    /// What the sources say of themselves.
    fn sources(&self, loaded: &Loaded, facts: &mut Vec<(&str, Value)>) -> anyhow::Result<()> {
        if loaded.sources.is_empty() {
            return Ok(());
        }
        let analysis = sources::read(loaded);
        let is_syntax = |it: &&Diagnostic| it.code.opa == "rego_parse_error";
        let errors = analysis.diagnostics.iter().filter(is_syntax).cloned();
        policy::complain(&analysis.files, &errors.collect::<Vec<_>>());
        facts.push(("namespaces", sources::namespaces(&analysis)));
        if self.annotations {
            facts.push(("annotations", sources::annotations(&analysis)));
        }
        Ok(())
    }

    /// A bundle file or a module.
    fn archive(&self, facts: &mut Vec<(&str, Value)>) -> anyhow::Result<()> {
        let bytes = read_bytes(&self.file, BUNDLE_BYTES_MAX)?;
        facts.push(("digest", Value::text(&Digest::of(&bytes).to_string())));
        facts.push(("bytes", number(bytes.len())));
        if bytes.starts_with(b"\0asm") {
            facts.push(("signature", self.signature(&bytes, None)?));
            facts.push(("module", self.module(&bytes)?));
        } else {
            let bundle = Bundle::read(&bytes).with_context(|| format!("`{}`", self.name()))?;
            self.bundle(&bytes, &bundle, facts)?;
        }
        Ok(())
    }

    fn bundle(
        &self,
        bytes: &[u8],
        bundle: &Bundle,
        facts: &mut Vec<(&str, Value)>,
    ) -> anyhow::Result<()> {
        facts.push(("manifest", manifest(&bundle.manifest)?));
        facts.push(("signature", self.signature(bytes, bundle.signatures.as_deref())?));
        facts.push(("data", data_facts(bundle.data.get().len(), bundle.data_digest())));
        let names = bundle
            .sources
            .iter()
            .map(|it| Value::text(&it.path))
            .chain(bundle.other.keys().map(|it| Value::text(it)));
        facts.push(("files", Value::array(names.collect())));
        if let Some(module) = &bundle.module {
            facts.push(("module", self.module(module)?));
        }
        let mut loaded = Loaded::default();
        loaded.add_bundle("", bundle)?;
        self.sources(&loaded, facts)
    }

    /// The signatures beside the file and those in it; nothing is verified here.
    fn signature(&self, bytes: &[u8], inside: Option<&[u8]>) -> anyhow::Result<Value> {
        let beside = palisade_trust::signatures_beside(&self.file)?;
        let beside = beside
            .iter()
            .map(|it| format!("in {}, {}", it.path.display(), signer(&it.text, Digest::of(bytes))));
        let inside = inside.map(|_| "OPA's, in /.signatures.json".to_owned());
        let all: Vec<String> = beside.chain(inside).collect();
        Ok(Value::text(&if all.is_empty() { "none".to_owned() } else { all.join("; ") }))
    }

    fn module(&self, bytes: &[u8]) -> anyhow::Result<Value> {
        let surface = Surface::of(bytes)?;
        let mut facts = vec![
            ("bytes", number(bytes.len())),
            ("digest", Value::text(&Digest::of(bytes).to_string())),
            ("imports", texts(&surface.imports)),
            ("exports", texts(&surface.exports)),
        ];
        if let Some(manifest) = &surface.manifest {
            let entrypoints =
                manifest.entrypoints.iter().map(|it| match (&it.annotations, self.annotations) {
                    (Some(annotations), true) => {
                        let annotations =
                            json::parse(&annotations.to_string()).unwrap_or(Value::Null);
                        Value::object_of([
                            ("path", Value::text(&it.path)),
                            ("annotations", annotations),
                        ])
                    }
                    _ => Value::text(&it.path),
                });
            facts.push(("entrypoints", Value::array(entrypoints.collect())));
            facts.push(("abi", number(manifest.abi as usize)));
            facts.push(("compiler", Value::text(&manifest.compiler)));
            facts.push(("language", Value::text(&manifest.language)));
            if !manifest.host_functions.is_empty() {
                facts.push(("host_functions", texts(&manifest.host_functions)));
            }
            facts.push(("rules", number(manifest.rules.len())));
            facts.push(("data_roots", texts(&manifest.data_roots)));
            let sources = manifest
                .sources
                .iter()
                .map(|(name, digest)| (name, Value::text(&format!("sha256:{digest}"))));
            facts.push(("sources", Value::object_of(sources)));
        }
        Ok(Value::object_of(facts))
    }
}

/// Who made a signature, as far as it says so itself.
fn signer(signature: &str, digest: Digest) -> String {
    let signature = match Signature::parse(signature) {
        Ok(signature) => signature,
        Err(error) => return format!("which is unusable: {}", output::chain(&error.into())),
    };
    match (signature.proven_claim(), signature.claim()) {
        (Some(claim), _) if claim.signed == digest => format!("by key {}", claim.signer),
        (Some(claim), _) => format!("by key {}, of another file: {}", claim.signer, claim.signed),
        (None, Some(_)) => "which is not by the key that it names".to_owned(),
        (None, None) => "which does not name its key".to_owned(),
    }
}

fn manifest(manifest: &Manifest) -> anyhow::Result<Value> {
    let text = manifest.to_json().context("the manifest can't be shown")?;
    Ok(json::parse(&String::from_utf8_lossy(&text))?)
}

fn data_facts(n_bytes: usize, digest: Digest) -> Value {
    Value::object_of([("bytes", number(n_bytes)), ("digest", Value::text(&digest.to_string()))])
}

fn number(it: usize) -> Value {
    Value::from(i64::try_from(it).unwrap_or(i64::MAX))
}

fn texts(items: &[String]) -> Value {
    Value::array(items.iter().map(|it| Value::text(it)).collect())
}

/// A document as indented lines for people: `key: value`.
fn outline(value: &Value) -> String {
    let mut out = String::new();
    write_outline(value, 0, &mut out);
    out
}

fn write_outline(value: &Value, depth: usize, out: &mut String) {
    use std::fmt::Write as _;
    for entry in value.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        let indent = "  ".repeat(depth);
        match &entry.value {
            Value::Object(entries) if !entries.is_empty() => {
                let _ = writeln!(out, "{indent}{key}:");
                write_outline(&entry.value, depth + 1, out);
            }
            Value::Array(items)
                if key == "roots" && items.iter().any(|it| scalar(it).is_empty()) =>
            {
                let _ = writeln!(out, "{indent}{key}: all of data");
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(scalar).collect();
                let text = if items.is_empty() { "none".to_owned() } else { items.join(", ") };
                let _ = writeln!(out, "{indent}{key}: {text}");
            }
            other => {
                let _ = writeln!(out, "{indent}{key}: {}", scalar(other));
            }
        }
    }
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| json::to_json(value), str::to_owned)
}
