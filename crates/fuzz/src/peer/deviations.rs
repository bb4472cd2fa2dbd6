//! Where regorus is known to answer otherwise than OPA does: programs that have the construct are not asked of it.

use crate::case::Case;

/// A deviation: what marks it in a source, and what regorus does.
struct Deviation {
    marks: &'static [&'static str],
    reason: &'static str,
}

const DEVIATIONS: &[Deviation] = &[];

/// The reason why a case can't be compared, if there is one.
pub fn known(case: &Case) -> Option<&'static str> {
    if case.strict {
        return Some(
            "which errors are met in strict mode depends on the order of rules and on indexes",
        );
    }
    let has = |mark: &&str| case.sources.iter().any(|(_, text)| text.contains(*mark));
    DEVIATIONS.iter().find(|it| it.marks.iter().any(&has)).map(|it| it.reason)
}
