//! What a request says about TLS, and the configuration that it makes.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::error::SendError;
use super::parameters::Parameters;

/// What a request says about TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TlsOptions {
    /// Whether any certificate of a server is taken.
    pub(super) skips_verification: bool,
    /// Whether the system's certificates are trusted; unless it is said, where there are no others.
    use_system: Option<bool>,
    /// Certificates that are trusted, in PEM.
    trusted: Vec<Vec<u8>>,
    /// The client's own certificates and their key, in PEM.
    client: Option<OwnCertificate>,
    /// The name that the server's certificate must have; empty for that of the URL.
    pub(super) server_name: String,
}

/// A chain of certificates and the key of the first, in PEM.
type OwnCertificate = (Vec<u8>, Vec<u8>);

impl TlsOptions {
    /// Reads what a request says. Files and environment variables are read at once.
    pub(super) fn read(parameters: Parameters<'_>) -> Result<TlsOptions, SendError> {
        let use_system = match parameters.value("tls_use_system_certs") {
            None => None,
            Some(_) => Some(parameters.flag("tls_use_system_certs")?),
        };
        let mut trusted = Vec::new();
        let inline = parameters.text("tls_ca_cert")?;
        if !inline.is_empty() {
            trusted.push(inline.replace("\\n", "\n").into_bytes());
        }
        trusted.extend(file(parameters, "tls_ca_cert_file")?);
        trusted.extend(variable(parameters, "tls_ca_cert_env_variable")?);
        Ok(TlsOptions {
            skips_verification: parameters.flag("tls_insecure_skip_verify")?,
            use_system,
            trusted,
            client: client(parameters)?,
            server_name: parameters.text("tls_server_name")?,
        })
    }

    /// The configuration of connections.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, SendError> {
        static USUAL: OnceLock<Arc<ClientConfig>> = OnceLock::new();
        let named = TlsOptions { server_name: self.server_name.clone(), ..TlsOptions::default() };
        if *self != named {
            return self.make_config().map(Arc::new);
        }
        if let Some(known) = USUAL.get() {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.make_config()?);
        Ok(Arc::clone(USUAL.get_or_init(|| made)))
    }

    fn make_config(&self) -> Result<ClientConfig, SendError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
        let builder = match self.skips_verification {
            true => {
                let anyone = Arc::new(Anyone(provider));
                builder.dangerous().with_custom_certificate_verifier(anyone)
            }
            false => builder.with_root_certificates(self.roots()?),
        };
        match &self.client {
            None => Ok(builder.with_no_client_auth()),
            Some((certificates, key)) => {
                let key = PrivateKeyDer::from_pem_slice(key).map_err(unusable)?;
                builder.with_client_auth_cert(read_pem(certificates)?, key).map_err(unusable)
            }
        }
    }

    fn roots(&self) -> Result<RootCertStore, SendError> {
        let mut roots = match self.use_system.unwrap_or(self.trusted.is_empty()) {
            true => system_roots().clone(),
            false => RootCertStore::empty(),
        };
        for pem in &self.trusted {
            for certificate in read_pem(pem)? {
                roots.add(certificate).map_err(unusable)?;
            }
        }
        Ok(roots)
    }
}

/// The certificates that the system trusts, read once. Those that can't be read are left out: whoever needs them is told
/// that a server's certificate has an unknown issuer.
fn system_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    })
}

/// The client's certificate and key: the last of the pairs that is whole, inline, in files, in the environment.
fn client(parameters: Parameters<'_>) -> Result<Option<OwnCertificate>, SendError> {
    let inline = |key| parameters.text(key).map(|it| (!it.is_empty()).then(|| it.into_bytes()));
    let pairs = [
        (inline("tls_client_cert")?, inline("tls_client_key")?),
        (file(parameters, "tls_client_cert_file")?, file(parameters, "tls_client_key_file")?),
        (
            variable(parameters, "tls_client_cert_env_variable")?,
            variable(parameters, "tls_client_key_env_variable")?,
        ),
    ];
    Ok(pairs.into_iter().rev().find_map(|(certificate, key)| certificate.zip(key)))
}

fn file(parameters: Parameters<'_>, key: &str) -> Result<Option<Vec<u8>>, SendError> {
    let path = parameters.text(key)?;
    if path.is_empty() {
        return Ok(None);
    }
    let failed = |error| SendError::Internal(format!("{key}: cannot read {path}: {error}"));
    std::fs::read(&path).map(Some).map_err(failed)
}

fn variable(parameters: Parameters<'_>, key: &str) -> Result<Option<Vec<u8>>, SendError> {
    let name = parameters.text(key)?;
    if name.is_empty() {
        return Ok(None);
    }
    let failed = |_| SendError::Internal(format!("{key}: the variable {name} has no text"));
    std::env::var(&name).map(|it| Some(it.into_bytes())).map_err(failed)
}

fn read_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SendError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(unusable)?;
    match certificates.is_empty() {
        true => Err(SendError::Internal("could not append certificates".to_owned())),
        false => Ok(certificates),
    }
}

fn unusable(error: impl std::fmt::Display) -> SendError {
    SendError::Internal(format!("the TLS options cannot be used: {error}"))
}

/// Takes the certificate of any server, as `tls_insecure_skip_verify` asks for.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
