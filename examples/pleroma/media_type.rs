//! Lists the content types that uploads may have. Any other upload is `application/octet-stream`.

use tower_hardening::media::{Media, MediaType};

/// Holds one content type and its file extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileType {
    pub(crate) name: &'static str,
    pub(crate) extension: &'static str,
    /// Set if the type is shown only where the settings allow it.
    choice: Option<MediaType>,
}

/// The type of all other files. A browser saves such a file and does not open it.
pub(crate) const OCTET_STREAM: FileType = media("application/octet-stream", "bin");

const SVG: FileType = media("image/svg+xml", "svg");
const TEXT: FileType = by_choice("text/plain; charset=utf-8", "txt", MediaType::PlainText);
const VTT: FileType = by_choice("text/vtt; charset=utf-8", "vtt", MediaType::WebVtt);

/// The bytes that identify each type, and their position.
const SIGNATURES: [(usize, &[u8], FileType); 18] = [
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
    (0, b"%PDF-", by_choice("application/pdf", "pdf", MediaType::Pdf)),
    (0, b"WEBVTT", VTT),
    (0, b"\xef\xbb\xbfWEBVTT", VTT),
    (0, b"#EXTM3U", by_choice("application/vnd.apple.mpegurl", "m3u8", MediaType::HlsPlaylist)),
];

impl FileType {
    /// Returns the type of the bytes.
    ///
    /// If the bytes do not identify a type, the declared type applies if it is in the list: because of `nosniff`
    /// browsers use it. Markup is an SVG if it is declared as one, or else a type that no browser opens.
    pub(crate) fn of(bytes: &[u8], declared: Option<&str>, policy: &Media) -> Self {
        let shown = signature(bytes).or_else(|| self::declared(bytes, declared?));
        shown.filter(|shown| shown.is_allowed(policy)).unwrap_or(OCTET_STREAM)
    }

    /// Returns `true` if browsers show files of the content type.
    pub(crate) fn is_shown(content_type: &str, policy: &Media) -> bool {
        let mut known = all().filter(|known| known.name == content_type);
        known.any(|known| known.is_allowed(policy))
    }

    /// Returns the content types of files that browsers show, without parameters.
    pub(crate) fn shown(policy: &Media) -> impl Iterator<Item = &'static str> {
        let allowed = all().filter(|known| known.is_allowed(policy));
        allowed.filter_map(|known| known.name.split(';').next())
    }

    fn is_allowed(self, policy: &Media) -> bool {
        self.choice.is_none_or(|choice| policy.allows(choice))
    }
}

/// Returns every type that browsers show.
fn all() -> impl Iterator<Item = FileType> {
    SIGNATURES.into_iter().map(|(_, _, known)| known).chain([SVG, TEXT])
}

fn signature(bytes: &[u8]) -> Option<FileType> {
    let here = |offset: usize, signature: &[u8]| {
        bytes.get(offset..).is_some_and(|rest| rest.starts_with(signature))
    };
    SIGNATURES
        .iter()
        .find(|(offset, signature, _)| here(*offset, signature))
        .map(|(_, _, known)| *known)
}

fn declared(bytes: &[u8], declared: &str) -> Option<FileType> {
    let markup = bytes.trim_ascii_start().starts_with(b"<");
    let text = || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    let essence = |content_type: &str| content_type.split(';').next().map(str::to_owned);
    all().filter(|known| essence(known.name) == essence(declared)).find(|known| match *known {
        SVG => markup,
        TEXT => text(),
        _ => !markup,
    })
}

const fn media(name: &'static str, extension: &'static str) -> FileType {
    FileType { name, extension, choice: None }
}

const fn by_choice(name: &'static str, extension: &'static str, choice: MediaType) -> FileType {
    FileType { name, extension, choice: Some(choice) }
}
