//! The cases of a test with a key.
//!
//! A case that fails leaves no trace in the rule's value: its key is just missing. So a second rule is made that holds
//! as soon as the key is known: the same body up to the expression that binds it. Its value is the set of all cases.

use std::collections::BTreeSet;

use palisade_rego::checked::{
    Body, Clause, Expr, LocalId, Program, Rule, RuleId, RuleKind, Term, TermKind,
};
use palisade_rego::names;
use palisade_value::{AnyValue, Value};

/// What is appended to a test's name for the rule with its cases. No rule can be written with this name.
const SUFFIX: &str = " cases";

/// The name of the rule with the cases of the test of this name.
pub fn cases_name(test: &str) -> String {
    format!("{test}{SUFFIX}")
}

/// Whether a rule of a test has a key: `test_name[case]`. Keys that are strings name tests of their own.
pub fn is_keyed(rule: &Rule) -> bool {
    !rule.suffix.is_empty() || !constant_keys(rule).is_empty()
}

/// The front of the key of a test's rule, as far as it stands in the rule's path.
pub fn constant_keys(rule: &Rule) -> &[Value] {
    let named = rule.path.iter().take_while(|key| key.as_str().is_some()).count();
    &rule.path[named..]
}

/// Adds a rule with the cases for each rule of a test with a key.
pub fn add_case_rules(program: &mut Program, tests: &[Vec<String>]) {
    for path in tests {
        let Some((name, package)) = path.split_last() else { continue };
        let keyed: Vec<Rule> = program
            .rules
            .iter()
            .filter(|rule| names::strings(&rule.path) == *path && is_keyed(rule))
            .map(|rule| case_rule(rule, package, name))
            .collect();
        for rule in keyed {
            let id = RuleId(program.rules.len() as u32);
            program.root.make(&rule.path).rules.push(id);
            program.rules.push(rule);
        }
    }
}

fn case_rule(rule: &Rule, package: &[String], name: &str) -> Rule {
    let name = cases_name(name);
    let path = package.iter().chain([&name]).map(|part| Value::text(part)).collect();
    let constant = |key: &Value| Term { span: rule.head, kind: TermKind::Const(key.clone()) };
    let constants = constant_keys(rule).iter().map(constant);
    let mut keys: Vec<Term> = constants.chain(rule.suffix.iter().cloned()).collect();
    let key = match keys.len() {
        1 => keys.remove(0),
        _ => Term { span: rule.head, kind: TermKind::Array(keys) },
    };
    let clauses = rule.clauses.iter().take(1).map(|clause| Clause {
        body: Body { exprs: front(&clause.body.exprs, &rule.suffix) },
        value: Term { span: rule.head, kind: TermKind::Const(Value::Boolean(true)) },
        span: clause.span,
    });
    Rule {
        path,
        suffix: Vec::new(),
        kind: RuleKind::Contains(key),
        is_default: false,
        clauses: clauses.collect(),
        ..rule.clone()
    }
}

/// The expressions up to the one that binds the last variable of the key.
fn front(exprs: &[Expr], key: &[Term]) -> Vec<Expr> {
    let mut wanted = BTreeSet::new();
    key.iter().for_each(|term| locals(term, &mut wanted));
    let mut seen = BTreeSet::new();
    let mut n = 0;
    while n < exprs.len() && !wanted.is_subset(&seen) {
        expr_locals(&exprs[n], &mut seen);
        n += 1;
    }
    exprs[..n].to_vec()
}

fn expr_locals(expr: &Expr, found: &mut BTreeSet<LocalId>) {
    use palisade_rego::checked::ExprKind::{And, Every, Not, Or, SomeIn, Term, Unify};
    match &expr.kind {
        Term(term) => locals(term, found),
        Unify(a, b) => {
            locals(a, found);
            locals(b, found);
        }
        SomeIn { key, value, collection } => {
            key.iter().chain([value, collection]).for_each(|term| locals(term, found));
        }
        And(body) => body.exprs.iter().for_each(|expr| expr_locals(expr, found)),
        // Nothing bound inside these is visible outside.
        Every { .. } | Not(_) | Or(_) => {}
    }
}

fn locals(term: &Term, found: &mut BTreeSet<LocalId>) {
    match &term.kind {
        TermKind::Local(local) => {
            found.insert(*local);
        }
        TermKind::Array(items)
        | TermKind::Set(items)
        | TermKind::Input(items)
        | TermKind::Data(items)
        | TermKind::Call(_, items) => items.iter().for_each(|item| locals(item, found)),
        TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
            locals(key, found);
            locals(value, found);
        }),
        TermKind::Ref(head, path) => {
            locals(head, found);
            path.iter().for_each(|item| locals(item, found));
        }
        TermKind::Const(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => {}
    }
}
