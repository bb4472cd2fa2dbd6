//! Responses that are used again for other decisions.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::server::{Received, Server, get, network, part, response, send};

/// A server that counts, with these headers besides, and a second answer for conditional requests.
fn counting(headers: &'static [(&'static str, &'static str)]) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request: &Received| {
        if request.header("if-none-match").is_some() {
            return Some(response("304 Not Modified", headers, ""));
        }
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        let count = count.fetch_add(1, Ordering::SeqCst) + 1;
        Some(response("200 OK", &headers, &count.to_string()))
    })
}

/// The bodies of three equal requests, and how many of them reached the server.
fn thrice(server: &Server, more: &str) -> (Vec<String>, usize) {
    let network = network();
    let request = get(&server.url("/"), more);
    let body = |_| part(&send(&network, &request).expect("a response"), "body");
    ((0..3).map(body).collect(), server.received().len())
}

#[test]
fn a_fresh_response_is_used_again_if_the_request_allows_it() {
    let fresh: &[_] = &[("cache-control", "max-age=60")];
    assert_eq!(thrice(&counting(fresh), ""), (vec!["1".into(), "2".into(), "3".into()], 3));
    assert_eq!(thrice(&counting(fresh), r#", "cache": true"#), (vec!["1".into(); 3], 1));
}

#[test]
fn a_stale_response_is_asked_for_with_a_condition() {
    let server = counting(&[("etag", "\"v1\"")]);
    assert_eq!(thrice(&server, r#", "cache": true"#), (vec!["1".into(); 3], 3));
    assert_eq!(server.received()[1].header("if-none-match"), Some("\"v1\""));
}

#[test]
fn what_must_not_be_stored_is_not_unless_forced() {
    let never: &[_] = &[("cache-control", "no-store")];
    assert_eq!(thrice(&counting(never), r#", "cache": true"#).1, 3);
    let forced = r#", "force_cache": true, "force_cache_duration_seconds": 60"#;
    assert_eq!(thrice(&counting(never), forced), (vec!["1".into(); 3], 1));
}

#[test]
fn headers_that_are_ignored_tell_no_requests_apart() {
    let server = counting(&[("cache-control", "max-age=60")]);
    let network = network();
    for id in 0..3 {
        let more = format!(
            r#", "cache": true, "headers": {{"x-trace": "{id}"}}, "cache_ignored_headers": ["x-trace"]"#
        );
        let answer = send(&network, &get(&server.url("/"), &more)).expect("a response");
        assert_eq!(part(&answer, "body"), "1");
    }
    assert_eq!(server.received().len(), 1);
}
