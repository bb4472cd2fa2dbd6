//! Static types of values: what built-ins declare and what the type checker infers.

/// What is known of a built-in function before any policy is read.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The name in policies: `array.concat`.
    pub name: &'static str,
    /// The types: `(array[any], array[any]) -> array[any]`.
    pub signature: &'static str,
    /// Whether a call yields many results, as `walk` does. The function returns them as an array.
    pub relation: bool,
    /// Whether equal arguments may give different results in two evaluations.
    pub nondeterministic: bool,
    /// Whether OPA has deprecated it: strict mode and Rego v1 refuse it.
    pub deprecated: bool,
    /// The operator that calls it.
    pub infix: Option<&'static str>,
    /// Whether it is no part of the language, and known only to those who run OPA's test cases.
    pub for_test_cases: bool,
}

impl Declaration {
    /// A plain function: deterministic, one result, no operator.
    pub const fn new(name: &'static str, signature: &'static str) -> Declaration {
        Declaration {
            name,
            signature,
            relation: false,
            nondeterministic: false,
            deprecated: false,
            infix: None,
            for_test_cases: false,
        }
    }

    /// Called by an operator.
    pub const fn infix(mut self, operator: &'static str) -> Declaration {
        self.infix = Some(operator);
        self
    }

    /// Marked as deprecated.
    pub const fn deprecated(mut self) -> Declaration {
        self.deprecated = true;
        self
    }

    /// Marked as nondeterministic.
    pub const fn nondeterministic(mut self) -> Declaration {
        self.nondeterministic = true;
        self
    }

    /// Marked as being there for OPA's test cases only.
    pub const fn for_test_cases(mut self) -> Declaration {
        self.for_test_cases = true;
        self
    }

    /// Marked as a relation.
    pub const fn relation(mut self) -> Declaration {
        self.relation = true;
        self
    }
}

mod parse;
mod print;

use crate::value::Value;

/// A set of values. The order of the variants is the order in which a union lists its members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `null`
    Null,
    /// `true` and `false`
    Boolean,
    /// All numbers.
    Number,
    /// All strings.
    String,
    /// Arrays.
    Array {
        /// The types of the first elements.
        prefix: Vec<Type>,
        /// The type of all further elements; `None` if there are none.
        rest: Option<Box<Type>>,
    },
    /// Objects.
    Object {
        /// The keys that are always there, sorted, with the types of their values.
        fixed: Vec<(Value, Type)>,
        /// The types of all further keys and values; `None` if there are none.
        dynamic: Option<Box<(Type, Type)>>,
    },
    /// Sets of members of one type.
    Set(Box<Type>),
    /// One of several: at least two, sorted, none of them a union or `Any`. Only a declaration may name a single one,
    /// `any<string>`, where OPA's does.
    Union(Vec<Type>),
    /// Every value.
    Any,
    /// No value: a function.
    Function(Box<Signature>),
}

/// The type of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub result: Type,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter {
    /// Its name, where the declaration gives one.
    pub name: Option<String>,
    /// Which values it takes.
    pub kind: Type,
}

impl Declaration {
    /// The signature read from its text. `None` if the text is malformed.
    pub fn signature(&self) -> Option<Signature> {
        Signature::parse(self.signature)
    }
}

impl Type {
    /// Arrays of any length with elements of one type.
    pub fn array_of(element: Type) -> Type {
        Type::Array { prefix: Vec::new(), rest: Some(Box::new(element)) }
    }

    /// Sets with members of one type.
    pub fn set_of(member: Type) -> Type {
        Type::Set(Box::new(member))
    }

    /// Objects with keys of one type and values of one type.
    pub fn object_of(key: Type, value: Type) -> Type {
        Type::Object { fixed: Vec::new(), dynamic: Some(Box::new((key, value))) }
    }

    /// The union of types: flat, sorted, without duplicates. `None` of no types.
    pub fn union(types: impl IntoIterator<Item = Type>) -> Option<Type> {
        let mut members = Vec::new();
        for kind in types {
            match kind {
                Type::Any => return Some(Type::Any),
                Type::Union(inner) => members.extend(inner),
                other => members.push(other),
            }
        }
        members.sort();
        members.dedup();
        match members.len() {
            0 | 1 => members.pop(),
            _ => Some(Type::Union(members)),
        }
    }

    /// The types of which this is the union; itself alone if it is none.
    pub fn members(&self) -> &[Type] {
        match self {
            Type::Union(members) => members,
            other => std::slice::from_ref(other),
        }
    }

    /// The narrowest type of a value.
    pub fn of(value: &Value) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Boolean(_) => Type::Boolean,
            Value::Integer(_) | Value::Decimal(_) => Type::Number,
            Value::String(_) => Type::String,
            Value::Array(items) => {
                Type::Array { prefix: items.iter().map(Type::of).collect(), rest: None }
            }
            Value::Object(entries) => Type::Object {
                fixed: entries.iter().map(|it| (it.key.clone(), Type::of(&it.value))).collect(),
                dynamic: None,
            },
            Value::Set(members) => {
                Type::set_of(Type::union(members.iter().map(Type::of)).unwrap_or(Type::Any))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, printed: &str) {
        let signature = Signature::parse(text).unwrap_or_else(|| panic!("{text} is not read"));
        assert_eq!(signature.to_string(), printed, "{text}");
    }

    #[test]
    fn signatures_are_read_and_printed_as_opa_prints_them() {
        check("() -> number", "() => number");
        check("(string, number) -> array[string]", "(string, number) => array[string]");
        check("(x: set[any] | array[any]) -> any", "(x: any<array[any], set[any]>) => any");
        check("(array<string, any>) -> null", "(array<string, any>) => null");
        check(
            "(object[string: any]) -> object<\"b\": number, \"a\": string>",
            "(object[string: any]) => object<a: string, b: number>",
        );
        check(
            "(object<\"a\": string, [string: any]>) -> set[string | number]",
            "(object<a: string>[string: any]) => set[any<number, string>]",
        );
        check("(number | any) -> boolean", "(any) => boolean");
        check("(array[any<string>] | null) -> any", "(any<null, array[any<string>]>) => any");
    }

    #[test]
    fn malformed_signatures_are_refused() {
        for text in [
            "",
            "number",
            "(number)",
            "(numb) -> any",
            "(array[any) -> any",
            "(any) -> any any",
            "(object<a: any>) -> any",
        ] {
            assert_eq!(Signature::parse(text), None, "{text}");
        }
    }

    #[test]
    fn constants_have_their_narrowest_type() {
        let value = crate::json::parse::<Value>(r#"{"a": [1, "x"], "b": null}"#).expect("JSON");
        assert_eq!(Type::of(&value).to_string(), "object<a: array<number, string>, b: null>");
    }
}
