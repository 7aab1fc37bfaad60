//! Abstracts over types that contain the head of a request or a response.
//!
//! Rules work on heads, so they accept `http::Request<B>` with any body, and the `Parts` of a stack
//! that keeps bodies elsewhere.

use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Uri, request, response};

/// Gives access to the head of a request.
#[expect(unnameable_types, reason = "in the signature of a sealed trait")]
pub trait RequestParts {
    fn method(&self) -> &Method;
    fn uri(&self) -> &Uri;
    fn headers(&self) -> &HeaderMap;
    fn headers_mut(&mut self) -> &mut HeaderMap;
    fn extensions(&self) -> &Extensions;
    fn extensions_mut(&mut self) -> &mut Extensions;
}

/// Gives access to the head of a response.
#[expect(unnameable_types, reason = "in the signature of a sealed trait")]
pub trait ResponseParts {
    fn status(&self) -> StatusCode;
    fn headers(&self) -> &HeaderMap;
    fn headers_mut(&mut self) -> &mut HeaderMap;
    fn extensions(&self) -> &Extensions;
    fn extensions_mut(&mut self) -> &mut Extensions;
}

impl<B> RequestParts for Request<B> {
    #[inline]
    fn method(&self) -> &Method {
        self.method()
    }

    #[inline]
    fn uri(&self) -> &Uri {
        self.uri()
    }

    #[inline]
    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    #[inline]
    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }

    #[inline]
    fn extensions(&self) -> &Extensions {
        self.extensions()
    }

    #[inline]
    fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }
}

impl RequestParts for request::Parts {
    #[inline]
    fn method(&self) -> &Method {
        &self.method
    }

    #[inline]
    fn uri(&self) -> &Uri {
        &self.uri
    }

    #[inline]
    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    #[inline]
    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    #[inline]
    fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    #[inline]
    fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }
}

impl<B> ResponseParts for Response<B> {
    #[inline]
    fn status(&self) -> StatusCode {
        self.status()
    }

    #[inline]
    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    #[inline]
    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }

    #[inline]
    fn extensions(&self) -> &Extensions {
        self.extensions()
    }

    #[inline]
    fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }
}

impl ResponseParts for response::Parts {
    #[inline]
    fn status(&self) -> StatusCode {
        self.status
    }

    #[inline]
    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    #[inline]
    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    #[inline]
    fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    #[inline]
    fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }
}
