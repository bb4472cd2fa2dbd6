//! Compiles regular expressions that are constants.
//!
//! A pattern that is compiled when it is needed is compiled in every evaluation, since nothing outlives one; and the
//! compiler for it is most of a module's code. A constant pattern goes into the module as tables instead.
//!
//! **Needs:** nothing. **Guarantees:** calls are the same ones; some know their pattern. Patterns stay as they are where
//! they are no pattern, where their tables would be large, and where what is asked needs the pattern's groups.
//!
//! Measured with `examples/kubernetes`, which matches three short patterns a container: see docs/performance.md.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Value};

use crate::operands;
use crate::program::{Block, ConstId, Pattern, PatternId, Program, Reg, Stmt, visit};

mod automaton;

use automaton::Wanted;

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let mut patterns = Patterns { known: BTreeMap::new(), made: Vec::new() };
    let names: Vec<&str> = program.builtins.iter().map(|it| it.name.as_str()).collect();
    for function in &mut program.functions {
        let constants = constants(&function.body, function.n_params);
        let text = |reg: Reg| text(&program.constants, *constants.get(&reg)?);
        change(&mut function.body, &mut |stmt| {
            let Stmt::Builtin { builtin, args, pattern, .. } = stmt else { return };
            let name = names.get(builtin.0 as usize).copied().unwrap_or("");
            let Some(call) = Call::of(name, args, &text) else { return };
            *pattern = patterns.get(&call);
        });
    }
    program.patterns = patterns.made;
    program
}

/// The registers that are a constant and never anything else.
fn constants(body: &Block, n_params: u32) -> BTreeMap<Reg, ConstId> {
    let mut writes: BTreeMap<Reg, u32> = (0..n_params).map(|it| (Reg(it), 1)).collect();
    let mut constants = BTreeMap::new();
    visit(body, &mut |stmt| {
        for reg in operands::written(stmt) {
            *writes.entry(reg).or_default() += 1;
        }
        if let Stmt::Const { dst, value } = stmt {
            constants.insert(*dst, *value);
        }
    });
    constants.retain(|reg, _| writes.get(reg) == Some(&1));
    constants
}

fn text(constants: &[Value], id: ConstId) -> Option<&str> {
    constants.get(id.0 as usize)?.as_str()
}

/// Calls `change_one` for every statement, nested ones included.
fn change(block: &mut Block, change_one: &mut dyn FnMut(&mut Stmt)) {
    for stmt in &mut block.stmts {
        change_one(stmt);
        for nested in operands::blocks_mut(stmt) {
            change(nested, change_one);
        }
    }
}

/// A call with a constant pattern.
struct Call<'p> {
    pattern: &'p str,
    wanted: Wanted,
}

impl<'p> Call<'p> {
    fn of(name: &str, args: &[Reg], text: &impl Fn(Reg) -> Option<&'p str>) -> Option<Call<'p>> {
        let text = |at: usize| args.get(at).and_then(|reg| text(*reg));
        let (at, wanted) = match name {
            "regex.match" | "re_match" => (0, Wanted::Occurrence),
            "regex.find_n" | "regex.split" => (0, Wanted::Places),
            "regex.find_all_string_submatch_n" => (0, Wanted::PlacesWithoutGroups),
            // A replacement with a dollar sign may name a group.
            "regex.replace" if !text(2)?.contains('$') => (1, Wanted::Places),
            _ => return None,
        };
        Some(Call { pattern: text(at)?, wanted })
    }
}

/// The patterns so far, and those that can't be compiled.
struct Patterns {
    known: BTreeMap<(String, Wanted), Option<PatternId>>,
    made: Vec<Pattern>,
}

impl Patterns {
    fn get(&mut self, call: &Call<'_>) -> Option<PatternId> {
        let key = (call.pattern.to_owned(), call.wanted);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = automaton::tables(call.pattern, call.wanted).map(|tables| {
            self.made.push(Pattern { source: call.pattern.to_owned(), tables });
            PatternId(self.made.len() as u32 - 1)
        });
        self.known.insert(key, id);
        id
    }
}
