//! The definitions of a schema.

use palisade_value::AnyValue;

use super::{CLOSE_BRACE, CLOSE_PAREN, Kind, OPEN_BRACE, OPEN_PAREN, Parsed, Parser};
use crate::graphql::shape::{self, Builder};

const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

/// The text before a definition, and the comments before that.
#[derive(Default)]
struct Description<'a> {
    text: String,
    comments: Vec<&'a str>,
}

impl<'a> Parser<'a> {
    pub(super) fn schema_document<V: AnyValue>(&mut self) -> Parsed<V> {
        let (mut schemas, mut extended) = (Vec::new(), Vec::new());
        let (mut directives, mut definitions, mut extensions) =
            (Vec::new(), Vec::new(), Vec::new());
        while self.kind() != Kind::End {
            let described = self.peek().clone();
            let description = self.description();
            if self.kind() != Kind::Name {
                return self.unexpected();
            }
            match &*self.peek().value.clone() {
                "scalar" | "type" | "interface" | "union" | "enum" | "input" => {
                    definitions.push(self.definition(Some(description))?);
                }
                "schema" => {
                    let comments = self.expect_keyword("schema")?;
                    schemas.push(self.schema_definition(description, &comments)?);
                }
                "directive" => directives.push(self.directive_definition(description)?),
                "extend" => {
                    if !description.text.is_empty() {
                        self.token = described;
                        return self.unexpected();
                    }
                    let comments = self.expect_keyword("extend")?;
                    if self.is_name("schema") {
                        self.next();
                        let description = Description::default();
                        extended.push(self.schema_definition(description, &comments)?);
                        self.check_extension(extended.last(), &["Directives", "OperationTypes"])?;
                    } else {
                        extensions.push(self.extension(&comments)?);
                    }
                }
                _ => return self.unexpected(),
            }
        }
        let mut document = Builder::<V>::new(&shape::SCHEMA_DOCUMENT);
        document.list("Schema", schemas);
        document.list("SchemaExtension", extended);
        document.list("Directives", directives);
        document.list("Definitions", definitions);
        document.list("Extensions", extensions);
        document.comment("Comment", &self.comments());
        Ok(document.finish())
    }

    /// An extension has to add something.
    fn check_extension<V: AnyValue>(&mut self, it: Option<&V>, names: &[&str]) -> Parsed<()> {
        let adds = it.is_some_and(|it| names.iter().any(|name| it.get_str(name).is_some()));
        if adds { Ok(()) } else { self.unexpected() }
    }

    fn description(&mut self) -> Description<'a> {
        if !matches!(self.kind(), Kind::String | Kind::BlockString) {
            return Description::default();
        }
        let comments = self.comments();
        Description { text: self.next().value.into_owned(), comments }
    }

    fn schema_definition<V: AnyValue>(
        &mut self,
        description: Description<'a>,
        comments: &[&'a str],
    ) -> Parsed<V> {
        let mut schema = Builder::new(&shape::SCHEMA);
        schema.position(self.position());
        schema.text("Description", &description.text);
        schema.comment("BeforeDescriptionComment", &description.comments);
        schema.comment("AfterDescriptionComment", comments);
        schema.list("Directives", self.directives(true)?);
        let (types, end) = self.some((OPEN_BRACE, CLOSE_BRACE), Self::operation_type)?;
        schema.list("OperationTypes", types);
        schema.comment("EndOfDefinitionComment", &end);
        Ok(schema.finish())
    }

    fn operation_type<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut operation = Builder::new(&shape::OPERATION_TYPE);
        operation.position(self.position());
        operation.comment("Comment", &self.comments());
        let token = self.next();
        if !matches!(&*token.value, "query" | "mutation" | "subscription") {
            self.token = token;
            return self.unexpected();
        }
        operation.text("Operation", &token.value);
        self.expect(Kind::Mark(":"))?;
        operation.text("Type", &self.name()?);
        Ok(operation.finish())
    }

    fn extension<V: AnyValue>(&mut self, comments: &[&'a str]) -> Parsed<V> {
        let keyword = self.peek().value.clone();
        let names: &[&str] = match &*keyword {
            "scalar" => &["Directives"],
            "type" => &["Interfaces", "Directives", "Fields"],
            "interface" | "input" => &["Directives", "Fields"],
            "union" => &["Directives", "Types"],
            "enum" => &["Directives", "EnumValues"],
            _ => return self.unexpected(),
        };
        let mut definition: Builder<V> = Builder::new(&shape::DEFINITION);
        definition.comment("AfterDescriptionComment", comments);
        let definition = self.definition_body(definition, true)?;
        self.check_extension(Some(&definition), names)?;
        Ok(definition)
    }

    fn definition<V: AnyValue>(&mut self, description: Option<Description<'a>>) -> Parsed<V> {
        let mut definition = Builder::new(&shape::DEFINITION);
        let description = description.unwrap_or_default();
        definition.text("Description", &description.text);
        definition.comment("BeforeDescriptionComment", &description.comments);
        self.peek();
        definition.comment("AfterDescriptionComment", &self.comments());
        self.definition_body(definition, false)
    }

    fn definition_body<V: AnyValue>(
        &mut self,
        mut definition: Builder<V>,
        is_extension: bool,
    ) -> Parsed<V> {
        let keyword = self.next().value;
        definition.position(self.position());
        definition.text("Name", &self.name()?);
        let kind = match &*keyword {
            "scalar" => "SCALAR",
            "type" => "OBJECT",
            "interface" => "INTERFACE",
            "union" => "UNION",
            "enum" => "ENUM",
            _ => "INPUT_OBJECT",
        };
        definition.text("Kind", kind);
        // Interfaces may implement others where they are defined, not where they are extended.
        if kind == "OBJECT" || kind == "INTERFACE" && !is_extension {
            definition.list("Interfaces", self.interfaces()?);
        }
        definition.list("Directives", self.directives(kind != "INPUT_OBJECT" || !is_extension)?);
        let braces = (OPEN_BRACE, CLOSE_BRACE);
        let (name, (items, end)) = match kind {
            "OBJECT" | "INTERFACE" => ("Fields", self.some(braces, Self::field_definition)?),
            "INPUT_OBJECT" => ("Fields", self.some(braces, Self::input_field)?),
            "ENUM" => ("EnumValues", self.some(braces, Self::enum_value)?),
            "UNION" => {
                let (members, positions) = self.members()?;
                definition.list(shape::MEMBER_POSITIONS, positions);
                ("Types", (members, Vec::new()))
            }
            _ => ("Fields", (Vec::new(), Vec::new())),
        };
        definition.list(name, items);
        definition.comment("EndOfDefinitionComment", &end);
        Ok(definition.finish())
    }

    fn interfaces<V: AnyValue>(&mut self) -> Parsed<Vec<V>> {
        if self.peek().value != "implements" {
            return Ok(Vec::new());
        }
        self.next();
        self.names_between("&").map(|it| it.0)
    }

    /// The members of a union and where they stand.
    fn members<V: AnyValue>(&mut self) -> Parsed<(Vec<V>, Vec<V>)> {
        if self.eat(Kind::Mark("=")) { self.names_between("|") } else { Ok(Default::default()) }
    }

    /// Names with a mark between them, which may also stand before the first, and where they stand.
    fn names_between<V: AnyValue>(&mut self, mark: &'static str) -> Parsed<(Vec<V>, Vec<V>)> {
        let (mut names, mut positions) = (Vec::new(), Vec::new());
        self.eat(Kind::Mark(mark));
        loop {
            positions.push(shape::pack(self.position()));
            names.push(V::string(self.name()?));
            if !self.eat(Kind::Mark(mark)) {
                return Ok((names, positions));
            }
        }
    }

    /// What every described part of a definition begins with.
    fn described<V: AnyValue>(&mut self, part: &mut Builder<V>) -> Parsed<()> {
        let description = self.description();
        if !description.text.is_empty() {
            part.text("Description", &description.text);
            part.comment("BeforeDescriptionComment", &description.comments);
        }
        self.peek();
        part.comment("AfterDescriptionComment", &self.comments());
        part.position(self.position());
        part.text("Name", &self.name()?);
        Ok(())
    }

    fn field_definition<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut field = Builder::new(&shape::FIELD_DEFINITION);
        self.described(&mut field)?;
        field.list("Arguments", self.argument_definitions()?);
        self.expect(Kind::Mark(":"))?;
        field.set("Type", self.type_reference()?);
        field.list("Directives", self.directives(true)?);
        Ok(field.finish())
    }

    fn argument_definitions<V: AnyValue>(&mut self) -> Parsed<Vec<V>> {
        let one = |it: &mut Self| it.input(Builder::new(&shape::ARGUMENT_DEFINITION));
        self.some((OPEN_PAREN, CLOSE_PAREN), one).map(|it| it.0)
    }

    fn input_field<V: AnyValue>(&mut self) -> Parsed<V> {
        self.input(Builder::new(&shape::FIELD_DEFINITION))
    }

    fn input<V: AnyValue>(&mut self, mut input: Builder<V>) -> Parsed<V> {
        self.described(&mut input)?;
        self.expect(Kind::Mark(":"))?;
        input.set("Type", self.type_reference()?);
        if self.eat(Kind::Mark("=")) {
            input.set("DefaultValue", self.value(true)?);
        }
        input.list("Directives", self.directives(true)?);
        Ok(input.finish())
    }

    fn enum_value<V: AnyValue>(&mut self) -> Parsed<V> {
        let mut value = Builder::new(&shape::ENUM_VALUE);
        self.described(&mut value)?;
        value.list("Directives", self.directives(true)?);
        Ok(value.finish())
    }

    fn directive_definition<V: AnyValue>(&mut self, description: Description<'a>) -> Parsed<V> {
        let mut directive = Builder::new(&shape::DIRECTIVE_DEFINITION);
        let comments = self.expect_keyword("directive")?;
        self.expect(Kind::Mark("@"))?;
        directive.position(self.position());
        directive.text("Description", &description.text);
        directive.comment("BeforeDescriptionComment", &description.comments);
        directive.comment("AfterDescriptionComment", &comments);
        directive.text("Name", &self.name()?);
        directive.list("Arguments", self.argument_definitions()?);
        if self.is_name("repeatable") {
            self.next();
            directive.set("IsRepeatable", V::boolean(true));
        }
        self.expect_keyword("on")?;
        self.eat(Kind::Mark("|"));
        let mut locations = vec![self.location()?];
        while self.eat(Kind::Mark("|")) {
            locations.push(self.location()?);
        }
        directive.list("Locations", locations);
        Ok(directive.finish())
    }

    fn location<V: AnyValue>(&mut self) -> Parsed<V> {
        let name = self.expect(Kind::Name)?;
        if LOCATIONS.contains(&&*name.value) {
            return Ok(V::text(&name.value));
        }
        self.token = name;
        self.unexpected()
    }
}
