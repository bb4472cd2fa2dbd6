//! Rendering.

use std::ops::Range;

use palisade_value::{AnyValue, View};

use super::ast::{Command, Control, Node, Operand, OperandKind, Pipeline, Templates};
use super::functions;
use super::item::Item;
use super::parser::MAIN;
use crate::failure::Failure;
use crate::strings::check_length;

/// How deep the bodies of actions and templates may nest while they are carried out.
const DEPTH_MAX: usize = 200;

/// How many actions may be carried out.
const STEPS_MAX: usize = 5_000_000;

/// The text that the main template makes of the data.
pub(super) fn render<V: AnyValue>(
    templates: &Templates,
    text: &str,
    data: &V,
) -> Result<String, Failure> {
    let mut renderer = Renderer {
        templates,
        text,
        out: String::new(),
        variables: Vec::new(),
        n_steps: 0,
        depth: 0,
    };
    renderer.template(MAIN, Item::Data(data.clone()))?;
    Ok(renderer.out)
}

struct Renderer<'t, V> {
    templates: &'t Templates,
    text: &'t str,
    out: String,
    /// The variables of the template, the innermost last.
    variables: Vec<(&'t str, Item<V>)>,
    n_steps: usize,
    depth: usize,
}

/// How to go on behind a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

impl<'t, V: AnyValue> Renderer<'t, V> {
    fn error<T>(&self, place: &Range<usize>, message: &str) -> Result<T, Failure> {
        let before = self.text.get(..place.start).unwrap_or("");
        let line = 1 + before.bytes().filter(|it| *it == b'\n').count();
        let column = before.rfind('\n').map_or(place.start, |it| place.start - it - 1);
        let shown = self.shown(place);
        let is_template = self.text.get(place.start..).is_some_and(|it| it.starts_with(['"', '`']));
        let shown = match is_template {
            true => ["{{template ", shown.trim_end(), "}}"].concat(),
            false => shown.to_owned(),
        };
        let text = format!(
            "template: {MAIN}:{line}:{column}: executing \"{MAIN}\" at <{shown}>: {message}"
        );
        Err(Failure::Error(text.into()))
    }

    /// The operand at a place, with the names before it to whose fields it belongs.
    fn shown(&self, place: &Range<usize>) -> &'t str {
        let before = self.text.get(..place.start).unwrap_or("");
        let is_name = |it: char| it == '_' || it == '.' || it == '$' || it.is_alphanumeric();
        let is_field = self.text.get(place.start..).is_some_and(|it| it.starts_with('.'));
        let start = if is_field { before.trim_end_matches(is_name).len() } else { place.start };
        self.text.get(start..place.end).unwrap_or("")
    }

    fn template(&mut self, name: &str, dot: Item<V>) -> Result<(), Failure> {
        let templates = self.templates;
        let Some(nodes) = templates.get(name) else { return Ok(()) };
        let outer = std::mem::replace(&mut self.variables, vec![("$", dot.clone())]);
        self.nodes(nodes, &dot)?;
        self.variables = outer;
        Ok(())
    }

    fn nodes(&mut self, nodes: &'t [Node], dot: &Item<V>) -> Result<Flow, Failure> {
        if self.depth >= DEPTH_MAX {
            let message = format!("exceeded maximum template depth ({DEPTH_MAX})");
            return self.error(&(0..0), &message);
        }
        self.depth += 1;
        let mut flow = Flow::Next;
        for node in nodes {
            flow = self.node(node, dot)?;
            if flow != Flow::Next {
                break;
            }
        }
        self.depth -= 1;
        Ok(flow)
    }

    fn node(&mut self, node: &'t Node, dot: &Item<V>) -> Result<Flow, Failure> {
        self.n_steps += 1;
        if self.n_steps > STEPS_MAX {
            return Err(Failure::Halt("template takes too long to render".into()));
        }
        check_length(&self.out)?;
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Print(pipeline) => {
                let item = self.pipeline(pipeline, dot)?;
                if pipeline.variables.is_empty() {
                    let text = item.text();
                    let is_missing = matches!(item, Item::Missing);
                    self.out.push_str(if is_missing { "<no value>" } else { &text });
                }
            }
            Node::If(control) => return self.conditional(control, dot, false),
            Node::With(control) => return self.conditional(control, dot, true),
            Node::Range(control) => return self.range(control, dot),
            Node::Template { name, operand, place } => {
                if !self.templates.contains_key(name) {
                    let message = ["template \"", name, "\" not defined"].concat();
                    return self.error(place, &message);
                }
                let operand = match operand {
                    Some(it) => self.pipeline(it, dot)?,
                    None => Item::Missing,
                };
                self.template(name, operand)?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn conditional(
        &mut self,
        control: &'t Control,
        dot: &Item<V>,
        is_with: bool,
    ) -> Result<Flow, Failure> {
        let n_variables = self.variables.len();
        let item = self.pipeline(&control.pipeline, dot)?;
        let flow = if item.is_true() {
            self.nodes(&control.body, if is_with { &item } else { dot })?
        } else {
            self.nodes(&control.otherwise, dot)?
        };
        self.variables.truncate(n_variables);
        Ok(flow)
    }

    fn range(&mut self, control: &'t Control, dot: &Item<V>) -> Result<Flow, Failure> {
        let n_variables = self.variables.len();
        let item = self.pipeline(&control.pipeline, dot)?;
        let cannot = |it: &str| ["range can't iterate over ", it].concat();
        let place = control.pipeline.commands.last().map_or(0..0, |it| it.place.clone());
        let mut elements: Box<dyn Iterator<Item = (Item<V>, Item<V>)>> = match &item {
            Item::Missing => Box::new(std::iter::empty()),
            Item::Integer(_) if control.pipeline.variables.len() > 1 => {
                let text = item.text();
                let message = ["can't use ", &text, " to iterate over more than one variable"];
                return self.error(&place, &message.concat());
            }
            Item::Integer(n) => Box::new((0..*n).map(|it| (Item::Missing, Item::Integer(it)))),
            Item::Data(it) => match it.view() {
                View::Array(items) | View::Set(items) => Box::new(
                    (0_i64..)
                        .zip(items)
                        .map(|(at, it)| (Item::Integer(at), Item::Data(it.clone()))),
                ),
                View::Object(entries) => Box::new(
                    entries
                        .iter()
                        .map(|it| (Item::Data(it.key.clone()), Item::Data(it.value.clone()))),
                ),
                _ => return self.error(&place, &cannot(&item.text())),
            },
            _ => return self.error(&place, &cannot(&item.text())),
        };
        let mark = self.variables.len();
        let mut flow = None;
        for (key, element) in elements.by_ref() {
            self.set_loop_variables(&control.pipeline, key, &element);
            flow = Some(self.nodes(&control.body, &element)?);
            self.variables.truncate(mark);
            self.n_steps += 1;
            if self.n_steps > STEPS_MAX {
                return Err(Failure::Halt("template takes too long to render".into()));
            }
            if flow == Some(Flow::Break) {
                break;
            }
        }
        drop(elements);
        let flow = match flow {
            Some(_) => Flow::Next,
            None => self.nodes(&control.otherwise, dot)?,
        };
        self.variables.truncate(n_variables);
        Ok(flow)
    }

    fn set_loop_variables(&mut self, pipeline: &'t Pipeline, key: Item<V>, element: &Item<V>) {
        let (first, second) = match pipeline.variables.as_slice() {
            [] => return,
            [one] => (Some((one, element.clone())), None),
            [one, two, ..] => (Some((one, key)), Some((two, element.clone()))),
        };
        for (name, item) in [first, second].into_iter().flatten() {
            self.set(name, item);
        }
    }

    fn set(&mut self, name: &str, item: Item<V>) {
        if let Some(variable) = self.variables.iter_mut().rev().find(|it| it.0 == name) {
            variable.1 = item;
        }
    }

    fn pipeline(&mut self, pipeline: &'t Pipeline, dot: &Item<V>) -> Result<Item<V>, Failure> {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(command, dot, last)?.unwrapped());
        }
        let item = last.unwrap_or(Item::Missing);
        for name in &pipeline.variables {
            if pipeline.assigns {
                self.set(name, item.clone());
            } else {
                self.variables.push((name, item.clone()));
            }
        }
        Ok(item)
    }

    /// `last` is the result of the command before.
    fn command(
        &mut self,
        command: &'t Command,
        dot: &Item<V>,
        last: Option<Item<V>>,
    ) -> Result<Item<V>, Failure> {
        let Some((first, rest)) = command.operands.split_first() else { return Ok(Item::Missing) };
        if let OperandKind::Function(name) = &first.kind {
            return self.call(name, &command.place, rest, dot, last);
        }
        if !rest.is_empty() || last.is_some() {
            let shown = self.shown(&first.place);
            let message = match &first.kind {
                OperandKind::Fields(names) => {
                    let name = names.last().map_or("", String::as_str);
                    [name, " is not a method but has arguments"].concat()
                }
                _ => ["can't give argument to non-function ", shown].concat(),
            };
            return self.error(&first.place, &message);
        }
        if let OperandKind::Nil = first.kind {
            return self.error(&first.place, "nil is not a command");
        }
        self.operand(first, dot)
    }

    fn operand(&mut self, operand: &'t Operand, dot: &Item<V>) -> Result<Item<V>, Failure> {
        let place = &operand.place;
        match &operand.kind {
            OperandKind::Dot => Ok(dot.clone()),
            OperandKind::Nil => Ok(Item::Missing),
            OperandKind::Boolean(it) => Ok(Item::Boolean(*it)),
            OperandKind::Integer(it) => Ok(Item::Integer(*it)),
            OperandKind::Float(it) => Ok(Item::Float(*it)),
            OperandKind::Text(it) => Ok(Item::Text(it.clone())),
            OperandKind::Fields(names) => self.fields(dot.clone(), names, place),
            OperandKind::Variable(name, names) => {
                let variable = self.variables.iter().rev().find(|it| it.0 == name);
                let item = variable.map_or(Item::Missing, |it| it.1.clone());
                self.fields(item, names, place)
            }
            OperandKind::Pipeline(pipeline, names) => {
                let item = self.pipeline(pipeline, dot)?;
                self.fields(item, names, place)
            }
            OperandKind::Function(name) => self.call(name, place, &[], dot, None),
            OperandKind::Chain(name, names) => {
                let item = self.call(name, place, &[], dot, None)?;
                self.fields(item, names, place)
            }
        }
    }

    fn fields(
        &self,
        mut item: Item<V>,
        names: &[String],
        place: &Range<usize>,
    ) -> Result<Item<V>, Failure> {
        for name in names {
            item = match &item {
                Item::Missing => Item::Missing,
                Item::Data(it) => match it.view() {
                    View::Object(_) => it.get_str(name).map_or(Item::Missing, Item::Data),
                    View::Null => {
                        let message = ["nil pointer evaluating interface {}.", name].concat();
                        return self.error(place, &message);
                    }
                    _ => return self.no_field(name, "interface {}", place),
                },
                _ => return self.no_field(name, item.type_name(), place),
            };
        }
        Ok(item)
    }

    fn no_field<T>(&self, name: &str, kind: &str, place: &Range<usize>) -> Result<T, Failure> {
        self.error(place, &["can't evaluate field ", name, " in type ", kind].concat())
    }

    fn call(
        &mut self,
        name: &str,
        place: &Range<usize>,
        operands: &'t [Operand],
        dot: &Item<V>,
        last: Option<Item<V>>,
    ) -> Result<Item<V>, Failure> {
        let n_operands = operands.len() + usize::from(last.is_some());
        if let Err(message) = functions::check_arity(name, n_operands) {
            return self.error(place, &message);
        }
        if matches!(name, "and" | "or") {
            let mut item = Item::Missing;
            for operand in operands {
                item = self.operand(operand, dot)?;
                if item.is_true() == (name == "or") {
                    return Ok(item);
                }
            }
            return Ok(last.unwrap_or(item));
        }
        let mut items = Vec::with_capacity(n_operands);
        for operand in operands {
            items.push(self.operand(operand, dot)?);
        }
        items.extend(last);
        let callee = operands.first().map_or("", |it| self.shown(&it.place));
        match functions::call(name, callee, &items) {
            Ok(item) => {
                if let Item::Text(it) = &item {
                    check_length(it)?;
                }
                Ok(item)
            }
            Err(message) => self.error(place, &["error calling ", name, ": ", &message].concat()),
        }
    }
}
