//! References to what rules define: put in place where that cannot change an answer, or left to a support module.
//!
//! A complete document is put in place only if it cannot have two values at once, since that is an error which the
//! bodies alone would not show. Where the number of solutions matters, only what has one solution at most is put in
//! place.

use std::rc::Rc;

use palisade_rego::checked::{Node, Rule, RuleKind, Term};
use palisade_value::Value;

use crate::data::Place;
use crate::machine::{Flow, Machine, ThenSymbol, data_ref};
use crate::options::ALTERNATIVES_MAX;
use crate::outcome::{Outcome, RuleOutcomes};
use crate::residual::{self, Head};
use crate::symbol::Symbol;
use crate::term::constants;
use crate::want::Want;
use crate::world::Status;

/// What the rules at a node define.
enum Shape {
    /// One value.
    Complete,
    /// A set.
    Set,
    /// An object with one key in each head.
    Object,
    /// Anything else.
    Mixed,
}

/// What becomes of a reference to a complete document or a call of a function.
pub(crate) enum Placed {
    /// It has no value.
    Undefined,
    /// It has this value.
    Known(Value),
    /// It has the value of one of these if its body holds.
    Inline(Vec<Outcome>),
    /// It stays a reference or call.
    Support,
}

impl<'p> Machine<'p> {
    /// A reference that has come to rules.
    pub(crate) fn rules_part(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        path: &'p [Term],
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let untouched = self.worlds.get(self.world).data.at(&place.path) == Status::Untouched;
        if untouched && let Some(document) = self.known_document(node, &place.path)? {
            return match document {
                Some(value) => self.access(Symbol::Known(value), path, then),
                None => Ok(()),
            };
        }
        if !untouched || self.is_left(&place.path) {
            return self.rules_later(place, node, path, then);
        }
        match (self.shape(node), path.split_first()) {
            (Shape::Complete, _) => self.complete(place, node, path, want, then),
            (Shape::Set | Shape::Object, Some((first, _))) if !self.is_open(first) => self
                .term(first, &mut |machine, key| {
                    machine.members(place, node, Some(&key), path, then)
                }),
            (Shape::Set | Shape::Object, Some(_)) => self.members(place, node, None, path, then),
            (Shape::Set | Shape::Object | Shape::Mixed, _) => {
                self.rules_later(place, node, path, then)
            }
        }
    }

    /// Whether the rules at a place must stay rules.
    pub(crate) fn is_left(&self, path: &[Value]) -> bool {
        self.options.shallow || self.options.not_inlined.iter().any(|it| path.starts_with(it))
    }

    fn shape(&self, node: &Node) -> Shape {
        let rules = || node.rules.iter().filter_map(|id| self.program.rules.get(id.0 as usize));
        let is_value = |rule: &Rule| matches!(rule.kind, RuleKind::Value);
        if !node.children.is_empty() {
            Shape::Mixed
        } else if rules().all(|rule| is_value(rule) && rule.suffix.is_empty()) {
            Shape::Complete
        } else if rules().all(|rule| !is_value(rule) && rule.suffix.is_empty()) {
            Shape::Set
        } else if rules().all(|rule| is_value(rule) && rule.suffix.len() == 1) {
            Shape::Object
        } else {
            Shape::Mixed
        }
    }

    /// A reference to a support rule.
    fn rules_later(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let Some(support) = self.document_support(place, node)? else { return Ok(()) };
        let keys = constants(&support).collect();
        self.later(Head::Data, keys, false, path, then)
    }

    fn complete(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        path: &'p [Term],
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let want = if path.is_empty() { want.clone() } else { Want::Any };
        let rules = self.document_outcomes(node, &[])?;
        let (defaults, rules): (Vec<&RuleOutcomes>, Vec<&RuleOutcomes>) =
            rules.iter().partition(|it| self.is_default(it));
        let default = defaults.first().and_then(|it| it.all().next()).map(|it| it.value.clone());
        match self.decide(&rules, default, &want) {
            Placed::Undefined => Ok(()),
            Placed::Known(value) => self.access(Symbol::Known(value), path, then),
            Placed::Inline(outcomes) => outcomes.into_iter().try_for_each(|outcome| {
                self.put_in_place(&outcome, &mut |machine, value| machine.access(value, path, then))
            }),
            Placed::Support => self.rules_later(place, node, path, then),
        }
    }

    pub(crate) fn is_default(&self, rule: &RuleOutcomes) -> bool {
        self.program.rules.get(rule.id.0 as usize).is_some_and(|rule| rule.is_default)
    }

    /// What becomes of something with one value at a time.
    pub(crate) fn decide(
        &self,
        rules: &[&RuleOutcomes],
        default: Option<Symbol>,
        want: &Want,
    ) -> Placed {
        let outcomes: Vec<&Outcome> = rules.iter().flat_map(|rule| rule.all()).collect();
        let default = match default {
            None => None,
            Some(Symbol::Known(value)) => Some(value),
            Some(_) => return Placed::Support,
        };
        let Some(first) = outcomes.first() else {
            return default.map_or(Placed::Undefined, Placed::Known);
        };
        let constant = first
            .value
            .known()
            .filter(|value| outcomes.iter().all(|it| it.value.known() == Some(value)));
        if let Some(value) = constant
            && outcomes.iter().any(|it| it.is_certain())
        {
            return Placed::Known(value.clone());
        }
        let is_single = outcomes.len() == 1 && !first.generates();
        // Another branch counts only where those before it fail, which their bodies alone do not say.
        let has_branches = rules.iter().any(|rule| rule.clauses.len() > 1);
        let is_certain = is_single && first.is_certain();
        let default_matters =
            !is_certain && default.as_ref().is_some_and(|value| want.accepts(value));
        let fits = match self.exact {
            true => is_single,
            false => is_single || (constant.is_some() && outcomes.len() <= ALTERNATIVES_MAX),
        };
        // With one value in all branches, which of them holds does not matter.
        let branches_matter = has_branches && constant.is_none();
        if !fits || default_matters || branches_matter {
            return Placed::Support;
        }
        Placed::Inline(outcomes.into_iter().cloned().collect())
    }

    /// Goes on with an outcome's body left to the residual one, and with its value.
    pub(crate) fn put_in_place(&mut self, outcome: &Outcome, then: ThenSymbol<'_, 'p>) -> Flow {
        let outcome = self.renewed(outcome);
        self.append(&outcome.body, &mut |machine| then(machine, outcome.value.clone()))
    }

    /// Members of a set or entries of an object, under a key or under all.
    fn members(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        key: Option<&Symbol>,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let Some((pattern, rest)) = path.split_first() else { return Ok(()) };
        let keys: Vec<Value> = key.and_then(Symbol::known).cloned().into_iter().collect();
        let rules = self.document_outcomes(node, &keys)?;
        if !self.is_placeable(&rules, node, key) {
            return match key {
                Some(key) => self.member_later(place, node, key, rest, then),
                None => self.rules_later(place, node, path, then),
            };
        }
        let outcomes: Vec<Outcome> = rules.iter().flat_map(|rule| rule.all()).cloned().collect();
        outcomes.into_iter().try_for_each(|outcome| {
            let outcome = self.renewed(&outcome);
            let found = outcome.suffix.first().unwrap_or(&outcome.value).clone();
            self.append(&outcome.body, &mut |machine| {
                let then = &mut |machine: &mut Machine<'p>| {
                    machine.access(outcome.value.clone(), rest, then)
                };
                match key {
                    Some(key) => machine.equate(key, &found, then),
                    None => machine.matches(pattern, found.clone(), then),
                }
            })
        })
    }

    /// A reference to one member or entry, left to a support rule; its key has been evaluated.
    fn member_later(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        key: &Symbol,
        rest: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let Some(support) = self.document_support(place, node)? else { return Ok(()) };
        let keys = constants(&support).chain([key.term()]).collect();
        self.later(Head::Data, keys, false, rest, then)
    }

    /// Whether entries may be put in place: not if one key could get two values, nor if that is too much.
    fn is_placeable(
        &self,
        rules: &Rc<Vec<RuleOutcomes>>,
        node: &Node,
        key: Option<&Symbol>,
    ) -> bool {
        let outcomes: Vec<&Outcome> = rules.iter().flat_map(|rule| rule.all()).collect();
        let has_branches = rules.iter().any(|rule| rule.clauses.len() > 1);
        let has_default = rules.iter().any(|rule| self.is_default(rule));
        let is_single = |it: &[&Outcome]| it.len() < 2 && it.iter().all(|it| !it.generates());
        if has_branches || has_default || outcomes.len() > ALTERNATIVES_MAX {
            return false;
        }
        if self.exact {
            // All keys of a document are more than one solution, unless there is one at the most.
            return is_single(&outcomes) && (key.is_some() || outcomes.len() < 2);
        }
        if matches!(self.shape(node), Shape::Set) || is_single(&outcomes) {
            return true;
        }
        let first = outcomes.first().and_then(|it| it.value.known());
        let is_constant =
            first.is_some() && outcomes.iter().all(|outcome| outcome.value.known() == first);
        let mut keys: Vec<Option<&Value>> = outcomes
            .iter()
            .map(|it| it.suffix.first().and_then(Symbol::known).filter(|_| !it.generates()))
            .collect();
        keys.sort();
        let distinct = keys.iter().all(Option::is_some) && keys.windows(2).all(|it| it[0] != it[1]);
        is_constant || distinct
    }
}

/// What a path of constants leads to in a support module.
pub(crate) fn support_ref(path: &[Value]) -> residual::Term {
    data_ref(path, Vec::new())
}
