//! What is unknown: at first what the caller says, and inside `with` also what it replaces.

use std::collections::BTreeMap;
use std::rc::Rc;

use palisade_rego::checked::{Callee, Term, TermKind};
use palisade_value::Value;

use crate::residual;

/// What is known of the documents and functions at one place of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct World {
    /// `input`.
    pub input: Layers,
    /// `data`, virtual documents included.
    pub data: Layers,
    /// The functions and built-ins that are replaced.
    pub callees: BTreeMap<Callee, Mock>,
}

/// What stands in the place of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mock {
    /// Something that is not known before the residual program runs; calls go to this name.
    Unknown(residual::Callee),
    /// A value that has been evaluated.
    Value,
    /// Another function, which sees the originals.
    Callee(Callee),
}

/// Places that are unknown, or known again, each covering what lies below it. Later ones count more.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layers(Vec<(Vec<Value>, bool)>);

/// What layers say of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing, nor of what lies below it.
    Untouched,
    /// It was replaced by something known.
    Known,
    /// It is unknown.
    Unknown,
    /// Something below it is unknown.
    Below,
}

impl Layers {
    /// Makes a place unknown, or known.
    pub fn put(&mut self, path: Vec<Value>, is_unknown: bool) {
        self.0.retain(|(other, _)| !other.starts_with(&path));
        self.0.push((path, is_unknown));
    }

    /// What is said of a place.
    pub fn at(&self, path: &[Value]) -> Status {
        for (layer, is_unknown) in self.0.iter().rev() {
            match (path.starts_with(layer), is_unknown) {
                (true, true) => return Status::Unknown,
                (true, false) => return Status::Known,
                (false, true) if layer.starts_with(path) => return Status::Below,
                _ => {}
            }
        }
        Status::Untouched
    }

    /// What may be met by a path of which not all parts are constants.
    pub fn on(&self, path: &[Term]) -> Status {
        for (layer, is_unknown) in self.0.iter().rev() {
            let may_meet = layer.iter().zip(path).all(|(key, part)| match &part.kind {
                TermKind::Const(value) => value == key,
                _ => true,
            });
            if !may_meet {
                continue;
            }
            let is_constant = |part: &Term| matches!(part.kind, TermKind::Const(_));
            let must_meet =
                layer.len() <= path.len() && path.iter().take(layer.len()).all(is_constant);
            match is_unknown {
                true => return Status::Unknown,
                false if must_meet => return Status::Known,
                false => {}
            }
        }
        Status::Untouched
    }

    /// The keys behind a place under which something is unknown.
    pub fn keys_below(&self, path: &[Value]) -> impl Iterator<Item = &Value> {
        self.0
            .iter()
            .filter(move |(layer, is_unknown)| *is_unknown && layer.starts_with(path))
            .filter_map(move |(layer, _)| layer.get(path.len()))
    }
}

/// All worlds met so far, so that results can be kept by their number.
#[derive(Debug, Default)]
pub struct Worlds(Vec<Rc<World>>);

/// A world, an index into [`Worlds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldId(pub usize);

impl Worlds {
    /// The number of a world.
    pub fn id(&mut self, world: World) -> WorldId {
        match self.0.iter().position(|it| **it == world) {
            Some(at) => WorldId(at),
            None => {
                self.0.push(Rc::new(world));
                WorldId(self.0.len() - 1)
            }
        }
    }

    /// The world of a number; a number that was never given has the world in which everything is known.
    pub fn get(&self, id: WorldId) -> Rc<World> {
        self.0.get(id.0).cloned().unwrap_or_default()
    }
}
