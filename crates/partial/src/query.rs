//! From a query to the residual program.

use std::collections::{BTreeMap, BTreeSet};

use palisade_builtins::declarations;
use palisade_interp::Evaluator;
use palisade_rego::checked::{Body, ExprKind, Node, Program, Query, TermKind};
use palisade_rego::names;
use palisade_value::{AnyValue, Value};

use crate::error::PartialError;
use crate::machine::{Flow, Machine};
use crate::options::Options;
use crate::residual::{Expr, Kind, Rule, Term, Var, substitute};
use crate::simplify::{self, Visible};
use crate::symbol::Symbol;
use crate::text::Printer;

/// How large the stack is that an evaluation runs on. Pages that are never reached cost nothing.
const STACK_BYTES: usize = 256 << 20;

/// What is left of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Residual {
    /// The queries, in Rego: one at least must hold. None: nothing holds, whatever the unknowns are. An empty one always
    /// holds.
    pub queries: Vec<String>,
    /// The support modules, in Rego v1, by package.
    pub modules: Vec<String>,
}

/// Evaluates a query of the program as far as it is known.
///
/// # Errors
/// A limit is reached, or the residual program has no form in Rego; see [`PartialError`].
pub fn evaluate(
    program: &Program,
    query: usize,
    data: &Value,
    options: &Options,
) -> Result<Residual, PartialError> {
    let query = program
        .queries
        .get(query)
        .ok_or(PartialError::Missing { what: "the query", span: None })?;
    let body = condition(query);
    stacker::grow(STACK_BYTES, || {
        let evaluator = Evaluator::new(program, data.clone());
        let mut machine = Machine::new(program, &evaluator, data.clone(), &query.scope, options);
        run(&mut machine, query, &body).map_err(|error| *error)
    })
}

/// The query's body with mere terms as conditions: the checker has given them variables to show their values.
fn condition(query: &Query) -> Body {
    let mut body = query.body.clone();
    for expr in &mut body.exprs {
        let ExprKind::Unify(left, right) = &expr.kind else { continue };
        let TermKind::Local(local) = left.kind else { continue };
        if query.exprs.iter().any(|(_, shown)| *shown == Some(local)) {
            expr.kind = ExprKind::Term(right.clone());
        }
    }
    body
}

/// A residual query and its variables with the names that they must have.
struct Alternative {
    body: Vec<Expr>,
    names: Vec<(Var, String)>,
}

fn run<'p>(machine: &mut Machine<'p>, query: &'p Query, body: &'p Body) -> Flow<Residual> {
    let mut alternatives: Vec<Alternative> = Vec::new();
    machine.body(&body.exprs, &mut |machine| {
        alternatives.extend(alternative(machine, query)?);
        Ok(())
    })?;
    let mut reserved = reserved(machine.program);
    let modules = modules(&machine.supports.rules, &machine.hints, &reserved);
    reserved.extend(query.bindings.iter().map(|(name, _)| name.clone()));
    let mut queries: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for it in &alternatives {
        let mut printer = Printer::new(&machine.hints, &reserved);
        it.names.iter().for_each(|(var, name)| printer.name(*var, name));
        let text = printer.query(&it.body);
        if seen.insert(text.clone()) {
            queries.push(text);
        }
    }
    Ok(Residual { queries, modules })
}

/// What was saved on the way to a solution, and what the query's variables are.
fn alternative(machine: &mut Machine<'_>, query: &Query) -> Flow<Option<Alternative>> {
    machine.count(machine.saved.len() + 1)?;
    let mut body = machine.saved.clone();
    let mut named: BTreeMap<Var, String> = BTreeMap::new();
    for (name, local) in &query.bindings {
        let symbol = machine.frame.get(*local).cloned();
        let symbol =
            symbol.ok_or_else(|| PartialError::missing("the value of a variable", query.span))?;
        match symbol {
            Symbol::Var(var) if !named.contains_key(&var) => {
                named.insert(var, name.clone());
            }
            other => {
                let var = machine.fresh(name);
                body.push(Expr::new(Kind::Unify(Term::Var(var), other.term())));
                named.insert(var, name.clone());
            }
        }
    }
    let mut visible = Visible::from(Var(0));
    named.keys().for_each(|var| visible.see(&Term::Var(*var)));
    let Some(mut body) = simplify::body(body, &visible) else { return Ok(None) };
    // The names of what nobody sees would tell equal alternatives apart.
    let mut names = Vec::with_capacity(named.len());
    for (var, name) in named {
        let fixed = Var(u32::MAX - names.len() as u32);
        substitute(&mut body, var, &Term::Var(fixed));
        names.push((fixed, name));
    }
    names.sort_by(|(_, left), (_, right)| left.cmp(right));
    Ok(Some(Alternative { body, names }))
}

/// Names that a variable must not have: they mean rules, built-ins or keywords somewhere.
fn reserved(program: &Program) -> BTreeSet<String> {
    fn of_node(node: &Node, found: &mut BTreeSet<String>) {
        for (key, child) in &node.children {
            found.extend(key.as_str().map(str::to_owned));
            of_node(child, found);
        }
    }
    let mut found: BTreeSet<String> =
        ["input", "data", "partial", "future", "rego", "print"].map(str::to_owned).into();
    of_node(&program.root, &mut found);
    found.extend(
        declarations().iter().filter_map(|it| it.name.split('.').next()).map(str::to_owned),
    );
    found
}

/// The support rules as modules, one a package.
fn modules(rules: &[Rule], hints: &[String], reserved: &BTreeSet<String>) -> Vec<String> {
    let mut packages: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
    for rule in rules {
        let texts = packages.entry(&rule.package).or_default();
        if rule.name.is_empty() {
            continue;
        }
        let text = Printer::new(hints, reserved).rule(rule);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    packages
        .into_iter()
        .map(|(package, texts)| {
            let path: Vec<Value> = package.iter().map(|part| Value::text(part)).collect();
            let mut text = format!("package {}\n", names::reference(&path));
            for rule in texts {
                text.push('\n');
                text.push_str(&rule);
                text.push('\n');
            }
            text
        })
        .collect()
}
