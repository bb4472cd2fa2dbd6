//! The constants of a program, none twice.

use std::collections::BTreeMap;

use palisade_value::Value;

use crate::program::ConstId;

/// Constants by their text: values that are equal but written differently (`1`, `1.0`) are different constants.
#[derive(Default)]
pub(crate) struct Constants {
    all: Vec<Value>,
    ids: BTreeMap<String, ConstId>,
}

impl Constants {
    /// Those that a program has already.
    pub(crate) fn of(all: Vec<Value>) -> Constants {
        let ids = all.iter().map(Value::to_string).zip((0..).map(ConstId)).collect();
        Constants { all, ids }
    }

    /// The id of a constant.
    pub(crate) fn id(&mut self, value: &Value) -> ConstId {
        let next = ConstId(self.all.len() as u32);
        let id = *self.ids.entry(value.to_string()).or_insert(next);
        if id == next {
            self.all.push(value.clone());
        }
        id
    }

    /// The id of a constant that is too large to look for another one like it.
    pub(crate) fn add(&mut self, value: Value) -> ConstId {
        self.all.push(value);
        ConstId(self.all.len() as u32 - 1)
    }

    /// All of them, by their ids.
    pub(crate) fn into_values(self) -> Vec<Value> {
        self.all
    }
}
