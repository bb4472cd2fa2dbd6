//! The forms in which certificates and keys are given: PEM, or either PEM or DER in base64.

use std::borrow::Cow;

use crate::base64::decode_standard;
use crate::der::Result;
use crate::failure::Failure;
use crate::keys::{PrivateKey, private};
use crate::pem;

const BEGIN: &str = "-----BEGIN";

/// The DER of certificates, one behind another.
pub(crate) fn certificates(given: &str) -> Result<Vec<u8>> {
    if given.starts_with(BEGIN) {
        return blocks(given);
    }
    let decoded = decode_standard(given)?;
    if decoded.starts_with(BEGIN.as_bytes()) {
        blocks(&String::from_utf8_lossy(&decoded))
    } else {
        Ok(decoded)
    }
}

/// What is in the blocks of a PEM text, all of them certificates.
fn blocks(mut text: &str) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    while let Some((block, rest)) = pem::decode(text) {
        if block.label != "CERTIFICATE" {
            let message = ["PEM block type is '", block.label, "', expected CERTIFICATE"].concat();
            return Err(Failure::Error(message.into()));
        }
        all.extend_from_slice(&block.data);
        text = rest;
    }
    Ok(all)
}

/// The DER of a certificate request.
pub(crate) fn request(given: &str) -> Result<Vec<u8>> {
    let decoded = match given.starts_with("-----BEGIN CERTIFICATE REQUEST-----") {
        true => Cow::Borrowed(given.as_bytes()),
        false => Cow::Owned(decode_standard(given)?),
    };
    match std::str::from_utf8(&decoded).ok().and_then(pem::decode) {
        Some((block, _)) if block.label == "CERTIFICATE REQUEST" => Ok(block.data),
        Some(_) => Err(Failure::error("invalid PEM-encoded certificate signing request")),
        None => Ok(decoded.into_owned()),
    }
}

/// The private keys in a PEM text; blocks of another kind are skipped.
pub(crate) fn private_keys(text: &str) -> Result<Vec<PrivateKey>> {
    let decoded = decode_standard(text).ok();
    let text = match &decoded {
        Some(bytes) => String::from_utf8_lossy(bytes),
        None => Cow::Borrowed(text),
    };
    let mut rest = text.as_ref();
    let mut keys = Vec::new();
    while let Some((block, behind)) = pem::decode(rest) {
        match block.label {
            "RSA PRIVATE KEY" => keys.push(private::pkcs1(&block.data).map(PrivateKey::Rsa)?),
            "PRIVATE KEY" => keys.push(private::pkcs8(&block.data)?),
            "EC PRIVATE KEY" => keys.push(private::sec1(&block.data, None).map(PrivateKey::Ec)?),
            _ => {}
        }
        rest = behind;
    }
    Ok(keys)
}

/// The DER of each certificate in a PEM text, or of the one that is given in base64.
pub(crate) fn chain(given: &str) -> Result<Vec<Vec<u8>>> {
    let text = match text_of(given)? {
        Ok(text) => text,
        Err(data) => return Ok(vec![data]),
    };
    let mut rest = text.as_ref();
    let mut certificates = Vec::new();
    while let Some((block, behind)) = pem::decode(rest) {
        if block.label == "CERTIFICATE" {
            certificates.push(block.data);
        }
        rest = behind;
    }
    if certificates.is_empty() {
        return Err(Failure::error("tls: failed to find any PEM data in certificate input"));
    }
    Ok(certificates)
}

/// The first private key in a PEM text, or the one that is given in base64.
pub(crate) fn key(given: &str) -> Result<PrivateKey> {
    let data = match text_of(given)? {
        Err(data) => data,
        Ok(text) => {
            let mut rest = text.as_ref();
            loop {
                let (block, behind) = pem::decode(rest)
                    .ok_or(Failure::error("tls: failed to find any PEM data in key input"))?;
                if block.label.ends_with("PRIVATE KEY") {
                    break block.data;
                }
                rest = behind;
            }
        }
    };
    let key = private::pkcs1(&data)
        .map(PrivateKey::Rsa)
        .or_else(|_| private::pkcs8(&data))
        .or_else(|_| private::sec1(&data, None).map(PrivateKey::Ec));
    match key {
        Ok(PrivateKey::X25519(_)) | Err(_) => {
            Err(Failure::error("tls: failed to parse private key"))
        }
        Ok(key) => Ok(key),
    }
}

/// PEM as it is given or in base64; anything else in base64 is the data themselves.
fn text_of(given: &str) -> Result<std::result::Result<Cow<'_, str>, Vec<u8>>> {
    if given.starts_with(BEGIN) {
        return Ok(Ok(Cow::Borrowed(given)));
    }
    let decoded = decode_standard(given)?;
    if decoded.starts_with(BEGIN.as_bytes()) {
        Ok(Ok(Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())))
    } else {
        Ok(Err(decoded))
    }
}
