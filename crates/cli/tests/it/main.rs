//! The command line as its users type it: the built binary, real files, real sockets on loopback.

mod arguments;
mod build;
mod check;
mod eval;
mod fmt;
mod parse;
mod readme;
mod server;
mod support;
mod test;
mod trust;
mod up;
