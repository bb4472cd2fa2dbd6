//! A direct interpreter of the intermediate form: slow, obvious, written from the documentation of the statements.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade_abi::host::host_function;
use palisade_abi::{HostCalls, HostError};
use palisade_builtins::{Context, lookup};
use palisade_ir::program::{
    Block, Collection, Compare, ConstId, ErrorInfo, FuncId, Label, Program, Reg, SlotId, Stmt, Type,
};
use palisade_net::{AllowList, Network, Permissions};
use palisade_value::{AnyValue, Entry, Value, json};

/// What an evaluation gives.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The entrypoint's value.
    pub value: Option<Value>,
    /// The first error: code, and text with its place.
    pub error: Option<(String, String)>,
    /// The rules whose body held, in the order in which they first did: `path:row`.
    pub held: Vec<String>,
}

/// What an evaluation may know.
#[derive(Default)]
pub struct Facts {
    /// The input document.
    pub input: Option<Value>,
    /// Whether built-in errors end the evaluation.
    pub strict: bool,
    /// What `opa.runtime` gives, as JSON text.
    pub runtime: Option<String>,
}

/// Evaluates an entrypoint.
pub fn evaluate(program: &Program, entrypoint: &str, facts: Facts) -> Outcome {
    let entrypoint =
        program.entrypoints.iter().find(|it| it.path == entrypoint).expect("entrypoint");
    let mut context = Context::new(1_800_000_000_000_000_000, 7);
    context.runtime = facts.runtime;
    let mut slots = vec![None; program.slots.len()];
    slots[0] = facts.input;
    let mut machine = Machine {
        program,
        slots,
        memo: BTreeMap::new(),
        error: None,
        held: Vec::new(),
        strict: facts.strict,
        context,
    };
    let value = machine.call(entrypoint.function, Vec::new());
    Outcome { value, error: machine.error, held: machine.held }
}

struct Machine<'p> {
    program: &'p Program,
    slots: Vec<Option<Value>>,
    memo: BTreeMap<u32, Option<Value>>,
    error: Option<(String, String)>,
    held: Vec<String>,
    strict: bool,
    context: Context,
}

/// How a statement ends.
enum Flow {
    On,
    Fail,
    Break(Label),
    Return(Option<Value>),
}

enum Builder {
    Items(Collection, Vec<Value>),
    Entries(Vec<(Value, Value)>),
}

#[derive(Default)]
struct Frame {
    regs: Vec<Option<Value>>,
    builders: BTreeMap<u32, Builder>,
}

impl Frame {
    fn get(&self, reg: Reg) -> Option<Value> {
        self.regs[reg.0 as usize].clone()
    }

    fn defined(&self, reg: Reg) -> Value {
        self.get(reg).unwrap_or_else(|| panic!("r{} is undefined where a value is needed", reg.0))
    }

    fn all(&self, regs: &[Reg]) -> Vec<Value> {
        regs.iter().map(|reg| self.defined(*reg)).collect()
    }

    fn set(&mut self, reg: Reg, value: Option<Value>) -> Flow {
        let flow = if value.is_some() { Flow::On } else { Flow::Fail };
        self.regs[reg.0 as usize] = value;
        flow
    }
}

fn require(holds: bool) -> Flow {
    if holds { Flow::On } else { Flow::Fail }
}

impl<'p> Machine<'p> {
    fn call(&mut self, id: FuncId, args: Vec<Value>) -> Option<Value> {
        let function = &self.program.functions[id.0 as usize];
        if function.is_memo
            && let Some(value) = self.memo.get(&id.0)
        {
            return value.clone();
        }
        let mut frame = Frame { regs: args.into_iter().map(Some).collect(), ..Frame::default() };
        frame.regs.resize(function.n_regs as usize, None);
        let value = match self.block(&function.body, &mut frame) {
            Flow::Return(value) => value,
            _ => None,
        };
        if function.is_memo {
            self.memo.insert(id.0, value.clone());
        }
        value
    }

    fn raise(&mut self, error: &ErrorInfo) {
        self.error.get_or_insert_with(|| {
            let text = format!(
                "{}:{}: {}: {}",
                error.location.file, error.location.row, error.code, error.message
            );
            (error.code.to_owned(), text)
        });
    }

    fn constant(&self, id: ConstId) -> Value {
        self.program.constants[id.0 as usize].clone()
    }

    fn block(&mut self, block: &'p Block, frame: &mut Frame) -> Flow {
        for stmt in &block.stmts {
            match self.stmt(stmt, frame) {
                Flow::On => {}
                other => return other,
            }
        }
        Flow::On
    }

    fn stmt(&mut self, stmt: &'p Stmt, frame: &mut Frame) -> Flow {
        match stmt {
            Stmt::Const { dst, value } => frame.set(*dst, Some(self.constant(*value))),
            Stmt::Move { dst, src } => {
                frame.set(*dst, frame.get(*src));
                Flow::On
            }
            Stmt::Clear { dst } => {
                frame.set(*dst, None);
                Flow::On
            }
            Stmt::Input { dst, path } => {
                let value = walk(self.slots[0].clone(), path);
                frame.set(*dst, value)
            }
            Stmt::Data { dst, path } => {
                frame.set(*dst, walk(Some(self.program.data.0.clone()), path))
            }
            Stmt::Slot { dst, slot } => {
                frame.set(*dst, self.slots[slot.0 as usize].clone());
                Flow::On
            }
            Stmt::Get { dst, collection, key } => {
                let value = frame.defined(*collection).get(&frame.defined(*key));
                frame.set(*dst, value)
            }
            Stmt::Put { dst, base, path, value } => {
                let path: Vec<Value> = path.iter().map(|key| self.constant(*key)).collect();
                let value = put(frame.get(*base), &path, frame.defined(*value));
                frame.set(*dst, Some(value))
            }
            Stmt::Merge { dst, under, over } => {
                let value = merge(frame.get(*under), frame.get(*over));
                frame.set(*dst, value);
                Flow::On
            }
            Stmt::AssignOnce { dst, src, conflict } => {
                let value = frame.defined(*src);
                match frame.get(*dst) {
                    Some(other) if other != value => self.raise(conflict),
                    _ => {
                        frame.set(*dst, Some(value));
                    }
                }
                Flow::On
            }
            Stmt::Raise { error } => {
                self.raise(error);
                Flow::On
            }
            Stmt::Sound => require(self.error.is_none()),
            Stmt::Forget => {
                let error = self.error.take();
                if error.is_some() {
                    self.memo.clear();
                }
                require(error.is_some())
            }
            Stmt::Held { rule } => {
                let rule = &self.program.rules[rule.0 as usize];
                let text = format!("{}:{}", rule.path, rule.row);
                if !self.held.contains(&text) {
                    self.held.push(text);
                }
                Flow::On
            }
            Stmt::Call { dst, function, args } => {
                let value = self.call(*function, frame.all(args));
                frame.set(*dst, value)
            }
            Stmt::Builtin { dst, builtin, args, .. } => {
                let value = self.builtin(builtin.0, &frame.all(args));
                frame.set(*dst, value)
            }
            Stmt::Array { dst, items } => frame.set(*dst, Some(Value::array(frame.all(items)))),
            Stmt::Set { dst, items } => frame.set(*dst, Some(Value::set(frame.all(items)))),
            Stmt::Object { dst, entries } => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Entry {
                        key: frame.defined(*key),
                        value: frame.defined(*value),
                    })
                    .collect();
                frame.set(*dst, Some(Value::object(entries)))
            }
            Stmt::Start { .. }
            | Stmt::Append { .. }
            | Stmt::Insert { .. }
            | Stmt::Finish { .. } => self.build(stmt, frame),
            Stmt::Scan { .. }
            | Stmt::Block { .. }
            | Stmt::Break { .. }
            | Stmt::Not { .. }
            | Stmt::Match { .. }
            | Stmt::With { .. }
            | Stmt::Return { .. } => self.control(stmt, frame),
            Stmt::Defined { src } => require(frame.get(*src).is_some()),
            Stmt::Undefined { src } => require(frame.get(*src).is_none()),
            Stmt::Test { src } => require(frame.get(*src).is_some_and(|value| !value.is_false())),
            Stmt::Is { src, ty } => require(is(&frame.defined(*src), *ty)),
            Stmt::Length { src, length } => require(match frame.defined(*src) {
                Value::Array(items) => items.len() == *length as usize,
                Value::Object(entries) => entries.len() == *length as usize,
                other => panic!("length of {other}"),
            }),
            Stmt::Compare { op, lhs, rhs } => {
                require(compare(*op, &frame.defined(*lhs), &frame.defined(*rhs)))
            }
        }
    }

    /// Asks a host whose requests are looked at, and which reaches nothing.
    fn host_function(&mut self, name: &str, args: &[Value]) -> Option<Value> {
        let permissions = Permissions { http: true, dns: true, hosts: AllowList::default() };
        let arguments = json::to_json(&Value::array(args.to_vec()));
        let calls = HostCalls::new(Arc::new(Network::new(permissions)));
        match calls.call(name, &arguments, None) {
            Ok(text) => json::parse(&text).ok(),
            Err(HostError::Failed(failure)) if self.strict || failure.ends_evaluation() => {
                let text = format!("{}: {name}: {}", failure.code, failure.message);
                self.error.get_or_insert((failure.code, text));
                None
            }
            Err(_) => None,
        }
    }

    fn builtin(&mut self, id: u32, args: &[Value]) -> Option<Value> {
        let name = &self.program.builtins[id as usize].name;
        if host_function(name).is_some() {
            return self.host_function(&name.clone(), args);
        }
        let function = lookup::<Value>(name).unwrap_or_else(|| panic!("no built-in {name}"));
        match function(&mut self.context, args) {
            Ok(value) => Some(value),
            Err(failure) => {
                if let Some(code) = failure.code()
                    && (self.strict || failure.is_halt())
                {
                    self.error.get_or_insert_with(|| {
                        (code.to_owned(), format!("{code}: {name}: {failure}"))
                    });
                }
                None
            }
        }
    }

    fn build(&mut self, stmt: &Stmt, frame: &mut Frame) -> Flow {
        match stmt {
            Stmt::Start { dst, kind } => {
                let builder = match kind {
                    Collection::Object => Builder::Entries(Vec::new()),
                    kind => Builder::Items(*kind, Vec::new()),
                };
                frame.builders.insert(dst.0, builder);
            }
            Stmt::Append { builder, value } => {
                let value = frame.defined(*value);
                match frame.builders.get_mut(&builder.0) {
                    Some(Builder::Items(_, items)) => items.push(value),
                    _ => panic!("r{} builds no array or set", builder.0),
                }
            }
            Stmt::Insert { builder, key, value } => {
                let entry = (frame.defined(*key), frame.defined(*value));
                match frame.builders.get_mut(&builder.0) {
                    Some(Builder::Entries(entries)) => entries.push(entry),
                    _ => panic!("r{} builds no object", builder.0),
                }
            }
            Stmt::Finish { dst, builder, conflict } => {
                let value = match frame.builders.remove(&builder.0) {
                    Some(Builder::Items(Collection::Array, items)) => Some(Value::array(items)),
                    Some(Builder::Items(_, items)) => Some(Value::set(items)),
                    Some(Builder::Entries(entries)) => self.entries(entries, conflict.as_ref()),
                    None => panic!("r{} was not started", builder.0),
                };
                frame.set(*dst, value);
            }
            _ => {}
        }
        Flow::On
    }

    fn entries(
        &mut self,
        entries: Vec<(Value, Value)>,
        conflict: Option<&ErrorInfo>,
    ) -> Option<Value> {
        let mut object: BTreeMap<Value, Value> = BTreeMap::new();
        for (key, value) in entries {
            if object.get(&key).is_some_and(|other| *other != value)
                && let Some(conflict) = conflict
            {
                self.raise(conflict);
                return None;
            }
            object.entry(key).or_insert(value);
        }
        Some(Value::object(object.into_iter().map(|(key, value)| Entry { key, value }).collect()))
    }

    fn control(&mut self, stmt: &'p Stmt, frame: &mut Frame) -> Flow {
        match stmt {
            Stmt::Scan { collection, key, value, body } => {
                for (at, element) in elements(&frame.defined(*collection)) {
                    frame.set(*key, Some(at));
                    frame.set(*value, Some(element));
                    match self.block(body, frame) {
                        Flow::On | Flow::Fail => {}
                        other => return other,
                    }
                }
                Flow::On
            }
            Stmt::Block { label, body } => match self.block(body, frame) {
                Flow::On | Flow::Fail => Flow::On,
                Flow::Break(to) if Some(to) == *label => Flow::On,
                other => other,
            },
            Stmt::Break { label } => Flow::Break(*label),
            Stmt::Not { body } => match self.block(body, frame) {
                Flow::On => Flow::Fail,
                Flow::Fail => Flow::On,
                other => other,
            },
            Stmt::Match { subject, cases, otherwise } => {
                let subject = frame.defined(*subject);
                let case = cases.iter().find(|(value, _)| self.constant(*value) == subject);
                match self.block(case.map_or(otherwise, |(_, case)| case), frame) {
                    Flow::Fail => Flow::On,
                    other => other,
                }
            }
            Stmt::With { slots, body } => {
                self.with(slots, body, frame);
                Flow::On
            }
            Stmt::Return { src } => Flow::Return(frame.get(*src)),
            _ => Flow::On,
        }
    }

    fn with(&mut self, slots: &[(SlotId, Reg)], body: &'p Block, frame: &mut Frame) {
        let before = self.slots.clone();
        for (slot, value) in slots {
            self.slots[slot.0 as usize] = frame.get(*value);
        }
        let memo = std::mem::take(&mut self.memo);
        let flow = self.block(body, frame);
        assert!(matches!(flow, Flow::On | Flow::Fail), "control leaves a with");
        self.memo = memo;
        self.slots = before;
    }
}

fn walk(value: Option<Value>, path: &[String]) -> Option<Value> {
    path.iter().try_fold(value?, |value, key| value.get_str(key))
}

fn put(base: Option<Value>, path: &[Value], value: Value) -> Value {
    let Some((key, rest)) = path.split_first() else { return value };
    let base =
        base.filter(|base| matches!(base, Value::Object(_))).unwrap_or_else(Value::empty_object);
    let value = put(base.get(key), rest, value);
    let mut entries = base.entries().to_vec();
    entries.push(Entry { key: key.clone(), value });
    Value::object(entries)
}

fn merge(under: Option<Value>, over: Option<Value>) -> Option<Value> {
    match (under, over) {
        (Some(Value::Object(under)), Some(Value::Object(over))) => {
            let mut object: BTreeMap<Value, Value> =
                under.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
            for Entry { key, value } in over.iter() {
                let value = merge(object.remove(key), Some(value.clone())).expect("a value");
                object.insert(key.clone(), value);
            }
            Some(Value::object(
                object.into_iter().map(|(key, value)| Entry { key, value }).collect(),
            ))
        }
        (Some(under), _) => Some(under),
        (None, over) => over,
    }
}

fn elements(value: &Value) -> Vec<(Value, Value)> {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (Value::Integer(at as i64), item.clone()))
            .collect(),
        Value::Set(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
        Value::Object(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn is(value: &Value, ty: Type) -> bool {
    match ty {
        Type::Array => matches!(value, Value::Array(_)),
        Type::Object => matches!(value, Value::Object(_)),
        Type::Set => matches!(value, Value::Set(_)),
        Type::Collection => matches!(value, Value::Array(_) | Value::Object(_) | Value::Set(_)),
    }
}

fn compare(op: Compare, lhs: &Value, rhs: &Value) -> bool {
    match op {
        Compare::Equal => lhs == rhs,
        Compare::NotEqual => lhs != rhs,
        Compare::Less => lhs < rhs,
        Compare::LessEqual => lhs <= rhs,
        Compare::Greater => lhs > rhs,
        Compare::GreaterEqual => lhs >= rhs,
    }
}
