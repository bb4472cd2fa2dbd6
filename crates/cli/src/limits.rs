//! What an evaluation at the terminal may use, and how numbers are read from flags.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use palisade_lab::subject::generous_limits;
use palisade_sandbox::Limits;

/// The limits of the compiled module; the same for `eval` and `test`.
#[derive(Args, Clone, Debug)]
pub struct LimitArgs {
    /// The most memory the compiled module may use, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = range::<usize>(1..=4096))]
    pub memory_mib: usize,
}

impl LimitArgs {
    /// The sandbox's limits.
    pub fn limits(&self) -> Limits {
        Limits { memory_bytes_max: self.memory_mib << 20, ..generous_limits() }
    }
}

/// A parser of numbers in a range; what is outside exits 2 and names the flag.
pub fn range<T>(range: RangeInclusive<u64>) -> RangedU64ValueParser<T>
where
    T: TryFrom<u64> + Clone + Send + Sync,
{
    RangedU64ValueParser::new().range(range)
}

/// Reads what `--timeout` takes.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok();
    let in_range = seconds.filter(|it| *it > 0.0 && *it <= 86_400.0);
    in_range
        .map(Duration::from_secs_f64)
        .filter(|it| !it.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0 and up to a day".to_owned())
}

/// Reads what `--threshold` takes.
pub fn percent(text: &str) -> Result<f64, String> {
    let percent: Option<f64> = text.parse().ok();
    percent
        .filter(|it| (0.0..=100.0).contains(it))
        .ok_or_else(|| "expected a number from 0 to 100".to_owned())
}
