//! Cedar's values in JSON, read as a schema says where there is one: an entity and a value of an extension then need no
//! marking.

use palisade_value::{AnyValue, Entry, View};

use super::calls;
use super::conformance::misfit;
use super::names;
use super::place::{Place, Refusal};
use super::schema::{Type, attribute};
use super::text;
use super::values::{entries, field, items};

/// How deep a value may nest: as deep as in Cedar's reader of JSON.
const DEPTH_MAX: usize = 128;

/// What stands before what is no longer there.
const EXPR: &str = "the `__expr` escape is no longer supported";

/// Reads a value that is in the given place.
pub(super) fn value<V: AnyValue>(
    json: &V,
    ty: Type<'_, V>,
    place: &Place<'_>,
) -> Result<V, Refusal> {
    Reader { place }.value(json, ty, 0)
}

/// Reads the name of an entity: `{"type": "User", "id": "alice"}`, or the same under `__entity`.
pub(super) fn reference<V: AnyValue>(json: &V, place: &Place<'_>) -> Result<V, Refusal> {
    let fields = entries(json);
    if field(fields, "__expr").is_some_and(|it| it.as_str().is_some()) {
        return Err(place.refuse(&[EXPR]));
    }
    let marked = field(fields, "__entity").and_then(|it| type_and_id(entries(it)));
    match marked.or_else(|| type_and_id(fields)) {
        Some((ty, id)) => named(ty, id),
        None => Err(place.refuse(&[
            "expected a literal entity reference, but got `",
            &shown(json),
            "`",
        ])),
    }
}

struct Reader<'a> {
    place: &'a Place<'a>,
}

impl Reader<'_> {
    fn value<V: AnyValue>(&self, json: &V, ty: Type<'_, V>, depth: usize) -> Result<V, Refusal> {
        if depth > DEPTH_MAX {
            return Err(self.place.refuse(&["recursion limit exceeded"]));
        }
        match (ty, json.view()) {
            (Type::Entity(_), _) => reference(json, self.place),
            (Type::Extension(name), _) => self.extension(json, name, depth),
            (Type::Set(element), View::Array(items) | View::Set(items)) => {
                self.set(items, Type::of(element), depth)
            }
            (Type::Record(attrs), View::Object(entries)) => self.record(entries, attrs, depth),
            (Type::Set(_) | Type::Record(_), _) => {
                let value = self.plain(json, depth)?;
                // A value that is no such collection does not fit, whatever the type says of the inside.
                match misfit(&value, ty) {
                    Some(misfit) => Err(misfit.at(self.place)),
                    None => Ok(value),
                }
            }
            _ => self.plain(json, depth),
        }
    }

    fn set<V: AnyValue>(&self, items: &[V], ty: Type<'_, V>, depth: usize) -> Result<V, Refusal> {
        let members: Result<_, _> = items.iter().map(|it| self.value(it, ty, depth + 1)).collect();
        members.map(V::set)
    }

    /// A record with the attributes of a type and no others.
    fn record<V: AnyValue>(
        &self,
        entries: &[Entry<V>],
        attrs: &[Entry<V>],
        depth: usize,
    ) -> Result<V, Refusal> {
        let mut read = Vec::with_capacity(entries.len());
        for attr in attrs {
            let name = attr.key.as_str().unwrap_or_default();
            let (ty, is_required) = attribute(&attr.value);
            match field(entries, name) {
                Some(json) => read
                    .push(Entry { key: attr.key.clone(), value: self.value(json, ty, depth + 1)? }),
                None if is_required => {
                    return Err(self.place.refuse(&[
                        "expected the record to have an attribute `",
                        name,
                        "`, but it does not",
                    ]));
                }
                None => {}
            }
        }
        if read.len() < entries.len() {
            let key = |it: &Entry<V>| it.key.as_str().unwrap_or_default().to_owned();
            let unknown = entries.iter().map(key).find(|it| field(attrs, it).is_none());
            return Err(self.place.refuse(&[
                "record attribute `",
                &unknown.unwrap_or_default(),
                "` should not exist according to the schema",
            ]));
        }
        Ok(V::object_from_sorted(read))
    }

    /// A value of an extension: a call, marked with `__extn` or not, or what the constructor takes.
    fn extension<V: AnyValue>(&self, json: &V, ty: &str, depth: usize) -> Result<V, Refusal> {
        let fields = entries(json);
        if field(fields, "__expr").is_some_and(|it| it.as_str().is_some()) {
            return Err(self.place.refuse(&[EXPR]));
        }
        let marked = field(fields, "__extn").and_then(|it| call(entries(it)));
        let Some((name, arguments)) = marked.or_else(|| call(fields)) else {
            let argument = self.plain(json, depth)?;
            return self.call(calls::constructor(ty), &[argument]);
        };
        let Some(types) = calls::operands(name) else {
            return Err(Refusal::saying(&["extension function `", name, "` does not exist"]));
        };
        if types.len() != arguments.len() {
            let (expected, given) = (types.len() as i64, arguments.len() as i64);
            return Err(Refusal::saying(&[
                "expected ",
                &text::number_text(expected),
                " arguments for function ",
                name,
                " but ",
                &text::number_text(given),
                " arguments are provided",
            ]));
        }
        let argument = |(json, ty): (&V, &&'static str)| match *ty {
            "String" => self.value(json, Type::String, depth + 1),
            ty => self.value(json, Type::Extension(ty), depth + 1),
        };
        let arguments: Result<Vec<V>, _> = arguments.iter().zip(types).map(argument).collect();
        self.call(name, &arguments?)
    }

    /// A value of which nothing is known.
    fn plain<V: AnyValue>(&self, json: &V, depth: usize) -> Result<V, Refusal> {
        match json.view() {
            View::Null => {
                Err(self.place.refuse(&["found a `null`; JSON `null`s are not allowed in Cedar"]))
            }
            View::Number(it) => it.plain_int().map(V::integer).ok_or_else(|| self.no_long(json)),
            View::Boolean(_) | View::String(_) => Ok(json.clone()),
            View::Array(items) | View::Set(items) => self.set(items, Type::Any, depth),
            View::Object([only]) => match self.marked(only, depth) {
                Some(value) => value,
                None => self.object(std::slice::from_ref(only), depth),
            },
            View::Object(entries) => self.object(entries, depth),
        }
    }

    fn object<V: AnyValue>(&self, entries: &[Entry<V>], depth: usize) -> Result<V, Refusal> {
        let read = |it: &Entry<V>| {
            let value = self.value(&it.value, Type::Any, depth + 1)?;
            Ok(Entry { key: it.key.clone(), value })
        };
        let entries: Result<_, _> = entries.iter().map(read).collect();
        entries.map(V::object_from_sorted)
    }

    /// What an object with a single entry is, if it is no record.
    fn marked<V: AnyValue>(&self, only: &Entry<V>, depth: usize) -> Option<Result<V, Refusal>> {
        match only.key.as_str()? {
            "__entity" => {
                let (ty, id) = type_and_id(entries(&only.value))?;
                Some(named(ty, id))
            }
            "__extn" => {
                let (name, arguments) = call(entries(&only.value))?;
                let read = |it: &V| self.value(it, Type::Any, depth + 1);
                let arguments: Result<Vec<V>, _> = arguments.iter().map(read).collect();
                Some(arguments.and_then(|it| self.call(name, &it)))
            }
            "__expr" if only.value.as_str().is_some() => Some(Err(self.place.refuse(&[EXPR]))),
            _ => None,
        }
    }

    fn call<V: AnyValue>(&self, name: &str, arguments: &[V]) -> Result<V, Refusal> {
        calls::call(name, arguments).map_err(|fault| self.place.refuse_value(fault))
    }

    #[cold]
    #[inline(never)]
    fn no_long<V: AnyValue>(&self, json: &V) -> Refusal {
        self.place.refuse(&["the number `", &shown(json), "` is no 64-bit integer"])
    }
}

fn type_and_id<V: AnyValue>(fields: &[Entry<V>]) -> Option<(&V, &V)> {
    let string = |name| field(fields, name).filter(|it| it.as_str().is_some());
    Some((string("type")?, string("id")?))
}

/// The function and the arguments of `{"fn": "ip", "arg": "::1"}` or of the same with `args`.
fn call<V: AnyValue>(fields: &[Entry<V>]) -> Option<(&str, &[V])> {
    let name = field(fields, "fn")?.as_str()?;
    if let Some(argument) = field(fields, "arg") {
        return Some((name, std::slice::from_ref(argument)));
    }
    let arguments = field(fields, "args")?;
    matches!(arguments.view(), View::Array(_)).then(|| (name, items(arguments)))
}

fn named<V: AnyValue>(ty: &V, id: &V) -> Result<V, Refusal> {
    let name = ty.as_str().unwrap_or_default();
    if names::is_type(name) {
        return Ok(V::array(vec![ty.clone(), id.clone()]));
    }
    Err(Refusal::saying(&[
        "failed to parse escape `__entity`: `",
        name,
        "` is not the name of an entity type",
    ]))
}

/// A value as it is in the input; of collections only what they are.
#[cold]
#[inline(never)]
pub(super) fn shown<V: AnyValue>(json: &V) -> String {
    let mut out = String::new();
    match json.view() {
        View::Number(palisade_value::Num::Decimal(text)) => out.push_str(text),
        View::Number(palisade_value::Num::Int(it)) => text::number(it, &mut out),
        View::String(it) => text::quoted(it, &mut out),
        View::Boolean(it) => out.push_str(if it { "true" } else { "false" }),
        _ => out.push_str(json.kind().name()),
    }
    out
}
