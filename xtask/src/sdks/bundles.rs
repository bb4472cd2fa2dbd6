//! Bundles, both ways: OPA loads those that we build, and we load those that OPA builds.

use std::path::PathBuf;

use anyhow::ensure;

use super::hosts::Host;
use super::json::are_equal;
use super::policies::{Answer, Case, Policy, evaluated};
use super::requests::{Patch, Request, Response, ask, cases, compare, compare_by, is_right};
use super::{Place, any_order};
use crate::process;

/// Checks bundles of all policies, and data that OPA changes in a running module.
///
/// # Errors
/// When an answer differs, or a bundle can't be built or loaded.
pub fn check(place: &Place, opa: &Host, policies: &[Policy]) -> anyhow::Result<()> {
    ours_in_opa(place, opa, policies)?;
    opas_here(place, opa, policies, "rego")?;
    opas_here(place, opa, policies, "wasm")?;
    patches(place, opa, policies)
}

fn ours_in_opa(place: &Place, opa: &Host, policies: &[Policy]) -> anyhow::Result<()> {
    let folder = place.folder("bundles")?;
    let bundle = |policy: &Policy| folder.join(format!("{}.tar.gz", policy.name));
    for policy in policies {
        policy.build(&bundle(policy))?;
    }
    // OPA's SDK makes `null` of no input.
    let asked = || cases(policies).filter(|(_, case)| case.input.is_some());
    let paths: Vec<PathBuf> = asked().map(|(policy, _)| bundle(policy)).collect();
    let requests: Vec<_> = asked()
        .zip(&paths)
        .map(|((_, case), path)| Request {
            bundle: Some(path),
            entrypoint: Some(&case.entrypoint),
            input: case.input.as_deref(),
            ..Request::default()
        })
        .collect();
    let answers = ask(place, opa, &requests)?.into_iter().map(Response::into_answer);
    compare(opa, "decisions by OPA with our bundles", asked().zip(answers))
}

/// Bundles that OPA built, with Rego or with a module of OPA's own compiler.
fn opas_here(
    place: &Place,
    opa: &Host,
    policies: &[Policy],
    target: &'static str,
) -> anyhow::Result<()> {
    let folder = place.folder(&format!("bundles-of-opa-{target}"))?;
    let paths: Vec<PathBuf> =
        policies.iter().map(|it| folder.join(format!("{}.tar.gz", it.name))).collect();
    let requests: Vec<_> = policies
        .iter()
        .zip(&paths)
        .map(|(policy, path)| Request {
            build: Some(path),
            target: Some(target),
            entrypoints: policy.entrypoints(),
            paths: policy.files.iter().map(PathBuf::as_path).collect(),
            ..Request::default()
        })
        .collect();
    for (policy, response) in policies.iter().zip(ask(place, opa, &requests)?) {
        let answer = response.into_answer();
        ensure!(!matches!(answer, Answer::Error(_)), "building {}: {answer:?}", policy.name);
    }
    let inputs = place.folder("inputs")?;
    let mut answers = Vec::new();
    for (policy, path) in policies.iter().zip(&paths) {
        for case in &policy.cases {
            let mut command = process::built("palisade")?;
            command.args(["eval", "-t", target, "-b"]).arg(path);
            let answer = evaluated(&mut command, &inputs, &case.entrypoint, case.input.as_deref())?;
            answers.push(((policy, case), answer));
        }
    }
    let agrees = |case: &Case, answer: &Answer| match (target, &case.expected, answer) {
        ("wasm", Answer::Value(expected), Answer::Value(value)) => {
            any_order::is_right(&case.entrypoint, expected, value)
        }
        // OPA's modules have other words for an error.
        ("wasm", Answer::Error(_), Answer::Error(_)) => Ok(true),
        (_, expected, answer) => is_right(opa, expected, answer),
    };
    let what = format!("decisions by us with OPA's bundles of {target}");
    compare_by(agrees, &what, answers.into_iter())
}

/// Data that is changed in a loaded module, as OPA does for bundles that only bring changes.
fn patches(place: &Place, opa: &Host, policies: &[Policy]) -> anyhow::Result<()> {
    let Some(policy) = policies.iter().find(|it| it.name == "documents") else {
        anyhow::bail!("no policy to change the data of");
    };
    let patches = vec![
        Patch { path: &["users", "eve", "active"], value: Some("true") },
        Patch { path: &["users", "bob"], value: Some(r#"{"n": 123456789012345678901}"#) },
        Patch { path: &["limits"], value: Some("[1.50]") },
        Patch { path: &["users", "ann"], value: None },
        Patch { path: &["fresh"], value: None },
    ];
    let request = Request {
        module: Some(&policy.module),
        data: policy.data.as_deref(),
        entrypoint: Some("documents/all"),
        input: Some("{}"),
        patches,
        ..Request::default()
    };
    let answers = ask(place, opa, &[request])?.into_iter().map(Response::into_answer);
    let expected = r#"{"users": {"eve": {"active": true}, "bob": {"n": 123456789012345678901}}, "limits": [1.5]}"#;
    for answer in answers {
        let Answer::Value(value) = &answer else { anyhow::bail!("changed data: {answer:?}") };
        ensure!(are_equal(expected, value, opa.precision)?, "changed data: {value}");
    }
    println!("  data changed in place by OPA");
    Ok(())
}
