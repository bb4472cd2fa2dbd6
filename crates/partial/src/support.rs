//! Support modules: the rules that residual bodies refer to.

use std::collections::{BTreeMap, HashMap};

use palisade_rego::checked::{FunctionId, Node, Rule, RuleKind};
use palisade_value::{AnyValue, Value};

use crate::data::Place;
use crate::machine::{Flow, Machine, builtin_call};
use crate::outcome::{Outcome, RuleOutcomes};
use crate::residual::{self, Callee, Expr, Head, Kind, Term, Var};
use crate::rules::support_ref;
use crate::symbol::Symbol;
use crate::world::{Status, WorldId};

/// The package below `data` in which all support modules are.
const ROOT: &str = "partial";

/// The rules that have been made, and the documents and functions they stand for.
#[derive(Debug, Default)]
pub(crate) struct Supports {
    pub(crate) rules: Vec<residual::Rule>,
    /// By a node's address and the world; `None` where nothing can be defined.
    documents: HashMap<(usize, WorldId), Option<Vec<String>>>,
    packages: BTreeMap<(Vec<Value>, WorldId), Vec<String>>,
    functions: HashMap<(FunctionId, WorldId), Vec<String>>,
    /// How many names have been made.
    names: usize,
}

impl<'p> Machine<'p> {
    /// A path in front of the original one for what is evaluated in this world.
    fn support_root(&self, world: WorldId) -> Vec<String> {
        match world {
            WorldId(0) => vec![ROOT.to_owned()],
            WorldId(at) => vec![ROOT.to_owned(), format!("__with{at}__")],
        }
    }

    fn new_name(&mut self, what: &str) -> String {
        self.supports.names += 1;
        format!("__{what}{}__", self.supports.names)
    }

    /// The support document for the rules at a node and below it; none if they cannot define anything.
    pub(crate) fn document_support(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
    ) -> Flow<Option<Vec<String>>> {
        let key = (std::ptr::from_ref(node).addr(), self.world);
        if let Some(known) = self.supports.documents.get(&key) {
            return Ok(known.clone());
        }
        let root = self.support_root(self.world);
        let names = place.path.iter().filter_map(Value::as_str).map(str::to_owned);
        let path: Vec<String> = root.iter().cloned().chain(names).collect();
        let is_defined = self.node_support(&root, &mut place.path.clone(), node)?;
        let path = is_defined.then_some(path);
        self.supports.documents.insert(key, path.clone());
        Ok(path)
    }

    /// Rules for all that the rules at a node and below it define; says whether there are any.
    fn node_support(
        &mut self,
        root: &[String],
        path: &mut Vec<Value>,
        node: &'p Node,
    ) -> Flow<bool> {
        if self.worlds.get(self.world).data.at(path) == Status::Unknown {
            self.unknown_support(root, path)?;
            return Ok(true);
        }
        let rules = self.document_outcomes(node, &[])?;
        let mut is_defined = false;
        for rule in rules.iter() {
            is_defined |= self.rule_support(root, rule, None)?;
        }
        for (key, child) in &node.children {
            path.push(Value::text(key));
            is_defined |= self.node_support(root, path, child)?;
            path.pop();
        }
        Ok(is_defined)
    }

    /// A rule that hands an unknown document on.
    fn unknown_support(&mut self, root: &[String], path: &[Value]) -> Flow {
        let keys = path.iter().cloned().map(Term::Const).collect();
        let var = self.fresh("");
        let value = Term::Ref(Box::new(Head::Data), keys);
        let body = vec![Expr::new(Kind::Unify(Term::Var(var), value))];
        self.constant_support(root, path, Term::Var(var), body)
    }

    /// A rule that gives a document at a path a value.
    fn constant_support(
        &mut self,
        root: &[String],
        path: &[Value],
        value: Term,
        body: Vec<Expr>,
    ) -> Flow {
        self.count(1)?;
        let (package, name, suffix) = split_head(root, path)?;
        let kind = residual::RuleKind::Value;
        let clauses = vec![(value, body)];
        self.supports.rules.push(residual::Rule {
            package,
            name,
            suffix,
            kind,
            is_default: false,
            clauses,
        });
        Ok(())
    }

    /// The support document for a whole package, base data beside its rules included.
    pub(crate) fn package_support(&mut self, place: &Place<'p>) -> Flow<Vec<String>> {
        let key = (place.path.clone(), self.world);
        if let Some(known) = self.supports.packages.get(&key) {
            return Ok(known.clone());
        }
        let root = vec![ROOT.to_owned(), self.new_name("package")];
        let names = place.path.iter().filter_map(Value::as_str).map(str::to_owned);
        let path: Vec<String> = root.iter().cloned().chain(names).collect();
        self.supports.packages.insert(key, path.clone());
        self.place_support(&root, place)?;
        Ok(path)
    }

    /// Rules for all that lies at a place.
    fn place_support(&mut self, root: &[String], place: &Place<'p>) -> Flow {
        let status = self.worlds.get(self.world).data.at(&place.path);
        match (status, place.node, &place.base) {
            (Status::Unknown, _, _) => self.unknown_support(root, &place.path),
            (_, Some(node), _) if !node.rules.is_empty() => {
                self.node_support(root, &mut place.path.clone(), node).map(|_| ())
            }
            (Status::Below, None, _) => self.unknown_support(root, &place.path),
            (_, None, Some(base)) => {
                self.constant_support(root, &place.path, Term::Const(base.clone()), Vec::new())
            }
            (_, None, None) => Ok(()),
            (_, Some(node), base) => {
                let is_object = base.as_ref().is_none_or(|it| matches!(it, Value::Object(_)));
                if !is_object && let Some(base) = base {
                    let base = Term::Const(base.clone());
                    return self.constant_support(root, &place.path, base, Vec::new());
                }
                if node.children.is_empty() && node.function.is_some() {
                    return match base {
                        Some(base) => {
                            let base = Term::Const(base.clone());
                            self.constant_support(root, &place.path, base, Vec::new())
                        }
                        None => Ok(()),
                    };
                }
                self.package_marker(root, &place.path);
                self.keys(place)
                    .iter()
                    .try_for_each(|key| self.place_support(root, &Self::child(place, key)))
            }
        }
    }

    /// A package counts as an object even if none of its rules has a value: it is named by a module without rules.
    fn package_marker(&mut self, root: &[String], path: &[Value]) {
        let names = path.iter().filter_map(Value::as_str).map(str::to_owned);
        self.supports.rules.push(residual::Rule {
            package: root.iter().cloned().chain(names).collect(),
            name: Vec::new(),
            suffix: Vec::new(),
            kind: residual::RuleKind::Value,
            is_default: false,
            clauses: Vec::new(),
        });
    }

    /// The support function for a function.
    pub(crate) fn function_support(&mut self, id: FunctionId) -> Flow<Vec<String>> {
        let key = (id, self.world);
        if let Some(known) = self.supports.functions.get(&key) {
            return Ok(known.clone());
        }
        let program = self.program;
        let Some(function) = program.functions.get(id.0 as usize) else { return Ok(Vec::new()) };
        let root = self.support_root(self.world);
        let path: Vec<String> = root.iter().chain(&function.path).cloned().collect();
        self.supports.functions.insert(key, path.clone());
        let arguments: Vec<Var> = (0..function.arity).map(|_| self.fresh("x")).collect();
        let symbols: Vec<Symbol> = arguments.iter().copied().map(Symbol::Var).collect();
        let (rules, default) = self.function_outcomes(function, &symbols)?;
        let arguments: Vec<Term> = arguments.into_iter().map(Term::Var).collect();
        let mut is_defined = false;
        for rule in &rules {
            is_defined |= !rule.clauses.is_empty();
            self.rule_support(&root, rule, Some(&arguments))?;
        }
        let any = function.rules.first().or(function.default.as_ref());
        let Some(rule) = any.and_then(|id| program.rules.get(id.0 as usize)) else {
            return Ok(path);
        };
        if let Some(default) = default {
            let kind = residual::RuleKind::Function(arguments);
            let mut rule = self.head(&root, rule, kind);
            rule.is_default = true;
            rule.clauses.push((default.term(), Vec::new()));
            self.supports.rules.push(rule);
        } else if !is_defined {
            let kind = residual::RuleKind::Function(arguments);
            let rule = self.head(&root, rule, kind);
            self.dead_rule(rule);
        }
        Ok(path)
    }

    fn head(&self, root: &[String], rule: &Rule, kind: residual::RuleKind) -> residual::Rule {
        let package = root.iter().chain(&rule.package).cloned().collect();
        let name = rule.path.iter().skip(rule.package.len()).cloned().collect();
        residual::Rule {
            package,
            name,
            suffix: Vec::new(),
            kind,
            is_default: rule.is_default,
            clauses: Vec::new(),
        }
    }

    /// A rule that never holds, where a name must be defined.
    fn dead_rule(&mut self, mut rule: residual::Rule) {
        let never = Expr::new(Kind::Term(Term::Const(Value::Boolean(false))));
        rule.clauses.push((Term::Const(Value::Integer(0)), vec![never]));
        self.supports.rules.push(rule);
    }

    /// Support rules for one rule of the program; says whether there are any.
    fn rule_support(
        &mut self,
        root: &[String],
        outcomes: &RuleOutcomes,
        arguments: Option<&[Term]>,
    ) -> Flow<bool> {
        let program = self.program;
        let Some(rule) = program.rules.get(outcomes.id.0 as usize) else { return Ok(false) };
        let kind = match (&rule.kind, arguments) {
            (RuleKind::Contains(_), _) => residual::RuleKind::Contains,
            (RuleKind::Function(_), Some(arguments)) => {
                residual::RuleKind::Function(arguments.to_vec())
            }
            _ => residual::RuleKind::Value,
        };
        let head = self.head(root, rule, kind);
        match outcomes.clauses.as_slice() {
            [] => {
                // Sets and objects exist even if nothing is in them.
                let is_partial =
                    !rule.suffix.is_empty() || matches!(rule.kind, RuleKind::Contains(_));
                if is_partial {
                    let zero = Term::Const(Value::Integer(0));
                    let suffix = vec![zero; rule.suffix.len()];
                    self.dead_rule(residual::Rule { suffix, ..head });
                }
                return Ok(is_partial);
            }
            [only] => {
                // Heads that are constants must not meet with those of other rules; the original's were variables.
                let path = rule.path.iter().map(String::as_str);
                let node = program.root.at(path);
                let is_alone = node.is_none_or(|node| node.children.is_empty());
                let is_alike = node.is_none_or(|node| self.is_alike(node));
                for outcome in only {
                    self.outcome_support(&head, outcome, is_alone && is_alike)?;
                }
            }
            clauses => self.branches_support(head, rule, clauses, arguments)?,
        }
        Ok(true)
    }

    /// Whether all rules at a node have heads of one length.
    fn is_alike(&self, node: &Node) -> bool {
        let lengths = node.rules.iter().filter_map(|id| self.program.rules.get(id.0 as usize));
        let mut lengths = lengths.map(|rule| rule.suffix.len());
        let first = lengths.next();
        lengths.all(|length| Some(length) == first)
    }

    fn outcome_support(
        &mut self,
        head: &residual::Rule,
        outcome: &Outcome,
        constant_keys: bool,
    ) -> Flow {
        let Outcome { suffix, value, mut body, .. } = self.renewed(outcome);
        self.count(body.len() + 1)?;
        let mut suffix: Vec<Term> = suffix.iter().map(Symbol::term).collect();
        if let Some(first @ Term::Const(_)) = suffix.first_mut().filter(|_| !constant_keys) {
            let key = Term::Var(self.fresh("key"));
            let found = std::mem::replace(first, key.clone());
            body.push(Expr::new(Kind::Unify(key, found)));
        }
        let clauses = match head.is_default {
            true => vec![(default_value(&value, &body), Vec::new())],
            false => vec![(value.term(), body)],
        };
        self.supports.rules.push(residual::Rule { suffix, clauses, ..head.clone() });
        Ok(())
    }

    /// A rule with `else` branches of which several may hold.
    fn branches_support(
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

    fn add_helper(
        &mut self,
        name: &str,
        arguments: &[Term],
        values: Vec<(Term, Vec<Expr>)>,
    ) -> Vec<String> {
        let kind = match arguments {
            [] => residual::RuleKind::Value,
            _ => residual::RuleKind::Function(arguments.to_vec()),
        };
        for clause in values {
            self.supports.rules.push(residual::Rule {
                package: vec![ROOT.to_owned()],
                name: vec![name.to_owned()],
                suffix: Vec::new(),
                kind: kind.clone(),
                is_default: false,
                clauses: vec![clause],
            });
        }
        vec![ROOT.to_owned(), name.to_owned()]
    }

    /// A support rule that holds in these ways, as a term. What they need from outside becomes its arguments; the
    /// variables from `own` on are theirs.
    pub(crate) fn helper(&mut self, what: &str, ways: Vec<Vec<Expr>>, own: Var) -> Flow<Term> {
        let mut outer: Vec<Var> = Vec::new();
        for expr in ways.iter().flatten() {
            expr.terms(&mut |term| {
                if let Term::Var(var) = term
                    && *var < own
                    && !outer.contains(var)
                {
                    outer.push(*var);
                }
            });
        }
        outer.sort();
        self.count(ways.iter().map(|way| way.len() + 1).sum())?;
        let arguments: Vec<Term> = outer.into_iter().map(Term::Var).collect();
        let name = self.new_name(what);
        let truth = Term::Const(Value::Boolean(true));
        let clauses = ways.into_iter().map(|way| (truth.clone(), way)).collect();
        let path = self.add_helper(&name, &arguments, clauses);
        Ok(match arguments.as_slice() {
            [] => support_ref(&path),
            _ => Term::Call(Callee::Function(path), arguments),
        })
    }
}

/// The value of a default. Where it is not known it is a comprehension, to which the body gave a name.
fn default_value(value: &Symbol, body: &[Expr]) -> Term {
    match body {
        [Expr { kind: Kind::Unify(name, term), .. }] if *name == value.term() => term.clone(),
        _ => value.term(),
    }
}

/// A body with something in it.
pub(crate) fn not_empty(body: Vec<Expr>) -> Vec<Expr> {
    match body.is_empty() {
        true => vec![Expr::new(Kind::Term(Term::Const(Value::Boolean(true))))],
        false => body,
    }
}

/// Package, name and suffix of the rule for a path. The rule's name is the last part that can be one.
#[allow(clippy::type_complexity)]
fn split_head(root: &[String], path: &[Value]) -> Flow<(Vec<String>, Vec<String>, Vec<Term>)> {
    let is_name = |it: &Value| it.as_str().is_some_and(palisade_rego::names::is_name);
    let strings = path.iter().take_while(|it| it.as_str().is_some()).count();
    let at = (0..strings).rev().find(|at| path.get(*at).is_some_and(is_name));
    let text = |it: &Value| it.as_str().map(str::to_owned);
    match at {
        Some(at) => Ok((
            root.iter().cloned().chain(path[..at].iter().filter_map(text)).collect(),
            path[at..strings].iter().filter_map(text).collect(),
            path[strings..].iter().cloned().map(Term::Const).collect(),
        )),
        None => match root {
            [front @ .., last] if front != [] as [String; 0] => Ok((
                front.to_vec(),
                std::iter::once(last.clone())
                    .chain(path[..strings].iter().filter_map(text))
                    .collect(),
                path[strings..].iter().cloned().map(Term::Const).collect(),
            )),
            _ => Err(Box::new(crate::error::PartialError::Unwritable(
                palisade_rego::names::reference(path),
            ))),
        },
    }
}
