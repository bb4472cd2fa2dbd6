//! `crypto.x509.*` and `crypto.parse_private_keys`: certificates, requests for them, and keys.

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

pub(crate) mod algorithms;
pub(crate) mod alt_names;
pub(crate) mod certificate;
pub(crate) mod constraints;
pub(crate) mod details;
pub(crate) mod names;
pub(crate) mod times;
pub(crate) mod uris;

mod chain;
mod hosts;
mod input;
mod keys;
mod options;
mod policies;
mod render;
mod request;

use certificate::Certificate;
use chain::Options;
use render::Fields;

/// What certificates say: in PEM, or in base64 either PEM or DER.
pub fn crypto_x509_parse_certificates<V: AnyValue>(
    _: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    let data = input::certificates(args.string(0)?)?;
    let certificates = Certificate::parse_all(&data)?;
    Ok(V::array(certificates.iter().map(|it| render::certificate(it, true)).collect()))
}

/// Whether a chain of certificates holds, the trusted one first and the leaf last; and the chain the other way round.
pub fn crypto_x509_parse_and_verify_certificates<V: AnyValue>(
    ctx: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    let data = input::certificates(args.string(0)?);
    let options = Options { now_ns: ctx.now_ns, ..Options::default() };
    Ok(verified(data, &options, true))
}

/// The same at another time, for a host, or for other usages than a server's.
pub fn crypto_x509_parse_and_verify_certificates_with_options<V: AnyValue>(
    ctx: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    let given = args.string(0)?;
    let Ok(View::Object(options)) = args.value(1).map(V::view) else {
        return Err(args.unlike(1, &["object"]));
    };
    let data = input::certificates(given);
    if !data.as_ref().is_ok_and(|it| Certificate::parse_all(it).is_ok()) {
        return Ok(outcome(false, Vec::new()));
    }
    let options = options::read(options, ctx.now_ns)?;
    Ok(verified(data, &options, false))
}

fn verified<V: AnyValue>(data: Result<Vec<u8>, Failure>, options: &Options, with_texts: bool) -> V {
    let data = data.unwrap_or_default();
    let certificates = Certificate::parse_all(&data).unwrap_or_default();
    match chain::verify(&certificates, options) {
        Some(chain) => {
            let chain = chain.iter().map(|it| render::certificate(it, with_texts));
            outcome(true, chain.collect())
        }
        None => outcome(false, Vec::new()),
    }
}

fn outcome<V: AnyValue>(is_valid: bool, chain: Vec<V>) -> V {
    V::array(vec![V::boolean(is_valid), V::array(chain)])
}

/// What a request for a certificate says: in PEM, or in base64 either PEM or DER.
pub fn crypto_x509_parse_certificate_request<V: AnyValue>(
    _: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    request::parse(&input::request(args.string(0)?)?)
}

/// A certificate with its chain and the private key that belongs to it.
pub fn crypto_x509_parse_keypair<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (certificates, key) = (args.string(0)?, args.string(1)?);
    let certificates = input::chain(certificates)?;
    let leaf = Certificate::parse(certificates.first().map_or(&[], Vec::as_slice))?;
    let key = input::key(key)?;
    if leaf.key != Some(key.public()) {
        return Err(Failure::error("tls: private key does not match public key"));
    }
    let mut fields = Fields::new();
    let chain = certificates.iter().map(|it| render::bytes(it));
    fields.add("Certificate", V::array(chain.collect()));
    fields.add("Leaf", render::certificate(&leaf, false));
    fields.add("PrivateKey", keys::value(&key));
    for nothing in ["OCSPStaple", "SignedCertificateTimestamps", "SupportedSignatureAlgorithms"] {
        fields.add(nothing, V::null());
    }
    Ok(fields.into_object())
}

/// The first private key in a PEM text as a JSON web key, `null` if there is none. In spite of the name it needn't be
/// an RSA key.
pub fn crypto_x509_parse_rsa_private_key<V: AnyValue>(
    _: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    let given = args.string(0)?;
    if given.is_empty() {
        return Err(Failure::error("input PEM data was empty"));
    }
    let keys = match given.starts_with("-----BEGIN") {
        true => input::private_keys(given)?,
        false => {
            let decoded = crate::base64::decode_standard(given)?;
            input::private_keys(&String::from_utf8_lossy(&decoded))?
        }
    };
    keys.first().map_or(Ok(V::null()), keys::web_key)
}

/// The private keys in a PEM text; `null` if the text is empty.
pub fn crypto_parse_private_keys<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let given = args.string(0)?;
    if given.is_empty() {
        return Ok(V::null());
    }
    let keys = input::private_keys(given)?;
    Ok(V::array(keys.iter().map(keys::value).collect()))
}
