//! The shape of syntax trees as values: what fields the objects have that describe a document.

use palisade_value::{AnyValue, Entry, View};

use super::lexer::Position;

/// What a field of an object holds. Texts, booleans and integers are always there, the others only if not empty.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Text,
    Boolean,
    Integer,
    Texts,
    Comment,
    One(&'static Shape),
    Many(&'static Shape),
}

/// The fields of an object, by name.
pub(super) struct Shape(&'static [(&'static str, Part)]);

/// The field in which the parser puts where something stands; results don't have it.
const POSITION: &str = "Position";

/// The field in which the parser puts where the members of a union stand.
pub(super) const MEMBER_POSITIONS: &str = "TypePositions";

pub(super) static QUERY_DOCUMENT: Shape = Shape(&[
    ("Operations", Part::Many(&OPERATION)),
    ("Fragments", Part::Many(&FRAGMENT)),
    ("Comment", Part::Comment),
]);

pub(super) static OPERATION: Shape = Shape(&[
    ("Operation", Part::Text),
    ("Name", Part::Text),
    ("VariableDefinitions", Part::Many(&VARIABLE)),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("SelectionSet", Part::Many(&FIELD)),
    ("Comment", Part::Comment),
]);

pub(super) static VARIABLE: Shape = Shape(&[
    ("Variable", Part::Text),
    ("Type", Part::One(&TYPE)),
    ("DefaultValue", Part::One(&VALUE)),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("Used", Part::Boolean),
    ("Comment", Part::Comment),
]);

pub(super) static FRAGMENT: Shape = Shape(&[
    ("Name", Part::Text),
    ("VariableDefinition", Part::Many(&VARIABLE)),
    ("TypeCondition", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("SelectionSet", Part::Many(&FIELD)),
    ("Comment", Part::Comment),
]);

pub(super) static FIELD: Shape = Shape(&[
    ("Alias", Part::Text),
    ("Name", Part::Text),
    ("Arguments", Part::Many(&ARGUMENT)),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("SelectionSet", Part::Many(&FIELD)),
    ("Comment", Part::Comment),
]);

pub(super) static SPREAD: Shape = Shape(&[
    ("Name", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("Comment", Part::Comment),
]);

pub(super) static INLINE_FRAGMENT: Shape = Shape(&[
    ("TypeCondition", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("SelectionSet", Part::Many(&FIELD)),
    ("Comment", Part::Comment),
]);

pub(super) static DIRECTIVE: Shape =
    Shape(&[("Name", Part::Text), ("Arguments", Part::Many(&ARGUMENT)), ("Location", Part::Text)]);

pub(super) static ARGUMENT: Shape =
    Shape(&[("Name", Part::Text), ("Value", Part::One(&VALUE)), ("Comment", Part::Comment)]);

pub(super) static VALUE: Shape = Shape(&[
    ("Raw", Part::Text),
    ("Children", Part::Many(&CHILD)),
    ("Kind", Part::Integer),
    ("ExpectedTypeHasDefault", Part::Boolean),
    ("Comment", Part::Comment),
]);

pub(super) static CHILD: Shape =
    Shape(&[("Name", Part::Text), ("Value", Part::One(&VALUE)), ("Comment", Part::Comment)]);

pub(super) static TYPE: Shape =
    Shape(&[("NamedType", Part::Text), ("Elem", Part::One(&TYPE)), ("NonNull", Part::Boolean)]);

pub(super) static SCHEMA_DOCUMENT: Shape = Shape(&[
    ("Schema", Part::Many(&SCHEMA)),
    ("SchemaExtension", Part::Many(&SCHEMA)),
    ("Directives", Part::Many(&DIRECTIVE_DEFINITION)),
    ("Definitions", Part::Many(&DEFINITION)),
    ("Extensions", Part::Many(&DEFINITION)),
    ("Comment", Part::Comment),
]);

pub(super) static SCHEMA: Shape = Shape(&[
    ("Description", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("OperationTypes", Part::Many(&OPERATION_TYPE)),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
    ("EndOfDefinitionComment", Part::Comment),
]);

pub(super) static OPERATION_TYPE: Shape =
    Shape(&[("Operation", Part::Text), ("Type", Part::Text), ("Comment", Part::Comment)]);

pub(super) static DEFINITION: Shape = Shape(&[
    ("Kind", Part::Text),
    ("Description", Part::Text),
    ("Name", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("Interfaces", Part::Texts),
    ("Fields", Part::Many(&FIELD_DEFINITION)),
    ("Types", Part::Texts),
    ("EnumValues", Part::Many(&ENUM_VALUE)),
    ("BuiltIn", Part::Boolean),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
    ("EndOfDefinitionComment", Part::Comment),
]);

pub(super) static FIELD_DEFINITION: Shape = Shape(&[
    ("Description", Part::Text),
    ("Name", Part::Text),
    ("Arguments", Part::Many(&ARGUMENT_DEFINITION)),
    ("DefaultValue", Part::One(&VALUE)),
    ("Type", Part::One(&TYPE)),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
]);

pub(super) static ARGUMENT_DEFINITION: Shape = Shape(&[
    ("Description", Part::Text),
    ("Name", Part::Text),
    ("DefaultValue", Part::One(&VALUE)),
    ("Type", Part::One(&TYPE)),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
]);

pub(super) static ENUM_VALUE: Shape = Shape(&[
    ("Description", Part::Text),
    ("Name", Part::Text),
    ("Directives", Part::Many(&DIRECTIVE)),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
]);

pub(super) static DIRECTIVE_DEFINITION: Shape = Shape(&[
    ("Description", Part::Text),
    ("Name", Part::Text),
    ("Arguments", Part::Many(&ARGUMENT_DEFINITION)),
    ("Locations", Part::Texts),
    ("IsRepeatable", Part::Boolean),
    ("BeforeDescriptionComment", Part::Comment),
    ("AfterDescriptionComment", Part::Comment),
]);

/// Puts an object together, field by field.
pub(super) struct Builder<V> {
    shape: &'static Shape,
    entries: Vec<Entry<V>>,
}

impl<V: AnyValue> Builder<V> {
    pub(super) fn new(shape: &'static Shape) -> Builder<V> {
        Builder { shape, entries: Vec::new() }
    }

    /// Sets a field.
    pub(super) fn set(&mut self, name: &str, value: V) {
        self.entries.push(Entry { key: V::text(name), value });
    }

    /// Sets a field to a text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.set(name, V::text(text));
    }

    /// Sets a field to an array, unless that is empty.
    pub(super) fn list(&mut self, name: &str, items: Vec<V>) {
        if !items.is_empty() {
            self.set(name, V::array(items));
        }
    }

    /// Sets a field to comments, unless there are none.
    pub(super) fn comment(&mut self, name: &str, comments: &[&str]) {
        if comments.is_empty() {
            return;
        }
        let one = |it: &&str| {
            V::object_from_sorted(vec![Entry { key: V::text("Value"), value: V::text(it) }])
        };
        let list = V::array(comments.iter().map(one).collect());
        let group = vec![Entry { key: V::text("List"), value: list }];
        self.set(name, V::object_from_sorted(group));
    }

    /// Says where it stands.
    pub(super) fn position(&mut self, it: Position) {
        self.set(POSITION, pack(it));
    }

    /// The object, with what every such object has.
    pub(super) fn finish(mut self) -> V {
        for (name, part) in self.shape.0 {
            if self.entries.iter().any(|it| it.key.as_str() == Some(name)) {
                continue;
            }
            match part {
                Part::Text => self.text(name, ""),
                Part::Boolean => self.set(name, V::boolean(false)),
                Part::Integer => self.set(name, V::integer(0)),
                _ => {}
            }
        }
        V::object(self.entries)
    }
}

/// A place as a value.
pub(super) fn pack<V: AnyValue>(it: Position) -> V {
    let [line, column] = [it.line, it.column].map(|it| i64::from(u32::try_from(it).unwrap_or(0)));
    V::integer((line & 0x7fff_ffff) << 32 | column)
}

/// Where an object of the parser's stands.
pub(super) fn position<V: AnyValue>(it: &V) -> Option<Position> {
    unpack(&it.get_str(POSITION)?)
}

/// The place that is in a value.
pub(super) fn unpack<V: AnyValue>(packed: &V) -> Option<Position> {
    let View::Number(number) = packed.view() else { return None };
    let packed = number.to_i64()?;
    let [line, column] = [packed >> 32, packed & 0xffff_ffff];
    Some(Position { line: usize::try_from(line).ok()?, column: usize::try_from(column).ok()? })
}

/// The value without places.
pub(super) fn without_positions<V: AnyValue>(value: &V) -> V {
    match value.view() {
        View::Array(items) => V::array(items.iter().map(without_positions).collect()),
        View::Object(entries) => V::object_from_sorted(
            entries
                .iter()
                .filter(|it| !matches!(it.key.as_str(), Some(POSITION | MEMBER_POSITIONS)))
                .map(|it| Entry { key: it.key.clone(), value: without_positions(&it.value) })
                .collect(),
        ),
        _ => value.clone(),
    }
}

/// A value from outside in this shape: fields that are unknown or empty are left out, absent ones filled in. An error
/// if a field holds something else.
pub(super) fn conform<V: AnyValue>(value: &V, shape: &'static Shape) -> Result<V, String> {
    conform_at(value, shape, 0)
}

/// How deep the objects of a tree from outside may nest.
const DEPTH_MAX: usize = 200;

const TOO_DEEP: &str = "document is nested too deeply";

fn conform_at<V: AnyValue>(value: &V, shape: &'static Shape, depth: usize) -> Result<V, String> {
    if depth >= DEPTH_MAX {
        return Err(TOO_DEEP.to_owned());
    }
    let View::Object(entries) = value.view() else { return Err(wrong("object")) };
    let mut builder = Builder::new(shape);
    for Entry { key, value } in entries {
        let Some(name) = key.as_str() else { continue };
        let Some((name, part)) = shape.0.iter().find(|it| it.0 == name) else { continue };
        let value = match (part, value.view()) {
            (_, View::Null) => continue,
            (Part::Text, View::String(_)) | (Part::Boolean, View::Boolean(_)) => value.clone(),
            (Part::Integer, View::Number(it)) if it.to_i64().is_some() => value.clone(),
            (Part::Texts, View::Array(items)) => {
                if items.is_empty() {
                    continue;
                }
                if !items.iter().all(|it| it.as_str().is_some()) {
                    return Err(wrong("string"));
                }
                value.clone()
            }
            (Part::Comment, View::Object(_)) => without_positions(value),
            (Part::One(shape), View::Object(_)) => conform_at(value, shape, depth + 1)?,
            (Part::Many(shape), View::Array(items)) => {
                let is_selection = *name == "SelectionSet";
                let mut conformed = Vec::with_capacity(items.len());
                for item in items {
                    match conform_at(item, shape, depth + 1) {
                        Ok(it) => conformed.push(it),
                        // What is no selection isn't selected.
                        Err(it) if is_selection && it != TOO_DEEP => {}
                        Err(it) => return Err(it),
                    }
                }
                if conformed.is_empty() {
                    continue;
                }
                V::array(conformed)
            }
            _ => return Err(wrong(name)),
        };
        builder.set(name, value);
    }
    Ok(builder.finish())
}

fn wrong(what: &str) -> String {
    ["json: cannot unmarshal syntax tree: ", what].concat()
}
