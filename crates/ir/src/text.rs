//! The printed form: `palisade build -t ir`.
//!
//! One block a function, two spaces a level, constants inline. A statement that can fail is written as a condition or
//! an assignment; what it leaves is the block around it.

use std::fmt::Write;

use crate::program::{
    Block, Collection, Compare, ConstId, ErrorInfo, Function, Location, Program, Reg, SlotId, Stmt,
    Type,
};

/// The program as text.
pub fn print(program: &Program) -> String {
    let mut printer = Printer { program, out: String::new(), depth: 0 };
    for entrypoint in &program.entrypoints {
        let function = printer.function_name(entrypoint.function.0);
        printer.line(&format!("entrypoint {} = {function}", entrypoint.path));
    }
    for (at, slot) in program.slots.iter().enumerate() {
        printer.line(&format!("slot s{at} = {slot}"));
    }
    for (at, function) in program.functions.iter().enumerate() {
        printer.out.push('\n');
        printer.function(at, function);
    }
    printer.out
}

struct Printer<'p> {
    program: &'p Program,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn function_name(&self, id: u32) -> String {
        let name =
            self.program.functions.get(id as usize).map_or("", |function| function.name.as_str());
        format!("f{id} ({name})")
    }

    fn function(&mut self, at: usize, function: &Function) {
        let params: Vec<String> = (0..function.n_params).map(|at| format!("r{at}")).collect();
        let memo = if function.is_memo { " memo" } else { "" };
        self.line(&format!("function f{at}({}){memo}: {}", params.join(", "), function.name));
        self.block(&function.body);
    }

    fn block(&mut self, block: &Block) {
        self.depth += 1;
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Scan { collection, key, value, body } => {
                self.line(&format!("scan {} as {}, {}:", reg(collection), reg(key), reg(value)));
                self.block(body);
            }
            Stmt::Block { label, body } => {
                match label {
                    Some(label) => self.line(&format!("block L{}:", label.0)),
                    None => self.line("block:"),
                }
                self.block(body);
            }
            Stmt::Not { body } => {
                self.line("not:");
                self.block(body);
            }
            Stmt::Match { subject, cases, otherwise } => {
                self.line(&format!("match {}:", reg(subject)));
                self.depth += 1;
                for (value, case) in cases {
                    self.line(&format!("case {}:", self.constant(value)));
                    self.block(case);
                }
                self.line("otherwise:");
                self.block(otherwise);
                self.depth -= 1;
            }
            Stmt::With { slots, body } => {
                let slots: Vec<String> = slots
                    .iter()
                    .map(|(slot, value)| format!("{} = {}", slot_name(slot), reg(value)))
                    .collect();
                self.line(&format!("with {}:", slots.join(", ")));
                self.block(body);
            }
            simple => {
                let text = self.simple(simple);
                self.line(&text);
            }
        }
    }

    fn simple(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Const { dst, value } => format!("{} = {}", reg(dst), self.constant(value)),
            Stmt::Move { dst, src } => format!("{} = {}", reg(dst), reg(src)),
            Stmt::Clear { dst } => format!("{} = undefined", reg(dst)),
            Stmt::Input { dst, path } => format!("{} = {}", reg(dst), document("input", path)),
            Stmt::Data { dst, path } => format!("{} = base {}", reg(dst), document("data", path)),
            Stmt::Slot { dst, slot } => format!("{} = {}", reg(dst), slot_name(slot)),
            Stmt::Get { dst, collection, key } => {
                format!("{} = {}[{}]", reg(dst), reg(collection), reg(key))
            }
            Stmt::Put { dst, base, path, value } => {
                let mut text = format!("{} = {} with ", reg(dst), reg(base));
                for key in path {
                    let _ = write!(text, "[{}]", self.constant(key));
                }
                let _ = write!(text, " = {}", reg(value));
                text
            }
            Stmt::Defined { src } => format!("defined {}", reg(src)),
            Stmt::Undefined { src } => format!("undefined {}", reg(src)),
            Stmt::Test { src } => format!("test {}", reg(src)),
            Stmt::Is { src, ty } => format!("{} is {}", reg(src), type_name(*ty)),
            Stmt::Length { src, length } => format!("length {} == {length}", reg(src)),
            Stmt::Compare { op, lhs, rhs } => {
                format!("{} {} {}", reg(lhs), operator(*op), reg(rhs))
            }
            Stmt::Call { dst, function, args } => {
                format!("{} = call {}({})", reg(dst), self.function_name(function.0), regs(args))
            }
            Stmt::Builtin { dst, builtin, args, pattern, .. } => {
                let name =
                    self.program.builtins.get(builtin.0 as usize).map_or("", |it| it.name.as_str());
                let how = if pattern.is_some() { " by table" } else { "" };
                format!("{} = {name}({}){how}", reg(dst), regs(args))
            }
            Stmt::Array { dst, items } => format!("{} = [{}]", reg(dst), regs(items)),
            Stmt::Set { dst, items } => format!("{} = set({})", reg(dst), regs(items)),
            Stmt::Object { dst, entries } => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", reg(key), reg(value)))
                    .collect();
                format!("{} = {{{}}}", reg(dst), entries.join(", "))
            }
            Stmt::Start { dst, kind } => format!("start {} {}", collection_name(*kind), reg(dst)),
            Stmt::Append { builder, value } => format!("append {} to {}", reg(value), reg(builder)),
            Stmt::Insert { builder, key, value } => {
                format!("insert {}: {} to {}", reg(key), reg(value), reg(builder))
            }
            Stmt::Finish { dst, builder, conflict } => {
                let text = format!("{} = finish {}", reg(dst), reg(builder));
                conflict
                    .as_ref()
                    .map_or(text.clone(), |error| format!("{text} or {}", error_text(error)))
            }
            Stmt::Merge { dst, under, over } => {
                format!("{} = {} merged with {}", reg(dst), reg(under), reg(over))
            }
            Stmt::AssignOnce { dst, src, conflict } => {
                format!("{} = once {} or {}", reg(dst), reg(src), error_text(conflict))
            }
            Stmt::Raise { error } => format!("raise {}", error_text(error)),
            Stmt::Sound => "sound".to_owned(),
            Stmt::Forget => "forget".to_owned(),
            Stmt::Held { rule } => match self.program.rules.get(rule.0 as usize) {
                Some(rule) => format!("held {} # {}:{}", rule.path, rule.file, rule.row),
                None => format!("held {}", rule.0),
            },
            Stmt::Break { label } => format!("break L{}", label.0),
            Stmt::Return { src } => format!("return {}", reg(src)),
            Stmt::Scan { .. }
            | Stmt::Block { .. }
            | Stmt::Not { .. }
            | Stmt::Match { .. }
            | Stmt::With { .. } => String::new(),
        }
    }

    fn constant(&self, id: &ConstId) -> String {
        self.program
            .constants
            .get(id.0 as usize)
            .map_or_else(|| format!("c{}", id.0), |value| value.to_string())
    }
}

fn reg(reg: &Reg) -> String {
    format!("r{}", reg.0)
}

fn regs(regs: &[Reg]) -> String {
    regs.iter().map(reg).collect::<Vec<_>>().join(", ")
}

fn slot_name(slot: &SlotId) -> String {
    format!("s{}", slot.0)
}

fn document(root: &str, path: &[String]) -> String {
    path.iter().fold(root.to_owned(), |text, key| format!("{text}[{key:?}]"))
}

fn error_text(error: &ErrorInfo) -> String {
    let Location { file, row, col } = &error.location;
    format!("{}: {} # {file}:{row}:{col}", error.code, error.message)
}

fn operator(op: Compare) -> &'static str {
    match op {
        Compare::Equal => "==",
        Compare::NotEqual => "!=",
        Compare::Less => "<",
        Compare::LessEqual => "<=",
        Compare::Greater => ">",
        Compare::GreaterEqual => ">=",
    }
}

fn collection_name(kind: Collection) -> &'static str {
    match kind {
        Collection::Array => "array",
        Collection::Set => "set",
        Collection::Object => "object",
    }
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Array => "array",
        Type::Object => "object",
        Type::Set => "set",
        Type::Collection => "collection",
    }
}
