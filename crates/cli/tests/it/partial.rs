//! `palisade eval --partial`.

use crate::support::Workplace;

const POLICY: &str = r#"package authz

default allow := false

allow if {
	input.method == "GET"
	some role in data.roles[input.user]
	role == "admin"
}

allow if {
	input.path[0] == "public"
	not deny[input.path[1]]
}

deny contains "secret"

deny contains input.blocked[_]

level := "high" if input.n > 10 else := "low" if input.n > 5

visible contains doc if {
	some doc in data.docs
	doc.owner == input.user
}

visible contains doc if {
	some doc in data.docs
	doc.team in data.teams[input.user]
	not doc.secret
}

ports contains port if {
	some port in input.ports
	port > 1024 + data.offset
}
"#;

const DATA: &str = r#"{"roles": {"alice": ["admin"], "bob": ["dev"]}, "teams": {"alice": ["red", "blue"]}, "offset": 1}"#;

fn place() -> Workplace {
    let place = Workplace::new();
    place.write("authz.rego", POLICY).write("data.json", DATA);
    place.write("input.json", r#"{"user": "alice"}"#);
    place
}

fn source(place: &Workplace, arguments: &[&str]) -> String {
    let front = ["eval", "--partial", "-d", "authz.rego", "-d", "data.json", "-f", "source"];
    place.ok(&[front.as_slice(), arguments].concat())
}

#[track_caller]
fn check(arguments: &[&str], expected: &str) {
    assert_eq!(source(&place(), arguments).trim_end(), expected.trim());
}

#[test]
fn conditions_on_documents_are_left() {
    check(
        &["-i", "input.json", "-u", "data.docs", "data.authz.visible[doc]"],
        r#"
# Query 1
doc = data.docs[_]
doc.owner = "alice"
doc

# Query 2
doc = data.docs[_]
doc.team in ["red", "blue"]
not doc.secret
doc"#,
    );
}

#[test]
fn a_default_is_left_out_where_it_does_not_matter() {
    let expected = r#"
# Query 1
input.method = "GET"
input.user = "alice"

# Query 2
input.path[0] = "public"
not data.partial.__not1__(input.path[1])

# Module 1
package partial

__not1__(v) if v = "secret"

__not1__(v) if {
	v = input.blocked[_]
	v
}"#;
    check(&["data.authz.allow"], expected);
    check(&["data.authz.allow == true"], expected);
}

#[test]
fn branches_stay_rules() {
    check(
        &["x = data.authz.level"],
        r#"
# Query 1
x = data.partial.authz.level

# Module 1
package partial.authz

level := "high" if input.n > 10 else := "low" if input.n > 5"#,
    );
}

#[test]
fn rules_are_left_where_that_is_asked_for() {
    let arguments = ["--disable-inlining", "data.authz.ports", "data.authz.ports[x]"];
    let expected = r#"
# Query 1
data.partial.authz.ports[x]

# Module 1
package partial.authz

ports contains port if {
	port = input.ports[_]
	port > 1025
}"#;
    check(&arguments, expected);
    check(&["--shallow-inlining", "data.authz.ports[x]"], expected);
}

#[test]
fn what_is_known_is_known() {
    check(&["1 < 2"], "# Query 1");
    check(&["1 > 2"], "");
    check(&["-i", "input.json", "-u", "data.docs", "x = data.authz.allow"], "# Query 1\nx = false");
    let place = place();
    let front = ["eval", "-p", "-d", "authz.rego"];
    place.fails(1, &[front.as_slice(), &["--fail", "1 > 2"]].concat(), &[]);
    place.fails(1, &[front.as_slice(), &["--fail-defined", "input.x"]].concat(), &[]);
}

#[test]
fn trees_have_opas_shape() {
    let out =
        place().ok(&["eval", "-p", "-d", "authz.rego", "-d", "data.json", "x = data.authz.level"]);
    let tree: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let query = &tree["partial"]["queries"][0][0];
    assert_eq!(query["index"], 0);
    assert_eq!(query["terms"][0]["value"][0]["value"], "eq");
    assert_eq!(query["terms"][1]["value"], "x");
    let module = &tree["partial"]["modules"][0];
    assert_eq!(module["package"]["path"][1]["value"], "partial");
    assert_eq!(module["rules"][0]["head"]["name"], "level");
    let out = place().ok(&["eval", "-p", "1 < 2"]);
    let tree: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(tree, serde_json::json!({"partial": {"queries": [[]]}}));
    let out = place().ok(&["eval", "-p", "1 > 2"]);
    let tree: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(tree, serde_json::json!({"partial": {}}));
}

#[test]
fn tables_have_a_row_for_each_query_and_module() {
    let out =
        place().ok(&["eval", "-p", "-d", "authz.rego", "-f", "pretty", "x = data.authz.level"]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[1].starts_with("| Query 1   | x = data.partial.authz.level "), "{out}");
    assert!(lines[3].starts_with("| Support 1 | package partial.authz "), "{out}");
    assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{out}");
    assert_eq!(place().ok(&["eval", "-p", "-f", "pretty", "1 > 2"]), "undefined\n");
}

#[test]
fn flags_that_make_no_sense_are_refused() {
    let place = place();
    place.fails(2, &["eval", "-p", "-t", "wasm", "input.x"], &["-t wasm"]);
    place.fails(2, &["eval", "-p", "-f", "raw", "input.x"], &["source"]);
    place.fails(2, &["eval", "-f", "source", "input.x"], &["--partial"]);
    place.fails(2, &["eval", "-u", "data.docs", "input.x"], &["--partial"]);
    place.fails(2, &["eval", "-p", "-u", "docs", "input.x"], &["`docs` is no place"]);
    place.fails(2, &["eval", "-p", "-u", "data[x]", "input.x"], &["`data[x]` is no place"]);
    place.fails(2, &["eval", "-p", "--disable-inlining", "input.x", "input.x"], &["has no rules"]);
    place.fails(2, &["eval", "-p", "--explain", "full", "input.x"], &["--explain"]);
}

#[test]
fn errors_of_policies_and_limits_are_errors() {
    let place = place();
    place.fails(2, &["eval", "-p", "-f", "source", "input.x; y"], &["query:1:10"]);
    let rules: String =
        (0..17).map(|at| format!("a{at} if input.x{at} = [1, 2, 3, 4][_]\n")).collect();
    let all: Vec<String> = (0..17).map(|at| format!("a{at}")).collect();
    place
        .write("many.rego", &format!("package many\n\n{rules}\nall if {{ {} }}\n", all.join("; ")));
    let ran = place.run(&["eval", "-p", "-d", "many.rego", "-f", "source", "data.many.all"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.err.contains("more than 100000 expressions"), "{ran:#?}");
}
