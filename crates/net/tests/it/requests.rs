//! What goes out and what comes back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use palisade_abi::{HostCall, HostError, HostFunctions};

use crate::server::{Server, failure, get, network, ok, part, response, send};

#[test]
fn a_response_has_opas_members() {
    let server = Server::start(|_| {
        let headers = [("content-type", "application/json"), ("x-a", "1"), ("X-A", "2")];
        Some(response("404 Not Found", &headers, r#"{"roles": ["admin"]}"#))
    });
    let answer = send(&network(), &get(&server.url("/who?id=1"), "")).expect("a response");
    assert_eq!(part(&answer, "status"), r#""404 Not Found""#);
    assert_eq!(part(&answer, "status_code"), "404");
    assert_eq!(part(&answer, "body"), r#"{"roles":["admin"]}"#);
    assert_eq!(part(&answer, "raw_body"), r#""{\"roles\": [\"admin\"]}""#);
    assert!(part(&answer, "headers").contains(r#""x-a":["1","2"]"#), "{answer}");
    assert_eq!(server.received()[0].line, "GET /who?id=1 HTTP/1.1");
}

#[test]
fn methods_headers_and_bodies_go_out() {
    let server = Server::start(|_| ok("{}"));
    for request in [
        r#", "body": {"b": 1, "a": [true]}, "headers": {"X-Who": "me", "user-agent": "u"}"#,
        r#", "raw_body": "a=b&c""#,
    ] {
        let url = server.url("/");
        let text = format!(r#"{{"method": "post", "url": "{url}"{request}}}"#);
        send(&network(), &text).expect("a response");
    }
    send(&network(), &get(&server.url("/"), r#", "body": 1"#)).expect("a response");
    let received = server.received();
    assert_eq!(received[0].line, "POST / HTTP/1.1");
    assert_eq!(received[0].body, r#"{"a":[true],"b":1}"#);
    assert_eq!(received[0].header("x-who"), Some("me"));
    assert_eq!(received[0].header("user-agent"), Some("u"));
    assert_eq!(received[1].body, "a=b&c");
    assert!(received[1].header("user-agent").is_some_and(|it| it.starts_with("palisade/")));
    assert_eq!((received[2].line.as_str(), received[2].body.as_str()), ("GET / HTTP/1.1", "1"));
}

#[test]
fn failures_are_errors_or_responses() {
    let network = network();
    // Nobody listens at a port that was just given back.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let url = format!("http://127.0.0.1:{port}/");
    let (code, message) = failure(send(&network, &get(&url, "")));
    assert_eq!(code, "eval_builtin_error");
    assert!(message.starts_with(&format!("Get \"{url}\": ")), "{message}");
    let answer = send(&network, &get(&url, r#", "raise_error": false"#)).expect("a response");
    assert_eq!(part(&answer, "status_code"), "0");
    assert!(part(&answer, "error").contains("eval_http_send_network_error"), "{answer}");

    let (code, message) = failure(send(&network, r#"{"method": "get", "raise_error": true}"#));
    assert_eq!(code, "eval_type_error");
    assert_eq!(message, r#"operand 1 missing required request parameters(s): {"url"}"#);
    let answer = send(&network, r#"{"method": "get", "raise_error": false}"#).expect("a response");
    assert!(part(&answer, "error").contains("eval_http_send_internal_error"), "{answer}");
}

#[test]
fn a_server_that_says_nothing_meets_the_timeout() {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let server = Server::start(move |_| {
        // Until the test ends.
        let _ = held.lock().map(|held| held.recv());
        None
    });
    let url = server.url("/");
    let (_, message) = failure(send(&network(), &get(&url, r#", "timeout": "50ms""#)));
    assert_eq!(message, format!("Get {url}: request timed out"));

    let arguments = format!("[{}]", get(&url, r#", "raise_error": false"#));
    let deadline = Some(Instant::now() + Duration::from_millis(50));
    let call = HostCall { name: "http.send", arguments: &arguments, deadline };
    assert_eq!(network().call(&call), Err(HostError::Deadline));
    drop(release);
}

#[test]
fn a_request_is_made_again_as_often_as_it_says() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => None,
        _ => ok("true"),
    });
    let answer = send(&network(), &get(&server.url("/"), r#", "max_retry_attempts": 2"#));
    assert_eq!(part(&answer.expect("a response"), "body"), "true");
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let server = Server::start(|_| Some(response("200 OK", &[], &"a".repeat((4 << 20) + 1))));
    let (_, message) = failure(send(&network(), &get(&server.url("/"), "")));
    assert!(message.contains("longer than the limit"), "{message}");
}

#[cfg(unix)]
#[test]
fn sockets_in_the_file_system_are_reached() {
    use std::io::BufReader;
    use std::os::unix::net::UnixListener;

    use palisade_net::{AllowList, Network, Permissions};

    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("app.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let received = std::sync::Mutex::default();
        let answer = |_: &crate::server::Received| ok("1");
        crate::server::exchange(&mut BufReader::new(&stream), &mut &stream, &received, &answer);
        received.into_inner().expect("no panic")
    });
    let path = path.display();
    let url = format!("unix://localhost/end/point?a=1&socket={path}");
    let refused = failure(send(&network(), &get(&url, "")));
    assert_eq!(refused.1, format!("unallowed host: {path}"));
    let hosts = AllowList::parse([format!("unix:{path}")]).expect("hosts");
    let network = Network::new(Permissions { http: true, dns: false, hosts });
    let answer = send(&network, &get(&url, "")).expect("a response");
    assert_eq!(part(&answer, "body"), "1");
    assert_eq!(server.join().expect("no panic")[0].line, "GET /end/point?a=1 HTTP/1.1");
}
