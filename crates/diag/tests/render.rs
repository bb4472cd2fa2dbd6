//! What the renderers write, and that nothing makes them fail.

use std::path::Path;

use palisade_diag::{Code, Diagnostic, FileId, Files, Fix, Format, Severity, Span, render};

const UNSAFE: Code = Code { name: "unsafe-var", opa: "rego_unsafe_var_error" };
const SYNTAX: Code = Code { name: "unexpected-token", opa: "rego_parse_error" };
const STYLE: Code = Code { name: "line-length", opa: "rego_lint" };

fn span(file: u32, start: u32, end: u32) -> Span {
    Span { file: FileId(file), start, end }
}

fn files() -> Files {
    let mut files = Files::new();
    files.add("a b/authz.rego", "package authz\n\nallow if not blocked[üser]\n");
    files.add("other.rego", "package other\n");
    files
}

/// Everything that a diagnostic can hold, and a warning in another file; out of order.
fn diagnostics() -> Vec<Diagnostic> {
    let mut warning = Diagnostic::error(STYLE, span(1, 8, 13), "line too long, by 5%");
    warning.severity = Severity::Warning;
    let mut error =
        Diagnostic::error(UNSAFE, span(0, 36, 41), "variable `üser` never gets a value")
            .label("used only inside `not`")
            .also(span(0, 15, 20), "in this rule")
            .also(span(1, 0, 7), "see also")
            .note("a note")
            .help("bind it first");
    error.fix =
        Some(Fix { span: span(0, 24, 24), replacement: "some üser in input.users; ".to_owned() });
    vec![warning, error, Diagnostic::error(UNSAFE, span(0, 0, 7), "nowhere").help("h")]
}

/// Compares with `render/<name>`; `BLESS=1 cargo test` writes it anew.
fn check(format: Format, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render").join(name);
    let text = render(format, &files(), &diagnostics());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, text).expect("a writable file");
        return;
    }
    let expected = std::fs::read_to_string(path).expect("a readable file");
    // The order of keys depends on how serde_json is built.
    match serde_json::from_str::<serde_json::Value>(&expected) {
        Ok(expected) => {
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), expected)
        }
        Err(_) => assert_eq!(text, expected),
    }
}

#[test]
fn pretty() {
    check(Format::Pretty { color: false }, "pretty.txt");
}

#[test]
fn json() {
    check(Format::Json, "errors.json");
}

/// Errors of syntax have OPA's `details`: the line as it stands, and the byte in it from 0.
#[test]
fn errors_of_syntax_have_their_line() {
    let details = |diagnostic: Diagnostic| {
        let text = render(Format::Json, &files(), &[diagnostic]);
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        report["errors"][0]["details"].clone()
    };
    assert_eq!(
        details(Diagnostic::error(SYNTAX, span(0, 36, 41), "unexpected")),
        serde_json::json!({"line": "allow if not blocked[üser]", "idx": 21})
    );
    assert_eq!(
        details(Diagnostic::error(SYNTAX, span(1, 900, 901), "the end")),
        serde_json::json!({"line": "", "idx": 0})
    );
    assert_eq!(
        details(Diagnostic::error(UNSAFE, span(0, 36, 41), "unsafe")),
        serde_json::Value::Null
    );
}

#[test]
fn sarif() {
    check(Format::Sarif, "errors.sarif");
}

#[test]
fn github() {
    check(Format::Github, "github.txt");
}

#[test]
fn names_and_messages_of_users_are_escaped() {
    let mut files = Files::new();
    let file = files.add("a,b:c%\u{1b}[31m.rego", "x\u{1b}[2Jy\r\n");
    let span = Span { file, start: 0, end: 1 };
    let diagnostic =
        Diagnostic::error(UNSAFE, span, "bad\r\n::error::\u{1b}[31m").help("\u{7}").label("\u{1b}");
    let github = render(Format::Github, &files, std::slice::from_ref(&diagnostic));
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(github.starts_with("::error file=a%2Cb%3Ac%25"), "{github}");
    let pretty = render(Format::Pretty { color: false }, &files, std::slice::from_ref(&diagnostic));
    assert!(!pretty.contains(['\u{1b}', '\u{7}']), "{pretty:?}");
}

#[test]
fn color_is_only_there_if_wanted() {
    assert!(render(Format::Pretty { color: true }, &files(), &diagnostics()).contains("\u{1b}["));
    assert!(!render(Format::Pretty { color: false }, &files(), &diagnostics()).contains('\u{1b}'));
}

#[test]
fn no_diagnostics_is_no_text() {
    let formats = Format::NAMES.map(|name| Format::named(name, true).expect("a known name"));
    let empty: Vec<bool> =
        formats.iter().map(|format| render(*format, &files(), &[]).is_empty()).collect();
    assert_eq!(empty, [true, false, false, true]);
    assert_eq!(Format::named("xml", false), None);
}

#[test]
fn places_that_do_not_exist_are_survived() {
    let mut files = files();
    files.add("empty.rego", "");
    files.add("multi.rego", "é\r\nü\n\n\t日本 x");
    for file in 0..6 {
        let len = files.text(FileId(file)).len() as u32;
        for start in (0..=len + 2).chain([u32::MAX - 1, u32::MAX]) {
            for end in
                [0, start.saturating_sub(1), start, start.saturating_add(1), len, len + 1, u32::MAX]
            {
                let mut diagnostic = Diagnostic::error(UNSAFE, span(file, start, end), "x")
                    .also(span(5 - file, end, start), "y");
                diagnostic.fix =
                    Some(Fix { span: span(file, start, end), replacement: "z\n".to_owned() });
                for name in Format::NAMES {
                    let format = Format::named(name, true).expect("a known name");
                    assert!(!render(format, &files, std::slice::from_ref(&diagnostic)).is_empty());
                }
            }
        }
    }
    let mut nowhere = Diagnostic::error(UNSAFE, span(0, 0, 0), "x");
    nowhere.labels.clear();
    for name in Format::NAMES {
        let format = Format::named(name, false).expect("a known name");
        assert!(render(format, &files, std::slice::from_ref(&nowhere)).contains('x'));
    }
}
