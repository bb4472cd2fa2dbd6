//! `cargo xtask sdks`: modules of OPA's ABI in OPA's own SDKs. Every decision must be that of the reference evaluator.

#[path = "sdks/any_order.rs"]
mod any_order;
#[path = "sdks/bundles.rs"]
mod bundles;
#[path = "sdks/hosts.rs"]
mod hosts;
#[path = "sdks/json.rs"]
mod json;
#[path = "sdks/policies.rs"]
mod policies;
#[path = "sdks/requests.rs"]
mod requests;
#[path = "sdks/tools.rs"]
mod tools;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use tools::Missing;

/// Run the policies in tests/opa as modules of OPA's ABI in OPA's SDKs, and compare with the reference evaluator.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask sdks\n  cargo xtask sdks node go\n  cargo xtask sdks --available"
)]
pub struct Sdks {
    /// Which; without any, all of them
    sdks: Vec<Sdk>,
    /// Leave out those whose tools are not on this machine, and say so
    #[arg(long)]
    available: bool,
}

/// Whose SDK.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sdk {
    /// `@open-policy-agent/opa-wasm`, and the ABI function by function
    Node,
    /// OPA itself: modules, and bundles both ways
    Go,
    /// `opa-wasm` on PyPI
    Python,
    /// `opa-wasm` on crates.io
    Rust,
}

impl Sdks {
    /// Runs the command.
    ///
    /// # Errors
    /// When an answer differs, or a tool is missing that may not be.
    pub fn run(self) -> anyhow::Result<()> {
        let place = Place::new()?;
        let policies = policies::read(&place)?;
        let n_cases: usize = policies.iter().map(|it| it.cases.len()).sum();
        println!("{} policies, {n_cases} cases", policies.len());

        let all = Sdk::value_variants();
        let chosen = if self.sdks.is_empty() { all } else { &self.sdks };
        let mut failed = Vec::new();
        for sdk in chosen {
            let name = sdk.to_possible_value().map(|it| it.get_name().to_owned());
            let name = name.unwrap_or_default();
            let start = Instant::now();
            match sdk.check(&place, &policies) {
                Ok(()) => println!("{name}: all is well ({:.1?})", start.elapsed()),
                Err(error) if self.available && error.is::<Missing>() => {
                    println!("{name}: left out: {error:#}");
                }
                Err(error) => {
                    eprintln!("{name}: {error:#}");
                    failed.push(name);
                }
            }
        }
        if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
    }
}

impl Sdk {
    fn check(self, place: &Place, policies: &[policies::Policy]) -> anyhow::Result<()> {
        let host = match self {
            Sdk::Node => hosts::node(place)?,
            Sdk::Go => hosts::go(place)?,
            Sdk::Python => hosts::python(place)?,
            Sdk::Rust => hosts::rust(place)?,
        };
        requests::decisions(place, &host, policies)?;
        requests::repetitions(place, &host, policies)?;
        match self {
            Sdk::Node => hosts::node_tests(place),
            Sdk::Go => bundles::check(place, &host, policies),
            Sdk::Python | Sdk::Rust => Ok(()),
        }
    }
}

/// Where things are.
struct Place {
    /// The tests.
    tests: PathBuf,
    /// Everything that is made: modules, what is installed, requests.
    made: PathBuf,
}

impl Place {
    fn new() -> anyhow::Result<Place> {
        let own = std::env::current_exe().context("finding this program")?;
        let target = own.ancestors().nth(2).context("a target directory")?;
        let place =
            Place { tests: crate::root().join("tests").join("opa"), made: target.join("sdks") };
        place.folder("modules")?;
        Ok(place)
    }

    /// A folder for what is made, which is there afterwards.
    fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.made.join(name);
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }

    fn source(&self, name: &str) -> PathBuf {
        self.tests.join(Path::new(name))
    }
}
