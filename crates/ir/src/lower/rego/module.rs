//! What all functions share: constants, built-ins, rules, and the functions that are still to be made.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use palisade_abi::host::host_function;
use palisade_diag::Span;
use palisade_rego::checked::{self, FunctionId, Node, Rule};
use palisade_rego::names::data_path;
use palisade_value::{AnyValue, Value};

use super::Options;
use super::data::{Step, Wanted};
use super::emit::Emitter;
use super::targets::{Mocked, Targets};
use crate::constants::Constants;
use crate::lower::LowerError;
use crate::program::{
    Builtin, BuiltinId, ConstId, DataDocument, Entrypoint, ErrorInfo, FuncId, Function, HeldId,
    Location, Program, RuleInfo,
};

/// What a function is for; there is at most one function for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// The document at a path below `data`.
    Document(Vec<Value>),
    /// The part of a document of rules that lies under so many known keys.
    Part(Vec<Value>, usize),
    /// Whether the document at a path can be made without an error.
    Sound(Vec<Value>),
    /// What a reference that isn't constant finds below a path.
    Access(Vec<Value>, Vec<Step>, Wanted),
    /// A function of the policy.
    Function(FunctionId),
    /// A function or built-in that can be replaced: the replacement or the original.
    Mock(Mocked),
    /// A query.
    Query(usize),
}

/// What stands at a path below `data`.
pub(super) enum Place<'p> {
    /// Base data only.
    Base,
    /// Documents further down, and base data.
    Tree(&'p Node),
    /// A document that rules define.
    Rules(&'p Node),
}

/// The program being made.
pub(super) struct Module<'p> {
    /// What is lowered.
    pub source: &'p checked::Program,
    /// What can be replaced.
    pub targets: &'p Targets,
    /// What is replaced by the functions made so far.
    pub used: Targets,
    constants: Constants,
    builtins: Vec<Builtin>,
    function_ids: BTreeMap<Key, FuncId>,
    functions: Vec<Function>,
    pending: VecDeque<(FuncId, Key)>,
    rules: Vec<RuleInfo>,
    rule_ids: BTreeMap<(u32, u32), HeldId>,
    /// Which documents the outside sees being made, as far as that was asked.
    pub observed: BTreeMap<Vec<Value>, bool>,
    /// The files' names, by file.
    file_names: Vec<Arc<str>>,
}

impl<'p> Module<'p> {
    pub(super) fn new(source: &'p checked::Program, targets: &'p Targets) -> Module<'p> {
        Module {
            source,
            targets,
            used: Targets::default(),
            constants: Constants::default(),
            builtins: Vec::new(),
            function_ids: BTreeMap::new(),
            functions: Vec::new(),
            pending: VecDeque::new(),
            rules: Vec::new(),
            rule_ids: BTreeMap::new(),
            observed: BTreeMap::new(),
            file_names: source.files.iter().map(|(_, name, _)| Arc::from(name)).collect(),
        }
    }

    /// Makes everything that the entrypoints need; also gives what turned out to be replaced.
    pub(super) fn lower(mut self, options: &Options) -> Result<(Program, Targets), LowerError> {
        let mut entrypoints = Vec::new();
        for path in &options.entrypoints {
            entrypoints.push(self.entrypoint(path)?);
        }
        let queries = if options.queries { self.source.queries.len() } else { 0 };
        for at in 0..queries {
            entrypoints.push(Entrypoint {
                path: format!("query/{at}"),
                function: self.function(Key::Query(at)),
            });
        }
        while let Some((id, key)) = self.pending.pop_front() {
            let function = self.make(key)?;
            self.functions[id.0 as usize] = function;
        }
        let program = Program {
            constants: self.constants.into_values(),
            functions: self.functions,
            builtins: self.builtins,
            patterns: Vec::new(),
            entrypoints,
            rules: self.rules,
            slots: self.targets.names(self.source),
            data: DataDocument(options.data.clone()),
        };
        Ok((program, self.used))
    }

    fn entrypoint(&mut self, path: &[String]) -> Result<Entrypoint, LowerError> {
        let slashed = path.join("/");
        let node = self.source.root.at(path.iter().map(String::as_str));
        if node.is_some_and(is_function_only) {
            return Err(LowerError::EntrypointIsFunction { path: slashed });
        }
        let path = self.document_root(path.iter().map(|key| Value::text(key)).collect());
        Ok(Entrypoint { path: slashed, function: self.function(path) })
    }

    /// The function for a document that may lie inside of what a rule defines.
    fn document_root(&self, path: Vec<Value>) -> Key {
        let inside = (0..path.len()).find(|at| matches!(self.place(&path[..*at]), Place::Rules(_)));
        match inside {
            None => Key::Document(path),
            Some(at) => {
                let steps = path[at..].iter().map(|key| Step::Const(key.clone())).collect();
                Key::Access(path[..at].to_vec(), steps, Wanted::Value)
            }
        }
    }

    fn make(&mut self, key: Key) -> Result<Function, LowerError> {
        let name = self.name(&key);
        let n_params = match &key {
            Key::Document(_) | Key::Sound(_) | Key::Query(_) => 0,
            Key::Part(_, n_keys) => *n_keys,
            Key::Access(_, steps, _) => steps.iter().filter(|step| **step == Step::Param).count(),
            Key::Function(id) => self.source.functions[id.0 as usize].arity,
            Key::Mock(mocked) => self.arity(*mocked),
        };
        let is_memo = matches!(key, Key::Document(_) | Key::Sound(_));
        let mut emitter = Emitter::new(self, n_params as u32);
        match key {
            Key::Document(path) => emitter.document(&path)?,
            Key::Part(path, n_keys) => emitter.part(&path, n_keys)?,
            Key::Sound(path) => emitter.sound(&path)?,
            Key::Access(path, steps, wanted) => emitter.access(&path, &steps, wanted)?,
            Key::Function(id) => emitter.function(id)?,
            Key::Mock(mocked) => emitter.mock(mocked)?,
            Key::Query(at) => emitter.query(at)?,
        }
        Ok(emitter.finish(name, is_memo))
    }

    fn name(&self, key: &Key) -> String {
        match key {
            Key::Document(path) => data_path(path),
            Key::Sound(path) => format!("sound {}", data_path(path)),
            Key::Part(path, n_keys) => format!("part {}{}", data_path(path), "[?]".repeat(*n_keys)),
            Key::Access(path, steps, wanted) => {
                let prefix = if *wanted == Wanted::Keys { "keys of " } else { "" };
                steps.iter().fold(format!("{prefix}{}", data_path(path)), |name, step| match step {
                    Step::Const(key) => format!("{name}[{key}]"),
                    Step::Param => format!("{name}[?]"),
                })
            }
            Key::Function(id) => data_path(&self.source.functions[id.0 as usize].path),
            Key::Mock(Mocked::Builtin(id)) => {
                format!("replaceable {}", self.source.builtins[id.0 as usize].name)
            }
            Key::Mock(Mocked::Function(id)) => {
                format!("replaceable {}", data_path(&self.source.functions[id.0 as usize].path))
            }
            Key::Query(at) => format!("query/{at}"),
        }
    }

    /// How many arguments a callee takes.
    pub(super) fn arity(&self, mocked: Mocked) -> usize {
        match mocked {
            Mocked::Builtin(id) => self.source.builtins[id.0 as usize].arity,
            Mocked::Function(id) => self.source.functions[id.0 as usize].arity,
        }
    }

    /// The function for something, made later if it is new.
    pub(super) fn function(&mut self, key: Key) -> FuncId {
        if let Some(id) = self.function_ids.get(&key) {
            return *id;
        }
        let id = FuncId(self.functions.len() as u32);
        self.functions.push(Function {
            name: String::new(),
            n_params: 0,
            n_regs: 0,
            is_memo: false,
            body: Default::default(),
        });
        self.function_ids.insert(key.clone(), id);
        self.pending.push_back((id, key));
        id
    }

    /// The id of a constant.
    pub(super) fn constant(&mut self, value: &Value) -> ConstId {
        self.constants.id(value)
    }

    /// The id of a built-in that is called.
    pub(super) fn builtin(&mut self, id: checked::BuiltinId) -> BuiltinId {
        let source = &self.source.builtins[id.0 as usize];
        let at = self.builtins.iter().position(|it| it.name == source.name).unwrap_or_else(|| {
            let (name, arity) = (source.name.clone(), source.arity);
            self.builtins.push(Builtin { name, arity, calls: Vec::new() });
            self.builtins.len() - 1
        });
        BuiltinId(at as u32)
    }

    /// Notes where a function of the host is called; once, however often the place is lowered.
    pub(super) fn note_call(&mut self, id: checked::BuiltinId, span: Span) {
        if host_function(&self.source.builtins[id.0 as usize].name).is_none() {
            return;
        }
        let at = self.builtin(id).0 as usize;
        let calls = &mut self.builtins[at].calls;
        if !calls.contains(&span) {
            calls.push(span);
        }
    }

    /// The mark of a clause of a rule.
    pub(super) fn held(&mut self, path: &[Value], span: Span) -> HeldId {
        let next = HeldId(self.rules.len() as u32);
        let id = *self.rule_ids.entry((span.file.0, span.start)).or_insert(next);
        if id == next {
            self.rules.push(RuleInfo {
                path: data_path(path),
                file: self.source.files.name(span.file).to_owned(),
                row: self.source.files.start(span).row,
            });
        }
        id
    }

    /// A conflict at a place.
    pub(super) fn conflict(&self, message: &str, span: Span) -> ErrorInfo {
        ErrorInfo {
            code: "eval_conflict_error",
            message: message.to_owned(),
            location: self.location(span),
        }
    }

    /// A place as errors show it.
    pub(super) fn location(&self, span: Span) -> Location {
        let at = self.source.files.start(span);
        let file = Arc::clone(&self.file_names[span.file.0 as usize]);
        Location { file, row: at.row, col: at.col }
    }

    /// The rules of a node.
    pub(super) fn rules_at(&self, node: &Node) -> Vec<&'p Rule> {
        node.rules.iter().map(|id| &self.source.rules[id.0 as usize]).collect()
    }

    /// What stands at a path, if nothing on the way to it is defined by rules.
    pub(super) fn place(&self, path: &[Value]) -> Place<'p> {
        match self.source.root.at(path.iter().cloned()) {
            None => Place::Base,
            Some(node) if !node.rules.is_empty() => Place::Rules(node),
            Some(node) if is_function_only(node) => Place::Base,
            Some(node) => Place::Tree(node),
        }
    }
}

/// Whether nothing but a function stands at a node; it is no document.
pub(super) fn is_function_only(node: &Node) -> bool {
    node.function.is_some() && node.rules.is_empty() && node.children.is_empty()
}
