//! Goes straight to the rules that can hold, by what they compare with constants.
//!
//! Rules of one document are blocks one behind the other. Where several in a row compare the same part of the input, or
//! the same parameter, with constants, a [`Stmt::Match`] on it takes their place; its cases are indexed again by what
//! else they compare. So the time doesn't grow with the number of rules, only with those that can hold.
//!
//! **Needs:** labels of blocks that nothing breaks to are removed. **Guarantees:** blocks stay in their order among
//! those that can run together; only comparisons that can't fail any more are removed.

use std::collections::{BTreeMap, BTreeSet};

use palisade_value::Value;

use crate::operands;
use crate::program::{Block, Compare, ConstId, Program, Reg, Stmt};

/// Rows shorter than this stay as they are.
const ROW_MIN: usize = 3;

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Input(Vec<String>),
    Param(Reg),
}

/// A comparison with a constant that a block can't come past.
struct Test {
    /// The statement.
    at: usize,
    constant: ConstId,
}

/// The comparisons of one block of several.
type Tests = BTreeMap<Subject, Test>;

/// The blocks from one on that compare the same thing.
#[derive(Clone, Copy)]
struct Row {
    length: usize,
    /// Whether they compare it with different values.
    is_varied: bool,
}

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    for function in &mut program.functions {
        let mut index = Index {
            constants: &program.constants,
            n_params: function.n_params,
            n_regs: function.n_regs,
        };
        index.block(&mut function.body);
        function.n_regs = index.n_regs;
    }
    program
}

struct Index<'p> {
    constants: &'p [Value],
    n_params: u32,
    n_regs: u32,
}

impl Index<'_> {
    fn block(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        block.stmts = self.stmts(stmts);
        for stmt in &mut block.stmts {
            operands::blocks_mut(stmt).into_iter().for_each(|nested| self.block(nested));
        }
    }

    /// The statements with every row of blocks indexed.
    fn stmts(&mut self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let tests: Vec<Tests> = stmts.iter().map(|stmt| self.tests(stmt)).collect();
        let rows = self.rows(&tests);
        let mut rest = stmts.into_iter();
        let mut done = Vec::new();
        let mut at = 0;
        while at < tests.len() {
            match self.best_row(&tests[at..], &rows[at]) {
                Some((subject, length)) => {
                    let row: Vec<Stmt> = rest.by_ref().take(length).collect();
                    done.push(self.matching(&subject, row, &tests[at..at + length]));
                    at += length;
                }
                None => {
                    done.extend(rest.next());
                    at += 1;
                }
            }
        }
        done
    }

    /// For every block, the rows that start there.
    fn rows<'t>(&self, tests: &'t [Tests]) -> Vec<BTreeMap<&'t Subject, Row>> {
        let mut rows: Vec<BTreeMap<&Subject, Row>> = Vec::new();
        for (at, own) in tests.iter().enumerate().rev() {
            let next = tests.get(at + 1).zip(rows.last());
            let starting = own.iter().map(|(subject, test)| {
                let behind =
                    next.and_then(|(tests, rows)| Some((tests.get(subject)?, rows.get(subject)?)));
                let row = behind.map_or(Row { length: 1, is_varied: false }, |(other, row)| Row {
                    length: row.length + 1,
                    is_varied: row.is_varied
                        || self.value(other.constant) != self.value(test.constant),
                });
                (subject, row)
            });
            let starting = starting.collect();
            rows.push(starting);
        }
        rows.reverse();
        rows
    }

    /// What a row that starts here is best told apart by, and its length.
    fn best_row(
        &self,
        tests: &[Tests],
        rows: &BTreeMap<&Subject, Row>,
    ) -> Option<(Subject, usize)> {
        let useful = rows.iter().filter(|(_, row)| row.is_varied && row.length >= ROW_MIN);
        let counted = useful.map(|(subject, row)| {
            let row = &tests[..row.length];
            let constants = row.iter().filter_map(|tests| tests.get(subject));
            let values: BTreeSet<&Value> =
                constants.filter_map(|test| self.value(test.constant)).collect();
            (values.len(), row.len(), *subject)
        });
        counted
            .max_by_key(|(distinct, length, _)| (*distinct, *length))
            .map(|(_, length, subject)| (subject.clone(), length))
    }

    fn value(&self, id: ConstId) -> Option<&Value> {
        self.constants.get(id.0 as usize)
    }

    fn matching(&mut self, subject: &Subject, row: Vec<Stmt>, tests: &[Tests]) -> Stmt {
        // By value, not by constant: 1 and 1.0 are two constants and one case.
        let mut cases: BTreeMap<Value, (ConstId, Vec<Stmt>)> = BTreeMap::new();
        for (mut stmt, tests) in row.into_iter().zip(tests) {
            let Some(test) = tests.get(subject) else { continue };
            let Some(value) = self.value(test.constant).cloned() else { continue };
            if let Stmt::Block { body, .. } = &mut stmt {
                remove(body, test.at);
            }
            cases.entry(value).or_insert_with(|| (test.constant, Vec::new())).1.push(stmt);
        }
        let cases =
            cases.into_values().map(|(constant, stmts)| (constant, Block { stmts })).collect();
        let otherwise = Block::default();
        match subject {
            Subject::Param(reg) => Stmt::Match { subject: *reg, cases, otherwise },
            Subject::Input(path) => {
                let dst = Reg(self.n_regs);
                self.n_regs += 1;
                let input = Stmt::Input { dst, path: path.clone() };
                let stmts = vec![input, Stmt::Match { subject: dst, cases, otherwise }];
                Stmt::Block { label: None, body: Block { stmts } }
            }
        }
    }

    /// What a block surely compares with constants, before it does anything that is seen outside.
    fn tests(&self, stmt: &Stmt) -> Tests {
        let mut tests = BTreeMap::new();
        let Stmt::Block { body, .. } = stmt else { return tests };
        let mut constants: BTreeMap<Reg, ConstId> = BTreeMap::new();
        let mut inputs: BTreeMap<Reg, &Vec<String>> = BTreeMap::new();
        for (at, stmt) in body.stmts.iter().enumerate() {
            match stmt {
                Stmt::Const { dst, value } => {
                    constants.insert(*dst, *value);
                }
                Stmt::Input { dst, path } => {
                    inputs.insert(*dst, path);
                }
                Stmt::Compare { op: Compare::Equal, lhs, rhs } => {
                    let sides = [(lhs, rhs), (rhs, lhs)];
                    let found = sides.into_iter().find_map(|(subject, constant)| {
                        Some((self.subject(*subject, &inputs)?, *constants.get(constant)?))
                    });
                    if let Some((subject, constant)) = found {
                        tests.entry(subject).or_insert(Test { at, constant });
                    }
                }
                Stmt::Compare { .. }
                | Stmt::Get { .. }
                | Stmt::Data { .. }
                | Stmt::Clear { .. }
                | Stmt::Is { .. }
                | Stmt::Length { .. }
                | Stmt::Test { .. } => {}
                _ => break,
            }
        }
        tests
    }

    fn subject(&self, reg: Reg, inputs: &BTreeMap<Reg, &Vec<String>>) -> Option<Subject> {
        match inputs.get(&reg) {
            Some(path) => Some(Subject::Input((*path).clone())),
            None => (reg.0 < self.n_params).then_some(Subject::Param(reg)),
        }
    }
}

/// Removes a comparison, and what was loaded only for it.
fn remove(body: &mut Block, at: usize) {
    let sides = operands::read(&body.stmts.remove(at));
    for side in sides {
        let is_load = |stmt: &Stmt| matches!(stmt, Stmt::Const { dst, .. } | Stmt::Input { dst, .. } if *dst == side);
        let Some(load) = body.stmts.iter().take(at).position(is_load) else { continue };
        if !is_used(body, side) {
            body.stmts.remove(load);
        }
    }
}

fn is_used(body: &Block, reg: Reg) -> bool {
    let mut is_used = false;
    crate::program::visit(body, &mut |stmt| is_used |= operands::read(stmt).contains(&reg));
    is_used
}
