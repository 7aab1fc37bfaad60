//! Lists the kinds of loads that a page makes.

/// Names a kind of load: the purpose for which a page fetches a URL
/// ([Fetch](https://fetch.spec.whatwg.org/#concept-request-destination)).
///
/// ```
/// use tower_hardening::csp::Destination;
///
/// assert_eq!(Destination::Image.directive(), Some("img-src"));
/// assert_eq!(Destination::Worker.directive(), Some("worker-src"));
/// // No policy limits where reports are sent.
/// assert_eq!(Destination::Report.directive(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// A request of a script: `fetch`, `XMLHttpRequest`, `EventSource`, a WebSocket, a beacon, and
    /// the `ping` of a link.
    Connect,
    /// A script, a module, and what it imports.
    Script,
    /// An audio worklet.
    AudioWorklet,
    /// A paint worklet.
    PaintWorklet,
    /// An XSLT style sheet.
    Xslt,
    /// A dedicated worker.
    Worker,
    /// A shared worker.
    SharedWorker,
    /// A service worker.
    ServiceWorker,
    /// A style sheet.
    Style,
    /// An image, an icon, and the image of a style sheet.
    Image,
    /// A font.
    Font,
    /// The sound of an `<audio>`.
    Audio,
    /// The film of a `<video>`.
    Video,
    /// The subtitles of a `<track>`.
    Track,
    /// A web application's manifest.
    Manifest,
    /// The content of an `<object>`.
    Object,
    /// The content of an `<embed>`.
    Embed,
    /// The page in a `<frame>` or an `<iframe>`.
    Frame,
    /// The page in a `<fencedframe>`.
    FencedFrame,
    /// A JSON module.
    Json,
    /// A resource that is fetched before it is needed: `prefetch`, `prerender`, speculation rules.
    Prefetch,
    /// A report, such as that of a violation.
    Report,
}

impl Destination {
    /// Returns the directive that limits this kind of load, unless a policy has only one of its
    /// fallbacks (CSP3 section 6.8.1).
    pub const fn directive(&self) -> Option<&'static str> {
        Some(match self {
            Self::Connect | Self::Json => "connect-src",
            Self::Script | Self::AudioWorklet | Self::PaintWorklet | Self::Xslt => {
                "script-src-elem"
            }
            Self::Worker | Self::SharedWorker | Self::ServiceWorker => "worker-src",
            Self::Style => "style-src-elem",
            Self::Image => "img-src",
            Self::Font => "font-src",
            Self::Audio | Self::Video | Self::Track => "media-src",
            Self::Manifest => "manifest-src",
            Self::Object | Self::Embed => "object-src",
            Self::Frame => "frame-src",
            Self::FencedFrame => "fenced-frame-src",
            Self::Prefetch => "default-src",
            Self::Report => return None,
        })
    }

    /// Returns `true` if the load runs as script, so that nonces and hashes of files apply.
    pub(super) fn is_script_like(self) -> bool {
        matches!(self.directive(), Some("script-src-elem" | "worker-src"))
    }
}
