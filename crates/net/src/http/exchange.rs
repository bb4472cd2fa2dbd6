//! Making requests: within the allow-list and the time that there is, again after a failure, along redirects.

use std::io::Read;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use ureq::config::Config;
use ureq::http::{self, Uri};
use ureq::{Agent, Error};

use super::connect::{self, Tls};
use super::error::SendError;
use super::redirect;
use super::request::Request;
use super::response::Response;
use super::tls::TlsOptions;
use crate::allow::AllowList;
use crate::network::time_left;

/// The longest body that is read, in bytes. A policy gets it twice, as text and as a value, and the answers to one decision
/// are limited.
const BODY_BYTES_MAX: usize = 4 << 20;

/// The most redirects that are followed.
const REDIRECTS_MAX: usize = 10;

/// The pause before the first retry; it grows by [`PAUSE_GROWTH`] up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_GROWTH: f64 = 1.6;
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Makes requests.
#[derive(Debug)]
pub(super) struct Client {
    hosts: AllowList,
    /// For requests that say nothing special of their connection.
    usual: std::sync::OnceLock<Agent>,
}

/// Where a request goes.
#[derive(Debug, Clone)]
struct Target {
    uri: Uri,
    /// The socket in the file system that leads there.
    socket: Option<String>,
}

impl Client {
    pub(super) fn new(hosts: AllowList) -> Client {
        Client { hosts, usual: std::sync::OnceLock::new() }
    }

    /// The response to a request with these headers besides its own.
    pub(super) fn send(
        &self,
        request: &Request,
        headers: &[(String, String)],
        deadline: Option<Instant>,
    ) -> Result<Response, SendError> {
        let target = Target::parse(request)?;
        self.check(&target)?;
        let mut pause = PAUSE_MIN;
        for _ in 0..request.retries {
            match self.follow(request, headers, target.clone(), deadline) {
                Err(SendError::Network(_) | SendError::Timeout(_)) => {}
                ended => return ended,
            }
            let left = time_left(deadline).map_err(|_| SendError::Deadline)?;
            std::thread::sleep(left.map_or(pause, |left| pause.min(left)));
            pause = pause.mul_f64(PAUSE_GROWTH).min(PAUSE_MAX);
        }
        self.follow(request, headers, target, deadline)
    }

    /// One attempt, with all redirects that it meets; the request's timeout is for all of them together.
    fn follow(
        &self,
        request: &Request,
        headers: &[(String, String)],
        mut target: Target,
        deadline: Option<Instant>,
    ) -> Result<Response, SendError> {
        let own = request.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let end = [own, deadline].into_iter().flatten().min();
        let mut request = request.clone();
        request.headers.extend_from_slice(headers);
        for _ in 0..=REDIRECTS_MAX {
            let response = self.exchange(&request, &target, end).map_err(|error| {
                let is_over = deadline.is_some_and(|deadline| Instant::now() >= deadline);
                if is_over { SendError::Deadline } else { error }
            })?;
            let next = redirect::next(response.status, &request.method);
            let (Some(next), Some(place)) = (next, response.header("location")) else {
                return Ok(response);
            };
            if !request.follows_redirects {
                return Ok(response);
            }
            let uri = redirect::resolve(&target.uri, place).ok_or_else(|| {
                network(&request, format!("the redirect's location {place:?} is no URL"))
            })?;
            target = target.moved(uri, &mut request);
            self.check(&target)?;
            request.method = next.method;
            if !next.keeps_body {
                request.body.clear();
                request.headers.retain(|(name, _)| !name.starts_with("content-"));
            }
        }
        Err(network(&request, format!("stopped after {REDIRECTS_MAX} redirects")))
    }

    /// Refuses to go where the allow-list doesn't lead.
    fn check(&self, target: &Target) -> Result<(), SendError> {
        let host = target.uri.host().unwrap_or_default();
        let is_allowed = match &target.socket {
            Some(path) => self.hosts.allows_socket(path),
            None => self.hosts.allows(host, port(&target.uri)),
        };
        let name = target.socket.as_deref().unwrap_or(host);
        is_allowed
            .then_some(())
            .ok_or_else(|| SendError::Internal(format!("unallowed host: {name}")))
    }

    /// One request and its response.
    fn exchange(
        &self,
        request: &Request,
        target: &Target,
        end: Option<Instant>,
    ) -> Result<Response, SendError> {
        let timeout = match end.map(|end| end.saturating_duration_since(Instant::now())) {
            Some(Duration::ZERO) => return Err(timed_out(request)),
            timeout => timeout,
        };
        let agent = self.agent(request, target)?;
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(&target.uri);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let internal = |error: http::Error| SendError::Internal(error.to_string());
        let needs_body = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
        let answer = if request.body.is_empty() && !needs_body {
            let built = builder.body(()).map_err(internal)?;
            let built = agent.configure_request(built).timeout_global(timeout).build();
            agent.run(built)
        } else {
            let built = builder.body(request.body.as_slice()).map_err(internal)?;
            let built = agent.configure_request(built).timeout_global(timeout).build();
            agent.run(built)
        };
        let answer = answer.map_err(|error| failed(request, &error))?;
        read(request, answer)
    }

    /// The client for a request: the one for all, or one of its own.
    fn agent(&self, request: &Request, target: &Target) -> Result<Agent, SendError> {
        let make = || {
            let tls =
                Tls { config: request.tls.config()?, server_name: request.tls.server_name.clone() };
            Ok(connect::agent(config(), tls, target.socket.clone()))
        };
        if target.socket.is_some() || request.tls != TlsOptions::default() {
            return make();
        }
        if let Some(known) = self.usual.get() {
            return Ok(known.clone());
        }
        let made = make()?;
        Ok(self.usual.get_or_init(|| made).clone())
    }
}

/// Redirects and statuses are looked at here and not by the library.
fn config() -> Config {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .build()
}

impl Target {
    fn parse(request: &Request) -> Result<Target, SendError> {
        let no_url = |error: &dyn std::fmt::Display| {
            SendError::Internal(format!("parse {:?}: {error}", request.url))
        };
        let (url, socket) = match request.url.strip_prefix("unix://") {
            Some(rest) => socket_of(rest),
            None => (request.url.clone(), None),
        };
        let uri: Uri = url.parse().map_err(|error| no_url(&error))?;
        match uri.scheme_str() {
            Some("http" | "https") => Ok(Target { uri, socket }),
            scheme => {
                let scheme = scheme.unwrap_or_default();
                Err(network(request, format!("unsupported protocol scheme {scheme:?}")))
            }
        }
    }

    /// The target of a redirect. What is for one host only doesn't go along to another.
    fn moved(self, uri: Uri, request: &mut Request) -> Target {
        if uri.authority() == self.uri.authority() {
            return Target { uri, ..self };
        }
        request
            .headers
            .retain(|(name, _)| !redirect::SENSITIVE.contains(&name.as_str()) && name != "host");
        Target { uri, socket: None }
    }
}

/// The URL behind a socket, and the socket's path: `unix://localhost/x?socket=%2Frun%2Fapp.sock`.
fn socket_of(rest: &str) -> (String, Option<String>) {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_socket = |it: &&str| it.split('=').next() == Some("socket");
    let parts = query.split('&').filter(|it| !it.is_empty());
    let (sockets, others): (Vec<&str>, Vec<&str>) = parts.partition(is_socket);
    let path = sockets.first().and_then(|it| it.split_once('=')).map(|(_, path)| unescaped(path));
    let scheme = if path.is_some() { "http" } else { "unix" };
    let query = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    (format!("{scheme}://{place}{query}"), path)
}

/// Text without percent signs for bytes, as it is in a query.
fn unescaped(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn port(uri: &Uri) -> u16 {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    uri.port_u16().unwrap_or(usual)
}

/// Reads a response up to the limit.
fn read(request: &Request, answer: http::Response<ureq::Body>) -> Result<Response, SendError> {
    let (parts, body) = answer.into_parts();
    let mut headers: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        match headers.iter_mut().find(|(own, _)| own == name.as_str()) {
            Some((_, values)) => values.push(value),
            None => headers.push((name.as_str().to_owned(), vec![value])),
        }
    }
    let mut bytes = Vec::new();
    let max = BODY_BYTES_MAX as u64 + 1;
    let read = body.into_reader().take(max).read_to_end(&mut bytes);
    read.map_err(|error| failed(request, &Error::from(error)))?;
    if bytes.len() > BODY_BYTES_MAX {
        let message = format!("the response is longer than the limit of {BODY_BYTES_MAX} bytes");
        return Err(SendError::Internal(message));
    }
    Ok(Response { status: parts.status.as_u16(), headers, body: bytes })
}

fn failed(request: &Request, error: &Error) -> SendError {
    match error {
        Error::Timeout(_) => timed_out(request),
        Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => timed_out(request),
        Error::Io(error) => network(request, error.to_string()),
        Error::HostNotFound => network(request, "no such host".to_owned()),
        error => network(request, error.to_string()),
    }
}

fn timed_out(request: &Request) -> SendError {
    SendError::Timeout(format!("{} {}: request timed out", verb(request), request.url))
}

fn network(request: &Request, cause: String) -> SendError {
    SendError::Network(format!("{} {:?}: {cause}", verb(request), request.url))
}

/// The method as errors write it: `Get`.
fn verb(request: &Request) -> String {
    let mut letters = request.method.chars();
    let first = letters.next().unwrap_or_default();
    std::iter::once(first).chain(letters.map(|it| it.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_named_in_the_query() {
        let (url, path) = socket_of("localhost/x?a=1&socket=%2Frun%2Fa+b.sock&socket=c");
        assert_eq!(
            (url.as_str(), path.as_deref()),
            ("http://localhost/x?a=1", Some("/run/a b.sock"))
        );
        assert_eq!(socket_of("localhost/x"), ("unix://localhost/x".to_owned(), None));
    }
}
