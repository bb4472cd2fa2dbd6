//! Schemas and what follows from them.

use std::collections::BTreeMap;

use palisade_cedar::checked::{Attribute, Extension, Schema, Type};
use palisade_cedar::{Options, Source, Validation};

use crate::support::{codes, problems, set_with, uid, with_schema};

const SCHEMA: &str = r#"
namespace App {
    type Address = { street: String, "zip code"?: Long };
    type Home = Address;
    entity Group in [Group];
    entity User in [Group, Team] {
        name: String,
        age?: Long,
        admin: __cedar::Bool,
        home: Home,
        manager?: User,
        nets: Set<ipaddr>,
        limit: decimal,
        since: datetime,
        length: duration,
    } tags Set<String>;
    entity Team in [Org];
    entity Org;
    entity Color enum ["red", "green"];
    action all;
    action read in [all];
    action view in [read] appliesTo {
        principal: [User, Org], resource: Color, context: { ip: ipaddr, more?: Address },
    };
}
"#;

fn required(ty: Type) -> Attribute {
    Attribute { ty, is_required: true }
}

fn optional(ty: Type) -> Attribute {
    Attribute { ty, is_required: false }
}

fn record<const N: usize>(attrs: [(&str, Attribute); N]) -> BTreeMap<String, Attribute> {
    attrs.map(|(name, it)| (name.to_owned(), it)).into()
}

fn schema_of(options: &Options) -> Schema {
    set_with("", options).schema.unwrap()
}

#[test]
fn types_are_resolved() {
    let schema = schema_of(&with_schema(SCHEMA));
    let address = Type::Record(record([
        ("street", required(Type::String)),
        ("zip code", optional(Type::Long)),
    ]));
    let user = &schema.entities["App::User"];
    let set_of = |ty| Type::Set(Box::new(ty));
    assert_eq!(
        user.attrs,
        record([
            ("name", required(Type::String)),
            ("age", optional(Type::Long)),
            ("admin", required(Type::Bool)),
            ("home", required(address.clone())),
            ("manager", optional(Type::Entity("App::User".to_owned()))),
            ("nets", required(set_of(Type::Extension(Extension::IpAddr)))),
            ("limit", required(Type::Extension(Extension::Decimal))),
            ("since", required(Type::Extension(Extension::Datetime))),
            ("length", required(Type::Extension(Extension::Duration))),
        ])
    );
    assert_eq!(user.tags, Some(set_of(Type::String)));
    assert_eq!(user.ancestors, ["App::Group", "App::Org", "App::Team"]);
    assert_eq!(user.names, None);
    assert_eq!(schema.entities["App::Group"].ancestors, ["App::Group"]);
    assert_eq!(schema.entities["App::Org"].tags, None);
    let names = Some(vec!["red".to_owned(), "green".to_owned()]);
    assert_eq!(schema.entities["App::Color"].names, names);

    let view = &schema.actions[&uid("App::Action", "view")];
    assert_eq!(view.principals, ["App::Org", "App::User"]);
    assert_eq!(view.resources, ["App::Color"]);
    assert_eq!(
        view.context,
        record(
            [("ip", required(Type::Extension(Extension::IpAddr))), ("more", optional(address)),]
        )
    );
    let all = &schema.actions[&uid("App::Action", "all")];
    assert!(all.principals.is_empty() && all.resources.is_empty() && all.context.is_empty());
}

#[test]
fn both_syntaxes_mean_the_same() {
    let (fragment, _) = cedar_policy::SchemaFragment::from_cedarschema_str(SCHEMA).unwrap();
    let json = fragment.to_json_value().unwrap().to_string();
    let options = Options { schema: Some(Source::new("s.json", json)), ..Options::default() };
    assert_eq!(schema_of(&options), schema_of(&with_schema(SCHEMA)));
}

#[test]
fn actions_are_entities() {
    let set = set_with("", &with_schema(SCHEMA));
    let found: Vec<_> = set.entities.iter().map(|it| (&it.uid, it.parents.as_slice())).collect();
    let [all, read, view] = ["all", "read", "view"].map(|it| uid("App::Action", it));
    assert_eq!(
        found,
        [(&all, &[][..]), (&read, &[all.clone()][..]), (&view, &[all.clone(), read.clone()][..]),]
    );
}

#[test]
fn broken_schemas_are_errors() {
    let problem = |name: &str, text: &str| {
        let options = Options { schema: Some(Source::new(name, text)), ..Options::default() };
        let (code, place, _) = problems(&[], &options).remove(0);
        (code, place)
    };
    let place = |place: &str| place.to_owned();
    assert_eq!(
        problem("s.cedarschema", "entity User\nentity"),
        ("cedar-schema", place("s.cedarschema:2:1"))
    );
    let unknown = "entity User = {\n a: Unknown };";
    assert_eq!(problem("s.cedarschema", unknown), ("cedar-schema", place("s.cedarschema:2:5")));
    assert_eq!(problem("s.json", "{\n\"\": 1,}"), ("cedar-json", place("s.json:2:7")));
    assert_eq!(problem("s.json", "{\"\": 1}"), ("cedar-schema", place("s.json:1:6")));
    let cycle = "action a in [b]; action b in [a];";
    assert_eq!(problem("s.cedarschema", cycle).0, "cedar-schema");
    let external = "external entity User;";
    assert_eq!(problem("s.cedarschema", external).0, "cedar-schema");
}

#[test]
fn a_schema_that_doubles_with_each_step_is_refused() {
    let mut schema = String::from("type T0 = { a: Long, b: Long };");
    for n in 1..21 {
        schema += &format!("type T{n} = {{ a: T{0}, b: T{0} }};", n - 1);
    }
    schema += "entity User = { t: T20 };";
    assert_eq!(codes("", &with_schema(&schema))[0].0, "cedar-schema-too-large");
}

#[test]
fn policies_are_compared_with_the_schema() {
    let text = r#"permit(principal is App::User, action == App::Action::"view", resource)
    when { principal.nam == 1 || principal.age > 3 };
permit(principal is App::Usr, action, resource);
permit(principal, action == App::Action::"vie", resource);
permit(principal, action == App::Action::"read", resource);
permit(principal is App::User, action == App::Action::"view", resource) when { false };
"#;
    let options = with_schema(SCHEMA);
    let mut found = codes(text, &options);
    found.sort();
    let place = |place: &str| format!("policy.cedar:{place}");
    assert_eq!(
        found,
        [
            ("cedar-impossible-policy", place("6:1")),
            ("cedar-inapplicable-policy", place("5:1")),
            ("cedar-optional-attribute", place("2:34")),
            ("cedar-unknown-action", place("4:29")),
            ("cedar-unknown-attribute", place("2:12")),
            ("cedar-unknown-entity-type", place("3:21")),
        ]
    );
    let off = Options { validation: Validation::Off, ..options };
    assert_eq!(codes(text, &off), []);
}

#[test]
fn levels_bound_the_steps_between_entities() {
    let text = r#"permit(principal is App::User, action == App::Action::"view", resource)
        when { principal has manager && principal.manager.admin };"#;
    let at = |level| Options { level: Some(level), ..with_schema(SCHEMA) };
    assert_eq!(codes(text, &at(2)), []);
    assert_eq!(codes(text, &at(1))[0].0, "cedar-level");
}

#[test]
fn links_are_compared_with_the_schema() {
    let text = r#"permit(principal == ?principal, action == App::Action::"view", resource);"#;
    let links = |ty: &str| {
        let links = format!(
            r#"[{{"template_id": "policy0", "link_id": "l", "args": {{"?principal": "{ty}::\"x\""}}}}]"#
        );
        let options =
            Options { links: vec![Source::new("links.json", links)], ..with_schema(SCHEMA) };
        problems(&[Source::new("policy.cedar", text)], &options)
    };
    assert_eq!(links("App::User"), []);
    let found = links("Unknown");
    assert_eq!(found[0].0, "cedar-unknown-entity-type");
}
