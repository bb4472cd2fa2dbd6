//! Connections: over TCP or a socket in the file system, and TLS on top where the URL asks for it.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout,
    TcpConnector, Transport, TransportAdapter,
};
use ureq::{Agent, Error};

/// A client that connects in this way.
pub(super) fn agent(config: Config, tls: Tls, socket: Option<String>) -> Agent {
    match socket {
        Some(path) => {
            let connector = ().chain(Socket(path)).chain(tls);
            Agent::with_parts(config, connector, NoResolver(DefaultResolver::default()))
        }
        None => {
            let proxy = ConnectProxyConnector::default();
            let connector = ().chain(proxy).chain(TcpConnector::default()).chain(tls);
            Agent::with_parts(config, connector, DefaultResolver::default())
        }
    }
}

/// Puts TLS on top of a connection.
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    /// The name that the server's certificate must have; empty for that of the URL.
    pub(super) server_name: String,
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let name = match self.server_name.as_str() {
            "" => details.uri.host().unwrap_or_default(),
            // The header that it may come from has the port too.
            name => name.rsplit_once(':').map_or(name, |(host, _)| host),
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(name.to_owned()).map_err(|it| Error::Other(it.into()))?;
        let connection = ClientConnection::new(Arc::clone(&self.config), name)
            .map_err(|it| Error::Other(it.into()))?;
        let mut stream = StreamOwned::new(connection, TransportAdapter::new(transport.boxed()));
        // Here and not with the first request, so that a certificate that is refused is a failed connection.
        stream.get_mut().set_timeout(details.timeout);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).map_err(Error::from)?;
        }
        let buffers = buffers(details);
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("server_name", &self.server_name).finish_non_exhaustive()
    }
}

/// A connection with TLS.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(self.stream.flush()?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = match self.stream.read(self.buffers.input_append_buf()) {
            // Servers end connections without saying so.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            read => read?,
        };
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTransport").finish_non_exhaustive()
    }
}

fn buffers(details: &ConnectionDetails) -> LazyBuffers {
    LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size())
}

/// Connects to a socket in the file system.
#[derive(Debug)]
struct Socket(String);

#[cfg(unix)]
impl<In: Transport> Connector<In> for Socket {
    type Out = SocketTransport;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let stream = std::os::unix::net::UnixStream::connect(&self.0)?;
        Ok(Some(SocketTransport { buffers: buffers(details), stream }))
    }
}

#[cfg(not(unix))]
impl<In: Transport> Connector<In> for Socket {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, _: Option<In>) -> Result<Option<In>, Error> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no unix sockets").into())
    }
}

/// A connection over a socket in the file system.
#[cfg(unix)]
struct SocketTransport {
    buffers: LazyBuffers,
    stream: std::os::unix::net::UnixStream,
}

#[cfg(unix)]
impl Transport for SocketTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.set_write_timeout(timeout.not_zero().map(|it| *it))?;
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output).map_err(|error| timed_out(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.set_read_timeout(timeout.not_zero().map(|it| *it))?;
        let read = self.stream.read(self.buffers.input_append_buf());
        let amount = read.map_err(|error| timed_out(error, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // It is never used for another request.
        false
    }
}

#[cfg(unix)]
impl fmt::Debug for SocketTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketTransport").finish_non_exhaustive()
    }
}

#[cfg(unix)]
fn timed_out(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => error.into(),
    }
}

/// A socket in the file system has no address to look up.
#[derive(Debug)]
struct NoResolver(DefaultResolver);

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut nowhere = self.0.empty();
        nowhere.push(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        Ok(nowhere)
    }
}
