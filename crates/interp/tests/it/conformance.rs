//! OPA's cases, where they are at hand.

use std::sync::Arc;

use palisade_abi::HostCalls;
use palisade_conformance::{Answer, Case, Failed, Tally, judge, prepare, read_dir, root};
use palisade_interp::{EvalOptions, Evaluator};
use palisade_net::{AllowList, Network, Permissions};
use palisade_value::Value;

fn answer(case: &Case) -> Answer {
    let prepared = match prepare(case, palisade_builtins::declarations()) {
        Ok(prepared) => prepared,
        Err(answer) => return answer,
    };
    let options = EvalOptions {
        input: prepared.input,
        now_ns: 1_800_000_000_000_000_000,
        runtime: Some(prepared.runtime),
        host: Some(host()),
        strict: case.strict_error,
        ..EvalOptions::default()
    };
    match Evaluator::new(&prepared.program, case.data.clone()).query(0, &options) {
        Ok(result) => Answer::Solutions(
            result
                .solutions
                .into_iter()
                .map(|solution| Value::object_of(solution.bindings))
                .collect(),
        ),
        Err(error) => Answer::Failed(Failed {
            codes: vec![error.code.to_string()],
            text: error.located(&prepared.program.files),
        }),
    }
}

/// A host whose requests are looked at, and which reaches nothing.
fn host() -> Arc<HostCalls> {
    let permissions = Permissions { http: true, dns: true, hosts: AllowList::default() };
    Arc::new(HostCalls::new(Arc::new(Network::new(permissions))))
}

/// Prints the table by folder and every failure.
fn print(name: &str, tally: &Tally) {
    for (folder, [passed, failed, skipped]) in &tally.folders {
        println!("{name}/{folder}: {passed} passed, {failed} failed, {skipped} skipped");
    }
    for (builtin, count) in &tally.missing {
        println!("{name}: {count} skipped without {builtin}");
    }
    for (case, why) in &tally.failures {
        println!("{name}: FAILED {case}\n    {why}");
    }
    let [passed, failed, skipped] = tally.totals();
    println!("{name}: {passed} passed, {failed} failed, {skipped} skipped");
}

/// Runs every case that has the variant and fails if one isn't as expected.
fn check(name: &str, variant: fn(&Case) -> Option<Case>) {
    let Some(root) = root() else {
        println!("skipped: no conformance data");
        return;
    };
    let cases = read_dir(&root.join("rego")).expect("readable cases");
    assert!(!cases.is_empty(), "no cases in {}", root.display());
    let mut tally = Tally::default();
    for case in cases.iter().filter_map(variant) {
        tally.add(&case, &judge(&case, &answer(&case)));
    }
    print(name, &tally);
    assert!(tally.failures.is_empty(), "{} cases failed", tally.failures.len());
}

#[test]
fn every_case_gives_what_opa_gives() {
    check("rego", |case| Some(case.clone()));
}

#[test]
fn improved_negation_changes_no_case() {
    check("rego with improved negation", |case| {
        let negates = case.modules.iter().any(|module| module.contains("not "));
        negates.then(|| case.with_improved_negation())
    });
}
