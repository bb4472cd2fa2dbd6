//! Types as text, as OPA's errors print them.

use std::fmt::{Display, Formatter, Result};

use crate::any::AnyValue;
use crate::types::{Parameter, Signature, Type};

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::Null => f.write_str("null"),
            Type::Boolean => f.write_str("boolean"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::Set(member) => write!(f, "set[{member}]"),
            Type::Union(members) => write!(f, "any<{}>", join(members)),
            Type::Function(signature) => signature.fmt(f),
            Type::Array { prefix, rest } => {
                f.write_str("array")?;
                if !prefix.is_empty() {
                    write!(f, "<{}>", join(prefix))?;
                }
                rest.as_ref().map_or(Ok(()), |rest| write!(f, "[{rest}]"))
            }
            Type::Object { fixed, dynamic } => {
                f.write_str("object")?;
                if !fixed.is_empty() {
                    let entries: Vec<String> = fixed
                        .iter()
                        .map(|(key, kind)| match key.as_str() {
                            Some(text) => format!("{text}: {kind}"),
                            None => format!("{key}: {kind}"),
                        })
                        .collect();
                    write!(f, "<{}>", entries.join(", "))?;
                }
                dynamic.as_ref().map_or(Ok(()), |it| write!(f, "[{}: {}]", it.0, it.1))
            }
        }
    }
}

impl Display for Signature {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "({}) => {}", join(&self.parameters), self.result)
    }
}

impl Display for Parameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.name {
            Some(name) => write!(f, "{name}: {}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

fn join<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
