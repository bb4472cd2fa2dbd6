//! A server for one test, and a client that speaks just enough HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use palisade::{Engine, EngineOptions, Limits, LoadOptions, Policy, Trust};
use palisade_bundle::{Bundle, Manifest};
use palisade_decision::{Durability, Log, Record};
use palisade_server::{Options, RunError, Server};
use serde_json::Value;
use serde_json::value::RawValue;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::modules;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new(&EngineOptions::default()).expect("this machine can run WebAssembly")
});

/// A running server; dropping it stops it.
pub struct TestServer {
    pub addr: SocketAddr,
    pub addrs: Vec<SocketAddr>,
    pub dir: TempDir,
    pub notices: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), RunError>>>,
}

/// A response: its status and its body.
pub type Answer = (u16, String);

/// The example policy in an unsigned bundle.
pub fn policy() -> Policy {
    let manifest = Manifest { revision: "r1".to_owned(), ..Manifest::default() };
    let data =
        RawValue::from_string(r#"{"base": {"score": 1.50}, "authz": {"limit": 7}}"#.to_owned());
    let data = data.expect("JSON");
    let bundle = Bundle { module: Some(modules::example()), manifest, data, ..Bundle::default() };
    let trust = Trust { unsigned: true, ..Trust::default() };
    let limits = Limits {
        deadline: Duration::from_millis(500),
        memory_bytes_max: 64 << 20,
        ..Limits::default()
    };
    let options = LoadOptions { limits, ..LoadOptions::new(&trust) };
    Policy::load(&ENGINE, &bundle.write().expect("a bundle in order"), &options)
        .expect("the example policy loads")
}

impl TestServer {
    pub fn start() -> TestServer {
        TestServer::start_with(Durability::Written, |_| {})
    }

    pub fn start_with(durability: Durability, change: impl FnOnce(&mut Options)) -> TestServer {
        let dir = tempfile::tempdir().expect("a directory");
        let log = Log::open(dir.path(), durability).expect("a log");
        let notices = Arc::new(Mutex::new(Vec::new()));
        let mut options = Options::new(policy(), log, durability);
        let told = Arc::clone(&notices);
        options.notice =
            Arc::new(move |message| told.lock().expect("no panic").push(message.to_owned()));
        change(&mut options);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let server = runtime
            .block_on(Server::bind(&[([127, 0, 0, 1], 0).into(); 2], options))
            .expect("a free port");
        let addrs = server.local_addrs().to_vec();
        let addr = addrs[0];
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(server.run(async move {
                let _ = stopped.await;
            }))
        });
        TestServer { addr, addrs, dir, notices, stop: Some(stop), thread: Some(thread) }
    }

    /// Stops the server and waits until it has.
    pub fn stop(&mut self) -> Result<(), RunError> {
        self.stop.take();
        self.thread.take().expect("a server that runs").join().expect("a server does not panic")
    }

    pub fn get(&self, target: &str) -> Answer {
        self.send("GET", target, b"")
    }

    pub fn post(&self, target: &str, body: &str) -> Answer {
        self.send("POST", target, body.as_bytes())
    }

    /// The body of a successful `POST`.
    #[track_caller]
    pub fn decide(&self, target: &str, body: &str) -> Value {
        let (status, body) = self.post(target, body);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    pub fn send(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        end(self.begin(method, target, body))
    }

    /// Sends a request and does not wait for the answer.
    pub fn begin(&self, method: &str, target: &str, body: &[u8]) -> TcpStream {
        self.begin_with(method, target, "", body)
    }

    /// [`TestServer::begin`] with more header lines, each with its line end.
    pub fn begin_with(&self, method: &str, target: &str, more: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).expect("a server that listens");
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{more}content-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("an open connection");
        // A server that refuses a large body answers before it has read it.
        let _ = stream.write_all(body);
        stream
    }

    /// The records in the log so far.
    pub fn records(&self) -> Vec<Record> {
        records(self.dir.path())
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits for the answer.
pub fn end(mut stream: TcpStream) -> Answer {
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8(response).expect("a response in UTF-8");
    let (head, body) = response.split_once("\r\n\r\n").expect("a whole response");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

pub fn records(dir: &Path) -> Vec<Record> {
    let mut paths: Vec<_> =
        std::fs::read_dir(dir).expect("a directory").map(|it| it.expect("a file").path()).collect();
    paths.sort();
    let lines = paths.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines.filter_map(|line| Record::parse(line.as_bytes()).ok()).collect()
}
