//! What is asked of a term's value, where that is known beforehand: it can make a `default` needless.

use palisade_value::{AnyValue, Value};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Want {
    /// The value, whatever it is.
    Any,
    /// A value other than `false`; which, does not matter.
    Truth,
    /// This value.
    Value(Value),
}

impl Want {
    /// Whether a value is what is asked for.
    pub fn accepts(&self, value: &Value) -> bool {
        match self {
            Want::Any => true,
            Want::Truth => !value.is_false(),
            Want::Value(wanted) => wanted == value,
        }
    }
}
