//! The response to a decision, in OPA's shape.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use palisade::Digest;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;

use crate::decide::Answered;
use crate::pretty::pretty;
use crate::query::Params;
use crate::state::State;

/// JSON text as a response, with the line end that OPA has.
pub(crate) fn json(mut text: String) -> impl IntoResponse {
    text.push('\n');
    ([(CONTENT_TYPE, "application/json")], text)
}

/// The response to a decision.
pub(crate) fn answer(
    state: &State,
    params: &Params,
    answered: &Answered,
    lacks_input: bool,
) -> Response {
    let mut members = vec![member("decision_id", &answered.decision_id)];
    if params.provenance {
        members.push(member("provenance", &provenance(state)));
    }
    if params.explain {
        members.push(member("explanation", answered.decision.rules.as_deref().unwrap_or_default()));
    }
    if params.metrics {
        members.push(format!(r#""metrics":{}"#, answered.timers.to_json()));
    }
    if let Some(result) = &answered.decision.result {
        members.push(format!(r#""result":{result}"#));
    }
    if lacks_input {
        members.push(member("warning", &WITHOUT_INPUT));
    }
    let text = format!("{{{}}}", members.join(","));
    json(if params.pretty { pretty(&text) } else { text }).into_response()
}

/// OPA's warning of a body without `input`, which is nearly always a mistake.
const WITHOUT_INPUT: Warning =
    Warning { code: "api_usage_warning", message: "'input' key missing from the request" };

#[derive(Serialize)]
struct Warning {
    code: &'static str,
    message: &'static str,
}

/// What decided: OPA's members, and ours in `palisade`.
#[derive(Serialize)]
struct Provenance<'a> {
    version: &'a str,
    bundles: BTreeMap<&'a str, Revision<'a>>,
    palisade: Source<'a>,
}

#[derive(Serialize)]
struct Revision<'a> {
    revision: &'a str,
}

#[derive(Serialize)]
struct Source<'a> {
    bundle: &'a Digest,
    data: &'a Digest,
    module: &'a Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    signer: Option<&'a Digest>,
    unsigned: bool,
}

fn provenance(state: &State) -> Provenance<'_> {
    let identity = state.policy.identity();
    Provenance {
        version: env!("CARGO_PKG_VERSION"),
        bundles: BTreeMap::from([(
            state.bundle_name.as_str(),
            Revision { revision: &identity.revision },
        )]),
        palisade: Source {
            bundle: &identity.bundle,
            data: &identity.data,
            module: &identity.module,
            signer: identity.signer.as_ref(),
            unsigned: identity.unsigned,
        },
    }
}

fn member(name: &str, value: &(impl Serialize + ?Sized)) -> String {
    // Strings, numbers and flags only, which all serialise.
    let json = to_raw_value(value).ok();
    format!(r#""{name}":{}"#, json.as_deref().map_or("null", RawValue::get))
}
