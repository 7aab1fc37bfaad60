//! Files that users uploaded.

use crate::{ContentSecurityPolicy, ContentTypeOptions, FixedHeader, Hardening};

impl Hardening {
    /// For what users uploaded: a file opened by itself runs nothing and is in no origin.
    ///
    /// Put a layer of it inside the site's own, around the files: its policies then win. Other
    /// sites may show the files (`Cross-Origin-Resource-Policy: cross-origin`).
    pub fn media() -> Self {
        Self::new()
            .with(ContentSecurityPolicy::from_static("default-src 'none'; sandbox"))
            .with(ContentTypeOptions::NOSNIFF)
            .with(FixedHeader::from_static("cross-origin-resource-policy", "cross-origin"))
    }
}
