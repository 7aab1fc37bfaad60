//! Decides which requests of other sites a service answers, by Fetch Metadata.

use http::{HeaderMap, HeaderName, Method, header};

use crate::{
    error::ParseError,
    request::{Origin, RequestParts},
};

const NAME: &str = "fetch metadata";

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Decides which requests a service answers, by their `Sec-Fetch-*` headers, so that other sites
/// cannot load its pages and files ([resource isolation
/// policy](https://web.dev/articles/fetch-metadata)).
///
/// Chrome 76, Firefox 90, Safari 16.4 and later send the headers, over https and to localhost. The
/// default allows:
///
/// - requests without the headers: older browsers and other programs
/// - requests of the same origin, and those that the user starts, as by a bookmark
/// - `GET`, `HEAD` and `OPTIONS` of the same site, such as a sibling domain
/// - `GET` and `HEAD` of other sites that open a page, in a window or a frame
///
/// Everything else gets 403: images, scripts, `fetch`, WebSockets and forms of other sites, and
/// forms of sibling domains. The scheme and host of the request are not used, so a proxy cannot
/// change the decision.
///
/// Files for other sites, such as fonts, a public API or a collector of reports, are exempt: put
/// their routes outside of the layer, or name their exact paths.
///
/// ```
/// use http::Request;
/// use tower_hardening::header::FetchMetadata;
///
/// let policy = FetchMetadata::new().exempt_path("/api/public")?;
/// let image = |path| Request::get(path).header("sec-fetch-site", "cross-site").body(()).unwrap();
/// assert!(!policy.allows(&image("/avatar.png")));
/// assert!(policy.allows(&image("/api/public")));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct FetchMetadata {
    same_site: SameSite,
    framing: Framing,
    enforcement: Enforcement,
    exempt: Vec<String>,
    /// The texts of trusted origins, as browsers send them.
    trusted: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SameSite {
    /// Requests that change nothing.
    #[default]
    Reading,
    Every,
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Framing {
    #[default]
    Allowed,
    Rejected,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Enforcement {
    #[default]
    Enforced,
    Reported,
}

impl FetchMetadata {
    /// Creates a policy that rejects the loads and forms of other sites.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also allows forms and other changing requests of the same site: every sibling domain can
    /// then act for the user.
    pub fn dangerous_trust_same_site(self) -> Self {
        Self { same_site: SameSite::Every, ..self }
    }

    /// Treats the same site, such as sibling domains, as another site.
    pub fn reject_same_site(self) -> Self {
        Self { same_site: SameSite::None, ..self }
    }

    /// Also rejects pages that other sites open in frames. `frame-ancestors` does this too, but
    /// only after the service has made the page.
    pub fn reject_framing(self) -> Self {
        Self { framing: Framing::Rejected, ..self }
    }

    /// Allows every request of this origin: scheme, host and port have to be equal to those of
    /// `Origin`.
    pub fn trust(mut self, origin: &Origin) -> Self {
        self.trusted.push(origin.to_string());
        self
    }

    /// Allows every request to this exact path: `/hook` exempts neither `/hook/` nor `//hook`, nor
    /// any other spelling.
    ///
    /// The path is that of the request as it reaches the layer, without its query.
    pub fn exempt_path(mut self, path: &str) -> Result<Self, ParseError> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"?#\\*;{}<>\"".contains(&byte);
        let is_dots = |part: &str| matches!(part, "." | "..");
        let parts = path.strip_prefix('/').map(|rest| rest.split('/'));
        let is_path = parts.is_some_and(|mut parts| !parts.any(is_dots))
            && !path.contains("//")
            && path.bytes().all(is_plain);
        if !is_path {
            let found = path.escape_debug();
            let problem = format!("'{found}' is not an exact path; write one like '/api/public'");
            return Err(ParseError::new(NAME, 0, problem));
        }
        self.exempt.push(path.to_owned());
        Ok(self)
    }

    /// Allows every request, and emits an event for those that the policy rejects (feature
    /// `tracing`).
    pub fn report_only(self) -> Self {
        Self { enforcement: Enforcement::Reported, ..self }
    }

    /// Returns `true` if the policy allows a request. Report-only mode does not change this.
    pub fn allows<B>(&self, request: &http::Request<B>) -> bool {
        self.allows_head(request)
    }

    /// Returns `true` if rejected requests are answered with 403.
    pub(crate) fn is_enforced(&self) -> bool {
        self.enforcement == Enforcement::Enforced
    }

    /// Returns the request headers that the decision depends on.
    pub(crate) fn vary(&self) -> &'static str {
        if self.trusted.is_empty() {
            "sec-fetch-site, sec-fetch-mode, sec-fetch-dest"
        } else {
            "sec-fetch-site, sec-fetch-mode, sec-fetch-dest, origin"
        }
    }

    pub(crate) fn allows_head(&self, request: &impl RequestParts) -> bool {
        let headers = request.headers();
        let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let is_allowed = match only(headers, &SITE) {
            Line::Absent | Line::Is(b"same-origin" | b"none") => true,
            Line::Is(b"same-site") => self.allows_same_site(is_reading) || self.opens_page(request),
            Line::Is(b"cross-site") => self.opens_page(request),
            // A value that is not in the standard is ignored, unless the request changes something.
            Line::Is(_) | Line::Repeated => is_reading,
        };
        is_allowed
            || self.exempt.iter().any(|path| path == request.uri().path())
            || self.trusts(headers)
    }

    fn allows_same_site(&self, is_reading: bool) -> bool {
        match self.same_site {
            SameSite::Every => true,
            SameSite::Reading => is_reading,
            SameSite::None => false,
        }
    }

    /// Returns `true` if the request opens a page in a window, or in a frame where that is allowed.
    fn opens_page(&self, request: &impl RequestParts) -> bool {
        let headers = request.headers();
        let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_page = match only(headers, &DEST) {
            Line::Absent => true,
            Line::Is(b"object" | b"embed") | Line::Repeated => false,
            Line::Is(b"iframe" | b"frame" | b"fencedframe") => self.framing == Framing::Allowed,
            Line::Is(_) => true,
        };
        is_get && is_page && only(headers, &MODE) == Line::Is(b"navigate")
    }

    fn trusts(&self, headers: &HeaderMap) -> bool {
        match only(headers, &header::ORIGIN) {
            Line::Is(origin) => self.trusted.iter().any(|trusted| trusted.as_bytes() == origin),
            Line::Absent | Line::Repeated => false,
        }
    }
}

/// Represents the lines of a header that should have one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Absent,
    Is(&'a [u8]),
    Repeated,
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Line<'a> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (None, _) => Line::Absent,
        (Some(line), None) if line.is_empty() => Line::Absent,
        (Some(line), None) => Line::Is(line.as_bytes()),
        (Some(_), Some(_)) => Line::Repeated,
    }
}
