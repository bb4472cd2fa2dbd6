//! Policies that are hard to take apart, asked with several inputs.

use palisade_conformance::{Case, Expected, Version};
use palisade_partial::Unknown;
use palisade_value::{Value, json};

use crate::property::{Verdict, check};

/// Puts a query both ways, for each of these inputs, with rules put in place and without.
#[track_caller]
fn same(module: &str, query: &str, inputs: &[&str]) {
    for input in inputs {
        let case = Case {
            note: String::new(),
            file: String::new(),
            version: Version::V1,
            query: query.to_owned(),
            modules: vec![format!("package p\n\n{module}")],
            data: json::parse(r#"{"roles": {"a": ["x", "y"], "b": ["y"]}, "list": [3, 1, 2]}"#)
                .unwrap_or_else(|_| Value::empty_object()),
            input: Some(json::parse(input).expect("JSON")),
            input_term: None,
            expected: Expected::default(),
            sort_bindings: false,
            strict_error: false,
            experimental_keywords: true,
            env: Vec::new(),
        };
        for shallow in [false, true] {
            let verdict = check(&case, &[Unknown::Input(Vec::new())], shallow);
            assert!(matches!(verdict, Verdict::Same), "{query} with {input}: {verdict:?}");
        }
    }
}

#[test]
fn order_and_number_of_an_arrays_elements() {
    let module = "
double if input.u
double if input.w
pairs := [[x, y] | some x in input.xs; some y in data.list]
often := [1 | some x in input.xs; double]
roles := [r | some u in input.us; some r in data.roles[u]]
found := [v | some k in input.us; v := data.roles[k][_]; v != input.not]
";
    let inputs = [
        r#"{"xs": [2, 1, 2], "u": 1, "w": 1, "us": ["b", "a", "b", "c"], "not": "x"}"#,
        r#"{"xs": [], "u": false, "w": 1, "us": []}"#,
    ];
    for query in ["x = data.p.pairs", "x = data.p.often", "x = data.p.roles", "x = data.p.found"] {
        same(module, query, &inputs);
    }
}

#[test]
fn conflicts_show_where_they_did() {
    let module = "
one := 1 if input.a
one := 2 if input.b
f(x) := 1 if x > 1
f(x) := 2 if x > 2
some_key[k] := v if { some k, v in input.o }
some_key[k] := 7 if { some k in input.ks }
pick := x if some x in input.xs
always := 1
always := 2 if input.a
";
    let inputs = [
        r#"{"a": 1, "b": 1, "n": 3, "o": {"k": 1}, "ks": ["k"], "xs": [1, 2]}"#,
        r#"{"a": 1, "n": 2, "o": {"k": 7}, "ks": ["k"], "xs": [1, 1]}"#,
        r#"{"b": 1, "n": 0, "o": {"k": 7}, "ks": ["j"], "xs": []}"#,
    ];
    for query in [
        "x = data.p.one",
        "data.p.one == 1",
        "x = data.p.f(input.n)",
        "x = data.p.some_key",
        "x = data.p.some_key[k]",
        r#"x = data.p.some_key["k"]"#,
        "x = data.p.pick",
        "x = data.p.always",
        "not data.p.one",
        "x = [y | y = data.p.one]",
    ] {
        same(module, query, &inputs);
    }
}

#[test]
fn branches_and_defaults() {
    let module = r#"
default d := "none"
d := "a" if { some x in input.xs; x > 3 } else := x if { some x in input.ys } else := "c" if input.c
default g(_) := 0
g(x) := x if { some y in input.xs; y == x } else := 100 if x > 10
off if not d == "none"
"#;
    let inputs = [
        r#"{"xs": [1, 5, 9], "ys": [1], "c": 1, "n": 5}"#,
        r#"{"xs": [1], "ys": [7, 7], "c": 1, "n": 50}"#,
        r#"{"xs": [1], "ys": [7, 8], "c": 1, "n": 5}"#,
        r#"{"xs": [], "ys": [], "c": 1, "n": 1}"#,
        r#"{"xs": [], "ys": [], "c": false}"#,
    ];
    for query in [
        "x = data.p.d",
        r#"data.p.d == "none""#,
        r#"data.p.d == "a""#,
        "x = data.p.g(input.n)",
        "x = data.p.off",
        "not data.p.off",
        "x = data.p.g(11)",
    ] {
        same(module, query, &inputs);
    }
}

#[test]
fn undefined_inside_and_outside_closures() {
    let module = "
not_late if not input.a > 1
late if { y := input.a; not y > 1 }
inside := {x | x := input.a}
outside := {x | y := 1; x := [y, input.a, input.b]}
strict := count({x | some x in input.xs}) + input.n
all if every x in input.xs { x > input.n }
all_known if every x in data.list { x > input.n }
none if every x in input.xs { not x in data.list }
";
    let inputs = [
        r#"{"a": 1, "b": 2, "xs": [4, 5], "n": 0}"#,
        r#"{"a": false, "xs": [1], "n": 1}"#,
        r#"{"a": 3, "xs": "no collection", "n": 2}"#,
        r#"{"xs": {}}"#,
    ];
    for rule in ["not_late", "late", "inside", "outside", "strict", "all", "all_known", "none"] {
        same(module, &format!("x = data.p.{rule}"), &inputs);
        same(module, &format!("not data.p.{rule}"), &inputs);
        same(module, &format!("data.p.{rule} = x; y = [x, input.n]"), &inputs);
    }
}

#[test]
fn replacements() {
    let module = "
q := input.a + input.b
r := x if { x := q with input.a as 10 }
s := x if { x := q with input as {\"a\": input.b, \"b\": 1} }
f(x) := x + input.a
g(x) := f(x) * 2
h(x) := x + input.b
t := x if { x := g(1) with data.p.f as data.p.h }
u := x if { x := count(input.xs) with count as 42 }
v := x if { x := [g(1), f(2)] with data.p.g as data.p.h with input.a as 5 }
w := x if { x := data.roles[input.k] with data.roles as {\"z\": input.a} }
n if not q == 3 with input.a as input.b
m := [y | some z in [1, 2]; y := q with input.b as z]
k := x if { x := f(1) with data.p.f as input.k }
";
    let inputs = [
        r#"{"a": 1, "b": 2, "xs": [1], "k": "z"}"#,
        r#"{"a": 1.5, "k": "a"}"#,
        r#"{"b": 1.5, "xs": []}"#,
    ];
    for rule in ["q", "r", "s", "t", "u", "v", "w", "n", "m", "k"] {
        same(module, &format!("x = data.p.{rule}"), &inputs);
    }
    same(module, "x = data.p.q with input.a as input.b with input.b as 7", &inputs);
}

#[test]
fn patterns_and_packages() {
    let module = "
pair := y if [1, y] = input.pair
deep := [a, b] if { {\"k\": a, \"l\": [b, 2]} = input.o }
both := x if { [x, {\"k\": 1}] = [input.n, {\"k\": input.m}] }
names[n] contains v if { some n, v in input.o }
tree.a.b := input.n
tree.a[k] := v if { k := input.k; v := 1 }
set_of := {[x, y] | some x, y in input.o}
";
    let inputs = [
        r#"{"pair": [1, 2], "o": {"k": 1, "l": [3, 2]}, "n": 4, "m": 1, "k": "c"}"#,
        r#"{"pair": [2, 2], "o": {"k": 1, "l": [3, 3]}, "n": 4, "m": 2, "k": "b"}"#,
        r#"{"pair": {"0": 1}, "o": [1, 2], "n": false, "k": 3}"#,
    ];
    for query in [
        "x = data.p.pair",
        "x = data.p.deep",
        "x = data.p.both",
        "x = data.p.names",
        "x = data.p.names.k",
        "data.p.names[x][y]",
        "x = data.p.tree",
        "x = data.p.tree.a[k]",
        "x = data.p.set_of",
        "x = data.p",
        "x = data.p[input.k]",
        "x = data.p[y][input.k]",
        "x = [y | y = data.p[_]]",
    ] {
        same(module, query, &inputs);
    }
}

#[test]
fn places_with_keys_that_are_no_strings() {
    let module = "
r[1] contains x if some x in input.xs
r[2][x] := 1 if some x in input.xs
r[null].a.b := 3 if input.u
r[true] := input.u
r[3.5][x][4] contains 1 if some x in input.xs
f[1](x) := x if x == input.u
f[1](x) := 7 if x == input.w
called := f[1](5)
inner := x if x := r[1] with input.xs as [input.u]
";
    let inputs = [
        r#"{"xs": [1, 2], "u": 5, "k": 1}"#,
        r#"{"xs": [], "w": 5, "k": true}"#,
        r#"{"u": 3, "k": null}"#,
    ];
    for query in [
        "x = data.p",
        "x = data.p.r",
        "x = data.p.r[k]",
        "x = data.p.r[1]",
        "x = data.p.r[2]",
        "x = data.p.r[null]",
        "x = data.p.r[3.5]",
        "x = data.p.r[input.k]",
        "x = data.p.called",
        "x = data.p.inner",
        "not data.p.r[true]",
    ] {
        same(module, query, &inputs);
    }
}

#[test]
fn keys_that_become_constants_are_no_places() {
    let module = r#"
sets[x] contains 1 if { x := "a"; input.u }
deep[x].y := 1 if { x := 1; input.u }
deep[x][y].z := 1 if { x := 2; y := 3; input.u }
flat[x] := 1 if { x := 1; input.u }
never[x] contains y if { some x, y in input.xs; false }
"#;
    let inputs = [r#"{"u": true, "xs": [1]}"#, "{}"];
    for query in
        ["x = data.p", "x = data.p.sets", "x = data.p.deep", "x = data.p.flat", "x = data.p.never"]
    {
        same(module, query, &inputs);
    }
}

#[test]
fn a_value_that_the_head_names_keeps_its_condition() {
    let module = "
f(x) := x if x == input.u
f(x) := 7 if x == input.w
called := f(5)
keyed[x] := x if x = input.u
";
    let inputs = [r#"{"u": 5}"#, r#"{"u": 3, "w": 5}"#, r#"{"u": 3}"#, "{}"];
    for query in ["x = data.p.called", "x = data.p.keyed", "x = data.p"] {
        same(module, query, &inputs);
    }
}
