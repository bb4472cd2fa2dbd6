//! One function being made: its registers, its blocks and the variables that have a value.

use palisade_diag::Span;
use palisade_rego::checked::{LocalId, Scope, Term};
use palisade_value::Value;

use super::bodies::Purpose;
use super::module::{Key, Module};
use crate::lower::LowerError;
use crate::program::{Block, Collection, ErrorInfo, Function, Label, Reg, Stmt};

/// What lowering gives: nothing, the statements go to the emitter.
pub(super) type Done = Result<(), LowerError>;

/// What follows once a value is in a register. Called at most once, perhaps inside loops.
pub(super) type Next<'k, 'm, 'p> = &'k mut dyn FnMut(&mut Emitter<'m, 'p>, Reg) -> Done;

/// What follows without a value.
pub(super) type Then<'k, 'm, 'p> = &'k mut dyn FnMut(&mut Emitter<'m, 'p>) -> Done;

/// The function being made.
pub(super) struct Emitter<'m, 'p> {
    /// The program around it.
    pub module: &'m mut Module<'p>,
    /// The registers of the variables that have a value, by [`LocalId`].
    pub locals: Vec<Option<Reg>>,
    /// What the solutions of the body being lowered are for.
    pub purpose: Purpose,
    names: Option<&'p Scope>,
    out: Vec<Stmt>,
    depth: u32,
    clause_depth: u32,
    n_params: u32,
    n_regs: u32,
    n_labels: u32,
}

impl<'m, 'p> Emitter<'m, 'p> {
    pub(super) fn new(module: &'m mut Module<'p>, n_params: u32) -> Emitter<'m, 'p> {
        let (locals, out) = (Vec::new(), Vec::new());
        Emitter {
            module,
            locals,
            purpose: Purpose::each(),
            names: None,
            out,
            depth: 0,
            clause_depth: 0,
            n_params,
            n_regs: n_params,
            n_labels: 0,
        }
    }

    pub(super) fn finish(self, name: String, is_memo: bool) -> Function {
        let body = Block { stmts: self.out };
        Function { name, n_params: self.n_params, n_regs: self.n_regs, is_memo, body }
    }

    /// Starts a rule or query: none of its variables has a value.
    pub(super) fn scope(&mut self, scope: &'p Scope) {
        self.names = Some(scope);
        self.locals = vec![None; scope.locals.len()];
    }

    /// A new register.
    pub(super) fn reg(&mut self) -> Reg {
        self.n_regs += 1;
        Reg(self.n_regs - 1)
    }

    /// A new name for a block.
    pub(super) fn label(&mut self) -> Label {
        self.n_labels += 1;
        Label(self.n_labels - 1)
    }

    /// How many blocks are around the next statement.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// Notes that a clause of a rule starts here.
    pub(super) fn enter_clause(&mut self) {
        self.clause_depth = self.depth;
    }

    /// Whether the next statement can run several times in the clause.
    pub(super) fn is_repeated(&self) -> bool {
        self.depth > self.clause_depth
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, stmt: Stmt) {
        self.out.push(stmt);
    }

    /// The statements that `fill` adds, as a block of their own.
    pub(super) fn nested<T>(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Result<T, LowerError>,
    ) -> Result<(Block, T), LowerError> {
        self.depth += 1;
        let result = self.apart(fill);
        self.depth -= 1;
        result
    }

    /// The statements that `fill` adds, still to be put into the block around them.
    pub(super) fn apart<T>(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Result<T, LowerError>,
    ) -> Result<(Block, T), LowerError> {
        let outer = std::mem::take(&mut self.out);
        let result = fill(self);
        let stmts = std::mem::replace(&mut self.out, outer);
        Ok((Block { stmts }, result?))
    }

    /// A block without a name.
    pub(super) fn block(&mut self, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        let (body, ()) = self.nested(fill)?;
        self.push(Stmt::Block { label: None, body });
        Ok(())
    }

    /// A block that can be left by its name.
    pub(super) fn labelled(&mut self, fill: impl FnOnce(&mut Self, Label) -> Done) -> Done {
        let label = self.label();
        let (body, ()) = self.nested(|e| fill(e, label))?;
        self.push(Stmt::Block { label: Some(label), body });
        Ok(())
    }

    /// The same with a label that is there already.
    pub(super) fn labelled_as(
        &mut self,
        label: Label,
        fill: impl FnOnce(&mut Self) -> Done,
    ) -> Done {
        let (body, ()) = self.nested(fill)?;
        self.push(Stmt::Block { label: Some(label), body });
        Ok(())
    }

    /// A loop over a collection.
    pub(super) fn scan(
        &mut self,
        collection: Reg,
        fill: impl FnOnce(&mut Self, Reg, Reg) -> Done,
    ) -> Done {
        let (key, value) = (self.reg(), self.reg());
        let (body, ()) = self.nested(|e| fill(e, key, value))?;
        self.push(Stmt::Scan { collection, key, value, body });
        Ok(())
    }

    /// A register with a constant.
    pub(super) fn constant(&mut self, value: &Value) -> Reg {
        let dst = self.reg();
        self.set(dst, value);
        dst
    }

    /// Puts a constant into a register.
    pub(super) fn set(&mut self, dst: Reg, value: &Value) {
        let value = self.module.constant(value);
        self.push(Stmt::Const { dst, value });
    }

    /// Marks something by giving a register a value.
    pub(super) fn mark(&mut self, flag: Reg) {
        self.set(flag, &Value::Boolean(true));
    }

    /// A register that is undefined, even when a loop comes here again.
    pub(super) fn cleared(&mut self) -> Reg {
        let dst = self.reg();
        self.push(Stmt::Clear { dst });
        dst
    }

    /// What stands under a key.
    pub(super) fn get(&mut self, collection: Reg, key: Reg) -> Reg {
        let dst = self.reg();
        self.push(Stmt::Get { dst, collection, key });
        dst
    }

    /// What stands under a constant key.
    pub(super) fn get_const(&mut self, collection: Reg, key: &Value) -> Reg {
        let key = self.constant(key);
        self.get(collection, key)
    }

    /// What stands under constant keys, outermost first.
    pub(super) fn get_path(&mut self, collection: Reg, path: &[Value]) -> Reg {
        path.iter().fold(collection, |at, key| self.get_const(at, key))
    }

    /// An array of registers.
    pub(super) fn array(&mut self, items: Vec<Reg>) -> Reg {
        let dst = self.reg();
        self.push(Stmt::Array { dst, items });
        dst
    }

    /// Starts a collection.
    pub(super) fn start(&mut self, kind: Collection) -> Reg {
        let dst = self.reg();
        self.push(Stmt::Start { dst, kind });
        dst
    }

    /// Ends a collection; fails on a conflict.
    pub(super) fn close(&mut self, builder: Reg, conflict: Option<ErrorInfo>) -> Reg {
        let dst = self.reg();
        let can_fail = conflict.is_some();
        self.push(Stmt::Finish { dst, builder, conflict });
        if can_fail {
            self.push(Stmt::Defined { src: dst });
        }
        dst
    }

    /// Calls the function for something.
    pub(super) fn call_key(&mut self, key: Key, args: Vec<Reg>) -> Reg {
        let function = self.module.function(key);
        let dst = self.reg();
        self.push(Stmt::Call { dst, function, args });
        dst
    }

    /// Compares for equality.
    pub(super) fn equal(&mut self, lhs: Reg, rhs: Reg) {
        self.push(Stmt::Compare { op: crate::program::Compare::Equal, lhs, rhs });
    }

    /// The register of a variable, if it has a value.
    pub(super) fn local(&self, id: LocalId) -> Option<Reg> {
        self.locals.get(id.0 as usize).copied().flatten()
    }

    /// Gives a variable its value.
    pub(super) fn bind(&mut self, id: LocalId, value: Reg) {
        if let Some(local) = self.locals.get_mut(id.0 as usize) {
            *local = Some(value);
        }
    }

    /// Lowers something whose variables are not visible afterwards.
    pub(super) fn closed<T>(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Result<T, LowerError>,
    ) -> Result<T, LowerError> {
        let locals = self.locals.clone();
        let result = fill(self);
        self.locals = locals;
        result
    }

    /// The error of a variable without a value.
    pub(super) fn unbound(&self, id: LocalId, term: &Term) -> LowerError {
        let local = self.names.and_then(|scope| scope.locals.get(id.0 as usize));
        let name = local.map(|local| local.name.clone()).unwrap_or_default();
        self.unbound_at(name, term.span)
    }

    /// The error of a term that can't be evaluated where it stands.
    pub(super) fn unbound_at(&self, name: String, span: Span) -> LowerError {
        let files = &self.module.source.files;
        LowerError::Unbound {
            name,
            file: files.name(span.file).to_owned(),
            row: files.start(span).row,
        }
    }
}
