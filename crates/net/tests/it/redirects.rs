//! Redirects: followed only where the request says so, and only to hosts that are allowed.

use crate::server::{Received, Server, failure, get, network, ok, part, response, send};

fn redirecting(status: &'static str, to: String) -> Server {
    Server::start(move |request: &Received| match request.line.split(' ').nth(1) {
        Some("/old") => Some(response(status, &[("location", &to)], "")),
        _ => ok("\"new\""),
    })
}

#[test]
fn a_redirect_is_the_response_unless_the_request_says_otherwise() {
    let server = redirecting("302 Found", "/new".to_owned());
    let url = server.url("/old");
    let answer = send(&network(), &get(&url, "")).expect("a response");
    assert_eq!(part(&answer, "status_code"), "302");
    let answer = send(&network(), &get(&url, r#", "enable_redirect": true"#)).expect("a response");
    assert_eq!(
        (part(&answer, "status_code"), part(&answer, "body")),
        ("200".into(), "\"new\"".into())
    );
}

#[test]
fn the_body_goes_along_where_the_status_keeps_the_method() {
    for (status, line, body) in [
        ("307 Temporary Redirect", "POST /new HTTP/1.1", "1"),
        ("303 See Other", "GET /new HTTP/1.1", ""),
    ] {
        let server = redirecting(status, "new".to_owned());
        let request = get(&server.url("/old"), r#", "enable_redirect": true, "body": 1"#);
        send(&network(), &request.replace("get", "post")).expect("a response");
        let received = server.received();
        assert_eq!((received[1].line.as_str(), received[1].body.as_str()), (line, body));
    }
}

#[test]
fn a_redirect_leads_to_no_host_that_is_not_allowed() {
    let server = redirecting("302 Found", "http://[::1]:1/".to_owned());
    let request = get(&server.url("/old"), r#", "enable_redirect": true"#);
    assert_eq!(failure(send(&network(), &request)).1, "unallowed host: [::1]");
}

#[test]
fn what_is_for_one_host_does_not_go_to_another() {
    let other = Server::start(|_| ok("1"));
    let server = redirecting("302 Found", other.url("/"));
    let headers = r#""headers": {"Authorization": "Bearer s", "X-A": "b"}"#;
    let request = get(&server.url("/old"), &format!(r#", "enable_redirect": true, {headers}"#));
    send(&network(), &request).expect("a response");
    let received = &other.received()[0];
    assert_eq!((received.header("authorization"), received.header("x-a")), (None, Some("b")));
}

#[test]
fn a_ring_of_redirects_ends() {
    let server = redirecting("302 Found", "/old".to_owned());
    let request = get(&server.url("/old"), r#", "enable_redirect": true"#);
    assert!(failure(send(&network(), &request)).1.contains("stopped after 10 redirects"));
}
