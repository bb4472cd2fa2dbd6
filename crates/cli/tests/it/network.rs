//! Policies that ask the network: refused without a permission, answered with one, replayed without a network.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::server::Running;
use crate::support::Workplace;

/// A service that counts its answers: `{"roles": ["admin"], "n": 1}`.
struct Service {
    addr: SocketAddr,
    count: Arc<AtomicUsize>,
}

impl Service {
    fn start() -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let count = Arc::<AtomicUsize>::default();
        let counter = Arc::clone(&count);
        // It ends with the process.
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let n = counter.fetch_add(1, Ordering::SeqCst) + 1;
                let body = format!("{{\"roles\": [\"admin\"], \"n\": {n}}}");
                let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
                let len = body.len();
                // Whoever asked may have gone.
                let _ = write!(stream, "{head}\r\ncontent-length: {len}\r\n\r\n{body}");
            }
        });
        Service { addr, count }
    }

    fn asked(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// A policy that asks the service who somebody is, and its tests, which don't.
fn policy(place: &Workplace, service: SocketAddr) {
    place
        .write(
            "policy.rego",
            &format!(
                "package authz\n\nuser := http.send({{\"method\": \"GET\", \"url\": \"http://{service}/who\"}}).body\n\n\
                 allow if \"admin\" in user.roles\n\nagain if user == http.send({{\"method\": \"GET\", \"url\": \"http://{service}/who\"}}).body\n"
            ),
        )
        .write(
            "policy_test.rego",
            "package authz_test\n\ntest_allow if data.authz.allow with http.send as {\"body\": {\"roles\": [\"admin\"]}}\n",
        );
}

#[test]
fn a_policy_that_needs_the_network_is_not_built_without_permission() {
    let place = Workplace::new();
    policy(&place, ([127, 0, 0, 1], 1).into());
    for command in [
        &["build", "-e", "authz/allow", "policy.rego"][..],
        &["build", "--abi", "opa", "-e", "authz/allow", "policy.rego"],
        &["build", "--allow-host", "dns", "-e", "authz/allow", "policy.rego"],
        &["bench", "-d", "policy.rego", "data.authz.allow"],
    ] {
        place.fails(1, command, &["http.send", "--allow-host http", "policy.rego:3:9"]);
    }
    place.ok(&["check", "policy.rego"]);
    assert!(!place.exists("bundle.tar.gz"));
}

#[test]
fn only_what_an_entrypoint_needs_needs_permission() {
    let place = Workplace::new();
    place.write(
        "policy.rego",
        "package p\n\npure := 1\n\naddresses := net.lookup_ip_addr(\"localhost\")\n",
    );
    place.ok(&["build", "-e", "p/pure", "policy.rego", "-o", "pure.wasm"]);
    assert!(!place.ok(&["inspect", "pure.wasm"]).contains("lookup_ip_addr"));
    place.fails(
        1,
        &["build", "-e", "p", "policy.rego"],
        &["net.lookup_ip_addr", "--allow-host dns"],
    );
}

#[test]
fn the_module_imports_what_it_calls_and_nothing_else() {
    let place = Workplace::new();
    policy(&place, ([127, 0, 0, 1], 1).into());
    let allow = ["--allow-host", "http", "--allow-host", "dns"];
    let build = ["build", "-e", "authz/allow", "policy.rego", "-o"];
    place.ok(&[&build[..], &["own.wasm"], &allow].concat());
    let shown = place.ok(&["inspect", "own.wasm"]);
    assert!(shown.contains("imports: palisade.http.send\n"), "{shown}");
    assert!(shown.contains("host_functions: http.send\n"), "{shown}");
    place.ok(&[&build[..], &["opa.wasm", "--abi", "opa"], &allow].concat());
    let shown = place.ok(&["inspect", "opa.wasm"]);
    assert!(shown.contains("env.opa_builtin1"), "{shown}");
}

#[test]
fn both_evaluators_ask_where_they_are_allowed_to() {
    let (place, service) = (Workplace::new(), Service::start());
    policy(&place, service.addr);
    let leave = ["--allow-host", "http", "--allow-net", "127.0.0.1"];
    for target in ["rego", "wasm"] {
        let eval = ["eval", "-t", target, "-d", "policy.rego", "-f", "raw", "data.authz.allow"];
        place.fails(2, &eval, &["eval_host_error", "http.send", "--allow-host http"]);
        assert_eq!(place.ok(&[&eval[..], &leave].concat()), "true\n");
        let elsewhere = ["--allow-host", "http", "--allow-net", "localhost"];
        let strict = ["--strict-builtin-errors"];
        let words = ["eval_builtin_error", "unallowed host: 127.0.0.1"];
        place.fails(2, &[&eval[..], &elsewhere, &strict].concat(), &words);
        assert_eq!(place.ok(&[&eval[..], &elsewhere].concat()), "", "undefined");
    }
    assert_eq!(service.asked(), 2);
    // The same request is made once in a decision, whoever makes it.
    for target in ["rego", "wasm"] {
        let eval = ["eval", "-t", target, "-d", "policy.rego", "-f", "raw", "data.authz.again"];
        assert_eq!(place.ok(&[&eval[..], &leave].concat()), "true\n");
    }
    assert_eq!(service.asked(), 4);
    place.fails(2, &["eval", "--allow-net", "a", "1"], &["--allow-net", "--allow-host"]);
    place.fails(
        2,
        &["eval", "--allow-host", "http", "--allow-net", "http://a/", "1"],
        &["--allow-net"],
    );
}

#[test]
fn a_permission_that_reaches_nothing_is_warned_of() {
    let place = Workplace::new();
    place.write("p_test.rego", "package p_test\n\ntest_x if true\n");
    let allow = ["--allow-host", "http", "--allow-host", "dns"];
    let warning = "warning: --allow-host without --allow-net: no host can be reached\n";
    for command in [["eval", "1"], ["test", "p_test.rego"], ["repl", "p_test.rego"]] {
        let ran = place.run(&[&command[..], &allow].concat());
        let n_warnings = ran.err.matches(warning).count();
        assert_eq!((ran.code, n_warnings), (0, 1), "{command:?}: {}", ran.err);
        let ran = place.run(&[&command[..], &allow, &["--allow-net", "localhost"]].concat());
        assert!(!ran.err.contains("warning"), "{command:?}: {}", ran.err);
    }
}

#[test]
fn addresses_are_a_set_in_both_evaluators() {
    let place = Workplace::new();
    let query = "net.lookup_ip_addr(\"127.0.0.1\") == {\"127.0.0.1\"}";
    let leave = ["--allow-host", "dns", "--allow-net", "127.0.0.1:80"];
    for target in ["rego", "wasm"] {
        let eval = ["eval", "-t", target, "-f", "raw", query];
        assert_eq!(place.ok(&[&eval[..], &leave].concat()), "true\n");
    }
}

#[test]
fn tests_that_replace_the_call_need_no_permission() {
    let (place, service) = (Workplace::new(), Service::start());
    policy(&place, service.addr);
    place.ok(&["test", "policy.rego", "policy_test.rego"]);
    assert_eq!(service.asked(), 0);
    place.write("real_test.rego", "package real_test\n\ntest_allow if data.authz.allow\n");
    let test = ["test", "policy.rego", "real_test.rego"];
    place.fails(1, &test, &["eval_host_error", "--allow-host http"]);
    place.ok(&[&test[..], &["--allow-host", "http", "--allow-net", "*"]].concat());
    // Both evaluators got the one answer.
    assert_eq!(service.asked(), 1);
}

#[test]
fn decisions_are_made_again_without_the_network() {
    let (place, service) = (Workplace::new(), Service::start());
    policy(&place, service.addr);
    for abi in ["palisade", "opa"] {
        let out = format!("{abi}.tar.gz");
        place.ok(&[
            "build",
            "--abi",
            abi,
            "--allow-host",
            "http",
            "-e",
            "authz/allow",
            "-e",
            "authz/user",
            "policy.rego",
            "-o",
            &out,
        ]);
        let serve = [
            "serve",
            "--unsigned",
            "--addr",
            "127.0.0.1:0",
            "--deadline-ms",
            "20000",
            "--bundle",
            &out,
        ];
        place.fails(1, &serve, &["http.send", "--allow-host http"]);
        let leave = ["--allow-host", "http", "--allow-net", "127.0.0.1"];
        let server = Running::start(&place, &[&serve[..], &leave].concat());
        let before = service.asked();
        let answer = server.ask("authz/user", "{}");
        assert_eq!(answer["result"]["n"], before + 1);
        let whole = server.ask("authz", "{}");
        assert_eq!(
            (&whole["result"]["allow"], &whole["result"]["user"]["n"]),
            (&true.into(), &(before + 2).into())
        );
        assert_eq!(service.asked(), before + 2);
        assert_eq!(server.stop("-TERM"), Some(0));
        for answer in [answer, whole] {
            let id = answer["decision_id"].as_str().expect("an id");
            let why = place.ok(&["why", id]);
            assert!(why.contains("again     same"), "{why}");
            let json: serde_json::Value =
                serde_json::from_str(&place.ok(&["why", id, "--json"])).expect("JSON");
            let record = &json["record"]["nd_builtin_cache"]["http.send"];
            let key = format!("[{{\"method\":\"GET\",\"url\":\"http://{}/who\"}}]", service.addr);
            assert_eq!(record[&key]["body"]["roles"][0], "admin", "{record}");
        }
        assert_eq!(service.asked(), before + 2);
    }
}

#[test]
fn what_the_host_could_not_answer_is_recorded_too() {
    let place = Workplace::new();
    policy(&place, ([127, 0, 0, 1], 1).into());
    place.ok(&["build", "--allow-host", "http", "-e", "authz/allow", "policy.rego"]);
    let serve = [
        "serve",
        "--unsigned",
        "--addr",
        "127.0.0.1:0",
        "--bundle",
        "bundle.tar.gz",
        "--allow-host",
        "http",
    ];
    let server = Running::start(&place, &serve);
    let answer = server.ask("authz/allow", "{}");
    assert_eq!(answer.get("result"), None);
    assert_eq!(server.stop("-TERM"), Some(0));
    let id = answer["decision_id"].as_str().expect("an id");
    let json: serde_json::Value =
        serde_json::from_str(&place.ok(&["why", id, "--json"])).expect("JSON");
    assert_eq!(json["replay"]["verdict"], "same");
    let failures = json["record"]["palisade"]["host_failures"].to_string();
    assert!(failures.contains("unallowed host: 127.0.0.1"), "{failures}");
}

/// Each run asks anew, and the first one that fails is the last.
#[test]
fn tests_are_run_as_often_as_asked_for() {
    let (place, service) = (Workplace::new(), Service::start());
    place.write(
        "p_test.rego",
        &format!(
            "package p_test\n\ntest_n if http.send({{\"method\": \"GET\", \"url\": \"http://{}/\"}}).body.n < 4\n",
            service.addr
        ),
    );
    let test = |count| {
        let host = service.addr.ip().to_string();
        let allow = ["--allow-host", "http", "--allow-net", host.as_str()];
        place.run(&[&["test", "p_test.rego", "-t", "rego", "--count", count][..], &allow].concat())
    };
    assert_eq!(test("2").code, 0);
    assert_eq!(service.asked(), 2);
    let failed = test("9");
    assert_eq!((failed.code, failed.out.contains("FAIL: 1/1")), (1, true), "{failed:?}");
    // The third answer is good, the fourth is not; whoever explains the failure gets that one again.
    assert_eq!(service.asked(), 4);
}
