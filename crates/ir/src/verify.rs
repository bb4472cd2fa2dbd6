//! Checks what the other parts of the compiler take for granted. A violation is a defect of lowering or of a pass.

use std::collections::{BTreeMap, BTreeSet};

use crate::operands;
use crate::program::{Block, Collection, Function, Label, Program, Reg, Stmt, visit};

/// The violations of a program, as text; none if all is well.
///
/// Ids must exist, calls pass as many arguments as the callee takes, names of blocks are unique and in scope where they
/// are used, nothing leads out of a [`Stmt::With`], builders are used as builders only and by the statements for their
/// kind, memo functions and entrypoints have no parameters.
pub fn verify(program: &Program) -> Vec<String> {
    let mut violations = Vec::new();
    for entrypoint in &program.entrypoints {
        match program.functions.get(entrypoint.function.0 as usize) {
            Some(function) if function.n_params == 0 => {}
            Some(_) => violations
                .push(format!("entrypoint {}: its function has parameters", entrypoint.path)),
            None => violations.push(format!("entrypoint {}: no such function", entrypoint.path)),
        }
    }
    if !matches!(program.data.0, palisade_value::Value::Object(_)) {
        violations.push("data is no object".to_owned());
    }
    for function in &program.functions {
        let mut check = Check::new(program, function);
        check.function();
        violations
            .extend(check.violations.into_iter().map(|text| format!("{}: {text}", function.name)));
    }
    violations
}

struct Check<'p> {
    program: &'p Program,
    function: &'p Function,
    builders: BTreeMap<Reg, Collection>,
    labels: BTreeSet<Label>,
    /// The names of the blocks around, those outside of a `With` removed.
    in_scope: Vec<Label>,
    in_with: bool,
    violations: Vec<String>,
}

impl<'p> Check<'p> {
    fn new(program: &'p Program, function: &'p Function) -> Check<'p> {
        Check {
            program,
            function,
            builders: BTreeMap::new(),
            labels: BTreeSet::new(),
            in_scope: Vec::new(),
            in_with: false,
            violations: Vec::new(),
        }
    }

    fn function(&mut self) {
        let function = self.function;
        self.require(!function.is_memo || function.n_params == 0, || {
            "memo function with parameters".to_owned()
        });
        self.require(function.n_params <= function.n_regs, || {
            "more parameters than registers".to_owned()
        });
        visit(&function.body, &mut |stmt| {
            if let Stmt::Start { dst, kind } = stmt
                && self.builders.insert(*dst, *kind).is_some_and(|other| other != *kind)
            {
                self.violations.push(format!("r{} builds different kinds of collection", dst.0));
            }
        });
        self.block(&function.body);
    }

    fn require(&mut self, holds: bool, text: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(text());
        }
    }

    fn block(&mut self, block: &'p Block) {
        for stmt in &block.stmts {
            self.registers(stmt);
            self.ids(stmt);
            self.control(stmt);
        }
    }

    fn registers(&mut self, stmt: &Stmt) {
        let used = operands::read(stmt);
        for reg in used.iter().chain(&operands::written(stmt)).chain(&operands::builder(stmt)) {
            self.require(reg.0 < self.function.n_regs, || format!("r{} does not exist", reg.0));
        }
        for reg in &used {
            let is_builder = self.builders.contains_key(reg);
            self.require(!is_builder, || format!("r{} is a builder and read as a value", reg.0));
        }
        let is_start = matches!(stmt, Stmt::Start { .. });
        for reg in operands::written(stmt) {
            let is_builder = self.builders.contains_key(&reg);
            self.require(is_start || !is_builder, || {
                format!("r{} is a builder and overwritten", reg.0)
            });
        }
        let Some(builder) = operands::builder(stmt) else { return };
        let fits = match (stmt, self.builders.get(&builder)) {
            (_, None) => false,
            (Stmt::Append { .. }, Some(kind)) => *kind != Collection::Object,
            (Stmt::Insert { .. }, Some(kind)) => *kind == Collection::Object,
            _ => true,
        };
        self.require(fits, || format!("r{} is no builder of the kind that is needed", builder.0));
    }

    fn ids(&mut self, stmt: &Stmt) {
        let program = self.program;
        match stmt {
            Stmt::Const { value, .. } => self.constant(value.0),
            Stmt::Put { path, .. } => {
                self.require(!path.is_empty(), || "put at an empty path".to_owned());
                path.iter().for_each(|key| self.constant(key.0));
            }
            Stmt::Match { cases, .. } => {
                cases.iter().for_each(|(value, _)| self.constant(value.0));
                let distinct: BTreeSet<_> = cases.iter().map(|(value, _)| value).collect();
                self.require(distinct.len() == cases.len(), || {
                    "a match has a constant twice".to_owned()
                });
            }
            Stmt::Slot { slot, .. } => self.slot(slot.0),
            Stmt::With { slots, .. } => slots.iter().for_each(|(slot, _)| self.slot(slot.0)),
            Stmt::Held { rule } => {
                self.require((rule.0 as usize) < program.rules.len(), || {
                    format!("rule {} does not exist", rule.0)
                });
            }
            Stmt::Call { function, args, .. } => match program.functions.get(function.0 as usize) {
                Some(callee) => self.require(callee.n_params as usize == args.len(), || {
                    format!("{} arguments for {}", args.len(), callee.name)
                }),
                None => self.violations.push(format!("function {} does not exist", function.0)),
            },
            Stmt::Builtin { builtin, args, pattern, .. } => {
                match program.builtins.get(builtin.0 as usize) {
                    Some(callee) => self.require(callee.arity == args.len(), || {
                        format!("{} arguments for {}", args.len(), callee.name)
                    }),
                    None => self.violations.push(format!("built-in {} does not exist", builtin.0)),
                }
                let n_patterns = program.patterns.len();
                let exists = pattern.is_none_or(|it| (it.0 as usize) < n_patterns);
                self.require(exists, || "a pattern does not exist".to_owned());
            }
            _ => {}
        }
    }

    fn constant(&mut self, id: u32) {
        let exists = (id as usize) < self.program.constants.len();
        self.require(exists, || format!("constant {id} does not exist"));
    }

    fn slot(&mut self, id: u32) {
        let exists = (id as usize) < self.program.slots.len();
        self.require(exists, || format!("slot {id} does not exist"));
    }

    fn control(&mut self, stmt: &'p Stmt) {
        match stmt {
            Stmt::Scan { body, .. } | Stmt::Not { body } => self.block(body),
            Stmt::Block { label, body } => self.labelled(*label, body),
            Stmt::Match { cases, otherwise, .. } => {
                cases.iter().for_each(|(_, case)| self.block(case));
                self.block(otherwise);
            }
            Stmt::With { body, .. } => {
                let outside = (std::mem::take(&mut self.in_scope), self.in_with);
                self.in_with = true;
                self.block(body);
                (self.in_scope, self.in_with) = outside;
            }
            Stmt::Break { label } => {
                let is_reachable = self.in_scope.contains(label);
                self.require(is_reachable, || {
                    format!("break to L{}, which is not around it", label.0)
                });
            }
            Stmt::Return { .. } => {
                let is_outside = !self.in_with;
                self.require(is_outside, || "return inside of with".to_owned());
            }
            _ => {}
        }
    }

    fn labelled(&mut self, label: Option<Label>, body: &'p Block) {
        let Some(label) = label else { return self.block(body) };
        let is_new = self.labels.insert(label);
        self.require(is_new, || format!("L{} names two blocks", label.0));
        self.in_scope.push(label);
        self.block(body);
        self.in_scope.pop();
    }
}
