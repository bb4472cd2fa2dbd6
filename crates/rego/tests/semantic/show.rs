//! A checked program as text: bodies in their order, resolved names, variables with their numbers.

use palisade_rego::checked::{
    Body, Callee, Expr, ExprKind, LocalId, Program, Rule, RuleKind, Scope, Term, TermKind, With,
    WithTarget, WithValue,
};
use palisade_rego::names::data_path;

/// The rules, entrypoints and queries of a program.
pub fn program(program: &Program) -> String {
    let mut out = String::new();
    for rule in &program.rules {
        out += &Printer { program, scope: &rule.scope }.rule(rule);
    }
    for entrypoint in &program.entrypoints {
        out += &format!("entrypoint {}\n", entrypoint.join("/"));
    }
    for query in &program.queries {
        let printer = Printer { program, scope: &query.scope };
        out += &format!("query\n{}", printer.body(&query.body, 1));
        let bindings: Vec<String> = query
            .bindings
            .iter()
            .map(|(name, local)| format!("{name} = {}", printer.local(*local)))
            .collect();
        out += &format!("  bindings: {}\n", bindings.join(", "));
        let values: Vec<String> = query
            .exprs
            .iter()
            .map(|(_, local)| local.map_or("true".to_owned(), |local| printer.local(local)))
            .collect();
        out += &format!("  values: {}\n", values.join(", "));
    }
    out
}

struct Printer<'a> {
    program: &'a Program,
    scope: &'a Scope,
}

impl Printer<'_> {
    fn rule(&self, rule: &Rule) -> String {
        let mut head = if rule.is_default { "default ".to_owned() } else { String::new() };
        head += data_path(&rule.path).trim_start_matches("data.");
        head += &self.keys(&rule.suffix);
        match &rule.kind {
            RuleKind::Value => {}
            RuleKind::Contains(member) => head += &format!(" contains {}", self.term(member)),
            RuleKind::Function(parameters) => head += &format!("({})", self.terms(parameters)),
        }
        let mut out = head + "\n";
        for clause in &rule.clauses {
            out += &self.body(&clause.body, 1);
            out += &format!("  -> {}\n", self.term(&clause.value));
        }
        out
    }

    fn body(&self, body: &Body, depth: usize) -> String {
        body.exprs.iter().map(|expr| self.expr(expr, depth)).collect()
    }

    fn expr(&self, expr: &Expr, depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let (line, bodies): (String, &[Body]) = match &expr.kind {
            ExprKind::Term(term) => (self.term(term), &[]),
            ExprKind::Unify(left, right) => {
                (format!("{} = {}", self.term(left), self.term(right)), &[])
            }
            ExprKind::SomeIn { key, value, collection } => {
                let key = key.as_ref().map(|key| self.term(key) + ", ").unwrap_or_default();
                (format!("some {key}{} in {}", self.term(value), self.term(collection)), &[])
            }
            ExprKind::Every { key, value, domain, body } => {
                let key = key.map(|key| self.local(key) + ", ").unwrap_or_default();
                let line = format!("every {key}{} in {}", self.local(*value), self.term(domain));
                (line, std::slice::from_ref(body))
            }
            ExprKind::Not(body) => ("not".to_owned(), std::slice::from_ref(body)),
            ExprKind::And(body) => ("and".to_owned(), std::slice::from_ref(body)),
            ExprKind::Or(bodies) => ("or".to_owned(), bodies),
        };
        let with: String = expr.with.iter().map(|with| self.with(with)).collect();
        let bodies: Vec<String> = bodies.iter().map(|body| self.body(body, depth + 1)).collect();
        format!("{indent}{line}{with}\n{}", bodies.join(&format!("{indent}  --\n")))
    }

    fn with(&self, with: &With) -> String {
        let path = |root: &str, path: &[palisade_value::Value]| {
            path.iter().fold(root.to_owned(), |text, part| format!("{text}[{part}]"))
        };
        let target = match &with.target {
            WithTarget::Input(parts) => path("input", parts),
            WithTarget::Data(parts) => path("data", parts),
            WithTarget::Function(id) => self.callee(Callee::Function(*id)),
            WithTarget::Builtin(id) => self.callee(Callee::Builtin(*id)),
        };
        let value = match &with.value {
            WithValue::Term(term) => self.term(term),
            WithValue::Callee(callee) => self.callee(*callee),
        };
        format!(" with {target} as {value}")
    }

    fn callee(&self, callee: Callee) -> String {
        match callee {
            Callee::Builtin(id) => self.program.builtins[id.0 as usize].name.clone(),
            Callee::Function(id) => data_path(&self.program.functions[id.0 as usize].path),
        }
    }

    fn local(&self, local: LocalId) -> String {
        format!("{}#{}", self.scope.locals[local.0 as usize].name, local.0)
    }

    fn terms(&self, terms: &[Term]) -> String {
        terms.iter().map(|term| self.term(term)).collect::<Vec<_>>().join(", ")
    }

    fn keys(&self, terms: &[Term]) -> String {
        terms.iter().map(|term| format!("[{}]", self.term(term))).collect()
    }

    fn nested(&self, body: &Body) -> String {
        let body = self.body(body, 0);
        body.trim_end().lines().map(str::trim).collect::<Vec<_>>().join("; ")
    }

    fn term(&self, term: &Term) -> String {
        match &term.kind {
            TermKind::Const(value) => value.to_string(),
            TermKind::Local(local) => self.local(*local),
            TermKind::Array(items) => format!("[{}]", self.terms(items)),
            TermKind::Set(items) => format!("{{{}}}", self.terms(items)),
            TermKind::Object(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.term(key), self.term(value)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            TermKind::Input(path) => format!("input{}", self.keys(path)),
            TermKind::Data(path) => format!("data{}", self.keys(path)),
            TermKind::Ref(head, path) => format!("{}{}", self.term(head), self.keys(path)),
            TermKind::Call(callee, args) => {
                format!("{}({})", self.callee(*callee), self.terms(args))
            }
            TermKind::ArrayComprehension(value, body) => {
                format!("[{} | {}]", self.term(value), self.nested(body))
            }
            TermKind::SetComprehension(value, body) => {
                format!("{{{} | {}}}", self.term(value), self.nested(body))
            }
            TermKind::ObjectComprehension(key, value, body) => {
                format!("{{{}: {} | {}}}", self.term(key), self.term(value), self.nested(body))
            }
        }
    }
}
