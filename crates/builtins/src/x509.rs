//! `crypto.x509.*`: certificates, requests for them, and keys.

pub(crate) mod algorithms;
pub(crate) mod alt_names;
pub(crate) mod certificate;
pub(crate) mod constraints;
pub(crate) mod details;
pub(crate) mod names;
pub(crate) mod times;
pub(crate) mod uris;
