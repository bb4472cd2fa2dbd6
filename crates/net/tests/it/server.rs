//! A server of this process: it answers each request as a test says, and remembers what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use palisade_abi::{HostCall, HostError, HostFunctions};
use palisade_net::{AllowList, Network, Permissions};
use palisade_value::{AnyValue, Value, json};

/// A request as it came in.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// What it answers: everything that goes over the wire; `None` closes the connection without an answer.
type Answer = dyn Fn(&Received) -> Option<String> + Send + Sync;

pub struct Server {
    pub addr: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// A server that answers so. Its threads end with the process.
    pub fn start(answer: impl Fn(&Received) -> Option<String> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let (all, answer): (_, Arc<Answer>) = (Arc::clone(&received), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                thread::spawn(move || stream.map(|stream| serve(&stream, &all, &*answer)));
            }
        });
        Server { addr, received }
    }

    /// A URL on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// What was asked so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no thread has panicked").clone()
    }
}

fn serve(stream: &TcpStream, all: &Mutex<Vec<Received>>, answer: &Answer) {
    let mut writer = stream;
    exchange(&mut BufReader::new(stream), &mut writer, all, answer);
}

/// Reads one request and answers it.
pub fn exchange(
    reader: &mut impl BufRead,
    writer: &mut impl Write,
    all: &Mutex<Vec<Received>>,
    answer: &Answer,
) {
    let Some(request) = read(reader) else { return };
    all.lock().expect("no thread has panicked").push(request.clone());
    if let Some(text) = answer(&request) {
        // Whoever asked may have gone.
        let _ = writer.write_all(text.as_bytes());
        let _ = writer.flush();
    }
}

fn read(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = || {
        let mut text = String::new();
        reader.read_line(&mut text).ok().filter(|n| *n > 0)?;
        Some(text.trim_end().to_owned())
    };
    let mut request = Received { line: line()?, ..Received::default() };
    while let Some((name, value)) = line()?.split_once(": ") {
        request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let len = request.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = vec![0; len];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

/// A whole answer with these headers and this body.
pub fn response(status: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let len = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {len}\r\n\r\n{body}"
    )
}

/// An answer in JSON.
pub fn ok(body: &str) -> Option<String> {
    Some(response("200 OK", &[("content-type", "application/json")], body))
}

/// The network with leave to reach the loopback address.
pub fn network() -> Network {
    let hosts = AllowList::parse(["127.0.0.1", "localhost"]).expect("hosts");
    Network::new(Permissions { http: true, dns: true, hosts })
}

/// The response to a request, as text with a placeholder for more members.
pub fn send(network: &Network, request: &str) -> Result<Value, HostError> {
    call(network, "http.send", request)
}

/// The result of a function.
pub fn call(network: &Network, name: &str, argument: &str) -> Result<Value, HostError> {
    let arguments = format!("[{argument}]");
    let text = network.call(&HostCall { name, arguments: &arguments, deadline: None })?;
    Ok(json::parse(&text).expect("a result is JSON"))
}

/// A request with these members besides its method and URL.
pub fn get(url: &str, more: &str) -> String {
    format!(r#"{{"method": "get", "url": "{url}"{more}}}"#)
}

/// A part of a value as JSON text.
pub fn part(value: &Value, key: &str) -> String {
    value.get_str(key).map(|it| json::to_json(&it)).unwrap_or_default()
}

/// What a failed call tells: its code and message.
pub fn failure(answer: Result<Value, HostError>) -> (String, String) {
    match answer {
        Err(HostError::Failed(failure)) => (failure.code, failure.message),
        other => panic!("not a failure: {other:?}"),
    }
}
