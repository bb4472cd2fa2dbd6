//! `palisade inspect`

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_bundle::{BUNDLE_BYTES_MAX, Bundle, Digest};
use palisade_trust::Signature;
use palisade_value::{AnyValue, Value, json};

use crate::load::read_bytes;
use crate::surface::Surface;
use crate::{Outcome, output};

/// Show what is in a bundle or module: manifest, entrypoints, imports, exports, sizes, digests.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade inspect bundle.tar.gz
  palisade inspect -f json policy.wasm")]
pub struct Inspect {
    /// A bundle (.tar.gz) or a module (.wasm).
    file: PathBuf,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Show the annotations of the entrypoints too.
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
        let bytes = read_bytes(&self.file, BUNDLE_BYTES_MAX)?;
        let mut facts = vec![
            ("file", Value::text(&self.file.display().to_string())),
            ("digest", Value::text(&Digest::of(&bytes).to_string())),
            ("bytes", number(bytes.len())),
        ];
        if bytes.starts_with(b"\0asm") {
            facts.push(("signature", self.signature(&bytes, None)?));
            facts.push(("module", self.module(&bytes)?));
        } else {
            let bundle =
                Bundle::read(&bytes).with_context(|| format!("`{}`", self.file.display()))?;
            self.bundle(&bytes, &bundle, &mut facts)?;
        }
        let value = Value::object_of(facts);
        match self.format {
            Format::Json => output::line(&output::pretty_json(&value))?,
            Format::Pretty => output::line(outline(&value).trim_end())?,
        }
        Ok(Outcome::Success)
    }

    fn bundle(
        &self,
        bytes: &[u8],
        bundle: &Bundle,
        facts: &mut Vec<(&str, Value)>,
    ) -> anyhow::Result<()> {
        let manifest = bundle.manifest.to_json().context("the manifest can't be shown")?;
        facts.push(("manifest", json::parse(&String::from_utf8_lossy(&manifest))?));
        facts.push(("signature", self.signature(bytes, bundle.signatures.as_deref())?));
        let data = [
            ("bytes", number(bundle.data.get().len())),
            ("digest", Value::text(&bundle.data_digest().to_string())),
        ];
        facts.push(("data", Value::object_of(data)));
        let names = bundle
            .sources
            .iter()
            .map(|it| Value::text(&it.path))
            .chain(bundle.other.keys().map(|it| Value::text(it)));
        facts.push(("files", Value::array(names.collect())));
        if let Some(module) = &bundle.module {
            facts.push(("module", self.module(module)?));
        }
        Ok(())
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
