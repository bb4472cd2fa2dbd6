//! Policies, with links as policies of their own.

use std::collections::HashMap;

use cedar_policy::PolicyId;
use cedar_policy_core::ast::{self, EntityReference, PrincipalOrResourceConstraint};
use cedar_policy_core::parser::Loc;
use palisade_diag::{Diagnostic, Files};

use super::expr::{self, Refusal};
use super::uid;
use crate::checked::{ActionScope, Effect, Expr, Policy, PolicySet, Scope, Uid};
use crate::errors::{self, Place};
use crate::read::Policies;

/// The checked form of policies and links, conditions shared.
pub(crate) fn lower(policies: &Policies, files: &Files, out: &mut Vec<Diagnostic>) -> PolicySet {
    let mut lowering = Lowering::default();
    for id in &policies.order {
        let Some(policy) = policies.set.policy(id) else { continue };
        let place = policies.place(id);
        match lowering.policy(policy.as_ref(), place, files) {
            Ok(policy) => lowering.policies.push(policy),
            Err(diagnostic) if out.contains(&diagnostic) => {}
            Err(diagnostic) => out.push(*diagnostic),
        }
    }
    let mut conditions: Vec<(Expr, usize)> = lowering.indexes.into_iter().collect();
    conditions.sort_by_key(|(_, index)| *index);
    PolicySet {
        policies: lowering.policies,
        conditions: conditions.into_iter().map(|(condition, _)| condition).collect(),
        ..PolicySet::default()
    }
}

#[derive(Default)]
struct Lowering {
    policies: Vec<Policy>,
    /// The conditions with their places in the list.
    indexes: HashMap<Expr, usize>,
    /// The condition of each template that was linked: it is large work to find out again.
    of_templates: HashMap<PolicyId, usize>,
}

impl Lowering {
    fn policy(
        &mut self,
        policy: &ast::Policy,
        place: Place,
        files: &Files,
    ) -> Result<Policy, Box<Diagnostic>> {
        Ok(Policy {
            id: policy.id().to_string(),
            effect: match policy.effect() {
                ast::Effect::Permit => Effect::Permit,
                ast::Effect::Forbid => Effect::Forbid,
            },
            annotations: policy
                .annotations()
                .map(|(name, value)| (name.to_string(), value.as_ref().to_owned()))
                .collect(),
            principal: scope(policy.principal_constraint().as_inner(), place)?,
            action: action(policy.action_constraint()),
            resource: scope(policy.resource_constraint().as_inner(), place)?,
            condition: self.condition(policy, place)?,
            file: files.name(place.span.file).to_owned(),
            row: files.start(place.span).row,
        })
    }

    fn condition(
        &mut self,
        policy: &ast::Policy,
        place: Place,
    ) -> Result<Option<usize>, Box<Diagnostic>> {
        let Some(condition) = policy.non_scope_constraints() else { return Ok(None) };
        let template = PolicyId::new(policy.template().id());
        if let Some(index) = self.of_templates.get(&template) {
            return Ok(Some(*index));
        }
        let condition = expr::lower(condition).map_err(|it| Box::new(refused(it, place)))?;
        let next = self.indexes.len();
        let index = *self.indexes.entry(condition).or_insert(next);
        self.of_templates.insert(template, index);
        Ok(Some(index))
    }
}

fn refused(refusal: Refusal, place: Place) -> Diagnostic {
    let span = |loc: Option<Loc>| match loc {
        Some(loc) => place.at(loc.start(), loc.end().saturating_sub(loc.start())),
        None => place.span,
    };
    match refusal {
        Refusal::TooDeep(loc) => errors::nesting_too_deep(span(loc)),
        Refusal::Unsupported(what, loc) => errors::unsupported(span(loc), what),
    }
}

fn scope(scope: &PrincipalOrResourceConstraint, place: Place) -> Result<Scope, Box<Diagnostic>> {
    Ok(match scope {
        PrincipalOrResourceConstraint::Any => Scope::Any,
        PrincipalOrResourceConstraint::Eq(it) => Scope::Eq(entity(it, place)?),
        PrincipalOrResourceConstraint::In(it) => Scope::In(entity(it, place)?),
        PrincipalOrResourceConstraint::Is(ty) => Scope::Is(ty.to_string()),
        PrincipalOrResourceConstraint::IsIn(ty, it) => {
            Scope::IsIn(ty.to_string(), entity(it, place)?)
        }
    })
}

fn entity(reference: &EntityReference, place: Place) -> Result<Uid, Box<Diagnostic>> {
    match reference {
        EntityReference::EUID(it) => Ok(uid(it)),
        EntityReference::Slot(_) => {
            Err(Box::new(errors::unsupported(place.span, "a slot without a value")))
        }
    }
}

fn action(scope: &ast::ActionConstraint) -> ActionScope {
    match scope {
        ast::ActionConstraint::Any => ActionScope::Any,
        ast::ActionConstraint::Eq(it) => ActionScope::Eq(uid(it)),
        ast::ActionConstraint::In(them) => ActionScope::In(them.iter().map(|it| uid(it)).collect()),
    }
}
