//! Every limit stops what it is there to stop, and the module answers again afterwards.

use std::time::{Duration, Instant};

use palisade_sandbox::{
    Call, Engine, EngineOptions, EvalError, Limits, LoadError, LoadOptions, Module,
};

use crate::wat::{
    ask, ask_with, bytes, constant, custom, echo, load, load_limited, load_with, palisade,
};

/// Does `bad` when the input is longer than 2 bytes, and otherwise answers with the input.
fn sometimes(bad: &str, more: &str) -> String {
    let body = format!(
        "(if (i32.gt_u (local.get $len) (i32.const 2)) (then {bad}))
         (call $pack (local.get $ptr) (local.get $len))"
    );
    palisade("", &body, more)
}

/// The long input meets the limit, and the short ones before and after it are answered.
#[track_caller]
fn check(module: &Module, is_expected: impl Fn(&EvalError) -> bool) {
    for _ in 0..2 {
        assert_eq!(ask(module, "{}").expect("a decision").document(), "{}");
        let error = ask(module, r#"{"result":true}"#).expect_err("an evaluation that is stopped");
        assert!(is_expected(&error), "{error:?}");
    }
    assert_eq!(ask(module, "{}").expect("a decision").document(), "{}");
}

fn limited(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

#[test]
fn a_loop_is_stopped_at_its_deadline() {
    let deadline = Duration::from_millis(30);
    let module = load_limited(
        &sometimes("(loop $again (br $again))", ""),
        limited(|it| it.deadline = deadline),
    );
    let start = Instant::now();
    check(&module, |error| matches!(error, EvalError::Deadline(found) if *found == deadline));
    assert!(start.elapsed() >= 2 * deadline, "two loops were stopped after {:?}", start.elapsed());
}

#[test]
fn a_call_can_have_its_own_deadline() {
    let module = load(&sometimes("(loop $again (br $again))", "")).expect("a module that loads");
    let deadline = Duration::from_millis(5);
    let entrypoint = module.default_entrypoint();
    let call = Call { entrypoint, input: b"{\"long\":1}", ambient: None, deadline: Some(deadline) };
    assert!(matches!(module.evaluate(&call), Err(EvalError::Deadline(found)) if found == deadline));
}

#[test]
fn a_loop_in_any_export_is_stopped() {
    let limits = || limited(|it| it.deadline = Duration::from_millis(10));
    let looping = "(loop $again (br $again)) unreachable";
    let text = custom("i32", "", "(i32.const 1)").replace(
        "(param i32) (result i32) (i32.const 4096)",
        &format!("(param i32) (result i32) {looping}"),
    );
    let module = load_limited(&text, limits());
    assert!(matches!(ask(&module, "{}"), Err(EvalError::Deadline(_))));

    let more = format!(r#"(func (export "ambient") (param i32 i32) (result i64) {looping})"#);
    let module = load_limited(&palisade("", "(i64.const 0)", &more), limits());
    assert!(matches!(ask_with(&module, "{}", Some("{}")), Err(EvalError::Deadline(_))));
}

#[test]
fn memory_stays_under_its_ceiling() {
    let grow = "(if (i32.eq (memory.grow (i32.const 40)) (i32.const -1)) (then unreachable))";
    let limits = limited(|it| it.memory_bytes_max = 32 * 65_536);
    check(
        &load_limited(&sometimes(grow, ""), limits),
        |error| matches!(error, EvalError::Memory { max } if *max == 32 * 65_536),
    );
}

#[test]
fn an_allocation_of_zero_means_no_memory() {
    let text = custom("i32", "", "(i32.const 1)").replace("(i32.const 4096)", "(i32.const 0)");
    let module = load(&text).expect("a module that loads");
    assert!(matches!(ask(&module, "{}"), Err(EvalError::Memory { .. })));
}

#[test]
fn tables_count_towards_the_memory_ceiling() {
    let grow = |table| {
        format!(
            "(if (i32.eq (table.grow {table} (ref.null func) (i32.const 100000)) (i32.const -1))
               (then unreachable))"
        )
    };
    let limits = limited(|it| it.memory_bytes_max = 1 << 20);
    let tables = "(table 1 funcref) (table 1 funcref)";
    let module = load_limited(&sometimes(&(grow(0) + &grow(1)), tables), limits.clone());
    check(&module, |error| matches!(error, EvalError::Memory { .. }));
    // Either of them alone fits.
    let module = load_limited(&sometimes(&grow(0), tables), limits.clone());
    assert!(ask(&module, r#"{"result":true}"#).is_ok());

    let text = palisade("{}", "(i64.const 0)", &"(table 100000 funcref)".repeat(2));
    let options = LoadOptions { limits, ..LoadOptions::default() };
    let refusal = load_with(&text, options).expect_err("tables that are too large");
    assert!(matches!(refusal, LoadError::Start(EvalError::Memory { .. })), "{refusal:?}");
}

/// It asks for too much, goes on with less, and stops for another reason.
#[test]
fn a_refused_growth_that_was_got_over_is_not_the_reason() {
    let grow = "(drop (memory.grow (i32.const 40))) (drop (memory.grow (i32.const 1))) unreachable";
    let limits = limited(|it| it.memory_bytes_max = 32 * 65_536);
    check(
        &load_limited(&sometimes(grow, ""), limits),
        |error| matches!(error, EvalError::Trap(found) if found.contains("unreachable")),
    );
}

/// Loading allows it more time than a decision does.
#[test]
fn starting_an_instance_for_one_decision_is_part_of_the_decision() {
    let text = custom("i32", "", "(i32.const 1)").replace(
        "(global $calls",
        "(func $start (local $i i64)
           (loop $again
             (local.set $i (i64.add (local.get $i) (i64.const 1)))
             (br_if $again (i64.lt_u (local.get $i) (i64.const 300000000)))))
         (start $start)
         (global $calls",
    );
    let deadline = Duration::from_millis(5);
    let module = load_limited(&text, limited(|it| it.deadline = deadline));
    let found = ask(&module, "{}");
    assert!(matches!(found, Err(EvalError::Deadline(it)) if it == deadline), "{found:?}");
}

#[test]
fn recursion_is_stopped_on_a_thread_of_any_stack_size() {
    let deep = "(func $deep (param i64 i64 i64) (result i64)
        (i64.add (call $deep (local.get 1) (local.get 2) (local.get 0)) (local.get 0)))";
    let text = sometimes("(drop (call $deep (i64.const 1) (i64.const 2) (i64.const 3)))", deep);
    let module = load(&text).expect("a module that loads");
    for stack_bytes in [64 << 10, 1 << 20, 8 << 20] {
        let module = module.clone();
        let thread = std::thread::Builder::new().stack_size(stack_bytes);
        let run = move || check(&module, |error| matches!(error, EvalError::Stack));
        thread.spawn(run).expect("a thread").join().expect("the checks hold");
    }
}

#[test]
fn traps_are_errors() {
    let cases = [
        ("unreachable", "unreachable"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "divide by zero"),
        ("(drop (i32.load (i32.const 0x7fffffff)))", "out of bounds memory access"),
        ("(call_indirect (i32.const 0))", "uninitialized element"),
    ];
    for (bad, message) in cases {
        let module = load(&sometimes(bad, "(table 1 funcref)")).expect("a module that loads");
        check(&module, |error| matches!(error, EvalError::Trap(found) if found.contains(message)));
    }
}

#[test]
fn input_and_output_stay_under_their_limits() {
    let limits = limited(|it| it.input_bytes_max = 4);
    check(&load_limited(&echo(), limits), |error| {
        matches!(error, EvalError::InputTooLarge { len: 15, max: 4 })
    });
    let limits = limited(|it| it.output_bytes_max = 4);
    check(&load_limited(&echo(), limits), |error| {
        matches!(error, EvalError::OutputTooLarge { len: 15, max: 4 })
    });

    let module = load_limited(&constant("{}"), limited(|it| it.input_bytes_max = 4));
    assert!(matches!(
        ask_with(&module, "{}", Some("{    }")),
        Err(EvalError::InputTooLarge { len: 6, max: 4 })
    ));
    // A length that no memory holds is refused without being copied.
    let module = load(&palisade("", "(call $pack (i32.const 16) (i32.const -1))", ""))
        .expect("a module that loads");
    assert!(matches!(ask(&module, "{}"), Err(EvalError::OutputTooLarge { .. })));
}

#[test]
fn fuel_is_burnt_only_where_it_is_metered() {
    let looping = bytes(&sometimes("(loop $again (br $again))", ""));
    let options =
        || LoadOptions { limits: limited(|it| it.fuel = Some(10_000)), ..LoadOptions::default() };
    let metering =
        Engine::new(&EngineOptions { fuel: true, ..EngineOptions::default() }).expect("an engine");
    let module = Module::load(&metering, &looping, options()).expect("a module that loads");
    check(&module, |error| matches!(error, EvalError::Fuel(10_000)));
    let refusal = load_with(&constant("{}"), options()).expect_err("fuel without metering");
    assert!(matches!(refusal, LoadError::FuelNotMetered));
}

/// The memory that one long input needed is not held for ever.
#[test]
fn an_instance_that_has_grown_much_is_not_kept() {
    let body =
        "(if (i32.gt_u (local.get $len) (i32.const 2)) (then (drop (memory.grow (i32.const 512)))))
        (call $pack (i32.const 16) (i32.const 12))";
    // Writes the number of pages, as one digit, in the place of the 0.
    let size = r#"(func (export "size") (param i32 i32) (result i64)
        (i32.store8 (i32.const 26) (i32.add (i32.const 48) (memory.size)))
        (call $pack (i32.const 16) (i32.const 12)))"#;
    let module = load(&palisade(r#"{"result":0}"#, body, size)).expect("a module that loads");
    let ask = |input: &[u8], path: &str| {
        let entrypoint = module.entrypoint(path).expect("an entrypoint");
        let call = Call { entrypoint, input, ambient: None, deadline: None };
        module.evaluate(&call).expect("a decision").result().map(str::to_owned)
    };
    assert_eq!(ask(b"{}", "size").as_deref(), Some("1"));
    ask(b"{\"long\":1}", "authz/allow");
    assert_eq!(ask(b"{}", "size").as_deref(), Some("1"));
}
