//! TLS: whom the client trusts, and how it proves who it is.

use std::io::BufReader;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use palisade_value::json;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::server::{Received, exchange, failure, get, network, ok, part, send};

/// An authority, and a server for `localhost` whose certificate it has made.
struct Secure {
    authority: CertifiedIssuer<'static, KeyPair>,
    port: u16,
}

impl Secure {
    fn start(asks_client: bool) -> Secure {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let (certificate, key) = leaf(&authority, "localhost");
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = if asks_client {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone()).expect("a root");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let config = Arc::new(builder.with_single_cert(chain, key).expect("a configuration"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(connection) = ServerConnection::new(Arc::clone(&config)) else { continue };
                let mut stream = BufReader::new(StreamOwned::new(connection, stream));
                let (received, answer) = (Mutex::default(), |_: &Received| ok("\"secret\""));
                let mut out = Vec::new();
                exchange(&mut stream, &mut out, &received, &answer);
                let mut stream = stream.into_inner();
                // A client that refuses the certificate has gone.
                let _ = std::io::Write::write_all(&mut stream, &out);
                stream.conn.send_close_notify();
                let _ = stream.conn.complete_io(&mut stream.sock);
            }
        });
        Secure { authority, port }
    }

    fn request(&self, host: &str, more: &str) -> String {
        get(&format!("https://{host}:{}/", self.port), more)
    }
}

/// A certificate for a name and its key, in PEM.
fn leaf(authority: &CertifiedIssuer<'_, KeyPair>, name: &str) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn member(name: &str, value: &str) -> String {
    let mut text = format!(r#", "{name}": "#);
    json::write_string(value, &mut text);
    text
}

#[test]
fn only_trusted_certificates_are_taken() {
    let server = Secure::start(false);
    let authority = member("tls_ca_cert", &server.authority.pem());
    let unknown = failure(send(&network(), &server.request("localhost", ""))).1;
    assert!(unknown.contains("invalid peer certificate"), "{unknown}");
    let answer = send(&network(), &server.request("localhost", &authority)).expect("a response");
    assert_eq!(part(&answer, "body"), "\"secret\"");
    let anyone = r#", "tls_insecure_skip_verify": true"#;
    assert!(send(&network(), &server.request("localhost", anyone)).is_ok());

    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("ca.pem");
    std::fs::write(&path, server.authority.pem()).expect("a file");
    let file = member("tls_ca_cert_file", &path.display().to_string());
    assert!(send(&network(), &server.request("localhost", &file)).is_ok());
    let missing = member("tls_ca_cert_file", &dir.path().join("x").display().to_string());
    let (_, message) = failure(send(&network(), &server.request("localhost", &missing)));
    assert!(message.starts_with("tls_ca_cert_file: cannot read "), "{message}");
}

#[test]
fn the_certificate_must_have_the_name_that_is_asked_for() {
    let server = Secure::start(false);
    let authority = member("tls_ca_cert", &server.authority.pem());
    let other = failure(send(&network(), &server.request("127.0.0.1", &authority))).1;
    assert!(other.contains("not valid for name"), "{other}");
    let named = format!("{authority}{}", member("tls_server_name", "localhost"));
    assert!(send(&network(), &server.request("127.0.0.1", &named)).is_ok());
}

#[test]
fn a_client_shows_its_certificate() {
    let server = Secure::start(true);
    let authority = member("tls_ca_cert", &server.authority.pem());
    assert!(send(&network(), &server.request("localhost", &authority)).is_err());
    let (certificate, key) = leaf(&server.authority, "client");
    let own = format!(
        "{authority}{}{}",
        member("tls_client_cert", &certificate),
        member("tls_client_key", &key)
    );
    assert!(send(&network(), &server.request("localhost", &own)).is_ok());
    let broken =
        format!("{authority}{}{}", member("tls_client_cert", "x"), member("tls_client_key", "y"));
    let (_, message) = failure(send(&network(), &server.request("localhost", &broken)));
    assert!(message.contains("TLS options cannot be used"), "{message}");
}
