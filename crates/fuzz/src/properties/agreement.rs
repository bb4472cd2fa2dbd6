//! Every way to an answer leads to the same: reference evaluator, module, used instance, module with other passes, peer.

use palisade_codegen::{self as codegen, Abi};
use palisade_compiler::{Artifact, Compilation};
use palisade_ir::lower::rego;
use palisade_ir::{passes, verify};
use palisade_lab::subject::{Compiled, Reference, generous_limits};
use palisade_sandbox::Engine;

use super::answers::{Answer, Question, facts, of_module, of_reference};
use super::{Breach, Passes, Plan, Property, Tally, Tools};
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

    let module = load(&tools.engine, &artifact.wasm)?;
    let subject = Subject { case, module: &module };
    let pairs = || questions.iter().zip(&expected);
    subject.compare(pairs(), Property::Agreement, "the module")?;
    // The other way round, so that each question follows another than the first time.
    subject.compare(pairs().rev(), Property::Repetition, "the module, asked again,")?;
    if let Some(passes) = plan.also {
        let other = load(&tools.engine, &with_passes(passes, case, compilation, artifact)?)?;
        let subject = Subject { module: &other, ..subject };
        subject.compare(pairs(), Property::Optimisation, passes.module())?;
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
}

impl Subject<'_> {
    /// Compares the module's answers with those of the reference evaluator.
    fn compare<'a>(
        &self,
        expected: impl Iterator<Item = (&'a Question, &'a Answer)>,
        property: Property,
        who: &str,
    ) -> Result<(), Breach> {
        for (question, expected) in expected {
            let found = of_module(self.module, question, &facts(self.case, question.input()));
            // Limits lie at other places in different evaluators.
            let is_limit = *expected == Answer::Limit || found == Answer::Limit;
            if found == *expected || is_limit {
                continue;
            }
            let detail = format!("the reference evaluator: {expected}\n{who}: {found}");
            return Err(Breach { property, question: Some(question.clone()), detail });
        }
        Ok(())
    }
}

impl Passes {
    /// What the module is called that is made so.
    fn module(self) -> &'static str {
        match self {
            Passes::None => "the module without passes",
            Passes::Sharing => "the module with registers shared everywhere",
        }
    }
}

/// The module as it would be with these passes.
fn with_passes(
    passes: Passes,
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
    let failed = |error: String| {
        Breach::new(Property::Optimisation, format!("{}: {error}", passes.module()))
    };
    let program =
        rego::lower(&compilation.program, &options).map_err(|it| failed(it.to_string()))?;
    let program = match passes {
        Passes::None => program,
        Passes::Sharing => passes::optimize(program, &passes::Options { registers_max: 0 }),
    };
    let violations = verify::verify(&program);
    if !violations.is_empty() {
        return Err(failed(violations.join("; ")));
    }
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
