//! The content types that uploads may have; whatever is none of these is `application/octet-stream`.

/// One content type, and the file extension that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MediaType {
    pub(crate) name: &'static str,
    pub(crate) extension: &'static str,
}

/// For everything else: a browser saves it, and does not open it.
pub(crate) const OCTET_STREAM: MediaType = media("application/octet-stream", "bin");

const SVG: MediaType = media("image/svg+xml", "svg");

/// Where in the bytes which type shows itself.
const SIGNATURES: [(usize, &[u8], MediaType); 14] = [
    (0, b"\x89PNG\r\n\x1a\n", media("image/png", "png")),
    (0, b"\xff\xd8\xff", media("image/jpeg", "jpg")),
    (0, b"GIF87a", media("image/gif", "gif")),
    (0, b"GIF89a", media("image/gif", "gif")),
    (8, b"WEBP", media("image/webp", "webp")),
    (4, b"ftypavif", media("image/avif", "avif")),
    (4, b"ftypM4A", media("audio/mp4", "m4a")),
    (4, b"ftyp", media("video/mp4", "mp4")),
    (0, b"\x1a\x45\xdf\xa3", media("video/webm", "webm")),
    (0, b"OggS", media("audio/ogg", "ogg")),
    (0, b"fLaC", media("audio/flac", "flac")),
    (8, b"WAVE", media("audio/wav", "wav")),
    (0, b"ID3", media("audio/mpeg", "mp3")),
    (0, b"\xff\xfb", media("audio/mpeg", "mp3")),
];

impl MediaType {
    /// What the bytes are. Where they are silent the declaration counts, if it is one of ours: `nosniff`
    /// keeps browsers to it. Markup is an SVG that says so, or nothing that a browser opens.
    pub(crate) fn of(bytes: &[u8], declared: Option<&str>) -> Self {
        if let Some(shown) = signature(bytes) {
            return shown;
        }
        let markup = bytes.trim_ascii_start().starts_with(b"<");
        SIGNATURES
            .iter()
            .map(|(_, _, known)| *known)
            .chain([SVG])
            .find(|known| declared == Some(known.name) && markup == (*known == SVG))
            .unwrap_or(OCTET_STREAM)
    }

    /// Whether a page may show it: pictures, sound and film.
    pub(crate) fn is_shown(content_type: &str) -> bool {
        content_type != OCTET_STREAM.name
    }
}

fn signature(bytes: &[u8]) -> Option<MediaType> {
    let here = |offset: usize, signature: &[u8]| {
        bytes.get(offset..).is_some_and(|rest| rest.starts_with(signature))
    };
    SIGNATURES
        .iter()
        .find(|(offset, signature, _)| here(*offset, signature))
        .map(|(_, _, known)| *known)
}

const fn media(name: &'static str, extension: &'static str) -> MediaType {
    MediaType { name, extension }
}
