//! Smaller sources, by their syntax trees: without a rule, a branch, an expression, or with a smaller term.

use palisade_diag::{Files, Span};
use palisade_rego::syntax::ast::{
    Body, Expr, ExprKind, Head, Module, Rule, TemplatePart, Term, TermKind,
};
use palisade_rego::syntax::{ParseOptions, parse_module, parse_query};

use crate::case::Case;

/// The case with one file less.
pub fn without_files(case: &Case) -> Vec<Case> {
    let without = |at: usize| {
        let mut less = case.clone();
        less.sources.remove(at);
        less
    };
    (0..case.sources.len()).map(without).collect()
}

/// The case with something less in one of its sources or queries.
pub fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for (at, (_, text)) in case.sources.iter().enumerate() {
        for text in smaller_modules(text, case) {
            let mut less = case.clone();
            less.sources[at].1 = text;
            all.push(less);
        }
    }
    for (at, text) in case.queries.iter().enumerate() {
        for text in smaller_queries(text, case) {
            let mut less = case.clone();
            less.queries[at] = text;
            all.push(less);
        }
    }
    all
}

fn smaller_modules(text: &str, case: &Case) -> Vec<String> {
    let mut files = Files::new();
    let file = files.add("", text);
    let parse = parse_module(&files, file, &ParseOptions::of(case.version));
    let mut edits = Edits { text, all: Vec::new() };
    if parse.diagnostics.is_empty() {
        edits.module(&parse.tree);
    } else {
        edits.lines();
    }
    edits.applied()
}

fn smaller_queries(text: &str, case: &Case) -> Vec<String> {
    let mut files = Files::new();
    let file = files.add("", text);
    let parse = parse_query(&files, file, &ParseOptions::of(case.version));
    let mut edits = Edits { text, all: Vec::new() };
    if parse.diagnostics.is_empty() {
        edits.body(&parse.tree, ("", ""));
    }
    edits.applied()
}

/// Replacements of parts of a text, one at a time.
struct Edits<'t> {
    text: &'t str,
    all: Vec<(usize, usize, String)>,
}

impl Edits<'_> {
    fn applied(self) -> Vec<String> {
        let apply = |(start, end, new): (usize, usize, String)| {
            let (before, after) = (self.text.get(..start)?, self.text.get(end..)?);
            Some(format!("{before}{new}{after}"))
        };
        self.all.into_iter().filter_map(apply).collect()
    }

    fn of(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn replace(&mut self, span: Span, new: impl Into<String>) {
        self.all.push((span.start as usize, span.end as usize, new.into()));
    }

    /// What can't be read gets smaller by parts of lines.
    fn lines(&mut self) {
        let mut size = self.text.len() / 2;
        while size > 0 {
            for start in (0..self.text.len()).step_by(size) {
                self.all.push((start, (start + size).min(self.text.len()), String::new()));
            }
            size /= 2;
        }
    }

    fn module(&mut self, module: &Module) {
        for rule in &module.rules {
            self.replace(rule.span, "");
        }
        for import in &module.imports {
            self.replace(import.span, "");
        }
        for comment in &module.comments {
            self.replace(comment.span, "");
        }
        for rule in &module.rules {
            self.rule(rule);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        for other in &rule.elses {
            self.replace(other.span, "");
        }
        if let Some(body) = &rule.body {
            let behind = Span { start: rule.head.span.end, ..body.span };
            self.replace(behind, "");
            self.body(body, ("{ ", " }"));
        }
        self.head(&rule.head);
        for other in &rule.elses {
            other.value.iter().for_each(|it| self.term(it));
            other.body.iter().for_each(|it| self.body(it, ("{ ", " }")));
        }
        rule.more_bodies.iter().for_each(|it| self.replace(it.span, ""));
    }

    fn head(&mut self, head: &Head) {
        head.path.iter().skip(1).for_each(|it| self.term(it));
        head.args.iter().flatten().for_each(|it| self.term(it));
        head.contains.iter().for_each(|it| self.term(it));
        head.value.iter().for_each(|it| self.term(it));
    }

    /// The body without one of its expressions, and with smaller ones.
    fn body(&mut self, body: &Body, (open, close): (&str, &str)) {
        let [_, _, ..] = body.exprs.as_slice() else {
            body.exprs.iter().for_each(|it| self.expr(it));
            return;
        };
        for without in 0..body.exprs.len() {
            let kept = body.exprs.iter().enumerate().filter(|(at, _)| *at != without);
            let kept: Vec<&str> = kept.map(|(_, it)| self.of(it.span)).collect();
            let new = format!("{open}{}{close}", kept.join("; "));
            self.replace(body.span, new);
        }
        body.exprs.iter().for_each(|it| self.expr(it));
    }

    fn expr(&mut self, expr: &Expr) {
        for with in &expr.with {
            self.replace(with.span, "");
            self.term(&with.value);
        }
        if expr.negated {
            let text = self.of(expr.span).trim_start_matches("not").trim_start().to_owned();
            self.replace(expr.span, text);
        }
        match &expr.kind {
            ExprKind::Term(term) => self.term(term),
            ExprKind::Assign(_, left, right) => {
                self.term(left);
                self.term(right);
            }
            ExprKind::SomeVars(_) => {}
            ExprKind::SomeIn { key, value, collection } => {
                if let Some(key) = key {
                    self.replace(Span { end: value.span.start, ..key.span }, "");
                }
                self.term(value);
                self.term(collection);
            }
            ExprKind::Every { key, value, domain, body } => {
                if let Some(key) = key {
                    self.replace(Span { end: value.span.start, ..key.span }, "");
                }
                self.term(domain);
                self.body(body, ("{ ", " }"));
            }
            ExprKind::Body(body) => self.body(body, ("{ ", " }")),
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|it| self.expr(it)),
        }
    }

    /// A part of the term, or a constant, in its place.
    fn term(&mut self, term: &Term) {
        let parts = parts(term);
        for constant in ["1", "[]", "{}", "true", "\"\""] {
            if constant.len() < (term.span.end - term.span.start) as usize {
                self.replace(term.span, constant);
            }
        }
        for part in &parts {
            let text = self.of(part.span).to_owned();
            self.replace(term.span, text);
        }
        if let TermKind::Array(items) | TermKind::Set(items) | TermKind::Call(_, items) = &term.kind
        {
            self.without_items(items.iter().map(|it| it.span).collect());
        }
        if let TermKind::Object(entries) = &term.kind {
            self.without_items(
                entries
                    .iter()
                    .map(|(key, value)| Span { end: value.span.end, ..key.span })
                    .collect(),
            );
        }
        parts.into_iter().for_each(|it| self.term(it));
        bodies(term).into_iter().for_each(|it| self.body(it, ("", "")));
        if let TermKind::Template { parts, .. } = &term.kind {
            parts.iter().for_each(|it| {
                if let TemplatePart::Expr(expr) = it {
                    self.expr(expr);
                }
            });
        }
    }

    /// A list without one of its items.
    fn without_items(&mut self, items: Vec<Span>) {
        for (at, item) in items.iter().enumerate() {
            match (items.get(at + 1), at.checked_sub(1).and_then(|it| items.get(it))) {
                (Some(next), _) => self.replace(Span { end: next.start, ..*item }, ""),
                (None, Some(previous)) => self.replace(Span { start: previous.end, ..*item }, ""),
                (None, None) => self.replace(*item, ""),
            }
        }
    }
}

/// The terms inside of a term.
fn parts(term: &Term) -> Vec<&Term> {
    match &term.kind {
        TermKind::Ref(reference) => {
            std::iter::once(&*reference.head).chain(&reference.path).collect()
        }
        TermKind::Array(items) | TermKind::Set(items) => items.iter().collect(),
        TermKind::Object(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        TermKind::ArrayComprehension(head, _) | TermKind::SetComprehension(head, _) => vec![head],
        TermKind::ObjectComprehension(key, value, _) => vec![key, value],
        TermKind::Call(_, arguments) => arguments.iter().collect(),
        TermKind::Infix(_, left, right) => vec![left, right],
        TermKind::In { key, value, collection } => {
            key.as_deref().into_iter().chain([&**value, &**collection]).collect()
        }
        TermKind::Parens(inner) => vec![inner],
        TermKind::Null
        | TermKind::Boolean(_)
        | TermKind::Number(_)
        | TermKind::String { .. }
        | TermKind::Template { .. }
        | TermKind::Var(_)
        | TermKind::Error => Vec::new(),
    }
}

fn bodies(term: &Term) -> Vec<&Body> {
    match &term.kind {
        TermKind::ArrayComprehension(_, body)
        | TermKind::SetComprehension(_, body)
        | TermKind::ObjectComprehension(_, _, body) => vec![body],
        _ => Vec::new(),
    }
}
