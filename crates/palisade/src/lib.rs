//! Palisade in your program: load a policy, verify it, decide.
//!
//! [`Policy::load`] verifies the bundle's signature before it reads anything else of it, and [`Policy::decide`] answers
//! questions in microseconds, on any thread. There is no daemon, and no network unless [`LoadOptions::host`] allows it.
//!
//! ```no_run
//! use palisade::{Ambient, Engine, EngineOptions, LoadOptions, Policy, PublicKey, Trust};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::new(&EngineOptions::default())?;
//! let trust = Trust {
//!     keys: vec![PublicKey::parse(&std::fs::read_to_string("cosign.pub")?)?],
//!     ..Trust::default()
//! };
//! let policy = Policy::open(&engine, "bundle.tar.gz".as_ref(), &LoadOptions::new(&trust))?;
//!
//! let input = r#"{"user": {"role": "admin"}, "action": "read"}"#;
//! let decision = policy.decide("authz/allow", Some(input), &Ambient::default())?;
//! if decision.is_allowed() {
//!     println!("allowed by {}", policy.identity().revision);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **Invariant:** [`Decision::is_allowed`] is true only when the policy's answer is exactly `true`. Undefined, an error
//! in the policy, a limit, a trap and a malformed answer are not.

mod base;
mod builtins;
mod decision;
mod facts;
mod load;
mod path;
mod policy;
mod select;

pub use decision::{DecideError, Decision};
pub use facts::{FactsError, fresh_facts};
pub use load::{LoadError, LoadOptions};
pub use palisade_abi::{
    Ambient, Explain, HostAnswers, HostCall, HostCalls, HostError, HostFunctions, Location,
    PolicyError, RuleHit,
};
pub use palisade_bundle::Digest;
pub use palisade_sandbox::{
    Cache, CacheError, Engine, EngineError, EngineOptions, EvalError, Limits,
};
pub use palisade_trust::{Policy as Trust, PublicKey, Refusal};
pub use policy::{Identity, Policy};
