//! YAML text to a value: the parser's events, put together as Go's YAML does.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use palisade_value::json::NESTING_MAX;
use palisade_value::{AnyValue, Entry, View};
use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::{Marker, ScanError, TScalarStyle};

use super::scalar::{Scalar, TAG_PREFIX, is_timestamp, resolve};

/// The value of the first document in a YAML text, or what is wrong with it. A text without documents is `null`.
///
/// Keys become strings, the last of equal keys wins, `<<` merges mappings.
pub fn parse<V: AnyValue>(text: &str) -> Result<V, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check_characters(text)?;
    check_directives(text)?;
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_token() {
            Ok((Event::DocumentEnd | Event::StreamEnd, _)) => break,
            Ok((Event::Alias(anchor), mark)) => {
                if !builder.anchors.contains_key(&anchor) {
                    let name = anchor_name(text, &mark);
                    return Err(["yaml: anchor '", &name, "' value contains itself"].concat());
                }
                builder.alias(anchor)?;
            }
            Ok((Event::Scalar(content, style, anchor, tag), mark)) => {
                let is_block = matches!(style, TScalarStyle::Literal | TScalarStyle::Folded);
                let content = if is_block { block(content, text, &mark) } else { content };
                builder.accept(Event::Scalar(content, style, anchor, tag))?;
            }
            Ok((event, _)) => builder.accept(event)?,
            Err(error) => return Err(describe(&error, text)),
        }
    }
    match builder.root {
        Some(node) => node.to_value(),
        None => Ok(V::null()),
    }
}

/// The content of a block scalar without the line break that the parser adds: behind a last line that ends with the
/// text, and where there is no line at all.
fn block(mut content: String, text: &str, mark: &Marker) -> String {
    let lines = content.trim_end_matches('\n').len();
    if lines == 0 {
        // The mark stands at the header or behind it.
        let end = text.char_indices().nth(mark.index() + 1).map_or(text.len(), |it| it.0);
        let before = text.get(..end).unwrap_or(text);
        let start = before.rfind(['|', '>']).unwrap_or(0);
        let (header, rest) = text.get(start..).unwrap_or("").split_once('\n').unwrap_or_default();
        let keeps = header.contains('+') && !rest.is_empty();
        return if keeps { content } else { String::new() };
    }
    let last = text.rsplit('\n').next().unwrap_or("").trim_start_matches(' ');
    let ends_here = !last.is_empty() && content.get(..lines).is_some_and(|it| it.ends_with(last));
    if ends_here && content.ends_with('\n') {
        content.pop();
    }
    content
}

/// Refuses what may not stand in YAML, not even in quotes.
pub(super) fn check_characters(text: &str) -> Result<(), String> {
    let is_allowed = |it: char| {
        !matches!(it, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
    };
    if text.chars().all(is_allowed) {
        Ok(())
    } else {
        Err("yaml: control characters are not allowed".to_owned())
    }
}

/// The parser's words in those of Go's, which counts lines in its own way and says none where it counts none.
fn describe(error: &ScanError, text: &str) -> String {
    let (info, line) = (error.info(), error.marker().line());
    let info = match info.split_once(", ") {
        Some((before, info)) if before.starts_with("while ") => info,
        _ => info,
    };
    let (line, message) = match info {
        "found unknown anchor" => {
            let name = anchor_name(text, error.marker());
            return ["yaml: unknown anchor '", &name, "' referenced"].concat();
        }
        "expected ',' or ']'" => (line - 1, "did not find expected ',' or ']'"),
        "did not find expected ',' or '}'"
        | "did not find expected key"
        | "did not find expected node content"
        | "did not find expected '-' indicator"
        | "did not find expected <document start>" => (line - 1, info),
        "simple key expect ':'" | "simple key expected" => (line, "could not find expected ':'"),
        _ if info.starts_with("tab") || info.starts_with("unexpected character") => {
            (line, "found character that cannot start any token")
        }
        "invalid trailing content after double-quoted scalar" => {
            (line - 1, "did not find expected key")
        }
        _ => (if line == 1 { 0 } else { line }, info),
    };
    let place = match line {
        0 => String::new(),
        1 if message.starts_with("found") || message.starts_with("could") => String::new(),
        line => format!("line {line}: "),
    };
    ["yaml: ", &place, message].concat()
}

/// The name that stands behind the asterisk at the mark.
fn anchor_name(text: &str, mark: &Marker) -> String {
    let is_name = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    text.chars().skip(mark.index() + 1).take_while(is_name).collect()
}

/// Directives stand before the document; Go knows two, and one version of YAML.
fn check_directives(text: &str) -> Result<(), String> {
    let is_before = |it: &&str| it.is_empty() || it.starts_with(['%', '#']);
    for line in text.lines().take_while(is_before).filter(|it| it.starts_with('%')) {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("%YAML"), Some("1.1")) | (Some("%TAG"), _) => {}
            (Some("%YAML"), Some(_)) => {
                return Err("yaml: found incompatible YAML document".to_owned());
            }
            _ => return Err("yaml: found unknown directive name".to_owned()),
        }
    }
    Ok(())
}

/// A finished part of the document.
#[derive(Clone)]
enum Node<V> {
    Scalar(Scalar, String),
    Mapping(V),
    Sequence(V),
}

impl<V: AnyValue> Node<V> {
    fn to_value(&self) -> Result<V, String> {
        match self {
            Node::Scalar(scalar, text) => scalar.to_value(text),
            Node::Mapping(it) | Node::Sequence(it) => Ok(it.clone()),
        }
    }
}

/// A collection that is being read.
struct Open<V> {
    items: Items<V>,
    anchor: usize,
    /// How many nodes were counted before it.
    n_before: usize,
}

enum Items<V> {
    Sequence {
        items: Vec<V>,
        /// Whether everything in it can be merged.
        all_mappings: bool,
    },
    Mapping {
        entries: Vec<Entry<V>>,
        key: Option<Key>,
    },
}

enum Key {
    Text(String),
    Merge,
}

/// Puts the events together.
struct Builder<V> {
    open: Vec<Open<V>>,
    /// What the anchors name, and how many nodes that is.
    anchors: BTreeMap<usize, (Node<V>, usize)>,
    root: Option<Node<V>>,
    /// Nodes so far, those behind aliases counted each time.
    n_nodes: usize,
    /// Nodes behind aliases.
    n_aliased: usize,
}

impl<V> Default for Builder<V> {
    fn default() -> Builder<V> {
        let anchors = BTreeMap::new();
        Builder { open: Vec::new(), anchors, root: None, n_nodes: 0, n_aliased: 0 }
    }
}

impl<V: AnyValue> Builder<V> {
    fn accept(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.n_nodes += 1;
                let is_plain = style == TScalarStyle::Plain;
                let wants_key = matches!(
                    self.open.last(),
                    Some(Open { items: Items::Mapping { key: None, .. }, .. })
                );
                if wants_key && text == "<<" && is_merge(is_plain, tag.as_ref()) {
                    if let Some(Open { items: Items::Mapping { key, .. }, .. }) =
                        self.open.last_mut()
                    {
                        *key = Some(Key::Merge);
                    }
                    return Ok(());
                }
                self.finish(scalar(text, is_plain, tag)?, anchor, 1, false)
            }
            Event::SequenceStart(anchor, _) => {
                self.start(Items::Sequence { items: Vec::new(), all_mappings: true }, anchor)
            }
            Event::MappingStart(anchor, _) => {
                self.start(Items::Mapping { entries: Vec::new(), key: None }, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn start(&mut self, items: Items<V>, anchor: usize) -> Result<(), String> {
        if self.open.len() >= NESTING_MAX {
            return Err("yaml: exceeded max depth".to_owned());
        }
        self.open.push(Open { items, anchor, n_before: self.n_nodes });
        self.n_nodes += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(Open { items, anchor, n_before }) = self.open.pop() else { return Ok(()) };
        let (node, is_merged) = match items {
            Items::Sequence { items, all_mappings } => {
                (Node::Sequence(V::array(items)), all_mappings)
            }
            Items::Mapping { entries, .. } => (Node::Mapping(V::object(entries)), true),
        };
        self.finish(node, anchor, self.n_nodes - n_before, is_merged)
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        let Some((node, size)) = self.anchors.get(&anchor).cloned() else { return Ok(()) };
        self.n_nodes += 1 + size;
        self.n_aliased += size;
        // Go's own limits: nearly everything of a small document may stand behind aliases, little of a large one.
        let allowed = match self.n_nodes {
            ..=400_000 => 0.99,
            4_000_000.. => 0.10,
            n => 0.99 - 0.89 * ((n - 400_000) as f64 / 3_600_000.0),
        };
        let ratio = self.n_aliased as f64 / self.n_nodes as f64;
        if self.n_aliased > 100 && self.n_nodes > 1000 && ratio > allowed {
            return Err("yaml: document contains excessive aliasing".to_owned());
        }
        let is_mapping = matches!(node, Node::Mapping(_));
        self.finish(node, 0, 1 + size, is_mapping)
    }

    /// Puts a node where it belongs. `is_merged` says whether `<<` may stand before it.
    fn finish(
        &mut self,
        node: Node<V>,
        anchor: usize,
        size: usize,
        is_merged: bool,
    ) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|it| &mut it.items) {
            None => self.root = Some(node),
            Some(Items::Sequence { items, all_mappings }) => {
                *all_mappings &= matches!(node, Node::Mapping(_));
                items.push(node.to_value()?);
            }
            Some(Items::Mapping { entries, key }) => match key.take() {
                None => *key = Some(Key::Text(to_key(&node)?)),
                Some(Key::Text(key)) => {
                    entries.push(Entry { key: V::string(key), value: node.to_value()? });
                }
                Some(Key::Merge) => merge(&node, is_merged, entries)?,
            },
        }
        Ok(())
    }
}

fn is_merge(is_plain: bool, tag: Option<&Tag>) -> bool {
    match tag {
        None => is_plain,
        Some(tag) => tag.handle == TAG_PREFIX && tag.suffix == "merge",
    }
}

fn merge<V: AnyValue>(
    node: &Node<V>,
    is_merged: bool,
    entries: &mut Vec<Entry<V>>,
) -> Result<(), String> {
    match node {
        Node::Mapping(it) => add_entries(it, entries),
        // The first mapping wins, so it comes last.
        Node::Sequence(it) if is_merged => {
            if let View::Array(items) = it.view() {
                items.iter().rev().for_each(|it| add_entries(it, entries));
            }
        }
        _ => {
            let message = "yaml: map merge requires map or sequence of maps as the value";
            return Err(message.to_owned());
        }
    }
    Ok(())
}

fn add_entries<V: AnyValue>(mapping: &V, entries: &mut Vec<Entry<V>>) {
    if let View::Object(merged) = mapping.view() {
        entries.extend_from_slice(merged);
    }
}

fn to_key<V>(node: &Node<V>) -> Result<String, String> {
    match node {
        Node::Scalar(scalar, text) => scalar
            .to_key(text)
            .ok_or_else(|| ["unsupported map key of type: ", scalar.tag()].concat()),
        Node::Mapping(_) => Err("yaml: invalid map key: a mapping".to_owned()),
        Node::Sequence(_) => Err("yaml: invalid map key: a sequence".to_owned()),
    }
}

/// The scalar with this text, by its tag or, without one, by what it looks like.
fn scalar<V>(text: String, is_plain: bool, tag: Option<Tag>) -> Result<Node<V>, String> {
    let tag = tag.map(|it| [it.handle, it.suffix].concat());
    let name = match tag.as_deref() {
        None if is_plain => return Ok(Node::Scalar(resolve(&text), text)),
        None => return Ok(Node::Scalar(Scalar::Text, text)),
        Some(tag) => tag.strip_prefix(TAG_PREFIX).unwrap_or(""),
    };
    let scalar = match (name, resolve(&text)) {
        ("binary", _) => return binary(&text),
        ("float", Scalar::Integer(it)) => Scalar::Float(it as f64),
        ("bool", it @ Scalar::Boolean(_))
        | ("int", it @ (Scalar::Integer(_) | Scalar::Unsigned(_)))
        | ("float", it @ Scalar::Float(_))
        | ("null", it @ Scalar::Null) => it,
        ("timestamp", _) if is_timestamp(&text) => Scalar::Timestamp,
        ("bool" | "int" | "float" | "null" | "timestamp", it) => {
            let parts = ["yaml: cannot decode !!", it.tag(), " `", &text, "` as a !!", name];
            return Err(parts.concat());
        }
        _ => Scalar::Text,
    };
    Ok(Node::Scalar(scalar, text))
}

fn binary<V>(text: &str) -> Result<Node<V>, String> {
    let encoded = text.replace(['\r', '\n'], "");
    match STANDARD.decode(encoded) {
        Ok(bytes) => Ok(Node::Scalar(Scalar::Text, String::from_utf8_lossy(&bytes).into_owned())),
        Err(_) => Err("yaml: !!binary value contains invalid base64 data".to_owned()),
    }
}
