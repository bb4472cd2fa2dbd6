//! How long a response may be used again, and how to ask whether it still is right.

use std::time::{Duration, SystemTime};

use jiff::fmt::rfc2822;

use super::response::Response;

/// The statuses of responses that may be kept.
const CACHEABLE: [u16; 11] = [200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501];

/// The status that says that a response still is right.
pub(super) const NOT_MODIFIED: u16 = 304;

/// Until when a response may be used, `None` if it must not be kept. One that says nothing of the time is kept, and asked
/// for again with a condition.
pub(super) fn expiry(response: &Response, forced: Option<Duration>) -> Option<SystemTime> {
    if !CACHEABLE.contains(&response.status) {
        return None;
    }
    let now = SystemTime::now();
    if let Some(forced) = forced {
        return now.checked_add(forced);
    }
    let directives = response.header("cache-control").unwrap_or_default();
    if directive(directives, "no-store").is_some() {
        return None;
    }
    let date = |name| response.header(name).and_then(parse_date);
    match directive(directives, "max-age") {
        Some(seconds) => {
            let seconds = seconds.parse::<u32>().ok()?;
            date("date").unwrap_or(now).checked_add(Duration::from_secs(u64::from(seconds)))
        }
        None => Some(date("expires").unwrap_or(SystemTime::UNIX_EPOCH)),
    }
}

/// The headers of a request that asks for a response only if another one isn't right any more.
pub(super) fn conditions(response: &Response) -> Vec<(String, String)> {
    let pairs = [("etag", "if-none-match"), ("last-modified", "if-modified-since")];
    let condition = |(from, to): (&str, &str)| {
        response.header(from).map(|value| (to.to_owned(), value.to_owned()))
    };
    pairs.into_iter().filter_map(condition).collect()
}

/// The value of a directive, empty where it has none.
fn directive<'a>(directives: &'a str, name: &str) -> Option<&'a str> {
    directives.split(',').find_map(|it| {
        let (own, value) = it.split_once('=').unwrap_or((it, ""));
        own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

fn parse_date(text: &str) -> Option<SystemTime> {
    let date = rfc2822::parse(text).ok()?;
    Some(date.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(headers: &[(&str, &str)]) -> Response {
        let headers =
            headers.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        Response { status: 200, headers: headers.collect(), body: Vec::new() }
    }

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn seconds_since_date(headers: &[(&str, &str)]) -> Option<u64> {
        let date = parse_date(DATE).expect("a date");
        let expiry = expiry(&response(headers), None)?;
        Some(expiry.duration_since(date).map_or(0, |it| it.as_secs()))
    }

    #[test]
    fn servers_say_how_long_a_response_is_fresh() {
        let date = ("date", DATE);
        assert_eq!(seconds_since_date(&[date, ("cache-control", "private, max-age=60")]), Some(60));
        assert_eq!(
            seconds_since_date(&[date, ("expires", "Sun, 06 Nov 1994 08:50:37 GMT")]),
            Some(60)
        );
        assert_eq!(seconds_since_date(&[date, ("expires", "0")]), Some(0));
        assert_eq!(seconds_since_date(&[date]), Some(0));
        assert_eq!(seconds_since_date(&[date, ("cache-control", "no-store")]), None);
        assert_eq!(seconds_since_date(&[date, ("cache-control", "max-age=soon")]), None);
    }

    #[test]
    fn force_is_stronger_than_the_server_but_not_than_the_status() {
        let forced = Some(Duration::from_secs(60));
        let mut response = response(&[("cache-control", "no-store")]);
        assert!(expiry(&response, forced).is_some_and(|it| it > SystemTime::now()));
        response.status = 500;
        assert_eq!(expiry(&response, forced), None);
    }

    #[test]
    fn conditions_come_from_what_the_server_sent() {
        let found = conditions(&response(&[("etag", "\"1\""), ("last-modified", DATE)]));
        let expected = [("if-none-match", "\"1\""), ("if-modified-since", DATE)];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
