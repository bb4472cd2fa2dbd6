//! `graph.*` and `walk`.

use palisade_value::{AnyValue, Entry, View, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::ITEMS_MAX;
use crate::operands::Operands;

/// The nodes that can be reached from the initial ones, these included. A node that has no entry isn't in the graph.
pub fn graph_reachable<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let graph = args.object(0)?;
    let mut pending = initial(args)?.to_vec();
    let mut is_reached = vec![false; graph.len()];
    let mut reached = Vec::new();
    while let Some(node) = pending.pop() {
        let Ok(at) = graph.binary_search_by(|it| order::compare(&it.key, &node)) else { continue };
        let (Some(seen), Some(entry)) = (is_reached.get_mut(at), graph.get(at)) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        reached.push(node);
        pending.extend_from_slice(neighbours(&entry.value));
    }
    Ok(V::set(reached))
}

/// The paths from the initial nodes that end where nothing new follows.
pub fn graph_reachable_paths<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let graph = args.object(0)?;
    let mut paths = Paths {
        graph,
        found: Vec::new(),
        n_nodes: 0,
        n_on_path: vec![0; graph.len()],
        path: Vec::new(),
    };
    for node in initial(args)? {
        paths.start(node)?;
    }
    Ok(V::set(paths.found))
}

fn initial<V: AnyValue>(args: &[V]) -> Result<&[V], Failure> {
    args.items(1).map_err(|_| args.unlike(1, &["{array, set}"]))
}

fn neighbours<V: AnyValue>(edges: &V) -> &[V] {
    match edges.view() {
        View::Array(items) | View::Set(items) => items,
        _ => &[],
    }
}

struct Paths<'a, V> {
    graph: &'a [Entry<V>],
    found: Vec<V>,
    n_nodes: usize,
    /// How often each entry of the graph is on the current path.
    n_on_path: Vec<u32>,
    path: Vec<&'a V>,
}

/// A node on the current path: its place in the graph and where its edges lead that haven't been followed yet.
struct Step<'a, V> {
    at: usize,
    rest: &'a [V],
}

impl<'a, V: AnyValue> Paths<'a, V> {
    fn step(&self, node: &V) -> Option<Step<'a, V>> {
        let at = self.graph.binary_search_by(|it| order::compare(&it.key, node)).ok()?;
        self.graph.get(at).map(|it| Step { at, rest: neighbours(&it.value) })
    }

    /// Follows all paths from a node, depth first. None enters a node again, except that OPA lets an initial node
    /// follow itself once.
    fn start(&mut self, node: &V) -> Result<(), Failure> {
        let Some(first) = self.step(node) else { return Ok(()) };
        let mut steps = Vec::new();
        self.enter(first, &mut steps)?;
        while let Some(step) = steps.last_mut() {
            let Some((node, rest)) = step.rest.split_first() else {
                let at = step.at;
                steps.pop();
                self.leave(at);
                continue;
            };
            step.rest = rest;
            match self.step(node) {
                Some(next) if steps.len() == 1 || !self.is_on_path(next.at) => {
                    self.enter(next, &mut steps)?
                }
                _ => self.end()?,
            }
        }
        Ok(())
    }

    fn enter(&mut self, step: Step<'a, V>, steps: &mut Vec<Step<'a, V>>) -> Result<(), Failure> {
        if let (Some(n), Some(entry)) = (self.n_on_path.get_mut(step.at), self.graph.get(step.at)) {
            *n += 1;
            self.path.push(&entry.key);
        }
        if step.rest.is_empty() {
            self.end()?;
        }
        steps.push(step);
        Ok(())
    }

    fn leave(&mut self, at: usize) {
        self.path.pop();
        if let Some(n) = self.n_on_path.get_mut(at) {
            *n -= 1;
        }
    }

    fn is_on_path(&self, at: usize) -> bool {
        self.n_on_path.get(at).is_some_and(|it| *it > 0)
    }

    fn end(&mut self) -> Result<(), Failure> {
        self.n_nodes += self.path.len();
        if self.n_nodes > ITEMS_MAX {
            return Err(Failure::too_large());
        }
        self.found.push(V::array(self.path.iter().map(|it| (*it).clone()).collect()));
        Ok(())
    }
}

/// Every value within a value, the value itself included, as an array of `[path, value]`.
pub fn walk<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut walker = Walker { pairs: Vec::new(), n_keys: 0 };
    walker.visit(&mut Vec::new(), args.value(0)?)?;
    Ok(V::array(walker.pairs))
}

struct Walker<V> {
    pairs: Vec<V>,
    n_keys: usize,
}

impl<V: AnyValue> Walker<V> {
    fn visit(&mut self, path: &mut Vec<V>, value: &V) -> Result<(), Failure> {
        self.n_keys += path.len() + 1;
        if self.n_keys > ITEMS_MAX {
            return Err(Failure::too_large());
        }
        self.pairs.push(V::array(vec![V::array(path.clone()), value.clone()]));
        match value.view() {
            View::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.step(path, V::integer(at as i64), item)?;
                }
            }
            View::Object(entries) => {
                for Entry { key, value } in entries {
                    self.step(path, key.clone(), value)?;
                }
            }
            View::Set(members) => {
                for member in members {
                    self.step(path, member.clone(), member)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn step(&mut self, path: &mut Vec<V>, key: V, value: &V) -> Result<(), Failure> {
        path.push(key);
        self.visit(path, value)?;
        path.pop();
        Ok(())
    }
}
