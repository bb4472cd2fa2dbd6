//! Large operands: what a call makes on the way must not grow with their square.

use palisade_builtins::{Context, Failure, lookup};
use palisade_value::{AnyValue, Entry, Value};

const MANY: i64 = 50_000;

fn call(name: &str, args: &[Value]) -> Result<Value, Failure> {
    let function = lookup(name).unwrap_or_else(|| panic!("no function {name}"));
    function(&mut Context::new(0, 0), args)
}

fn numbered(at: i64) -> Value {
    Value::text(&format!("k{at:06}"))
}

/// `{"k000000": 0, …}`
fn all() -> Value {
    let entries = (0..MANY).map(|at| Entry { key: numbered(at), value: Value::Integer(at) });
    Value::object(entries.collect())
}

#[test]
fn many_objects_are_united_at_once() {
    let one = |at| Value::object(vec![Entry { key: numbered(at), value: Value::Integer(at) }]);
    let objects = Value::array((0..MANY).rev().map(one).collect());
    assert_eq!(call("object.union_n", &[objects]).ok(), Some(all()));
}

#[test]
fn many_changes_are_made_in_place() {
    let add = |at| {
        let path = Value::array(vec![numbered(at)]);
        Value::object_of([
            ("op", Value::text("add")),
            ("path", path),
            ("value", Value::Integer(at)),
        ])
    };
    let patches = Value::array((0..MANY).map(add).collect());
    assert_eq!(call("json.patch", &[Value::empty_object(), patches]).ok(), Some(all()));
}
