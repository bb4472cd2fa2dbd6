//! Trees as short text: a line for each statement and expression, terms with the operator first.

use std::fmt::Write;

use palisade_syntax::syntax::ast::{
    Annotations, Assign, Body, Expr, ExprKind, Head, Module, Rule, TemplatePart, Term, TermKind,
    Version,
};

pub fn module(module: &Module) -> String {
    let mut out = String::new();
    let version = if module.version == Version::V0 { " (v0)" } else { "" };
    line(&mut out, 0, &format!("package {}{version}", path(&module.package.path)));
    for import in &module.imports {
        let alias =
            import.alias.as_ref().map_or(String::new(), |alias| format!(" as {}", alias.text));
        line(
            &mut out,
            0,
            &format!("import {} {}{alias}", term(&import.path.head), path(&import.path.path)),
        );
    }
    for rule in &module.rules {
        show_rule(&mut out, rule);
    }
    for comment in &module.comments {
        line(&mut out, 0, &format!("#{}", comment.text));
    }
    for annotations in &module.annotations {
        line(&mut out, 0, &show_annotations(annotations));
    }
    out
}

fn show_annotations(it: &Annotations) -> String {
    format!("annotations {:?} of {:?}: {}", it.scope, it.target, it.value)
}

fn show_rule(out: &mut String, rule: &Rule) {
    let default = if rule.is_default { "default " } else { "" };
    line(out, 0, &format!("{default}{}", head(&rule.head)));
    for body in rule.body.iter().chain(&rule.more_bodies) {
        block(out, "{", body, 1);
    }
    for it in &rule.elses {
        let value = it
            .value
            .as_ref()
            .map_or(String::new(), |value| format!(" {} {}", sign(it.assign), term(value)));
        line(out, 0, &format!("else{value}"));
        if let Some(body) = &it.body {
            block(out, "{", body, 1);
        }
    }
}

fn head(head: &Head) -> String {
    let mut out = path(&head.path);
    if let Some(args) = &head.args {
        write!(out, "({})", terms(args)).expect("a string takes all");
    }
    if let Some(member) = &head.contains {
        let word = if head.is_bracket_set { "contains (by bracket)" } else { "contains" };
        write!(out, " {word} {}", term(member)).expect("a string takes all");
    }
    if let Some(value) = &head.value {
        write!(out, " {} {}", sign(head.assign), term(value)).expect("a string takes all");
    }
    if head.has_if {
        out.push_str(" if");
    }
    out
}

fn sign(assign: Option<Assign>) -> &'static str {
    match assign {
        Some(Assign::Declare) => ":=",
        Some(Assign::Unify) => "=",
        None => "",
    }
}

pub fn body(body: &Body, depth: usize) -> String {
    let mut out = String::new();
    for it in &body.exprs {
        expr(&mut out, it, depth);
    }
    out
}

fn block(out: &mut String, opening: &str, it: &Body, depth: usize) {
    line(out, depth, opening);
    out.push_str(&body(it, depth + 1));
    line(out, depth, "}");
}

fn expr(out: &mut String, it: &Expr, depth: usize) {
    let with: String = it
        .with
        .iter()
        .map(|with| format!(" with {} as {}", term(&with.target), term(&with.value)))
        .collect();
    let not = if it.negated { "not " } else { "" };
    let mut nested = |opening: &str, exprs: &[Expr]| {
        line(out, depth, &format!("{not}{opening} {{{with}"));
        exprs.iter().for_each(|it| expr(out, it, depth + 1));
        line(out, depth, "}");
    };
    let text = match &it.kind {
        ExprKind::Term(it) => term(it),
        ExprKind::Assign(assign, lhs, rhs) => {
            format!("{} {} {}", term(lhs), sign(Some(*assign)), term(rhs))
        }
        ExprKind::SomeVars(names) => {
            format!(
                "some {}",
                names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
            )
        }
        ExprKind::SomeIn { key, value, collection } => {
            let key = key.as_ref().map_or(String::new(), |key| format!("{}, ", term(key)));
            format!("some {key}{} in {}", term(value), term(collection))
        }
        ExprKind::Every { key, value, domain, body } => {
            let key = key.as_ref().map_or(String::new(), |key| format!("{}, ", term(key)));
            return nested(&format!("every {key}{} in {}", term(value), term(domain)), &body.exprs);
        }
        ExprKind::Body(body) => return nested("body", &body.exprs),
        ExprKind::And(exprs) => return nested("and", exprs),
        ExprKind::Or(exprs) => return nested("or", exprs),
    };
    line(out, depth, &format!("{not}{text}{with}"));
}

fn line(out: &mut String, depth: usize, text: &str) {
    writeln!(out, "{}{text}", "  ".repeat(depth)).expect("a string takes all");
}

fn path(parts: &[Term]) -> String {
    parts.iter().map(term).collect::<Vec<_>>().join(".")
}

fn terms(items: &[Term]) -> String {
    items.iter().map(term).collect::<Vec<_>>().join(" ")
}

pub fn term(it: &Term) -> String {
    match &it.kind {
        TermKind::Null => "null".to_owned(),
        TermKind::Boolean(it) => it.to_string(),
        TermKind::Number(text) => text.clone(),
        TermKind::String { text, raw } => format!("{}{text:?}", if *raw { "raw" } else { "" }),
        TermKind::Template { parts, raw } => {
            let parts: Vec<_> = parts.iter().map(template_part).collect();
            format!("(template{} {})", if *raw { "-raw" } else { "" }, parts.join(" "))
        }
        TermKind::Var(name) => name.clone(),
        TermKind::Ref(it) => format!("(ref {} {})", term(&it.head), terms(&it.path)),
        TermKind::Array(items) => format!("[{}]", terms(items)),
        TermKind::Object(pairs) => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(key, value)| format!("{}: {}", term(key), term(value)))
                .collect();
            format!("{{{}}}", pairs.join(" "))
        }
        TermKind::Set(items) => format!("(set {})", terms(items)),
        TermKind::ArrayComprehension(head, body) => format!("[{} | {}]", term(head), inline(body)),
        TermKind::SetComprehension(head, body) => format!("{{{} | {}}}", term(head), inline(body)),
        TermKind::ObjectComprehension(key, value, body) => {
            format!("{{{}: {} | {}}}", term(key), term(value), inline(body))
        }
        TermKind::Call(callee, args) => format!("(call {} {})", term(callee), terms(args)),
        TermKind::Infix(operator, lhs, rhs) => {
            format!("({} {} {})", operator.builtin(), term(lhs), term(rhs))
        }
        TermKind::In { key, value, collection } => {
            let key = key.as_ref().map_or(String::new(), |key| term(key) + " ");
            format!("(in {key}{} {})", term(value), term(collection))
        }
        TermKind::Parens(inner) => format!("(parens {})", term(inner)),
        TermKind::Error => "<error>".to_owned(),
    }
}

fn template_part(part: &TemplatePart) -> String {
    match part {
        TemplatePart::Text(text) => format!("{text:?}"),
        TemplatePart::Expr(it) => {
            let mut out = String::new();
            expr(&mut out, it, 0);
            format!("{{{}}}", out.trim_end())
        }
    }
}

fn inline(it: &Body) -> String {
    body(it, 0).trim_end().replace('\n', "; ")
}
