//! The benchmark with the peers beside us: the example policies, every evaluator in turns, from JSON text to JSON text.
//!
//! `cargo xtask bench` runs this and prints a Markdown table for `docs/performance.md`. Ratios count, not times: the
//! subjects take turns in rounds, so that whatever disturbs the machine disturbs all of them.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use palisade_compiler::{Options, Source, analyse, compile};
use palisade_lab::bench::{Plan, Subject, Timing, measure};
use palisade_lab::subject::{Facts, Reference};
use palisade_sandbox::{Call, Engine, EngineOptions, LoadOptions, Module};
use palisade_value::{AnyValue, Value, json};

/// A moment at which the tokens of the examples are current.
const NOW_NS: i64 = 1_790_000_000_000_000_000;

/// An example and the document asked of it.
struct Case {
    folder: &'static str,
    document: &'static str,
}

const CASES: [Case; 5] = [
    Case { folder: "roles", document: "roles/allow" },
    Case { folder: "rbac", document: "rbac/allow" },
    Case { folder: "kubernetes", document: "kubernetes/admission/review" },
    Case { folder: "http_api", document: "http_api/allow" },
    Case { folder: "routes", document: "routes/allow" },
];

fn main() -> Result<(), Box<dyn Error>> {
    let examples = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "examples".to_owned()));
    println!(
        "| case | inputs | module | ours: interpreter | regorus | regorus ÷ module | module bytes | compile | load |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for case in &CASES {
        run(&examples.join(case.folder), case)?;
    }
    Ok(())
}

fn run(folder: &Path, case: &Case) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(folder.join("policy.rego"))?;
    let data_text =
        fs::read_to_string(folder.join("data.json")).unwrap_or_else(|_| "{}".to_owned());
    let inputs = inputs(case.folder, &fs::read_to_string(folder.join("input.json"))?)?;
    let options = Options {
        data: json::parse(&data_text)?,
        entrypoints: vec![case.document.to_owned()],
        ..Options::default()
    };
    let sources = [Source::new("policy.rego", text.as_str())];
    let start = Instant::now();
    let artifact = compile(&sources, &options)?.artifact.ok_or("the example has errors")?;
    let compile_time = start.elapsed();
    let engine = Engine::new(&EngineOptions::default())?;
    let start = Instant::now();
    let module = Module::load(&engine, &artifact.wasm, LoadOptions { reuse: true, ..LoadOptions::default() })?;
    let load_time = start.elapsed();

    let ambient = format!("{{\"now_ns\":{NOW_NS}}}");
    let ask_module = |at: usize| {
        let input = inputs[at].as_bytes();
        let call = Call {
            entrypoint: module.default_entrypoint(),
            input,
            ambient: Some(ambient.as_bytes()),
            deadline: None,
        };
        module.evaluate(&call).map(|output| output.result().map(str::to_owned))
    };

    let analysis = analyse(&sources, &options);
    let reference = Reference::new(&analysis.program, options.data.clone());
    let path: Vec<&str> = case.document.split('/').collect();
    let ask_reference = |at: usize| {
        let facts = Facts { input: Some(inputs[at].clone()), now_ns: NOW_NS, ..Facts::default() };
        let options = reference.options(&facts)?;
        let found = reference
            .evaluator()
            .document(&path, &options)
            .map_err(|error| reference.failure(&error))?;
        Ok::<_, palisade_lab::subject::Failure>(found.map(|it| json::to_json(&it)))
    };

    let mut regorus = regorus::Engine::new();
    let ready = regorus
        .add_policy("policy.rego".to_owned(), text)
        .and_then(|_| regorus.add_data_json(&data_text));
    let rule = format!("data.{}", case.document.replace('/', "."));
    let mut ask_regorus = |at: usize| -> Result<String, Box<dyn Error>> {
        if let Err(error) = &ready {
            return Err(error.to_string().into());
        }
        regorus.set_input_json(&inputs[at]).map_err(|error| error.to_string())?;
        let value = regorus.eval_rule(rule.clone()).and_then(|value| value.to_json_str());
        value.map_err(|error| error.to_string().into())
    };

    for at in 0..inputs.len() {
        let ours = ask_module(at)?;
        let again = ask_reference(at)?;
        same(case, "the reference evaluator", ours.as_deref(), again.as_deref())?;
        match ask_regorus(at) {
            Ok(theirs) => same(case, "regorus", ours.as_deref(), Some(&theirs))?,
            Err(error) if at == 0 => {
                eprintln!("{}: regorus can't run this case: {error}", case.folder)
            }
            Err(_) => {}
        }
    }
    let works = ask_regorus(0).is_ok();
    let mut subjects: Vec<Subject<'_>> = vec![
        Box::new(|at| {
            let _ = black_box(ask_module(at));
        }),
        Box::new(|at| {
            let _ = black_box(ask_reference(at));
        }),
    ];
    if works {
        subjects.push(Box::new(|at| {
            let _ = black_box(ask_regorus(at));
        }));
    }
    let plan = Plan { n_rounds: 9, round: Duration::from_millis(200) };
    let timings = measure(&mut subjects, inputs.len(), &plan);
    let [module_time, reference_time, ..] = timings.as_slice() else {
        return Err("no timings".into());
    };
    let peer = timings.get(2);
    println!(
        "| {} | {} | {} | {} | {} | {} | {} | {:.1} ms | {:.1} ms |",
        case.folder,
        inputs.len(),
        show(module_time),
        show(reference_time),
        peer.map_or("can't run it".to_owned(), show),
        peer.map_or("–".to_owned(), |it| format!("{:.1}", it.median_ns / module_time.median_ns)),
        artifact.wasm.len(),
        compile_time.as_secs_f64() * 1e3,
        load_time.as_secs_f64() * 1e3,
    );
    Ok(())
}

/// An answer that differs would make the times mean nothing.
fn same(
    case: &Case,
    who: &str,
    ours: Option<&str>,
    theirs: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let parse = |text: &str| json::parse::<Value>(text).ok();
    if ours.and_then(parse) == theirs.and_then(parse) {
        return Ok(());
    }
    Err(format!("{}: {who} answers {theirs:?}, the module {ours:?}", case.folder).into())
}

fn show(timing: &Timing) -> String {
    let text =
        |ns: f64| if ns < 1e4 { format!("{ns:.0} ns") } else { format!("{:.1} µs", ns / 1e3) };
    format!("{} ({}–{})", text(timing.median_ns), text(timing.min_ns), text(timing.max_ns))
}

/// 64 inputs like the example's own: every string leaf that varies in practice is varied, hits and misses alike.
fn inputs(folder: &str, example: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let value: Value = json::parse(example)?;
    Ok((0..64).map(|at| json::to_json(&vary(folder, &value, at))).collect())
}

fn vary(folder: &str, value: &Value, at: i64) -> Value {
    let pick = |options: &[&str]| Value::text(options[at as usize % options.len()]);
    let changes: Vec<(&[&str], Value)> = match folder {
        "roles" => vec![
            (&["subject", "role"], pick(&["engineer", "admin", "guest", "engineer"])),
            (&["action"], pick(&["read", "write", "delete"])),
            (&["resource", "sensitivity"], Value::from(at % 5)),
            (&["resource", "id"], Value::text(&format!("d-{at}"))),
        ],
        "rbac" => vec![
            (&["user"], pick(&["alice", "bob", "carol", "mallory"])),
            (&["action"], pick(&["read", "write", "pay"])),
            (&["resource"], pick(&["article", "invoice", "article", "report", "article"])),
        ],
        "kubernetes" => vec![
            (&["request", "uid"], Value::text(&format!("705ab4f5-6393-11e8-b7cc-{at:012}"))),
            (&["request", "kind", "kind"], pick(&["Pod", "Pod", "Pod", "Service"])),
        ],
        "http_api" => vec![
            (
                &["path"],
                pick(&[
                    "/customers/c-1/orders/9",
                    "/products/7",
                    "/reports/2026/11",
                    "/customers/c-2/orders/9",
                ]),
            ),
            (&["method"], pick(&["GET", "GET", "POST", "DELETE", "GET"])),
        ],
        _ => vec![
            (
                &["path"],
                Value::text(&format!(
                    "/v1/{}/{:02}",
                    ["accounts", "carts", "customers", "none"][at as usize % 4],
                    at % 10
                )),
            ),
            (&["method"], pick(&["GET", "PUT", "DELETE", "POST", "PATCH"])),
        ],
    };
    changes.iter().fold(value.clone(), |value, (path, new)| put(&value, path, new))
}

fn put(value: &Value, path: &[&str], new: &Value) -> Value {
    let [key, rest @ ..] = path else { return new.clone() };
    let mut entries = value.entries().to_vec();
    for entry in &mut entries {
        if entry.key.as_str() == Some(key) {
            entry.value = put(&entry.value, rest, new);
        }
    }
    Value::object(entries)
}
