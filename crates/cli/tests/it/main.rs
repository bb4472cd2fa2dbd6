//! The command line as its users type it: the built binary, real files, real sockets on loopback.

mod arguments;
mod bench;
mod build;
mod bundles;
mod capabilities;
mod check;
mod deps;
mod eval;
mod files;
mod fmt;
mod network;
mod parse;
mod partial;
mod readme;
mod repl;
mod server;
mod support;
mod test;
mod test_failures;
mod trust;
mod up;
