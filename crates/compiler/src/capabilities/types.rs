//! The types of a built-in as OPA's JSON has them: `{"type": "array", "dynamic": {"type": "string"}}`.

use palisade_value::types::Type;
use palisade_value::{AnyValue, Value, json};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

/// The types of a built-in's arguments and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decl {
    /// Of the arguments in order.
    pub args: Vec<Type>,
    /// Of any number of further arguments.
    pub variadic: Option<Type>,
    /// Of the result, if it gives one.
    pub result: Option<Type>,
}

/// How deep types may be nested that are read.
const DEPTH_MAX: usize = 64;

impl Serialize for Decl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = Map::new();
        if !self.args.is_empty() {
            fields.insert("args".to_owned(), self.args.iter().map(to_json).collect());
        }
        if let Some(result) = &self.result {
            fields.insert("result".to_owned(), to_json(result));
        }
        fields.insert("type".to_owned(), "function".into());
        if let Some(variadic) = &self.variadic {
            fields.insert("variadic".to_owned(), to_json(variadic));
        }
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decl, D::Error> {
        let fields = Json::deserialize(deserializer)?;
        let malformed = || D::Error::custom("a built-in's `decl` is no function type");
        if fields.get("type").and_then(Json::as_str) != Some("function") {
            return Err(malformed());
        }
        let kind = |name: &str| match fields.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(kind) => of_json(kind, DEPTH_MAX).map(Some).ok_or_else(malformed),
        };
        let args = match fields.get("args") {
            None | Some(Json::Null) => Some(Vec::new()),
            Some(args) => types(args, DEPTH_MAX),
        };
        Ok(Decl {
            args: args.ok_or_else(malformed)?,
            variadic: kind("variadic")?,
            result: kind("result")?,
        })
    }
}

/// A type in OPA's JSON.
fn to_json(kind: &Type) -> Json {
    let named = |name: &str| json!({ "type": name });
    match kind {
        Type::Null => named("null"),
        Type::Boolean => named("boolean"),
        Type::Number => named("number"),
        Type::String => named("string"),
        Type::Any => named("any"),
        Type::Set(member) => json!({ "type": "set", "of": to_json(member) }),
        Type::Union(members) => {
            json!({ "type": "any", "of": members.iter().map(to_json).collect::<Vec<_>>() })
        }
        Type::Array { prefix, rest } => {
            let mut fields = Map::new();
            fields.insert("type".to_owned(), "array".into());
            if !prefix.is_empty() {
                fields.insert("static".to_owned(), prefix.iter().map(to_json).collect());
            }
            if let Some(rest) = rest {
                fields.insert("dynamic".to_owned(), to_json(rest));
            }
            Json::Object(fields)
        }
        Type::Object { fixed, dynamic } => {
            let mut fields = Map::new();
            fields.insert("type".to_owned(), "object".into());
            if !fixed.is_empty() {
                let entries = fixed.iter().map(|(key, kind)| {
                    let key: Json = serde_json::from_str(&json::to_json(key)).unwrap_or(Json::Null);
                    json!({ "key": key, "value": to_json(kind) })
                });
                fields.insert("static".to_owned(), entries.collect());
            }
            if let Some(pair) = dynamic {
                let (key, value) = (to_json(&pair.0), to_json(&pair.1));
                fields.insert("dynamic".to_owned(), json!({ "key": key, "value": value }));
            }
            Json::Object(fields)
        }
        Type::Function(signature) => {
            let args: Vec<Json> = signature.parameters.iter().map(|it| to_json(&it.kind)).collect();
            json!({ "type": "function", "args": args, "result": to_json(&signature.result) })
        }
    }
}

/// A type from OPA's JSON. `None` if it is none.
fn of_json(json: &Json, depth: usize) -> Option<Type> {
    let depth = depth.checked_sub(1)?;
    let below = |name: &str| match json.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(kind) => of_json(kind, depth).map(Some),
    };
    Some(match json.get("type")?.as_str()? {
        "null" => Type::Null,
        "boolean" => Type::Boolean,
        "number" => Type::Number,
        "string" => Type::String,
        "any" => match json.get("of") {
            None | Some(Json::Null) => Type::Any,
            Some(members) => match types(members, depth)? {
                // So that it is printed as it was read.
                one if one.len() == 1 => Type::Union(one),
                members => Type::union(members).unwrap_or(Type::Any),
            },
        },
        "set" => Type::set_of(below("of")?.unwrap_or(Type::Any)),
        "array" => Type::Array {
            prefix: json.get("static").map_or(Some(Vec::new()), |it| types(it, depth))?,
            rest: below("dynamic")?.map(Box::new),
        },
        "object" => Type::Object {
            fixed: fixed(json.get("static"), depth)?,
            dynamic: match json.get("dynamic") {
                None | Some(Json::Null) => None,
                Some(pair) => {
                    let of = |name| of_json(pair.get(name)?, depth);
                    Some(Box::new((of("key")?, of("value")?)))
                }
            },
        },
        _ => return None,
    })
}

fn types(list: &Json, depth: usize) -> Option<Vec<Type>> {
    list.as_array()?.iter().map(|it| of_json(it, depth)).collect()
}

/// The keys that are always there, sorted.
fn fixed(entries: Option<&Json>, depth: usize) -> Option<Vec<(Value, Type)>> {
    let Some(entries) = entries else { return Some(Vec::new()) };
    let entry = |entry: &Json| {
        let key = match entry.get("key")? {
            Json::String(text) => Value::text(text),
            other => json::parse(&other.to_string()).ok()?,
        };
        Some((key, of_json(entry.get("value")?, depth)?))
    };
    let mut entries: Vec<(Value, Type)> =
        entries.as_array()?.iter().map(entry).collect::<Option<_>>()?;
    entries.sort();
    Some(entries)
}
