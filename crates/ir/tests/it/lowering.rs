//! Policies lowered and run: text in, decision out.

use std::collections::BTreeSet;
use std::sync::Arc;

use palisade_ir::program::Program;
use palisade_ir::{lower, passes, text, verify};
use palisade_rego::semantic;
use palisade_rego::syntax::{ParseOptions, ast::Version, parse_module};
use palisade_value::types::Declaration;
use palisade_value::{Value, json};

use crate::eval::{Facts, evaluate};

/// What calls of `print` become where they are kept.
const PRINT: Declaration = Declaration::new("internal.print", "(array[set[any]]) -> boolean");

/// Registers shared in every function, however few it has.
pub const SHARING: passes::Options = passes::Options { registers_max: 0 };

/// Lowers modules with base data for one entrypoint, and improves what comes of it.
pub fn lowered(modules: &[&str], data: &str, entrypoint: &str) -> Program {
    lowered_by(&passes::Options::default(), modules, data, entrypoint)
}

/// The same with other options of the passes.
pub fn lowered_by(
    passing: &passes::Options,
    modules: &[&str],
    data: &str,
    entrypoint: &str,
) -> Program {
    lowered_with(|program| passes::optimize(program, passing), modules, data, entrypoint)
}

fn lowered_with(
    improve: impl Fn(Program) -> Program,
    modules: &[&str],
    data: &str,
    entrypoint: &str,
) -> Program {
    let mut files = palisade_diag::Files::new();
    let mut trees = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        let id = files.add(&format!("{at}.rego"), *module);
        let parse = parse_module(&files, id, &ParseOptions::of(Version::V1));
        assert!(parse.diagnostics.is_empty(), "{:?}", parse.diagnostics);
        trees.push(parse.tree);
    }
    let builtins: Vec<Declaration> =
        palisade_builtins::declarations().iter().copied().chain([PRINT]).collect();
    let options = semantic::Options { keep_print: true, ..semantic::Options::new(&builtins) };
    let checked = semantic::check(Arc::new(files), trees, &[], &options);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let path = entrypoint.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let data = json::parse(data).expect("base data");
    let options = lower::Options { entrypoints: vec![path], data, queries: false };
    let program = improve(lower::lower(&checked.program, &options).expect("lowered"));
    assert_eq!(verify::verify(&program), Vec::<String>::new(), "{}", text::print(&program));
    program
}

/// The decision as text. It is the same whichever functions share registers.
fn decision(modules: &[&str], data: &str, entrypoint: &str, input: &str) -> String {
    let [usual, sharing] = [passes::Options::default(), SHARING].map(|passing| {
        decided(&lowered_by(&passing, modules, data, entrypoint), entrypoint, input)
    });
    assert_eq!(sharing, usual, "where all functions share registers");
    usual
}

/// What a program decides, as text: the value, `undefined` or the error.
pub fn decided(program: &Program, entrypoint: &str, input: &str) -> String {
    let input: Option<Value> = json::parse(input).ok();
    let outcome = evaluate(program, entrypoint, Facts { input, ..Facts::default() });
    match (outcome.error, outcome.value) {
        (Some((_, text)), _) => text,
        (None, Some(value)) => value.to_string(),
        (None, None) => "undefined".to_owned(),
    }
}

#[track_caller]
fn check(module: &str, input: &str, expected: &str) {
    assert_eq!(decision(&[module], "{}", "t/p", input), expected);
}

#[test]
fn show() {
    if let Ok(path) = std::env::var("PALISADE_SHOW") {
        let source = std::fs::read_to_string(path).expect("a policy");
        let entrypoint = std::env::var("PALISADE_ENTRYPOINT").expect("an entrypoint");
        println!("{}", text::print(&lowered(&[&source], "{}", &entrypoint)));
    }
}

#[test]
fn the_first_clause_that_holds_decides() {
    let module = "package t
p := \"high\" if { input.n > 10 } else := \"mid\" if { input.n > 5 } else := \"low\"";
    check(module, r#"{"n": 11}"#, r#""high""#);
    check(module, r#"{"n": 6}"#, r#""mid""#);
    check(module, "{}", r#""low""#);
}

#[test]
fn else_is_tried_when_the_value_is_undefined() {
    check("package t\np := input.a if { true } else := 2", "{}", "2");
    check("package t\np := input.a if { true } else := 2", r#"{"a": false}"#, "false");
}

#[test]
fn a_document_has_one_value() {
    let module = "package t
p := input.a
p := input.b";
    check(module, r#"{"a": 1, "b": 1}"#, "1");
    let conflict =
        "0.rego:3: eval_conflict_error: complete rules must not produce multiple outputs";
    check(module, r#"{"a": 1, "b": 2}"#, conflict);
    check(module, r#"{"b": 2}"#, "2");
    check(
        "package t\np := x if some x in input",
        "[1, 2]",
        "0.rego:2: eval_conflict_error: complete rules must not produce multiple outputs",
    );
    check("package t\np := x if some x in input", "[1, 1]", "1");
}

#[test]
fn functions_take_their_arguments_apart() {
    let module = "package t
f([a, {\"k\": b}]) := a + b
default g(_) := 7
g(x) := 1 if x == 1
p := [f(input), g(1), g(2)]";
    check(module, r#"[1, {"k": 2}]"#, "[3, 1, 7]");
    check(module, r#"[1, {"k": 2, "l": 3}]"#, "undefined");
    let conflict = "0.rego:3: eval_conflict_error: functions must not produce multiple outputs for same inputs";
    check("package t\nf(x) := x\nf(x) := 2\np := f(input)", "1", conflict);
}

#[test]
fn negation_and_quantifiers() {
    let module = "package t\nimport future.keywords.not\np if not input.xs[_] == 2";
    check(module, r#"{"xs": [1, 3]}"#, "true");
    check(module, r#"{"xs": [1, 2]}"#, "undefined");
    check("package t\np if every k, v in input { k < v }", "[1, 2]", "true");
    check("package t\np if every k, v in input { k < v }", "[1, 1]", "undefined");
    check("package t\np if every x in input { x > 0 }", "[]", "true");
    check("package t\np if every x in input { x > 0 }", "1", "undefined");
    check("package t\np if every x in input { some y in x; y > 1 }", "[[1, 2], [3]]", "true");
    check("package t\np := [x | some x in input; not x in {2}]", "[1, 2, 3]", "[1, 3]");
}

#[test]
fn unification_takes_values_apart() {
    check("package t\np := [x, y] if [x, {\"a\": y}] = input", r#"[1, {"a": 2}]"#, "[1, 2]");
    check(
        "package t\np := [x, y] if [x, {\"a\": y}] = input",
        r#"[1, {"a": 2, "b": 3}]"#,
        "undefined",
    );
    check("package t\np := y if { [x, y] = [1, x] }", "{}", "1");
    check("package t\np := x if input[x] == \"b\"", r#"["a", "b"]"#, "1");
    check("package t\np := {x | s := {[1, 2], [2, 3]}; s[[1, x]]}", "{}", "{2}");
    check("package t\np := x if walk(input, [[\"a\", 0], x])", r#"{"a": [7]}"#, "7");
}

#[test]
fn heads_of_any_depth_share_an_object() {
    let module = "package t
p[a].b[c] := v if some a, c, v in {[\"x\", 1, 2], [\"x\", 2, 3], [\"y\", 1, 4]}
p.z := 1
p[\"y\"].s contains m if some m in [2, 1, 2]
p.y.s contains 9";
    let module = &module.replace("some a, c, v in", "some [a, c, v] in");
    check(
        module,
        "{}",
        r#"{"x": {"b": {1: 2, 2: 3}}, "y": {"b": {1: 4}, "s": {1, 2, 9}}, "z": 1}"#,
    );
    let conflict = "0.rego:2: eval_conflict_error: object keys must be unique";
    check("package t\np[a].b := 1 if a := \"x\"\np.x.b.c := 2", "{}", conflict);
    check("package t\np[a] contains 1 if a := \"x\"\np.x := 2", "{}", conflict);
    check("package t\np[a][b] := 1 if some a, b in input", "[]", "{}");
}

#[test]
fn documents_and_base_data_together() {
    let modules = [
        "package a.b\nname := \"b\"",
        "package a.q\nnames := {n | n := data.a[_].name}",
        "package a.e",
    ];
    let data = r#"{"a": {"b": {"x": 1}, "c": {"name": "c"}, "d": 5}}"#;
    assert_eq!(decision(&modules, data, "a/q/names", "null"), r#"{"b", "c"}"#);
    assert_eq!(decision(&modules, data, "a/b", "null"), r#"{"name": "b", "x": 1}"#);
    assert_eq!(
        decision(&modules, data, "a", "null"),
        r#"{"b": {"name": "b", "x": 1}, "c": {"name": "c"}, "d": 5, "e": {}, "q": {"names": {"b", "c"}}}"#
    );
    assert_eq!(decision(&modules, data, "a/d", "null"), "5");
    assert_eq!(decision(&modules, data, "a/b/x", "null"), "1");
    assert_eq!(decision(&modules, data, "a/nothing", "null"), "undefined");
    assert_eq!(decision(&["package a\np := {\"k\": [1, 2]}"], "{}", "a/p/k", "null"), "[1, 2]");
}

#[test]
fn functions_are_no_documents() {
    assert_eq!(decision(&["package a\nf(x) := x\ng := f(1)"], "{}", "a", "null"), r#"{"g": 1}"#);
}

#[test]
fn with_replaces_input_and_documents() {
    check(
        "package t\np := x if x := input with input.a.b as 1",
        r#"{"a": {"c": 2}}"#,
        r#"{"a": {"b": 1, "c": 2}}"#,
    );
    check("package t\nq := input\np := [x, q] if x := q with input as 1", "2", "[1, 2]");
    let module = "package t
r := data.u
p := [x, y, z] if {
	x := r with data.u.a as {\"n\": 1}
	y := r with data.u.a as 1 with data.u.a.b as 2
	z := r with data.u.a.b as 2 with data.u.a as 3
}";
    let other = "package u\na := {\"m\": 0}\nk := 1";
    let expected = r#"[{"a": {"n": 1}, "k": 1}, {"a": {"b": 2}, "k": 1}, {"a": 3, "k": 1}]"#;
    assert_eq!(
        decision(&[module, &other.replace("a := {\"m\": 0}\n", "")], "{}", "t/p", "null"),
        expected
    );
}

#[test]
fn with_reaches_references_with_variables() {
    let module = "package t
all := {[k, v] | v := data.u[k]}
one(k) := data.u[k]
p := [all, x, y] if {
	x := all with data.u.n as 5
	y := one(\"n\") with data.u.n as 6
}";
    let modules = [module, "package u\nk := 1"];
    let expected = r#"[{["b", 0], ["k", 1]}, {["b", 0], ["k", 1], ["n", 5]}, 6]"#;
    assert_eq!(decision(&modules, r#"{"u": {"b": 0}}"#, "t/p", "null"), expected);
    let whole =
        "package t\nall := {[k, v] | v := data.u[k]}\np := x if x := all with data.u as [7]";
    assert_eq!(decision(&[whole, "package u\nk := 1"], "{}", "t/p", "null"), "{[0, 7]}");
}

#[test]
fn with_keeps_every_solution() {
    check("package t\np := [x | some x in input with input as [1, 2]]", "null", "[1, 2]");
    check("package t\np := [1 | input[_] with input as [1, 2]]", "null", "[1, 1]");
    check("package t\np if not input.a with input as {\"a\": false}", "null", "true");
}

#[test]
fn with_replaces_functions() {
    let module = "package t
f(x) := x + 1
g(x) := f(x) * 10
h(xs) := 8 + count(xs)
q := f(1)
p := [a, b, c, q] if {
	a := q with f as g
	b := q with f as \"v\"
	c := count([1]) with count as h
}";
    // What stands in for a function sees the original.
    check(module, "null", r#"[20, "v", 9, 2]"#);
}

#[test]
fn or_gives_one_solution() {
    check("package t\np contains x if { some x in [1, 2, 3]; x in {1, 3} }", "null", "{1, 3}");
}

#[test]
fn only_what_is_reached_is_lowered() {
    let module = "package t
p := data.u.x
test_p if p == 1 with data.u.x as 1";
    let program = lowered(&[module], "{}", "t/p");
    assert_eq!(program.slots, ["input"]);
    assert_eq!(program.functions.len(), 1, "{}", text::print(&program));
}

#[test]
fn rules_that_held_are_noted() {
    let program = lowered(
        &["package t\ndefault p := false\np if q\nq if input.a\nq if input.b"],
        "{}",
        "t/p",
    );
    let input = json::parse(r#"{"b": true}"#).ok();
    let outcome = evaluate(&program, "t/p", Facts { input, ..Facts::default() });
    assert_eq!(outcome.held, ["data.t.q:5", "data.t.p:3"]);
}

#[test]
fn long_literals_and_bodies_need_no_deep_stack() {
    let items: Vec<String> = (0..5_000).map(|at| format!("input.a{at}")).collect();
    let body: Vec<String> = (0..2_000).map(|at| format!("\tinput.b{at} == {at}")).collect();
    let module =
        format!("package t\np := [{}]\nq if {{\n{}\n}}", items.join(", "), body.join("\n"));
    assert_eq!(decision(&[&module], "{}", "t/p", "{}"), "undefined");
    assert_eq!(decision(&[&module], "{}", "t/q", "{}"), "undefined");
}

#[test]
fn the_printed_form_is_stable() {
    let program =
        lowered(&["package t\ndefault p := false\np if input.user == data.owner"], "{}", "t/p");
    let expected = "\
entrypoint t/p = f0 (data.t.p)
slot s0 = input

function f0(): data.t.p
  block:
    r1 = input[\"user\"]
    r2 = base data[\"owner\"]
    r1 == r2
    r3 = true
    held data.t.p # 0.rego:3
    return r3
  r4 = false
  held data.t.p # 0.rego:2
  return r4
";
    assert_eq!(text::print(&program), expected);
}

#[test]
fn loops_are_left_when_nothing_behind_needs_them() {
    let module = "package t\np if {\n\tinput.a[_] == 1\n\tinput.b[_] == 2\n}";
    let expected = "\
entrypoint t/p = f0 (data.t.p)
slot s0 = input

function f0(): data.t.p
  block L1:
    r2 = input[\"a\"]
    scan r2 as r3, r4:
      r5 = 1
      r4 == r5
      r1 = true
      break L1
  defined r1
  r7 = input[\"b\"]
  scan r7 as r8, r9:
    r10 = 2
    r9 == r10
    r11 = true
    held data.t.p # 0.rego:2
    return r11
";
    assert_eq!(text::print(&lowered(&[module], "{}", "t/p")), expected);
    check(module, r#"{"a": [0, 1], "b": [2, 2]}"#, "true");
    check(module, r#"{"a": [0], "b": [2, 2]}"#, "undefined");
    let needed = "package t
p contains [x, y] if {
	some x in input
	some z in input
	z > x
	some y in input
	y > x
}";
    check(needed, "[1, 2, 3]", "{[1, 2], [1, 3], [2, 3]}");
    check("package t\np := [x | some x in input; input[_] == x]", "[1, 1]", "[1, 1, 1, 1]");
}

#[test]
fn a_conflict_leaves_nothing_undefined_behind() {
    let module = "package t
q := [{k: v | some k in [1]; some v in [1, 2]}, 1]
p := [x | some x in [q, q]]";
    check(module, "null", "0.rego:2: eval_conflict_error: object keys must be unique");
}

#[test]
fn rules_are_indexed_by_what_they_compare() {
    let rules: Vec<String> = (0..300)
        .map(|at| {
            let (path, method) = (at / 3, ["GET", "PUT", "POST"][at % 3]);
            format!("p if {{\n\tinput.method == \"{method}\"\n\tinput.path == \"/{path}\"\n\tinput.n == {at}\n}}")
        })
        .collect();
    let module = format!("package t\ndefault p := false\n{}", rules.join("\n"));
    let program = lowered(&[&module], "{}", "t/p");
    let printed = text::print(&program);
    assert_eq!(printed.matches("match ").count(), 1, "{printed}");
    assert_eq!(printed.matches("case ").count(), 300);
    check(&module, r#"{"method": "PUT", "path": "/7", "n": 22}"#, "true");
    check(&module, r#"{"method": "PUT", "path": "/7", "n": 21}"#, "false");
    check(&module, r#"{"method": "PUT", "n": 22}"#, "false");
}

#[test]
fn indexed_rules_are_all_tried() {
    let module = "package t
p contains 1 if input.k == \"a\"
p contains 2 if { input.k == \"b\"; input.l[_] == 1 }
p contains 3 if { input.k == \"a\"; input.l[_] == 1 }
p contains 4 if \"b\" == input.k
p contains 5 if input.l == 2
p contains 6 if { input.k == 1.0; f(1) == 7 }
p contains 7 if input.k == 1
p contains 8 if input.k == \"a\"
f(0) := 0
f(1) := 7
f(2) := 2";
    check(module, r#"{"k": "a", "l": [1, 1]}"#, "{1, 3, 8}");
    check(module, r#"{"k": "a"}"#, "{1, 8}");
    check(module, r#"{"k": "b", "l": [1]}"#, "{2, 4}");
    check(module, r#"{"k": 1, "l": 2}"#, "{5, 6, 7}");
    check(module, "{}", "set()");
}

#[test]
fn small_functions_share_registers_where_that_is_asked_for() {
    let module = "package t\np if { input.a[_] == 1; input.b[_] == 2; input.c[_] == 3 }";
    let n_regs = |passing| lowered_by(&passing, &[module], "{}", "t/p").functions[0].n_regs;
    let [usual, sharing] = [passes::Options::default(), SHARING].map(n_regs);
    assert!(2 * sharing < usual, "{sharing} of {usual}");
}

#[test]
fn documents_with_very_many_rules_share_registers() {
    let rules: Vec<String> = (0..2_000)
        .map(|at| format!("p contains x if {{\n\tinput.k > {at}\n\tx := input.l[_] + {at}\n}}"))
        .collect();
    let module = format!("package t\n{}", rules.join("\n"));
    let program = lowered(&[&module], "{}", "t/p");
    assert!(program.functions.iter().all(|function| function.n_regs < 100));
    let decided = decided(&program, "t/p", r#"{"k": 2, "l": [10, 20]}"#);
    assert_eq!(decided, "{10, 11, 20, 21}");
}

#[test]
fn rules_of_very_many_expressions_use_registers_again() {
    // Values of all kinds of life: for the next expression, to the end, in a loop, and built up.
    let lines = (0..1_500).map(|at| {
        format!("\tv{at} := input.k + {at}\n\tw{at} := [z | some y in input.l; z := y + {at}]\n\tw{at}[_] >= v{at}\n")
    });
    let module = format!(
        "package t\np := [first, w0, w1499] if {{\n\tfirst := input.k\n{}}}",
        lines.collect::<String>()
    );
    let shared = |program| passes::share_registers::run(program, SHARING.registers_max);
    let program = lowered_with(shared, &[&module], "{}", "t/p");
    let n_regs = program.functions.iter().map(|function| function.n_regs).max();
    assert!(n_regs < Some(100), "{n_regs:?}");
    assert_eq!(decided(&program, "t/p", r#"{"k": 2, "l": [3]}"#), "[2, [3], [1502]]");
}

#[test]
fn only_documents_whose_making_is_seen_are_never_made_whole_for_a_part() {
    let module = "package t
p := [quiet[k], loud[k], told[k], asking[k]] if k := input.k
quiet[k] := v if some k, v in input.a
loud[k] := v if { some k, v in input.a; print(k) }
told[k] := v if { some k, v in input.a; tells(k) }
tells(k) if print(k)
asking[k] := v if { some k in input.a; v := http.send({\"url\": k, \"method\": \"get\"}) }";
    let program = lowered(&[module], "{}", "t/p");
    let names: BTreeSet<&str> = program.functions.iter().map(|it| &*it.name).collect();
    let expected = [
        "data.t.p",
        "data.t.quiet",
        "data.t.tells",
        "part data.t.asking[?]",
        "part data.t.loud[?]",
        "part data.t.quiet[?]",
        "part data.t.told[?]",
        "sound data.t.quiet",
    ];
    assert_eq!(names, expected.into());
}
