//! Questions that compiled modules answer without their sources: for an entrypoint or a place in its document, for what
//! lies above entrypoints, and for the base data of their bundles.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use palisade::{DecideError, Decision, Engine, HostFunctions, LoadOptions, Policy, Trust};
use palisade_bundle::{BUNDLE_BYTES_MAX, Bundle, Documents, Entrypoint, Manifest};
use palisade_diag::Files;
use palisade_lab::subject::{Ask, Facts, Failure};
use palisade_rego::syntax::ast::{Body, Expr, ExprKind, Term, TermKind};
use palisade_rego::syntax::{self, ParseOptions};
use palisade_sandbox::Limits;
use palisade_value::{AnyValue, Value, json};

use crate::load::read_bytes;
use crate::surface::Surface;

/// A bundle, or a bare module that was made one, as it was read.
pub struct BundleFile {
    /// The name that the user typed.
    pub name: String,
    bytes: Vec<u8>,
    /// What is in it.
    pub bundle: Bundle,
}

impl BundleFile {
    /// Reads a bundle file or a module.
    pub fn read(path: &Path) -> anyhow::Result<BundleFile> {
        BundleFile::of(path.display().to_string(), read_bytes(path, BUNDLE_BYTES_MAX)?)
    }

    /// The bundle or module that some bytes are.
    pub fn of(name: impl Into<String>, bytes: Vec<u8>) -> anyhow::Result<BundleFile> {
        let name = name.into();
        let bundle = match bytes.starts_with(MODULE_MAGIC) {
            true => bundle_of(bytes.clone()),
            false => Bundle::read(&bytes).map_err(anyhow::Error::new),
        };
        let bundle = bundle.with_context(|| format!("`{name}`"))?;
        Ok(BundleFile { name, bytes, bundle })
    }
}

/// The first bytes of every module.
const MODULE_MAGIC: &[u8] = b"\0asm";

/// What to ask which modules.
pub enum Question<'b> {
    /// A place in the document of an entrypoint: `authz/allow`.
    Within {
        /// The bundle that has the entrypoint.
        file: &'b BundleFile,
        /// The entrypoint's path.
        entrypoint: Vec<String>,
        /// The keys that lead into its document.
        rest: Vec<String>,
    },
    /// What lies above entrypoints, or base data; every bundle may have a part of it.
    Around {
        /// The bundles.
        files: &'b [BundleFile],
        /// The path.
        path: Vec<String>,
    },
}

/// The answer: a value or none, with the rules that held; or why there is none.
pub type Reply = Result<(Option<Value>, Vec<palisade::RuleHit>), Failure>;

/// What modules are asked with.
pub struct Asking<'a> {
    /// Where they run.
    pub engine: &'a Engine,
    /// What they may use.
    pub limits: Limits,
    /// What they are told.
    pub facts: &'a Facts,
    /// Whether the rules that held are asked for.
    pub explain: bool,
    /// What they may ask of the world.
    pub host: Option<Arc<dyn HostFunctions>>,
}

impl Question<'_> {
    /// Asks; no reply if there is nothing at the path.
    pub fn ask(&self, asking: &Asking<'_>) -> anyhow::Result<Option<Reply>> {
        match self {
            Question::Within { file, entrypoint, rest } => {
                let Some(reply) = asking.decide(file, entrypoint)? else { return Ok(None) };
                let Ok((Some(document), rules)) = reply else { return Ok(Some(reply)) };
                Ok(Some(Ok((part(document, entrypoint, rest)?, rules))))
            }
            Question::Around { files, path } => {
                let mut values = Vec::new();
                let mut all_rules = Vec::new();
                for file in *files {
                    match asking.decide(file, path)? {
                        None => {}
                        Some(Err(failure)) => return Ok(Some(Err(failure))),
                        Some(Ok((value, rules))) => {
                            values.extend(value.map(|value| (file, value)));
                            all_rules.extend(rules);
                        }
                    }
                }
                Ok(together(values)?.map(|value| Ok((Some(value), all_rules))))
            }
        }
    }
}

impl Asking<'_> {
    /// The document at a path of one bundle; none if there is nothing.
    fn decide(&self, file: &BundleFile, path: &[String]) -> anyhow::Result<Option<Reply>> {
        if file.bundle.module.is_none() {
            let data: Value = json::parse(file.bundle.data.get())?;
            let found = path.iter().try_fold(data, |value, key| value.get_str(key));
            return Ok(found.map(|value| Ok((Some(value), Vec::new()))));
        }
        // Whoever evaluates a file at a terminal has chosen it; signatures are the business of `verify` and `serve`.
        let trust = Trust { unsigned: true, ..Trust::default() };
        let options = LoadOptions {
            limits: self.limits.clone(),
            host: self.host.clone(),
            ..LoadOptions::new(&trust)
        };
        let policy = Policy::load(self.engine, &file.bytes, &options)
            .with_context(|| format!("`{}`", file.name))?;
        let ambient = self.facts.ambient(Ask { rules: self.explain, prints: true });
        let input = self.facts.input.as_deref();
        let decision = policy.decide_at(path, input, &ambient.to_json(), self.facts.deadline);
        if let Ok(decision) = &decision {
            decision.prints.iter().for_each(|line| eprintln!("{line}"));
        }
        match decision {
            Ok(Decision { error: Some(error), .. }) => Ok(Some(Err(Failure::from(&error)))),
            Ok(Decision { result, rules, .. }) => {
                let value = result.as_deref().map(json::parse).transpose()?;
                Ok(Some(Ok((value, rules.unwrap_or_default()))))
            }
            Err(DecideError::UnknownPath(_)) => Ok(None),
            Err(DecideError::Evaluation(error)) => Ok(Some(Err(Failure::from(&error)))),
        }
    }
}

/// The parts that several bundles have of one document.
fn together(mut values: Vec<(&BundleFile, Value)>) -> anyhow::Result<Option<Value>> {
    if values.len() <= 1 {
        return Ok(values.pop().map(|(_, value)| value));
    }
    let mut documents = Documents::default();
    for (file, value) in values {
        documents.add_json(&file.name, "", json::to_json(&value).as_bytes())?;
    }
    let whole = documents.finish(&Manifest::default())?;
    Ok(Some(json::parse(whole.get())?))
}

/// The place that was asked for, in the entrypoint's document.
///
/// # Errors
/// The way goes through an array, which may have been a set: only the sources tell what its keys are.
fn part(document: Value, entrypoint: &[String], keys: &[String]) -> anyhow::Result<Option<Value>> {
    let mut place = document;
    for key in keys {
        let below = match &place {
            Value::Object(_) => place.get_str(key),
            Value::Array(_) => bail!(
                "the module answers with an array where `{key}` is looked for, and an array may be a set: ask for \
                 data.{}, or bring the sources",
                entrypoint.join(".")
            ),
            _ => None,
        };
        let Some(below) = below else { return Ok(None) };
        place = below;
    }
    Ok(Some(place))
}

/// A bundle with nothing but a module, which says itself what it answers.
fn bundle_of(module: Vec<u8>) -> anyhow::Result<Bundle> {
    let manifest = Surface::of(&module)?.manifest.context("not a module of Palisade's")?;
    let entrypoints = manifest.entrypoints.into_iter().map(|it| Entrypoint {
        entrypoint: it.path,
        module: "/policy.wasm".to_owned(),
        annotations: it.annotations.into_iter().collect(),
    });
    let manifest = Manifest { wasm: entrypoints.collect(), ..Manifest::default() };
    Ok(Bundle { manifest, module: Some(module), ..Bundle::default() })
}

/// The keys of a query that is `data` or a path of names below it, such as `data.a["b"].c`; none for other queries.
pub fn path_of(query: &str) -> Option<Vec<String>> {
    let mut files = Files::new();
    let file = files.add("query", query);
    let parse = syntax::parse_query(&files, file, &ParseOptions::default());
    let Body { exprs, .. } = parse.diagnostics.is_empty().then_some(parse.tree)?;
    let [Expr { negated: false, kind: ExprKind::Term(term), with, .. }] = exprs.as_slice() else {
        return None;
    };
    let is_data = |term: &Term| matches!(&term.kind, TermKind::Var(name) if name == "data");
    if is_data(term) && with.is_empty() {
        return Some(Vec::new());
    }
    let TermKind::Ref(path) = &term.kind else { return None };
    let name = |term: &Term| match &term.kind {
        TermKind::String { text, .. } => Some(text.clone()),
        _ => None,
    };
    (is_data(&path.head) && with.is_empty()).then(|| path.path.iter().map(name).collect())?
}

/// Which module answers for a path: the one with the entrypoint that goes furthest along it; none if no entrypoint does.
pub fn within<'b>(files: &'b [BundleFile], path: &[String]) -> Option<Question<'b>> {
    (1..=path.len()).rev().find_map(|n| {
        let (front, rest) = path.split_at(n);
        let name = front.join("/");
        let has_it = |file: &&BundleFile| {
            file.bundle.module.is_some()
                && file.bundle.manifest.wasm.iter().any(|it| it.entrypoint == name)
        };
        let file = files.iter().find(has_it)?;
        Some(Question::Within { file, entrypoint: front.to_vec(), rest: rest.to_vec() })
    })
}

/// What to say of any other query where there are no sources.
pub fn what_can_be_asked(files: &[BundleFile]) -> String {
    let entrypoints = files.iter().flat_map(|file| &file.bundle.manifest.wasm);
    let known: Vec<String> =
        entrypoints.map(|it| format!("data.{}", it.entrypoint.replace('/', "."))).collect();
    format!(
        "there is a compiled module and no sources, and this is nothing that it answers for: it has {}; places above and \
         below them and the bundle's data can be asked for too. For other queries build the bundle with \
         --include-sources, or add the sources with -d",
        known.join(", ")
    )
}
