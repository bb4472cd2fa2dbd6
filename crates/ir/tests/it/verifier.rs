//! The verifier finds what is wrong.

use palisade_ir::program::{
    Block, Collection, Entrypoint, FuncId, Function, Label, Program, Reg, SlotId, Stmt,
};
use palisade_ir::verify::verify;

#[track_caller]
fn check(stmts: Vec<Stmt>, expected: &[&str]) {
    let function = Function {
        name: "f".to_owned(),
        n_params: 0,
        n_regs: 3,
        is_memo: false,
        body: Block { stmts },
    };
    let program = Program {
        functions: vec![function],
        entrypoints: vec![Entrypoint { path: "p".to_owned(), function: FuncId(0) }],
        slots: vec!["input".to_owned()],
        ..Program::default()
    };
    assert_eq!(verify(&program), expected);
}

fn block(stmts: Vec<Stmt>) -> Block {
    Block { stmts }
}

#[test]
fn registers_and_ids_exist() {
    check(vec![Stmt::Clear { dst: Reg(2) }, Stmt::Return { src: Reg(2) }], &[]);
    check(vec![Stmt::Move { dst: Reg(3), src: Reg(0) }], &["f: r3 does not exist"]);
    check(vec![Stmt::Slot { dst: Reg(0), slot: SlotId(1) }], &["f: slot 1 does not exist"]);
    check(
        vec![Stmt::Call { dst: Reg(0), function: FuncId(0), args: vec![Reg(1)] }],
        &["f: 1 arguments for f"],
    );
}

#[test]
fn builders_are_only_built() {
    let start = Stmt::Start { dst: Reg(0), kind: Collection::Array };
    let append = Stmt::Append { builder: Reg(0), value: Reg(1) };
    let finish = Stmt::Finish { dst: Reg(1), builder: Reg(0), conflict: None };
    check(vec![start.clone(), append.clone(), finish.clone()], &[]);
    check(vec![append], &["f: r0 is no builder of the kind that is needed"]);
    check(
        vec![start.clone(), Stmt::Return { src: Reg(0) }],
        &["f: r0 is a builder and read as a value"],
    );
    let insert = Stmt::Insert { builder: Reg(0), key: Reg(1), value: Reg(1) };
    check(vec![start.clone(), insert], &["f: r0 is no builder of the kind that is needed"]);
    check(vec![start, Stmt::Clear { dst: Reg(0) }], &["f: r0 is a builder and overwritten"]);
}

#[test]
fn nothing_leads_out_of_with() {
    let inside = |stmt| {
        let with = Stmt::With { slots: Vec::new(), body: block(vec![stmt]) };
        vec![Stmt::Block { label: Some(Label(0)), body: block(vec![with]) }]
    };
    check(inside(Stmt::Clear { dst: Reg(0) }), &[]);
    check(inside(Stmt::Return { src: Reg(0) }), &["f: return inside of with"]);
    check(inside(Stmt::Break { label: Label(0) }), &["f: break to L0, which is not around it"]);
}

#[test]
fn blocks_have_names_of_their_own() {
    let named = || Stmt::Block {
        label: Some(Label(0)),
        body: block(vec![Stmt::Break { label: Label(0) }]),
    };
    check(vec![named()], &[]);
    check(vec![named(), named()], &["f: L0 names two blocks"]);
    check(
        vec![named(), Stmt::Break { label: Label(0) }],
        &["f: break to L0, which is not around it"],
    );
}
