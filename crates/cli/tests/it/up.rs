//! `palisade up`.

use crate::server::Running;
use crate::support::{Workplace, repository};

fn examples() -> String {
    repository().join("examples").display().to_string()
}

#[test]
fn the_examples_are_served() {
    let place = Workplace::new();
    let examples = examples();
    let up = ["up", "--addr", "127.0.0.1:0", "--policies", &examples];
    for _ in 0..2 {
        let server = Running::start(&place, &up);
        let input = std::fs::read_to_string(repository().join("examples/roles/input.json"))
            .expect("an input");
        let answer = server.ask("roles/allow", &input);
        assert_eq!(answer["result"], true);
        let id = answer["decision_id"].as_str().expect("an id").to_owned();
        assert!(place.ok(&["why", &id]).contains("again     same"));
        let review = std::fs::read_to_string(repository().join("examples/kubernetes/input.json"))
            .expect("an input");
        let answer = server.ask("kubernetes/admission/review", &review);
        assert_eq!(answer["result"]["response"]["allowed"], false);
        assert_eq!(server.stop("-INT"), Some(0));
    }
}

/// What `up` says to try, and what comes of it.
fn try_what_is_said(place: &Workplace, up: &[&str], entrypoint: &str) -> serde_json::Value {
    let mut server = Running::start(place, up);
    let announced = server.next_lines(4);
    let line = announced.lines().find(|line| line.contains("curl")).expect("a command");
    let (_, after) = line.split_once("/v1/data/").expect("a path");
    let (path, body) = after.split_once(" -d ").expect("a body");
    assert_eq!(path, entrypoint, "{announced}");
    let body = body.trim().trim_matches('\'').replace("'\\''", "'");
    for words in ["log list --state", "why DECISION-ID --state"] {
        assert!(announced.contains(words), "{announced}");
    }
    let (status, answer) = server.request(&format!("POST /v1/data/{path}"), &body);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn policies_in_the_directory_itself_are_served() {
    let place = Workplace::new();
    place
        .write(
            "mine/p.rego",
            "package mine\n\n# METADATA\n# entrypoint: true\nallow if input.user in data.users\n",
        )
        .write("mine/data.json", "{\"users\": [\"o'hara\"]}")
        .write("mine/input.json", "{\"user\": \"o'hara\"}")
        .write("mine/deeper/q.rego", "package deeper\n\nok := true\n");
    let up = ["up", "--addr", "127.0.0.1:0", "--policies", "mine"];
    assert_eq!(try_what_is_said(&place, &up, "mine/allow")["result"], true);
    assert!(place.exists("state/mine.tar.gz") && place.exists("state/mine.tar.gz.sigstore.json"));
    // Named ones come first, and without an input beside it the question has an empty one.
    std::fs::remove_file(place.file("mine/input.json")).expect("a file");
    let named = [&up[..], &["-e", "deeper/ok"]].concat();
    assert_eq!(try_what_is_said(&place, &named, "deeper/ok")["result"], true);
    place.fails(2, &[&up[..], &["-e", "deeper.ok"]].concat(), &["`deeper/ok`"]);
    place.write("empty/x/README.md", "");
    place.fails(1, &["up", "--policies", "empty"], &["no policy in `empty`"]);
}

#[test]
fn the_command_to_try_fits_the_examples() {
    let place = Workplace::new();
    let examples = examples();
    let up = ["up", "--addr", "127.0.0.1:0", "--policies", &examples];
    let answer = try_what_is_said(&place, &up, "rbac/allow");
    assert_eq!(answer["result"], true);
    assert!(place.exists("state/examples.tar.gz"));
}

#[test]
fn a_broken_policy_writes_nothing() {
    let place = Workplace::new();
    place.write("policies/p/policy.rego", "package p\n\nallow if {\n");
    place.fails(1, &["up", "--addr", "127.0.0.1:0", "--policies", "policies"], &["policy.rego:"]);
    assert!(!place.exists("state"));
    place.fails(1, &["up", "--addr", "127.0.0.1:0", "--policies", "nowhere"], &["nowhere"]);
}

#[test]
fn a_taken_port_leaves_nothing_behind() {
    let place = Workplace::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("an address").to_string();
    place.fails(1, &["up", "--addr", &addr, "--policies", &examples()], &["already in use"]);
    assert!(!place.exists("state"));
}

#[test]
fn a_state_directory_that_cannot_be_written_is_said_so() {
    let place = Workplace::new();
    place.write("file", "not a directory");
    let state = place.file("file/state").display().to_string();
    let arguments = ["up", "--addr", "127.0.0.1:0", "--policies", &examples(), "--state", &state];
    place.fails(1, &arguments, &["state directory"]);
}

#[cfg(unix)]
#[test]
fn a_state_directory_that_others_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Workplace::new();
    let up = ["up", "--addr", "127.0.0.1:0", "--policies", &examples()];
    for (folder, mode) in [("state", 0o777), ("state", 0o720), ("state/bundles", 0o702)] {
        place.write("state/bundles/x", "");
        let open = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(place.file(folder), open).expect("a directory");
        place.fails(1, &up, &["state directory", "can be written by others", "chmod go-w"]);
        assert!(!place.exists("state/cosign.key"));
        let closed = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(place.file(folder), closed).expect("a directory");
    }
    assert_eq!(Running::start(&place, &up).stop("-INT"), Some(0));
}
