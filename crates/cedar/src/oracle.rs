//! Decisions by the official evaluator, on the official types: what compiled policies are compared with in tests and by
//! `palisade test`. It is no part of enforcement.

mod request;

use std::sync::Arc;

use cedar_policy::{AuthorizationError, Authorizer, Decision, Entities, PolicySet, Schema};
use serde_json::Value;

use crate::analyse::checked;
use crate::errors::Refusal;
use crate::limits::on_large_stack;
use crate::options::Options;
use crate::source::Source;

/// Policies that the official evaluator decides by.
pub struct Oracle {
    /// Its trees may be too high to be dropped on the stack of whoever owns it.
    policies: PolicySet,
    schema: Option<Schema>,
    entities: Entities,
}

/// What the official evaluator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OracleAnswer {
    /// Whether the request is allowed.
    pub is_allowed: bool,
    /// The names of the policies that decided, sorted.
    pub reasons: Vec<String>,
    /// The names of the policies that failed, with Cedar's messages, sorted.
    pub errors: Vec<(String, String)>,
}

impl Oracle {
    /// Reads policies and what is known beside them, as [`analyse`](crate::analyse()) does.
    pub fn new(sources: &[Source], options: &Options) -> Result<Oracle, Refusal> {
        on_large_stack(|| {
            let input = checked(sources, options);
            if input.has_errors() {
                let files = Arc::new(input.files);
                return Err(Refusal { files, diagnostics: input.diagnostics });
            }
            Ok(Oracle {
                policies: input.policies.set,
                schema: input.schema,
                entities: input.entities,
            })
        })
    }

    /// Decides about `{"principal", "action", "resource", "context", "entities"}`. The request must be what the schema
    /// says, if there is one. Entities of the request replace those of the same name that are known beforehand.
    pub fn decide(&self, request: &Value) -> Result<OracleAnswer, String> {
        on_large_stack(|| self.answer(request, self.schema.as_ref()))
    }

    /// Decides without holding principal, action and resource against the schema. Context and entities are still read
    /// by it.
    pub fn decide_unvalidated(&self, request: &Value) -> Result<OracleAnswer, String> {
        on_large_stack(|| self.answer(request, None))
    }

    fn answer(&self, request: &Value, validation: Option<&Schema>) -> Result<OracleAnswer, String> {
        let schema = self.schema.as_ref();
        let (request, entities) = request::read(request, schema, validation, &self.entities)?;
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let mut reasons: Vec<String> =
            response.diagnostics().reason().map(|id| id.to_string()).collect();
        reasons.sort();
        let mut errors: Vec<(String, String)> = response
            .diagnostics()
            .errors()
            .map(|AuthorizationError::PolicyEvaluationError(it)| {
                (it.policy_id().to_string(), it.inner().to_string())
            })
            .collect();
        errors.sort();
        Ok(OracleAnswer { is_allowed: response.decision() == Decision::Allow, reasons, errors })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let policies = std::mem::take(&mut self.policies);
        on_large_stack(|| drop(policies));
    }
}
