//! YAML text to a value.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Entry, Value};
use yaml_rust2::Yaml;
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;

/// How deep collections may nest.
const NESTING_MAX: usize = 100;

/// How many values a document may have, those that aliases repeat counted each time: a few lines of aliases of aliases
/// would otherwise stand for more values than fit any memory.
const SIZE_MAX: usize = 100_000;

/// A document.
pub(super) struct Document {
    /// The whole.
    pub(super) value: Value,
    /// The keys of the outermost mapping and the lines where they stand, from 1.
    pub(super) key_lines: Vec<(String, usize)>,
}

/// Why a text is no document.
pub(super) struct Fault {
    /// The line, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) message: String,
}

/// Reads the first document of a text.
pub(super) fn read(text: &str) -> Result<Document, Fault> {
    let mut reader = Reader::default();
    let mut parser = Parser::new_from_str(text);
    while reader.fault.is_none() {
        match parser.next_token() {
            Ok((Event::DocumentEnd | Event::StreamEnd, _)) => break,
            Ok((event, marker)) => reader.read(event, marker.line()),
            Err(error) => reader.fail(error.marker().line(), format!("yaml: {}", error.info())),
        }
    }
    match reader.fault {
        Some(fault) => Err(fault),
        None => {
            Ok(Document { value: reader.root.unwrap_or(Value::Null), key_lines: reader.key_lines })
        }
    }
}

/// Builds the value from the parser's events.
#[derive(Default)]
struct Reader {
    open: Vec<Collection>,
    anchors: BTreeMap<usize, (Value, usize)>,
    root: Option<Value>,
    key_lines: Vec<(String, usize)>,
    fault: Option<Fault>,
    /// How many values there are so far.
    size: usize,
}

/// A collection that is being read.
struct Collection {
    items: Items,
    anchor: usize,
    /// How many values there were before it.
    size_before: usize,
}

enum Items {
    Sequence(Vec<Value>),
    /// The entries, and the key whose value is still to come.
    Mapping(Vec<Entry<Value>>, Option<Value>),
}

impl Reader {
    fn read(&mut self, event: Event, line: usize) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.size += 1;
                let value =
                    if style == TScalarStyle::Plain { plain(&text) } else { Value::text(&text) };
                self.remember(anchor, &value, 1);
                self.add(value, line);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((value, size)) => {
                    self.size += size;
                    self.add(value, line);
                }
                None => self.fail(line, "yaml: unknown anchor"),
            },
            Event::SequenceStart(anchor, _) => self.open(Items::Sequence(Vec::new()), anchor, line),
            Event::MappingStart(anchor, _) => {
                self.open(Items::Mapping(Vec::new(), None), anchor, line)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(line),
            _ => {}
        }
    }

    fn fail(&mut self, line: usize, message: impl Into<String>) {
        self.fault = Some(Fault { line, message: message.into() });
    }

    fn remember(&mut self, anchor: usize, value: &Value, size: usize) {
        // The parser counts anchors from 1; 0 is none.
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
    }

    fn open(&mut self, items: Items, anchor: usize, line: usize) {
        if self.open.len() >= NESTING_MAX {
            return self.fail(line, "yaml: nested too deep");
        }
        self.open.push(Collection { items, anchor, size_before: self.size });
        self.size += 1;
    }

    fn close(&mut self, line: usize) {
        let Some(collection) = self.open.pop() else {
            return;
        };
        let value = match collection.items {
            Items::Sequence(items) => Value::array(items),
            Items::Mapping(entries, _) => Value::object(entries),
        };
        self.remember(collection.anchor, &value, self.size - collection.size_before);
        self.add(value, line);
    }

    /// Puts a value where it belongs: as root, element, key or value.
    fn add(&mut self, value: Value, line: usize) {
        if self.size > SIZE_MAX {
            return self.fail(line, "yaml: document too big");
        }
        let is_outermost = self.open.len() == 1;
        let fault = match self.open.last_mut().map(|it| &mut it.items) {
            None => {
                self.root.get_or_insert(value);
                None
            }
            Some(Items::Sequence(items)) => {
                items.push(value);
                None
            }
            Some(Items::Mapping(entries, key)) => match key.take() {
                Some(key) => {
                    entries.push(Entry { key, value });
                    None
                }
                None => {
                    let fault = key_fault(&value, entries);
                    if is_outermost && let Some(name) = value.as_str() {
                        self.key_lines.push((name.to_owned(), line));
                    }
                    *key = Some(value);
                    fault
                }
            },
        };
        if let Some(fault) = fault {
            self.fail(line, fault);
        }
    }
}

fn key_fault(key: &Value, entries: &[Entry<Value>]) -> Option<String> {
    let Some(name) = key.as_str() else {
        return Some(format!("invalid map key type: {key}"));
    };
    let is_double = entries.iter().any(|entry| entry.key == *key);
    is_double.then(|| format!("yaml: mapping key \"{name}\" already defined"))
}

/// The value of a scalar without quotes.
fn plain(text: &str) -> Value {
    match Yaml::from_str(text) {
        Yaml::Null => Value::Null,
        Yaml::Boolean(it) => Value::Boolean(it),
        Yaml::Integer(it) => Value::Integer(it),
        Yaml::Real(number) => match number.parse::<f64>() {
            Ok(it) if it.is_finite() => Value::decimal(&it.to_string()),
            _ => Value::text(text),
        },
        _ => Value::text(text),
    }
}
