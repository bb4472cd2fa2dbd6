//! `cargo xtask fuzz` runs this: the differential fuzzer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use palisade_fuzz::generate::generate;
use palisade_fuzz::properties::Tally;
use palisade_fuzz::run::{Options, run};

/// Make programs, ask both evaluators, and take a difference for a defect.
///
/// Exits 1 if anything failed; every failure is printed with its seed and number and written as a section of a suite.
#[derive(Parser)]
#[command(name = "cargo xtask fuzz", bin_name = "cargo xtask fuzz")]
struct Cli {
    /// How long to run [default: 60, unless --cases is given]
    #[arg(long, value_name = "N", conflicts_with = "cases")]
    seconds: Option<u64>,
    /// How many cases to run
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
    /// What the cases derive from
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// The number of the first case
    #[arg(long, value_name = "N", default_value_t = 0)]
    from: u64,
    /// How many threads [default: one a processor]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// A program that answers as another evaluator
    #[arg(long, value_name = "PROGRAM")]
    peer_program: Option<String>,
    /// Where failures are written
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    out: PathBuf,
    /// After how many failures to end
    #[arg(long, value_name = "N", default_value_t = 10)]
    failures: usize,
    /// Print a case instead of running any
    #[arg(long, value_name = "N")]
    print: Option<u64>,
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    if let Some(number) = cli.print {
        print(cli.seed, number);
        return Ok(ExitCode::SUCCESS);
    }
    let seconds = if cli.cases.is_none() { Some(cli.seconds.unwrap_or(60)) } else { None };
    let options = Options {
        seed: cli.seed,
        first: cli.from,
        cases: cli.cases,
        time: seconds.map(Duration::from_secs),
        threads: cli
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
        peer: cli.peer_program,
        out: cli.out,
        failures_max: cli.failures,
    };
    let start = Instant::now();
    let report = run(&options)?;
    println!("{}", closing_line(&options, &report.tally, report.failures.len(), start.elapsed()));
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn closing_line(options: &Options, tally: &Tally, failures: usize, elapsed: Duration) -> String {
    let accepted = tally.cases.saturating_sub(tally.rejected);
    let rate = 100.0 * accepted as f64 / tally.cases.max(1) as f64;
    let why: Vec<String> =
        tally.rejections.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let peer = match options.peer {
        Some(_) => format!(
            ", the peer agreed on {} and was left out of {}",
            tally.peer, tally.peer_skipped
        ),
        None => String::new(),
    };
    format!(
        "seed {}, {:.0} s: {} programs of which the checker takes {rate:.0} % (else {}); {} values, {} undefined, {} errors, \
         {} limits{peer}; {} mutated sources and inputs; {failures} failures",
        options.seed,
        elapsed.as_secs_f64(),
        tally.cases,
        why.join(", "),
        tally.values,
        tally.undefined,
        tally.errors,
        tally.limits,
        tally.mutations,
    )
}

fn print(seed: u64, number: u64) {
    let case = generate(seed, number).case;
    for (name, text) in &case.sources {
        println!("# {name}\n{text}");
    }
    println!("data: {}", case.data);
    for input in &case.inputs {
        println!("input: {input}");
    }
    println!("documents: {}", case.documents.join(" "));
    for query in &case.queries {
        println!("query: {query}");
    }
    let analysis = palisade_compiler::analyse(&case.compiler_sources(), &case.options());
    for diagnostic in &analysis.diagnostics {
        println!("{}: {}", diagnostic.code.name, diagnostic.message);
    }
}
