//! Which registers need no local: those that hold one constant wherever they are read.

use std::collections::{BTreeMap, BTreeSet};

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
            for inner in inner_blocks(stmt) {
                self.block(inner, in_scope);
            }
        }
        for reg in here {
            in_scope.remove(&reg);
        }
    }
}

fn inner_blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::Scan { body, .. }
        | Stmt::Block { body, .. }
        | Stmt::Not { body }
        | Stmt::With { body, .. } => {
            vec![body]
        }
        Stmt::Match { cases, otherwise, .. } => {
            cases.iter().map(|(_, case)| case).chain([otherwise]).collect()
        }
        _ => Vec::new(),
    }
}

/// The registers that a statement itself writes.
fn written(stmt: &Stmt) -> Vec<Reg> {
    match stmt {
        Stmt::Const { dst, .. }
        | Stmt::Move { dst, .. }
        | Stmt::Clear { dst }
        | Stmt::Input { dst, .. }
        | Stmt::Data { dst, .. }
        | Stmt::Slot { dst, .. }
        | Stmt::Get { dst, .. }
        | Stmt::Put { dst, .. }
        | Stmt::Call { dst, .. }
        | Stmt::Builtin { dst, .. }
        | Stmt::Array { dst, .. }
        | Stmt::Set { dst, .. }
        | Stmt::Object { dst, .. }
        | Stmt::Start { dst, .. }
        | Stmt::Finish { dst, .. }
        | Stmt::Merge { dst, .. }
        | Stmt::AssignOnce { dst, .. } => vec![*dst],
        Stmt::Scan { key, value, .. } => vec![*key, *value],
        Stmt::Defined { .. }
        | Stmt::Undefined { .. }
        | Stmt::Test { .. }
        | Stmt::Is { .. }
        | Stmt::Length { .. }
        | Stmt::Compare { .. }
        | Stmt::Append { .. }
        | Stmt::Insert { .. }
        | Stmt::Raise { .. }
        | Stmt::Held { .. }
        | Stmt::Block { .. }
        | Stmt::Break { .. }
        | Stmt::Not { .. }
        | Stmt::Match { .. }
        | Stmt::With { .. }
        | Stmt::Return { .. } => Vec::new(),
    }
}

/// The registers that a statement itself reads.
fn read(stmt: &Stmt) -> Vec<Reg> {
    match stmt {
        Stmt::Move { src, .. }
        | Stmt::Defined { src }
        | Stmt::Undefined { src }
        | Stmt::Test { src }
        | Stmt::Is { src, .. }
        | Stmt::Length { src, .. }
        | Stmt::Return { src } => vec![*src],
        Stmt::Get { collection, key, .. } => vec![*collection, *key],
        Stmt::Put { base, value, .. } => vec![*base, *value],
        Stmt::Compare { lhs, rhs, .. } => vec![*lhs, *rhs],
        Stmt::Call { args, .. } | Stmt::Builtin { args, .. } => args.clone(),
        Stmt::Array { items, .. } | Stmt::Set { items, .. } => items.clone(),
        Stmt::Object { entries, .. } => {
            entries.iter().flat_map(|(key, value)| [*key, *value]).collect()
        }
        Stmt::Append { builder, value } => vec![*builder, *value],
        Stmt::Insert { builder, key, value } => vec![*builder, *key, *value],
        Stmt::Finish { builder, .. } => vec![*builder],
        Stmt::Merge { under, over, .. } => vec![*under, *over],
        Stmt::AssignOnce { dst, src, .. } => vec![*dst, *src],
        Stmt::Scan { collection, .. } => vec![*collection],
        Stmt::Match { subject, .. } => vec![*subject],
        Stmt::With { slots, .. } => slots.iter().map(|(_, reg)| *reg).collect(),
        Stmt::Const { .. }
        | Stmt::Clear { .. }
        | Stmt::Input { .. }
        | Stmt::Data { .. }
        | Stmt::Slot { .. }
        | Stmt::Start { .. }
        | Stmt::Raise { .. }
        | Stmt::Held { .. }
        | Stmt::Block { .. }
        | Stmt::Break { .. }
        | Stmt::Not { .. } => Vec::new(),
    }
}
