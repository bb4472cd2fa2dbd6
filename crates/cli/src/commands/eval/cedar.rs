//! `palisade eval` of a request to Cedar's policies.
//!
//! The request is put together from `--principal`, `--action`, `--resource`, `--context` and `--entities`, on top of what
//! `--input` has, and goes to the compiled module. Exit codes are those of `cedar authorize`: 0 allow, 2 deny, 1 for an
//! error.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use palisade_cedar::checked::PolicySet;
use palisade_compiler::cedar::{Options, compile};
use palisade_value::{AnyValue, Entry, Value, json};

use super::module::{self, Asking, BundleFile, Question};
use super::present::Presentation;
use super::{Eval, Format};
use crate::cedar::CedarArgs;
use crate::commands::build::make_bundle;
use crate::load::read_input;
use crate::misuse::misuse;
use crate::{Outcome, output, policy};

/// A request to Cedar's policies.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cedar")]
pub struct RequestArgs {
    /// Who asks: `User::"alice"`.
    #[arg(long, value_name = "ENTITY")]
    principal: Option<String>,
    /// What for: `Action::"view"`.
    #[arg(long, value_name = "ENTITY")]
    action: Option<String>,
    /// With what: `Photo::"cat.jpg"`.
    #[arg(long, value_name = "ENTITY")]
    resource: Option<String>,
    /// A JSON file with the circumstances, a record.
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// Do not compare the request with the schema.
    #[arg(long)]
    no_request_validation: bool,
    #[command(flatten)]
    pub cedar: CedarArgs,
}

impl RequestArgs {
    /// Whether there is a request for Cedar.
    pub fn is_given(&self) -> bool {
        self.principal.is_some() || self.action.is_some() || self.resource.is_some()
    }

    /// The request, on top of an input.
    fn document(&self, input: Option<Value>) -> anyhow::Result<Value> {
        let input = input.unwrap_or_else(Value::empty_object);
        let Value::Object(_) = input else {
            bail!("the input is no request: it must be an object")
        };
        let mut entries = input.entries().to_vec();
        let mut put =
            |key: &str, value: Value| entries.push(Entry { key: Value::text(key), value });
        let uids = [
            ("principal", &self.principal),
            ("action", &self.action),
            ("resource", &self.resource),
        ];
        for (key, uid) in uids {
            uid.iter().for_each(|uid| put(key, Value::text(uid)));
        }
        for (key, path) in [("context", &self.context), ("entities", &self.cedar.entities)] {
            if let Some(path) = path {
                put(key, read_input(path)?);
            }
        }
        Ok(Value::object(entries))
    }
}

impl Eval {
    /// Whether a request is to be decided by Cedar's policies.
    pub(super) fn is_for_cedar(&self) -> bool {
        self.request.is_given() || self.request.cedar.is_meant(&self.data)
    }

    /// Decides a request.
    pub(super) fn authorize(&self) -> anyhow::Result<Outcome> {
        if self.query.is_some() {
            return Err(misuse(
                "a request for Cedar has no query; say who, what and with what by --principal, --action and --resource",
            ));
        }
        let mut facts = self.facts()?;
        let input = facts.input.as_deref().map(json::parse).transpose()?;
        let request = self.request.document(input)?;
        facts.input = Some(json::to_json(&request));
        self.check_sources()?;
        let bundles = self.bundles()?;
        let (bundles, set) = match bundles.is_empty() {
            false => (bundles, None),
            true => match self.compiled()? {
                Some((file, set)) => (vec![file], Some(set)),
                None => return Ok(Outcome::Failure),
            },
        };
        let engine = super::engine()?;
        let asking = Asking {
            engine: &engine,
            limits: self.limits.limits(),
            facts: &facts,
            explain: false,
            host: None,
        };
        let path = ["cedar".to_owned(), "decision".to_owned()];
        let reply = match module::within(&bundles, &path) {
            Some(question @ Question::Within { .. }) => question.ask(&asking)?,
            _ => None,
        };
        match reply {
            Some(Ok((Some(decision), _))) => self.show_decision(&decision, set.as_ref()),
            Some(Err(failure)) => {
                let presentation = Presentation { query: "", texts: &[], format: self.format };
                presentation.failure(&failure)?;
                Ok(Outcome::Failure)
            }
            _ => bail!(
                "the bundle has no entrypoint cedar/decision: it holds no policies of Cedar's"
            ),
        }
    }

    /// A bundle is what it is: nothing that policies are read with may be left out without a word.
    fn check_sources(&self) -> anyhow::Result<()> {
        let args = &self.request.cedar;
        let reads = [
            ("-d", !self.data.is_empty()),
            ("--schema", self.language.schema.is_some()),
            ("--links", !args.links.is_empty()),
            ("--ids-from-annotations", args.ids_from_annotations),
            ("--level", args.level.is_some()),
            ("--no-policy-validation", args.no_policy_validation),
            ("--no-request-validation", self.request.no_request_validation),
        ];
        match reads.iter().find(|(_, is_given)| *is_given && !self.bundle.is_empty()) {
            Some((flag, _)) => {
                Err(misuse(format!("{flag} is for policies, and -b names compiled ones")))
            }
            None => Ok(()),
        }
    }

    /// Compiles the policies that are named; none if they have errors, which have been shown.
    fn compiled(&self) -> anyhow::Result<Option<(BundleFile, PolicySet)>> {
        let args = &self.request.cedar;
        let sources = args.sources(&self.data, &self.language)?;
        let options = Options {
            reading: args.reading(&self.language)?,
            validates_requests: !self.request.no_request_validation,
            ..Options::default()
        };
        let compilation = compile(&sources, &options)?;
        let (files, diagnostics) = (&compilation.files, &compilation.diagnostics);
        if self.format == Format::Json && compilation.artifact.is_none() {
            let text = policy::render(policy::DiagnosticFormat::Json, files, diagnostics);
            output::line(text.trim_end())?;
        } else {
            policy::complain(files, diagnostics);
        }
        let Some(artifact) = compilation.artifact else { return Ok(None) };
        let bundle = make_bundle(artifact, &Value::empty_object(), String::new())?;
        let bytes = bundle.write().context("cannot make the bundle")?;
        Ok(Some((BundleFile::of("the policies", bytes)?, compilation.set)))
    }

    fn show_decision(&self, decision: &Value, set: Option<&PolicySet>) -> anyhow::Result<Outcome> {
        let is_allowed =
            decision.get_str("decision").as_ref().and_then(AnyValue::as_str) == Some("allow");
        let explanation = self.explain.map(|_| explanation(decision, is_allowed, set));
        match self.format {
            Format::Json => {
                let mut document = vec![("result", decision.clone())];
                let lines = explanation.iter().flat_map(|it| it.lines()).map(Value::from);
                if explanation.is_some() {
                    document.push(("explanation", Value::array(lines.collect())));
                }
                output::line(&output::pretty_json(&Value::object_of(document)))?;
            }
            Format::Raw | Format::Values | Format::Bindings => {
                output::line(&json::to_json(decision))?;
            }
            Format::Discard => {}
            _ => output::line(if is_allowed { "ALLOW" } else { "DENY" })?,
        }
        if let Some(explanation) = explanation.filter(|_| self.format != Format::Json) {
            output::line(&explanation)?;
        }
        Ok(if is_allowed { Outcome::Success } else { Outcome::Error })
    }
}

/// How a decision came about: which of the three outcomes it is, and which policies made it.
fn explanation(decision: &Value, is_allowed: bool, set: Option<&PolicySet>) -> String {
    let items = |key: &str| decision.get_str(key).map(|it| it.items().to_vec()).unwrap_or_default();
    let reasons = items("reasons");
    let mut lines = vec![match (is_allowed, reasons.is_empty()) {
        (true, _) => "allow: these policies permit the request, and none forbids it".to_owned(),
        (false, false) => "deny: these policies forbid the request".to_owned(),
        (false, true) => {
            "deny: no policy decides; none permits the request and none forbids it".to_owned()
        }
    }];
    for reason in reasons.iter().filter_map(AnyValue::as_str) {
        let policy = set.and_then(|set| set.policies.iter().find(|it| it.id == reason));
        lines.push(match policy {
            Some(policy) => format!("  {reason}  {}:{}", policy.file, policy.row),
            None => format!("  {reason}"),
        });
    }
    for error in items("errors") {
        let part = |key: &str| {
            error.get_str(key).and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
        };
        lines.push(format!(
            "  {} had an error and was left out: {}",
            part("policy"),
            part("message")
        ));
    }
    lines.join("\n")
}
