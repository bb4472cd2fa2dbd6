//! Which parts of input and base data the program reads.

use std::collections::{BTreeMap, BTreeSet};

use palisade_abi::image;
use palisade_ir::program::{Program, Stmt, visit};

use crate::memory::Memory;

/// The paths that a program reads, in a fixed order, each with a slot of its own.
#[derive(Default)]
pub struct Paths {
    /// Paths in the input.
    pub input: Vec<Vec<String>>,
    /// Paths in base data.
    pub data: Vec<Vec<String>>,
    /// Whether anything replaces the input.
    pub input_is_replaced: bool,
}

impl Paths {
    /// Collects the paths of all functions.
    pub fn of(program: &Program) -> Paths {
        let (mut input, mut data) = (BTreeSet::new(), BTreeSet::new());
        let mut input_is_replaced = false;
        for function in &program.functions {
            visit(&function.body, &mut |stmt| match stmt {
                Stmt::Input { path, .. } => {
                    input.insert(path.clone());
                }
                Stmt::Data { path, .. } => {
                    data.insert(path.clone());
                }
                Stmt::With { slots, .. } => {
                    input_is_replaced |= slots.iter().any(|(slot, _)| slot.0 == 0)
                }
                _ => {}
            });
        }
        Paths {
            input: input.into_iter().collect(),
            data: data.into_iter().collect(),
            input_is_replaced,
        }
    }

    /// Writes the input's shape; 0 if the input isn't read.
    pub fn write_shape(&self, memory: &mut Memory) -> u32 {
        if self.input.is_empty() {
            return 0;
        }
        let mut root = Shape::default();
        for (slot, path) in self.input.iter().enumerate() {
            root.add(path, slot);
        }
        root.write(memory)
    }
}

/// A node of the input's shape, see `palisade_abi::image`.
#[derive(Default)]
struct Shape {
    capture: Option<usize>,
    members: BTreeMap<String, Shape>,
}

impl Shape {
    fn add(&mut self, path: &[String], slot: usize) {
        match path {
            [] => self.capture = Some(slot),
            [key, rest @ ..] => self.members.entry(key.clone()).or_default().add(rest, slot),
        }
    }

    fn write(&self, memory: &mut Memory) -> u32 {
        let members: Vec<(u64, u32)> = self
            .members
            .iter()
            .map(|(key, shape)| (memory.text(key), shape.write(memory)))
            .collect();
        let capture = self.capture.map_or(0, |slot| slot as u32 + 1);
        let address = memory.fields([capture, members.len() as u32]);
        debug_assert_eq!(memory.end(), address + image::SHAPE_MEMBERS);
        for (key, shape) in members {
            memory.words([key, u64::from(shape)]);
        }
        address
    }
}
