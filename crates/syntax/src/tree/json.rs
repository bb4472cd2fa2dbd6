//! The tree as JSON, as `opa parse --format json` gives it.

use palisade_diag::{FileId, Files};
use palisade_value::{AnyValue, Entry};

use super::order::{sorted, sorted_pairs};
use super::{
    Expr, Head, Import, Location, Logical, Module, Part, Rule, Term, Terms, Value, With,
    annotations,
};

/// What is in the JSON besides the tree itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonOptions {
    /// Every node's place and text.
    pub locations: bool,
    /// The comments, which always have their place.
    pub comments: bool,
}

impl Default for JsonOptions {
    fn default() -> JsonOptions {
        JsonOptions { locations: false, comments: true }
    }
}

/// The tree of a file as a value of whatever representation.
pub fn json<V: AnyValue>(files: &Files, file: FileId, module: &Module, options: JsonOptions) -> V {
    Printer::new(files, file, options).module(module)
}

/// A body by itself.
pub fn body_json<V: AnyValue>(files: &Files, file: FileId, body: &[Expr]) -> V {
    Printer::new(files, file, JsonOptions::default()).body(body)
}

/// A rule by itself.
pub fn rule_json<V: AnyValue>(files: &Files, file: FileId, rule: &Rule) -> V {
    object(Printer::new(files, file, JsonOptions::default()).rule(rule))
}

/// What every node needs to be printed.
#[derive(Clone, Copy)]
pub(super) struct Printer<'a> {
    files: &'a Files,
    file: FileId,
    pub(super) options: JsonOptions,
}

/// The fields of an object.
pub(super) type Fields<V> = Vec<(&'static str, V)>;

pub(super) fn object<V: AnyValue>(fields: Fields<V>) -> V {
    V::object(fields.into_iter().map(|(key, value)| Entry { key: V::text(key), value }).collect())
}

impl<'a> Printer<'a> {
    pub(super) fn new(files: &'a Files, file: FileId, options: JsonOptions) -> Printer<'a> {
        Printer { files, file, options }
    }
}

impl Printer<'_> {
    fn module<V: AnyValue>(&self, module: &Module) -> V {
        let annotations = |it| annotations::json(self, it);
        let mut fields = vec![("package", self.package(module))];
        let rules = annotations::of_rules(module);
        let rules = module.rules.iter().zip(rules).map(|(rule, notes)| {
            let mut fields = self.rule(rule);
            push_list(&mut fields, "annotations", notes.into_iter().map(annotations).collect());
            object(fields)
        });
        push_list(&mut fields, "rules", rules.collect());
        push_list(
            &mut fields,
            "imports",
            module.imports.iter().map(|it| self.import(it)).collect(),
        );
        let notes = module.annotations.iter().map(annotations).collect();
        push_list(&mut fields, "annotations", notes);
        if self.options.comments {
            // A block's first comment is said to cover the block.
            let place = |at: Location| {
                let block = module.annotations.iter().find(|it| it.location.at == at.at);
                block.map_or(at, |it| it.location)
            };
            let comments = module.comments.iter().map(|(at, text)| self.comment(place(*at), text));
            push_list(&mut fields, "comments", comments.collect());
        }
        object(fields)
    }

    fn package<V: AnyValue>(&self, module: &Module) -> V {
        let mut fields = vec![("path", self.list(&module.path))];
        self.push_location(&mut fields, module.package);
        object(fields)
    }

    fn import<V: AnyValue>(&self, import: &Import) -> V {
        let mut fields = vec![("path", self.term(&import.path))];
        fields.extend(import.alias.as_ref().map(|it| ("alias", V::text(it))));
        self.push_location(&mut fields, import.location);
        object(fields)
    }

    fn comment<V: AnyValue>(&self, at: Location, text: &str) -> V {
        let text = if text.is_empty() { V::null() } else { V::string(base64(text)) };
        object(vec![("Location", self.location(at)), ("Text", text)])
    }

    fn rule<V: AnyValue>(&self, rule: &Rule) -> Fields<V> {
        let mut fields = vec![("head", self.head(&rule.head)), ("body", self.body(&rule.body))];
        push_flag(&mut fields, "default", rule.is_default);
        fields.extend(rule.otherwise.as_ref().map(|it| ("else", object(self.rule(it)))));
        self.push_location(&mut fields, rule.location);
        fields
    }

    fn head<V: AnyValue>(&self, head: &Head) -> V {
        let mut fields = vec![("ref", self.list(&head.reference))];
        fields.extend(head.name.as_ref().map(|it| ("name", V::text(it))));
        push_list(&mut fields, "args", head.args.iter().map(|it| self.term(it)).collect());
        fields.extend(head.key.as_ref().map(|it| ("key", self.term(it))));
        fields.extend(head.value.as_ref().map(|it| ("value", self.term(it))));
        push_flag(&mut fields, "assign", head.assign);
        self.push_location(&mut fields, head.location);
        object(fields)
    }

    fn body<V: AnyValue>(&self, body: &[Expr]) -> V {
        V::array(body.iter().enumerate().map(|(at, it)| self.expr(at, it)).collect())
    }

    fn expr<V: AnyValue>(&self, at: usize, expr: &Expr) -> V {
        let terms = self.terms(&expr.terms);
        let mut fields = vec![("index", V::integer(at as i64)), ("terms", terms)];
        push_flag(&mut fields, "negated", expr.negated);
        push_list(&mut fields, "with", expr.with.iter().map(|it| self.with(it)).collect());
        self.push_location(&mut fields, expr.location);
        object(fields)
    }

    fn terms<V: AnyValue>(&self, terms: &Terms) -> V {
        match terms {
            Terms::Term(it) => self.term(it),
            Terms::Call(terms) => self.list(terms),
            Terms::Some { location, symbols } => {
                let mut fields = vec![("symbols", self.list(symbols))];
                self.push_location(&mut fields, *location);
                object(fields)
            }
            Terms::Every(every) => {
                let mut fields = vec![
                    ("key", every.key.as_ref().map_or_else(V::null, |it| self.term(it))),
                    ("value", self.term(&every.value)),
                    ("domain", self.term(&every.domain)),
                    ("body", self.body(&every.body)),
                ];
                self.push_location(&mut fields, every.location);
                object(fields)
            }
            Terms::Not { body, is_explicit } => object(vec![
                ("type", V::text("not")),
                ("body", self.body(body)),
                ("explicit_body", V::boolean(*is_explicit)),
            ]),
            Terms::Logical(it) => self.logical(it),
        }
    }

    fn logical<V: AnyValue>(&self, it: &Logical) -> V {
        let mut fields = vec![
            ("type", V::text(it.operator)),
            ("lhs", self.body(&it.lhs.body)),
            ("rhs", self.body(&it.rhs.body)),
        ];
        push_flag(&mut fields, "explicit_lhs", it.lhs.is_explicit);
        push_flag(&mut fields, "explicit_rhs", it.rhs.is_explicit);
        object(fields)
    }

    fn with<V: AnyValue>(&self, with: &With) -> V {
        let mut fields =
            vec![("target", self.term(&with.target)), ("value", self.term(&with.value))];
        self.push_location(&mut fields, with.location);
        object(fields)
    }

    pub(super) fn list<V: AnyValue>(&self, terms: &[Term]) -> V {
        V::array(terms.iter().map(|it| self.term(it)).collect())
    }

    fn term<V: AnyValue>(&self, term: &Term) -> V {
        let (kind, value) = self.value(&term.value);
        let mut fields = vec![("type", V::text(kind)), ("value", value)];
        if let Some(location) = term.location {
            self.push_location(&mut fields, location);
        }
        object(fields)
    }

    /// A value with the name of its kind.
    fn value<V: AnyValue>(&self, value: &Value) -> (&'static str, V) {
        match value {
            // OPA's null is an empty object of its language.
            Value::Null => ("null", V::object_from_sorted(Vec::new())),
            Value::Boolean(it) => ("boolean", V::boolean(*it)),
            Value::Number(text) => ("number", V::decimal(text)),
            Value::String { text, .. } => ("string", V::text(text)),
            Value::Template { parts, is_raw } => {
                let parts = match parts.as_slice() {
                    [] => V::null(),
                    parts => V::array(parts.iter().map(|it| self.part(it)).collect()),
                };
                let fields = vec![("parts", parts), ("multi_line", V::boolean(*is_raw))];
                ("templatestring", object(fields))
            }
            Value::Var(name) => ("var", V::text(name)),
            Value::Ref(terms) => ("ref", self.list(terms)),
            Value::Array(terms) => ("array", self.list(terms)),
            Value::Object(pairs) => ("object", self.pairs(pairs)),
            Value::Set(terms) => {
                ("set", V::array(sorted(terms).into_iter().map(|it| self.term(it)).collect()))
            }
            Value::ArrayComprehension(head, body) => {
                let fields = vec![("term", self.term(head)), ("body", self.body(body))];
                ("arraycomprehension", object(fields))
            }
            Value::SetComprehension(head, body) => {
                let fields = vec![("term", self.term(head)), ("body", self.body(body))];
                ("setcomprehension", object(fields))
            }
            Value::ObjectComprehension(key, value, body) => {
                let fields = vec![
                    ("key", self.term(key)),
                    ("value", self.term(value)),
                    ("body", self.body(body)),
                ];
                ("objectcomprehension", object(fields))
            }
            Value::Call(terms) => ("call", self.list(terms)),
        }
    }

    fn pairs<V: AnyValue>(&self, pairs: &[(Term, Term)]) -> V {
        let pair = |(key, value): &(Term, Term)| V::array(vec![self.term(key), self.term(value)]);
        V::array(sorted_pairs(pairs).into_iter().map(pair).collect())
    }

    fn part<V: AnyValue>(&self, part: &Part) -> V {
        match part {
            Part::Text(it) | Part::Scalar(it) => self.term(it),
            Part::Expr(it) => self.expr(0, it),
        }
    }

    pub(super) fn push_location<V: AnyValue>(&self, fields: &mut Fields<V>, at: Location) {
        if self.options.locations {
            fields.push(("location", self.location(at)));
        }
    }

    fn location<V: AnyValue>(&self, at: Location) -> V {
        let text = self.files.text(self.file);
        let (row, col) = position(self.files, self.file, at.at);
        let mut fields = vec![
            ("file", V::text(self.files.name(self.file))),
            ("row", V::integer(i64::from(row))),
            ("col", V::integer(i64::from(col))),
        ];
        let covered = text.get(at.start as usize..at.end as usize).unwrap_or_default();
        if self.options.locations && !covered.is_empty() {
            fields.push(("text", V::string(base64(covered))));
        }
        object(fields)
    }
}

/// Row and column of a byte as OPA counts them: columns in characters, the end of a line as the start of the next one.
fn position(files: &Files, file: FileId, at: u32) -> (u32, u32) {
    let (position, text) = (files.position(file, at), files.text(file));
    if text.as_bytes().get(at as usize) == Some(&b'\n') {
        return (position.row + 1, 0);
    }
    let line = (at + 1).saturating_sub(position.col) as usize;
    let col = text.get(line..at as usize).map_or(0, |it| it.chars().count()) + 1;
    (position.row, col as u32)
}

fn push_flag<V: AnyValue>(fields: &mut Fields<V>, key: &'static str, flag: bool) {
    if flag {
        fields.push((key, V::boolean(true)));
    }
}

pub(super) fn push_list<V: AnyValue>(fields: &mut Fields<V>, key: &'static str, list: Vec<V>) {
    if !list.is_empty() {
        fields.push((key, V::array(list)));
    }
}

/// Text as JSON shows bytes: in base 64, padded.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * at) & 63) as usize).copied();
            out.push(digit.filter(|_| at <= chunk.len()).map_or('=', char::from));
        }
    }
    out
}
