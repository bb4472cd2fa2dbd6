//! Support modules: the rules that residual bodies refer to.

use std::collections::{BTreeMap, HashMap};

use palisade_rego::checked::{FunctionId, Node, Rule, RuleKind};
use palisade_value::{AnyValue, Value};

use crate::data::Place;
use crate::machine::{Flow, Machine};
use crate::outcome::{Outcome, RuleOutcomes};
use crate::residual::{self, Callee, Expr, Kind, Term, Var};
use crate::rules::support_ref;
use crate::symbol::Symbol;
use crate::world::{Status, WorldId};

/// The package below `data` in which all support modules are.
pub(crate) const ROOT: &str = "partial";

/// The rules that have been made, and the documents and functions they stand for.
#[derive(Debug, Default)]
pub(crate) struct Supports {
    pub(crate) rules: Vec<residual::Rule>,
    /// By a node's address and the world; `None` where nothing can be defined.
    documents: HashMap<(usize, WorldId), Option<Vec<Value>>>,
    pub(crate) packages: BTreeMap<(Vec<Value>, WorldId), Vec<Value>>,
    functions: HashMap<(FunctionId, WorldId), Vec<Value>>,
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

    pub(crate) fn new_name(&mut self, what: &str) -> String {
        self.supports.names += 1;
        format!("__{what}{}__", self.supports.names)
    }

    /// The support document for the rules at a node and below it; none if they cannot define anything.
    pub(crate) fn document_support(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
    ) -> Flow<Option<Vec<Value>>> {
        let key = (std::ptr::from_ref(node).addr(), self.world);
        if let Some(known) = self.supports.documents.get(&key) {
            return Ok(known.clone());
        }
        let root = self.support_root(self.world);
        let path = below(&root, &place.path);
        let is_defined = self.node_support(&root, &mut place.path.clone(), node)?;
        let path = is_defined.then_some(path);
        self.supports.documents.insert(key, path.clone());
        Ok(path)
    }

    /// Rules for all that the rules at a node and below it define; says whether there are any.
    pub(crate) fn node_support(
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
            path.push(key.clone());
            is_defined |= self.node_support(root, path, child)?;
            path.pop();
        }
        Ok(is_defined)
    }

    /// The support function for a function.
    pub(crate) fn function_support(&mut self, id: FunctionId) -> Flow<Vec<Value>> {
        let key = (id, self.world);
        if let Some(known) = self.supports.functions.get(&key) {
            return Ok(known.clone());
        }
        let program = self.program;
        let Some(function) = program.functions.get(id.0 as usize) else { return Ok(Vec::new()) };
        let root = self.support_root(self.world);
        let path = below(&root, &function.path);
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
            self.dead_rule(rule, 0);
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

    /// A rule that never holds, where a name must be defined. Its keys are variables: constants would be documents of
    /// their own, empty ones where sets and objects are meant.
    pub(crate) fn dead_rule(&mut self, mut rule: residual::Rule, n_keys: usize) {
        let zero = Term::Const(Value::Integer(0));
        rule.suffix = (0..n_keys).map(|_| Term::Var(self.fresh("key"))).collect();
        let keys = rule.suffix.iter().map(|key| Kind::Unify(key.clone(), zero.clone()));
        let never = Kind::Term(Term::Const(Value::Boolean(false)));
        let body = keys.chain([never]).map(Expr::new).collect();
        rule.clauses.push((zero, body));
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
                    self.dead_rule(head, rule.suffix.len());
                }
                return Ok(is_partial);
            }
            [only] => {
                let node = program.root.at(rule.path.iter().cloned());
                let constant_keys = node.is_none_or(|node| self.may_have_constant_keys(node));
                for outcome in only {
                    self.outcome_support(&head, outcome, constant_keys)?;
                }
            }
            clauses => self.branches_support(head, rule, clauses, arguments)?,
        }
        Ok(true)
    }

    /// Whether the keys in the heads of a node's rules may become constants. Then each is a document of its own, which
    /// must not meet with those of other rules, nor be there with nothing in it.
    fn may_have_constant_keys(&self, node: &Node) -> bool {
        let mut rules = node.rules.iter().filter_map(|id| self.program.rules.get(id.0 as usize));
        let is_entry = |rule: &Rule| matches!(rule.kind, RuleKind::Value) && rule.suffix.len() == 1;
        node.children.is_empty() && rules.all(is_entry)
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
        let arguments: &[Term] = match &head.kind {
            residual::RuleKind::Function(arguments) => arguments,
            _ => &[],
        };
        let is_in_head = suffix.iter().chain(arguments).any(|part| mentions(part, &value.term()));
        let clause = if is_in_head { (value.term(), body) } else { named_value(&value, body) };
        self.supports.rules.push(residual::Rule { suffix, clauses: vec![clause], ..head.clone() });
        Ok(())
    }

    pub(crate) fn add_helper(
        &mut self,
        name: &str,
        arguments: &[Term],
        values: Vec<(Term, Vec<Expr>)>,
    ) -> Vec<Value> {
        let kind = match arguments {
            [] => residual::RuleKind::Value,
            _ => residual::RuleKind::Function(arguments.to_vec()),
        };
        for clause in values {
            self.supports.rules.push(residual::Rule {
                package: vec![ROOT.to_owned()],
                name: vec![Value::text(name)],
                suffix: Vec::new(),
                kind: kind.clone(),
                is_default: false,
                clauses: vec![clause],
            });
        }
        vec![Value::text(ROOT), Value::text(name)]
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

/// A path below the root of support modules.
pub(crate) fn below(root: &[String], path: &[Value]) -> Vec<Value> {
    root.iter().map(|part| Value::text(part)).chain(path.iter().cloned()).collect()
}

/// What a variable with the value at a path may be called.
pub(crate) fn hint(path: &[Value]) -> String {
    path.last().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a term is another or has it as a part.
fn mentions(term: &Term, part: &Term) -> bool {
    let mut is_found = false;
    term.terms(&mut |it| is_found |= it == part);
    is_found
}

/// A value and a body, without the body where all it does is to give the value a name.
fn named_value(value: &Symbol, mut body: Vec<Expr>) -> (Term, Vec<Expr>) {
    match body.as_mut_slice() {
        [Expr { kind: Kind::Unify(name, term), with, generates: false }]
            if *name == value.term() && with.is_empty() =>
        {
            (std::mem::replace(term, Term::Const(Value::Null)), Vec::new())
        }
        _ => (value.term(), body),
    }
}
