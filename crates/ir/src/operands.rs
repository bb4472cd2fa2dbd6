//! Which registers a statement itself reads and writes, those of nested statements not counted; and which blocks are
//! nested in it.

use crate::program::{Block, Reg, Stmt};

/// The registers that a statement writes.
pub fn written(stmt: &Stmt) -> Vec<Reg> {
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
        | Stmt::Sound
        | Stmt::Forget
        | Stmt::Held { .. }
        | Stmt::Block { .. }
        | Stmt::Break { .. }
        | Stmt::Not { .. }
        | Stmt::Match { .. }
        | Stmt::With { .. }
        | Stmt::Return { .. } => Vec::new(),
    }
}

/// The registers whose values a statement reads. Builders are not among them, see [`builder`].
pub fn read(stmt: &Stmt) -> Vec<Reg> {
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
        Stmt::Append { value, .. } => vec![*value],
        Stmt::Insert { key, value, .. } => vec![*key, *value],
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
        | Stmt::Finish { .. }
        | Stmt::Raise { .. }
        | Stmt::Sound
        | Stmt::Forget
        | Stmt::Held { .. }
        | Stmt::Block { .. }
        | Stmt::Break { .. }
        | Stmt::Not { .. } => Vec::new(),
    }
}

/// The register that a statement uses as a builder.
pub fn builder(stmt: &Stmt) -> Option<Reg> {
    match stmt {
        Stmt::Start { dst, .. } => Some(*dst),
        Stmt::Append { builder, .. }
        | Stmt::Insert { builder, .. }
        | Stmt::Finish { builder, .. } => Some(*builder),
        _ => None,
    }
}

/// Gives every register that a statement itself reads or writes another number.
pub fn rename(stmt: &mut Stmt, to: &impl Fn(Reg) -> Reg) {
    let change = |reg: &mut Reg| *reg = to(*reg);
    match stmt {
        Stmt::Const { dst, .. }
        | Stmt::Clear { dst }
        | Stmt::Input { dst, .. }
        | Stmt::Data { dst, .. }
        | Stmt::Slot { dst, .. }
        | Stmt::Start { dst, .. } => change(dst),
        Stmt::Defined { src }
        | Stmt::Undefined { src }
        | Stmt::Test { src }
        | Stmt::Is { src, .. }
        | Stmt::Length { src, .. }
        | Stmt::Return { src } => change(src),
        Stmt::Move { dst, src } | Stmt::AssignOnce { dst, src, .. } => {
            [dst, src].into_iter().for_each(change)
        }
        Stmt::Get { dst, collection, key } => [dst, collection, key].into_iter().for_each(change),
        Stmt::Put { dst, base, value, .. } => [dst, base, value].into_iter().for_each(change),
        Stmt::Compare { lhs, rhs, .. } => [lhs, rhs].into_iter().for_each(change),
        Stmt::Call { dst, args, .. } | Stmt::Builtin { dst, args, .. } => {
            std::iter::once(dst).chain(args).for_each(change);
        }
        Stmt::Array { dst, items } | Stmt::Set { dst, items } => {
            std::iter::once(dst).chain(items).for_each(change);
        }
        Stmt::Object { dst, entries } => {
            change(dst);
            entries.iter_mut().flat_map(|(key, value)| [key, value]).for_each(change);
        }
        Stmt::Append { builder, value } => [builder, value].into_iter().for_each(change),
        Stmt::Insert { builder, key, value } => [builder, key, value].into_iter().for_each(change),
        Stmt::Finish { dst, builder, .. } => [dst, builder].into_iter().for_each(change),
        Stmt::Merge { dst, under, over } => [dst, under, over].into_iter().for_each(change),
        Stmt::Scan { collection, key, value, .. } => {
            [collection, key, value].into_iter().for_each(change)
        }
        Stmt::Match { subject, .. } => change(subject),
        Stmt::With { slots, .. } => slots.iter_mut().map(|(_, reg)| reg).for_each(change),
        Stmt::Raise { .. }
        | Stmt::Sound
        | Stmt::Forget
        | Stmt::Held { .. }
        | Stmt::Block { .. }
        | Stmt::Break { .. }
        | Stmt::Not { .. } => {}
    }
}

/// The blocks that are nested in a statement, in order.
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::Scan { body, .. }
        | Stmt::Block { body, .. }
        | Stmt::Not { body }
        | Stmt::With { body, .. } => vec![body],
        Stmt::Match { cases, otherwise, .. } => {
            cases.iter().map(|(_, case)| case).chain([otherwise]).collect()
        }
        _ => Vec::new(),
    }
}

/// The same, to change them.
pub fn blocks_mut(stmt: &mut Stmt) -> Vec<&mut Block> {
    match stmt {
        Stmt::Scan { body, .. }
        | Stmt::Block { body, .. }
        | Stmt::Not { body }
        | Stmt::With { body, .. } => vec![body],
        Stmt::Match { cases, otherwise, .. } => {
            cases.iter_mut().map(|(_, case)| case).chain(std::iter::once(otherwise)).collect()
        }
        _ => Vec::new(),
    }
}
