//! Every form of expression.

use palisade_cedar::checked::{Binary, Expr, Pattern, Var};

use crate::support::{condition, set, uid};

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn string(text: &str) -> Expr {
    Expr::String(text.to_owned())
}

fn attr(of: Expr, name: &str) -> Expr {
    Expr::Attr(boxed(of), name.to_owned())
}

fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Call(name.to_owned(), args)
}

const PRINCIPAL: Expr = Expr::Var(Var::Principal);
const RESOURCE: Expr = Expr::Var(Var::Resource);
const CONTEXT: Expr = Expr::Var(Var::Context);

#[test]
fn literals() {
    assert_eq!(condition("true"), Expr::Bool(true));
    assert_eq!(condition("7"), Expr::Long(7));
    assert_eq!(condition("-7"), Expr::Long(-7));
    assert_eq!(condition("-9223372036854775808"), Expr::Long(i64::MIN));
    assert_eq!(condition("9223372036854775807"), Expr::Long(i64::MAX));
    assert_eq!(condition(r#""a\u{e9}\n\"""#), string("aé\n\""));
    assert_eq!(condition(r#"A::B::"x""#), Expr::Entity(uid("A::B", "x")));
}

#[test]
fn variables() {
    assert_eq!(condition("principal"), PRINCIPAL);
    assert_eq!(condition("action"), Expr::Var(Var::Action));
    assert_eq!(condition("resource"), RESOURCE);
    assert_eq!(condition("context"), CONTEXT);
}

#[test]
fn operators_on_one_value() {
    assert_eq!(condition("!principal"), Expr::Not(boxed(PRINCIPAL)));
    assert_eq!(condition("!!principal"), Expr::Not(boxed(Expr::Not(boxed(PRINCIPAL)))));
    assert_eq!(condition("-context.a"), Expr::Negate(boxed(attr(CONTEXT, "a"))));
    assert_eq!(condition("-(-5)"), Expr::Negate(boxed(Expr::Long(-5))));
    assert_eq!(condition("-(9223372036854775807)"), Expr::Negate(boxed(Expr::Long(i64::MAX))));
    assert_eq!(condition("[].isEmpty()"), Expr::IsEmpty(boxed(Expr::Set(vec![]))));
}

#[test]
fn operators_on_two_values() {
    for (text, op) in [
        ("principal == resource", Binary::Equal),
        ("principal != resource", Binary::NotEqual),
        ("principal < resource", Binary::Less),
        ("principal <= resource", Binary::LessEqual),
        ("principal > resource", Binary::Greater),
        ("principal >= resource", Binary::GreaterEqual),
        ("principal + resource", Binary::Add),
        ("principal - resource", Binary::Subtract),
        ("principal * resource", Binary::Multiply),
        ("principal in resource", Binary::In),
        ("principal.contains(resource)", Binary::Contains),
        ("principal.containsAll(resource)", Binary::ContainsAll),
        ("principal.containsAny(resource)", Binary::ContainsAny),
        ("principal.getTag(resource)", Binary::GetTag),
        ("principal.hasTag(resource)", Binary::HasTag),
    ] {
        assert_eq!(condition(text), Expr::Binary(op, boxed(PRINCIPAL), boxed(RESOURCE)), "{text}");
    }
}

#[test]
fn a_written_negation_is_the_opposite_operator() {
    assert_eq!(condition("!(principal == resource)"), condition("principal != resource"));
    assert_eq!(condition("!(principal < resource)"), condition("principal >= resource"));
    let is_in = Expr::Binary(Binary::In, boxed(PRINCIPAL), boxed(RESOURCE));
    assert_eq!(condition("!(principal in resource)"), Expr::Not(boxed(is_in)));
}

#[test]
fn in_a_list() {
    let list = Expr::Set(vec![Expr::Entity(uid("A", "x")), Expr::Entity(uid("A", "y"))]);
    let expected = Expr::Binary(Binary::In, boxed(PRINCIPAL), boxed(list));
    assert_eq!(condition(r#"principal in [A::"x", A::"y"]"#), expected);
}

#[test]
fn and_or_if() {
    let and = Expr::And(boxed(PRINCIPAL), boxed(RESOURCE));
    assert_eq!(condition("principal && resource"), and);
    assert_eq!(condition("principal || resource"), Expr::Or(boxed(PRINCIPAL), boxed(RESOURCE)));
    let branch = Expr::If(Box::new([PRINCIPAL, RESOURCE, CONTEXT]));
    assert_eq!(condition("if principal then resource else context"), branch);
}

#[test]
fn chains_keep_their_order_whichever_way_they_are_nested() {
    let names = ["a", "b", "c", "d", "e"];
    let [a, b, c, d, e] = names.map(|name| attr(CONTEXT, name));
    let ab = Expr::And(boxed(a), boxed(b));
    let cd = Expr::And(boxed(c), boxed(d));
    let expected = Expr::And(boxed(Expr::And(boxed(ab), boxed(cd))), boxed(e));
    for text in [
        "context.a && context.b && context.c && context.d && context.e",
        "context.a && (context.b && (context.c && (context.d && context.e)))",
        "(context.a && context.b) && ((context.c && context.d) && context.e)",
    ] {
        assert_eq!(condition(text), expected, "{text}");
    }
}

#[test]
fn attributes() {
    let ab = attr(attr(CONTEXT, "a"), "b c");
    assert_eq!(condition(r#"context.a["b c"]"#), ab);
    let has =
        |path: &[&str]| Expr::Has(boxed(CONTEXT), path.iter().map(|it| (*it).to_owned()).collect());
    assert_eq!(condition("context has a"), has(&["a"]));
    assert_eq!(condition(r#"context has "a.b""#), has(&["a.b"]));
    assert_eq!(condition("context has a.b.c"), has(&["a", "b", "c"]));
}

#[test]
fn patterns() {
    let pattern = vec![
        Pattern::Char('a'),
        Pattern::Wildcard,
        Pattern::Char('*'),
        Pattern::Char('\\'),
        Pattern::Char('é'),
    ];
    let expected = Expr::Like(boxed(PRINCIPAL), pattern);
    assert_eq!(condition(r#"principal like "a*\*\\é""#), expected);
}

#[test]
fn types() {
    let is = Expr::Is(boxed(PRINCIPAL), "A::B".to_owned());
    assert_eq!(condition("principal is A::B"), is);
    let is_in = Expr::Binary(Binary::In, boxed(PRINCIPAL), boxed(RESOURCE));
    assert_eq!(condition("principal is A::B in resource"), Expr::And(boxed(is), boxed(is_in)));
}

#[test]
fn sets_and_records() {
    assert_eq!(
        condition("[1, 1, true]"),
        Expr::Set(vec![Expr::Long(1), Expr::Long(1), Expr::Bool(true)])
    );
    let record =
        Expr::Record(vec![("a b".to_owned(), Expr::Long(2)), ("c".to_owned(), Expr::Long(1))]);
    assert_eq!(condition(r#"{c: 1, "a b": 2}"#), record);
}

#[test]
fn functions_of_extensions() {
    for name in ["ip", "decimal", "datetime", "duration"] {
        assert_eq!(condition(&format!(r#"{name}("x")"#)), call(name, vec![string("x")]));
    }
    for name in [
        "isIpv4",
        "isIpv6",
        "isLoopback",
        "isMulticast",
        "toDate",
        "toTime",
        "toMilliseconds",
        "toSeconds",
        "toMinutes",
        "toHours",
        "toDays",
    ] {
        assert_eq!(condition(&format!("principal.{name}()")), call(name, vec![PRINCIPAL]));
    }
    for name in [
        "isInRange",
        "offset",
        "durationSince",
        "lessThan",
        "lessThanOrEqual",
        "greaterThan",
        "greaterThanOrEqual",
    ] {
        let expected = call(name, vec![PRINCIPAL, RESOURCE]);
        assert_eq!(condition(&format!("principal.{name}(resource)")), expected);
    }
}

#[test]
fn calls_that_can_only_fail() {
    assert_eq!(condition("ip()"), call("ip", vec![]));
    assert_eq!(
        condition(r#"decimal("1.0", 2)"#),
        call("decimal", vec![string("1.0"), Expr::Long(2)])
    );
    assert_eq!(condition("principal.isIpv4(1)"), call("isIpv4", vec![PRINCIPAL, Expr::Long(1)]));
    assert_eq!(condition("principal.isInRange()"), call("isInRange", vec![PRINCIPAL]));
    let many = vec![PRINCIPAL, RESOURCE, CONTEXT];
    assert_eq!(condition("principal.lessThan(resource, context)"), call("lessThan", many));
}

#[test]
fn clauses_are_joined_in_order() {
    let set = set("permit(principal, action, resource) \
                   when { context.a } unless { context.b } when { context.c };");
    let [a, b, c] = ["a", "b", "c"].map(|name| attr(CONTEXT, name));
    let expected = Expr::And(boxed(Expr::And(boxed(a), boxed(Expr::Not(boxed(b))))), boxed(c));
    assert_eq!(set.conditions, [expected]);
}

#[test]
fn equal_conditions_are_stored_once() {
    let set = set("permit(principal, action, resource) when { context.a };
         forbid(principal, action, resource);
         forbid(principal, action, resource) when { context.b };
         permit(principal, action, resource == A::\"x\") when { context.a };");
    let indexes: Vec<_> = set.policies.iter().map(|it| it.condition).collect();
    assert_eq!(indexes, [Some(0), None, Some(1), Some(0)]);
    assert_eq!(set.conditions, [attr(CONTEXT, "a"), attr(CONTEXT, "b")]);
}
