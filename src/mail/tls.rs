//! The secret line to a mail server: whom to trust, and the handshake.

use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore};

use super::server::Server;

/// Bytes both ways, in the clear or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

/// Shakes hands with the server over a connection that is open.
///
/// # Errors
/// If nobody is to be trusted, or the server is not.
pub(super) async fn shake_hands(
    server: &Server,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, String> {
    let name = ServerName::try_from(server.host.clone()).map_err(|error| error.to_string())?;
    let config = if let Some(config) = server.tls.get() {
        config.clone()
    } else {
        let trusted = server.trusted.clone();
        let made = tokio::task::spawn_blocking(move || config(trusted.as_deref()));
        let made = made.await.map_err(|error| error.to_string())??;
        server.tls.get_or_init(|| made).clone()
    };
    TlsConnector::from(config).connect(name, stream).await.map_err(|error| error.to_string())
}

/// The version that both sides agreed on.
pub(super) fn version(stream: &TlsStream<TcpStream>) -> String {
    match stream.get_ref().1.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Whom to trust: the certificates of this file, or those of the system.
///
/// # Errors
/// If there are none that can be read.
pub(super) fn config(trusted: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = trusted {
        let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        for certificate in CertificateDer::pem_file_iter(file).map_err(|e| fault(&e))? {
            roots
                .add(certificate.map_err(|error| fault(&error))?)
                .map_err(|error| fault(&error))?;
        }
    } else {
        // One odd certificate of the system's is no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err("no certificates to trust are found on this machine".to_owned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
