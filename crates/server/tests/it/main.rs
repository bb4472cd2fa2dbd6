//! The server as its clients see it, on a free port of this machine.

mod answers;
mod client;
mod failures;
mod logging;
mod modules;
