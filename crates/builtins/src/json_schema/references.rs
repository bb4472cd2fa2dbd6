//! References between schemas: relative to identifiers, into documents by pointers.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Entry, View};

use super::schema::Draft;
use crate::uri::parts::Uri;

/// The schemas that have an address.
pub(super) struct Pool<V> {
    documents: BTreeMap<String, (V, Option<Draft>)>,
    depth: usize,
}

/// How deep objects and arrays in a schema may nest.
const DEPTH_MAX: usize = 300;

impl<V: AnyValue> Pool<V> {
    /// The pool of a document, whose own address is empty, and the document with all references made absolute.
    pub(super) fn load(document: &V) -> Result<(Pool<V>, V), String> {
        let draft = draft(document)?;
        let mut pool = Pool { documents: BTreeMap::new(), depth: 0 };
        let document = pool.absolute(document, "", draft)?;
        pool.documents.insert(String::new(), (document.clone(), draft));
        Ok((pool, document))
    }

    fn absolute(&mut self, value: &V, base: &str, draft: Option<Draft>) -> Result<V, String> {
        if self.depth >= DEPTH_MAX {
            return Err("schema is nested too deeply".to_owned());
        }
        self.depth += 1;
        let absolute = self.absolute_value(value, base, draft);
        self.depth -= 1;
        absolute
    }

    fn absolute_value(&mut self, value: &V, base: &str, draft: Option<Draft>) -> Result<V, String> {
        match value.view() {
            View::Array(items) => {
                let items: Result<_, _> =
                    items.iter().map(|it| self.absolute(it, base, draft)).collect();
                Ok(V::array(items?))
            }
            View::Object(entries) => self.absolute_schema(value, entries, base, draft),
            _ => Ok(value.clone()),
        }
    }

    fn absolute_schema(
        &mut self,
        schema: &V,
        entries: &[Entry<V>],
        base: &str,
        draft: Option<Draft>,
    ) -> Result<V, String> {
        let id = schema.get_str("id").or_else(|| schema.get_str("$id"));
        let own = id.as_ref().and_then(V::as_str).map(|it| resolve(base, it));
        if let Some(own) = &own {
            if self.documents.contains_key(own) {
                return Err(["Reference already exists: \"", own, "\""].concat());
            }
            self.documents.insert(own.clone(), (schema.clone(), draft));
        }
        let base = own.as_deref().unwrap_or(base);
        let mut changed = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let value = match (key.as_str(), value.view()) {
                // These are no schemas, whatever they contain.
                (Some("const" | "enum"), _) => value.clone(),
                (Some("$ref"), View::String(it)) => V::string(resolve(base, it)),
                (
                    Some("properties" | "dependencies" | "patternProperties"),
                    View::Object(children),
                ) => {
                    let mut schemas = Vec::with_capacity(children.len());
                    for Entry { key, value } in children {
                        let value = self.absolute(value, base, draft)?;
                        schemas.push(Entry { key: key.clone(), value });
                    }
                    V::object_from_sorted(schemas)
                }
                _ => self.absolute(value, base, draft)?,
            };
            changed.push(Entry { key: key.clone(), value });
        }
        let schema = V::object_from_sorted(changed);
        if let Some(own) = own {
            self.documents.insert(own, (schema.clone(), draft));
        }
        Ok(schema)
    }

    /// The schema with this address and the draft of its document.
    pub(super) fn get(&mut self, address: &str) -> Result<(V, Option<Draft>), String> {
        if let Some(found) = self.documents.get(address) {
            return Ok(found.clone());
        }
        let (place, fragment) = address.split_once('#').unwrap_or((address, ""));
        let Some((document, draft)) = self.documents.get(place) else {
            return Err(if place.contains("://") {
                ["Could not read schema ", place, ": schemas are not loaded from elsewhere"]
                    .concat()
            } else {
                ["Reference ", address, " must be canonical"].concat()
            });
        };
        let fragment = Uri::parse(address).map_or_else(|_| fragment.to_owned(), |it| it.fragment);
        Ok((follow(document, &fragment)?, *draft))
    }
}

/// The draft that a document names.
pub(super) fn draft<V: AnyValue>(document: &V) -> Result<Option<Draft>, String> {
    match document.view() {
        View::Boolean(_) => Ok(None),
        View::Object(_) => match document.get_str("$schema") {
            None => Ok(None),
            Some(it) => match it.as_str() {
                Some(it) => Ok(Draft::of_address(&resolve("", it))),
                None => Err("$schema must be of type string".to_owned()),
            },
        },
        _ => Err("schema is invalid".to_owned()),
    }
}

/// What a JSON pointer points to; anything else points to the whole document.
fn follow<V: AnyValue>(document: &V, pointer: &str) -> Result<V, String> {
    let Some(tokens) = pointer.strip_prefix('/') else { return Ok(document.clone()) };
    let mut node = document.clone();
    for token in tokens.split('/') {
        node = match node.view() {
            View::Object(_) => {
                let key = token.replace("~1", "/").replace("~0", "~");
                node.get_str(&key).ok_or_else(|| ["Object has no key '", &key, "'"].concat())?
            }
            View::Array(items) => {
                let at: i64 =
                    token.parse().map_err(|_| ["Invalid array index '", token, "'"].concat())?;
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at))
                    .cloned()
                    .ok_or_else(|| format!("Out of bound array[0,{}] index '{at}'", items.len()))?
            }
            _ => return Err(["Invalid token reference '", token, "'"].concat()),
        };
    }
    Ok(node)
}

/// A reference in its parts; those that are absent are empty.
struct Reference<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Reference<'a> {
    /// Every part keeps the mark that sets it off: `http:`, `//host`, `?q`, `#f`.
    fn parse(text: &'a str) -> Reference<'a> {
        let (rest, fragment) = text.split_at(text.find('#').unwrap_or(text.len()));
        let (rest, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let is_scheme = |it: &str| {
            it.starts_with(|it: char| it.is_ascii_alphabetic())
                && it.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
        };
        let n_scheme = match rest.find(':') {
            Some(at) if rest.get(..at).is_some_and(is_scheme) => at + 1,
            _ => 0,
        };
        let (scheme, rest) = rest.split_at(n_scheme);
        let n_authority = match rest.strip_prefix("//") {
            Some(behind) => 2 + behind.find('/').unwrap_or(behind.len()),
            None => 0,
        };
        let (authority, path) = rest.split_at(n_authority);
        // A fragment of nothing is none.
        let fragment = if fragment == "#" { "" } else { fragment };
        Reference { scheme, authority, path, query, fragment }
    }
}

/// The address of a reference that stands in a document at `base`.
fn resolve(base: &str, reference: &str) -> String {
    let (base, it) = (Reference::parse(base), Reference::parse(reference));
    if !it.scheme.is_empty() {
        return [it.scheme, it.authority, it.path, it.query, it.fragment].concat();
    }
    if !it.authority.is_empty() {
        return [base.scheme, it.authority, it.path, it.query, it.fragment].concat();
    }
    if it.path.is_empty() {
        let query = if it.query.is_empty() { base.query } else { it.query };
        return [base.scheme, base.authority, base.path, query, it.fragment].concat();
    }
    let path = match it.path.strip_prefix('/') {
        Some(_) => it.path.to_owned(),
        None => {
            let folder = base.path.rfind('/').map_or(0, |at| at + 1);
            [base.path.get(..folder).unwrap_or(""), it.path].concat()
        }
    };
    [base.scheme, base.authority, &without_dots(&path), it.query, it.fragment].concat()
}

/// The path without `.` and `..`, from the root on.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in path.strip_prefix('/').unwrap_or(path).split('/') {
        ends_in_folder = matches!(part, "." | "..");
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let end = if ends_in_folder && !parts.is_empty() { "/" } else { "" };
    ["/", &parts.join("/"), end].concat()
}
