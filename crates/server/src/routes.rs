//! One file per route.

pub(crate) mod data;
pub(crate) mod health;
