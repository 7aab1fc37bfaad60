//! Answers clients of gRPC, which expect a status of gRPC.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use crate::request::RequestParts;

const STATUS: HeaderName = HeaderName::from_static("grpc-status");
const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

/// Represents the protocol of a client, which decides the form of a gate's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http,
    Grpc,
}

impl Protocol {
    /// Reads the protocol from the request's `Content-Type`, which for gRPC is `application/grpc`,
    /// alone or with a `+` and a format.
    pub(super) fn of(request: &impl RequestParts) -> Self {
        match request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) {
            Some(kind) if is_grpc(kind) => Self::Grpc,
            _ => Self::Http,
        }
    }

    /// Converts the answer to one that the client understands: for gRPC, a 200 with a status and a
    /// message and without a body ("Trailers-Only" in [gRPC over HTTP/2]).
    ///
    /// [gRPC over HTTP/2]: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
    pub(super) fn convert<B>(self, response: &mut Response<B>) {
        if self == Self::Grpc {
            let status = response.status();
            *response.status_mut() = StatusCode::OK;
            *response.headers_mut() = trailers_only(status);
        }
    }
}

fn is_grpc(kind: &[u8]) -> bool {
    const GRPC: &[u8] = b"application/grpc";
    let start = kind.get(..GRPC.len()).is_some_and(|start| start.eq_ignore_ascii_case(GRPC));
    start && matches!(kind.get(GRPC.len()), None | Some(b'+' | b';' | b' ' | b'\t'))
}

fn trailers_only(status: StatusCode) -> HeaderMap {
    let code = match status {
        StatusCode::BAD_REQUEST => "3", // INVALID_ARGUMENT
        StatusCode::FORBIDDEN => "7",   // PERMISSION_DENIED
        _ => "9",                       // FAILED_PRECONDITION: another attempt fails too
    };
    let message = status.canonical_reason().unwrap_or_default();
    let mut headers = HeaderMap::with_capacity(3);
    for (name, value) in
        [(&header::CONTENT_TYPE, "application/grpc"), (&STATUS, code), (&MESSAGE, message)]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_is_recognised_by_its_exact_content_type() {
        for (kind, is) in [
            ("application/grpc", true),
            ("Application/GRPC+proto", true),
            ("application/grpc; charset=utf-8", true),
            ("application/grpc-web", false),
            ("application/grpcweb", false),
            ("text/html", false),
        ] {
            assert_eq!(is_grpc(kind.as_bytes()), is, "{kind}");
        }
    }

    #[test]
    fn an_answer_for_grpc_has_a_status_and_a_message() {
        let mut response = Response::<()>::default();
        *response.status_mut() = StatusCode::FORBIDDEN;
        Protocol::Grpc.convert(&mut response);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[STATUS], "7");
        assert_eq!(response.headers()[MESSAGE], "Forbidden");
    }
}
