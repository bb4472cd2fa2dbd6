//! The record of one decision.

use std::collections::BTreeMap;

use jiff::Timestamp;
use palisade_bundle::Digest;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// JSON text that is kept as it is.
type Json = Box<RawValue>;

/// One decision, in the shape of OPA's decision-log event.
///
/// Documents are JSON text and kept byte for byte, except that the log turns line breaks between
/// tokens into spaces. An absent document is `None`; a `null` is `Some`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// Facts about the server: its name, its version.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The decision's name: a random UUID.
    pub decision_id: String,
    /// The batch of decisions that this one was asked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_decision_id: Option<String>,
    /// The distributed trace that the request belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The span in that trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span_id: Option<String>,
    /// The revision of a single bundle, as old receivers want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The bundles that were loaded, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bundles: BTreeMap<String, BundleRevision>,
    /// The path that was asked for, without `data`: `authz/allow`. [`crate::split_path`] gives its keys.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The query, where a query was asked and not a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The input document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub input: Option<Json>,
    /// The decision; absent if it is undefined or failed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub result: Option<Json>,
    /// Results on the way to the decision.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub intermediate_results: Option<Json>,
    /// The result in the form that the caller was given.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub mapped_result: Option<Json>,
    /// Answers of built-ins that depend on more than their arguments.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub nd_builtin_cache: Option<Json>,
    /// The paths that were removed before logging.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<String>,
    /// The paths that were changed before logging.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// Why there is no decision.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub error: Option<Json>,
    /// Who asked: the client's address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub requested_by: String,
    /// When, in UTC.
    pub timestamp: Timestamp,
    /// How long things took, in nanoseconds, under OPA's names.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub metrics: Option<Json>,
    /// The request's number in its server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub req_id: Option<u64>,
    /// The labels of the rules that were successful.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub rule_labels: Option<Json>,
    /// What is logged of the request itself, such as HTTP headers.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub request_context: Option<Json>,
    /// What the request and the response carried beside the decision.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub custom: Option<Json>,
    /// What makes the decision repeatable.
    #[serde(default)]
    pub palisade: Provenance,
}

/// The state of one bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRevision {
    /// The revision that its manifest names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revision: String,
}

/// What made the decision, exactly enough to make it again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// The module's entrypoint that was asked.
    #[serde(default)]
    pub entrypoint: String,
    /// The digest of the module's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<Digest>,
    /// The digest of the bundle file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Digest>,
    /// The digest of the base data's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Digest>,
    /// The id of the key that signed the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Digest>,
    /// The bundle was loaded without a verified signature.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unsigned: bool,
    /// The facts that the module was given beside the input.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub ambient: Option<Json>,
    /// The calls of host functions that failed, in the shape of `nd_builtin_cache`, which has those with a result.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub host_failures: Option<Json>,
    /// The rules that held, as the module told them.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub rules: Option<Json>,
    /// The record's number in its log. The log sets it, and the two that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The hash of the record before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<Digest>,
    /// The hash of this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Digest>,
}

/// Why a record could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The text is not a record, or the record holds what JSON cannot.
    #[error("not a decision record")]
    Json(#[from] serde_json::Error),
    /// The machine gave no random bytes.
    #[error("the system's random number generator failed")]
    Random(#[source] getrandom::Error),
}

impl Record {
    /// A record with a name and a time, to be filled in.
    pub fn new(decision_id: String, timestamp: Timestamp) -> Record {
        Record {
            labels: BTreeMap::new(),
            decision_id,
            batch_decision_id: None,
            trace_id: None,
            span_id: None,
            revision: None,
            bundles: BTreeMap::new(),
            path: String::new(),
            query: None,
            input: None,
            result: None,
            intermediate_results: None,
            mapped_result: None,
            nd_builtin_cache: None,
            erased: Vec::new(),
            masked: Vec::new(),
            error: None,
            requested_by: String::new(),
            timestamp,
            metrics: None,
            req_id: None,
            rule_labels: None,
            request_context: None,
            custom: None,
            palisade: Provenance::default(),
        }
    }

    /// Reads a record from a line of a log, ours or OPA's.
    pub fn parse(json: &[u8]) -> Result<Record, RecordError> {
        Ok(serde_json::from_slice(json)?)
    }
}

/// A new name for a decision: a random UUID (version 4).
pub fn new_decision_id() -> Result<String, RecordError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(RecordError::Random)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// Keeps `null` apart from an absent document.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

fn is_false(value: &bool) -> bool {
    !value
}
