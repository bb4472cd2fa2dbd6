//! `providers.aws.sign_req`: requests to Amazon's services, signed as version 4 of their scheme says.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use palisade_value::{AnyValue, Entry, View};
use sha2::{Digest, Sha256};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::hex;
use crate::json::write;
use crate::operands::Operands;
use crate::quote;
use crate::time::calendar::Civil;
use crate::x509::uris::Url;

/// What a request may have: everything that `http.send` takes.
const REQUEST_FIELDS: &[&str] = &[
    "method",
    "url",
    "body",
    "enable_redirect",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "raw_body",
    "tls_use_system_certs",
    "tls_ca_cert",
    "tls_ca_cert_file",
    "tls_ca_cert_env_variable",
    "tls_client_cert",
    "tls_client_cert_file",
    "tls_client_cert_env_variable",
    "tls_client_key",
    "tls_client_key_file",
    "tls_client_key_env_variable",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "timeout",
    "cache",
    "force_cache",
    "force_cache_duration_seconds",
    "raise_error",
    "caching_mode",
    "max_retry_attempts",
    "cache_ignored_headers",
];

/// What the configuration must have.
const CONFIGURATION: [&str; 4] =
    ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];

/// Headers that change on the way, which are not signed.
const UNSIGNED_HEADERS: [&str; 3] = ["authorization", "user-agent", "x-amzn-trace-id"];

/// The request with headers that sign it, at a time in nanoseconds since 1970.
pub fn providers_aws_sign_req<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let request = args.object(0)?;
    let configuration = Configuration::read(args)?;
    let at =
        args.number(2).map_err(first)?.to_i64().filter(|_| args.integer(2).is_ok()).ok_or_else(
            || wrong(3, "could not convert time_ns value into a unix timestamp", &[]),
        )?;
    let request = Request::read(request)?;
    let signed = sign(&request, &configuration, &Civil::from_ns(i128::from(at)));
    let headers = signed
        .into_iter()
        .map(|(key, value)| Entry { key: V::text(&key), value: V::string(value) });
    let headers = Entry { key: V::text("headers"), value: V::object(headers.collect()) };
    let mut fields = args.object(0)?.to_vec();
    fields.push(headers);
    Ok(V::object(fields))
}

/// Who signs for which service.
struct Configuration<'a> {
    access_key: &'a str,
    secret_key: &'a str,
    region: &'a str,
    service: &'a str,
    session_token: &'a str,
    signs_payload: bool,
}

impl<'a> Configuration<'a> {
    fn read<V: AnyValue>(args: &'a [V]) -> Result<Configuration<'a>, Failure> {
        let fields = args.object(1).map_err(first)?;
        let missing: Vec<&str> =
            CONFIGURATION.into_iter().filter(|it| field(fields, it).is_none()).collect();
        if !missing.is_empty() {
            return Err(wrong(2, "missing required AWS config parameters(s): ", &missing));
        }
        let invalid: Vec<&str> = CONFIGURATION
            .into_iter()
            .filter(|it| field(fields, it).and_then(V::as_str).is_none())
            .collect();
        if !invalid.is_empty() {
            return Err(wrong(
                2,
                "invalid values for required AWS config parameters(s): ",
                &invalid,
            ));
        }
        let signs_payload = match field(fields, "disable_payload_signing").map(V::view) {
            None => true,
            Some(View::Boolean(it)) => !it,
            Some(_) => {
                let text = "invalid value for 'disable_payload_signing' in AWS config";
                return Err(wrong(2, text, &[]));
            }
        };
        Ok(Configuration {
            access_key: text(fields, "aws_access_key"),
            secret_key: text(fields, "aws_secret_access_key"),
            region: text(fields, "aws_region"),
            service: text(fields, "aws_service"),
            session_token: text(fields, "aws_session_token"),
            signs_payload,
        })
    }
}

/// What is signed.
struct Request<'a> {
    method: &'a str,
    url: Url,
    headers: BTreeMap<&'a str, &'a str>,
    body: Cow<'a, str>,
}

impl<'a> Request<'a> {
    fn read<V: AnyValue>(fields: &'a [Entry<V>]) -> Result<Request<'a>, Failure> {
        let is_unknown =
            |it: &&Entry<V>| !it.key.as_str().is_some_and(|it| REQUEST_FIELDS.contains(&it));
        let unknown: Vec<V> = fields.iter().filter(is_unknown).map(|it| it.key.clone()).collect();
        if !unknown.is_empty() {
            let mut text = "invalid request parameters(s): ".to_owned();
            quote::write_term(&V::set(unknown), &mut text);
            return Err(Failure::Operand(1, Problem::Other(text.into())));
        }
        let required = ["method", "url"].into_iter();
        let missing: Vec<&str> =
            required.clone().filter(|it| field(fields, it).is_none()).collect();
        if !missing.is_empty() {
            return Err(wrong(1, "missing required request parameters(s): ", &missing));
        }
        let headers = headers(fields)?;
        let invalid: Vec<&str> =
            required.filter(|it| field(fields, it).and_then(V::as_str).is_none()).collect();
        if !invalid.is_empty() {
            return Err(wrong(1, "invalid values for required request parameters(s): ", &invalid));
        }
        let address = text(fields, "url");
        let url = Url::parse(address)
            .map_err(|it| Failure::Error(["parse \"", address, "\": ", it].concat().into()))?;
        let body = match (field(fields, "raw_body"), field(fields, "body")) {
            (Some(raw), _) => Cow::Borrowed(raw.as_str().unwrap_or_default()),
            (None, Some(value)) => {
                let mut text = String::new();
                write::compact(value, &mut text)?;
                Cow::Owned(text)
            }
            (None, None) => Cow::Borrowed(""),
        };
        Ok(Request { method: text(fields, "method"), url, headers, body })
    }
}

fn headers<V: AnyValue>(fields: &[Entry<V>]) -> Result<BTreeMap<&str, &str>, Failure> {
    match field(fields, "headers").map(|it| (it, it.view())) {
        None => Ok(BTreeMap::new()),
        Some((_, View::Object(entries))) => {
            let pairs = entries.iter().map(|it| (string(&it.key), string(&it.value)));
            Ok(pairs.collect())
        }
        Some((other, _)) => {
            let problem = Problem::Kind { expected: &["object"], found: other.kind() };
            Err(Failure::Operand(0, problem))
        }
    }
}

/// The text, empty if it is none.
fn string<V: AnyValue>(it: &V) -> &str {
    it.as_str().unwrap_or_default()
}

/// All headers that the request then has.
fn sign(request: &Request<'_>, by: &Configuration<'_>, at: &Civil) -> BTreeMap<String, String> {
    let (date, time) = (date(at), moment(at));
    let content = match by.signs_payload {
        true => hex::encode(&Sha256::digest(request.body.as_bytes())),
        false => "UNSIGNED-PAYLOAD".to_owned(),
    };
    let mut added = BTreeMap::from([("host", request.url.host.as_str()), ("x-amz-date", &time)]);
    if matches!(by.service, "s3" | "glacier") {
        added.insert("x-amz-content-sha256", &content);
    }
    if !by.session_token.is_empty() {
        added.insert("x-amz-security-token", by.session_token);
    }
    let mut signed: BTreeMap<String, &str> =
        added.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    for (key, value) in &request.headers {
        let key = key.to_lowercase();
        if !UNSIGNED_HEADERS.contains(&key.as_str()) {
            signed.insert(key, value);
        }
    }
    let names = signed.keys().map(String::as_str).collect::<Vec<_>>().join(";");
    let mut canonical =
        [request.method, &request.url.escaped_path(), &request.url.raw_query, ""].join("\n");
    for (key, value) in &signed {
        canonical.extend([key.as_str(), ":", value, "\n"]);
    }
    canonical.extend(["\n", &names, "\n", &content]);
    let scope = [&date, by.region, by.service, "aws4_request"].join("/");
    let digest = hex::encode(&Sha256::digest(canonical.as_bytes()));
    let text = ["AWS4-HMAC-SHA256", &time, &scope, &digest].join("\n");
    let secret = ["AWS4", by.secret_key].concat();
    let key = [date.as_str(), by.region, by.service, "aws4_request"]
        .into_iter()
        .fold(secret.into_bytes(), |key, part| code(&key, part));
    let signature = hex::encode(&code(&key, &text));
    let authorization = [
        "AWS4-HMAC-SHA256 Credential=",
        by.access_key,
        "/",
        &scope,
        ",SignedHeaders=",
        &names,
        ",Signature=",
        &signature,
    ];
    let old = request.headers.iter().map(|(key, value)| (*key, *value));
    let mut headers: BTreeMap<String, String> =
        old.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    headers.insert("Authorization".to_owned(), authorization.concat());
    headers.extend(added.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
    headers
}

/// OPA calls every operand of a wrong type the first.
fn first(failure: Failure) -> Failure {
    match failure {
        Failure::Operand(_, problem) => Failure::Operand(1, problem),
        other => other,
    }
}

fn code(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is one.
    match <Hmac<Sha256> as KeyInit>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(text).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(),
    }
}

/// `yyyymmdd`
fn date(at: &Civil) -> String {
    [digits(at.year, 4), digits(at.month, 2), digits(at.day, 2)].concat()
}

/// `yyyymmddThhmmssZ`
fn moment(at: &Civil) -> String {
    let clock = [digits(at.hour, 2), digits(at.minute, 2), digits(at.second, 2)].concat();
    [&date(at), "T", &clock, "Z"].concat()
}

fn digits(number: i64, length: usize) -> String {
    let digits = number.to_string();
    ["0".repeat(length.saturating_sub(digits.len())), digits].concat()
}

fn field<'a, V: AnyValue>(fields: &'a [Entry<V>], name: &str) -> Option<&'a V> {
    fields.iter().find(|it| it.key.as_str() == Some(name)).map(|it| &it.value)
}

/// The text of a field, empty if it has none.
fn text<'a, V: AnyValue>(fields: &'a [Entry<V>], name: &str) -> &'a str {
    field(fields, name).and_then(V::as_str).unwrap_or_default()
}

/// A failure of an operand, counted from 1, because of the fields with these names.
fn wrong(operand: usize, what: &str, names: &[&str]) -> Failure {
    let mut text = what.to_owned();
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|it| ["\"", it, "\""].concat()).collect();
        text.push_str(&["{", &names.join(", "), "}"].concat());
    }
    Failure::Operand(operand, Problem::Other(text.into()))
}
