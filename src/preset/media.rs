//! Files that users uploaded.

use crate::{ContentSecurityPolicy, ContentTypeOptions, FixedHeader, Hardening};

impl Hardening {
    /// The headers for what users uploaded: a file opened by itself runs nothing and is in no origin.
    ///
    /// For a service that answers files and nothing else, and is sure of their types. A
    /// [`MediaLayer`](crate::MediaLayer) right around the files sends the same, corrects types and names as
    /// well, and stands whatever is around it.
    ///
    /// Other sites may show the files (`Cross-Origin-Resource-Policy: cross-origin`), and browsers may
    /// open them: they do not open what is sandboxed where `Cross-Origin-Opener-Policy` is anything but
    /// `unsafe-none`.
    pub fn media() -> Self {
        Self::new()
            .with(ContentSecurityPolicy::from_static("default-src 'none'; sandbox"))
            .with(ContentTypeOptions::NOSNIFF)
            .with(FixedHeader::from_static("cross-origin-resource-policy", "cross-origin"))
            .with(FixedHeader::from_static("cross-origin-opener-policy", "unsafe-none"))
    }
}
