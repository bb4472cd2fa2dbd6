//! `time.*`: nanoseconds since 1970, calendars, zones, Go's layouts.

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::operands::Operands;

pub(crate) mod calendar;
mod duration;
mod format;
mod layout;
mod parse;
mod zone;

use calendar::Civil;
use zone::{Local, Zone};

/// The time of the evaluation.
pub fn time_now_ns<V: AnyValue>(ctx: &mut Context, _: &[V]) -> Result<V, Failure> {
    Ok(V::integer(ctx.now_ns))
}

/// The moment that a text describes in a layout.
pub fn time_parse_ns<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    parse::parse(layout::named(args.string(0)?), args.string(1)?).map(V::integer)
}

/// The moment that a text describes as RFC 3339 has it.
pub fn time_parse_rfc3339_ns<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    parse::parse(layout::RFC3339, args.string(0)?).map(V::integer)
}

/// The nanoseconds of a duration: `1h30m`, and besides Go's units also days, weeks and years of 365 days.
pub fn time_parse_duration_ns<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    duration::parse(args.string(0)?).map(V::integer)
}

/// The moment as text: `[ns, zone, layout]`, RFC 3339 unless a layout says otherwise.
pub fn time_format<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let layout = match args.value(0)?.view() {
        View::Array([_, _, layout, ..]) => {
            layout.as_str().ok_or_else(|| unlike(layout, &["string"]))?
        }
        _ => "",
    };
    let layout = if layout.is_empty() { layout::RFC3339_NANO } else { layout::named(layout) };
    let (ns, zone) = moment(ctx, args, 0)?;
    format::format(&Local::new(ns, &zone), layout).map(V::string)
}

/// `[year, month, day]`
pub fn time_date<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (ns, zone) = moment(ctx, args, 0)?;
    let civil = Local::new(ns, &zone).civil;
    Ok(integers([civil.year, civil.month, civil.day]))
}

/// `[hour, minute, second]`
pub fn time_clock<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (ns, zone) = moment(ctx, args, 0)?;
    let civil = Local::new(ns, &zone).civil;
    Ok(integers([civil.hour, civil.minute, civil.second]))
}

/// The English name of the day of the week.
pub fn time_weekday<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (ns, zone) = moment(ctx, args, 0)?;
    Ok(V::text(calendar::WEEKDAYS[Local::new(ns, &zone).civil.weekday()]))
}

/// The moment so many years, months and days later, at the same time of day. What a month has too many days for runs
/// over into the next.
pub fn time_add_date<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (ns, zone) = moment(ctx, args, 0)?;
    let (years, months, days) = (args.integer(1)?, args.integer(2)?, args.integer(3)?);
    let civil = Local::new(ns, &zone).civil;
    let later = calendar::shifted(&civil, years, months, days).ok_or(OUT_OF_RANGE)?;
    zone.to_ns(&later).map(V::integer).ok_or(OUT_OF_RANGE)
}

/// Years, months, days, hours, minutes and seconds between two moments, in the zone of the first.
pub fn time_diff<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (first, zone) = moment(ctx, args, 0)?;
    let (second, _) = moment(ctx, args, 1)?;
    let (from, to) =
        (Local::new(first.min(second), &zone).civil, Local::new(first.max(second), &zone).civil);
    Ok(integers(difference(&from, &to)))
}

/// Field by field, borrowing from the next larger field where one comes out negative.
fn difference(from: &Civil, to: &Civil) -> [i64; 6] {
    let (mut year, mut month, mut day) =
        (to.year - from.year, to.month - from.month, to.day - from.day);
    let (mut hour, mut minute, mut second) =
        (to.hour - from.hour, to.minute - from.minute, to.second - from.second);
    let borrow = |field: &mut i64, size: i64, next: &mut i64| {
        if *field < 0 {
            *field += size;
            *next -= 1;
        }
    };
    borrow(&mut second, 60, &mut minute);
    borrow(&mut minute, 60, &mut hour);
    borrow(&mut hour, 24, &mut day);
    borrow(&mut day, calendar::days_in_month(from.year, from.month), &mut month);
    borrow(&mut month, 12, &mut year);
    [year, month, day, hour, minute, second]
}

const OUT_OF_RANGE: Failure = Failure::error("time outside of valid range");

fn integers<V: AnyValue, const N: usize>(items: [i64; N]) -> V {
    V::array(items.into_iter().map(V::integer).collect())
}

/// Reads an operand that is a number of nanoseconds, or an array of one and the name of a zone.
fn moment<V: AnyValue>(ctx: &mut Context, args: &[V], at: usize) -> Result<(i64, Zone), Failure> {
    let operand = args.value(at)?;
    let (ns, zone) = match operand.view() {
        View::Number(_) => (operand, ""),
        View::Array([ns]) => (ns, ""),
        View::Array([ns, zone, ..]) => {
            (ns, zone.as_str().ok_or_else(|| unlike(zone, &["string"]))?)
        }
        _ => return Err(unlike(operand, &["either number (ns) or [number (ns), string (tz)]"])),
    };
    let View::Number(ns) = ns.view() else { return Err(unlike(ns, &["number"])) };
    let ns = ns.to_i64().ok_or(Failure::error("timestamp too big"))?;
    Ok((ns, zone::named(ctx, zone)?))
}

/// OPA names every operand of these functions the first.
fn unlike<V: AnyValue>(it: &V, expected: &'static [&'static str]) -> Failure {
    Failure::Operand(1, Problem::Kind { expected, found: it.kind() })
}
