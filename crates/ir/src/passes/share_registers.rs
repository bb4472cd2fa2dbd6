//! Lets values that are not needed at the same time use the same registers, in functions with very many of them.
//!
//! WebAssembly engines take 50,000 locals in a function at most, and the compiler behind keeps a table of every local at
//! every branch; a document with thousands of rules is one function, and so is a rule of thousands of expressions.
//! Smaller functions are left alone: a register that is written once, by a constant, needs no local at all.
//!
//! **Needs:** a register that is read before it is written in its block is cleared there first; so redundant clears
//! are removed only afterwards. **Guarantees:** a function has either few registers or no more than its innermost
//! blocks need at once with all those around them. A register is a builder of one kind or a value, everywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::operands;
use crate::program::{Block, Collection, Function, Program, Reg, Stmt};

/// How many registers are many: functions with no more are left alone, unless somebody asks for less.
pub const MANY: u32 = 2_000;

/// Runs the pass over functions with more than so many registers.
pub fn run(mut program: Program, registers_max: u32) -> Program {
    let many = program.functions.iter_mut().filter(|function| function.n_regs > registers_max);
    many.for_each(share);
    program
}

/// Where something is: the number of the block around it in the block around that, and so on inwards; and the number
/// of the statement in each of these blocks.
#[derive(Clone, Default)]
struct Place {
    blocks: Vec<u32>,
    stmts: Vec<usize>,
}

/// Where a register is used.
struct Use {
    /// What it is a builder of; none for a value.
    builds: Option<Collection>,
    /// The innermost block with all its uses.
    scope: Vec<u32>,
    first: Vec<usize>,
    last: Vec<usize>,
    /// Whether its first use writes it, in a statement without blocks.
    is_written_first: bool,
}

impl Use {
    /// From which statement of the scope to which the register is needed. What its first use does not write may come
    /// from before, so it is needed all the time.
    fn stretch(&self) -> (usize, usize) {
        let depth = self.scope.len();
        let at = |place: &[usize]| place.get(depth).copied().unwrap_or(0);
        match self.is_written_first && self.first.len() == depth + 1 {
            true => (at(&self.first), at(&self.last)),
            false => (0, usize::MAX),
        }
    }
}

fn share(function: &mut Function) {
    let mut uses = BTreeMap::new();
    find(&function.body, &mut Place::default(), &mut uses);
    uses.retain(|reg, _| reg.0 >= function.n_params);
    let mut numbers: BTreeMap<Reg, Reg> =
        (0..function.n_params).map(|at| (Reg(at), Reg(at))).collect();
    let kinds: BTreeSet<Option<Collection>> = uses.values().map(|it| it.builds).collect();
    let mut n_regs = function.n_params;
    for kind in kinds {
        let alike = uses.iter().filter(|(_, it)| it.builds == kind);
        n_regs = number(alike, n_regs, &mut numbers);
    }
    rename(&mut function.body, &|reg| numbers.get(&reg).copied().unwrap_or(reg));
    function.n_regs = n_regs;
}

/// Gives registers of one kind their numbers, from `base` on; returns the first number that none has.
fn number<'a>(
    uses: impl Iterator<Item = (&'a Reg, &'a Use)>,
    base: u32,
    numbers: &mut BTreeMap<Reg, Reg>,
) -> u32 {
    let mut by_scope: BTreeMap<&[u32], Vec<(Reg, &Use)>> = BTreeMap::new();
    for (reg, it) in uses {
        by_scope.entry(&it.scope).or_default().push((*reg, it));
    }
    // In the order of the map, a block comes behind those around it.
    let mut first_free: BTreeMap<&[u32], u32> = BTreeMap::new();
    let mut end = base;
    for (scope, regs) in by_scope {
        let around = (0..scope.len()).rev().find_map(|length| first_free.get(&scope[..length]));
        let free = number_scope(regs, around.copied().unwrap_or(base), numbers);
        first_free.insert(scope, free);
        end = end.max(free);
    }
    end
}

/// Gives the registers of one block their numbers: one is used again behind the last statement that needs it.
fn number_scope(
    mut regs: Vec<(Reg, &Use)>,
    mut free: u32,
    numbers: &mut BTreeMap<Reg, Reg>,
) -> u32 {
    regs.sort_by_key(|(reg, it)| (it.stretch(), *reg));
    let mut taken: BTreeSet<(usize, u32)> = BTreeSet::new();
    for (reg, it) in regs {
        let (first, last) = it.stretch();
        let number = match taken.first().copied().filter(|(until, _)| *until < first) {
            Some(done) => {
                taken.remove(&done);
                done.1
            }
            None => {
                free += 1;
                free - 1
            }
        };
        taken.insert((last, number));
        numbers.insert(reg, Reg(number));
    }
    free
}

fn find(block: &Block, here: &mut Place, uses: &mut BTreeMap<Reg, Use>) {
    let mut n_blocks = 0;
    for (at, stmt) in block.stmts.iter().enumerate() {
        here.stmts.push(at);
        let inner = operands::blocks(stmt);
        let builds = |reg| match stmt {
            Stmt::Start { dst, kind } if *dst == reg => Some(*kind),
            _ => None,
        };
        let builder = operands::builder(stmt);
        let is_start = matches!(stmt, Stmt::Start { .. });
        for reg in operands::read(stmt).into_iter().chain(builder.filter(|_| !is_start)) {
            add(uses, reg, here, None, false);
        }
        for reg in operands::written(stmt) {
            add(uses, reg, here, builds(reg), inner.is_empty());
        }
        for inner in inner {
            here.blocks.push(n_blocks);
            find(inner, here, uses);
            here.blocks.pop();
            n_blocks += 1;
        }
        here.stmts.pop();
    }
}

fn add(
    uses: &mut BTreeMap<Reg, Use>,
    reg: Reg,
    here: &Place,
    builds: Option<Collection>,
    is_written_first: bool,
) {
    let it = uses.entry(reg).or_insert_with(|| Use {
        builds,
        scope: here.blocks.clone(),
        first: here.stmts.clone(),
        last: Vec::new(),
        is_written_first,
    });
    it.builds = it.builds.or(builds);
    let common = it.scope.iter().zip(&here.blocks).take_while(|(a, b)| a == b).count();
    it.scope.truncate(common);
    it.last.clone_from(&here.stmts);
}

fn rename(block: &mut Block, to: &impl Fn(Reg) -> Reg) {
    for stmt in &mut block.stmts {
        operands::rename(stmt, to);
        operands::blocks_mut(stmt).into_iter().for_each(|inner| rename(inner, to));
    }
}
