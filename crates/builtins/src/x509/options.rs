//! The options of verifying a chain of certificates.

use palisade_value::{AnyValue, Entry, View};

use crate::failure::Failure;
use crate::x509::chain::Options;

/// The names of usages, in the order of Go's numbers.
const USAGES: [&str; 14] = [
    "KeyUsageAny",
    "KeyUsageServerAuth",
    "KeyUsageClientAuth",
    "KeyUsageCodeSigning",
    "KeyUsageEmailProtection",
    "KeyUsageIPSECEndSystem",
    "KeyUsageIPSECTunnel",
    "KeyUsageIPSECUser",
    "KeyUsageTimeStamping",
    "KeyUsageOCSPSigning",
    "KeyUsageMicrosoftServerGatedCrypto",
    "KeyUsageNetscapeServerGatedCrypto",
    "KeyUsageMicrosoftCommercialCodeSigning",
    "KeyUsageMicrosoftKernelCodeSigning",
];

/// Reads the options; `now_ns` is the time unless they say otherwise.
pub(super) fn read<V: AnyValue>(entries: &[Entry<V>], now_ns: i64) -> Result<Options, Failure> {
    let mut options = Options { now_ns, ..Options::default() };
    for Entry { key, value } in entries {
        match (key.as_str(), value.view()) {
            (None, _) => {}
            (Some("DNSName"), View::String(it)) => {
                it.trim_matches('"').clone_into(&mut options.host)
            }
            (Some("DNSName"), _) => return Err(Failure::error("'DNSName' should be a string")),
            (Some("CurrentTime"), View::Number(it)) => {
                options.now_ns = it
                    .plain_int()
                    .ok_or(Failure::error("'CurrentTime' should be a valid int64 number"))?;
            }
            (Some("CurrentTime"), _) => {
                return Err(Failure::error("'CurrentTime' should be a number"));
            }
            // Go has one, and doesn't look at it any more.
            (Some("MaxConstraintComparisons"), View::Number(it)) => {
                it.plain_int()
                    .ok_or(Failure::error("'MaxConstraintComparisons' should be a valid number"))?;
            }
            (Some("MaxConstraintComparisons"), _) => {
                return Err(Failure::error("'MaxConstraintComparisons' should be a number"));
            }
            (Some("KeyUsages"), View::Array(items) | View::Set(items)) => {
                options.usages = usages(items)?;
            }
            (Some("KeyUsages"), _) => {
                return Err(Failure::error("'KeyUsages' should be an Array or Set"));
            }
            (Some(_), _) => return Err(Failure::error("invalid key option")),
        }
    }
    Ok(options)
}

/// Go's numbers of usages; what is no text is no usage.
fn usages<V: AnyValue>(items: &[V]) -> Result<Vec<i64>, Failure> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for name in items.iter().filter_map(V::as_str).map(|it| it.trim_matches('"')) {
        match USAGES.iter().position(|it| *it == name) {
            Some(at) => known.extend(i64::try_from(at)),
            None => unknown.push(name),
        }
    }
    if unknown.is_empty() {
        return Ok(known);
    }
    let text = ["invalid entries for 'KeyUsages' found: [", &unknown.join(" "), "]"].concat();
    Err(Failure::Error(text.into()))
}
