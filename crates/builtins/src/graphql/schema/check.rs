//! Whether the definitions of a schema go together.

use std::collections::BTreeSet;

use super::{Checked, Schema, unsound};
use crate::graphql::ast::{Definition, FieldDefinition, Place, Type};

/// Names that begin with two underscores belong to introspection.
pub(super) fn name(name: &str, place: Place) -> Checked<()> {
    if name.starts_with("__") {
        let end = "\" must not begin with \"__\", which is reserved by GraphQL introspection.";
        return unsound(place, &["Name \"", name, end]);
    }
    Ok(())
}

/// The first text that is there twice, counted among the later ones.
fn duplicate<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    let mut seen = BTreeSet::new();
    let repeated: BTreeSet<&str> = names.clone().filter(|it| !seen.insert(*it)).collect();
    let first = names.clone().find(|it| repeated.contains(it))?;
    names.enumerate().filter(|(_, it)| *it == first).nth(1).map(|it| it.0)
}

impl Schema {
    pub(super) fn check(&self) -> Checked<()> {
        for definition in self.types.values() {
            self.check_definition(definition)?;
        }
        for directive in self.directives.values() {
            name(&directive.name, directive.place)?;
            self.check_arguments(&directive.arguments, Some(&directive.name))?;
        }
        Ok(())
    }

    fn check_definition(&self, it: &Definition) -> Checked<()> {
        let is_input = it.kind == "INPUT_OBJECT";
        for field in &it.fields {
            name(&field.name, field.place)?;
            self.check_type(&field.kind)?;
            self.check_arguments(&field.arguments, None)?;
            let location = if is_input { "INPUT_FIELD_DEFINITION" } else { "FIELD_DEFINITION" };
            self.check_directives(&field.directives, location, None, true)?;
        }
        for member in &it.members {
            match self.types.get(member) {
                None => return unsound(it.place, &["Undefined type \"", member, "\"."]),
                Some(found) if found.kind != "OBJECT" => {
                    let parts = [&it.kind, " type \"", member, "\" must be OBJECT."];
                    return unsound(it.place, &parts);
                }
                Some(_) => {}
            }
        }
        for interface in &it.interfaces {
            self.check_implements(it, interface)?;
        }
        match it.kind.as_str() {
            "OBJECT" | "INTERFACE" => {
                let kinds = ["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM"];
                self.check_fields(it, "fields", &kinds)?;
            }
            "INPUT_OBJECT" => {
                self.check_fields(it, "input fields", &["SCALAR", "ENUM", "INPUT_OBJECT"])?;
            }
            "ENUM" => self.check_values(it)?,
            _ => {}
        }
        self.check_duplicates(it)?;
        if !it.is_built_in {
            name(&it.name, it.place)?;
        }
        self.check_directives(&it.directives, &it.kind, None, false)
    }

    fn check_fields(&self, it: &Definition, what: &str, kinds: &[&str]) -> Checked<()> {
        if it.fields.is_empty() {
            let end = [": must define one or more ", what, "."].concat();
            return unsound(it.place, &[&it.kind, " ", &it.name, &end]);
        }
        for field in &it.fields {
            let Some(found) = self.types.get(field.kind.name()) else { continue };
            if !kinds.contains(&found.kind.as_str()) {
                let (kind, name) = match it.kind.as_str() {
                    "INPUT_OBJECT" => (&found.kind, &field.name),
                    _ => (&it.kind, &it.name),
                };
                let kinds = kinds.join(", ");
                let parts = [kind, " ", name, ": field must be one of ", &kinds, "."];
                return unsound(field.place, &parts);
            }
        }
        Ok(())
    }

    fn check_values(&self, it: &Definition) -> Checked<()> {
        if it.values.is_empty() {
            let end = ": must define one or more unique enum values.";
            return unsound(it.place, &[&it.kind, " ", &it.name, end]);
        }
        for value in &it.values {
            if matches!(value.name.as_str(), "true" | "false" | "null") {
                let parts = [&it.kind, " ", &it.name, ": non-enum value ", &value.name, "."];
                return unsound(it.place, &parts);
            }
            self.check_directives(&value.directives, "ENUM_VALUE", None, true)?;
        }
        Ok(())
    }

    fn check_duplicates(&self, it: &Definition) -> Checked<()> {
        let once = " can only be defined once.";
        let fields = duplicate(it.fields.iter().map(|it| it.name.as_str()));
        if let Some(field) = fields.and_then(|at| it.fields.get(at)) {
            return unsound(field.place, &["Field ", &it.name, ".", &field.name, once]);
        }
        let values = duplicate(it.values.iter().map(|it| it.name.as_str()));
        if let Some(value) = values.and_then(|at| it.values.get(at)) {
            return unsound(value.place, &["Enum value ", &it.name, ".", &value.name, once]);
        }
        let members = duplicate(it.members.iter().map(String::as_str));
        if let Some((at, member)) = members.and_then(|at| Some((at, it.members.get(at)?))) {
            let parts = ["Union type ", &it.name, " can only include type ", member, " once."];
            return unsound(it.member_places.get(at).copied().flatten().or(it.place), &parts);
        }
        Ok(())
    }

    fn check_type(&self, it: &Type) -> Checked<()> {
        match self.types.get(it.name()) {
            Some(_) => Ok(()),
            None => unsound(it.place, &["Undefined type ", it.name(), "."]),
        }
    }

    fn check_arguments(&self, arguments: &[FieldDefinition], current: Option<&str>) -> Checked<()> {
        for argument in arguments {
            name(&argument.name, argument.place)?;
            self.check_type(&argument.kind)?;
            if let Some(found) = self.types.get(argument.kind.name()).filter(|it| !it.is_input()) {
                let parts = [
                    "cannot use ",
                    &argument.kind.text(),
                    " as argument ",
                    &argument.name,
                    " because ",
                    &found.kind,
                    " is not a valid input type",
                ];
                return unsound(argument.place, &parts);
            }
            self.check_directives(&argument.directives, "ARGUMENT_DEFINITION", current, true)?;
        }
        Ok(())
    }

    fn check_implements(&self, it: &Definition, interface: &str) -> Checked<()> {
        let Some(definition) = self.types.get(interface) else {
            return unsound(it.place, &["Undefined type \"", interface, "\"."]);
        };
        if definition.kind != "INTERFACE" {
            let parts = ["\"", interface, "\" is a non interface type ", &definition.kind, "."];
            return unsound(it.place, &parts);
        }
        let start = ["For ", &it.name, " to implement ", interface].concat();
        for required in &definition.fields {
            let Some(found) = it.field(&required.name) else {
                let middle = " it must have a field called ";
                return unsound(it.place, &[&start, middle, &required.name, "."]);
            };
            self.check_implementation(required, found, &start)?;
        }
        for inherited in &definition.interfaces {
            if it.interfaces.contains(inherited) {
                continue;
            }
            let parts = if *inherited == it.name {
                let end = " because it would create a circular reference.";
                ["Type ", &it.name, " cannot implement ", interface, end, ""]
            } else {
                let middle = " because it is implemented by ";
                ["Type ", &it.name, " must implement ", inherited, middle, interface]
            };
            let end = if *inherited == it.name { "" } else { "." };
            return unsound(it.place, &[&parts.concat(), end]);
        }
        Ok(())
    }

    fn check_implementation(
        &self,
        required: &FieldDefinition,
        found: &FieldDefinition,
        start: &str,
    ) -> Checked<()> {
        let field = &required.name;
        if !self.is_covariant(&required.kind, &found.kind) {
            let kind = required.kind.text();
            let parts = [start, " the field ", field, " must have type ", &kind, "."];
            return unsound(found.place, &parts);
        }
        let same = [start, " the field ", field, " must have the same arguments but "].concat();
        for argument in &required.arguments {
            match found.argument(&argument.name) {
                None => {
                    let parts = [&same, "it is missing ", &argument.name, "."];
                    return unsound(found.place, &parts);
                }
                Some(found) if !argument.kind.is_compatible(&found.kind) => {
                    let parts = [&same, argument.name.as_str(), " has the wrong type."];
                    return unsound(found.place, &parts);
                }
                Some(_) => {}
            }
        }
        for argument in found.arguments.iter().filter(|it| it.is_required()) {
            if required.argument(&argument.name).is_none() {
                let middle = " must be optional or have a default value but ";
                let parts = [
                    start,
                    " any additional arguments on ",
                    &found.name,
                    middle,
                    &argument.name,
                    " is required.",
                ];
                return unsound(argument.place, &parts);
            }
        }
        Ok(())
    }

    /// Whether a field of the second type does where one of the first is required.
    fn is_covariant(&self, required: &Type, actual: &Type) -> bool {
        if required.is_non_null && !actual.is_non_null {
            return false;
        }
        match (&required.element, &actual.element) {
            (None, _) => {
                let (required, actual) = (required.own_name(), actual.own_name());
                required == actual || self.possible_types(required).iter().any(|it| it == actual)
            }
            (Some(_), None) => false,
            (Some(required), Some(actual)) => self.is_covariant(required, actual),
        }
    }
}
