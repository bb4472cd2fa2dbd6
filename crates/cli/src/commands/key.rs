//! `palisade key`

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use palisade_trust::{KeyPair, save};

use crate::{Outcome, output};

/// Make keys for signing.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade key new                                # cosign.key and cosign.pub
  palisade sign --key cosign.key bundle.tar.gz
  palisade verify --key cosign.pub bundle.tar.gz")]
pub struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(New),
}

/// Make a new ECDSA P-256 key pair in cosign's file formats.
///
/// The private key is encrypted under a password: the environment variable COSIGN_PASSWORD, or what is typed at the
/// prompt. Files that are there are never overwritten.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade key new                                # cosign.key and cosign.pub
  COSIGN_PASSWORD= palisade key new --output-key-prefix ci")]
struct New {
    /// The files are PREFIX.key and PREFIX.pub.
    #[arg(long, value_name = "PREFIX", default_value = "cosign")]
    output_key_prefix: String,
}

impl Key {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let Command::New(new) = self.command;
        let private = PathBuf::from(format!("{}.key", new.output_key_prefix));
        let public = PathBuf::from(format!("{}.pub", new.output_key_prefix));
        // Before the password is asked for; `save` checks again, for certain.
        for path in [&private, &public] {
            if path.exists() {
                bail!("`{}` exists already; a key file is never overwritten", path.display());
            }
        }
        let password = password("Password for the new private key: ")?;
        if std::env::var_os(PASSWORD_VARIABLE).is_none()
            && std::io::stdin().is_terminal()
            && rpassword::prompt_password("The same again: ")?.as_bytes() != password
        {
            bail!("the two passwords differ; no key was made");
        }
        let pair = KeyPair::generate().context("cannot make a key")?;
        save(&pair, &password, &private, &public)?;
        output::line(&format!(
            "private key: {}\npublic key:  {}\nkey id:      {}",
            private.display(),
            public.display(),
            pair.public().id()
        ))?;
        Ok(Outcome::Success)
    }
}

/// The environment variable that cosign reads passwords from.
const PASSWORD_VARIABLE: &str = "COSIGN_PASSWORD";

/// The password for a private key: from the environment, else typed.
pub fn password(prompt: &str) -> anyhow::Result<Vec<u8>> {
    if let Some(password) = std::env::var_os(PASSWORD_VARIABLE) {
        return Ok(password.into_encoded_bytes());
    }
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(prompt)
            .context("cannot read the password")?
            .into_bytes());
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .context("cannot read the password from standard input")?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        bail!(
            "no password on standard input; set {PASSWORD_VARIABLE}, to nothing for a key without one"
        );
    }
    Ok(text.as_bytes().to_vec())
}

/// Reads a private key; the password is asked for only if the file is encrypted.
pub fn read_private(path: &Path) -> anyhow::Result<KeyPair> {
    let pem = crate::load::read_text(path)?;
    let password = match pem.contains("-----BEGIN ENCRYPTED") {
        true => password(&format!("Password for `{}`: ", path.display()))?,
        false => Vec::new(),
    };
    KeyPair::parse(&pem, &password).with_context(|| format!("`{}`", path.display()))
}
