//! Defines the layer for a policy that is one header line.

use std::{marker::PhantomData, sync::Arc};

use http::HeaderName;
use tower_layer::Layer;

use super::excluded_hosts::ExcludedHosts;
use super::withheld::{WhenUnknown, Withheld, is_for_https, withhold};
use crate::{
    layer::engine::{
        prepared_headers::PreparedHeader,
        rule::{Rule, is_final, put_line},
        service::Hardened,
    },
    policy::header::{
        HeaderPolicy, InsertMode, Places, ReportOnly, StrictTransportSecurity, sealed,
    },
    request::{Host, RequestParts, ResponseParts},
};

/// Adds a policy that is one header line, such as a `ReferrerPolicy`.
///
/// `StsLayer`, `ReferrerLayer` and others are aliases of this layer.
///
/// If the response already has the header, [`HeaderPolicy::DEFAULT_MODE`] decides by default. Most
/// policies keep the header that the application set.
///
/// ```
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
/// use tower_hardening::{ReferrerLayer, ReferrerPolicy};
///
/// #[tokio::main]
/// async fn main() {
///     let app: Router = Router::new().layer(ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN));
///     let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
///     assert_eq!(response.headers()["referrer-policy"], "same-origin");
/// }
/// ```
#[must_use]
#[derive(Debug)]
pub struct HeaderLayer<P> {
    header: Arc<Header>,
    policy: PhantomData<fn() -> P>,
}

#[derive(Clone, Debug)]
struct Header {
    line: PreparedHeader,
    /// The mode for an unknown scheme, if the header is for https only.
    unknown: Option<WhenUnknown>,
    excluded: ExcludedHosts,
    /// The places of its members, if it is a list.
    places: Option<Places>,
}

impl<P: HeaderPolicy> HeaderLayer<P> {
    /// Adds this policy to every response.
    pub fn new(policy: P) -> Self {
        Self::named(policy.name(), &policy)
    }

    fn named(name: &HeaderName, policy: &P) -> Self {
        let line = PreparedHeader::new(name.clone(), policy.text(), P::DEFAULT_MODE);
        let places = Places::new(&policy.members());
        let unknown = is_for_https(name).then_some(WhenUnknown::Send);
        Self {
            header: Arc::new(Header { line, unknown, excluded: ExcludedHosts::default(), places }),
            policy: PhantomData,
        }
    }

    /// Replaces all lines of the header that the response already has.
    ///
    /// A header that a [`MediaLayer`](crate::media::MediaLayer) decided is kept.
    pub fn overriding(mut self) -> Self {
        Arc::make_mut(&mut self.header).line.existing = InsertMode::Override;
        self
    }

    /// Keeps the header if the response already has it.
    pub fn if_not_present(mut self) -> Self {
        Arc::make_mut(&mut self.header).line.existing = InsertMode::IfNotPresent;
        self
    }
}

impl<P: ReportOnly> HeaderLayer<P> {
    /// Sends this policy under its report-only name: browsers report on it and enforce nothing.
    pub fn report_only(policy: P) -> Self {
        Self::named(policy.report_only_name(), &policy)
    }
}

impl HeaderLayer<StrictTransportSecurity> {
    /// Sends the header only if the request is known to have come over https.
    ///
    /// By default it is also sent when the scheme is unknown. This option follows RFC 6797 section
    /// 7.2 strictly. The default does no harm, because browsers ignore the header over http.
    pub fn https_only(mut self) -> Self {
        Arc::make_mut(&mut self.header).unknown = Some(WhenUnknown::Withhold);
        self
    }

    /// Never sends the header to requests that name one of these hosts, at any port.
    ///
    /// The host is that of a [`ConnectionInfo`](crate::connection::ConnectionInfo) or of the request.
    /// Browsers still use https for a host whose parent domain sends `includeSubDomains`.
    ///
    /// ```
    /// use tower_hardening::{StrictTransportSecurity, StsLayer};
    ///
    /// let layer = StsLayer::new(StrictTransportSecurity::ROLLOUT[3])
    ///     .exclude_hosts(["legacy.example.tld".parse()?, "printer.example.tld".parse()?]);
    /// # Ok::<(), tower_hardening::ParseError>(())
    /// ```
    pub fn exclude_hosts(mut self, hosts: impl IntoIterator<Item = Host>) -> Self {
        Arc::make_mut(&mut self.header).excluded.add(hosts);
        self
    }
}

impl<P> Clone for HeaderLayer<P> {
    fn clone(&self) -> Self {
        Self { header: self.header.clone(), policy: PhantomData }
    }
}

impl<S, P> Layer<S> for HeaderLayer<P> {
    type Service = Hardened<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Hardened::new(inner, self.clone())
    }
}

impl<P> sealed::Sealed for HeaderLayer<P> {}

impl<P> Rule for HeaderLayer<P> {
    type Pending = Withheld;

    #[inline]
    fn on_request(&self, request: &mut impl RequestParts) -> Withheld {
        let unknown = self.header.unknown;
        let Some(unknown) = unknown else { return Withheld::Nothing };
        self.header.excluded.withhold(Withheld::of(request, unknown), request)
    }

    #[inline]
    fn on_response(&self, withheld: &Withheld, response: &mut impl ResponseParts) {
        let line = &self.header.line;
        if !is_final(response) {
            return;
        }
        match withheld {
            Withheld::Nothing => put_line(line, || self.header.places.as_ref(), response),
            _ => withhold(response.headers_mut(), &line.name, line.existing),
        }
    }
}
