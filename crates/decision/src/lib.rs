//! Decisions, kept: the record of each, and the log that shows whether any record was altered.
//!
//! A record is one line of JSON in the shape of OPA's decision-log event (`EventV1`), so that
//! whoever reads OPA's logs reads ours. One more object, `palisade`, holds what makes the decision
//! repeatable and the line checkable:
//!
//! | key | meaning |
//! |---|---|
//! | `entrypoint` | the module's entrypoint that was asked |
//! | `module`, `bundle`, `data` | digests: the module's bytes, the bundle file, the base data's text |
//! | `signer`, `unsigned` | the key that signed the bundle; whether it was loaded without one |
//! | `ambient` | the facts that the module was given beside the input: time, seed, runtime |
//! | `rules` | the rules that held, if the module was asked to tell |
//! | `seq` | the record's number in this log, from 0 |
//! | `prev` | the `hash` of the record before; for record 0 the digest of a fixed text |
//! | `hash` | SHA-256 of this line's bytes before `,"hash"` |
//!
//! The keys stand in this order, `seq`, `prev` and `hash` last, and every log writes lines of this
//! form only. Because a line carries its own hash, an altered byte is found on its own line, also
//! on the last; because it carries the one before, a dropped, added or moved line is found.
//!
//! # The directory
//!
//! | file | what it is |
//! |---|---|
//! | `decisions-<number of its first record>.jsonl` | the records; a full segment is never written again |
//! | `head.json` | the last record when a segment was filled or the log closed |
//! | `lock` | held by the process that writes |
//! | `decisions-….line-N.torn-M` | an unfinished line that a crash left, cut off at the next start |
//!
//! # What the chain cannot show
//!
//! The hash is not a signature. Whoever can write the directory can write a new chain, or cut
//! lines off the end and leave a chain that is whole. The log remembers its head in a file beside
//! it, each time a segment is full and when it is closed, so that a cut which forgets that file,
//! or reaches behind the last crash, is found. Against more than that only a head kept elsewhere
//! helps: every [`Receipt`] is one, and [`verify_against`] and [`verify_head`] take it.

mod error;
mod guard;
mod head;
mod host;
mod line;
mod log;
mod outcome;
mod path;
mod record;
mod recover;
mod replay;
mod search;
mod segment;
mod verify;

pub use error::{Change, LogError};
pub use host::RecordedHost;
pub use line::Receipt;
pub use log::{Durability, Log, Options};
pub use outcome::{Failed, Outcome};
pub use path::{join_path, split_path};
pub use record::{BundleRevision, Provenance, Record, RecordError, new_decision_id};
pub use recover::TornLine;
pub use replay::{Replay, ReplayError, Verdict, replay};
pub use search::{Found, Records, find, find_all, records};
pub use segment::Place;
pub use verify::{Finding, Problem, Report, verify, verify_against, verify_head};
