//! The encrypted form of a private key: a JSON object that names its key derivation (scrypt) and
//! its cipher (NaCl `secretbox`), as the Go library `securesystemslib` writes it for cosign.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::secretbox::{self, KEY_BYTES, NONCE_BYTES};

const SCRYPT: &str = "scrypt";
const SECRETBOX: &str = "nacl/secretbox";
const SALT_BYTES: usize = 32;

/// What a new key file asks of a guesser: 64 MiB and some 100 ms for each password.
const COST: Cost = Cost { n: 65_536, r: 8, p: 1 };

/// The most memory that a key file may ask of its reader, in bytes.
const MEMORY_MAX: u64 = 256 << 20;
/// The most passes over that memory.
const PASSES_MAX: u64 = 4;

/// Why an encrypted private key could not be opened or made.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The PEM body is not the JSON object it must be.
    #[error("the encrypted key is not in cosign's format")]
    Malformed(#[source] serde_json::Error),
    /// A field of the object is not base64 of the right length.
    #[error("the encrypted key's field `{field}` is malformed")]
    Field {
        /// The field.
        field: &'static str,
    },
    /// The key is encrypted in a way that is not known.
    #[error(
        "the key is encrypted with `{kdf}` and `{cipher}`; `scrypt` and `nacl/secretbox` are known"
    )]
    Unknown {
        /// The key derivation it names.
        kdf: String,
        /// The cipher it names.
        cipher: String,
    },
    /// The file asks for more work than any honest key needs.
    #[error("the key asks for scrypt with N={n}, r={r}, p={p}, which is not within bounds")]
    Cost {
        /// Work factor.
        n: u64,
        /// Block size.
        r: u64,
        /// Parallelism.
        p: u64,
    },
    /// The password is not the one the key was encrypted with, or the file was changed.
    #[error("wrong password for the private key")]
    Password,
    /// The machine gave no random bytes.
    #[error("the system's random number generator failed")]
    Random(#[source] getrandom::Error),
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    kdf: Kdf,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Serialize, Deserialize)]
struct Kdf {
    name: String,
    params: Cost,
    salt: String,
}

#[derive(Serialize, Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Cost {
    #[serde(rename = "N")]
    n: u64,
    r: u64,
    p: u64,
}

/// Encrypts `plaintext` under `password`.
pub(crate) fn seal(plaintext: &[u8], password: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let (mut salt, mut nonce) = ([0; SALT_BYTES], [0; NONCE_BYTES]);
    getrandom::fill(&mut salt).map_err(EnvelopeError::Random)?;
    getrandom::fill(&mut nonce).map_err(EnvelopeError::Random)?;
    let key = derive(password, &salt, COST)?;
    let envelope = Envelope {
        kdf: Kdf { name: SCRYPT.to_owned(), params: COST, salt: BASE64.encode(salt) },
        cipher: Cipher { name: SECRETBOX.to_owned(), nonce: BASE64.encode(nonce) },
        ciphertext: BASE64.encode(secretbox::seal(&key, &nonce, plaintext)),
    };
    serde_json::to_vec(&envelope).map_err(EnvelopeError::Malformed)
}

/// Decrypts an envelope; nothing is derived before its parameters are known to be sane.
pub(crate) fn open(json: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let Envelope { kdf, cipher, ciphertext } =
        serde_json::from_slice(json).map_err(EnvelopeError::Malformed)?;
    if kdf.name != SCRYPT || cipher.name != SECRETBOX {
        return Err(EnvelopeError::Unknown { kdf: kdf.name, cipher: cipher.name });
    }
    let salt = decode("salt", &kdf.salt)?;
    let nonce = decode("nonce", &cipher.nonce)?;
    let nonce = <[u8; NONCE_BYTES]>::try_from(nonce);
    let nonce = nonce.map_err(|_| EnvelopeError::Field { field: "nonce" })?;
    let boxed = decode("ciphertext", &ciphertext)?;
    let key = derive(password, &salt, kdf.params)?;
    secretbox::open(&key, &nonce, &boxed).ok_or(EnvelopeError::Password)
}

fn decode(field: &'static str, text: &str) -> Result<Vec<u8>, EnvelopeError> {
    BASE64.decode(text).map_err(|_| EnvelopeError::Field { field })
}

fn derive(
    password: &[u8],
    salt: &[u8],
    cost: Cost,
) -> Result<Zeroizing<[u8; KEY_BYTES]>, EnvelopeError> {
    let parameters =
        within_bounds(cost).ok_or(EnvelopeError::Cost { n: cost.n, r: cost.r, p: cost.p })?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    // The length of the output is fixed and acceptable; the mapping only avoids a panic.
    scrypt::scrypt(password, salt, &parameters, key.as_mut_slice())
        .map_err(|_| EnvelopeError::Field { field: "kdf" })?;
    Ok(key)
}

fn within_bounds(Cost { n, r, p }: Cost) -> Option<scrypt::Params> {
    let memory = n.checked_mul(r)?.checked_mul(128)?;
    let sane =
        n.is_power_of_two() && n > 1 && memory <= MEMORY_MAX && (1..=PASSES_MAX).contains(&p);
    let log_n = u8::try_from(n.trailing_zeros()).ok()?;
    let (r, p) = (u32::try_from(r).ok()?, u32::try_from(p).ok()?);
    sane.then(|| scrypt::Params::new(log_n, r, p).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_the_password_only() {
        let envelope = seal(b"secret", b"password").unwrap();
        assert_eq!(open(&envelope, b"password").unwrap().as_slice(), b"secret");
        assert!(matches!(open(&envelope, b"Password"), Err(EnvelopeError::Password)));
    }

    #[test]
    fn absurd_costs_are_refused_before_any_work() {
        for (n, r, p) in [
            (0, 8, 1),
            (1, 8, 1),
            (65_535, 8, 1),
            (1 << 30, 8, 1),
            (1 << 62, 1 << 62, 1),
            (65_536, 0, 1),
            (65_536, 1 << 20, 1),
            (65_536, 8, 0),
            (65_536, 8, 1_000_000),
        ] {
            let cost = Cost { n, r, p };
            assert!(
                matches!(derive(b"", b"", cost), Err(EnvelopeError::Cost { .. })),
                "{n} {r} {p}"
            );
        }
    }

    #[test]
    fn other_formats_are_named() {
        let check = |json: &str, expected: &str| {
            assert_eq!(open(json.as_bytes(), b"").unwrap_err().to_string(), expected);
        };
        let envelope = |kdf: &str, salt: &str, nonce: &str| {
            format!(
                r#"{{"kdf":{{"name":"{kdf}","params":{{"N":2,"r":8,"p":1}},"salt":"{salt}"}},"cipher":{{"name":"nacl/secretbox","nonce":"{nonce}"}},"ciphertext":""}}"#
            )
        };
        check("{}", "the encrypted key is not in cosign's format");
        check(
            &envelope("argon2", "", ""),
            "the key is encrypted with `argon2` and `nacl/secretbox`; `scrypt` and `nacl/secretbox` are known",
        );
        check(&envelope("scrypt", "*", ""), "the encrypted key's field `salt` is malformed");
        check(&envelope("scrypt", "", "AAAA"), "the encrypted key's field `nonce` is malformed");
    }
}
