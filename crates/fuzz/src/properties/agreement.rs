//! Every way to an answer leads to the same: reference evaluator, module, used instance, module without passes, peer.

use palisade_codegen::{self as codegen, Abi};
use palisade_compiler::{Artifact, Compilation};
use palisade_ir::lower::rego;
use palisade_lab::subject::{Compiled, Facts, Failure, Reference, generous_limits};
use palisade_rego::checked::Program;
use palisade_sandbox::Engine;

use super::answers::{Answer, Question, facts, of_module, of_reference};
use super::{Breach, Plan, Property, Tally, Tools};
use crate::case::Case;
use crate::peer::{PeerAnswer, compare};

/// Asks every question of every evaluator.
pub fn check(
    case: &Case,
    compilation: &Compilation,
    tools: &mut Tools,
    plan: Plan,
    tally: &mut Tally,
) -> Result<(), Breach> {
    let Some(artifact) = &compilation.artifact else { return Ok(()) };
    let questions = Question::all(case);
    let reference = Reference::new(&compilation.program, case.data_value());
    let ask = |it: &Question| of_reference(&reference, it, &facts(case, it.input()));
    let expected: Vec<Answer> = questions.iter().map(ask).collect();

    let whole = |question: &Question, code: &str| {
        breaks_as_a_whole(&reference, &compilation.program, &facts(case, question.input()), code)
    };
    let module = load(&tools.engine, &artifact.wasm)?;
    let subject = Subject { case, module: &module, is_known: &whole };
    let pairs = || questions.iter().zip(&expected);
    tally.whole += subject.compare(pairs(), Property::Agreement, "the module")?;
    // The other way round, so that each question follows another than the first time.
    subject.compare(pairs().rev(), Property::Repetition, "the module, asked again,")?;
    if plan.unoptimised {
        let plain = load(&tools.engine, &unoptimised(case, compilation, artifact)?)?;
        let subject = Subject { module: &plain, ..subject };
        subject.compare(pairs(), Property::Optimisation, "the module without passes")?;
    }
    for answer in &expected {
        match answer {
            Answer::Undefined => tally.undefined += 1,
            Answer::Value(_) => tally.values += 1,
            Answer::Error(_) => tally.errors += 1,
            Answer::Limit => tally.limits += 1,
        }
    }
    if plan.peer { ask_peer(case, tools, &questions, &expected, tally) } else { Ok(()) }
}

fn load(engine: &Engine, wasm: &[u8]) -> Result<Compiled, Breach> {
    Compiled::load_within(engine, wasm, generous_limits()).map_err(|error| {
        Breach::new(Property::Compiles, format!("the module does not load: {error}"))
    })
}

/// A module with the case that it was made of.
struct Subject<'a> {
    case: &'a Case,
    module: &'a Compiled,
    /// Whether an error of the module is the one that is known of.
    is_known: &'a dyn Fn(&Question, &str) -> bool,
}

impl Subject<'_> {
    /// Compares the module's answers with those of the reference evaluator, and counts the known errors.
    fn compare<'a>(
        &self,
        expected: impl Iterator<Item = (&'a Question, &'a Answer)>,
        property: Property,
        who: &str,
    ) -> Result<u64, Breach> {
        let mut n_known = 0;
        for (question, expected) in expected {
            let found = of_module(self.module, question, &facts(self.case, question.input()));
            // Limits lie at other places in different evaluators.
            let is_limit = *expected == Answer::Limit || found == Answer::Limit;
            if found == *expected || is_limit {
                continue;
            }
            if let Answer::Error(code) = &found
                && (self.is_known)(question, code)
            {
                n_known += 1;
                continue;
            }
            let detail = format!("the reference evaluator: {expected}\n{who}: {found}");
            return Err(Breach { property, question: Some(question.clone()), detail });
        }
        Ok(n_known)
    }
}

/// Whether some document is an error when it is asked for as a whole. The module evaluates partial documents as a whole,
/// and so do modules of OPA's; the reference evaluator and OPA itself evaluate of them what lies under the keys that are
/// asked for, and don't meet errors under others.
fn breaks_as_a_whole(
    reference: &Reference<'_>,
    program: &Program,
    facts: &Facts,
    code: &str,
) -> bool {
    let mut nodes = vec![(Vec::new(), &program.root)];
    while let Some((path, node)) = nodes.pop() {
        let is_error = |failure: &Failure| failure.code == code;
        if !node.rules.is_empty() && reference.text(&path, facts).as_ref().is_err_and(is_error) {
            return true;
        }
        nodes.extend(node.children.iter().map(|(key, child)| {
            let below: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            (below, child)
        }));
    }
    false
}

/// The module as it would be without passes.
fn unoptimised(
    case: &Case,
    compilation: &Compilation,
    artifact: &Artifact,
) -> Result<Vec<u8>, Breach> {
    let path = |it: &String| it.split('/').map(str::to_owned).collect();
    let options = rego::Options {
        entrypoints: case.documents.iter().map(path).collect(),
        data: case.data_value(),
        queries: !case.queries.is_empty(),
    };
    let failed =
        |error: String| Breach::new(Property::Optimisation, format!("without passes: {error}"));
    let program =
        rego::lower(&compilation.program, &options).map_err(|it| failed(it.to_string()))?;
    let options =
        codegen::Options { abi: Abi::Palisade, manifest: artifact.manifest.to_json().into_bytes() };
    codegen::emit(&program, &options).map_err(|it| failed(it.to_string()))
}

fn ask_peer(
    case: &Case,
    tools: &mut Tools,
    questions: &[Question],
    expected: &[Answer],
    tally: &mut Tally,
) -> Result<(), Breach> {
    let Some(peer) = &mut tools.peer else { return Ok(()) };
    for (number, _) in case.inputs.iter().enumerate() {
        let documents =
            |it: &&Question| matches!(it, Question::Document(_, input) if *input == number);
        let asked = questions.iter().zip(expected).filter(|(it, _)| documents(it));
        let (asked, expected): (Vec<&Question>, Vec<&Answer>) = asked.unzip();
        let answers = peer.ask(case, number, &asked);
        for ((question, expected), answer) in asked.iter().zip(&expected).zip(&answers) {
            match compare(expected, answer) {
                Some(true) => tally.peer += 1,
                None => tally.peer_skipped += 1,
                Some(false) => {
                    let detail = format!("we: {expected}\nthe peer: {}", PeerAnswer::text(answer));
                    let question = Some((*question).clone());
                    return Err(Breach { property: Property::Peer, question, detail });
                }
            }
        }
    }
    Ok(())
}
