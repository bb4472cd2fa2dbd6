//! What an evaluation may use, and how numbers and durations are read from flags.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use palisade::LoadError;
use palisade_lab::subject::generous_limits;
use palisade_sandbox::Limits;

/// The limits of the compiled module at the terminal; the same for `eval` and `test`.
#[derive(Args, Clone, Debug)]
pub struct LimitArgs {
    /// The most memory the compiled module may use for an evaluation, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = range::<usize>(1..=4096))]
    memory_mib: usize,
}

impl LimitArgs {
    /// The sandbox's limits.
    pub fn limits(&self) -> Limits {
        Limits { memory_bytes_max: self.memory_bytes(), ..generous_limits() }
    }

    fn memory_bytes(&self) -> usize {
        self.memory_mib << 20
    }
}

/// What one decision may use; the same for `serve`, `up` and `why`.
#[derive(Args, Clone, Debug)]
pub struct DecisionLimitArgs {
    /// The longest a decision may take, in milliseconds.
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 1_000,
        value_parser = range::<u64>(1..=3_600_000)
    )]
    deadline_ms: u64,
    #[command(flatten)]
    module: LimitArgs,
}

impl DecisionLimitArgs {
    /// The limits of the sandbox.
    pub fn limits(&self) -> Limits {
        Limits {
            deadline: Duration::from_millis(self.deadline_ms),
            memory_bytes_max: self.module.memory_bytes(),
            ..Limits::default()
        }
    }

    /// A load error, which names the flag if it is the limit that is to blame.
    pub fn blamed(&self, error: LoadError) -> anyhow::Error {
        let error = anyhow::Error::new(error);
        match error.chain().any(|cause| cause.to_string().contains("memory")) {
            true => error.context(format!(
                "the policy cannot be loaded with --memory-mib {}",
                self.module.memory_mib
            )),
            false => error,
        }
    }
}

/// A parser of numbers in a range; what is outside exits 2 and names the flag.
pub fn range<T>(range: RangeInclusive<u64>) -> RangedU64ValueParser<T>
where
    T: TryFrom<u64> + Clone + Send + Sync,
{
    RangedU64ValueParser::new().range(range)
}

/// Reads what `--timeout` takes: a duration as Go writes it, such as `1m30s` or `500ms`, or a number of seconds.
pub fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().or_else(|| seconds(text));
    let in_range = seconds.filter(|it| *it > 0.0 && *it <= 86_400.0);
    in_range.map(Duration::from_secs_f64).filter(|it| !it.is_zero()).ok_or_else(|| {
        "expected a duration above 0 and up to a day, such as 500ms, 5s or 1m30s, or a number of seconds"
            .to_owned()
    })
}

/// The units of durations, in seconds; what begins like another one stands after it.
const UNITS: [(&str, f64); 8] = [
    ("h", 3_600.0),
    ("ms", 1e-3),
    ("m", 60.0),
    ("s", 1.0),
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("μs", 1e-6),
];

/// The seconds of numbers with units one after the other.
fn seconds(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, after) = rest.split_at(end);
        let (unit, factor) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
        sum += number.parse::<f64>().ok()? * factor;
        rest = &after[unit.len()..];
    }
    Some(sum)
}

/// Reads what `--threshold` takes.
pub fn percent(text: &str) -> Result<f64, String> {
    let percent: Option<f64> = text.parse().ok();
    percent
        .filter(|it| (0.0..=100.0).contains(it))
        .ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, milliseconds: Option<u64>) {
        assert_eq!(timeout(text).ok(), milliseconds.map(Duration::from_millis), "{text}");
    }

    #[test]
    fn timeouts_are_durations_or_seconds() {
        for (text, milliseconds) in [
            ("5", 5_000),
            ("0.2", 200),
            ("5s", 5_000),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("1.5h", 5_400_000),
            ("2000us", 2),
            ("2000µs", 2),
            ("24h", 86_400_000),
        ] {
            check(text, Some(milliseconds));
        }
        for text in [
            "", "0", "0s", "-1s", "-1", "nan", "inf", "s", "5x", "5 s", "1.2.3s", "5s3", "24h1s",
            "1e-300",
        ] {
            check(text, None);
        }
    }
}
