//! A schema document to a schema: extensions merged, everything checked that a query relies on.

use std::collections::{BTreeMap, BTreeSet};

use super::ast::{
    Definition, Directive, DirectiveDefinition, EntryPoints, FieldDefinition, Place,
    SchemaDocument, Type,
};

mod check;

/// A schema that is sound.
pub(super) struct Schema {
    types: BTreeMap<String, Definition>,
    directives: BTreeMap<String, DirectiveDefinition>,
    /// The object types that an interface, a union or an object type stands for.
    possible: BTreeMap<String, Vec<String>>,
    /// The types of the operations by the operations' names.
    roots: BTreeMap<&'static str, String>,
    /// The field that every composite type has.
    pub(super) type_name: FieldDefinition,
}

/// What is wrong with a schema, and where.
pub(super) struct Unsound {
    pub(super) message: String,
    pub(super) place: Place,
}

type Checked<T> = Result<T, Unsound>;

fn unsound<T>(place: Place, parts: &[&str]) -> Checked<T> {
    Err(Unsound { message: parts.concat(), place })
}

/// The directives that a schema may define again; its own definition then counts.
const REDEFINABLE: [&str; 6] = ["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"];

impl Schema {
    /// The schema of a document and what every schema has.
    pub(super) fn new(prelude: SchemaDocument, document: SchemaDocument) -> Checked<Schema> {
        let mut schema = Schema {
            types: BTreeMap::new(),
            directives: BTreeMap::new(),
            possible: BTreeMap::new(),
            roots: BTreeMap::new(),
            type_name: FieldDefinition::new("__typename", Type::named("String", false)),
        };
        let mut names = Vec::new();
        for definition in prelude.definitions.into_iter().chain(document.definitions) {
            if schema.types.contains_key(&definition.name) {
                let parts = ["Cannot redeclare type ", &definition.name, "."];
                return unsound(definition.place, &parts);
            }
            names.push(definition.name.clone());
            schema.types.insert(definition.name.clone(), definition);
        }
        for extension in document.extensions {
            schema.extend(extension, &mut names)?;
        }
        schema.find_possible_types(&names);
        for directive in prelude.directives.into_iter().chain(document.directives) {
            let is_known = schema.directives.contains_key(&directive.name);
            if is_known && !REDEFINABLE.contains(&directive.name.as_str()) {
                let parts = ["Cannot redeclare directive ", &directive.name, "."];
                return unsound(directive.place, &parts);
            }
            schema.directives.insert(directive.name.clone(), directive);
        }
        schema.find_roots(&document.entry_points, &document.entry_point_extensions)?;
        schema.check()?;
        if document.entry_points.is_empty() {
            for (operation, name) in
                [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")]
            {
                if schema.types.contains_key(name) {
                    schema.roots.entry(operation).or_insert_with(|| name.to_owned());
                }
            }
        }
        schema.add_introspection();
        Ok(schema)
    }

    fn extend(&mut self, extension: Definition, names: &mut Vec<String>) -> Checked<()> {
        let Some(definition) = self.types.get_mut(&extension.name) else {
            names.push(extension.name.clone());
            self.types.insert(extension.name.clone(), extension);
            return Ok(());
        };
        if definition.kind != extension.kind {
            let (name, kind) = (&extension.name, &definition.kind);
            let parts = [
                "Cannot extend type ",
                name,
                " because the base type is a ",
                kind,
                ", not ",
                &extension.kind,
                ".",
            ];
            return unsound(extension.place, &parts);
        }
        definition.directives.extend(extension.directives);
        definition.interfaces.extend(extension.interfaces);
        definition.fields.extend(extension.fields);
        definition.members.extend(extension.members);
        definition.member_places.extend(extension.member_places);
        definition.values.extend(extension.values);
        Ok(())
    }

    fn find_possible_types(&mut self, names: &[String]) {
        let mut possible: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut add = |of: &str, name: &str| {
            possible.entry(of.to_owned()).or_default().push(name.to_owned());
        };
        for definition in names.iter().filter_map(|it| self.types.get(it)) {
            let name = &definition.name;
            match definition.kind.as_str() {
                "UNION" => definition.members.iter().for_each(|it| add(name, it)),
                "OBJECT" | "INPUT_OBJECT" | "INTERFACE" => {
                    definition.interfaces.iter().for_each(|it| add(it, name));
                    if definition.kind != "INTERFACE" {
                        add(name, name);
                    }
                }
                _ => {}
            }
        }
        self.possible = possible;
    }

    fn find_roots(&mut self, own: &[EntryPoints], extensions: &[EntryPoints]) -> Checked<()> {
        if let [_, second, ..] = own {
            let message =
                "Cannot have multiple schema entry points, consider schema extensions instead.";
            return unsound(second.place, &[message]);
        }
        for entry_points in own.iter().chain(extensions) {
            for (operation, name, place) in &entry_points.types {
                if !self.types.contains_key(name) {
                    let parts = [
                        "Schema root ",
                        operation,
                        " refers to a type ",
                        name,
                        " that does not exist.",
                    ];
                    return unsound(*place, &parts);
                }
                let operation = match operation.as_str() {
                    "query" => "query",
                    "mutation" => "mutation",
                    "subscription" => "subscription",
                    _ => continue,
                };
                self.roots.insert(operation, name.clone());
            }
            self.check_directives(&entry_points.directives, "SCHEMA", None, true)?;
        }
        Ok(())
    }

    /// What a query can ask of the schema itself.
    fn add_introspection(&mut self) {
        let Some(query) = self.roots.get("query").and_then(|it| self.types.get_mut(it)) else {
            return;
        };
        let mut by_name = FieldDefinition::new("__type", Type::named("__Type", false));
        by_name.arguments.push(FieldDefinition::new("name", Type::named("String", true)));
        query.fields.push(FieldDefinition::new("__schema", Type::named("__Schema", true)));
        query.fields.push(by_name);
    }

    /// The type of this name.
    pub(super) fn definition(&self, name: &str) -> Option<&Definition> {
        self.types.get(name)
    }

    /// The names of all types.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// The directive of this name.
    pub(super) fn directive(&self, name: &str) -> Option<&DirectiveDefinition> {
        self.directives.get(name)
    }

    /// The type whose fields an operation asks for; a query may go without its name.
    pub(super) fn root(&self, operation: &str) -> Option<&Definition> {
        let operation = if operation.is_empty() { "query" } else { operation };
        self.roots.get(operation).and_then(|it| self.types.get(it))
    }

    /// The names of the object types that a type stands for.
    pub(super) fn possible_types(&self, name: &str) -> &[String] {
        self.possible.get(name).map_or(&[], Vec::as_slice)
    }

    /// Checks directives at one place: that they exist, may stand there, and have the arguments they need.
    fn check_directives(
        &self,
        directives: &[Directive],
        location: &str,
        current: Option<&str>,
        is_one_place: bool,
    ) -> Checked<()> {
        let mut seen = BTreeSet::new();
        for directive in directives {
            let (name, place) = (directive.name.as_str(), directive.place);
            check::name(name, place)?;
            if current == Some(name) {
                return unsound(place, &["Directive ", name, " cannot refer to itself."]);
            }
            let Some(definition) = self.directives.get(name) else {
                return unsound(place, &["Undefined directive ", name, "."]);
            };
            if is_one_place && !seen.insert(name) && !definition.is_repeatable {
                let end = " can only be used once at this location.";
                return unsound(place, &["The directive ", name, end]);
            }
            if !definition.locations.iter().any(|it| it == location) {
                let parts = ["Directive ", name, " is not applicable on ", location, "."];
                return unsound(place, &parts);
            }
            for argument in &directive.arguments {
                if definition.argument(&argument.name).is_none() {
                    let (argument, place) = (&argument.name, argument.place);
                    let parts = ["Undefined argument ", argument, " for directive ", name, "."];
                    return unsound(place, &parts);
                }
            }
            for required in definition.arguments.iter().filter(|it| it.is_required()) {
                let given = directive.arguments.iter().find(|it| it.name == required.name);
                if given.is_none_or(|it| it.value.is_null()) {
                    let end = " cannot be null.";
                    let parts = ["Argument ", &required.name, " for directive ", name, end];
                    return unsound(place, &parts);
                }
            }
        }
        Ok(())
    }
}
