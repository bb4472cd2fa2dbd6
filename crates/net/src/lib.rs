//! The network for policies that may use it: `http.send` and `net.lookup_ip_addr`, within an allow-list of hosts.
//!
//! A [`Network`] is what an embedder gives to policies as their host functions. It is one for all decisions, so that its
//! cache and its connections are shared; what it answers within one decision is remembered and recorded outside, by
//! `palisade_abi::HostCalls`.
//!
//! This is the only crate that knows the HTTP and TLS libraries.
//!
//! **Invariants:** no host is asked that the allow-list does not name, whatever redirects say. Nothing waits beyond the
//! decision's deadline. What a server sends is read up to a limit.

mod allow;
mod http;
mod lookup;
mod network;

pub use allow::{AllowError, AllowList};
pub use network::{Network, Permissions};
