//! Signatures, one file a scheme. None depends on another, so that a module carries only those its policy needs.

pub(crate) mod ecdsa;
pub(crate) mod eddsa;
pub(crate) mod rsa;
