//! The residual program as Rego text.

use std::collections::{BTreeSet, HashMap};

use palisade_builtins::declarations;
use palisade_rego::names;
use palisade_value::{AnyValue, Value, json};

use crate::residual::{
    Callee, Every, Expr, Head, Kind, Replacement, Rule, RuleKind, Target, Term, Var, With,
};

/// The operators that bind closer than comparisons. `|` is not among them: in braces it would begin a comprehension, so
/// it always stands in parentheses.
const ARITHMETIC: [&str; 6] = ["+", "-", "*", "/", "%", "&"];

/// Prints one body or rule: its variables have names of their own.
pub(crate) struct Printer<'a> {
    /// What the variables' names are made of.
    hints: &'a [String],
    /// Names that mean something else.
    reserved: &'a BTreeSet<String>,
    names: HashMap<Var, String>,
    taken: BTreeSet<String>,
    /// How often each variable stands somewhere.
    counts: HashMap<Var, usize>,
}

impl<'a> Printer<'a> {
    pub(crate) fn new(hints: &'a [String], reserved: &'a BTreeSet<String>) -> Printer<'a> {
        Printer {
            hints,
            reserved,
            names: HashMap::new(),
            taken: BTreeSet::new(),
            counts: HashMap::new(),
        }
    }

    /// Gives a variable the name that it must have.
    pub(crate) fn name(&mut self, var: Var, name: &str) {
        self.taken.insert(name.to_owned());
        self.names.insert(var, name.to_owned());
    }

    fn count(&mut self, term: &Term) {
        if let Term::Var(var) = term {
            *self.counts.entry(*var).or_default() += 1;
        }
    }

    fn count_body(&mut self, body: &[Expr]) {
        body.iter().for_each(|expr| expr.terms(&mut |term| self.count(term)));
    }

    /// A query: an expression a line.
    pub(crate) fn query(&mut self, body: &[Expr]) -> String {
        self.count_body(body);
        let lines: Vec<String> = body.iter().map(|expr| self.expr(expr)).collect();
        lines.join("\n")
    }

    /// A rule.
    pub(crate) fn rule(&mut self, rule: &Rule) -> String {
        rule.suffix.iter().for_each(|term| term.terms(&mut |term| self.count(term)));
        if let RuleKind::Function(arguments) = &rule.kind {
            arguments.iter().for_each(|term| term.terms(&mut |term| self.count(term)));
        }
        for (value, body) in &rule.clauses {
            value.terms(&mut |term| self.count(term));
            self.count_body(body);
        }
        let mut text = if rule.is_default { "default ".to_owned() } else { String::new() };
        text.push_str(&self.head(rule));
        for (at, (value, body)) in rule.clauses.iter().enumerate() {
            let is_true = *value == Term::Const(Value::Boolean(true));
            let is_plain = matches!(rule.kind, RuleKind::Function(_)) || rule.suffix.is_empty();
            if at > 0 {
                text.push_str(" else");
            }
            if matches!(rule.kind, RuleKind::Contains) {
                text.push_str(&format!(" contains {}", self.nested(value)));
            } else if !is_true || body.is_empty() || !is_plain {
                text.push_str(&format!(" := {}", self.nested(value)));
            }
            text.push_str(&self.rule_body(body));
        }
        text
    }

    fn head(&mut self, rule: &Rule) -> String {
        let mut text = names::reference(&rule.name);
        for part in &rule.suffix {
            text.push_str(&format!("[{}]", self.term(part)));
        }
        if let RuleKind::Function(arguments) = &rule.kind {
            let arguments: Vec<String> = arguments.iter().map(|it| self.nested(it)).collect();
            text.push_str(&format!("({})", arguments.join(", ")));
        }
        text
    }

    fn rule_body(&mut self, body: &[Expr]) -> String {
        let lines: Vec<String> = body.iter().map(|expr| self.expr(expr)).collect();
        match lines.as_slice() {
            [] => String::new(),
            [one] if !one.starts_with('{') => format!(" if {one}"),
            all => format!(" if {{\n\t{}\n}}", all.join("\n\t")),
        }
    }

    fn expr(&mut self, expr: &Expr) -> String {
        let mut text = self.kind(&expr.kind);
        expr.with.iter().for_each(|with| text.push_str(&self.modifier(with)));
        text
    }

    fn kind(&mut self, kind: &Kind) -> String {
        match kind {
            Kind::Term(Term::Call(callee, arguments))
                if infix(callee, arguments.len()) == Some("|") =>
            {
                format!("({})", self.call(callee, arguments))
            }
            Kind::Term(term) => self.term(term),
            Kind::Unify(left, right) if left.is_total() && !right.is_total() && !is_var(left) => {
                format!("{} = {}", self.side(right), self.side(left))
            }
            Kind::Unify(left @ Term::Const(_), right @ Term::Var(_)) => {
                format!("{} = {}", self.side(right), self.side(left))
            }
            Kind::Unify(left, right) => format!("{} = {}", self.side(left), self.side(right)),
            Kind::Not(inner) => format!("not {}", self.kind(inner)),
            Kind::Every(every) => self.every(every),
        }
    }

    fn every(&mut self, every: &Every) -> String {
        let key = every.key.as_ref().map(|key| format!("{}, ", self.term(key)));
        let value = self.term(&every.value);
        let domain = self.nested(&every.domain);
        let body = self.closure(&every.body);
        format!("every {}{value} in {domain} {{ {body} }}", key.unwrap_or_default())
    }

    fn modifier(&mut self, with: &With) -> String {
        let place = |root: &str, path: &[Value]| {
            let path: Vec<Value> =
                std::iter::once(Value::text(root)).chain(path.iter().cloned()).collect();
            names::reference(&path)
        };
        let target = match &with.target {
            Target::Input(path) => place("input", path),
            Target::Data(path) => place("data", path),
            Target::Callee(callee) => callee_name(callee),
        };
        let value = match &with.value {
            Replacement::Term(term) => self.nested(term),
            Replacement::Callee(callee) => callee_name(callee),
        };
        format!(" with {target} as {value}")
    }

    fn closure(&mut self, body: &[Expr]) -> String {
        let exprs: Vec<String> = body.iter().map(|expr| self.expr(expr)).collect();
        exprs.join("; ")
    }

    /// A side of an equation.
    fn side(&mut self, term: &Term) -> String {
        match term {
            Term::Call(callee, arguments)
                if infix(callee, arguments.len()).is_some_and(|it| !ARITHMETIC.contains(&it)) =>
            {
                format!("({})", self.term(term))
            }
            _ => self.term(term),
        }
    }

    /// A part of another term.
    fn nested(&mut self, term: &Term) -> String {
        match term {
            Term::Call(callee, arguments) if infix(callee, arguments.len()).is_some() => {
                format!("({})", self.term(term))
            }
            _ => self.term(term),
        }
    }

    /// An operand: arithmetic binds closer than comparisons.
    fn operand(&mut self, sign: &str, term: &Term) -> String {
        match term {
            Term::Call(callee, arguments)
                if !ARITHMETIC.contains(&sign)
                    && infix(callee, arguments.len())
                        .is_some_and(|it| ARITHMETIC.contains(&it)) =>
            {
                self.term(term)
            }
            _ => self.nested(term),
        }
    }

    fn list(&mut self, terms: &[Term]) -> String {
        let terms: Vec<String> = terms.iter().map(|term| self.nested(term)).collect();
        terms.join(", ")
    }

    fn term(&mut self, term: &Term) -> String {
        match term {
            Term::Const(value) => {
                let mut text = String::new();
                json::write_rego(value, &mut text);
                text
            }
            Term::Var(var) => self.variable(*var),
            Term::Array(items) => format!("[{}]", self.list(items)),
            Term::Set(items) => format!("{{{}}}", self.list(items)),
            Term::Object(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.nested(key), self.nested(value)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Term::Ref(head, path) => self.reference(head, path),
            Term::Call(callee, arguments) => self.call(callee, arguments),
            Term::ArrayComprehension(value, body) => {
                format!("[{} | {}]", self.nested(value), self.closure(body))
            }
            Term::SetComprehension(value, body) => {
                format!("{{{} | {}}}", self.nested(value), self.closure(body))
            }
            Term::ObjectComprehension(entry, body) => {
                let (key, value) = (self.nested(&entry.0), self.nested(&entry.1));
                format!("{{{key}: {value} | {}}}", self.closure(body))
            }
        }
    }

    fn reference(&mut self, head: &Head, path: &[Term]) -> String {
        let mut text = match head {
            Head::Input => "input".to_owned(),
            Head::Data => "data".to_owned(),
            Head::Term(term) => self.nested(term),
        };
        for part in path {
            match part {
                Term::Const(value) if value.as_str().is_some_and(names::is_name) => {
                    text.push('.');
                    text.push_str(value.as_str().unwrap_or_default());
                }
                other => text.push_str(&format!("[{}]", self.term(other))),
            }
        }
        text
    }

    fn call(&mut self, callee: &Callee, arguments: &[Term]) -> String {
        match (infix(callee, arguments.len()), arguments) {
            (Some(sign), [left, right]) => {
                format!("{} {sign} {}", self.operand(sign, left), self.operand(sign, right))
            }
            (Some(sign), [key, value, collection]) => {
                let (key, value) = (self.nested(key), self.nested(value));
                format!("{key}, {value} {sign} {}", self.nested(collection))
            }
            _ => format!("{}({})", callee_name(callee), self.list(arguments)),
        }
    }

    fn variable(&mut self, var: Var) -> String {
        if self.counts.get(&var) == Some(&1) && !self.names.contains_key(&var) {
            return "_".to_owned();
        }
        self.given(var)
    }

    /// The variable's name.
    fn given(&mut self, var: Var) -> String {
        if let Some(name) = self.names.get(&var) {
            return name.clone();
        }
        let hint = self.hints.get(var.0 as usize).map_or("", String::as_str);
        let stem = match hint {
            "" | "_" => "v",
            hint if names::is_name(hint) => hint,
            _ => "v",
        };
        let fits = |name: &String| !self.taken.contains(name) && !self.reserved.contains(name);
        let numbered = (1..).map(|number| format!("{stem}{number}"));
        let name = std::iter::once(stem.to_owned()).chain(numbered).find(fits);
        let name = name.unwrap_or_default();
        self.name(var, &name);
        name
    }
}

fn is_var(term: &Term) -> bool {
    matches!(term, Term::Var(_))
}

/// What Rego v1 calls a built-in that only v0 has under this name.
fn current(name: &str) -> &str {
    match name {
        "re_match" => "regex.match",
        "set_diff" => "minus",
        "net.cidr_overlap" => "net.cidr_contains",
        other => other,
    }
}

/// The operator that a call is written with.
fn infix(callee: &Callee, arguments: usize) -> Option<&'static str> {
    let Callee::Builtin(name) = callee else { return None };
    let sign = match (name.as_str(), arguments) {
        ("internal.member_2", 2) | ("internal.member_3", 3) => Some("in"),
        (name, 2) => {
            let name = current(name);
            declarations().iter().find(|it| it.name == name)?.infix
        }
        _ => None,
    };
    sign.filter(|sign| *sign != ":=")
}

fn callee_name(callee: &Callee) -> String {
    match callee {
        Callee::Builtin(name) => current(name).to_owned(),
        Callee::Function(path) => {
            names::reference(&[&[Value::text("data")], path.as_slice()].concat())
        }
    }
}
