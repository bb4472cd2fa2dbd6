//! Base data that lies in several files: `/a/b/data.json` is the document `data.a.b`.
//!
//! One file at the top is kept as its author wrote it. Several are merged: objects by their keys,
//! anything else only where nothing else is.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::manifest::Manifest;
use crate::roots;

/// How deep two files may both have something to say; deeper is an attack on the stack.
const SHARED_DEPTH_MAX: usize = 128;

/// Why the data files of a bundle were refused.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file is not JSON.
    #[error("`{name}` is not JSON")]
    Json {
        /// The file.
        name: String,
        /// What the parser says.
        #[source]
        source: serde_json::Error,
    },
    /// A file is not YAML, or is more than a document that JSON could hold.
    #[error("`{name}` is not YAML")]
    Yaml {
        /// The file.
        name: String,
        /// What the parser says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The top of the data is not an object.
    #[error("`{name}` must hold a JSON object")]
    NotAnObject {
        /// The file.
        name: String,
    },
    /// Two files give different things for one place.
    #[error("`{name}` gives a value for `data.{path}`, where another file gives one too")]
    Conflict {
        /// The later file.
        name: String,
        /// The place, with dots between the keys.
        path: String,
    },
    /// Two files share objects nested deeper than is sensible.
    #[error("`{name}` repeats objects of another file more than {limit} levels deep")]
    TooDeep {
        /// The later file.
        name: String,
        /// The limit in levels.
        limit: usize,
    },
    /// The bundle carries data that its manifest does not own.
    #[error("the manifest's roots {roots:?} do not cover `data.{path}`")]
    OutsideRoots {
        /// The place, with dots between the keys.
        path: String,
        /// The roots.
        roots: Vec<String>,
    },
}

/// Documents of several files, put together file by file.
///
/// The time is that of reading the files: what no other file has a say in is not looked into.
#[derive(Debug, Default)]
pub struct Documents {
    root: Option<Node>,
}

/// A document, opened only where two files meet.
#[derive(Debug)]
enum Node {
    Closed(Box<RawValue>),
    Open(BTreeMap<String, Node>),
}

/// `{}`.
pub(crate) fn empty() -> Box<RawValue> {
    // The parser of the constant cannot fail; `null` keeps this free of a panic all the same.
    serde_json::from_str("{}").unwrap_or_else(|_| RawValue::NULL.to_owned())
}

impl Documents {
    /// Adds the document of the JSON file `name` that lies in `folder` (`a/b` for `data.a.b`).
    ///
    /// # Errors
    /// It is not JSON, or other files have given a value for a place that it gives one for.
    pub fn add_json(&mut self, name: &str, folder: &str, json: &[u8]) -> Result<(), DataError> {
        let raw = serde_json::from_slice::<Box<RawValue>>(json)
            .map_err(|source| DataError::Json { name: name.to_owned(), source })?;
        self.add(name, folder, raw)
    }

    /// Adds the document of the YAML file `name` that lies in `folder`.
    pub(crate) fn add_yaml(
        &mut self,
        name: &str,
        folder: &str,
        yaml: &[u8],
    ) -> Result<(), DataError> {
        let refused = |source| DataError::Yaml { name: name.to_owned(), source };
        let text = std::str::from_utf8(yaml).map_err(|error| refused(error.into()))?;
        let value =
            serde_saphyr::from_str::<Value>(text).map_err(|error| refused(Box::new(error)))?;
        let raw = serde_json::value::to_raw_value(&value).map_err(|error| refused(error.into()))?;
        self.add(name, folder, raw)
    }

    /// Adds the documents of `others`, which messages call `name`.
    ///
    /// # Errors
    /// Both have a value for one place.
    pub fn add_all(&mut self, name: &str, others: Documents) -> Result<(), DataError> {
        match others.root {
            Some(root) => self.add_node(name, root),
            None => Ok(()),
        }
    }

    /// All documents as one, checked against the manifest's roots.
    ///
    /// # Errors
    /// There is data outside the roots.
    pub fn finish(self, manifest: &Manifest) -> Result<Box<RawValue>, DataError> {
        let Some(root) = self.root else {
            return Ok(empty());
        };
        let data = match root {
            Node::Closed(raw) => raw,
            Node::Open(_) => {
                let mut text = String::new();
                print(&root, &mut text);
                RawValue::from_string(text)
                    .map_err(|source| DataError::Json { name: "/data.json".to_owned(), source })?
            }
        };
        roots::check(&data, manifest)?;
        Ok(data)
    }

    fn add(&mut self, name: &str, folder: &str, raw: Box<RawValue>) -> Result<(), DataError> {
        if folder.is_empty() && open(&raw).is_none() {
            return Err(DataError::NotAnObject { name: name.to_owned() });
        }
        let mut node = Node::Closed(raw);
        for key in folder.rsplit('/').filter(|key| !key.is_empty()) {
            node = Node::Open(BTreeMap::from([(key.to_owned(), node)]));
        }
        self.add_node(name, node)
    }

    fn add_node(&mut self, name: &str, node: Node) -> Result<(), DataError> {
        self.root = Some(match self.root.take() {
            None => node,
            Some(root) => merge(root, node, &mut Place { name, keys: Vec::new() })?,
        });
        Ok(())
    }
}

/// Where a merge is: the file being added and the keys above.
struct Place<'a> {
    name: &'a str,
    keys: Vec<String>,
}

fn merge(left: Node, right: Node, place: &mut Place<'_>) -> Result<Node, DataError> {
    if place.keys.len() > SHARED_DEPTH_MAX {
        let name = place.name.to_owned();
        return Err(DataError::TooDeep { name, limit: SHARED_DEPTH_MAX });
    }
    let (Some(mut left), Some(right)) = (left.fields(), right.fields()) else {
        let (name, path) = (place.name.to_owned(), place.keys.join("."));
        return Err(DataError::Conflict { name, path });
    };
    for (key, value) in right {
        let merged = match left.remove(&key) {
            None => value,
            Some(earlier) => {
                place.keys.push(key.clone());
                let merged = merge(earlier, value, place)?;
                place.keys.pop();
                merged
            }
        };
        left.insert(key, merged);
    }
    Ok(Node::Open(left))
}

impl Node {
    fn fields(self) -> Option<BTreeMap<String, Node>> {
        match self {
            Node::Open(fields) => Some(fields),
            Node::Closed(raw) => {
                let fields = open(&raw)?.into_iter();
                Some(fields.map(|(key, value)| (key, Node::Closed(value))).collect())
            }
        }
    }
}

/// The fields of an object, nothing for any other value.
fn open(raw: &RawValue) -> Option<BTreeMap<String, Box<RawValue>>> {
    // Looking at the first byte keeps a long array from being read for nothing.
    raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok())?
}

fn print(node: &Node, text: &mut String) {
    match node {
        Node::Closed(raw) => text.push_str(raw.get()),
        Node::Open(fields) => {
            text.push('{');
            for (i, (key, value)) in fields.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                print(value, text);
            }
            text.push('}');
        }
    }
}
