//! Takes rules out of functions that have very many of them, some together into a function of their own.
//!
//! A document with thousands of rules is one function, and engines need more than linear time and memory for a function's
//! size, or refuse it. What a part does for the whole is one of four things: it returns a value, assigns it to the one
//! result, or puts something into the one collection that is being built.
//!
//! **Needs:** clears of registers are still there. **Guarantees:** the rules stay in their order; a part is called once.

use std::collections::{BTreeMap, BTreeSet};

use crate::operands;
use crate::program::{
    Block, Collection, ConstId, ErrorInfo, FuncId, Function, Label, Program, Reg, Stmt,
};

/// Functions with fewer statements stay whole.
const LARGE: usize = 4_000;

/// How many statements a part has, roughly.
pub(super) const PART: usize = 1_000;

/// Statements with less inside are not worth a call.
const SMALL: usize = 8;

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let mut parts = Vec::new();
    let first = program.functions.len();
    for function in &mut program.functions {
        if size(&function.body) > LARGE {
            let mut body = std::mem::take(&mut function.body);
            let mut splitter = Splitter::new(function, &body, first, &mut parts);
            splitter.block(&mut body);
            function.n_regs = splitter.n_regs;
            function.body = body;
        }
    }
    program.functions.extend(parts);
    program
}

/// What a part does for the function that it is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Returns,
    Assigns(Reg),
    Appends(Reg),
    Inserts(Reg),
}

struct Splitter<'a> {
    name: String,
    n_params: u32,
    n_regs: u32,
    /// How often each register is used in the whole function.
    uses: BTreeMap<Reg, usize>,
    /// The kinds of the collections that are built.
    kinds: BTreeMap<Reg, Collection>,
    /// The conflicts that their ends raise.
    conflicts: BTreeMap<Reg, ErrorInfo>,
    /// The number of the first part of all functions.
    first: usize,
    parts: &'a mut Vec<Function>,
}

impl<'a> Splitter<'a> {
    fn new(
        function: &Function,
        body: &Block,
        first: usize,
        parts: &'a mut Vec<Function>,
    ) -> Splitter<'a> {
        let (mut kinds, mut conflicts) = (BTreeMap::new(), BTreeMap::new());
        crate::program::visit(body, &mut |stmt| match stmt {
            Stmt::Start { dst, kind } => {
                kinds.insert(*dst, *kind);
            }
            Stmt::Finish { builder, conflict: Some(conflict), .. } => {
                conflicts.insert(*builder, conflict.clone());
            }
            _ => {}
        });
        Splitter {
            name: function.name.clone(),
            n_params: function.n_params,
            n_regs: function.n_regs,
            uses: uses(body),
            kinds,
            conflicts,
            first,
            parts,
        }
    }

    /// Replaces rows of statements that can be taken out, and looks into those that are too large to be a part.
    fn block(&mut self, block: &mut Block) {
        let mut row: Vec<Stmt> = Vec::new();
        let mut row_effect = None;
        let mut row_size = 0;
        let stmts = std::mem::take(&mut block.stmts).into_iter();
        for mut stmt in stmts.flat_map(|stmt| self.smaller_indexes(stmt)).collect::<Vec<_>>() {
            let stmt_size = size_of(&stmt);
            let effect =
                Some(&stmt).filter(|_| stmt_size <= 2 * PART).and_then(|it| self.effect(it));
            if row_size >= PART || effect != row_effect {
                self.end_row(std::mem::take(&mut row), row_effect, row_size, block);
                (row_effect, row_size) = (effect, 0);
            }
            if effect.is_some() {
                row.push(stmt);
                row_size += stmt_size;
                continue;
            }
            if let Stmt::Block { .. } | Stmt::Match { .. } = &stmt {
                operands::blocks_mut(&mut stmt).into_iter().for_each(|inner| self.block(inner));
            }
            block.stmts.push(stmt);
        }
        self.end_row(row, row_effect, row_size, block);
    }

    /// An index over very many rules as several over fewer, each of which can be a part. One case at most applies, so
    /// their order doesn't matter.
    fn smaller_indexes(&mut self, stmt: Stmt) -> Vec<Stmt> {
        if size_of(&stmt) <= 2 * PART {
            return vec![stmt];
        }
        match stmt {
            Stmt::Match { subject, cases, otherwise }
                if otherwise.stmts.is_empty() && subject.0 < self.n_params =>
            {
                let groups = groups(cases).into_iter();
                groups
                    .map(|cases| Stmt::Match { subject, cases, otherwise: Block::default() })
                    .collect()
            }
            Stmt::Block { label: None, body } => match <[Stmt; 2]>::try_from(body.stmts) {
                Ok([Stmt::Input { dst, path }, Stmt::Match { subject, cases, otherwise }])
                    if subject == dst && otherwise.stmts.is_empty() =>
                {
                    groups(cases).into_iter().map(|cases| self.index(&path, cases)).collect()
                }
                Ok(stmts) => vec![block_of(stmts.into())],
                Err(stmts) => vec![block_of(stmts)],
            },
            stmt => vec![stmt],
        }
    }

    /// An index by a part of the input.
    fn index(&mut self, path: &[String], cases: Vec<Case>) -> Stmt {
        let dst = self.reg();
        let input = Stmt::Input { dst, path: path.to_vec() };
        let index = Stmt::Match { subject: dst, cases, otherwise: Block::default() };
        [&input, &index].into_iter().for_each(|stmt| count(stmt, &mut self.uses));
        block_of(vec![input, index])
    }

    fn end_row(&mut self, row: Vec<Stmt>, effect: Option<Effect>, size: usize, block: &mut Block) {
        match effect {
            Some(effect) if size >= SMALL => {
                let call = self.part(row, effect);
                block.stmts.push(call);
            }
            _ => block.stmts.extend(row),
        }
    }

    /// What a statement that never fails does for what is around it; `None` if it is not only one of the four things.
    fn effect(&self, stmt: &Stmt) -> Option<Effect> {
        if !matches!(stmt, Stmt::Block { .. } | Stmt::Match { .. }) || breaks_out(stmt) {
            return None;
        }
        let (mut effects, mut certain) = (Vec::new(), BTreeSet::new());
        let mut uncertain = BTreeSet::new();
        let mut inside = BTreeMap::new();
        let mut is_plain = true;
        visit_one(stmt, &mut |it| {
            count(it, &mut inside);
            match it {
                Stmt::Return { .. } => effects.push(Effect::Returns),
                Stmt::AssignOnce { dst, .. } if self.is_shared(*dst) => {
                    effects.push(Effect::Assigns(*dst));
                }
                Stmt::Append { builder, .. } => effects.push(Effect::Appends(*builder)),
                Stmt::Insert { builder, .. } => effects.push(Effect::Inserts(*builder)),
                _ => {}
            }
            for reg in operands::written(it) {
                is_plain &= reg.0 >= self.n_params;
                let set = if gives_a_value(it) { &mut certain } else { &mut uncertain };
                set.insert(reg);
            }
        });
        is_plain.then_some(())?;
        // A collection that is started and ended inside is nobody else's.
        let is_whole = |reg: &Reg| inside.get(reg) == self.uses.get(reg);
        effects.retain(|it| match it {
            Effect::Appends(reg) | Effect::Inserts(reg) | Effect::Assigns(reg) => !is_whole(reg),
            Effect::Returns => true,
        });
        effects.dedup();
        let [effect] = effects.as_slice() else { return None };
        let (shared, n_effects) = self.shared_uses(stmt, *effect);
        let is_private =
            inside.keys().all(|reg| reg.0 < self.n_params || is_whole(reg) || Some(*reg) == shared);
        let is_only_target = shared.is_none_or(|reg| inside.get(&reg) == Some(&n_effects));
        let mut returns_value = true;
        visit_one(stmt, &mut |it| {
            if let Stmt::Return { src } = it {
                let is_certain = certain.contains(src) && !uncertain.contains(src);
                returns_value &= is_certain || src.0 < self.n_params;
            }
        });
        (is_private && is_only_target && returns_value).then_some(*effect)
    }

    /// The register that a part shares with the rest by its effect, and how often it is used for that.
    fn shared_uses(&self, stmt: &Stmt, effect: Effect) -> (Option<Reg>, usize) {
        let (Effect::Assigns(target) | Effect::Appends(target) | Effect::Inserts(target)) = effect
        else {
            return (None, 0);
        };
        let mut n_uses = 0;
        visit_one(stmt, &mut |it| match it {
            // It reads and writes its target.
            Stmt::AssignOnce { dst, .. } if *dst == target => n_uses += 2,
            Stmt::Append { builder, .. } | Stmt::Insert { builder, .. } if *builder == target => {
                n_uses += 1;
            }
            _ => {}
        });
        (Some(target), n_uses)
    }

    fn is_shared(&self, reg: Reg) -> bool {
        reg.0 >= self.n_params
    }

    fn reg(&mut self) -> Reg {
        self.n_regs += 1;
        Reg(self.n_regs - 1)
    }

    /// Makes a function of statements, and gives the statement that calls it.
    fn part(&mut self, mut stmts: Vec<Stmt>, effect: Effect) -> Stmt {
        let result = self.reg();
        let mut then = match effect {
            Effect::Returns => vec![Stmt::Return { src: result }],
            Effect::Assigns(dst) => {
                let conflict = stmts.iter().find_map(conflict_of).unwrap_or_else(no_conflict);
                stmts.push(Stmt::Return { src: dst });
                vec![Stmt::AssignOnce { dst, src: result, conflict }]
            }
            Effect::Appends(builder) | Effect::Inserts(builder) => {
                let kind = self.kinds.get(&builder).copied().unwrap_or(Collection::Set);
                let conflict = self.conflicts.get(&builder).cloned();
                stmts.insert(0, Stmt::Start { dst: builder, kind });
                stmts.push(Stmt::Finish { dst: result, builder, conflict });
                stmts.push(Stmt::Return { src: result });
                vec![self.add_all(result, builder, effect)]
            }
        };
        let function = FuncId((self.first + self.parts.len()) as u32);
        self.parts.push(Function {
            name: format!("{}, part {}", self.name, self.parts.len() + 1),
            n_params: self.n_params,
            n_regs: self.n_regs,
            is_memo: false,
            body: Block { stmts },
        });
        let args = (0..self.n_params).map(Reg).collect();
        then.insert(0, Stmt::Call { dst: result, function, args });
        block_of(then)
    }

    /// Adds what a part has put together to the collection.
    fn add_all(&mut self, collection: Reg, builder: Reg, effect: Effect) -> Stmt {
        let (key, value) = (self.reg(), self.reg());
        let add = match effect {
            Effect::Inserts(_) => Stmt::Insert { builder, key, value },
            _ => Stmt::Append { builder, value },
        };
        Stmt::Scan { collection, key, value, body: Block { stmts: vec![add] } }
    }
}

/// A case of an index.
type Case = (ConstId, Block);

/// The cases in groups that are large enough for a part.
fn groups(cases: Vec<Case>) -> Vec<Vec<Case>> {
    let mut groups: Vec<Vec<Case>> = vec![Vec::new()];
    let mut left = PART;
    for case in cases {
        let needed = size(&case.1) + 1;
        if left < needed {
            groups.push(Vec::new());
            left = PART;
        }
        left = left.saturating_sub(needed);
        if let Some(group) = groups.last_mut() {
            group.push(case);
        }
    }
    groups
}

fn block_of(stmts: Vec<Stmt>) -> Stmt {
    Stmt::Block { label: None, body: Block { stmts } }
}

/// Whether the registers that a statement writes have a value when it hasn't failed.
pub(super) fn gives_a_value(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::Const { .. }
            | Stmt::Input { .. }
            | Stmt::Data { .. }
            | Stmt::Get { .. }
            | Stmt::Call { .. }
            | Stmt::Builtin { .. }
            | Stmt::Array { .. }
            | Stmt::Set { .. }
            | Stmt::Object { .. }
            | Stmt::Start { .. }
            | Stmt::Finish { .. }
            | Stmt::Scan { .. }
    )
}

/// Calls `visit` for a statement and everything in it.
pub(super) fn visit_one<'s>(stmt: &'s Stmt, visit: &mut dyn FnMut(&'s Stmt)) {
    visit(stmt);
    for block in operands::blocks(stmt) {
        crate::program::visit(block, visit);
    }
}

pub(super) fn size(block: &Block) -> usize {
    block.stmts.iter().map(size_of).sum()
}

pub(super) fn size_of(stmt: &Stmt) -> usize {
    let mut size = 0;
    visit_one(stmt, &mut |_| size += 1);
    size
}

fn uses(block: &Block) -> BTreeMap<Reg, usize> {
    let mut uses = BTreeMap::new();
    crate::program::visit(block, &mut |stmt| count(stmt, &mut uses));
    uses
}

fn count(stmt: &Stmt, uses: &mut BTreeMap<Reg, usize>) {
    // Where a builder starts it is written, which counts as one use.
    let builder = operands::builder(stmt).filter(|_| !matches!(stmt, Stmt::Start { .. }));
    for reg in operands::read(stmt).into_iter().chain(operands::written(stmt)).chain(builder) {
        *uses.entry(reg).or_default() += 1;
    }
}

/// Whether a statement leaves a block that is around it.
pub(super) fn breaks_out(stmt: &Stmt) -> bool {
    let (mut own, mut left): (BTreeSet<Label>, BTreeSet<Label>) = Default::default();
    visit_one(stmt, &mut |it| match it {
        Stmt::Block { label: Some(label), .. } => {
            own.insert(*label);
        }
        Stmt::Break { label } => {
            left.insert(*label);
        }
        _ => {}
    });
    !left.is_subset(&own)
}

fn conflict_of(stmt: &Stmt) -> Option<ErrorInfo> {
    let mut found = None;
    visit_one(stmt, &mut |it| {
        if let (Stmt::AssignOnce { conflict, .. }, None) = (it, &found) {
            found = Some(conflict.clone());
        }
    });
    found
}

/// For parts that assign nothing, of which there are none.
fn no_conflict() -> ErrorInfo {
    ErrorInfo { code: "eval_internal_error", message: String::new(), location: Default::default() }
}
