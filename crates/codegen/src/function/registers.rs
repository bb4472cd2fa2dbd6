//! Which registers need no local: those that hold one constant wherever they are read.

use std::collections::{BTreeMap, BTreeSet};

use palisade_ir::operands::{blocks, read, written};
use palisade_ir::program::{Block, ConstId, Function, Reg, Stmt};

/// The registers that are written once, by a constant, and read only behind that.
///
/// A register written in a block that can fail before it is undefined outside; so a read counts only if it stands
/// behind the constant in the same block or in a block nested there.
pub fn constants(function: &Function) -> BTreeMap<Reg, ConstId> {
    let mut walk = Walk::default();
    walk.block(&function.body, &mut BTreeSet::new());
    let once = |(reg, constant): (&Reg, &Option<ConstId>)| {
        let is_plain = reg.0 >= function.n_params && !walk.read_elsewhere.contains(reg);
        is_plain.then_some(((*reg), (*constant)?))
    };
    walk.written.iter().filter_map(once).collect()
}

#[derive(Default)]
struct Walk {
    /// The constant of each register that is written; none if it is written otherwise or again.
    written: BTreeMap<Reg, Option<ConstId>>,
    read_elsewhere: BTreeSet<Reg>,
}

impl Walk {
    fn block(&mut self, block: &Block, in_scope: &mut BTreeSet<Reg>) {
        let mut here = Vec::new();
        for stmt in &block.stmts {
            for reg in read(stmt) {
                if !in_scope.contains(&reg) {
                    self.read_elsewhere.insert(reg);
                }
            }
            let constant = match stmt {
                Stmt::Const { value, .. } => Some(*value),
                _ => None,
            };
            for reg in written(stmt) {
                self.written.entry(reg).and_modify(|it| *it = None).or_insert(constant);
                if constant.is_some() && in_scope.insert(reg) {
                    here.push(reg);
                }
            }
            for inner in blocks(stmt) {
                self.block(inner, in_scope);
            }
        }
        for reg in here {
            in_scope.remove(&reg);
        }
    }
}
