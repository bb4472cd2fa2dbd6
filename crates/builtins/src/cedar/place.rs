//! Where in a request or in entities something is, for messages; and what refuses them.

use std::borrow::Cow;

use super::faults::Fault;
use super::text;
use super::values::Uid;
use crate::failure::Failure;

/// Why a request or entities are refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal(String);

/// A place in a request or in entities.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Context,
    Attribute(Uid<'a>, &'a str),
    Tag(Uid<'a>, &'a str),
    Parents(Uid<'a>),
    /// The name of an entity.
    Uid,
    /// A part of a request: `principal`.
    Request(&'a str),
}

impl Refusal {
    #[cold]
    #[inline(never)]
    pub(super) fn saying(parts: &[&str]) -> Refusal {
        Refusal(parts.concat())
    }

    /// With something before it: `error during entity deserialization`.
    #[cold]
    #[inline(never)]
    pub(super) fn behind(self, what: &str) -> Refusal {
        Refusal::saying(&[what, ": ", &self.0])
    }

    #[cold]
    pub(super) fn failure(self) -> Failure {
        Failure::Input(Cow::Owned(self.0))
    }
}

impl Place<'_> {
    /// A refusal of what is here.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&self, parts: &[&str]) -> Refusal {
        let mut message = String::new();
        self.write(&mut message);
        message.push_str(", ");
        message.push_str(&parts.concat());
        Refusal(message)
    }

    /// A refusal because what is here has no value.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse_value(&self, fault: Fault) -> Refusal {
        let (what, uid, name) = match self {
            Place::Attribute(uid, name) => ("attribute", uid, name),
            Place::Tag(uid, name) => ("tag", uid, name),
            _ => return Refusal(fault.0),
        };
        let entity = text::uid_text(*uid);
        let parts = ["failed to evaluate ", what, " `", name, "` of `", &entity, "`: ", &fault.0];
        Refusal::saying(&parts)
    }

    fn write(&self, out: &mut String) {
        let (what, uid) = match self {
            Place::Context => return out.push_str("while parsing context"),
            Place::Uid => return out.push_str("in uid field of <unknown entity>"),
            Place::Request(part) => {
                out.push_str("in the request's ");
                return out.push_str(part);
            }
            Place::Parents(uid) => ("in parents field of `", uid),
            Place::Attribute(uid, name) => {
                out.push_str("in attribute `");
                out.push_str(name);
                ("` on `", uid)
            }
            Place::Tag(uid, name) => {
                out.push_str("in tag `");
                out.push_str(name);
                ("` on `", uid)
            }
        };
        out.push_str(what);
        text::uid(*uid, out);
        out.push('`');
    }
}
