//! Syntax trees as the validation needs them.

use palisade_value::{AnyValue, View};

use super::lexer::Position;
use super::shape::{MEMBER_POSITIONS, position, unpack};

/// Where something stands; nothing where the tree came without text.
pub(super) type Place = Option<Position>;

/// A type reference: a name, or a list of other types.
#[derive(Clone, Debug)]
pub(super) struct Type {
    name: String,
    pub(super) element: Option<Box<Type>>,
    pub(super) is_non_null: bool,
    pub(super) place: Place,
}

impl Type {
    /// A type by its name.
    pub(super) fn named(name: &str, is_non_null: bool) -> Type {
        Type { name: name.to_owned(), element: None, is_non_null, place: None }
    }

    /// The name of the type, of lists that of the elements.
    pub(super) fn name(&self) -> &str {
        match &self.element {
            Some(element) if self.name.is_empty() => element.name(),
            _ => &self.name,
        }
    }

    /// The name if it is no list.
    pub(super) fn own_name(&self) -> &str {
        &self.name
    }

    /// The type as it is written.
    pub(super) fn text(&self) -> String {
        let mark = if self.is_non_null { "!" } else { "" };
        match &self.element {
            Some(element) if self.name.is_empty() => ["[", &element.text(), "]", mark].concat(),
            _ => [&self.name, mark].concat(),
        }
    }

    /// Whether a value of this type can stand where one of the other type is expected.
    pub(super) fn is_compatible(&self, other: &Type) -> bool {
        let elements = match (&self.element, &other.element) {
            (Some(own), Some(other)) => own.is_compatible(other),
            (Some(_), None) => false,
            (None, _) => true,
        };
        self.name == other.name && elements && (self.is_non_null || !other.is_non_null)
    }
}

/// The kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Variable,
    Int,
    Float,
    String,
    Boolean,
    Null,
    Enum,
    List,
    Object,
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) raw: String,
    pub(super) children: Vec<Argument>,
    pub(super) place: Place,
}

impl Value {
    /// The value as it is written.
    pub(super) fn text(&self) -> String {
        match self.kind {
            ValueKind::Variable => ["$", &self.raw].concat(),
            ValueKind::String => {
                let mut text = String::new();
                crate::quote::quote(&self.raw, '"', false, &mut text);
                text
            }
            ValueKind::List => {
                let items: Vec<_> = self.children.iter().map(|it| it.value.text()).collect();
                ["[", &items.join(","), "]"].concat()
            }
            ValueKind::Object => {
                let one = |it: &Argument| [it.name.as_str(), ":", &it.value.text()].concat();
                let items: Vec<_> = self.children.iter().map(one).collect();
                ["{", &items.join(","), "}"].concat()
            }
            _ => self.raw.clone(),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind == ValueKind::Null
    }
}

/// A name with a value: an argument, or a field of an object. Elements of lists have no name.
#[derive(Clone, Debug)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) arguments: Vec<Argument>,
    pub(super) place: Place,
}

pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) default: Option<Value>,
    pub(super) directives: Vec<Directive>,
    pub(super) place: Place,
}

pub(super) enum Selection {
    Field(Field),
    Spread(Spread),
    Inline(Inline),
}

pub(super) struct Field {
    /// The number of the field in the document.
    pub(super) id: usize,
    pub(super) alias: String,
    pub(super) name: String,
    pub(super) arguments: Vec<Argument>,
    pub(super) directives: Vec<Directive>,
    pub(super) selections: Vec<Selection>,
    pub(super) place: Place,
}

impl Field {
    /// The name in the response.
    pub(super) fn response_name(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }
}

pub(super) struct Spread {
    pub(super) name: String,
    pub(super) directives: Vec<Directive>,
    pub(super) place: Place,
}

pub(super) struct Inline {
    pub(super) condition: String,
    pub(super) directives: Vec<Directive>,
    pub(super) selections: Vec<Selection>,
    pub(super) place: Place,
}

pub(super) struct Operation {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) variables: Vec<Variable>,
    pub(super) directives: Vec<Directive>,
    pub(super) selections: Vec<Selection>,
    pub(super) place: Place,
}

pub(super) struct Fragment {
    pub(super) name: String,
    pub(super) condition: String,
    pub(super) directives: Vec<Directive>,
    pub(super) selections: Vec<Selection>,
    pub(super) place: Place,
}

/// A query document.
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment>,
    pub(super) n_fields: usize,
}

impl Document {
    pub(super) fn fragment(&self, name: &str) -> Option<&Fragment> {
        self.fragments.iter().find(|it| it.name == name)
    }
}

/// A field of a type, or an argument, which is one without arguments of its own.
#[derive(Clone, Debug)]
pub(super) struct FieldDefinition {
    pub(super) name: String,
    pub(super) arguments: Vec<FieldDefinition>,
    pub(super) default: Option<Value>,
    pub(super) kind: Type,
    pub(super) directives: Vec<Directive>,
    pub(super) place: Place,
}

impl FieldDefinition {
    /// A field without anything but a type.
    pub(super) fn new(name: &str, kind: Type) -> FieldDefinition {
        FieldDefinition {
            name: name.to_owned(),
            arguments: Vec::new(),
            default: None,
            kind,
            directives: Vec::new(),
            place: None,
        }
    }

    pub(super) fn argument(&self, name: &str) -> Option<&FieldDefinition> {
        self.arguments.iter().find(|it| it.name == name)
    }

    /// Whether a value has to be given.
    pub(super) fn is_required(&self) -> bool {
        self.kind.is_non_null && self.default.is_none()
    }

    /// Whether there is a default other than `null`.
    pub(super) fn has_default(&self) -> bool {
        self.default.as_ref().is_some_and(|it| !it.is_null())
    }
}

#[derive(Clone)]
pub(super) struct EnumValue {
    pub(super) name: String,
    pub(super) directives: Vec<Directive>,
    pub(super) place: Place,
}

/// A type, or what extends one.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) directives: Vec<Directive>,
    pub(super) interfaces: Vec<String>,
    pub(super) fields: Vec<FieldDefinition>,
    pub(super) members: Vec<String>,
    /// Where the members stand, if that is known.
    pub(super) member_places: Vec<Place>,
    pub(super) values: Vec<EnumValue>,
    pub(super) is_built_in: bool,
    pub(super) place: Place,
}

impl Definition {
    pub(super) fn field(&self, name: &str) -> Option<&FieldDefinition> {
        self.fields.iter().find(|it| it.name == name)
    }

    pub(super) fn is_leaf(&self) -> bool {
        matches!(self.kind.as_str(), "ENUM" | "SCALAR")
    }

    pub(super) fn is_abstract(&self) -> bool {
        matches!(self.kind.as_str(), "INTERFACE" | "UNION")
    }

    pub(super) fn is_composite(&self) -> bool {
        self.is_abstract() || self.kind == "OBJECT"
    }

    pub(super) fn is_input(&self) -> bool {
        self.is_leaf() || self.kind == "INPUT_OBJECT"
    }

    /// Whether the type has a directive.
    pub(super) fn has(&self, directive: &str) -> bool {
        self.directives.iter().any(|it| it.name == directive)
    }
}

pub(super) struct DirectiveDefinition {
    pub(super) name: String,
    pub(super) arguments: Vec<FieldDefinition>,
    pub(super) locations: Vec<String>,
    pub(super) is_repeatable: bool,
    pub(super) place: Place,
}

impl DirectiveDefinition {
    pub(super) fn argument(&self, name: &str) -> Option<&FieldDefinition> {
        self.arguments.iter().find(|it| it.name == name)
    }
}

/// The types of the operations: `query: Query`.
pub(super) struct EntryPoints {
    pub(super) directives: Vec<Directive>,
    /// The operation, its type, and where that stands.
    pub(super) types: Vec<(String, String, Place)>,
    pub(super) place: Place,
}

/// A schema document.
#[derive(Default)]
pub(super) struct SchemaDocument {
    pub(super) entry_points: Vec<EntryPoints>,
    pub(super) entry_point_extensions: Vec<EntryPoints>,
    pub(super) directives: Vec<DirectiveDefinition>,
    pub(super) definitions: Vec<Definition>,
    pub(super) extensions: Vec<Definition>,
}

type Read<T> = Result<T, String>;

fn text<V: AnyValue>(it: &V, name: &str) -> String {
    it.get_str(name).and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

fn flag<V: AnyValue>(it: &V, name: &str) -> bool {
    it.get_str(name).is_some_and(|it| matches!(it.view(), View::Boolean(true)))
}

fn texts<V: AnyValue>(it: &V, name: &str) -> Vec<String> {
    many(it, name, |it| Ok(it.as_str().unwrap_or("").to_owned())).unwrap_or_default()
}

fn many<V: AnyValue, T>(it: &V, name: &str, mut read: impl FnMut(&V) -> Read<T>) -> Read<Vec<T>> {
    let Some(list) = it.get_str(name) else { return Ok(Vec::new()) };
    match list.view() {
        View::Array(items) => items.iter().map(&mut read).collect(),
        _ => Ok(Vec::new()),
    }
}

/// A part without which a tree makes no sense.
fn required<V: AnyValue, T>(it: &V, name: &str, read: fn(&V) -> Read<T>) -> Read<T> {
    match it.get_str(name) {
        Some(it) => read(&it),
        None => Err(["syntax tree lacks ", name].concat()),
    }
}

fn type_reference<V: AnyValue>(it: &V) -> Read<Type> {
    let element = it.get_str("Elem").map(|it| type_reference(&it)).transpose()?;
    let name = text(it, "NamedType");
    if element.is_none() && name.is_empty() {
        return Err("syntax tree lacks NamedType".to_owned());
    }
    Ok(Type {
        name,
        element: element.map(Box::new),
        is_non_null: flag(it, "NonNull"),
        place: position(it),
    })
}

fn value<V: AnyValue>(it: &V) -> Read<Value> {
    let kind = it.get_str("Kind").and_then(|it| match it.view() {
        View::Number(it) => it.to_i64(),
        _ => None,
    });
    let kind = match kind.unwrap_or(0) {
        0 => ValueKind::Variable,
        1 => ValueKind::Int,
        2 => ValueKind::Float,
        3 | 4 => ValueKind::String,
        5 => ValueKind::Boolean,
        6 => ValueKind::Null,
        7 => ValueKind::Enum,
        8 => ValueKind::List,
        9 => ValueKind::Object,
        _ => return Err("syntax tree has a value of an unknown kind".to_owned()),
    };
    let children = many(it, "Children", argument)?;
    Ok(Value { kind, raw: text(it, "Raw"), children, place: position(it) })
}

fn default<V: AnyValue>(it: &V) -> Read<Option<Value>> {
    it.get_str("DefaultValue").map(|it| value(&it)).transpose()
}

fn argument<V: AnyValue>(it: &V) -> Read<Argument> {
    Ok(Argument {
        name: text(it, "Name"),
        value: required(it, "Value", value)?,
        place: position(it),
    })
}

fn directives<V: AnyValue>(it: &V) -> Read<Vec<Directive>> {
    many(it, "Directives", |it| {
        let arguments = many(it, "Arguments", argument)?;
        Ok(Directive { name: text(it, "Name"), arguments, place: position(it) })
    })
}

fn variable<V: AnyValue>(it: &V) -> Read<Variable> {
    Ok(Variable {
        name: text(it, "Variable"),
        kind: required(it, "Type", type_reference)?,
        default: default(it)?,
        directives: directives(it)?,
        place: position(it),
    })
}

fn selections<V: AnyValue>(it: &V, n_fields: &mut usize) -> Read<Vec<Selection>> {
    many(it, "SelectionSet", |it| {
        let (directives, place) = (directives(it)?, position(it));
        if it.get_str("Alias").is_some() {
            let id = *n_fields;
            *n_fields += 1;
            return Ok(Selection::Field(Field {
                id,
                alias: text(it, "Alias"),
                name: text(it, "Name"),
                arguments: many(it, "Arguments", argument)?,
                directives,
                selections: selections(it, n_fields)?,
                place,
            }));
        }
        if it.get_str("TypeCondition").is_some() {
            let condition = text(it, "TypeCondition");
            let selections = selections(it, n_fields)?;
            return Ok(Selection::Inline(Inline { condition, directives, selections, place }));
        }
        Ok(Selection::Spread(Spread { name: text(it, "Name"), directives, place }))
    })
}

impl Document {
    /// Reads the tree of a query document.
    pub(super) fn read<V: AnyValue>(it: &V) -> Read<Document> {
        let mut n_fields = 0;
        let operations = many(it, "Operations", |it| {
            Ok(Operation {
                kind: text(it, "Operation"),
                name: text(it, "Name"),
                variables: many(it, "VariableDefinitions", variable)?,
                directives: directives(it)?,
                selections: selections(it, &mut n_fields)?,
                place: position(it),
            })
        })?;
        let fragments = many(it, "Fragments", |it| {
            Ok(Fragment {
                name: text(it, "Name"),
                condition: text(it, "TypeCondition"),
                directives: directives(it)?,
                selections: selections(it, &mut n_fields)?,
                place: position(it),
            })
        })?;
        Ok(Document { operations, fragments, n_fields })
    }
}

fn field_definition<V: AnyValue>(it: &V) -> Read<FieldDefinition> {
    Ok(FieldDefinition {
        name: text(it, "Name"),
        arguments: many(it, "Arguments", field_definition)?,
        default: default(it)?,
        kind: required(it, "Type", type_reference)?,
        directives: directives(it)?,
        place: position(it),
    })
}

fn definition<V: AnyValue>(it: &V) -> Read<Definition> {
    let values = many(it, "EnumValues", |it| {
        Ok(EnumValue { name: text(it, "Name"), directives: directives(it)?, place: position(it) })
    })?;
    Ok(Definition {
        kind: text(it, "Kind"),
        name: text(it, "Name"),
        directives: directives(it)?,
        interfaces: texts(it, "Interfaces"),
        fields: many(it, "Fields", field_definition)?,
        members: texts(it, "Types"),
        member_places: many(it, MEMBER_POSITIONS, |it| Ok(unpack(it)))?,
        values,
        is_built_in: flag(it, "BuiltIn"),
        place: position(it),
    })
}

fn entry_points<V: AnyValue>(it: &V) -> Read<EntryPoints> {
    let types = many(it, "OperationTypes", |it| {
        Ok((text(it, "Operation"), text(it, "Type"), position(it)))
    })?;
    Ok(EntryPoints { directives: directives(it)?, types, place: position(it) })
}

impl SchemaDocument {
    /// Reads the tree of a schema document.
    pub(super) fn read<V: AnyValue>(it: &V) -> Read<SchemaDocument> {
        let directives = many(it, "Directives", |it| {
            Ok(DirectiveDefinition {
                name: text(it, "Name"),
                arguments: many(it, "Arguments", field_definition)?,
                locations: texts(it, "Locations"),
                is_repeatable: flag(it, "IsRepeatable"),
                place: position(it),
            })
        })?;
        Ok(SchemaDocument {
            entry_points: many(it, "Schema", entry_points)?,
            entry_point_extensions: many(it, "SchemaExtension", entry_points)?,
            directives,
            definitions: many(it, "Definitions", definition)?,
            extensions: many(it, "Extensions", definition)?,
        })
    }
}
