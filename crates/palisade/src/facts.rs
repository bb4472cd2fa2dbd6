//! The ambient facts of a decision that is made now.

use std::time::{SystemTime, UNIX_EPOCH};

use palisade_abi::Ambient;

/// Why the facts cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The clock is set to a time before 1970 or after 2262.
    #[error("the system's clock is outside of the years 1970 to 2262")]
    Clock,
    /// The machine gave no random bytes.
    #[error("the system's random number generator failed")]
    Random(#[source] getrandom::Error),
}

/// The time of the system's clock and a random seed; everything else is left unset.
///
/// # Errors
/// When the machine has no usable clock or no randomness.
pub fn fresh_facts() -> Result<Ambient, FactsError> {
    let since_epoch =
        SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| FactsError::Clock)?;
    let now_ns = i64::try_from(since_epoch.as_nanos()).map_err(|_| FactsError::Clock)?;
    let seed = getrandom::u64().map_err(FactsError::Random)?;
    Ok(Ambient { now_ns: Some(now_ns), seed: Some(format!("{seed:016x}")), ..Ambient::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_differ_from_decision_to_decision() {
        let [first, second] = [(); 2].map(|()| fresh_facts().expect("a clock and randomness"));
        assert!(second.now_ns >= first.now_ns);
        assert_ne!(first.seed, second.seed);
        assert_eq!(first.seed.map(|seed| seed.len()), Some(16));
    }
}
