//! OPA's cases on lowered programs, where they are at hand.

use palisade_conformance::{Answer, Case, Failed, Tally, judge, prepare, read_dir, root};
use palisade_ir::{lower, passes, verify};
use palisade_value::{AnyValue, Value};

use crate::eval::{Facts, evaluate};
use crate::lowering::SHARING;

fn answer(case: &Case, passing: &passes::Options) -> Answer {
    let prepared = match prepare(case, palisade_builtins::declarations()) {
        Ok(prepared) => prepared,
        Err(answer) => return answer,
    };
    let options =
        lower::Options { entrypoints: Vec::new(), data: case.data.clone(), queries: true };
    let program = match lower::lower(&prepared.program, &options) {
        Ok(program) => passes::optimize(program, passing),
        Err(error) => return failed("lowering", &error.to_string()),
    };
    let violations = verify::verify(&program);
    if !violations.is_empty() {
        return failed("verifier", &violations.join("; "));
    }
    let facts =
        Facts { input: prepared.input, strict: case.strict_error, runtime: Some(prepared.runtime) };
    let outcome = evaluate(&program, "query/0", facts);
    match (outcome.error, outcome.value) {
        (Some((code, message)), _) => Answer::Failed(Failed { codes: vec![code], text: message }),
        (None, None) => failed("evaluation", "a query has no value"),
        (None, Some(solutions)) => {
            let bindings =
                solutions.items().iter().map(|solution| solution.get(&Value::Integer(1)));
            Answer::Solutions(bindings.map(|it| it.expect("a pair")).collect())
        }
    }
}

fn failed(code: &str, message: &str) -> Answer {
    Answer::Failed(Failed { codes: vec![code.to_owned()], text: format!("{code}: {message}") })
}

fn run(passing: &passes::Options) -> Option<Tally> {
    let cases = read_dir(&root()?.join("rego")).expect("readable cases");
    assert!(!cases.is_empty(), "no cases");
    let only = std::env::var("PALISADE_CASE").unwrap_or_default();
    let mut tally = Tally::default();
    for case in cases.iter().filter(|case| format!("{}: {}", case.file, case.note).contains(&only))
    {
        let answer = std::panic::catch_unwind(|| answer(case, passing));
        let answer = answer.unwrap_or_else(|_| failed("panic", "the interpreter panicked"));
        tally.add(case, &judge(case, &answer));
    }
    Some(tally)
}

#[test]
fn lowered_programs_give_what_opa_gives() {
    check(passes::Options::default());
}

#[test]
fn so_do_programs_in_which_all_functions_share_registers() {
    check(SHARING);
}

fn check(passing: passes::Options) {
    // Deeply nested policies need more stack than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let thread = thread.spawn(move || run(&passing)).expect("a thread");
    let Some(tally) = thread.join().expect("no panic") else {
        println!("skipped: no conformance data");
        return;
    };
    for (case, why) in &tally.failures {
        println!("FAILED {case}\n    {why}");
    }
    let [passed, failed, skipped] = tally.totals();
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    assert!(tally.failures.is_empty(), "{failed} cases failed");
}
