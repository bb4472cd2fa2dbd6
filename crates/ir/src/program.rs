//! The intermediate form: functions over registers with structured control flow.
//!
//! **Registers** hold one value or *undefined*. All registers of a function are undefined when it starts, parameters
//! excepted; registers are not reset when a loop body runs again, whoever needs that says [`Stmt::Clear`].
//!
//! **Blocks and failure.** A statement can *fail*: it then leaves the innermost block it stands in, to the place where
//! that block would have ended. A block that is run to its end and one that failed go on at the same place; what
//! differs is what they did before. So `block { test r1; r2 = const true }` gives r2 a value only if r1 holds. In the
//! body of a [`Stmt::Scan`], failing goes on with the next element. At the end of a function's body the function
//! returns undefined; values are returned by [`Stmt::Return`].
//!
//! **Errors** ([`Stmt::Raise`], conflicts, built-ins in strict mode) are remembered, the first one wins; the evaluation
//! goes on with undefined and its answer is the error, whatever else it computes. Only [`Stmt::Forget`] takes that back.

use std::sync::Arc;

use palisade_diag::Span;
use palisade_value::Value;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    };
}

id!(
    /// A register of a function.
    Reg
);
id!(
    /// A constant, an index into [`Program::constants`].
    ConstId
);
id!(
    /// A function, an index into [`Program::functions`].
    FuncId
);
id!(
    /// A built-in, an index into [`Program::builtins`].
    BuiltinId
);
id!(
    /// A regular expression that is known, an index into [`Program::patterns`].
    PatternId
);
id!(
    /// A rule as written, an index into [`Program::rules`].
    HeldId
);
id!(
    /// A replacement slot, an index into [`Program::slots`]. See [`Stmt::With`].
    SlotId
);
id!(
    /// A block that can be left by name; unique in its function.
    Label
);

/// A whole program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Constants of all functions, none twice.
    pub constants: Vec<Value>,
    /// The functions.
    pub functions: Vec<Function>,
    /// The built-ins that are called.
    pub builtins: Vec<Builtin>,
    /// Regular expressions that are known, for the built-ins that take one.
    pub patterns: Vec<Pattern>,
    /// What the module offers.
    pub entrypoints: Vec<Entrypoint>,
    /// The rules that [`Stmt::Held`] marks.
    pub rules: Vec<RuleInfo>,
    /// The replacement slots, by name for people. Slot 0 is always `input`.
    pub slots: Vec<String>,
    /// Base data known at build time.
    pub data: DataDocument,
}

/// Base data known at build time: an object, empty where there is none.
#[derive(Clone, Debug)]
pub struct DataDocument(pub Value);

impl Default for DataDocument {
    fn default() -> DataDocument {
        DataDocument(Value::empty_object())
    }
}

/// A built-in that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its Rego name.
    pub name: String,
    /// How many arguments it takes.
    pub arity: usize,
    /// Of a function of the host: where in the sources it is called, of what became a part of the program.
    pub calls: Vec<Span>,
}

/// A regular expression that is known when the module is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// As the policy has it.
    pub source: String,
    /// As tables, in the layout of `palisade_builtins::regexes::tables`.
    pub tables: Vec<u8>,
}

/// What the module offers to its host.
#[derive(Clone, Debug)]
pub struct Entrypoint {
    /// The path with slashes: `authz/allow`.
    pub path: String,
    /// A function without parameters; its value is the decision's result.
    pub function: FuncId,
}

/// A rule as written, for explanations.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// The document, with dots: `data.authz.allow`.
    pub path: String,
    /// The file it stands in.
    pub file: String,
    /// The row it starts in.
    pub row: u32,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// For people and the module's name section: `data.authz.allow`.
    pub name: String,
    /// The parameters: registers `0..n_params`.
    pub n_params: u32,
    /// How many registers it uses, parameters included.
    pub n_regs: u32,
    /// Whether its value is kept for the rest of the evaluation. Only without parameters.
    pub is_memo: bool,
    /// What it does.
    pub body: Block,
}

/// Statements in order. See the module's documentation for how a block ends.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// In order.
    pub stmts: Vec<Stmt>,
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// The collections that are built element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collection {
    /// An array, in the order of insertion.
    Array,
    /// A set.
    Set,
    /// An object.
    Object,
}

/// The kinds of value that can be tested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// An array.
    Array,
    /// An object.
    Object,
    /// A set.
    Set,
    /// Anything that can be scanned.
    Collection,
}

/// One statement. "Fails" is explained in the module's documentation.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `dst = constant`
    Const {
        /// Where to.
        dst: Reg,
        /// What.
        value: ConstId,
    },
    /// `dst = src`, undefined included.
    Move {
        /// Where to.
        dst: Reg,
        /// What.
        src: Reg,
    },
    /// `dst` becomes undefined.
    Clear {
        /// Which.
        dst: Reg,
    },
    /// The input document or what stands in it under string keys; fails if undefined. Sees `with input`.
    Input {
        /// Where to.
        dst: Reg,
        /// The keys, outermost first; empty for the whole input.
        path: Vec<String>,
    },
    /// Base data under string keys; fails if undefined. Sees no replacement: lowering reads slots itself.
    Data {
        /// Where to.
        dst: Reg,
        /// The keys, outermost first; empty for all base data.
        path: Vec<String>,
    },
    /// What a replacement slot holds; undefined if nothing. Never fails.
    Slot {
        /// Where to.
        dst: Reg,
        /// Which.
        slot: SlotId,
    },
    /// What stands in `collection` under `key`; fails if undefined. Sets have their members as keys.
    Get {
        /// Where to.
        dst: Reg,
        /// Where from; anything but a collection fails.
        collection: Reg,
        /// The key.
        key: Reg,
    },
    /// `dst` = `base` with `value` put at `path`: missing or non-object parents become objects.
    /// An undefined `base` is an empty object. Never fails.
    Put {
        /// Where to.
        dst: Reg,
        /// The document.
        base: Reg,
        /// The keys, outermost first, at least one.
        path: Vec<ConstId>,
        /// What is put.
        value: Reg,
    },
    /// Fails if the register is undefined.
    Defined {
        /// Which.
        src: Reg,
    },
    /// Fails if the register has a value.
    Undefined {
        /// Which.
        src: Reg,
    },
    /// Fails if the register is undefined or `false`.
    Test {
        /// Which.
        src: Reg,
    },
    /// Fails unless the value is of the kind.
    Is {
        /// Which.
        src: Reg,
        /// The kind.
        ty: Type,
    },
    /// Fails unless the array has exactly this many elements, or the object this many entries.
    Length {
        /// Which.
        src: Reg,
        /// How many.
        length: u32,
    },
    /// Fails unless the comparison holds. Both sides are defined.
    Compare {
        /// Which comparison.
        op: Compare,
        /// Left.
        lhs: Reg,
        /// Right.
        rhs: Reg,
    },
    /// Calls a function; fails if its value is undefined.
    Call {
        /// Where to.
        dst: Reg,
        /// What.
        function: FuncId,
        /// With what; as many as it has parameters, all defined.
        args: Vec<Reg>,
    },
    /// Calls a built-in; fails if its value is undefined or it has an error.
    Builtin {
        /// Where to.
        dst: Reg,
        /// What.
        builtin: BuiltinId,
        /// With what; all defined.
        args: Vec<Reg>,
        /// The regular expression among the arguments, where it is known.
        pattern: Option<PatternId>,
        /// Where in the source, for the error that it may raise; absent where several places share the call.
        location: Option<Location>,
    },
    /// An array of these elements.
    Array {
        /// Where to.
        dst: Reg,
        /// In order.
        items: Vec<Reg>,
    },
    /// A set of these members.
    Set {
        /// Where to.
        dst: Reg,
        /// In any order, repetitions allowed.
        items: Vec<Reg>,
    },
    /// An object of these entries. Two values for one key: the later one wins.
    Object {
        /// Where to.
        dst: Reg,
        /// In any order.
        entries: Vec<(Reg, Reg)>,
    },
    /// Starts a collection. Until [`Stmt::Finish`] the register may only be used by `Append`, `Insert` and `Finish`.
    Start {
        /// The builder.
        dst: Reg,
        /// Of what.
        kind: Collection,
    },
    /// Adds to an array or set that is being built.
    Append {
        /// The builder.
        builder: Reg,
        /// What.
        value: Reg,
    },
    /// Adds to an object that is being built. [`Stmt::Finish`] says what two different values for one key are.
    Insert {
        /// The builder.
        builder: Reg,
        /// Under which key.
        key: Reg,
        /// What.
        value: Reg,
    },
    /// Ends a collection: `dst` is the array, set or object. `conflict` is raised if an object has a key with two
    /// different values; without it, the later value wins.
    Finish {
        /// Where to.
        dst: Reg,
        /// The builder; it may not be used any more.
        builder: Reg,
        /// The error of a conflict; absent for arrays, sets and literals.
        conflict: Option<ErrorInfo>,
    },
    /// Puts `over` on top of `under`, objects merged key by key and deeply where both are objects; where only one is
    /// defined, that one; undefined if neither is. Where both are defined and not objects, `under` stays.
    /// Virtual documents (`under`) with base data (`over`), for instance. Never fails.
    Merge {
        /// Where to.
        dst: Reg,
        /// Has precedence.
        under: Reg,
        /// Gives what the other lacks.
        over: Reg,
    },
    /// If `dst` is undefined it becomes `src`; if it is another value than `src`, the error is raised.
    AssignOnce {
        /// The document's value so far.
        dst: Reg,
        /// A further value of it.
        src: Reg,
        /// The error of a conflict.
        conflict: ErrorInfo,
    },
    /// Raises an error.
    Raise {
        /// Which.
        error: ErrorInfo,
    },
    /// Fails if an error has been raised.
    Sound,
    /// Forgets the error that has been raised and what came of it, values kept since and rules that held since; fails if
    /// there is none.
    Forget,
    /// Notes that a rule's body held.
    Held {
        /// Which.
        rule: HeldId,
    },
    /// Runs the body for each entry of a collection in order: arrays by index, objects and sets sorted by key.
    /// Anything else has no entries. Never fails itself.
    Scan {
        /// What.
        collection: Reg,
        /// Gets the index, the key or the member.
        key: Reg,
        /// Gets the element, the value or the member.
        value: Reg,
        /// What is done; failing goes on with the next entry.
        body: Block,
    },
    /// Runs the body once.
    Block {
        /// The name for [`Stmt::Break`].
        label: Option<Label>,
        /// What is done.
        body: Block,
    },
    /// Leaves a block around this statement, however deep, but never across a function or a [`Stmt::With`].
    Break {
        /// Which.
        label: Label,
    },
    /// Runs the body; if it comes to its end without failing, this statement fails.
    Not {
        /// What must fail.
        body: Block,
    },
    /// Goes into the case whose constant equals the subject, else into `otherwise`. The subject is defined.
    Match {
        /// What is compared.
        subject: Reg,
        /// Constants, none twice, and what is done. Failing in a case ends the whole statement, without failing it.
        cases: Vec<(ConstId, Block)>,
        /// What is done if none equals.
        otherwise: Block,
    },
    /// Runs the body while slots hold other values, then puts the old ones back. Values kept by memo functions are set
    /// aside for the body. The body is left only by its end or by failing: no `Return` or `Break` leads out of it.
    With {
        /// Slots and the registers whose value they get; an undefined register empties the slot.
        slots: Vec<(SlotId, Reg)>,
        /// What is done.
        body: Block,
    },
    /// Ends the function with this value, undefined included.
    Return {
        /// The value.
        src: Reg,
    },
}

/// A place in a source file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub file: Arc<str>,
    /// The row in it, from 1.
    pub row: u32,
    /// The column in it, from 1.
    pub col: u32,
}

/// An error as the decision document shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// OPA's code: `eval_conflict_error`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where in the source.
    pub location: Location,
}

/// Calls `visit` for every statement, nested ones included, outer ones first.
pub fn visit<'a>(block: &'a Block, visit_one: &mut dyn FnMut(&'a Stmt)) {
    for stmt in &block.stmts {
        visit_one(stmt);
        match stmt {
            Stmt::Scan { body, .. }
            | Stmt::Block { body, .. }
            | Stmt::Not { body }
            | Stmt::With { body, .. } => visit(body, visit_one),
            Stmt::Match { cases, otherwise, .. } => {
                for (_, case) in cases {
                    visit(case, visit_one);
                }
                visit(otherwise, visit_one);
            }
            _ => {}
        }
    }
}
