//! One module asked by many threads at once.

use std::sync::Barrier;
use std::time::Duration;

use palisade_sandbox::{Call, EvalError};

use crate::wat::{ask, echo, load, palisade};

#[test]
fn every_thread_gets_its_own_answer() {
    let module = load(&echo()).expect("a module that loads");
    let barrier = Barrier::new(8);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (module, barrier) = (&module, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for round in 0..200 {
                    let input = format!(r#"{{"result":"{thread}-{round}-{}"}}"#, "x".repeat(round));
                    assert_eq!(ask(module, &input).expect("a decision").document(), input);
                }
            });
        }
    });
}

#[test]
fn an_endless_evaluation_does_not_hold_up_the_others() {
    let looping = r#"(func (export "loop") (param i32 i32) (result i64) (loop $again (br $again)) unreachable)"#;
    let module = load(&palisade("", "(call $pack (local.get $ptr) (local.get $len))", looping))
        .expect("a module");
    let endless = module.entrypoint("loop").expect("an entrypoint");
    let quick = module.entrypoint("authz/allow").expect("an entrypoint");
    std::thread::scope(|scope| {
        let call = Call {
            entrypoint: endless,
            input: b"{}",
            ambient: None,
            deadline: Some(Duration::from_millis(300)),
        };
        let module = &module;
        let slow = scope.spawn(move || module.evaluate(&call));
        let mut answered = 0;
        while !slow.is_finished() {
            let call = Call { entrypoint: quick, input: b"{}", ambient: None, deadline: None };
            assert_eq!(module.evaluate(&call).expect("a decision").document(), "{}");
            answered += 1;
        }
        assert!(answered > 10, "only {answered} others were answered");
        assert!(matches!(slow.join().expect("no panic"), Err(EvalError::Deadline(_))));
    });
}
