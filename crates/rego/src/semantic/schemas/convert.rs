//! From a JSON schema to the type of the values that it admits.
//!
//! Of a schema count `type`, `properties`, `items`, `allOf`, `anyOf` and local `$ref`s. Objects with properties have no
//! others. What types can't say (patterns, bounds, `oneOf`, `not`, `if`) narrows nothing.

use std::collections::BTreeMap;

use palisade_value::types::Type;
use palisade_value::{AnyValue, Value};

use super::SchemaError;
use super::merge::merge;

/// How often a definition may stand in itself. What lies deeper can be anything.
const NESTING_OF_ONE_MAX: usize = 3;

/// The most parts of one type. What comes on top can be anything: a few definitions that refer to each other would
/// otherwise stand for more parts than fit any memory.
const PARTS_MAX: usize = 20_000;

/// The deepest that schemas may nest.
const DEPTH_MAX: usize = 200;

/// Converts one schema document.
pub struct Converter<'a> {
    root: &'a Value,
    /// The references that are being followed, and how often each.
    open: BTreeMap<String, usize>,
    parts: usize,
    depth: usize,
}

impl<'a> Converter<'a> {
    /// For schemas whose references are meant in this document.
    pub fn new(root: &'a Value) -> Converter<'a> {
        Converter { root, open: BTreeMap::new(), parts: 0, depth: 0 }
    }

    /// The type of what a schema admits.
    pub fn convert(&mut self, schema: &Value) -> Result<Type, SchemaError> {
        self.parts += 1;
        if self.parts > PARTS_MAX {
            return Ok(Type::Any);
        }
        if self.depth >= DEPTH_MAX {
            return Err(SchemaError::Malformed(format!(
                "schema nested deeper than {DEPTH_MAX} levels"
            )));
        }
        self.depth += 1;
        let kind = self.kind(schema);
        self.depth -= 1;
        kind
    }

    fn kind(&mut self, schema: &Value) -> Result<Type, SchemaError> {
        match schema {
            Value::Boolean(_) => return Ok(Type::Any),
            Value::Object(_) => {}
            _ => {
                return Err(SchemaError::Malformed(
                    "schema is invalid: it must be an object or a boolean".to_owned(),
                ));
            }
        }
        if let Some(Value::String(reference)) = schema.get_str("$ref") {
            return self.reference(&reference);
        }
        if let Some(parts) = list(schema, "anyOf")? {
            return self.any_of(schema, &parts);
        }
        if let Some(parts) = list(schema, "allOf")? {
            return self.all_of(schema, &parts);
        }
        self.plain(schema)
    }

    /// A schema by its own `type`, `properties` and `items`.
    fn plain(&mut self, schema: &Value) -> Result<Type, SchemaError> {
        let named = types(schema)?;
        let has = |name: &str| named.iter().any(|it| it == name);
        let has_properties =
            schema.get_str("properties").is_some_and(|it| !it.entries().is_empty());
        let has_items = schema.get_str("items").is_some();
        if has("boolean") {
            Ok(Type::Boolean)
        } else if has("string") {
            Ok(Type::String)
        } else if has("integer") || has("number") {
            Ok(Type::Number)
        } else if has("object") || (named.is_empty() && has_properties) {
            self.object(schema)
        } else if has("array") || (named.is_empty() && has_items) {
            self.array(schema)
        } else {
            Ok(Type::Any)
        }
    }

    fn object(&mut self, schema: &Value) -> Result<Type, SchemaError> {
        let properties = schema.get_str("properties").unwrap_or_else(Value::empty_object);
        if properties.entries().is_empty() {
            return Ok(Type::object_of(Type::Any, Type::Any));
        }
        let mut fixed = Vec::with_capacity(properties.entries().len());
        for property in properties.entries() {
            fixed.push((property.key.clone(), self.convert(&property.value)?));
        }
        Ok(Type::Object { fixed, dynamic: None })
    }

    fn array(&mut self, schema: &Value) -> Result<Type, SchemaError> {
        match schema.get_str("items") {
            None => Ok(Type::array_of(Type::Any)),
            Some(Value::Array(items)) if items.is_empty() => Ok(Type::array_of(Type::Any)),
            Some(Value::Array(items)) => {
                let prefix = items.iter().map(|it| self.convert(it)).collect::<Result<_, _>>()?;
                Ok(Type::Array { prefix, rest: None })
            }
            Some(items) => Ok(Type::array_of(self.convert(&items)?)),
        }
    }

    /// What one of several schemas admits. Properties beside them are a further choice.
    fn any_of(&mut self, schema: &Value, parts: &[Value]) -> Result<Type, SchemaError> {
        let mut kinds = Vec::with_capacity(parts.len() + 1);
        if !types(schema)?.is_empty() {
            let own = self.plain(schema)?;
            kinds.extend(Some(own).filter(|it| matches!(it, Type::Object { dynamic: None, .. })));
        }
        for part in parts {
            kinds.push(self.convert(part)?);
        }
        Ok(Type::union(kinds).unwrap_or(Type::Any))
    }

    /// What all of several schemas admit, and the schema around them.
    fn all_of(&mut self, schema: &Value, parts: &[Value]) -> Result<Type, SchemaError> {
        let mut kinds = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            kinds.push(self.convert(part)?);
        }
        if !types(schema)?.is_empty() {
            kinds.push(self.plain(schema)?);
        }
        let mut kinds = kinds.into_iter();
        let first = kinds.next().unwrap_or(Type::Any);
        kinds.try_fold(first, merge)
    }

    fn reference(&mut self, reference: &str) -> Result<Type, SchemaError> {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(SchemaError::Malformed(format!(
                "remote reference loading disabled: {reference}: only references into the same \
                 schema (`#/definitions/…`) are followed"
            )));
        };
        let open = self.open.entry(pointer.to_owned()).or_default();
        if *open >= NESTING_OF_ONE_MAX {
            return Ok(Type::Any);
        }
        *open += 1;
        let target = follow(self.root, pointer).ok_or_else(|| {
            SchemaError::Malformed(format!("the reference {reference} leads nowhere"))
        })?;
        let kind = self.convert(&target);
        if let Some(open) = self.open.get_mut(pointer) {
            *open -= 1;
        }
        kind
    }
}

/// What a JSON pointer leads to.
fn follow(root: &Value, pointer: &str) -> Option<Value> {
    let mut parts = pointer.split('/');
    // A pointer is empty or begins with a slash.
    if !parts.next()?.is_empty() {
        return None;
    }
    parts.try_fold(root.clone(), |place, part| {
        let key = part.replace("~1", "/").replace("~0", "~");
        match &place {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?).cloned(),
            _ => place.get_str(&key),
        }
    })
}

/// The names under `type`: one or several.
fn types(schema: &Value) -> Result<Vec<String>, SchemaError> {
    const KNOWN: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];
    let names = match schema.get_str("type") {
        None => return Ok(Vec::new()),
        Some(Value::Array(names)) => names.to_vec(),
        Some(name) => vec![name],
    };
    let name = |it: &Value| match it.as_str() {
        Some(name) if KNOWN.contains(&name) => Ok(name.to_owned()),
        _ => Err(SchemaError::Malformed(format!(
            "has a primitive type that is NOT VALID -- given: {it} Expected valid values are: {KNOWN:?}"
        ))),
    };
    names.iter().map(name).collect()
}

fn list(schema: &Value, key: &str) -> Result<Option<Vec<Value>>, SchemaError> {
    match schema.get_str(key) {
        None => Ok(None),
        Some(Value::Array(items)) if !items.is_empty() => Ok(Some(items.to_vec())),
        Some(_) => Err(SchemaError::Malformed(format!("`{key}` must be an array of schemas"))),
    }
}
