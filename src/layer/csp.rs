//! Defines the layer for `Content-Security-Policy`.

use std::sync::Arc;

use tower_layer::Layer;

use super::{
    csp_line::CspLine,
    csp_pending::CspPending,
    request_head::{RequestHead, SourceHook},
    withheld::{WhenUnknown, Withheld},
};
use crate::{
    error::ParseError,
    layer::engine::{
        rule::{Rule, is_final},
        service::Hardened,
    },
    policy::{
        csp::{Addition, ContentSecurityPolicy},
        header::{InsertMode, sealed},
    },
    request::{RequestParts, ResponseParts},
};

/// Sends a `Content-Security-Policy`, enforced or report-only.
///
/// It keeps a policy that the response already has, so the innermost policy wins; see
/// [`overriding`](Self::overriding) and [`appending`](Self::appending). It sends the policy with every
/// content type, unless [`only_documents`](Self::only_documents) is set.
///
/// It leaves out `upgrade-insecure-requests` if the request came over http, or if its scheme is
/// unknown and it names an IP address or localhost (see
/// [`ConnectionInfo`](crate::connection::ConnectionInfo)).
///
/// A policy with `'nonce-{}'` puts a `Nonce` into the request's extensions. If the nonce is read,
/// the header contains it, `Cache-Control` is set to `private` or stricter, and the headers that
/// shared caches read in its place are removed: targeted fields
/// ([RFC 9213](https://www.rfc-editor.org/rfc/rfc9213)) such as `CDN-Cache-Control`,
/// `Surrogate-Control` and `X-Accel-Expires`; an `Expires` becomes `0`. If it is not read, the
/// header has no nonce, and unless a hash replaces the nonce, neither `'strict-dynamic'` nor
/// `'unsafe-inline'`. If a policy without a nonce is sent in place of this one, because an inner layer has it or an outer layer overrides, the
/// handler has no nonce: take `Option<Nonce>` in a handler that is used under both.
///
/// A 304 has no policy with a nonce, whether the nonce was read or not, and outer layers add no
/// other policy in its place. A new nonce would not match the page in the browser's cache, and the
/// headers of a 304 replace those that are stored. Put a cache on the server outside this layer: an
/// inner cache would store pages with a nonce that no later header has, and their scripts would not
/// run.
///
/// A handler changes the policy of its own response with a
/// [`CspOverride`](crate::csp::CspOverride) in the response's extensions.
///
/// ```
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
/// use tower_hardening::{ContentSecurityPolicy, CspLayer, HardeningLayer};
///
/// const EMBED: ContentSecurityPolicy =
///     ContentSecurityPolicy::from_static("default-src 'self'; frame-ancestors https://a.example");
///
/// #[tokio::main]
/// async fn main() {
///     let page = get(async || "framed").layer(CspLayer::new(EMBED)); // the innermost policy wins
///     let app: Router = Router::new().route("/", page).layer(HardeningLayer::default());
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     let sent = &response.headers()["content-security-policy"];
///     assert_eq!(sent, "default-src 'self'; frame-ancestors https://a.example");
/// }
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct CspLayer {
    line: Arc<CspLine>,
}

impl CspLayer {
    /// Enforces this policy.
    pub fn new(policy: ContentSecurityPolicy) -> Self {
        Self { line: Arc::new(CspLine::enforced(&policy)) }
    }

    /// Reports violations of this policy, and enforces nothing.
    pub fn report_only(policy: ContentSecurityPolicy) -> Self {
        Self { line: Arc::new(CspLine::report_only(&policy)) }
    }

    /// Replaces the policy that the response already has.
    ///
    /// The policy of a [`MediaLayer`](crate::media::MediaLayer) is kept.
    pub fn overriding(self) -> Self {
        self.with_mode(InsertMode::Override)
    }

    /// Adds this policy to those that the response already has.
    ///
    /// A browser enforces all of them, so an added policy can only forbid more. The layer can be
    /// inside or outside the layers whose policies it adds to: they do not take its line for the
    /// application's own.
    pub fn appending(self) -> Self {
        self.with_mode(InsertMode::Append)
    }

    /// Sends the policy with documents only.
    ///
    /// Images, fonts, media, style sheets, JSON and plain text run nothing. They get a policy that
    /// allows nothing, or no policy from a report-only layer.
    ///
    /// These count as documents: HTML, XML and SVG, PDF, scripts (a worker uses its own policy),
    /// and content with a missing or unknown type.
    pub fn only_documents(mut self) -> Self {
        Arc::make_mut(&mut self.line).only_documents = true;
        self
    }

    /// Calls a hook for each request, and adds its sources to the policy.
    ///
    /// Only the policy of that request's response is changed. The sources can be those of a tenant,
    /// for example. The hook must not block.
    ///
    /// Parse each source where it is configured, a tenant's text with
    /// [`Source::host`](crate::csp::Source::host), and clone it here. A source that has no effect in
    /// its directive, one that allows every host (`*`, `https://*`), and one that would make the
    /// header longer than 8192 bytes are left out, with an event (feature `tracing`). The other
    /// sources are sent.
    pub fn with_sources<I: IntoIterator<Item = Addition>>(
        mut self,
        hook: impl Fn(&RequestHead<'_>) -> I + Send + Sync + 'static,
    ) -> Self {
        Arc::make_mut(&mut self.line).sources = Some(SourceHook::new(hook));
        self
    }

    /// Sends the policy of a response whose nonce was read in two lines. Only the second line contains
    /// the nonce.
    ///
    /// HTTP/2 and HTTP/3 send a header that a connection has sent before as one or two bytes. A
    /// policy with a nonce is new in each response; in two lines, most of it is not. A browser
    /// enforces both lines, and they mean together what the policy means: each load is decided, and
    /// reported, by one line.
    ///
    /// - The second line has the directives with a nonce, the directives that fall back to these, such as
    ///   `worker-src`, and `report-uri` and `report-to`.
    /// - The first line has all others. If it has `default-src`, it also has the directives of the
    ///   second line, with a list that allows everything
    ///   (`* about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'`).
    ///
    /// The price:
    ///
    /// - Over HTTP/1.1 each such response is longer, by some 100 bytes.
    /// - A program that reads one line, such as a scanner, sees `'unsafe-inline'`, or no directive
    ///   but `script-src`. A violation report quotes one line.
    /// - Chromium allows a prefetch (`<link rel=prefetch>`) that any directive of a line allows, so it
    ///   allows a prefetch from every host, which one line limits to the hosts of its directives.
    ///   Nothing else is decided differently.
    ///
    /// A response whose nonce was not read, and one whose policy a handler or a hook changed, has one
    /// line.
    ///
    /// ```
    /// use tower_hardening::{ContentSecurityPolicy, CspLayer};
    ///
    /// // Sent as `default-src 'none'; script-src * about: …; img-src 'self'`, which never changes, and
    /// // `script-src 'self' 'nonce-…'`.
    /// const PAGE: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
    ///     "default-src 'none'; script-src 'self' 'nonce-{}'; img-src 'self'",
    /// );
    /// let layer = CspLayer::new(PAGE).nonce_in_second_line()?;
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for a policy without a nonce, for a nonce in `default-src`, to which other
    /// directives fall back, and for a first line that is empty or longer than 8192 bytes.
    pub fn nonce_in_second_line(mut self) -> Result<Self, ParseError> {
        Arc::make_mut(&mut self.line).split()?;
        Ok(self)
    }

    fn with_mode(mut self, existing: InsertMode) -> Self {
        Arc::make_mut(&mut self.line).header.existing = existing;
        self
    }
}

impl<S> Layer<S> for CspLayer {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl sealed::Sealed for CspLayer {}

impl Rule for CspLayer {
    type Pending = CspPending;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> CspPending {
        let withheld = match self.line.may_upgrade() {
            true => Withheld::of(request, WhenUnknown::Send),
            false => Withheld::Nothing,
        };
        let mut pending = CspPending::without(withheld);
        self.line.on_request(request, &mut pending);
        self.line.stop_inner_nonces(request);
        pending
    }

    #[inline]
    fn on_response(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        if is_final(response) {
            pending.close();
            self.line.on_response(pending, response);
            pending.finish(response);
        }
    }
}
