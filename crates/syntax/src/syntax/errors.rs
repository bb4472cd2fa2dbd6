//! Every message of the lexer and the parser. OPA's words are kept where it has any.

use palisade_diag::{Code, Diagnostic, Fix, Span};

use crate::limits::TOKENS_MAX;
use crate::text::{escaped, spaced};

const fn code(name: &'static str) -> Code {
    Code { name, opa: "rego_parse_error" }
}

/// `eof`, `identifier token: expected …`.
pub(super) fn unexpected(span: Span, found: &str, is_keyword: bool, expected: &str) -> Diagnostic {
    let sort = if is_keyword { "keyword" } else { "token" };
    let message = match expected {
        "" => format!("unexpected {found} {sort}"),
        _ => format!("unexpected {found} {sort}: {expected}"),
    };
    Diagnostic::error(code("unexpected-token"), span, message)
}

/// Something was read that is not what must stand here.
pub(super) fn expected(span: Span, expected: &str) -> Diagnostic {
    Diagnostic::error(code("unexpected-term"), span, expected)
}

pub(super) fn illegal_character(span: Span, found: char) -> Diagnostic {
    let message = match found {
        '\0' => "illegal null character".to_owned(),
        '\u{feff}' => "illegal byte-order mark".to_owned(),
        '!' | '$' => format!("illegal {found} character"),
        _ if found.is_control() => {
            format!("illegal token: unexpected character `{}`", escaped(&found.to_string()))
        }
        _ => format!("illegal token: unexpected character `{found}`"),
    };
    let diagnostic = Diagnostic::error(code("illegal-character"), span, message);
    match found {
        '\'' => diagnostic.help("write strings in double quotes: \"…\""),
        '!' => diagnostic.help("write `not` to negate an expression, `!=` to compare"),
        '$' => diagnostic.help("a template string is written $\"…{expression}…\""),
        _ => diagnostic,
    }
}

pub(super) fn unterminated_string(span: Span) -> Diagnostic {
    Diagnostic::error(code("unterminated-string"), span, "non-terminated string")
        .label("starts here")
}

pub(super) fn illegal_escape(span: Span) -> Diagnostic {
    Diagnostic::error(code("illegal-escape"), span, "illegal escape sequence")
        .help("write a backslash as `\\\\`, or use a raw string in back-quotes")
}

pub(super) fn illegal_string(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        code("illegal-escape"),
        span,
        format!("illegal string literal: {}", escaped(text)),
    )
    .note("a string with escape sequences cannot hold control characters")
}

pub(super) fn invalid_number(span: Span, fault: &str) -> Diagnostic {
    Diagnostic::error(code("invalid-number"), span, fault)
}

pub(super) fn too_deep(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(code("nesting-too-deep"), span, "max recursion depth exceeded")
        .note(format!("constructs may be nested {limit} deep"))
}

pub(super) fn too_high(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(code("nesting-too-deep"), span, "max recursion depth exceeded")
        .note(format!("a term may have {limit} operators in a row"))
        .help("give a part of it a name: `x := …`")
}

pub(super) fn too_many_branches(span: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(code("nesting-too-deep"), span, "max recursion depth exceeded")
        .note(format!("a rule may have {limit} `else` branches"))
        .help("put some of the cases into a rule of their own")
}

pub(super) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error(code("policy-too-large"), span, "the policy is too large")
        .note(format!("the files of a policy may have {TOKENS_MAX} tokens and comments together, and a file 4 GiB"))
        .help("put tables into data: a document of JSON or YAML")
}

pub(super) fn empty_module(span: Span) -> Diagnostic {
    Diagnostic::error(code("empty-module"), span, "empty module")
        .help("start the file with a package, for example `package authz`")
}

pub(super) fn package_expected(span: Span) -> Diagnostic {
    Diagnostic::error(code("package-expected"), span, "package expected")
        .help("start the file with a package, for example `package authz`")
}

pub(super) fn second_package(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code("unexpected-package"), span, "unexpected package")
        .also(first, "the file's package")
}

pub(super) fn expected_path(span: Span) -> Diagnostic {
    Diagnostic::error(code("expected-path"), span, "expected path")
}

pub(super) fn expected_string(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        code("expected-path"),
        span,
        format!("unexpected {found} token: expecting string"),
    )
}

pub(super) fn import_root(span: Span, found: &str) -> Diagnostic {
    let message = format!(
        "unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {found}"
    );
    Diagnostic::error(code("invalid-import"), span, message)
}

pub(super) fn import_keyword(span: Span, name: &str) -> Diagnostic {
    let message = format!("unexpected import path, must not end with a keyword, got: {name}");
    Diagnostic::error(code("invalid-import"), span, message)
        .help("import a different path or use an alias")
}

pub(super) fn import_future_path(span: Span) -> Diagnostic {
    Diagnostic::error(code("invalid-import"), span, "invalid import, must be `future.keywords`")
}

pub(super) fn import_aliased(span: Span, root: &str) -> Diagnostic {
    Diagnostic::error(code("invalid-import"), span, format!("`{root}` imports cannot be aliased"))
}

pub(super) fn import_future_keyword(span: Span, allowed: &[&str]) -> Diagnostic {
    let message = format!("unexpected keyword, must be one of [{}]", spaced(allowed));
    Diagnostic::error(code("invalid-import"), span, message)
}

pub(super) fn import_rego_path(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error(
        code("invalid-import"),
        span,
        format!("invalid import `{path}`, must be `rego.v1`"),
    )
    .help("write `import rego.v1`")
}

pub(super) fn import_rego_unsupported(span: Span) -> Diagnostic {
    let message = "invalid import, `rego.v1` is not supported by current capabilities";
    Diagnostic::error(code("not-in-capabilities"), span, message)
        .help("the capabilities lack the feature `rego_v1_import`")
}

/// Capabilities of before OPA 1.0.
pub(super) fn rego_v1_unsupported(span: Span) -> Diagnostic {
    let message = "illegal capabilities: rego_v1 feature required for parsing v1 Rego";
    Diagnostic::error(code("not-in-capabilities"), span, message).label("read as Rego v1").help(
        "say `--v0-compatible` to read Rego as OPA did before 1.0, or name other capabilities",
    )
}

pub(super) fn template_unsupported(span: Span) -> Diagnostic {
    let message = "template strings are not supported by current capabilities";
    Diagnostic::error(code("not-in-capabilities"), span, message)
        .help("Rego v0 and capabilities without the feature `template_strings` have none: write `sprintf`")
}

/// A keyword behind the dot of a reference.
pub(super) fn keyword_in_ref_unsupported(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(code("not-in-capabilities"), span, format!("unexpected {word} keyword"))
        .label("keywords can't be parts of references here")
        .help(format!("the capabilities lack the feature `keywords_in_refs`: write `[\"{word}\"]`"))
}

pub(super) fn invalid_rule(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code("invalid-rule"), span, message)
}

pub(super) fn bare_rule_name(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(code("invalid-rule"), span, "var cannot be used for rule name")
        .help(format!("give the rule a value or a body, for example `{name} := true`"))
}

pub(super) fn keyword_rule_name(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        code("keyword-rule-name"),
        span,
        format!("{name} keyword cannot be used for rule name"),
    )
}

pub(super) fn body_or_value_required(span: Span) -> Diagnostic {
    let message = "rule must have value assignment and/or body declaration";
    Diagnostic::error(code("rule-without-value"), span, message)
}

pub(super) fn if_required(span: Span, sort: &str, brace: Span) -> Diagnostic {
    let at = Span { end: brace.start, ..brace };
    let mut diagnostic = Diagnostic::error(
        code("missing-if"),
        span,
        format!("`if` keyword is required before {sort} body"),
    )
    .help("write `if` before the `{`");
    diagnostic.fix = Some(Fix { span: at, replacement: "if ".to_owned() });
    diagnostic
}

pub(super) fn contains_required(span: Span, brackets: Span, member: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        code("missing-contains"),
        span,
        "`contains` keyword is required for partial set rules",
    )
    .help(format!("write `contains {member}` in place of the brackets"));
    diagnostic.fix = Some(Fix { span: brackets, replacement: format!(" contains {member}") });
    diagnostic
}

pub(super) fn invalid_default(span: Span, fault: &str) -> Diagnostic {
    Diagnostic::error(code("invalid-default"), span, format!("illegal default rule ({fault})"))
}

pub(super) fn invalid_else(span: Span, message: &'static str) -> Diagnostic {
    Diagnostic::error(code("invalid-else"), span, message)
}

pub(super) fn empty_body(span: Span) -> Diagnostic {
    Diagnostic::error(code("empty-body"), span, "found empty body")
}

pub(super) fn illegal_ref(span: Span, sort: &str) -> Diagnostic {
    Diagnostic::error(code("illegal-ref"), span, format!("illegal ref (head cannot be {sort})"))
}

pub(super) fn unclosed(span: Span, message: &'static str, open: Span) -> Diagnostic {
    Diagnostic::error(code("unclosed-bracket"), span, message).also(open, "opened here")
}

pub(super) fn with_on_operand(span: Span, operator: &str) -> Diagnostic {
    let message = format!("`with` modifier is not allowed on operand of `{operator}`");
    Diagnostic::error(code("invalid-with"), span, message)
        .help(format!("wrap the operand in `(…)` or `{{…}}`, or move `with` behind the whole `{operator}` expression"))
}

pub(super) fn invalid_template(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code("invalid-template"), span, message)
}

pub(super) fn expected_term(span: Span) -> Diagnostic {
    Diagnostic::error(code("expected-term"), span, "expected exactly one term")
}

pub(super) fn invalid_annotation(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code("invalid-annotation"), span, message)
}
