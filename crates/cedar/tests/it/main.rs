//! Cedar's texts in, checked policies and diagnostics out.

mod conditions;
mod depth;
mod entities;
mod errors;
mod links;
mod oracle;
mod policies;
mod schema;
mod support;
