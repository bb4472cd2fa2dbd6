//! The enforcement point: decisions over HTTP, in the shapes of OPA's REST API.
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/data/{path}` with `{"input": …}` | `{"result": …, "decision_id": …}`; no `result` when undefined |
//! | `GET /v1/data/{path}?input=…` | the same |
//! | `GET /health` | `{}`, or 500 when decisions can no longer be logged |
//!
//! Query parameters, each as OPA has it: `pretty`, `explain`, `metrics`, `provenance`, `strict-builtin-errors`.
//!
//! There is no compiler here: what is served is a [`palisade::Policy`], which was verified before.
//!
//! **Invariants:** a decision is in the decision log before its answer leaves. Whatever fails (a trap, a limit, the
//! log itself) is answered with an error, and never with a result. The module `rescue` is the only place that turns errors
//! into responses.

mod body;
mod connections;
mod decide;
mod depth;
mod path;
mod pretty;
mod query;
mod record;
mod rescue;
mod router;
mod routes;
mod server;
mod state;
mod wire;

pub use server::{BindError, Notice, Options, RunError, Server};
