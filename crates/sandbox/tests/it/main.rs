//! What the sandbox promises: what it refuses to load, what it stops, what it takes for a decision.

mod answers;
mod cache;
mod complexity;
mod concurrency;
mod host;
mod limits;
mod loading;
mod opa;
mod wat;
