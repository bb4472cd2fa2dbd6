//! The bundle: a policy, its data and its manifest in one gzip-compressed tar archive, laid out as
//! OPA lays it out.
//!
//! [`Bundle::read`] takes bytes from anywhere: it is strict, bounded by [`Limits`] and never
//! touches the file system. [`Bundle::write`] is a function of the bundle alone: the same bundle
//! gives the same bytes on any machine, so that a digest names a policy.
//!
//! INVARIANT: `Bundle::read(&bundle.write()?)? == bundle` for a bundle whose parts are in order.

mod archive;
mod bundle;
mod data;
mod digest;
mod manifest;
mod name;
mod pattern;
mod read;
mod roots;
mod write;

pub use archive::{ArchiveError, Entry, Limits, unpack};
pub use bundle::{Bundle, Source};
pub use data::{DataError, Documents};
pub use digest::{Digest, ParseDigestError, digest};
pub use manifest::{Entrypoint, Manifest, ManifestError};
pub use pattern::matches_pattern;
pub use read::{BUNDLE_BYTES_MAX, ReadError};
pub use write::WriteError;
