//! Support rules with `else` branches.

use palisade_rego::checked::Rule;
use palisade_value::{AnyValue, Value};

use crate::machine::{Flow, Machine, builtin_call};
use crate::outcome::Outcome;
use crate::residual::{self, Callee, Expr, Head, Kind, Term};
use crate::rules::support_ref;
use crate::symbol::Symbol;

impl Machine<'_> {
    /// A rule with `else` branches of which several may hold.
    pub(crate) fn branches_support(
        &mut self,
        mut head: residual::Rule,
        rule: &Rule,
        clauses: &[Vec<Outcome>],
        arguments: Option<&[Term]>,
    ) -> Flow {
        let suffix: Vec<Term> = rule.suffix.iter().map(|_| Term::Var(self.fresh("key"))).collect();
        for outcomes in clauses {
            let clause = match outcomes.as_slice() {
                [only] => {
                    let Outcome { suffix: keys, value, mut body, .. } = self.renewed(only);
                    let keys = suffix.iter().zip(&keys);
                    body.extend(
                        keys.map(|(key, found)| Expr::new(Kind::Unify(key.clone(), found.term()))),
                    );
                    (value.term(), body)
                }
                several => self.branch_helper(several, &suffix, arguments)?,
            };
            self.count(clause.1.len() + 1)?;
            head.clauses.push(clause);
        }
        head.suffix = suffix;
        self.supports.rules.push(head);
        Ok(())
    }

    /// A branch that may hold in several ways: all its values from a rule of its own.
    fn branch_helper(
        &mut self,
        outcomes: &[Outcome],
        suffix: &[Term],
        arguments: Option<&[Term]>,
    ) -> Flow<(Term, Vec<Expr>)> {
        let mut all: Option<Term> = None;
        for outcome in outcomes {
            let Outcome { suffix, value, body, .. } = self.renewed(outcome);
            self.count(body.len() + 1)?;
            let row = suffix.iter().chain([&value]).map(Symbol::term).collect();
            let rows = Term::SetComprehension(Box::new(Term::Array(row)), not_empty(body));
            all = Some(match all {
                Some(all) => builtin_call("or", vec![all, rows]),
                None => rows,
            });
        }
        let all = all.unwrap_or(Term::Const(Value::set(Vec::new())));
        let name = self.new_name("else");
        let arguments = arguments.unwrap_or_default();
        let path = self.add_helper(&name, arguments, vec![(all, Vec::new())]);
        let rows = match arguments {
            [] => support_ref(&path),
            _ => Term::Call(Callee::Function(path), arguments.to_vec()),
        };
        let value = Term::Var(self.fresh("value"));
        let row: Vec<Term> = suffix.iter().cloned().chain([value.clone()]).collect();
        let member = Term::Var(self.fresh("_"));
        let found = Term::Ref(Box::new(Head::Term(rows)), vec![member]);
        let expr = Expr { generates: true, ..Expr::new(Kind::Unify(Term::Array(row), found)) };
        Ok((value, vec![expr]))
    }
}

/// A body with something in it.
fn not_empty(body: Vec<Expr>) -> Vec<Expr> {
    match body.is_empty() {
        true => vec![Expr::new(Kind::Term(Term::Const(Value::Boolean(true))))],
        false => body,
    }
}
