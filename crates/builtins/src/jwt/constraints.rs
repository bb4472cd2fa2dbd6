//! What `io.jwt.decode_verify` demands of a token.

use palisade_value::number::{Decimal, INT_TEXT_MAX};
use palisade_value::{AnyValue, Entry, Num, View};

use crate::failure::Failure;
use crate::jwt::token::{self, Header};
use crate::jwt::{keys, schemes};
use crate::keys::jwk::{Key, WebKey};

/// The digits before the point of the largest double.
const DOUBLE_DIGITS_MAX: i64 = 309;

/// Demands on a token; those that are empty demand nothing.
pub(super) struct Constraints<'a> {
    keys: Vec<WebKey>,
    algorithm: &'a str,
    issuer: &'a str,
    audience: &'a str,
    /// Seconds since 1970, as decimal text.
    time: String,
}

impl<'a> Constraints<'a> {
    /// Reads the constraints; `now_ns` is the time unless they say otherwise.
    pub(super) fn read<V: AnyValue>(
        entries: &'a [Entry<V>],
        now_ns: i64,
    ) -> Result<Constraints<'a>, Failure> {
        let mut constraints = Constraints {
            keys: Vec::new(),
            algorithm: "",
            issuer: "",
            audience: "",
            time: seconds(&Num::Int(now_ns).decimal(&mut [0; INT_TEXT_MAX])),
        };
        let (mut certificate, mut secret) = (None, "");
        for Entry { key, value } in entries {
            match key.as_str() {
                Some("cert") => {
                    certificate = Some(keys::read::<V>(text("cert", value)?)?);
                }
                Some("secret") => secret = text("secret", value)?,
                Some("alg") => constraints.algorithm = text("alg", value)?,
                Some("iss") => constraints.issuer = text("iss", value)?,
                Some("aud") => constraints.audience = text("aud", value)?,
                Some("time") => constraints.time = time(value)?,
                other => {
                    let name = other.unwrap_or("?");
                    let message = ["unknown token validation constraint: ", name];
                    return Err(Failure::Error(message.concat().into()));
                }
            }
        }
        constraints.keys = match (certificate, secret) {
            (Some(keys), "") => keys,
            (None, "") => return Err(Failure::error("no key constraint")),
            (None, secret) => {
                let key = Key::Secret(secret.as_bytes().to_vec());
                vec![WebKey { key, algorithm: String::new(), id: String::new() }]
            }
            (Some(_), _) => return Err(Failure::error("duplicate key constraints")),
        };
        Ok(constraints)
    }

    pub(super) fn allow_algorithm(&self, header: &Header<'_>) -> bool {
        self.algorithm.is_empty() || self.algorithm == header.algorithm
    }

    /// Whether one of the keys has signed the message.
    pub(super) fn verify(&self, header: &Header<'_>, message: &[u8], signature: &[u8]) -> bool {
        keys::any(&self.keys, header, |key| {
            schemes::verify(header.algorithm, key, message, signature)
        })
    }

    /// Whether the claims are those demanded, and valid at the time.
    pub(super) fn allow_claims<V: AnyValue>(&self, payload: &V) -> Result<bool, Failure> {
        let claim = |name| token::member(payload, name);
        let is_issuer = self.issuer.is_empty()
            || claim("iss").and_then(V::as_str).is_some_and(|it| it == self.issuer);
        let is_audience = match claim("aud").map(V::view) {
            Some(View::String(it)) => it == self.audience,
            Some(View::Array(all)) => all.iter().any(|it| it.as_str() == Some(self.audience)),
            Some(_) => false,
            None => self.audience.is_empty(),
        };
        if !is_issuer || !is_audience {
            return Ok(false);
        }
        let now = Num::Decimal(&self.time);
        if let Some(exp) = claim("exp")
            && now.compare(&number(exp, "exp value must be a number")?).is_ge()
        {
            return Ok(false);
        }
        Ok(match claim("nbf") {
            Some(nbf) => now.compare(&number(nbf, "nbf value must be a number")?).is_ge(),
            None => true,
        })
    }
}

fn text<'a, V: AnyValue>(name: &str, value: &'a V) -> Result<&'a str, Failure> {
    let wrong = || Failure::Error([name, " constraint: must be a string"].concat().into());
    value.as_str().ok_or_else(wrong)
}

/// Nanoseconds as seconds: exactly, by their digits. OPA rounds to doubles; the code that reads and prints those would be
/// a part of the module that one sees.
fn seconds(nanoseconds: &Decimal<'_>) -> String {
    let mut text = String::from(if nanoseconds.is_negative() { "-0" } else { "0" });
    nanoseconds.digits().for_each(|digit| text.push(char::from(digit)));
    text.push('e');
    text.push_str(&nanoseconds.exponent().saturating_sub(9).to_string());
    text
}

fn time<V: AnyValue>(value: &V) -> Result<String, Failure> {
    let View::Number(number) = value.view() else {
        return Err(Failure::error("token time constraint: must be a number"));
    };
    let mut space = [0; INT_TEXT_MAX];
    let number = number.decimal(&mut space);
    if number.exponent().saturating_add(number.n_digits() as i64) > DOUBLE_DIGITS_MAX {
        return Err(Failure::error("token time constraint: unvalid float64"));
    }
    if number.is_negative() && !number.is_zero() {
        return Err(Failure::error("token time constraint: must not be negative"));
    }
    Ok(seconds(&number))
}

fn number<'a, V: AnyValue>(value: &'a V, otherwise: &'static str) -> Result<Num<'a>, Failure> {
    match value.view() {
        View::Number(it) => Ok(it),
        _ => Err(Failure::error(otherwise)),
    }
}
