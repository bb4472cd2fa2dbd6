//! Every error of the semantic analysis, one constructor each.

use palisade_diag::{Code, Diagnostic, Severity, Span};

use crate::semantic::similar;

const COMPILE: &str = "rego_compile_error";
const TYPE: &str = "rego_type_error";
const UNSAFE_VAR: &str = "rego_unsafe_var_error";
const RECURSION: &str = "rego_recursion_error";

fn compile(name: &'static str, span: Span, message: String) -> Diagnostic {
    Diagnostic::error(Code { name, opa: COMPILE }, span, message)
}

fn typing(name: &'static str, span: Span, message: String) -> Diagnostic {
    Diagnostic::error(Code { name, opa: TYPE }, span, message)
}

/// The longest list of errors was cut.
pub fn too_many(limit: usize) -> Diagnostic {
    Diagnostic {
        code: Code { name: "too-many-errors", opa: COMPILE },
        severity: Severity::Error,
        message: format!("error limit reached: only the first {limit} errors are shown"),
        labels: Vec::new(),
        notes: Vec::new(),
        help: None,
        fix: None,
    }
}

/// A variable without a value.
pub fn unsafe_var(name: &str, span: Span) -> Diagnostic {
    let code = Code { name: "unsafe-var", opa: UNSAFE_VAR };
    let error = Diagnostic::error(code, span, format!("var {name} is unsafe"));
    if name == "_" {
        return error.label("nothing gives this wildcard a value here").help(
            "bind a variable before this expression and use it here, or move the iteration out",
        );
    }
    let error = error.label("nothing gives this variable a value");
    if let Some(root) = similar::nearest(name, ["input", "data"]) {
        return error.help(format!("did you mean `{root}`?"));
    }
    error.help(format!(
        "give it a value in the same body: `{name} := …`, or `some {name} in …` to try every element"
    ))
}

/// `:=` or `some` for a name that is already assigned in the body.
pub fn assigned_above(name: &str, span: Span, first: Span) -> Diagnostic {
    compile("redeclared", span, format!("var {name} assigned above"))
        .label("declared a second time here")
        .also(first, "first assigned here")
        .help("use another name, or `==` to compare")
}

/// `some` for a name that the body has already declared.
pub fn declared_above(name: &str, span: Span, first: Span) -> Diagnostic {
    compile("redeclared", span, format!("var {name} declared above"))
        .label("declared a second time here")
        .also(first, "first declared here")
        .help("use another name, or drop one of the declarations")
}

/// A declaration behind the first use of the name in the same body.
pub fn referenced_above(name: &str, span: Span, first: Span) -> Diagnostic {
    compile("declared-after-use", span, format!("var {name} referenced above"))
        .label("declared here")
        .also(first, "but used before, here")
        .help("move the declaration in front of the first use")
}

/// A declaration of a function's parameter in its body.
pub fn argument_redeclared(name: &str, span: Span, first: Span) -> Diagnostic {
    compile("redeclared", span, format!("arg {name} redeclared"))
        .label("declared again here")
        .also(first, "the parameter")
        .help("use another name")
}

/// `some x` without any use of `x`.
pub fn unused_declaration(name: &str, span: Span) -> Diagnostic {
    compile("unused-var", span, format!("declared var {name} unused"))
        .label("never used")
        .help("remove the declaration")
}

/// Strict mode: an assigned variable that nothing reads.
pub fn unused_assignment(name: &str, span: Span) -> Diagnostic {
    compile("unused-var", span, format!("assigned var {name} unused"))
        .label("never used")
        .help("remove it, or write `_` for a value that is not needed")
}

/// Strict mode: a parameter that the function never reads.
pub fn unused_argument(name: &str, span: Span) -> Diagnostic {
    compile(
        "unused-argument",
        span,
        format!("unused argument {name}. (hint: use _ (wildcard variable) instead)"),
    )
    .label("never used")
}

/// Strict mode: an import that nothing reads.
pub fn unused_import(path: &str, span: Span) -> Diagnostic {
    compile("unused-import", span, format!("{path} unused"))
        .label("never used")
        .help("remove the import")
}

/// Two imports under one name.
pub fn import_shadows(path: &str, span: Span, first: Span) -> Diagnostic {
    compile("import-shadows", span, format!("import must not shadow {path}"))
        .label("the same name again")
        .also(first, "first imported here")
        .help("give one of them another name with `as`")
}

/// An import of something that is neither `data` nor `input`.
pub fn bad_import(span: Span) -> Diagnostic {
    compile(
        "invalid-import",
        span,
        "invalid import path: must begin with one of: {data, future, input, rego}".into(),
    )
    .label("unknown root")
}

/// A rule or variable named `input` or `data`.
pub fn shadows_root(what: &str, name: &str, span: Span) -> Diagnostic {
    compile(
        "shadows-root",
        span,
        format!("{what}s must not shadow {name} (use a different {what} name)"),
    )
    .label("hides the document of this name")
}

/// A parameter named `input` or `data`.
pub fn parameter_shadows_root(name: &str, span: Span) -> Diagnostic {
    compile(
        "shadows-root",
        span,
        format!("args must not shadow {name} (use a different variable name)"),
    )
    .label("hides the document of this name")
}

/// A variable in a template string that no expression around it declares.
pub fn undeclared_in_template(name: &str, span: Span) -> Diagnostic {
    compile("undeclared-var", span, format!("var {name} is undeclared"))
        .label("a template string has one value, this may have many")
        .help("give the value a name first, `some x in …`, or collect all in a comprehension")
}

/// `not x := …`, in which nothing could read the variable.
pub fn assigned_in_negation(span: Span) -> Diagnostic {
    compile("assigned-in-negation", span, "cannot assign vars inside negated expression".into())
        .label("nothing can read what is assigned here")
        .help("to compare use `==`")
}

/// The left side of `:=` is nothing that can be declared.
pub fn cannot_assign(kind: &str, span: Span) -> Diagnostic {
    compile("invalid-assignment", span, format!("cannot assign to {kind}"))
        .label("not a variable")
        .help("`:=` declares new variables; to compare use `==`")
}

/// Rules of one path that can't go together: the first one, and one of another form.
pub fn conflicting_rules(path: &str, span: Span, other: Span) -> Diagnostic {
    typing("conflicting-rules", span, format!("conflicting rules {path} found"))
        .label("first defined here")
        .also(other, "this rule defines the name in another way")
        .help("give all rules of one name the same form and the same number of arguments")
}

/// Several defaults for one path. `further` are the heads behind the first one, `places` the files and rows of all.
pub fn multiple_defaults(
    path: &str,
    first: Span,
    further: &[Span],
    places: &[String],
) -> Diagnostic {
    let (last, middle) = further.split_last().map_or((first, further), |(last, it)| (*last, it));
    let error = typing(
        "multiple-defaults",
        last,
        format!("multiple default rules {path} found at {}", places.join(", ")),
    )
    .label("a further default")
    .also(first, "the first default")
    .help("keep one of them");
    middle.iter().fold(error, |error, span| error.also(*span, "a further default"))
}

/// A document or package with a second block of annotations, where the first is at `place`.
pub fn annotation_redeclared(scope: &str, place: &str, span: Span, first: Span) -> Diagnostic {
    let message = format!("{scope} annotation redeclared: {place}");
    typing("annotation-redeclared", span, message)
        .label("annotated a second time")
        .also(first, "first annotated here")
        .help("put both into one block")
}

/// A package or head with very many parts.
pub fn path_too_long(limit: usize, span: Span) -> Diagnostic {
    compile("path-too-long", span, format!("path has more than {limit} parts")).label("too long")
}

/// A complete rule above other rules.
pub fn rule_conflicts(path: &str, below: &[String], span: Span, other: Span) -> Diagnostic {
    typing("conflicting-rules", span, format!("rule {path} conflicts with [{}]", below.join(" ")))
        .label("gives the whole document a value")
        .also(other, "defines a part of the same document")
}

/// A package at the path of a rule, whose name and place the message gives.
pub fn package_conflicts(
    package: &str,
    rule: &str,
    place: &str,
    span: Span,
    other: Span,
) -> Diagnostic {
    typing(
        "package-conflict",
        span,
        format!("package {package} conflicts with rule {rule} defined at {place}"),
    )
    .label("this package")
    .also(other, "and this rule have the same path")
    .help("rename one of them")
}

/// Base data where a rule is.
pub fn data_conflicts(path: &str, span: Span) -> Diagnostic {
    compile("data-conflict", span, format!("conflicting rule for data path {path} found"))
        .label("the data has a value at this rule's path")
        .help("rename the rule or move the data")
}

/// `else` where several values are collected.
pub fn else_on_partial(span: Span) -> Diagnostic {
    compile("else-on-partial", span, "else keyword cannot be used on partial rules".into())
        .label("this rule collects values of several bodies")
        .help("write the alternative as another rule of the same name")
}

/// A call of something that doesn't exist.
pub fn undefined_function(name: &str, span: Span, near: Option<String>) -> Diagnostic {
    let error = typing("undefined-function", span, format!("undefined function {name}"))
        .label("no such function");
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// A call of a built-in that the capabilities lack.
pub fn not_in_capabilities(name: &str, span: Span) -> Diagnostic {
    typing("not-in-capabilities", span, format!("undefined function {name}"))
        .label("not among the capabilities")
        .help("the built-in exists, but the capabilities that were named lack it")
}

/// A rule head such as `a.b.c` where capabilities know of none.
pub fn head_refs_unsupported(head: &str, span: Span) -> Diagnostic {
    let message = format!("rule heads with refs are not supported: {head}");
    compile("not-in-capabilities", span, message)
        .label("not among the capabilities")
        .help("the capabilities lack the feature `rule_head_ref_string_prefixes`")
}

/// A rule head such as `a[x].b` where capabilities know of none.
pub fn general_head_refs_unsupported(head: &str, span: Span) -> Diagnostic {
    let message =
        format!("rule heads with general refs (containing variables) are not supported: {head}");
    typing("not-in-capabilities", span, message)
        .label("not among the capabilities")
        .help("the capabilities lack the feature `rule_head_refs`")
}

/// A function that the options forbid.
pub fn unsafe_builtin(name: &str, span: Span) -> Diagnostic {
    typing("unsafe-builtin", span, format!("unsafe built-in function calls in expression: {name}"))
        .label("this built-in must not be called here")
}

/// Strict mode and Rego v1: a built-in that OPA has deprecated.
pub fn deprecated_builtin(name: &str, span: Span) -> Diagnostic {
    typing(
        "deprecated-builtin",
        span,
        format!("deprecated built-in function calls in expression: {name}"),
    )
    .label("deprecated")
}

/// The wrong number of arguments.
pub fn arity_mismatch(name: &str, span: Span, have: &str, want: &str) -> Diagnostic {
    typing("arity-mismatch", span, format!("{name}: arity mismatch"))
        .label("wrong number of arguments")
        .note(format!("have: ({have})"))
        .note(format!("want: ({want})"))
}

/// The wrong number of arguments for a function of the program.
pub fn wrong_argument_count(name: &str, arity: usize, have: usize, span: Span) -> Diagnostic {
    let arguments = if have == 1 { "argument" } else { "arguments" };
    typing(
        "arity-mismatch",
        span,
        format!("function {name} has arity {arity}, got {have} {arguments}"),
    )
    .label("wrong number of arguments")
}

/// A call of a variable.
pub fn shadowed_function(name: &str, span: Span) -> Diagnostic {
    compile("shadowed-function", span, format!("called function {name} shadowed"))
        .label("a variable here, not a function")
        .help("rename the variable")
}

/// Adds to an error of a call by operator that there is a call, and that its name has another meaning here.
pub fn explain_operator(error: &mut Diagnostic, operator: Option<&str>, name: &str) {
    let operator = operator.map_or("the operator".to_owned(), |it| format!("`{it}`"));
    error.notes.push(format!(
        "{operator} calls the built-in `{name}`, a name that means something else here"
    ));
    error.help = Some(format!("rename `{name}`"));
}

/// A call among the parameters.
pub fn call_in_parameters(span: Span) -> Diagnostic {
    compile("call-in-parameters", span, "rule arguments cannot contain calls".into())
        .label("a call")
        .help("take a variable as parameter and compare it in the body")
}

/// A function that isn't called.
pub fn function_as_value(path: &str, span: Span) -> Diagnostic {
    typing("function-as-value", span, format!("function {path} used as reference, not called"))
        .label("a function has no value of its own")
        .help(format!("call it: `{path}(…)`"))
}

/// A `with` on something that can't be replaced.
pub fn bad_with_target(span: Span, near: Option<String>) -> Diagnostic {
    let message = "with keyword target must reference existing input, data, or a function";
    let error = typing("with-target", span, message.into()).label("can't be replaced");
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// A `with` on a part of what a rule makes.
pub fn partial_with_target(span: Span) -> Diagnostic {
    compile("with-target", span, "with keyword cannot partially replace virtual document(s)".into())
        .label("a part of what a rule defines")
        .help("replace the whole document")
}

/// A `with` on a built-in that must stay as it is, or by one that must not be called.
pub fn irreplaceable(fault: &str, span: Span) -> Diagnostic {
    compile("with-target", span, format!("with keyword replacing built-in function: {fault}"))
        .label("can't be replaced")
}

/// A cycle of rules. `withs` are those through which alone one of them needs the next.
pub fn recursive(path: &str, cycle: &str, span: Span, withs: &[Span]) -> Diagnostic {
    let code = Code { name: "recursion", opa: RECURSION };
    let error = Diagnostic::error(code, span, format!("rule {path} is recursive: {cycle}"))
        .label("depends on itself");
    if withs.is_empty() {
        return error.help(
            "a rule must not need its own value; `walk` and `graph.reachable` go through trees and graphs",
        );
    }
    let error = withs.iter().fold(error, |error, with| {
        error.also(*with, "through this `with`: it counts as a use of every rule that it replaces")
    });
    error.help(
        "replace only what does not need this rule: a smaller part of `data`, or another function",
    )
}

/// A document that a policy reads and nothing that was given defines. `path` is as far as nothing is there.
pub fn missing_data(path: &str, span: Span) -> Diagnostic {
    let code = Code { name: "missing-data", opa: "rego_missing_data_warning" };
    let message =
        format!("nothing in the given files defines {path}: it is undefined in what is built");
    let warning = Diagnostic::error(code, span, message)
        .label("neither a rule nor in the data")
        .help("name the file with the data too");
    Diagnostic { severity: Severity::Warning, ..warning }
}

/// What a rule is compiled to is more than hosts load.
pub fn too_complex(path: &str, span: Span, excess: &str) -> Diagnostic {
    compile("too-complex", span, format!("{path} is too complex for a module: no host loads it"))
        .label("what this document is compiled to is too large for one function")
        .note(excess)
        .help("move parts of it into rules of their own, or into data")
}

/// Arguments of types that the function never takes.
pub fn invalid_arguments(name: &str, span: Span, have: &str, want: &str) -> Diagnostic {
    typing("invalid-argument", span, format!("{name}: invalid argument(s)"))
        .label("a type that the function doesn't take")
        .note(format!("have: ({have})"))
        .note(format!("want: ({want})"))
}

/// An equation that never holds.
pub fn match_error(span: Span, left: &str, right: &str) -> Diagnostic {
    typing("match-error", span, "match error".into())
        .label("the two sides are never the same value")
        .note(format!("left: {left}"))
        .note(format!("right: {right}"))
}

/// A reference to what is never there. `have` is the key that isn't there, or the type of what has no keys at all;
/// `want` says which keys there are, or of which type.
pub fn undefined_ref(text: &str, span: Span, have: &str, want: Option<&str>) -> Diagnostic {
    let error = typing("undefined-ref", span, format!("undefined ref: {text}"))
        .label("never defined")
        .note(format!("have: {have}"));
    match want {
        Some(want) => error.note(want),
        None => error,
    }
}

/// The schema of all input can't be used.
pub fn bad_input_schema(fault: &str) -> Diagnostic {
    Diagnostic {
        code: Code { name: "invalid-schema", opa: TYPE },
        severity: Severity::Error,
        message: fault.to_owned(),
        labels: Vec::new(),
        notes: Vec::new(),
        help: None,
        fix: None,
    }
}

/// A schema that an annotation names, or has, can't be used.
pub fn bad_schema(fault: &str, span: Span) -> Diagnostic {
    typing("invalid-schema", span, fault.to_owned())
        .label("an annotation of this rule has the schema")
}

/// An annotation names a schema that isn't there.
pub fn undefined_schema(name: &str, span: Span) -> Diagnostic {
    typing("undefined-schema", span, format!("undefined schema: {name}"))
        .label("an annotation of this rule names it")
        .help("`--schema DIRECTORY` reads `DIRECTORY/a/b.json` as `schema.a.b`")
}

/// A schema for something other than a document.
pub fn bad_schema_target(target: &str, span: Span) -> Diagnostic {
    typing("invalid-schema", span, format!("schemas are for input and data, not for `{target}`"))
        .label("an annotation of this rule has the schema")
}
