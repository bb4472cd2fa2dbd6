//! Running the binary in a directory of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A temporary directory in which commands are run.
pub struct Workplace {
    dir: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; -1 if it was killed.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Workplace {
    pub fn new() -> Workplace {
        Workplace { dir: tempfile::tempdir().expect("a temporary directory") }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> &Workplace {
        let path = self.file(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
        self
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn exists(&self, name: &str) -> bool {
        self.file(name).exists()
    }

    /// The binary, with an environment in which nothing of the machine's user is seen.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_palisade"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env("COSIGN_PASSWORD", "")
            .env("PALISADE_STATE", self.file("state"))
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(&self.command(arguments).output().expect("the binary runs"))
    }

    /// Runs the binary with text on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the input is read");
        ran(&child.wait_with_output().expect("the binary ends"))
    }

    /// Runs the binary and expects success.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "palisade {}: {ran:#?}", arguments.join(" "));
        ran.out
    }

    /// Runs the binary and expects this exit code, with these words in its output.
    #[track_caller]
    pub fn fails(&self, code: i32, arguments: &[&str], words: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!(ran.code, code, "palisade {}: {ran:#?}", arguments.join(" "));
        for word in words {
            assert!(
                ran.err.contains(word) || ran.out.contains(word),
                "palisade {}: expected `{word}` in {ran:#?}",
                arguments.join(" ")
            );
        }
    }
}

fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/cli is two levels deep")
        .to_owned()
}

/// A policy like the article's, with data.
pub fn authz(place: &Workplace) {
    place
        .write(
            "policy.rego",
            "package authz\n\ndefault allow := false\n\nallow if input.subject.role == \"admin\"\n\nallow if {\n\t\
             input.action in data.grants[input.subject.role]\n}\n",
        )
        .write("data.json", "{\"grants\": {\"engineer\": [\"read\", \"write\"], \"viewer\": [\"read\"]}}\n");
}

/// Builds, with a key of its own, a signed bundle of the policy above.
pub fn signed_bundle(place: &Workplace) {
    authz(place);
    place.ok(&[
        "build",
        "-t",
        "wasm",
        "-e",
        "authz/allow",
        "policy.rego",
        "data.json",
        "-o",
        "bundle.tar.gz",
    ]);
    place.ok(&["key", "new"]);
    place.ok(&["sign", "--key", "cosign.key", "bundle.tar.gz"]);
}
