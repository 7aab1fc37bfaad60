//! Files that users uploaded.

use crate::{ContentSecurityPolicy, ContentTypeOptions, FixedHeader, Hardening};

impl Hardening {
    /// The headers for files that users uploaded: a file opened by itself runs nothing and has no
    /// origin.
    ///
    /// This is one policy for every file, for a service that sends files and nothing else, and is
    /// sure of their types. **Audio and video need a [`MediaLayer`](crate::MediaLayer)**: under this
    /// policy Chromium and WebKit do not play them when they are opened by themselves, an SVG loses
    /// its inline styles, and an image is not centred. Inside a page all of them work, because there
    /// the page's policy counts. A [`MediaLayer`](crate::MediaLayer) around the files has a policy
    /// for each type, corrects types and names as well, and holds whatever is around it.
    ///
    /// Other sites may show the files (`Cross-Origin-Resource-Policy: cross-origin`). Browsers do not
    /// open a document in a sandbox with a `Cross-Origin-Opener-Policy` other than `unsafe-none`.
    pub fn media() -> Self {
        Self::empty()
            .with(ContentSecurityPolicy::from_static("default-src 'none'; sandbox"))
            .with(ContentTypeOptions::NOSNIFF)
            .with(FixedHeader::from_static("cross-origin-resource-policy", "cross-origin"))
            .with(FixedHeader::from_static("cross-origin-opener-policy", "unsafe-none"))
    }
}
