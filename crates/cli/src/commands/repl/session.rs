//! A session: takes line after line, keeps what was typed, answers.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use palisade_abi::{HostCalls, HostFunctions};
use palisade_compiler::{Analysis, Options, Query, Source, analyse};
use palisade_diag::{Diagnostic, Files};
use palisade_lab::subject::{Facts, Target};
use palisade_rego::syntax::ParseOptions;
use palisade_sandbox::Limits;
use palisade_value::{AnyValue as _, Value, json};

use super::command::{self, Command};
use super::complete::Names;
use super::modules::Modules;
use super::settings::{NamedUnknown, Settings};
use super::statement::{self, Fault, Rule, Statement};
use crate::{output, policy};

/// What a session starts with.
pub struct Start {
    /// The policies that were loaded.
    pub sources: Vec<Source>,
    /// How policies are read; its data is the base data.
    pub options: Options,
    /// The input, if one was named.
    pub input: Option<Value>,
    /// The longest an evaluation may take.
    pub timeout: Duration,
    /// The limits of compiled modules.
    pub limits: Limits,
    /// What policies may ask of the world.
    pub host: Option<Arc<dyn HostFunctions>>,
    /// Stops an evaluation when it becomes true.
    pub cancel: Arc<AtomicBool>,
}

/// What comes after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another statement.
    Statement,
    /// The rest of this one.
    Rest,
    /// Nothing.
    End,
}

/// A session.
pub struct Session {
    pub(super) start: Start,
    pub(super) settings: Settings,
    modules: Modules,
    /// The lines of the statement that isn't complete.
    pending: String,
}

impl Session {
    /// A session in which nothing was typed.
    pub fn new(start: Start) -> Session {
        Session {
            start,
            settings: Settings::default(),
            modules: Modules::default(),
            pending: String::new(),
        }
    }

    /// Takes a line. An empty one ends a statement that goes over several.
    ///
    /// # Errors
    /// Standard output can't be written, or an evaluator can't be started.
    pub fn line(&mut self, line: &str) -> anyhow::Result<Next> {
        if self.pending.is_empty() {
            if line.trim().is_empty() {
                return Ok(Next::Statement);
            }
            if let Some(command) = command::read(line) {
                return self.command(command);
            }
        }
        self.pending.push_str(line);
        self.pending.push('\n');
        self.take_pending(!line.trim().is_empty())
    }

    /// Takes what is pending for whole, since no line follows.
    ///
    /// # Errors
    /// As for [`Session::line`].
    pub fn finish(&mut self) -> anyhow::Result<()> {
        if !self.pending.is_empty() {
            self.take_pending(false)?;
        }
        Ok(())
    }

    /// Whether what goes on is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.start.cancel.load(Ordering::Relaxed)
    }

    /// Forgets that what went before was to stop. An evaluation doesn't do this as it begins: it would lose a Ctrl-C that
    /// came while the query was compiled.
    pub fn rearm(&self) {
        self.start.cancel.store(false, Ordering::Relaxed);
    }

    /// Forgets a statement that isn't complete.
    pub fn abandon(&mut self) {
        self.pending.clear();
    }

    fn take_pending(&mut self, may_go_on: bool) -> anyhow::Result<Next> {
        match statement::read(&self.pending, &self.parsing(), may_go_on) {
            Err(Fault::Incomplete) => return Ok(Next::Rest),
            Err(Fault::Malformed(files, diagnostics)) => {
                self.pending.clear();
                policy::complain(&files, &diagnostics);
            }
            Ok(statement) => {
                let text = std::mem::take(&mut self.pending);
                self.statement(statement, text.trim())?;
            }
        }
        Ok(Next::Statement)
    }

    fn parsing(&self) -> ParseOptions {
        let options = &self.start.options;
        let language = options.capabilities.as_ref().map(|it| it.language());
        ParseOptions { language: language.unwrap_or_default(), ..ParseOptions::of(options.version) }
    }

    fn statement(&mut self, statement: Statement, text: &str) -> anyhow::Result<()> {
        match statement {
            Statement::Package(path) => self.modules.activate(path),
            Statement::Import(import) => {
                let mut modules = self.modules.clone();
                modules.import(import);
                if let Err((files, diagnostics)) = self.check(&modules) {
                    policy::complain(&files, &diagnostics);
                    return Ok(());
                }
                self.modules = modules;
            }
            Statement::Rules(rules) => return self.define(rules),
            Statement::Equation(rule) => {
                let is_new = !self.modules.has_rule(&rule.name);
                if is_new && self.can_define(&rule) {
                    return self.define(vec![rule]);
                }
                return self.query(text);
            }
            Statement::Query => return self.query(text),
        }
        Ok(())
    }

    fn can_define(&self, rule: &Rule) -> bool {
        let mut modules = self.modules.clone();
        modules.define(rule.clone());
        self.check(&modules).is_ok()
    }

    fn define(&mut self, rules: Vec<Rule>) -> anyhow::Result<()> {
        let mut modules = self.modules.clone();
        let mut said = Vec::new();
        for rule in rules {
            let name = rule.name.clone();
            let how = if modules.define(rule) { "re-defined" } else { "defined" };
            said.push(format!(
                "Rule '{name}' {how} in package {}. Type 'show' to see rules.",
                modules.active()
            ));
        }
        if let Err((files, diagnostics)) = self.check(&modules) {
            policy::complain(&files, &diagnostics);
            return Ok(());
        }
        self.modules = modules;
        said.iter().try_for_each(|it| output::line(it))
    }

    /// Whether all policies are in order with these.
    fn check(&self, modules: &Modules) -> Result<(), (Files, Vec<Diagnostic>)> {
        let sources = self.sources(modules);
        let analysis = analyse(&sources, &self.start.options);
        match analysis.has_errors() {
            true => Err(((*analysis.files).clone(), analysis.diagnostics)),
            false => Ok(()),
        }
    }

    fn sources(&self, modules: &Modules) -> Vec<Source> {
        let typed = modules.sources(self.start.options.version);
        self.start.sources.iter().cloned().chain(typed).collect()
    }

    /// Everything there is, and how to compile a query with it.
    pub(super) fn question(&self, query: &str) -> (Vec<Source>, Options) {
        let mut options = self.start.options.clone();
        options.queries = vec![Query {
            text: query.to_owned(),
            package: Some(self.modules.active().to_owned()),
            imports: self.modules.imports(),
        }];
        (self.sources(&self.modules), options)
    }

    /// What an evaluation is given: the time is that of now.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(super) fn facts(&self) -> anyhow::Result<Facts> {
        let fresh = palisade::fresh_facts()?;
        let seed = fresh.seed.and_then(|it| u64::from_str_radix(&it, 16).ok()).unwrap_or_default();
        Ok(Facts {
            input: self.input().map(|it| json::to_json(&it)),
            now_ns: fresh.now_ns.unwrap_or_default(),
            seed,
            strict: self.settings.strict,
            deadline: Some(self.start.timeout),
            host: self.start.host.clone().map(|host| Arc::new(HostCalls::new(host))),
        })
    }

    /// The input: what was named, else the base document that stands for it.
    pub(super) fn input(&self) -> Option<Value> {
        let data = &self.start.options.data;
        let document = || data.get_str("repl").and_then(|it| it.get_str("input"));
        self.start.input.clone().or_else(document)
    }

    /// The names that can be completed.
    pub fn names(&self) -> Names {
        let analysis = analyse(&self.sources(&self.modules), &self.start.options);
        let mut rules: Vec<String> = self.modules.rule_names().map(str::to_owned).collect();
        rules.extend(self.modules.imports().iter().filter_map(|it| alias(it)));
        Names {
            rules,
            input: self.input(),
            data: self.start.options.data.clone(),
            documents: analysis.program.root,
        }
    }

    fn command(&mut self, command: Command) -> anyhow::Result<Next> {
        let settings = &mut self.settings;
        let flip = |flag: &mut bool| *flag = !*flag;
        match command {
            Command::Exit => return Ok(Next::End),
            Command::Trace(explain) => settings.explain = explain,
            Command::ToggleTrace(explain) => settings.toggle(explain),
            Command::Metrics => flip(&mut settings.metrics),
            Command::Profile => flip(&mut settings.profile),
            Command::Types => flip(&mut settings.types),
            Command::Strict => flip(&mut settings.strict),
            Command::Json => settings.json = true,
            Command::Pretty => settings.json = false,
            Command::Target(None) => output::line(settings.target.name())?,
            Command::Target(Some(name)) => match name.as_str() {
                "rego" => settings.target = Target::Rego,
                "wasm" => settings.target = Target::Wasm,
                _ => eprintln!("error: the target is `rego` or `wasm`, not `{name}`"),
            },
            Command::Unknown(unknowns) => self.set_unknowns(unknowns),
            other => self.report(other)?,
        }
        Ok(Next::Statement)
    }

    /// The commands that print, or that change what was typed.
    fn report(&mut self, command: Command) -> anyhow::Result<()> {
        match command {
            Command::Help(None) => output::line(command::help().trim_end()),
            Command::Help(Some(topic)) if topic == "input" => output::line(command::HELP_INPUT),
            Command::Help(Some(topic)) => {
                eprintln!("error: there is no help on `{topic}`");
                Ok(())
            }
            Command::Show => output::line(self.modules.show(self.start.options.version).trim_end()),
            Command::ShowDebug => output::line(&output::pretty_json(&self.settings.to_value())),
            Command::Unset(name) => self.unset(&name),
            Command::UnsetPackage(name) => {
                let name = name.strip_prefix("data.").unwrap_or(&name);
                if !self.modules.unset_package(name) {
                    eprintln!("warning: no such package was typed: {name}");
                }
                Ok(())
            }
            Command::Dump(file) => self.dump(file.as_deref()),
            // The others are settings.
            _ => Ok(()),
        }
    }

    fn set_unknowns(&mut self, unknowns: Vec<String>) {
        match unknowns.into_iter().map(NamedUnknown::read).collect() {
            Ok(unknowns) => self.settings.unknowns = unknowns,
            Err(error) => eprintln!("error: {error}"),
        }
    }

    fn unset(&mut self, name: &str) -> anyhow::Result<()> {
        let mut modules = self.modules.clone();
        if !modules.unset(name) {
            eprintln!("warning: no matching rules in current module");
            return Ok(());
        }
        match self.check(&modules) {
            Ok(()) => self.modules = modules,
            // What still needs the rule would be broken.
            Err((files, diagnostics)) => policy::complain(&files, &diagnostics),
        }
        Ok(())
    }

    fn dump(&self, file: Option<&str>) -> anyhow::Result<()> {
        let data = json::to_json(&self.start.options.data);
        match file {
            None => output::line(&data),
            Some(file) => {
                if let Err(error) = output::write_file(Path::new(file), data.as_bytes()) {
                    eprintln!("error: {}", output::chain(&error));
                }
                Ok(())
            }
        }
    }
}

/// The name that an import brings in.
fn alias(import: &str) -> Option<String> {
    let words: Vec<&str> = import.split_whitespace().collect();
    match words.as_slice() {
        [_, "as", name] => Some((*name).to_owned()),
        [path] if path.starts_with("data.") || path.starts_with("input.") => {
            path.rsplit('.').next().map(str::to_owned)
        }
        _ => None,
    }
}

/// Whether the analysis of a query found errors; shows what it found.
pub(super) fn is_refused(analysis: &Analysis) -> bool {
    policy::complain(&analysis.files, &analysis.diagnostics);
    analysis.has_errors()
}
