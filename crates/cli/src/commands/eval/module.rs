//! Questions that a compiled module answers without its sources: an entrypoint, or a place in its document.

use anyhow::{Context, bail};
use palisade_bundle::{Bundle, Entrypoint, Manifest};
use palisade_diag::Files;
use palisade_rego::syntax::ast::{Body, Expr, ExprKind, Term, TermKind};
use palisade_rego::syntax::{self, ParseOptions};
use palisade_value::{AnyValue, Value};

use crate::surface::Surface;

/// What to ask which module.
pub struct Question<'b> {
    /// The module.
    pub module: &'b [u8],
    /// Its entrypoint: `authz/allow`.
    pub entrypoint: String,
    /// The keys that lead into the entrypoint's document.
    rest: Vec<String>,
}

impl Question<'_> {
    /// The place that was asked for, in the entrypoint's document.
    ///
    /// # Errors
    /// The way goes through an array, which may have been a set: only the sources tell what its keys are.
    pub fn part(&self, document: Value) -> anyhow::Result<Option<Value>> {
        let mut place = document;
        for key in &self.rest {
            let below = match &place {
                Value::Object(_) => place.get_str(key),
                Value::Array(_) => bail!(
                    "the module answers with an array where `{key}` is looked for, and an array may be a set: ask for \
                     data.{}, or bring the sources",
                    self.entrypoint.replace('/', ".")
                ),
                _ => None,
            };
            let Some(below) = below else { return Ok(None) };
            place = below;
        }
        Ok(Some(place))
    }
}

/// A bundle with nothing but a module, which says itself what it answers.
pub fn bundle_of(module: Vec<u8>) -> anyhow::Result<Bundle> {
    let manifest = Surface::of(&module)?.manifest.context("not a module of Palisade's")?;
    let entrypoints = manifest.entrypoints.into_iter().map(|it| Entrypoint {
        entrypoint: it.path,
        module: "/policy.wasm".to_owned(),
        annotations: it.annotations.into_iter().collect(),
    });
    let manifest = Manifest { wasm: entrypoints.collect(), ..Manifest::default() };
    Ok(Bundle { manifest, module: Some(module), ..Bundle::default() })
}

/// The keys of a query that is a path of names below `data`, such as `data.a["b"].c`; none for other queries.
pub fn path_of(query: &str) -> Option<Vec<String>> {
    let mut files = Files::new();
    let file = files.add("query", query);
    let parse = syntax::parse_query(&files, file, &ParseOptions::default());
    let Body { exprs, .. } = parse.diagnostics.is_empty().then_some(parse.tree)?;
    let [Expr { negated: false, kind: ExprKind::Term(term), with, .. }] = exprs.as_slice() else {
        return None;
    };
    let TermKind::Ref(path) = &term.kind else { return None };
    let is_data = matches!(&path.head.kind, TermKind::Var(name) if name == "data");
    let name = |term: &Term| match &term.kind {
        TermKind::String { text, .. } => Some(text.clone()),
        _ => None,
    };
    (is_data && with.is_empty()).then(|| path.path.iter().map(name).collect())?
}

/// The module that answers for a path: the one with the entrypoint that goes furthest along it.
pub fn question<'b>(bundles: &'b [(String, Bundle)], path: &[String]) -> Option<Question<'b>> {
    (1..=path.len()).rev().find_map(|n| {
        let (front, rest) = path.split_at(n);
        let entrypoint = front.join("/");
        let module = bundles.iter().find_map(|(_, bundle)| {
            let has_it = bundle.manifest.wasm.iter().any(|it| it.entrypoint == entrypoint);
            bundle.module.as_deref().filter(|_| has_it)
        })?;
        Some(Question { module, entrypoint, rest: rest.to_vec() })
    })
}

/// What to say of any other query where there are no sources.
pub fn what_can_be_asked(bundles: &[(String, Bundle)]) -> String {
    let entrypoints = bundles.iter().flat_map(|(_, it)| &it.manifest.wasm);
    let known: Vec<String> =
        entrypoints.map(|it| format!("data.{}", it.entrypoint.replace('/', "."))).collect();
    format!(
        "there is a compiled module and no sources: ask it, with `-t wasm`, for one of its entrypoints or a place below \
         one, such as {}; for other queries build the bundle with --include-sources, or add the sources with -d",
        known.join(", ")
    )
}
