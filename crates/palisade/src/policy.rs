//! A loaded policy and the questions it answers.

use std::sync::Arc;
use std::time::Duration;

use palisade_abi::{Ambient, HostCalls, HostFunctions};
use palisade_bundle::Digest;
use palisade_sandbox::{Call, EntrypointId, EvalError, Module};

use crate::base::{Base, Document};
use crate::decision::{DecideError, Decision};
use crate::path::{Entrypoints, Target, find};
use crate::select::{Tree, select};

/// A verified policy that is ready to decide. Clones share everything; threads may ask it at the same time.
#[derive(Debug, Clone)]
pub struct Policy {
    module: Module,
    entrypoints: Entrypoints<EntrypointId>,
    base: Arc<Base>,
    identity: Identity,
    host: Option<Arc<dyn HostFunctions>>,
}

/// Which policy this is, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The digest of the bundle file.
    pub bundle: Digest,
    /// The digest of the module.
    pub module: Digest,
    /// The digest of the base data's text in the bundle.
    pub data: Digest,
    /// The revision that the bundle's manifest names; may be empty.
    pub revision: String,
    /// The key that signed the bundle.
    pub signer: Option<Digest>,
    /// The bundle was loaded without a verified signature.
    pub unsigned: bool,
}

/// What a question has beside its path.
struct Question<'a> {
    input: &'a [u8],
    ambient: &'a str,
    deadline: Option<Duration>,
    calls: Option<&'a Arc<HostCalls>>,
}

impl Policy {
    pub(crate) fn new(
        module: Module,
        entrypoints: Entrypoints<EntrypointId>,
        base: Base,
        identity: Identity,
        host: Option<Arc<dyn HostFunctions>>,
    ) -> Policy {
        Policy { module, entrypoints, base: Arc::new(base), identity, host }
    }

    /// Which policy this is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The paths that can be asked, in alphabetical order.
    pub fn entrypoints(&self) -> impl Iterator<Item = &str> {
        self.entrypoints.keys().map(String::as_str)
    }

    /// The loaded module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// What a decision may ask of its host, for [`Policy::decide_with_host`]; `None` if the policy asks nothing. When the
    /// decision is made, it tells what was answered.
    pub fn host_calls(&self) -> Option<Arc<HostCalls>> {
        let calls = || self.host.clone().map_or_else(HostCalls::refused, HostCalls::new);
        self.module.asks_host().then(|| Arc::new(calls()))
    }

    /// Asks for the document at `path`: an entrypoint (`authz/allow`), a part of its result (`authz/allow/reason`),
    /// base data of the bundle where no entrypoint is (`roles`), or what lies above entrypoints (`authz`), which is the
    /// object of them and of the base data there.
    ///
    /// `input` is JSON text; without it, `input` is undefined in the policy.
    ///
    /// # Errors
    /// When there is nothing at the path, or the evaluation gives no well-formed answer within its limits.
    pub fn decide(
        &self,
        path: &str,
        input: Option<&str>,
        ambient: &Ambient,
    ) -> Result<Decision, DecideError> {
        let keys: Vec<String> =
            path.split('/').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        self.decide_at(&keys, input, &ambient.to_json(), None)
    }

    /// [`Policy::decide`] for a path that is already split (so that its keys may hold any character), for ambient facts
    /// that already are JSON text, and with a deadline for each evaluation of its own.
    ///
    /// # Errors
    /// As [`Policy::decide`].
    pub fn decide_at(
        &self,
        keys: &[String],
        input: Option<&str>,
        ambient: &str,
        deadline: Option<Duration>,
    ) -> Result<Decision, DecideError> {
        self.decide_with_host(keys, input, ambient, deadline, self.host_calls().as_ref())
    }

    /// [`Policy::decide_at`] with the calls of host functions that belong to this decision: [`Policy::host_calls`], or
    /// [`HostCalls::replayed`] for a decision that was made before.
    ///
    /// # Errors
    /// As [`Policy::decide`].
    pub fn decide_with_host(
        &self,
        keys: &[String],
        input: Option<&str>,
        ambient: &str,
        deadline: Option<Duration>,
        calls: Option<&Arc<HostCalls>>,
    ) -> Result<Decision, DecideError> {
        let input = input.unwrap_or_default().as_bytes();
        let question = Question { input, ambient, deadline, calls };
        match find(&self.entrypoints, keys) {
            Some(Target::Within(entrypoint, rest)) => self.part(entrypoint, &rest, &question),
            Some(Target::Below(below)) => {
                let whole = self.assemble(&below, self.base.at(keys), &question)?;
                self.bounded(whole)
            }
            None => match self.base.at(keys) {
                Some(document) => {
                    let result = Some(document.to_json());
                    self.bounded(Decision { result, ..Decision::default() })
                }
                None => Err(DecideError::UnknownPath(keys.join("/"))),
            },
        }
    }

    fn evaluate(
        &self,
        entrypoint: EntrypointId,
        question: &Question<'_>,
    ) -> Result<Decision, DecideError> {
        let call = Call {
            entrypoint,
            input: question.input,
            ambient: Some(question.ambient.as_bytes()),
            deadline: question.deadline,
        };
        let output = self.module.evaluate_with_host(&call, question.calls)?;
        let (result, error, rules, prints) = output.into_parts();
        Ok(Decision { result, error, rules, prints })
    }

    fn part(
        &self,
        entrypoint: EntrypointId,
        keys: &[String],
        question: &Question<'_>,
    ) -> Result<Decision, DecideError> {
        let mut decision = self.evaluate(entrypoint, question)?;
        if !keys.is_empty() {
            decision.result = decision.result.and_then(|result| select(&result, keys));
        }
        Ok(decision)
    }

    /// The object of several entrypoints, and of the base data beside them; an error in one of them is the error of
    /// all.
    fn assemble(
        &self,
        below: &[(&str, EntrypointId)],
        base: Option<Document<'_>>,
        question: &Question<'_>,
    ) -> Result<Decision, DecideError> {
        let mut tree = Tree::default();
        let mut whole = Decision::default();
        for (path, entrypoint) in below {
            let decision = self.evaluate(*entrypoint, question)?;
            if decision.error.is_some() {
                return Ok(Decision { result: None, ..decision });
            }
            if let Some(result) = decision.result {
                tree.insert(path, result);
            }
            whole.prints.extend(decision.prints);
            if let Some(rules) = decision.rules {
                let all = whole.rules.get_or_insert_default();
                all.extend(
                    rules.into_iter().filter(|rule| !all.contains(rule)).collect::<Vec<_>>(),
                );
            }
        }
        if let Some(base) = base {
            tree.add_base(base);
        }
        whole.result = Some(tree.to_json());
        Ok(whole)
    }

    /// What is put together out of results and data is no larger than what the module may answer.
    fn bounded(&self, decision: Decision) -> Result<Decision, DecideError> {
        let max = self.module.limits().output_bytes_max;
        match decision.result.as_ref().map(String::len) {
            Some(len) if len > max => Err(EvalError::OutputTooLarge { len, max }.into()),
            _ => Ok(decision),
        }
    }
}
