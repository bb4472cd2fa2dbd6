//! The three parts of a token, and what its header says.

use palisade_value::{AnyValue, Entry, View, json};

use crate::base64::decode_url;
use crate::failure::Failure;

/// The parts of a token, still encoded.
pub(super) struct Token<'a> {
    all: &'a str,
    header: &'a str,
    payload: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Token<'a> {
    pub(super) fn split(all: &'a str) -> Result<Token<'a>, Failure> {
        let parts: Vec<&str> = all.split('.').collect();
        match parts.as_slice() {
            [_] => Err(Failure::error("encoded JWT had no period separators")),
            [header, payload, signature] => Ok(Token { all, header, payload, signature }),
            other => {
                let found = other.len().to_string();
                let message = ["encoded JWT must have 3 sections, found ", &found];
                Err(Failure::Error(message.concat().into()))
            }
        }
    }

    /// What is signed: header and payload as they are encoded.
    pub(super) fn signed(&self) -> &'a str {
        self.all.get(..self.header.len() + 1 + self.payload.len()).unwrap_or_default()
    }

    /// The header, an object.
    pub(super) fn header<V: AnyValue>(&self) -> Result<V, Failure> {
        let header = decode_url(self.header)
            .map_err(|it| because("JWT header had invalid encoding: ", &it))?;
        let header = object(&lossy(header)).map_err(|it| because("bad JWT header: ", &it))?;
        match member::<V>(&header, "enc") {
            Some(_) => Err(Failure::error("JWT is a JWE object, which is not supported")),
            None => Ok(header),
        }
    }

    /// The payload as text.
    pub(super) fn payload(&self) -> Result<String, Failure> {
        decode_url(self.payload)
            .map(lossy)
            .map_err(|it| because("JWT payload had invalid encoding: ", &it))
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned())
}

pub(super) fn because(what: &str, why: &Failure) -> Failure {
    Failure::Error([what, &why.to_string()].concat().into())
}

/// The object that a JSON text describes.
pub(super) fn object<V: AnyValue>(text: &str) -> Result<V, Failure> {
    let value: V = json::parse(text)
        .map_err(|it| Failure::Error(["invalid JSON: ", it.message].concat().into()))?;
    match value.view() {
        View::Object(_) => Ok(value),
        _ => Err(Failure::error("decoded JSON type was not an Object")),
    }
}

/// A member of an object.
pub(super) fn member<'a, V: AnyValue>(object: &'a V, name: &str) -> Option<&'a V> {
    match object.view() {
        View::Object(entries) => {
            entries.iter().find(|it| it.key.as_str() == Some(name)).map(|it| &it.value)
        }
        _ => None,
    }
}

/// What a header says; texts are empty where it says nothing.
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) algorithm: &'a str,
    pub(super) key_id: &'a str,
    /// What kind of thing the payload is.
    pub(super) content: &'a str,
    /// Whether it lists a parameter as critical that nobody here knows.
    is_beyond_us: bool,
}

impl<'a> Header<'a> {
    pub(super) fn read<V: AnyValue>(object: &'a V) -> Result<Header<'a>, Failure> {
        let View::Object(entries) = object.view() else { return Ok(Header::default()) };
        let mut header = Header::default();
        let mut critical = Vec::new();
        for Entry { key, value } in entries {
            match key.as_str() {
                Some("alg") => header.algorithm = text("alg", value)?,
                Some("kid") => header.key_id = text("kid", value)?,
                Some("cty") => header.content = text("cty", value)?,
                Some("typ") => _ = text("typ", value)?,
                Some("crit") => critical = list(value)?,
                _ => {}
            }
        }
        header.is_beyond_us = critical.iter().any(|name| {
            let is_known = matches!(*name, "alg" | "kid" | "typ" | "cty" | "crit");
            !is_known && member(object, name).is_some()
        });
        Ok(header)
    }

    /// Whether there is an algorithm, and nothing that had to be understood.
    pub(super) fn is_valid(&self) -> bool {
        !self.algorithm.is_empty() && !self.is_beyond_us
    }
}

fn text<'a, V: AnyValue>(name: &str, value: &'a V) -> Result<&'a str, Failure> {
    let wrong = || Failure::Error([name, ": must be a string"].concat().into());
    value.as_str().ok_or_else(wrong)
}

/// Names up to the first thing that is none; there must be one.
fn list<V: AnyValue>(value: &V) -> Result<Vec<&str>, Failure> {
    let View::Array(items) = value.view() else {
        return Err(Failure::error("crit: must be a list"));
    };
    let names: Vec<&str> = items.iter().map_while(V::as_str).collect();
    if names.is_empty() { Err(Failure::error("crit: must be a nonempty list")) } else { Ok(names) }
}
