//! `palisade build`

mod cedar;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_abi::host::host_function_names;
use palisade_bundle::{Bundle, Entrypoint, Manifest, Source as BundleSource};
use palisade_compiler::{Abi, Artifact, Options, Source, analyse, compile};
use palisade_rego::syntax::ast::Version;
use palisade_value::{Value, json};
use serde_json::value::RawValue;

use crate::capabilities::CapabilitiesArgs;
use crate::cedar::CedarArgs;
use crate::host::AllowHostArgs;
use crate::load::Loaded;
use crate::misuse::misuse;
use crate::policy::{self, LanguageArgs};
use crate::{Outcome, output};

/// Compile policies to a module, alone or in a bundle.
///
/// The bundle has OPA's layout: /data.json, /policy.wasm, /.manifest. The module holds the data in its final form, and
/// imports nothing but what --allow-host allows. The same sources give the same bytes on any machine.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade build -t wasm -e authz/allow policy.rego data.json -o bundle.tar.gz
  palisade build -e authz/allow -b policies/ --revision \"$(git rev-parse HEAD)\"
  palisade build -e authz/allow policy.rego -o policy.wasm
  palisade build -t ir -e authz/allow policy.rego
  palisade build --schema photos.cedarschema photos.cedar --entities entities.json -o bundle.tar.gz
  palisade build -t rego policies/ -o bundle.tar.gz")]
pub struct Build {
    /// Files and directories.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// What to make.
    #[arg(short, long, value_enum, default_value_t = Target::Wasm)]
    target: Target,
    /// Whose hosts the module is for.
    #[arg(long, value_enum, default_value_t = AbiArg::Palisade)]
    abi: AbiArg,
    /// A rule or package to decide about, as a path: authz/allow. May be repeated; the first one is the default.
    /// Rules and packages annotated with `entrypoint: true` are added.
    #[arg(short, long, value_name = "PATH")]
    entrypoint: Vec<String>,
    /// Where to write to: NAME.wasm is the bare module, any other name a bundle. `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "bundle.tar.gz")]
    output: PathBuf,
    /// Read the paths as bundle directories: only data.json and data.yaml are data.
    #[arg(short, long)]
    bundle: bool,
    /// The name of this state of the policy, such as a commit.
    #[arg(short, long, value_name = "NAME")]
    revision: Option<String>,
    /// Put the Rego sources into the bundle too, but for files with tests (`…_test.rego`) that no entrypoint needs.
    #[arg(long)]
    include_sources: bool,
    /// Keep calls of `print`: the module tells its host what it prints. Without this they are left out.
    #[arg(long, visible_alias = "wasm-include-print")]
    include_print: bool,
    #[command(flatten)]
    host: AllowHostArgs,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    cedar: CedarArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A WebAssembly module.
    Wasm,
    /// The intermediate form, printed.
    Ir,
    /// A bundle of the sources and the data, without a module.
    Rego,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AbiArg {
    /// Palisade, or any WebAssembly engine: the module holds the data, and imports nothing but what --allow-host allows.
    Palisade,
    /// OPA and its SDKs: the module has OPA's Wasm ABI 1.3, and its host brings the data.
    Opa,
}

impl Build {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        if self.cedar.is_meant(&self.paths) {
            return self.build_cedar();
        }
        let mut loaded = Loaded::read(&self.paths, &self.language, self.bundle)?;
        let is_input = |path: &String| Path::new(path) == self.output;
        if self.paths.iter().any(is_input) {
            let output = self.output.display();
            return Err(misuse(format!(
                "-o: `{output}` is one of the inputs; write to another file"
            )));
        }
        check_entrypoints(&self.entrypoint)?;
        let mut options = self.language.options();
        options.schemas = self.language.schemas()?;
        options.entrypoints = self.entrypoint.clone();
        options.host_functions = self.host.names();
        options.abi = match self.abi {
            AbiArg::Palisade => Abi::Palisade,
            AbiArg::Opa => Abi::Opa,
        };
        options.data = loaded.take_data()?;
        options.print = self.include_print.then_some(palisade_interp::PRINT);
        self.capabilities.apply(&mut options)?;
        if self.target == Target::Rego {
            return self.build_sources(&loaded, options);
        }
        let compilation = compile(&loaded.portable_sources(), &options)?;
        let files = policy::renamed(&compilation.files, &loaded.sources);
        policy::complain(&files, &compilation.diagnostics);
        let Some(artifact) = compilation.artifact else { return Ok(Outcome::Failure) };
        // Hosts of OPA's ABI bring the data themselves.
        if options.abi == Abi::Palisade {
            let given = policy::Given { data: &options.data, later: loaded.roots() };
            policy::complain_of_missing_data(&files, &compilation.program, &artifact, &given);
        }
        match self.target {
            Target::Ir => output::line(&palisade_ir::text::print(&artifact.ir))?,
            Target::Wasm | Target::Rego => {
                // Engines of OPA's hosts have limits of their own.
                if options.abi == Abi::Palisade {
                    let found = policy::complain_of_complexity(
                        &files,
                        &compilation.program,
                        &artifact.wasm,
                    )?;
                    if found == Outcome::Failure {
                        return Ok(found);
                    }
                }
                let sources = self.sources(&loaded, &artifact, &compilation.versions);
                self.write_compiled(artifact, &options.data, sources)?;
            }
        }
        Ok(Outcome::Success)
    }

    /// Checks the sources and packs them.
    fn build_sources(&self, loaded: &Loaded, options: Options) -> anyhow::Result<Outcome> {
        if self.is_module() || !self.entrypoint.is_empty() || self.abi == AbiArg::Opa {
            return Err(misuse(
                "-t rego makes a bundle without a module: leave out -e and --abi, and name no .wasm file with -o",
            ));
        }
        // Whoever runs the sources decides about the host.
        let options = Options { host_functions: host_function_names(), ..options };
        let portable = loaded.portable_sources();
        let analysis = analyse(&portable, &options);
        policy::complain(&policy::renamed(&analysis.files, &loaded.sources), &analysis.diagnostics);
        if analysis.has_errors() {
            return Ok(Outcome::Failure);
        }
        let versions = analysis.modules.iter().map(|module| module.version);
        let sources = portable.into_iter().zip(versions);
        let sources = sources.map(|(source, version)| packed(source, version)).collect();
        let revision = self.revision.clone().unwrap_or_default();
        let manifest = Manifest { revision, ..Manifest::default() };
        let mut bundle = Bundle { manifest, data: raw(&options.data)?, ..Bundle::default() };
        self.add_sources(&mut bundle, sources);
        self.write(&bundle.write().context("cannot make the bundle")?)?;
        Ok(Outcome::Success)
    }

    fn is_module(&self) -> bool {
        self.output.extension().is_some_and(|it| it == "wasm")
    }

    fn write_compiled(
        &self,
        artifact: Artifact,
        data: &Value,
        sources: Vec<(BundleSource, u8)>,
    ) -> anyhow::Result<()> {
        let bytes = if self.is_module() {
            if self.revision.is_some() {
                let output = self.output.display();
                return Err(misuse(format!(
                    "--revision needs a bundle: `{output}` is a bare module"
                )));
            }
            artifact.wasm
        } else {
            self.bundle(artifact, data, sources)?.write().context("cannot make the bundle")?
        };
        self.write(&bytes)
    }

    fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.output == Path::new("-") {
            use std::io::Write as _;
            std::io::stdout().lock().write_all(bytes).context("cannot write to standard output")
        } else {
            output::write_file(&self.output, bytes)
        }
    }

    /// The sources that go into the bundle, each with its version of Rego.
    fn sources(
        &self,
        loaded: &Loaded,
        artifact: &Artifact,
        versions: &[Version],
    ) -> Vec<(BundleSource, u8)> {
        if !self.include_sources {
            return Vec::new();
        }
        let needed: BTreeSet<&String> =
            artifact.manifest.rules.iter().map(|rule| &rule.file).collect();
        let sources = loaded.portable_sources().into_iter().zip(versions);
        sources
            .filter(|(source, _)| !source.name.ends_with(TESTS) || needed.contains(&source.name))
            .map(|(source, version)| packed(source, *version))
            .collect()
    }

    fn bundle(
        &self,
        artifact: Artifact,
        data: &Value,
        sources: Vec<(BundleSource, u8)>,
    ) -> anyhow::Result<Bundle> {
        let revision = self.revision.clone().unwrap_or_default();
        let mut bundle = make_bundle(artifact, data, revision)?;
        if self.include_sources {
            self.add_sources(&mut bundle, sources);
        }
        Ok(bundle)
    }

    fn add_sources(&self, bundle: &mut Bundle, sources: Vec<(BundleSource, u8)>) {
        let usual = if self.language.v0_compatible { 0 } else { 1 };
        let others = sources.iter().filter(|(_, version)| *version != usual);
        bundle.manifest.rego_version = Some(usual);
        bundle.manifest.file_rego_versions =
            others.map(|(source, version)| (source.path.clone(), *version)).collect();
        bundle.sources = sources.into_iter().map(|(source, _)| source).collect();
    }
}

/// A source as it lies in a bundle, with its version of Rego.
fn packed(Source { name, text, .. }: Source, version: Version) -> (BundleSource, u8) {
    let source = BundleSource { path: format!("/{name}"), text };
    (source, if version == Version::V0 { 0 } else { 1 })
}

fn raw(data: &Value) -> anyhow::Result<Box<RawValue>> {
    RawValue::from_string(json::to_json(data)).context("the data is no JSON")
}

/// Entrypoints are paths; a reference, as queries have it, is a likely mistake.
pub fn check_entrypoints(entrypoints: &[String]) -> anyhow::Result<()> {
    let is_reference = |it: &&String| it.contains('.') && !it.contains('/');
    match entrypoints.iter().find(is_reference) {
        Some(found) => {
            let path = found.strip_prefix("data.").unwrap_or(found).replace('.', "/");
            Err(misuse(format!("-e takes a path with slashes: `{path}`, not `{found}`")))
        }
        None => Ok(()),
    }
}

/// How the names of files with tests end.
const TESTS: &str = "_test.rego";

/// A bundle of a compiled policy and its data.
pub fn make_bundle(artifact: Artifact, data: &Value, revision: String) -> anyhow::Result<Bundle> {
    let entrypoints = artifact.manifest.entrypoints.iter().map(|it| Entrypoint {
        entrypoint: it.path.clone(),
        module: "/policy.wasm".to_owned(),
        annotations: it.annotations.iter().cloned().collect(),
    });
    let manifest = Manifest { revision, wasm: entrypoints.collect(), ..Manifest::default() };
    Ok(Bundle { manifest, module: Some(artifact.wasm), data: raw(data)?, ..Bundle::default() })
}
