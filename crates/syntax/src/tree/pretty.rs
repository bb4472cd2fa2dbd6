//! The tree as indented lines, as `opa parse` prints it for people.

use palisade_value::json;

use super::order::{sorted, sorted_pairs};
use super::{Expr, Head, Module, Rule, Term, Terms, Value};

/// The tree of a file, a node a line.
pub fn pretty(module: &Module) -> String {
    let mut out = Printer { text: String::new(), depth: 0 };
    out.node("module", |it| it.module(module));
    out.text
}

struct Printer {
    text: String,
    depth: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', self.depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A line with what is below it.
    fn node(&mut self, name: &str, below: impl FnOnce(&mut Self)) {
        self.line(name);
        self.depth += 1;
        below(self);
        self.depth -= 1;
    }

    fn module(&mut self, module: &Module) {
        self.node("package", |it| it.list("ref", &module.path));
        for import in &module.imports {
            self.node("import", |it| {
                it.term(&import.path);
                it.line(import.alias.as_deref().unwrap_or_default());
            });
        }
        module.rules.iter().for_each(|it| self.rule(it));
        module.annotations.iter().for_each(|_| self.line("annotations"));
        module.comments.iter().for_each(|_| self.line("comment"));
    }

    fn rule(&mut self, rule: &Rule) {
        self.node("rule", |it| {
            it.head(&rule.head);
            it.body(&rule.body);
            if let Some(branch) = &rule.otherwise {
                it.rule(branch);
            }
        });
    }

    fn head(&mut self, head: &Head) {
        self.node("head", |it| {
            it.list("ref", &head.reference);
            if !head.args.is_empty() {
                it.list("args", &head.args);
            }
            head.value.iter().for_each(|value| it.term(value));
        });
    }

    fn body(&mut self, body: &[Expr]) {
        self.node("body", |it| {
            for (at, expr) in body.iter().enumerate() {
                it.expr(at, expr);
            }
        });
    }

    fn expr(&mut self, at: usize, expr: &Expr) {
        let not = if expr.negated { "negated " } else { "" };
        self.node(&format!("expr {not}index={at}"), |it| {
            it.terms(&expr.terms);
            for with in &expr.with {
                it.node("with", |it| {
                    it.term(&with.target);
                    it.term(&with.value);
                });
            }
        });
    }

    fn terms(&mut self, terms: &Terms) {
        match terms {
            Terms::Term(it) => self.term(it),
            Terms::Call(terms) => terms.iter().for_each(|it| self.term(it)),
            Terms::Some { symbols, .. } => self.list("somedecl", symbols),
            Terms::Every(every) => self.node("every", |it| {
                every.key.iter().for_each(|key| it.term(key));
                it.term(&every.value);
                it.term(&every.domain);
                it.body(&every.body);
            }),
            Terms::Not { body, .. } => self.node("not", |it| it.body(body)),
            Terms::Logical(logical) => self.node(&format!("logical{}", logical.operator), |it| {
                it.body(&logical.lhs.body);
                it.body(&logical.rhs.body);
            }),
        }
    }

    fn list(&mut self, name: &str, terms: &[Term]) {
        self.node(name, |it| terms.iter().for_each(|term| it.term(term)));
    }

    fn term(&mut self, term: &Term) {
        match &term.value {
            Value::Null => self.line("null"),
            Value::Boolean(it) => self.line(if *it { "true" } else { "false" }),
            Value::Number(text) => self.line(text),
            Value::String { text, .. } => {
                let mut quoted = String::new();
                json::write_string(text, &mut quoted);
                self.line(&quoted);
            }
            // OPA does not look into them.
            Value::Template { .. } => self.line("templatestring"),
            Value::Var(name) => self.line(if name.starts_with('$') { "_" } else { name }),
            Value::Ref(terms) => self.list("ref", terms),
            Value::Array(terms) => self.list("array", terms),
            Value::Call(terms) => self.list("call", terms),
            Value::Set(terms) => {
                self.node("set", |it| sorted(terms).into_iter().for_each(|term| it.term(term)));
            }
            Value::Object(pairs) => self.node("object", |it| {
                for (key, value) in sorted_pairs(pairs) {
                    it.term(key);
                    it.term(value);
                }
            }),
            Value::ArrayComprehension(head, body) => {
                self.comprehension("arraycomprehension", &[head], body);
            }
            Value::SetComprehension(head, body) => {
                self.comprehension("setcomprehension", &[head], body);
            }
            Value::ObjectComprehension(key, value, body) => {
                self.comprehension("objectcomprehension", &[key, value], body);
            }
        }
    }

    fn comprehension(&mut self, name: &str, heads: &[&Term], body: &[Expr]) {
        self.node(name, |it| {
            heads.iter().for_each(|head| it.term(head));
            it.body(body);
        });
    }
}
