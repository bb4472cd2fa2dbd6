//! Modules that would keep a compiler busy for long are refused before it sees them.

use palisade_sandbox::{LoadError, TooComplex};

use crate::wat::{ask, load, palisade};

/// A module with one more function of that many locals and that body.
fn with_function(n_locals: usize, body: &str) -> String {
    let locals = "i64 ".repeat(n_locals);
    palisade(
        r#"{"result":1}"#,
        "(call $pack (i32.const 16) (i32.const 12))",
        &format!("(func (local {locals}) {body})"),
    )
}

/// Loops in loops, the innermost of which changes all locals.
fn nested_loops(n_loops: usize, n_locals: usize) -> String {
    let changes: String = (0..n_locals)
        .map(|local| format!("(local.set {local} (i64.add (local.get {local}) (local.get 0)))"))
        .collect();
    let body = "loop ".repeat(n_loops)
        + &changes
        + &"(br_if 0 (i64.eqz (local.get 0))) end ".repeat(n_loops);
    with_function(n_locals, &body)
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let refusal = load(text).expect_err("a module that is refused");
    assert!(matches!(refusal, LoadError::TooComplex(_)), "{refusal:?}");
    let message = refusal.to_string();
    assert!(message.contains(expected), "`{message}` says nothing of `{expected}`");
}

#[test]
fn nested_loops_over_many_locals_are_refused() {
    check_refused(&nested_loops(300, 300), "function 3 has 300 locals");
    check_refused(&nested_loops(1000, 1000), "function 3 has 1000 locals");
}

#[test]
fn wide_branches_over_many_locals_are_refused() {
    let targets = "0 ".repeat(60_000);
    let uses = |count| -> String {
        (0..count).map(|local| format!("(drop (local.get {local}))")).collect()
    };
    let body = |count| format!("(block (br_table {targets} (i32.const 0))) {}", uses(count));
    check_refused(&with_function(1000, &body(1000)), "function 3 has 1000 locals, 60002 branches");
    load(&with_function(1000, &body(1))).expect("locals that are not used");
}

#[test]
fn many_locals_far_behind_many_branches_are_refused() {
    let branches = "(block (br_if 0 (i32.const 0)))".repeat(40_000);
    let body = |count: usize| -> String {
        let sets: String =
            (0..count).map(|local| format!("(local.set {local} (i64.const 1))")).collect();
        branches.clone() + &sets
    };
    check_refused(&with_function(2000, &body(2000)), "places in tables of locals");
    load(&with_function(2000, &body(10))).expect("few locals that are used");
}

#[test]
fn branches_over_many_values_on_the_stack_are_refused() {
    let values = "(i64.const 0) ".repeat(1000);
    let branches = "(block (br_if 0 (i32.const 0)))".repeat(10_000);
    let drops = "drop ".repeat(1000);
    check_refused(
        &with_function(0, &format!("{values} {branches} {drops}")),
        "function 3 has 0 locals, 20001 branches",
    );
}

/// Many pieces of code in a deep block, each with the next local, and something around.
fn many_blocks(n_locals: usize, n_blocks: usize, around: (&str, &str), piece: &str) -> String {
    let pieces: String =
        (0..n_blocks).map(|at| piece.replace("LOCAL", &(at % n_locals).to_string())).collect();
    let (before, behind) = around;
    let deep = format!("{before} {} {pieces} {} {behind}", "block ".repeat(40), "end ".repeat(40));
    with_function(n_locals, &deep)
}

/// Something for each of that many locals.
fn for_each_local(n_locals: usize, text: &str) -> String {
    (0..n_locals).map(|local| text.replace("LOCAL", &local.to_string())).collect()
}

#[test]
fn a_local_costs_nothing_between_its_values() {
    let set = "(local.set LOCAL (i64.load (i32.const 8)))";
    let branch = "(br_if 0 (i64.eqz (local.get LOCAL)))";
    for piece in [
        format!("{set} (block {branch})"),
        format!("(block {set} {branch})"),
        format!("(block {set} (block {branch} {set} {branch}))"),
    ] {
        load(&many_blocks(200, 2_500, ("", ""), &piece)).expect("values that are alive for short");
    }
}

#[test]
fn a_value_is_alive_behind_blocks_that_may_set_another() {
    let set = "(local.set LOCAL (i64.load (i32.const 8)))";
    let uses = for_each_local(200, "(drop (local.get LOCAL))");
    let sets = for_each_local(200, set);
    let expected = "function 3 has 200 locals, 5041 branches and 0 loops";
    let inner = format!("(block (br_if 0 (i64.eqz (local.get 0))) {set})");
    check_refused(&many_blocks(200, 2_500, ("", &uses), &inner), expected);
    check_refused(&many_blocks(200, 2_500, (&sets, &uses), &inner), expected);
    // The value of the outer block is used again after that of the inner one.
    let both = format!("(block {set} (br_if 0 (i64.eqz (local.get LOCAL))))");
    check_refused(&many_blocks(200, 2_500, (&sets, &uses), &both), expected);
    load(&many_blocks(200, 2_500, (&uses, &sets), &both)).expect("values that are not used");
}

#[test]
fn a_value_that_a_loop_uses_is_alive_until_the_loop_ends() {
    let uses = for_each_local(200, "(drop (local.get LOCAL))");
    let sets = for_each_local(200, "(local.set LOCAL (i64.load (i32.const 8)))");
    let branch = "(block (br_if 0 (i64.eqz (local.get 0))))";
    let again = "(br_if 0 (i64.eqz (local.get 0))) end";
    let expected = "200 locals, 5045 branches and 1 loops";
    // Used at the head, set at the end.
    let around = (format!("loop {uses}"), format!("{sets} {again}"));
    check_refused(&many_blocks(200, 2_500, (&around.0, &around.1), branch), expected);
    // Set before the loop, used only at its head.
    let around = (format!("{sets} loop {uses}"), again);
    check_refused(&many_blocks(200, 2_500, (&around.0, around.1), branch), expected);
    // Set and used at the head: not needed when the loop begins again.
    let around = (format!("loop {sets} {uses}"), again);
    load(&many_blocks(200, 2_500, (&around.0, around.1), branch)).expect("values of one turn");
}

#[test]
fn many_loops_in_one_function_are_refused() {
    check_refused(
        &with_function(0, &"(loop)".repeat(2_000)),
        "function 3 has 0 locals, 6001 branches and 2000 loops",
    );
    load(&with_function(0, &"(loop)".repeat(100))).expect("some loops");
}

#[test]
fn many_sets_that_are_joined_are_refused() {
    let set = |address| format!("(local.set 0 (i64.load (i32.const {address})))");
    let test = "(i64.ge_u (i64.load (i32.const 8)) (local.get 0))";
    let piece = format!("(if {test} (then {} (if {test} (then {}))))", set(16), set(24));
    check_refused(
        &with_function(1, &piece.repeat(6_000)),
        "function 3 has 1 locals, 24001 branches and 0 loops",
    );
    load(&with_function(1, &piece.repeat(100))).expect("some sets");
    // Joined where a loop begins again.
    let piece = format!("(block (br_if 0 (i32.load (i32.const 8))) {})", set(16));
    let around = |count| {
        let again = "(br_if 0 (i32.load (i32.const 8)))";
        with_function(1, &format!("(loop (drop (local.get 0)) {} {again})", piece.repeat(count)))
    };
    check_refused(&around(9_000), "function 3 has 1 locals, 18005 branches and 1 loops");
    load(&around(100)).expect("some sets");
}

#[test]
fn many_values_that_blocks_leave_are_refused() {
    let piece = "(if (param i64) (result i64) (i32.load (i32.const 8))
        (then drop (i64.load (i32.const 16))))";
    let body = |count: usize| format!("(i64.const 1) {} drop", piece.repeat(count));
    let expected = "function 3 has 0 locals, 18001 branches and 0 loops";
    check_refused(&with_function(0, &body(9_000)), expected);
    load(&with_function(0, &body(100))).expect("some values");
}

#[test]
fn counts_are_limited() {
    let params = "i64 ".repeat(129);
    check_refused(
        &palisade("", "(i64.const 0)", &format!("(func (param {params}))")),
        "it has 129 parameters or results of one function, which is more than the limit of 128",
    );
    check_refused(
        &palisade("", "(i64.const 0)", &"(table 1 funcref)".repeat(9)),
        "it has 9 tables, which is more than the limit of 8",
    );
    let refusal = load(&palisade("", "(i64.const 0)", &"(data \"\")".repeat(100_000)))
        .expect_err("a module that is refused");
    let LoadError::TooComplex(TooComplex::Module { what, count, .. }) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!((what, count), ("data segments", 100_001));
}

#[test]
fn what_compilers_make_is_loaded() {
    for text in [nested_loops(10, 1000), nested_loops(50, 50), with_function(20_000, "")] {
        let module = load(&text).expect("a module that loads");
        assert_eq!(ask(&module, "{}").expect("a decision").result(), Some("1"));
    }
}
