//! `palisade verify`

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use palisade_bundle::{Digest, ParseDigestError};
use palisade_trust::{Policy as Trust, PublicKey};

use crate::load::read_text;
use crate::misuse::misuse;
use crate::{Outcome, output};

/// Which files are trusted; the same for `verify` and `serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct TrustArgs {
    /// A public key whose owner may sign what is loaded. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Only the file with this digest, whatever its signature says: sha256:… or the hexadecimal digits alone. May be
    /// repeated.
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub pin: Vec<Digest>,
}

/// Reads a digest, which other tools print without `sha256:` in front.
pub fn digest(text: &str) -> Result<Digest, ParseDigestError> {
    let is_bare = text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    match is_bare {
        true => format!("sha256:{}", text.to_ascii_lowercase()).parse(),
        false => text.parse(),
    }
}

impl TrustArgs {
    /// The trust policy.
    pub fn policy(&self, unsigned: bool) -> anyhow::Result<Trust> {
        let keys = self.key.iter().map(|path| {
            PublicKey::parse(&read_text(path)?).with_context(|| format!("`{}`", path.display()))
        });
        Ok(Trust { keys: keys.collect::<anyhow::Result<_>>()?, pins: self.pin.clone(), unsigned })
    }
}

/// Verify a file's signature and digest; exit 1 if it is refused.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade verify --key cosign.pub bundle.tar.gz
  palisade verify --key cosign.pub --signature bundle.tar.gz.sig bundle.tar.gz
  palisade verify --key cosign.pub --pin sha256:4bf5… bundle.tar.gz")]
pub struct Verify {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    trust: TrustArgs,
    /// The signature file; by default FILE.sigstore.json or FILE.sig, whichever is valid.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// A Sigstore bundle with the signature.
    #[arg(long, value_name = "FILE", conflicts_with = "signature")]
    bundle: Option<PathBuf>,
}

impl Verify {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        if self.trust.key.is_empty() {
            return Err(misuse(
                "name the public key that must have signed the file: --key cosign.pub",
            ));
        }
        let trust = self.trust.policy(false)?;
        let blob = std::fs::read(&self.file)
            .with_context(|| format!("cannot read `{}`", self.file.display()))?;
        let signature = match self.signature.as_ref().or(self.bundle.as_ref()) {
            Some(path) => Some(read_text(path)?),
            None => trust.signature_beside(&self.file, &blob)?.map(|it| it.text),
        };
        match trust.admit(&blob, signature.as_deref()) {
            Ok(admission) => {
                let signer =
                    admission.signer.map(|it| format!(" signed by key {it}")).unwrap_or_default();
                output::line(&format!("verified: {}{signer}", admission.digest))?;
                Ok(Outcome::Success)
            }
            Err(refusal) => {
                eprintln!("error: {}", output::chain(&anyhow::Error::new(refusal)));
                Ok(Outcome::Failure)
            }
        }
    }
}
