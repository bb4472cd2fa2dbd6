//! What is not allowed is not asked.

use palisade_abi::HostFunctions;
use palisade_net::{AllowList, Network, Permissions};

use crate::server::{Server, call, failure, get, network, ok, part, send};

fn only(hosts: &[&str]) -> Network {
    let hosts = AllowList::parse(hosts).expect("hosts");
    Network::new(Permissions { http: true, dns: true, hosts })
}

#[test]
fn hosts_that_are_not_named_are_not_reached() {
    let server = Server::start(|_| ok("1"));
    let request = get(&server.url("/"), "");
    let elsewhere = format!("127.0.0.1:{}", server.addr.port().wrapping_add(1));
    for hosts in [&[][..], &["localhost"], &["example.com"], &[elsewhere.as_str()]] {
        let (code, message) = failure(send(&only(hosts), &request));
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("eval_builtin_error", "unallowed host: 127.0.0.1")
        );
    }
    let named = server.url("/").replace("http://", "http://127.0.0.1@localhost/");
    assert!(send(&only(&["127.0.0.1"]), &get(&named, "")).is_err());
    assert!(server.received().is_empty());
    let exactly = server.addr.to_string();
    for hosts in [&["*"][..], &["127.0.0.1"], &[exactly.as_str()]] {
        assert_eq!(part(&send(&only(hosts), &request).expect("a response"), "body"), "1");
    }
}

#[test]
fn other_schemes_are_no_requests() {
    let answer = send(&only(&["*"]), &get("ftp://localhost/", ""));
    assert!(failure(answer).1.contains("unsupported protocol scheme \"ftp\""));
    assert!(failure(send(&only(&["*"]), &get("http://a b/", ""))).1.starts_with("parse "));
}

#[test]
fn functions_are_allowed_one_by_one() {
    let http = Network::new(Permissions { http: true, ..Permissions::default() });
    let dns = Network::new(Permissions { dns: true, ..Permissions::default() });
    assert!(http.allows("http.send") && !http.allows("net.lookup_ip_addr"));
    assert!(dns.allows("net.lookup_ip_addr") && !dns.allows("http.send"));
    assert!(!dns.allows("opa.runtime"));
}

#[test]
fn addresses_are_looked_up_for_hosts_that_are_named() {
    let found = call(&network(), "net.lookup_ip_addr", "\"localhost\"").expect("addresses");
    let is_loopback = |it: &str| it == "127.0.0.1" || it == "::1";
    assert!(!found.items().is_empty());
    assert!(
        found
            .items()
            .iter()
            .all(|it| palisade_value::AnyValue::as_str(it).is_some_and(is_loopback))
    );
    let (_, message) = failure(call(&network(), "net.lookup_ip_addr", "\"example.com\""));
    assert_eq!(message, "unallowed host: example.com");
    let (code, _) = failure(call(&network(), "net.lookup_ip_addr", "1"));
    assert_eq!(code, "eval_type_error");
}
