//! OPA's conformance cases, once with the input unknown and once with the base data.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use palisade_conformance::{Case, read_dir, root};
use palisade_partial::Unknown;
use palisade_value::{AnyValue, Value};

use crate::property::{Verdict, check};

/// Everything that is no policy: `input`, and the base data at whose place there are no rules.
fn outside(case: &Case) -> Vec<Unknown> {
    let keys = case.data.entries().iter().map(|entry| entry.key.clone());
    let is_base = |key: &Value| {
        let name = key.as_str().unwrap_or_default();
        !case.modules.iter().any(|text| text.contains(&format!("package {name}")))
    };
    keys.filter(is_base).map(|key| Unknown::Data(vec![key])).collect()
}

#[test]
fn input_unknown() {
    run(false, |case| {
        let texts = case.modules.iter().chain([&case.query]);
        let is_asked = texts.into_iter().any(|text| text.contains("input"));
        is_asked.then(|| Unknown::Input(Vec::new())).into_iter().collect()
    });
}

#[test]
fn data_unknown() {
    run(false, outside);
}

#[test]
fn input_and_data_unknown_and_no_rule_inlined() {
    run(true, |case| {
        let mut unknowns = outside(case);
        if case.input.is_some() || !unknowns.is_empty() {
            unknowns.push(Unknown::Input(Vec::new()));
        }
        unknowns
    });
}

fn run(shallow: bool, unknowns: impl Fn(&Case) -> Vec<Unknown> + Sync) {
    let Some(root) = root() else {
        println!("skipped: no conformance data");
        return;
    };
    let cases = read_dir(&root.join("rego")).expect("the cases can be read");
    let next = AtomicUsize::new(0);
    let counts = Mutex::new([0usize; 4]);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let unknowns = unknowns(case);
                    if unknowns.is_empty() {
                        continue;
                    }
                    let verdict = check(case, &unknowns, shallow);
                    let at = match &verdict {
                        Verdict::Same => 0,
                        Verdict::Skipped => 1,
                        Verdict::Limit(_) => 2,
                        Verdict::Differs(_) => 3,
                    };
                    counts.lock().expect("no panic")[at] += 1;
                    if let Verdict::Limit(why) | Verdict::Differs(why) = verdict {
                        let name = format!("{}: {}\n{}", case.file, case.note, case.query);
                        failures.lock().expect("no panic").push(format!("{name}\n{why}"));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no panic");
    let counts = counts.into_inner().expect("no panic");
    println!("same, skipped, limits, different: {counts:?}");
    assert!(counts[0] > 100, "hardly any case was put both ways: {counts:?}");
    assert!(failures.is_empty(), "{}\n{} in all", failures.join("\n\n"), failures.len());
}
