//! Defines the preset for files that users uploaded.

use crate::policy::{
    csp::ContentSecurityPolicy,
    hardening::Hardening,
    header::{ContentTypeOptions, CrossOriginOpenerPolicy, CrossOriginResourcePolicy},
};

impl Hardening {
    /// Returns the headers for files that users uploaded. A file that is
    /// opened by itself runs nothing and has no origin.
    ///
    /// This is one policy for every file. Use it for a service that sends only files, and whose
    /// content types are reliable. **Audio and video need a [`MediaLayer`](crate::media::MediaLayer)**:
    /// under this policy Chromium and WebKit do not play them when they are opened by themselves,
    /// an SVG loses its inline styles, and an image is not centred. Inside a page all of them work,
    /// because the page's own policy applies there. A [`MediaLayer`](crate::media::MediaLayer) around the
    /// files has a policy for each type, also corrects types and names, and applies regardless of
    /// the layers around it.
    ///
    /// Other sites may show the files (`Cross-Origin-Resource-Policy: cross-origin`). Browsers do
    /// not open a document in a sandbox with a `Cross-Origin-Opener-Policy` other than
    /// `unsafe-none`.
    pub fn media() -> Self {
        Self::empty()
            .with(ContentSecurityPolicy::from_static("default-src 'none'; sandbox"))
            .with(ContentTypeOptions::NOSNIFF)
            .with(CrossOriginResourcePolicy::CROSS_ORIGIN)
            .with(CrossOriginOpenerPolicy::UNSAFE_NONE)
    }
}
