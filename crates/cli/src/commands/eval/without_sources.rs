//! Which queries go to compiled modules instead of an evaluation of sources.

use palisade_lab::subject::{Facts, Solution};
use palisade_value::Value;

use super::module::{self, BundleFile};
use super::{Answer, Eval, Target};
use crate::misuse::misuse;

impl Eval {
    /// The answer of compiled modules, if it is to be had without sources.
    pub(super) fn ask_module(
        &self,
        bundles: &[BundleFile],
        query: &str,
        facts: &Facts,
    ) -> anyhow::Result<Option<Answer>> {
        let has_sources = self.has_sources(bundles);
        if let Some(question) = self.module_question(bundles, query)
            && let Some(answer) = self.reply(&question, facts)?
        {
            return Ok(Some(answer));
        }
        if has_sources || bundles.iter().all(|it| it.bundle.module.is_none()) {
            return Ok(None);
        }
        Err(misuse(match self.target {
            Some(Target::Rego) => {
                "-t rego needs the sources, and there is a compiled module and no sources: leave -t out, or add them with -d"
                    .to_owned()
            }
            _ => module::what_can_be_asked(bundles),
        }))
    }

    /// What to ask compiled modules.
    fn module_question<'b>(
        &self,
        bundles: &'b [BundleFile],
        query: &str,
    ) -> Option<module::Question<'b>> {
        let is_plain = self.package.is_none() && self.import.is_empty() && self.data.is_empty();
        if !is_plain || !self.asks_module(bundles) {
            return None;
        }
        let path = module::path_of(query)?;
        let within = module::within(bundles, &path);
        // Sources know more of what is around entrypoints than modules do.
        let around = || module::Question::Around { files: bundles, path };
        within.or_else(|| (!self.has_sources(bundles)).then(around))
    }

    fn reply(
        &self,
        question: &module::Question<'_>,
        facts: &Facts,
    ) -> anyhow::Result<Option<Answer>> {
        if self.profile || self.coverage || self.show_builtin_errors {
            return Err(misuse(
                "--profile, --coverage and --show-builtin-errors need the sources: a module has none of them",
            ));
        }
        let engine = super::engine()?;
        let explain = self.explain.is_some();
        let asking = module::Asking {
            engine: &engine,
            limits: self.limits.limits(),
            facts,
            explain,
            host: self.host.functions()?,
        };
        let Some(reply) = question.ask(&asking)? else { return Ok(None) };
        let mut answer = Answer::default();
        match reply {
            Ok((value, rules)) => {
                let solution =
                    |value| Solution { bindings: Value::empty_object(), exprs: vec![value] };
                answer.solutions = value.map(solution).into_iter().collect();
                self.explain_by_rules(&mut answer, &rules);
            }
            Err(failure) => answer.failure = Some(failure),
        }
        Ok(Some(answer))
    }

    fn asks_module(&self, bundles: &[BundleFile]) -> bool {
        match self.target {
            Some(target) => target == Target::Wasm,
            None => !self.has_sources(bundles),
        }
    }

    pub(super) fn has_sources(&self, bundles: &[BundleFile]) -> bool {
        !self.data.is_empty()
            || self.bundle.iter().any(|path| path.is_dir())
            || bundles.iter().any(|it| !it.bundle.sources.is_empty())
    }
}
