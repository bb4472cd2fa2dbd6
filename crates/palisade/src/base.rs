//! The base data of a bundle, as it is asked for beside the policy: documents that no entrypoint makes.
//!
//! The text is kept as it is, and its parts are found when they are asked for: an object or array is read once, the
//! first time that a question leads into it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde_json::value::RawValue;

/// The base data, one JSON object.
pub(crate) struct Base {
    text: Box<RawValue>,
    root: Node,
}

/// A document in the text.
struct Node {
    place: Range<usize>,
    parts: OnceLock<Parts>,
}

/// What a document is made of.
enum Parts {
    Object(BTreeMap<String, Node>),
    Array(Vec<Node>),
    Scalar,
}

/// One document of the base data.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a> {
    base: &'a Base,
    node: &'a Node,
}

impl Base {
    /// The documents in this text.
    pub(crate) fn new(text: Box<RawValue>) -> Base {
        let root = Node::new(0..text.get().len());
        Base { text, root }
    }

    /// The document at a path of keys.
    pub(crate) fn at(&self, keys: &[String]) -> Option<Document<'_>> {
        let root = Document { base: self, node: &self.root };
        keys.iter().try_fold(root, |document, key| document.part(key))
    }
}

impl<'a> Document<'a> {
    /// The document as JSON text without spaces, which is what the decision log keeps unchanged.
    pub(crate) fn to_json(self) -> String {
        compact(self.text())
    }

    /// The members, if this is an object.
    pub(crate) fn members(self) -> Option<impl Iterator<Item = (&'a str, Document<'a>)>> {
        let Parts::Object(members) = self.parts() else { return None };
        let base = self.base;
        Some(members.iter().map(move |(key, node)| (key.as_str(), Document { base, node })))
    }

    fn part(self, key: &str) -> Option<Document<'a>> {
        let node = match self.parts() {
            Parts::Object(members) => members.get(key),
            Parts::Array(items) => items.get(key.parse::<usize>().ok()?),
            Parts::Scalar => None,
        }?;
        Some(Document { node, ..self })
    }

    fn parts(self) -> &'a Parts {
        self.node
            .parts
            .get_or_init(|| read(self.base.text.get(), self.text()).unwrap_or(Parts::Scalar))
    }

    fn text(self) -> &'a str {
        self.base.text.get().get(self.node.place.clone()).unwrap_or("null")
    }
}

impl Node {
    fn new(place: Range<usize>) -> Node {
        Node { place, parts: OnceLock::new() }
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base").field("bytes", &self.text.get().len()).finish()
    }
}

/// The parts of the document `part`, which is a piece of `whole`.
fn read(whole: &str, part: &str) -> Option<Parts> {
    let node = |part: &RawValue| {
        let start = part.get().as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
        Some(Node::new(start..start.checked_add(part.get().len())?))
    };
    match part.trim_ascii_start().as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(part).ok()?;
            let members =
                members.into_iter().map(|(key, part)| Some((key.into_owned(), node(part)?)));
            members.collect::<Option<_>>().map(Parts::Object)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(part).ok()?;
            items.into_iter().map(node).collect::<Option<_>>().map(Parts::Array)
        }
        _ => Some(Parts::Scalar),
    }
}

/// JSON text without the spaces between its tokens.
fn compact(json: &str) -> String {
    let mut in_string = false;
    let mut is_escaped = false;
    let keeps = |char: &char| {
        if in_string {
            in_string = is_escaped || *char != '"';
            is_escaped = !is_escaped && *char == '\\';
            return true;
        }
        in_string = *char == '"';
        !matches!(char, ' ' | '\t' | '\r' | '\n')
    };
    json.chars().filter(keeps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &[&str], expected: Option<&str>) {
        const DATA: &str = r#" {"a": [10, {"b c": 1.50}], "é": null,
            "s\"": "x \" { y\\", "users": {"ada": {"roles" : [ ]}}} "#;
        let base = Base::new(RawValue::from_string(DATA.to_owned()).expect("JSON"));
        let keys: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        // The second time, the parts are known.
        for _ in 0..2 {
            assert_eq!(base.at(&keys).map(Document::to_json).as_deref(), expected, "{path:?}");
        }
    }

    #[test]
    fn documents_are_found_by_their_keys() {
        check(&["a"], Some(r#"[10,{"b c":1.50}]"#));
        check(&["a", "1", "b c"], Some("1.50"));
        check(&["é"], Some("null"));
        check(&["s\""], Some(r#""x \" { y\\""#));
        check(&["users", "ada"], Some(r#"{"roles":[]}"#));
        let whole =
            r#"{"a":[10,{"b c":1.50}],"é":null,"s\"":"x \" { y\\","users":{"ada":{"roles":[]}}}"#;
        check(&[], Some(whole));
    }

    #[test]
    fn what_is_not_there_is_nothing() {
        for path in
            [&["b"][..], &["a", "2"], &["a", "x"], &["a", "0", "x"], &["é", "x"], &["users", "bob"]]
        {
            check(path, None);
        }
    }
}
