//! What the tests share.

use palisade_cedar::checked::{Expr, PolicySet, Uid};
use palisade_cedar::{Analysis, Options, Source, analyse};

/// What is found in one file of policies.
pub fn analysis(policies: &str, options: &Options) -> Analysis {
    analyse(&[Source::new("policy.cedar", policies)], options)
}

/// The checked policies of one file, which must be sound.
pub fn set(policies: &str) -> PolicySet {
    set_with(policies, &Options::default())
}

pub fn set_with(policies: &str, options: &Options) -> PolicySet {
    let analysis = analysis(policies, options);
    assert!(!analysis.has_errors(), "{:#?}", analysis.diagnostics);
    analysis.set
}

/// The checked form of an expression.
pub fn condition(expr: &str) -> Expr {
    let set = set(&format!("permit(principal, action, resource) when {{ {expr} }};"));
    set.conditions[set.policies[0].condition.unwrap()].clone()
}

/// The diagnostics: code, place as `file:row:column`, message.
pub fn problems(sources: &[Source], options: &Options) -> Vec<(&'static str, String, String)> {
    let analysis = analyse(sources, options);
    let problems = analysis.diagnostics.iter().map(|it| {
        let span = it.span().unwrap();
        let position = analysis.files.start(span);
        let place = format!("{}:{}:{}", analysis.files.name(span.file), position.row, position.col);
        (it.code.name, place, it.message.clone())
    });
    problems.collect()
}

/// The codes and places of the diagnostics of one file of policies.
pub fn codes(policies: &str, options: &Options) -> Vec<(&'static str, String)> {
    let problems = problems(&[Source::new("policy.cedar", policies)], options);
    problems.into_iter().map(|(code, place, _)| (code, place)).collect()
}

pub fn uid(ty: &str, id: &str) -> Uid {
    Uid { ty: ty.to_owned(), id: id.to_owned() }
}

pub fn with_schema(schema: &str) -> Options {
    Options { schema: Some(Source::new("s.cedarschema", schema)), ..Options::default() }
}
