//! The contract between a module and its host: Palisade ABI 1.
//!
//! The code generator, the guest and the host all take the names, documents and limits of the contract from here, so
//! that they cannot drift apart. A module imports nothing; everything it may know comes in through its memory. The
//! exception are modules that were compiled with a permission to ask their host, see [`host`].
//!
//! One evaluation is this sequence of calls:
//!
//! 1. `allocate(len)`: the first `allocate` after an evaluation frees what that evaluation left; write the input there;
//! 2. optionally `allocate(len)`, write the [`Ambient`] document there, `ambient(ptr, len)`;
//! 3. the entrypoint's export (`authz/allow`, or `evaluate` for the default one) with the input's `(ptr, len)`;
//! 4. read the decision document ([`Answer`]) at the [packed](pack) place that it returned.
//!
//! An input of no bytes means that there is no input: `input` is undefined.
//!
//! `load(ptr, len)`, after `allocate` and a write, replaces the base data; it stays until the next `load`. It returns 0,
//! or the packed place of an error document. `ambient` returns the same.

pub mod ambient;
pub mod answer;
pub mod canonical;
pub mod error;
pub mod exports;
pub mod host;
pub mod image;
pub mod limits;
pub mod manifest;
pub mod section;

pub use ambient::{Ambient, Explain};
pub use answer::{Answer, Location, PolicyError, RuleHit};
pub use error::ErrorCode;
pub use exports::{ABI_VERSION, pack, unpack};
pub use host::{HostAnswers, HostCall, HostCalls, HostError, HostFailure, HostFunctions};
pub use manifest::{DataPlace, Entrypoint, MANIFEST_SECTION, Manifest};
pub use section::custom_section;
