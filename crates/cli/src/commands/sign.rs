//! `palisade sign`

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::key::read_private;
use crate::{Outcome, output};

/// Sign a file.
///
/// Writes two files. FILE.sig is what `cosign sign-blob` writes: the base64 of an ECDSA signature over the file's
/// SHA-256. FILE.sigstore.json is the same signature as a Sigstore bundle, which also records the digest and the
/// signer's key: with it, `palisade verify` can tell a changed file from a foreign key.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade sign --key cosign.key bundle.tar.gz     # bundle.tar.gz.sig and bundle.tar.gz.sigstore.json
  palisade sign --key cosign.key --output-signature - bundle.tar.gz")]
pub struct Sign {
    /// The file.
    file: PathBuf,
    /// The private key. Its password comes from COSIGN_PASSWORD or is asked for.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Write the detached signature there, and nothing else. `-` is standard output.
    #[arg(long, value_name = "FILE")]
    output_signature: Option<PathBuf>,
    /// Write the Sigstore bundle there, and nothing else but what --output-signature names.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

impl Sign {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let blob = std::fs::read(&self.file)
            .with_context(|| format!("cannot read `{}`", self.file.display()))?;
        let pair = read_private(&self.key)?;
        let signature = palisade_trust::sign(&pair, &blob).context("cannot sign")?;
        let [sigstore, plain] = palisade_trust::BESIDE;
        let named = self.output_signature.is_some() || self.bundle.is_some();
        let detached =
            self.output_signature.or_else(|| (!named).then(|| with_suffix(&self.file, plain)));
        let bundle = self.bundle.or_else(|| (!named).then(|| with_suffix(&self.file, sigstore)));
        if let Some(path) = bundle {
            let text = signature.to_sigstore_bundle().context("cannot make a Sigstore bundle")?;
            output::write_file(&path, text.as_bytes())?;
            eprintln!("signed by key {}: {}", pair.public().id(), path.display());
        }
        match detached {
            Some(path) if path.as_os_str() == "-" => {
                output::line(signature.to_base64().trim_end())?
            }
            Some(path) => {
                output::write_file(&path, signature.to_base64().as_bytes())?;
                eprintln!("signed by key {}: {}", pair.public().id(), path.display());
            }
            None => {}
        }
        Ok(Outcome::Success)
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
