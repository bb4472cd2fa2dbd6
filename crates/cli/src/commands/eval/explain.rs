//! A trace as JSON, in the shape of `opa eval --format json --explain`.

use std::collections::HashMap;

use palisade_compiler::Analysis;
use palisade_diag::{Files, Span};
use palisade_interp::trace::{self, Event, Mode, Op, Subject, Trace};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{Keywords, ParseOptions, parse_query};
use palisade_rego::tree;
use palisade_value::{AnyValue, Value};

/// The events of a mode.
pub fn json(trace: &Trace, analysis: &Analysis, mode: Mode) -> Value {
    let mut nodes = Nodes { analysis, known: HashMap::new() };
    let events = trace::select(trace, mode);
    Value::array(events.into_iter().map(|event| nodes.event(event)).collect())
}

/// The trees of what events are about, each made once.
struct Nodes<'a> {
    analysis: &'a Analysis,
    known: HashMap<(Span, bool, bool), Value>,
}

impl Nodes<'_> {
    fn event(&mut self, event: &Event) -> Value {
        let files = &self.analysis.files;
        let at = files.start(event.span);
        let name = files.name(event.span.file);
        let location = Value::object_of([
            ("file", Value::text(if name == "query" { "" } else { name })),
            ("row", Value::from(i64::from(at.row))),
            ("col", Value::from(i64::from(at.col))),
        ]);
        let number = |it: u64| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
        let reference = match (event.op, &event.path) {
            (Op::Index, Some(path)) => reference(path),
            _ => Value::Null,
        };
        Value::object_of([
            ("Op", Value::text(event.op.name())),
            ("Node", self.node(event)),
            ("Location", location),
            // OPA counts from 0, and says of the first query that it is its own parent.
            ("QueryID", number(event.query.saturating_sub(1))),
            ("ParentID", number(event.parent.saturating_sub(1))),
            ("Locals", Value::Null),
            ("LocalMetadata", Value::empty_object()),
            ("Message", Value::text(&event.message)),
            ("Ref", reference),
        ])
    }

    fn node(&mut self, event: &Event) -> Value {
        let (is_rule, is_body) = (event.subject == Subject::Rule, event.subject == Subject::Body);
        let key = (event.span, is_rule, is_body);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let node = match event.subject {
            Subject::Rule => self.rule(event.span),
            Subject::Body => body(&self.analysis.files, event.span),
            Subject::Expr => {
                let body = body(&self.analysis.files, event.span);
                body.items().first().cloned().unwrap_or(Value::Null)
            }
        };
        self.known.insert(key, node.clone());
        node
    }

    /// The rule that a place lies in.
    fn rule(&self, span: Span) -> Value {
        let Some(module) = self.analysis.modules.iter().find(|it| it.file == span.file) else {
            return Value::Null;
        };
        let files = &self.analysis.files;
        let tree = tree::module(files, module);
        let holds = |rule: &&tree::Rule| {
            let (start, end) = (rule.location.start, rule.location.end);
            start <= span.start && span.start < end.max(start + 1)
        };
        let found = tree.rules.iter().rev().find(holds);
        found.map_or(Value::Null, |rule| tree::rule_json(files, span.file, rule))
    }
}

/// The tree of the expressions at a place. Null for a part that is no expression by itself.
fn body(files: &Files, span: Span) -> Value {
    let text = files.slice(span);
    let versions = [Version::V1, Version::V0];
    let parse = versions.into_iter().find_map(|version| {
        let mut files = Files::new();
        let file = files.add("", text);
        let keywords = Keywords { and: true, or: true, ..Keywords::default() };
        let keywords = if version == Version::V1 { keywords } else { Keywords::default() };
        let options = ParseOptions { keywords, ..ParseOptions::of(version) };
        let parse = parse_query(&files, file, &options);
        parse.diagnostics.is_empty().then_some((files, file, parse.tree))
    });
    let Some((files, file, parsed)) = parse else { return Value::Null };
    tree::body_json(&files, file, &tree::body(&files, file, &parsed))
}

/// `data.a.b` as a reference's JSON.
fn reference(path: &str) -> Value {
    let parts = path.split('.').enumerate().map(|(at, part)| {
        let sort = if at == 0 { "var" } else { "string" };
        Value::object_of([("type", Value::text(sort)), ("value", Value::text(part))])
    });
    Value::array(parts.collect())
}
