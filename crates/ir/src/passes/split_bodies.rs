//! Takes rows of statements out of blocks that have very many of them, each into a function of its own.
//!
//! A rule of thousands of expressions is one block, and so is a literal of thousands of computed members. Engines need
//! more than linear time and memory for a function's size and for its loops, or refuse it. A row that fails makes the
//! call of its function fail, which stands where the row stood. It may give some values to what follows, in an array if
//! it is more than one, or put something into one collection that the block is building; all else that it sets must be
//! its own.
//!
//! **Needs:** a register that may be undefined where it is read is cleared somewhere. **Guarantees:** the statements
//! stay in their order; a row is called once.

use std::collections::{BTreeMap, BTreeSet};

use palisade_value::Value;

use super::split_functions::{PART, breaks_out, gives_a_value, size, size_of, visit_one};
use crate::constants::Constants;
use crate::operands;
use crate::program::{Block, Collection, FuncId, Function, Program, Reg, Stmt, visit};

/// Blocks with fewer statements, inner ones included, stay whole.
const LARGE: usize = 4_000;

/// How many ends of one row are tried.
const TRIES_MAX: usize = 50;

/// The most parameters of a row's function.
const PARAMS_MAX: usize = 64;

/// The most values that a row gives to what follows: each is looked up there again.
const GIVEN_MAX: usize = 16;

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let is_large = |function: &Function| size(&function.body) > LARGE;
    if !program.functions.iter().any(is_large) {
        return program;
    }
    let mut rows = Vec::new();
    let first = program.functions.len();
    let mut constants = Constants::of(std::mem::take(&mut program.constants));
    for function in program.functions.iter_mut().filter(|function| is_large(function)) {
        let mut body = std::mem::take(&mut function.body);
        let mut splitter = Splitter::new(function, &body, &mut constants, first, &mut rows);
        splitter.block(&mut body);
        function.n_regs = splitter.n_regs;
        function.body = body;
    }
    program.constants = constants.into_values();
    program.functions.extend(rows);
    program
}

/// What a row does for what follows.
enum Effect {
    /// It fails or not, and gives these registers their values.
    Gives(Vec<Reg>),
    AddsTo(Reg),
}

/// The registers that a row shares with the rest of its function.
#[derive(Default)]
struct Shared {
    written: BTreeSet<Reg>,
    read: BTreeSet<Reg>,
    builders: BTreeSet<Reg>,
    /// Whether the row neither starts nor ends one of the collections.
    adds_only: bool,
}

impl Shared {
    /// What the row does, if it is no more than a function can do. `built` are the collections of the block.
    fn effect(&self, row: &[Stmt], built: &BTreeSet<Reg>) -> Option<Effect> {
        let given: Vec<Reg> = self.written.iter().copied().collect();
        match self.builders.first() {
            None if given.len() <= GIVEN_MAX && given.iter().all(|reg| gives(row, *reg)) => {
                Some(Effect::Gives(given))
            }
            Some(builder)
                if given.is_empty()
                    && self.builders.len() == 1
                    && self.adds_only
                    && built.contains(builder) =>
            {
                Some(Effect::AddsTo(*builder))
            }
            _ => None,
        }
    }
}

struct Splitter<'a> {
    name: String,
    n_params: u32,
    n_regs: u32,
    /// How often each register is used in the whole function.
    uses: BTreeMap<Reg, usize>,
    /// The registers that may be undefined where they are read.
    uncertain: BTreeSet<Reg>,
    kinds: BTreeMap<Reg, Collection>,
    constants: &'a mut Constants,
    /// The number of the first row of all functions.
    first: usize,
    rows: &'a mut Vec<Function>,
}

impl<'a> Splitter<'a> {
    fn new(
        function: &Function,
        body: &Block,
        constants: &'a mut Constants,
        first: usize,
        rows: &'a mut Vec<Function>,
    ) -> Splitter<'a> {
        let (mut uncertain, mut kinds) = (BTreeSet::new(), BTreeMap::new());
        visit(body, &mut |stmt| {
            if !gives_a_value(stmt) {
                uncertain.extend(operands::written(stmt));
            }
            if let Stmt::Start { dst, kind } = stmt {
                kinds.insert(*dst, *kind);
            }
        });
        let mut uses = BTreeMap::new();
        visit(body, &mut |stmt| count(stmt, &mut uses));
        let Function { name, n_params, n_regs, .. } = function;
        let (name, n_params, n_regs) = (name.clone(), *n_params, *n_regs);
        Splitter { name, n_params, n_regs, uses, uncertain, kinds, constants, first, rows }
    }

    /// Makes blocks inside smaller, and then this one.
    fn block(&mut self, block: &mut Block) {
        for stmt in block.stmts.iter_mut().filter(|stmt| size_of(stmt) > 2 * PART) {
            operands::blocks_mut(stmt).into_iter().for_each(|inner| self.block(inner));
        }
        if size(block) > 2 * PART {
            let built = built_in(&block.stmts);
            let stmts = std::mem::take(&mut block.stmts);
            block.stmts = self.split(stmts, &built);
        }
    }

    /// Replaces rows by calls. A row ends as soon as it is long enough and can be taken out.
    fn split(&mut self, stmts: Vec<Stmt>, built: &BTreeSet<Reg>) -> Vec<Stmt> {
        let mut left = Vec::new();
        let (mut row, mut row_size, mut n_tries) = (Vec::new(), 0, 0);
        for stmt in stmts {
            let stmt_size = size_of(&stmt);
            if stmt_size > 2 * PART || !may_move(&stmt) {
                left.append(&mut row);
                left.push(stmt);
                (row_size, n_tries) = (0, 0);
                continue;
            }
            // Where there was a conflict there is no value, and the next statement asks.
            let may_end = !matches!(stmt, Stmt::Finish { conflict: Some(_), .. });
            row.push(stmt);
            row_size += stmt_size;
            if row_size < PART || !may_end {
                continue;
            }
            n_tries += 1;
            if let Some(calls) = self.taken_out(&row, built) {
                left.extend(calls);
                row.clear();
            } else if n_tries == TRIES_MAX {
                left.append(&mut row);
            } else {
                continue;
            }
            (row_size, n_tries) = (0, 0);
        }
        left.append(&mut row);
        left
    }

    /// What stands in a row's place, if it can be taken out.
    fn taken_out(&mut self, row: &[Stmt], built: &BTreeSet<Reg>) -> Option<Vec<Stmt>> {
        let mut inside = BTreeMap::new();
        row.iter().for_each(|stmt| visit_one(stmt, &mut |it| count(it, &mut inside)));
        let shared = self.shared(row, &inside);
        let effect = shared.effect(row, built)?;
        let params: Vec<Reg> = shared.read.difference(&shared.written).copied().collect();
        if params.len() > PARAMS_MAX || params.iter().any(|reg| self.uncertain.contains(reg)) {
            return None;
        }
        let own = inside.keys().copied().filter(|reg| !params.contains(reg)).collect();
        let calls = self.call(row.to_vec(), params, own, effect);
        self.note(&inside, &calls);
        Some(calls)
    }

    /// What a row shares with the rest; `inside` is how often it uses each register.
    fn shared(&self, row: &[Stmt], inside: &BTreeMap<Reg, usize>) -> Shared {
        let is_shared = |reg: &Reg| inside.get(reg) != self.uses.get(reg) || reg.0 < self.n_params;
        let mut shared = Shared { adds_only: true, ..Shared::default() };
        let mut look = |stmt: &Stmt| {
            shared.written.extend(operands::written(stmt).into_iter().filter(is_shared));
            shared.read.extend(operands::read(stmt).into_iter().filter(is_shared));
            if let Some(builder) = operands::builder(stmt).filter(is_shared) {
                shared.builders.insert(builder);
                shared.adds_only &= matches!(stmt, Stmt::Append { .. } | Stmt::Insert { .. });
            }
        };
        row.iter().for_each(|stmt| visit_one(stmt, &mut look));
        shared
    }

    /// Notes that a row's uses of registers are gone and those of the calls are there.
    fn note(&mut self, gone: &BTreeMap<Reg, usize>, calls: &[Stmt]) {
        for (reg, n_gone) in gone {
            self.uses.entry(*reg).and_modify(|n_uses| *n_uses = n_uses.saturating_sub(*n_gone));
        }
        calls.iter().for_each(|call| visit_one(call, &mut |it| count(it, &mut self.uses)));
    }

    /// Makes a function of a row, and gives the statements that call it.
    fn call(
        &mut self,
        mut stmts: Vec<Stmt>,
        params: Vec<Reg>,
        own: Vec<Reg>,
        effect: Effect,
    ) -> Vec<Stmt> {
        let function = FuncId((self.first + self.rows.len()) as u32);
        let (n_params, mut n_regs) = (params.len() as u32, (params.len() + own.len()) as u32);
        let to: BTreeMap<Reg, Reg> =
            params.iter().chain(&own).copied().zip((0..).map(Reg)).collect();
        let rename = |reg: Reg| to.get(&reg).copied().unwrap_or(reg);
        stmts.iter_mut().for_each(|stmt| rename_in(stmt, &rename));
        let result = Reg(n_regs);
        n_regs += 1;
        let calls = match effect {
            Effect::Gives(given) => {
                let result = match given.as_slice() {
                    [] => {
                        let value = self.constants.id(&Value::Boolean(true));
                        stmts.push(Stmt::Const { dst: result, value });
                        result
                    }
                    [given] => rename(*given),
                    given => {
                        let items = given.iter().map(|reg| rename(*reg)).collect();
                        stmts.push(Stmt::Array { dst: result, items });
                        result
                    }
                };
                stmts.push(Stmt::Return { src: result });
                self.given(function, params, &given)
            }
            Effect::AddsTo(builder) => {
                let kind = self.kinds.get(&builder).copied().unwrap_or(Collection::Array);
                let own = rename(builder);
                stmts.insert(0, Stmt::Start { dst: own, kind });
                stmts.push(Stmt::Finish { dst: result, builder: own, conflict: None });
                stmts.push(Stmt::Return { src: result });
                let dst = self.reg();
                let call = Stmt::Call { dst, function, args: params };
                vec![call, self.add_all(dst, builder, kind)]
            }
        };
        self.rows.push(Function {
            name: format!("{}, row {}", self.name, self.rows.len() + 1),
            n_params,
            n_regs,
            is_memo: false,
            body: Block { stmts },
        });
        calls
    }

    /// Calls a row's function and takes what it gives.
    fn given(&mut self, function: FuncId, args: Vec<Reg>, given: &[Reg]) -> Vec<Stmt> {
        if let [dst] = given {
            return vec![Stmt::Call { dst: *dst, function, args }];
        }
        let all = self.reg();
        let mut stmts = vec![Stmt::Call { dst: all, function, args }];
        for (at, dst) in given.iter().enumerate() {
            let key = self.reg();
            let value = self.constants.id(&Value::from(at as i64));
            stmts.push(Stmt::Const { dst: key, value });
            stmts.push(Stmt::Get { dst: *dst, collection: all, key });
        }
        stmts
    }

    /// Adds what a row has put together to the collection.
    fn add_all(&mut self, collection: Reg, builder: Reg, kind: Collection) -> Stmt {
        let (key, value) = (self.reg(), self.reg());
        let add = match kind {
            Collection::Object => Stmt::Insert { builder, key, value },
            Collection::Array | Collection::Set => Stmt::Append { builder, value },
        };
        Stmt::Scan { collection, key, value, body: Block { stmts: vec![add] } }
    }

    fn reg(&mut self) -> Reg {
        self.n_regs += 1;
        Reg(self.n_regs - 1)
    }
}

/// The collections that these statements start and finish, without a conflict: where one of them fails, nobody sees what
/// was added.
fn built_in(stmts: &[Stmt]) -> BTreeSet<Reg> {
    let started: BTreeSet<Reg> = stmts
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Start { dst, .. } => Some(*dst),
            _ => None,
        })
        .collect();
    let finished = stmts.iter().filter_map(|stmt| match stmt {
        Stmt::Finish { builder, conflict: None, .. } => Some(*builder),
        _ => None,
    });
    finished.filter(|builder| started.contains(builder)).collect()
}

/// Whether a statement means the same in another function.
fn may_move(stmt: &Stmt) -> bool {
    let mut returns = false;
    visit_one(stmt, &mut |it| returns |= matches!(it, Stmt::Return { .. }));
    !returns && !breaks_out(stmt)
}

/// Whether a row that has not failed has given the register a value, in one place, and looks at no value from before.
fn gives(row: &[Stmt], reg: Reg) -> bool {
    let n_uses = |stmt: &Stmt| {
        let mut uses = BTreeMap::new();
        visit_one(stmt, &mut |it| count(it, &mut uses));
        uses.get(&reg).copied().unwrap_or(0)
    };
    let Some(first) = row.iter().position(|stmt| n_uses(stmt) > 0) else { return false };
    let is_set = gives_a_value(&row[first])
        && operands::written(&row[first]).contains(&reg)
        && operands::blocks(&row[first]).is_empty()
        && n_uses(&row[first]) == 1;
    let mut is_set_again = false;
    row[first + 1..].iter().for_each(|stmt| {
        visit_one(stmt, &mut |it| is_set_again |= operands::written(it).contains(&reg));
    });
    is_set && !is_set_again
}

fn rename_in(stmt: &mut Stmt, to: &impl Fn(Reg) -> Reg) {
    operands::rename(stmt, to);
    for block in operands::blocks_mut(stmt) {
        block.stmts.iter_mut().for_each(|inner| rename_in(inner, to));
    }
}

fn count(stmt: &Stmt, uses: &mut BTreeMap<Reg, usize>) {
    let all = operands::read(stmt).into_iter().chain(operands::written(stmt));
    for reg in all.chain(operands::builder(stmt)) {
        *uses.entry(reg).or_default() += 1;
    }
}
