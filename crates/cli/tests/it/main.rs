//! The command line as its users type it: the built binary, real files, real sockets on loopback.

mod arguments;
mod bench;
mod build;
mod bundles;
mod check;
mod deps;
mod eval;
mod files;
mod fmt;
mod parse;
mod partial;
mod readme;
mod server;
mod support;
mod test;
mod trust;
mod up;
