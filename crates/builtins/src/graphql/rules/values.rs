//! Rules for values.

use std::collections::BTreeSet;
use std::num::IntErrorKind;

use crate::graphql::ast::{Definition, Type, Value, ValueKind};
use crate::graphql::suggest::did_you_mean;
use crate::graphql::validate::{Expected, Walker};

/// Checks a value whose parts were checked before.
pub(in crate::graphql) fn check(walker: &mut Walker<'_>, it: &Value, expected: Expected<'_>) {
    defined_variable(walker, it);
    if it.kind == ValueKind::Object {
        let mut seen = BTreeSet::new();
        for field in it.children.iter().filter(|it| !seen.insert(it.name.as_str())) {
            let parts = ["There can be only one input field named \"", &field.name, "\"."];
            walker.report(field.place, &parts);
        }
    }
    if let (Some(kind), Some(definition)) = (expected.kind, expected.definition) {
        fits(walker, it, kind, definition);
    }
    variable_fits(walker, it, expected);
    if let Some(definition) = expected.definition.filter(|it| it.has("oneOf")) {
        one_of_variable(walker, it, definition);
    }
}

fn defined_variable(walker: &mut Walker<'_>, it: &Value) {
    let Some(operation) = walker.operation else { return };
    if it.kind != ValueKind::Variable || walker.variable(&it.raw).is_some() {
        return;
    }
    let by = match operation.name.as_str() {
        "" => String::new(),
        name => [" by operation \"", name, "\""].concat(),
    };
    walker.report(it.place, &["Variable \"$", &it.raw, "\" is not defined", &by, "."]);
}

/// A variable has to have the type that is expected where it stands, or one that is stricter.
fn variable_fits(walker: &mut Walker<'_>, it: &Value, expected: Expected<'_>) {
    let (Some(kind), ValueKind::Variable) = (expected.kind, it.kind) else { return };
    let Some(variable) = walker.variable(&it.raw) else { return };
    let mut allowed = kind.clone();
    if expected.has_default || variable.default.as_ref().is_some_and(|it| !it.is_null()) {
        allowed.is_non_null = false;
    }
    if !variable.kind.is_compatible(&allowed) {
        let (own, kind) = (variable.kind.text(), kind.text());
        let middle = "\" used in position expecting type \"";
        let parts = ["Variable \"$", &it.raw, "\" of type \"", &own, middle, &kind, "\"."];
        walker.report(it.place, &parts);
    }
}

fn one_of_variable(walker: &mut Walker<'_>, it: &Value, definition: &Definition) {
    if it.kind != ValueKind::Object {
        return;
    }
    for child in it.children.iter().filter(|it| it.value.kind == ValueKind::Variable) {
        let Some(variable) = walker.variable(&child.value.raw) else { continue };
        if !variable.kind.is_non_null {
            let kind = variable.kind.text();
            let middle = "\" but must be non-nullable to be used for OneOf Input Object \"";
            let (raw, name) = (&child.value.raw, &definition.name);
            let parts = ["Variable \"$", raw, "\" is of type \"", &kind, middle, name, "\"."];
            walker.report(variable.place, &parts);
        }
    }
}

/// A value has to be of the type that is expected.
fn fits(walker: &mut Walker<'_>, it: &Value, kind: &Type, definition: &Definition) {
    if it.is_null() && kind.is_non_null {
        let parts = ["Expected value of type \"", &kind.text(), "\", found ", &it.text(), "."];
        walker.report(it.place, &parts);
    }
    let name = definition.name.as_str();
    let is_known = matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID");
    if definition.kind == "SCALAR" && !is_known {
        return;
    }
    if !is_readable(it) {
        unexpected(walker, it, kind, definition, "");
    }
    let is_enum = definition.kind == "ENUM";
    let enum_values = || definition.values.iter().map(|it| it.name.as_str());
    let hint = || did_you_mean("Did you mean the enum value", &it.raw, enum_values());
    match it.kind {
        ValueKind::List if kind.element.is_none() => unexpected(walker, it, kind, definition, ""),
        ValueKind::Int if !matches!(name, "Int" | "Float" | "ID") => {
            unexpected(walker, it, kind, definition, "");
        }
        ValueKind::Float if name != "Float" => unexpected(walker, it, kind, definition, ""),
        ValueKind::String if is_enum => {
            let (kind, text) = (kind.text(), it.text());
            let middle = "\" cannot represent non-enum value: ";
            walker.report(it.place, &["Enum \"", &kind, middle, &text, ".", &hint()]);
        }
        ValueKind::String if !matches!(name, "String" | "ID") => {
            unexpected(walker, it, kind, definition, "");
        }
        ValueKind::Enum if !is_enum => unexpected(walker, it, kind, definition, &hint()),
        ValueKind::Enum if !enum_values().any(|name| name == it.raw) => {
            let (kind, text) = (kind.text(), it.text());
            let parts = ["Value \"", &text, "\" does not exist in \"", &kind, "\" enum.", &hint()];
            walker.report(it.place, &parts);
        }
        ValueKind::Boolean if name != "Boolean" => unexpected(walker, it, kind, definition, ""),
        ValueKind::Object => fields_fit(walker, it, definition),
        _ => {}
    }
}

/// Whether numbers in the value are ones that 64 bits can hold.
fn is_readable(it: &Value) -> bool {
    match it.kind {
        ValueKind::Int => it.raw.parse::<i64>().is_ok(),
        ValueKind::Float => it.raw.parse::<f64>().is_ok_and(f64::is_finite),
        ValueKind::List | ValueKind::Object => it.children.iter().all(|it| is_readable(&it.value)),
        _ => true,
    }
}

fn fields_fit(walker: &mut Walker<'_>, it: &Value, definition: &Definition) {
    let name = &definition.name;
    for field in definition.fields.iter().filter(|it| it.is_required()) {
        if !it.children.iter().any(|it| it.name == field.name) {
            let kind = field.kind.text();
            let middle = "\" of required type \"";
            let end = "\" was not provided.";
            let parts = ["Field \"", name, ".", &field.name, middle, &kind, end];
            walker.report(it.place, &parts);
        }
    }
    if definition.has("oneOf") {
        match it.children.as_slice() {
            [one] if one.value.is_null() => {
                let field = definition.fields.first().map_or("", |it| it.name.as_str());
                let parts = ["Field \"", name, ".", field, "\" must be non-null."];
                walker.report(one.value.place, &parts);
            }
            [_] => {}
            _ => {
                let end = "\" must specify exactly one key.";
                walker.report(it.place, &["OneOf Input Object \"", name, end]);
            }
        }
    }
    for child in it.children.iter().filter(|it| definition.field(&it.name).is_none()) {
        let names = definition.fields.iter().map(|it| it.name.as_str());
        let hint = did_you_mean("Did you mean", &child.name, names);
        let middle = "\" is not defined by type \"";
        walker.report(child.place, &["Field \"", &child.name, middle, name, "\".", &hint]);
    }
}

fn unexpected(
    walker: &mut Walker<'_>,
    it: &Value,
    kind: &Type,
    definition: &Definition,
    hint: &str,
) {
    let (kind, text) = (kind.text(), it.text());
    let start = match kind.as_str() {
        "Int" | "Int!" => match it.raw.parse::<i32>().map_err(|it| *it.kind()) {
            Err(IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) => {
                "Int cannot represent non 32-bit signed integer value: "
            }
            _ => "Int cannot represent non-integer value: ",
        },
        "String" | "String!" | "[String]" => "String cannot represent a non string value: ",
        "Boolean" | "Boolean!" => "Boolean cannot represent a non boolean value: ",
        "Float" | "Float!" => "Float cannot represent non numeric value: ",
        "ID" | "ID!" => "ID cannot represent a non-string and non-integer value: ",
        _ => {
            let parts = if definition.kind == "ENUM" {
                ["Enum \"", &kind, "\" cannot represent non-enum value: ", &text, ".", hint]
            } else {
                ["Expected value of type \"", &kind, "\", found ", &text, ".", hint]
            };
            return walker.report(it.place, &parts);
        }
    };
    walker.report(it.place, &[start, &text, hint]);
}
