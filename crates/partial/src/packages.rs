//! Support documents for whole packages: base data, what rules give beside it, and what is unknown below.

use palisade_rego::names;
use palisade_value::{AnyValue, Value};

use crate::data::Place;
use crate::error::PartialError;
use crate::machine::{Flow, Machine};
use crate::residual::{self, Expr, Head, Kind, Term};
use crate::support::{ROOT, below};
use crate::world::Status;

impl<'p> Machine<'p> {
    /// A rule that hands an unknown document on.
    pub(crate) fn unknown_support(&mut self, root: &[String], path: &[Value]) -> Flow {
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
        let HeadPath { package, name } = HeadPath::of(root, path)?;
        let clauses = vec![(value, body)];
        self.supports.rules.push(residual::Rule { clauses, ..value_rule(package, name) });
        Ok(())
    }

    /// The support document for a whole package, base data beside its rules included.
    pub(crate) fn package_support(&mut self, place: &Place<'p>) -> Flow<Vec<Value>> {
        let key = (place.path.clone(), self.world);
        if let Some(known) = self.supports.packages.get(&key) {
            return Ok(known.clone());
        }
        let root = vec![ROOT.to_owned(), self.new_name("package")];
        let path = below(&root, &place.path);
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
                self.package_marker(root, &place.path)?;
                self.keys(place)
                    .iter()
                    .try_for_each(|key| self.place_support(root, &Self::child(place, key)))
            }
        }
    }

    /// A package counts as an object even if none of its rules has a value: it is named by a module without rules. Where
    /// a key is no string, there is no such module: then it is a rule below it that never holds.
    fn package_marker(&mut self, root: &[String], path: &[Value]) -> Flow {
        let names = names::strings(path);
        if names.len() < path.len() {
            let never = Value::text(&self.new_name("never"));
            let HeadPath { package, name } = HeadPath::of(root, &[path, &[never]].concat())?;
            self.dead_rule(value_rule(package, name), 0);
            return Ok(());
        }
        let package = root.iter().cloned().chain(names).collect();
        self.supports.rules.push(value_rule(package, Vec::new()));
        Ok(())
    }
}

/// A rule without clauses.
fn value_rule(package: Vec<String>, name: Vec<Value>) -> residual::Rule {
    residual::Rule {
        package,
        name,
        suffix: Vec::new(),
        kind: residual::RuleKind::Value,
        is_default: false,
        clauses: Vec::new(),
    }
}

/// The path of a rule, split into what a module and a head say.
struct HeadPath {
    package: Vec<String>,
    name: Vec<Value>,
}

impl HeadPath {
    /// The rule's name is the last part that can be one.
    fn of(root: &[String], path: &[Value]) -> Flow<HeadPath> {
        let is_name = |it: &Value| it.as_str().is_some_and(names::is_name);
        let strings = path.iter().take_while(|it| it.as_str().is_some()).count();
        if let Some(at) = path[..strings].iter().rposition(is_name) {
            let (package, name) = path.split_at(at);
            return Ok(HeadPath {
                package: root.iter().cloned().chain(names::strings(package)).collect(),
                name: name.to_vec(),
            });
        }
        match root {
            [package @ .., last] if !package.is_empty() => Ok(HeadPath {
                package: package.to_vec(),
                name: below(std::slice::from_ref(last), path),
            }),
            _ => Err(Box::new(PartialError::Unwritable(names::reference(path)))),
        }
    }
}
