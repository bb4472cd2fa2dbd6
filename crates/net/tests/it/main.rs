//! The network as policies see it, against servers on the loopback address.

mod allowed;
mod caching;
mod redirects;
mod requests;
mod server;
mod tls;
