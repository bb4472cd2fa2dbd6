//! Printing what tests found: for people, as JSON like OPA's, as JUnit's XML.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use palisade_value::{AnyValue, Value, json};

use super::explain::FailedAt;
use super::failures;
use super::{Report, Test, Verdict};

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: failures, and with `verbose` all tests.
    Pretty {
        /// Whether tests that passed are listed too.
        verbose: bool,
    },
    /// A JSON array with an object a test, in OPA's shape.
    Json,
    /// JUnit's XML, which CI systems read.
    Junit,
}

/// Prints a report.
pub fn render(report: &Report, format: Format) -> String {
    match format {
        Format::Pretty { verbose } => pretty(report, verbose),
        Format::Json => json(report),
        Format::Junit => junit(report),
    }
}

fn pretty(report: &Report, verbose: bool) -> String {
    let mut out = String::new();
    let mut file = "";
    for test in &report.tests {
        if !verbose && test.verdict == Verdict::Pass {
            continue;
        }
        if file != test.file {
            let _ = writeln!(out, "{}:", test.file);
            file = &test.file;
        }
        let _ = writeln!(out, "{}", title(test));
        match &test.verdict {
            Verdict::Error(message) => {
                let _ = writeln!(out, "  {message}");
            }
            Verdict::Differ { rego, wasm } => {
                let _ =
                    writeln!(out, "  reference evaluator: {rego}\n  compiled module:     {wasm}");
            }
            Verdict::Fail | Verdict::Pass | Verdict::Skipped => {}
        }
        for case in test.cases.iter().filter(|case| verbose || !case.passed) {
            let _ = writeln!(out, "  {}: {}", case.name, if case.passed { "PASS" } else { "FAIL" });
        }
        if !test.printed.is_empty() {
            let printed = failures::indented(&test.printed.join("\n"), 2);
            let _ = writeln!(out, "\n{printed}");
        }
    }
    let rule = "-".repeat(80);
    let failures = failures::print(report, title);
    if !failures.is_empty() {
        let _ = write!(out, "{rule}\nFAILURES\n{rule}\n{failures}");
    }
    if !out.is_empty() {
        let _ = writeln!(out, "{rule}");
    }
    out.push_str(&totals(report));
    out
}

fn title(test: &Test) -> String {
    let time = format!("{:.3}ms", test.duration.as_secs_f64() * 1000.0);
    format!("{}.{}: {} ({time})", test.package, test.name, word(&test.verdict))
}

fn totals(report: &Report) -> String {
    let totals = report.totals();
    let n_tests = totals.all();
    let mut out = String::new();
    let mut row = |name: &str, n: usize| {
        if n > 0 {
            let _ = writeln!(out, "{name}: {n}/{n_tests}");
        }
    };
    row("PASS", totals.passed);
    row("FAIL", totals.failed);
    row("ERROR", totals.errors);
    row("SKIPPED", totals.skipped);
    if n_tests == 0 {
        out.push_str("no tests found\n");
    }
    out
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
        Verdict::Error(_) => "ERROR",
        Verdict::Skipped => "SKIPPED",
        Verdict::Differ { .. } => "FAIL (the evaluators differ)",
    }
}

fn json(report: &Report) -> String {
    let tests = report.tests.iter().map(|test| {
        let location = location(&test.file, test.row, 1);
        let mut fields = vec![
            ("location", location),
            ("package", Value::text(&test.package)),
            ("name", Value::text(&test.name)),
            ("duration", Value::from(i64::try_from(test.duration.as_nanos()).unwrap_or(i64::MAX))),
        ];
        match &test.verdict {
            Verdict::Pass => {}
            Verdict::Fail => fields.push(("fail", Value::Boolean(true))),
            Verdict::Skipped => fields.push(("skip", Value::Boolean(true))),
            Verdict::Error(message) => {
                fields.push(("error", Value::object_of([("message", Value::text(message))])))
            }
            Verdict::Differ { rego, wasm } => {
                fields.push(("fail", Value::Boolean(true)));
                let sides = [("rego", Value::text(rego)), ("wasm", Value::text(wasm))];
                fields.push(("differ", Value::object_of(sides)));
            }
        }
        if !test.cases.is_empty() {
            let cases = test.cases.iter().map(|case| {
                let fail = (!case.passed).then_some(("fail", Value::Boolean(true)));
                let places = &test.explanation.failed_at;
                let place = places.iter().find(|it| it.case.as_ref() == Some(&case.name));
                let place = place.map(|it| ("failed_at", failed_at(it)));
                let name = ("name", Value::text(&case.name));
                (case.name.as_str(), Value::object_of([name].into_iter().chain(fail).chain(place)))
            });
            fields.push(("sub_results", Value::object_of(cases)));
        }
        fields.extend(explained(test));
        Value::object_of(fields)
    });
    json::to_json(&Value::array(tests.collect()))
}

fn location(file: &str, row: u32, col: u32) -> Value {
    Value::object_of([
        ("file", Value::text(file)),
        ("row", Value::from(i64::from(row))),
        ("col", Value::from(i64::from(col))),
    ])
}

/// The fields that say why a test ended as it did. What it printed is in base 64, as OPA has it.
fn explained(test: &Test) -> Vec<(&'static str, Value)> {
    let explanation = &test.explanation;
    let mut fields = Vec::new();
    if !test.printed.is_empty() {
        let output = test.printed.join("\n") + "\n";
        fields.push(("output", Value::text(&STANDARD.encode(output))));
    }
    if let Some(last) = explanation.failed_at.last().filter(|it| it.case.is_none()) {
        fields.push(("failed_at", failed_at(last)));
    }
    if let Some(steps) = &explanation.steps {
        fields.push(("trace", steps.json.clone()));
    }
    fields
}

fn failed_at(place: &FailedAt) -> Value {
    let mut fields = vec![
        ("location", location(&place.file, place.row, place.col)),
        ("text", Value::text(&place.text)),
    ];
    if !place.values.is_empty() {
        let values = place.values.iter().map(|it| {
            let value = it.value.clone().map(|value| ("value", value));
            Value::object_of([("name", Value::text(&it.name))].into_iter().chain(value))
        });
        fields.push(("values", Value::array(values.collect())));
    }
    fields.extend(place.note.as_ref().map(|note| ("note", Value::text(note))));
    Value::object_of(fields)
}

fn junit(report: &Report) -> String {
    let mut packages: Vec<&str> = report.tests.iter().map(|test| test.package.as_str()).collect();
    packages.sort_unstable();
    packages.dedup();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for package in packages {
        let tests: Vec<&Test> =
            report.tests.iter().filter(|test| test.package == package).collect();
        let n = |is: fn(&Verdict) -> bool| tests.iter().filter(|test| is(&test.verdict)).count();
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
            escape(package),
            tests.len(),
            n(|it| matches!(it, Verdict::Fail | Verdict::Differ { .. })),
            n(|it| matches!(it, Verdict::Error(_))),
            n(|it| *it == Verdict::Skipped),
        );
        for test in tests {
            junit_case(test, &mut out);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn junit_case(test: &Test, out: &mut String) {
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.6}\"",
        escape(&test.package),
        escape(&test.name),
        escape(&test.file),
        test.row,
        test.duration.as_secs_f64(),
    );
    let inner = match &test.verdict {
        Verdict::Pass => {
            out.push_str("/>\n");
            return;
        }
        Verdict::Fail => {
            let failed: Vec<&str> = test
                .cases
                .iter()
                .filter(|case| !case.passed)
                .map(|case| case.name.as_str())
                .collect();
            let places = test.explanation.failed_at.iter();
            let places = places.map(|it| format!("{}:{}: {}", it.file, it.row, it.text));
            let mut lines: Vec<String> = places.collect();
            if !failed.is_empty() {
                lines.insert(0, failed.join(", "));
            }
            format!(
                "<failure message=\"the test is not true\">{}</failure>",
                escape(&lines.join("\n"))
            )
        }
        Verdict::Differ { rego, wasm } => format!(
            "<failure message=\"the evaluators differ\">reference: {}; module: {}</failure>",
            escape(rego),
            escape(wasm)
        ),
        Verdict::Error(message) => format!("<error message=\"{}\"/>", escape(message)),
        Verdict::Skipped => "<skipped/>".to_owned(),
    };
    let _ = writeln!(out, ">{inner}</testcase>");
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|it| match it {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            // XML has no way to write other control characters.
            it if it.is_control() && !matches!(it, '\n' | '\t') => {
                char::REPLACEMENT_CHARACTER.to_string()
            }
            it => it.to_string(),
        })
        .collect()
}
