//! How large a value may be that leaves the evaluation.
//!
//! Inside, values share their parts, and there is a large stack to go through them. Outside, whoever prints, compares
//! or drops a value goes through all of it on a stack of the usual size.

use palisade_value::json::NESTING_MAX;
use palisade_value::{Value, any::Entry};

use crate::error::EvalError;

/// How many parts a result may have.
const RESULT_PARTS_MAX: usize = 50_000_000;

/// How many bytes of JSON a result may be.
const RESULT_BYTES_MAX: u64 = 512 << 20;

/// How many parts a value may have to be shown in a trace.
const TRACE_PARTS_MAX: usize = 1_000;

/// How many bytes of JSON a value may be to be shown in a trace.
const TRACE_BYTES_MAX: u64 = 1 << 20;

/// Lets a result out.
pub(crate) fn check_result(value: &Value) -> Result<(), EvalError> {
    if fits(value, RESULT_PARTS_MAX, RESULT_BYTES_MAX) {
        Ok(())
    } else {
        Err(EvalError::too_large())
    }
}

/// Whether a trace shows the value.
pub(crate) fn is_shown(value: &Value) -> bool {
    fits(value, TRACE_PARTS_MAX, TRACE_BYTES_MAX)
}

fn fits(value: &Value, mut parts: usize, bytes: u64) -> bool {
    text(value, NESTING_MAX, &mut parts).is_some_and(|text| text.bytes() <= bytes)
}

/// How long a JSON text is, and how much of it grows when the text is put in quotes: as a key that is no string is.
/// Keys in keys double their backslashes each time, so a small value may have an endless text.
#[derive(Clone, Copy, Debug, Default)]
struct Text {
    plain: u64,
    quotes: u64,
    backslashes: u64,
}

impl Text {
    fn of_string(text: &str) -> Text {
        let count = |byte: u8| text.bytes().filter(|it| *it == byte).count() as u64;
        let (quotes, backslashes) = (count(b'"'), count(b'\\'));
        Text { plain: text.len() as u64 - quotes - backslashes, quotes, backslashes }.quoted()
    }

    /// The text as a string in JSON.
    fn quoted(self) -> Text {
        Text {
            plain: self.plain,
            quotes: self.quotes.saturating_add(2),
            backslashes: self.backslashes.saturating_mul(2).saturating_add(self.quotes),
        }
    }

    /// Both texts and a comma or the like.
    fn and(self, other: Text) -> Text {
        Text {
            plain: self.plain.saturating_add(other.plain).saturating_add(1),
            quotes: self.quotes.saturating_add(other.quotes),
            backslashes: self.backslashes.saturating_add(other.backslashes),
        }
    }

    fn bytes(self) -> u64 {
        self.plain.saturating_add(self.quotes).saturating_add(self.backslashes)
    }
}

/// The text of a value that nests no deeper than `depth` and has no more than `parts` parts, which it uses up.
fn text(value: &Value, depth: usize, parts: &mut usize) -> Option<Text> {
    *parts = parts.checked_sub(1)?;
    let inner = depth.checked_sub(1);
    match value {
        Value::Array(items) | Value::Set(items) => items
            .iter()
            .try_fold(Text::default(), |all, item| Some(all.and(text(item, inner?, parts)?))),
        Value::Object(entries) => {
            entries.iter().try_fold(Text::default(), |all, Entry { key, value }| {
                let key_text = text(key, inner?, parts)?;
                let is_string = matches!(key, Value::String(_));
                let key_text = if is_string { key_text } else { key_text.quoted() };
                Some(all.and(key_text).and(text(value, inner?, parts)?))
            })
        }
        Value::String(it) => Some(Text::of_string(it)),
        Value::Decimal(it) => Some(Text { plain: it.len() as u64, ..Text::default() }),
        Value::Null | Value::Boolean(_) | Value::Integer(_) => {
            Some(Text { plain: 8, ..Text::default() })
        }
    }
}
