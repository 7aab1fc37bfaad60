//! Describes in words why a site was not audited.

use std::{fmt, io, path::Path, time::Duration};

use http::Uri;
use rustls::CertificateError;

/// Describes an error: what was found, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn at(url: &Uri, problem: impl fmt::Display) -> Self {
        Self(format!("{url}: {problem}"))
    }

    pub(crate) fn address(text: &str, problem: impl fmt::Display) -> Self {
        Self(format!("'{text}' is not an address: {problem}; write https://example.com/"))
    }

    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self(format!("{}: the file cannot be read: {error}", path.display()))
    }

    pub(crate) fn settings(path: &Path, error: impl fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }

    pub(crate) fn page(problem: String) -> Self {
        Self(problem)
    }

    pub(crate) fn output(error: io::Error) -> Self {
        Self(format!("the report cannot be written: {error}"))
    }

    pub(crate) fn certificates(problem: impl fmt::Display) -> Self {
        Self(format!(
            "no trusted certificates of this machine can be read: {problem}; set SSL_CERT_FILE"
        ))
    }

    pub(crate) fn time_out(url: &Uri, limit: Duration) -> Self {
        let (seconds, longer) = (limit.as_secs(), limit.as_secs() * 3);
        let other = match url.scheme_str() {
            Some("https") => ", or http:// if the port has no TLS",
            _ => "",
        };
        Self::at(url, format!("no response within {seconds} s; try --timeout {longer}{other}"))
    }

    /// Describes a response whose status line or headers cannot be read.
    pub(crate) fn head(url: &Uri, error: &hyper::Error) -> Self {
        Self::at(url, format!("the head of the response cannot be read: {error}"))
    }

    /// Describes an error of a connection.
    pub(crate) fn connection(url: &Uri, error: &io::Error) -> Self {
        let host = url.host().unwrap_or_default();
        match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                Self::at(url, "the connection was refused; check that the server runs and the port")
            }
            io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => {
                Self::at(url, format!("the server closed the connection: {error}"))
            }
            _ => Self::at(url, format!("no connection to '{host}': {error}")),
        }
    }

    /// Describes a failed look-up of a name.
    pub(crate) fn name(url: &Uri, error: &io::Error) -> Self {
        let host = url.host().unwrap_or_default();
        Self::at(url, format!("the name '{host}' has no address: {error}; check its spelling"))
    }

    /// Describes a failed TLS handshake.
    pub(crate) fn tls(url: &Uri, error: &io::Error) -> Self {
        let reason = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
        match reason {
            Some(rustls::Error::InvalidCertificate(problem)) => {
                let problem = certificate(url, problem);
                Self::at(url, format!("browsers reject the certificate: {problem}"))
            }
            Some(other) => Self::at(url, format!("there is no TLS: {other}")),
            None => Self::at(url, format!("there is no TLS: {error}")),
        }
    }
}

/// Describes a certificate that browsers reject, and the remedy.
fn certificate(url: &Uri, problem: &CertificateError) -> String {
    let host = url.host().unwrap_or_default();
    match problem {
        // The signature is bad if another authority has the name of a trusted one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "no trusted authority issued it; send the intermediate certificates too, or set SSL_CERT_FILE for an authority of your own".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("it is not for the name '{host}'; get one for this name")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired; renew it".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; check the clock of this machine".to_owned()
        }
        // The error's type is not public.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it is the certificate of an authority, such as one that signs itself; get one for the site from an authority".to_owned()
        }
        other => other.to_string(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
