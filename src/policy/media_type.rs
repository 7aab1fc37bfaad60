//! Defines the types of files that browsers show, and a safe policy for each.

use std::{fmt, str::FromStr};

use crate::error::{ParseError, did_you_mean};

/// Names a type of file that [`Media`](crate::media::Media) sends as an attachment
/// unless it is [allowed](crate::media::Media::allow).
///
/// `FromStr` and `Display` use the words of the settings file: `pdf`, `text`, `webvtt`, `hls`.
///
/// ```
/// use tower_hardening::media::{Media, MediaType};
///
/// let uploads = Media::uploads().allow(MediaType::Pdf).allow(MediaType::WebVtt);
/// assert_eq!("webvtt".parse(), Ok(MediaType::WebVtt));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MediaType {
    /// Allows `application/pdf`.
    ///
    /// WebKitGTK 2.50 shows a blank page for a PDF in a sandbox, so a PDF is sent without one. The
    /// cost is that the document has the origin of its host, and only `default-src 'none'` and
    /// `nosniff` prevent it from being a page there. A script inside the PDF runs in the browser's
    /// viewer, without access to pages and cookies. Allow PDFs only on a host that serves nothing
    /// but files.
    Pdf,
    /// Allows `text/plain`, which is shown as text and never as anything else,
    /// because of `nosniff`.
    PlainText,
    /// Allows `text/vtt`, the captions for a `<track>`.
    ///
    /// A page on the same origin needs nothing else. On another origin its `<video>` needs
    /// `crossorigin`, and the responses for the video and for the captions need
    /// `Access-Control-Allow-Origin`, which a layer such as tower-http's `CorsLayer` sends.
    WebVtt,
    /// Allows playlists of HTTP Live Streaming:
    /// `application/vnd.apple.mpegurl`, `application/x-mpegurl`, `audio/mpegurl` and
    /// `audio/x-mpegurl`.
    ///
    /// Chromium plays a playlist that is opened by itself, with segments of its own origin only. A
    /// player in a page depends on the page's `media-src` and `connect-src`, and on CORS as
    /// described for [`WebVtt`](Self::WebVtt).
    HlsPlaylist,
}

impl MediaType {
    const ALL: [Self; 4] = [Self::Pdf, Self::PlainText, Self::WebVtt, Self::HlsPlaylist];

    /// Returns the word of the settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::PlainText => "text",
            Self::WebVtt => "webvtt",
            Self::HlsPlaylist => "hls",
        }
    }

    /// Returns the content types, the registered one first.
    const fn essences(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["application/pdf"],
            Self::PlainText => &["text/plain"],
            Self::WebVtt => &["text/vtt"],
            Self::HlsPlaylist => &[
                "application/vnd.apple.mpegurl",
                "application/x-mpegurl",
                "audio/mpegurl",
                "audio/x-mpegurl",
            ],
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MediaType {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or_else(|| {
            let all = "write 'pdf', 'text', 'webvtt' or 'hls'";
            let remedy = did_you_mean(text, &Self::ALL.map(Self::as_str), all);
            ParseError::new("media type", 0, format!("'{text}' cannot be allowed{remedy}"))
        })
    }
}

/// Classifies how a browser shows a file; each class has a policy under which
/// no script in the file runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Raster,
    Svg,
    AudioOrVideo,
    Allowed(MediaType),
}

/// The policy for a file that is not shown.
pub(super) const LOCKED: &str = "default-src 'none'; sandbox";
const VIEWED: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
const SVG: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const PLAYED: &str = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; \
                      sandbox allow-same-origin";
const PDF: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";

impl Shown {
    /// Returns the class of a type that at least one engine shows by itself;
    /// `None` for other types.
    pub(super) fn of(essence: &[u8]) -> Option<Self> {
        let is = |known: &&str| essence.eq_ignore_ascii_case(known.as_bytes());
        let group = match essence.first().map(u8::to_ascii_lowercase) {
            Some(b'i') if is(&"image/svg+xml") => Some(Self::Svg),
            Some(b'i') => RASTER_TYPES.iter().any(is).then_some(Self::Raster),
            Some(b'a') => AUDIO_TYPES.iter().any(is).then_some(Self::AudioOrVideo),
            Some(b'v') => VIDEO_TYPES.iter().any(is).then_some(Self::AudioOrVideo),
            _ => None,
        };
        let allowed = || MediaType::ALL.into_iter().find(|kind| kind.essences().iter().any(is));
        group.or_else(|| allowed().map(Self::Allowed))
    }

    pub(super) const fn policy(self) -> &'static str {
        match self {
            Self::Raster | Self::Allowed(MediaType::PlainText | MediaType::WebVtt) => VIEWED,
            Self::Svg => SVG,
            Self::AudioOrVideo | Self::Allowed(MediaType::HlsPlaylist) => PLAYED,
            Self::Allowed(MediaType::Pdf) => PDF,
        }
    }
}

static RASTER_TYPES: [&str; 16] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/apng",
    "image/bmp",
    "image/x-icon",
    "image/vnd.microsoft.icon",
    "image/jpg",
    "image/pjpeg",
    "image/x-ms-bmp",
    "image/jxl",
    "image/heic",
    "image/heif",
    "image/tiff",
];

static AUDIO_TYPES: [&str; 21] = [
    "audio/mpeg",
    "audio/mp3",
    "audio/mp4",
    "audio/x-m4a",
    "audio/m4a",
    "audio/aac",
    "audio/aacp",
    "audio/ogg",
    "audio/opus",
    "audio/webm",
    "audio/flac",
    "audio/x-flac",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/vnd.wave",
    "audio/3gpp",
    "audio/aiff",
    "audio/x-aiff",
    "audio/x-caf",
    "audio/matroska",
];

static VIDEO_TYPES: [&str; 11] = [
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/quicktime",
    "video/x-m4v",
    "video/3gpp",
    "video/3gpp2",
    "video/mpeg",
    "video/mp2t",
    "video/matroska",
    "video/x-matroska",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_in_one_list_in_lower_case() {
        let allowed = MediaType::ALL.iter().flat_map(|kind| kind.essences());
        let lists = RASTER_TYPES.iter().chain(&AUDIO_TYPES).chain(&VIDEO_TYPES).chain(allowed);
        let mut all: Vec<&str> = lists.chain(&["image/svg+xml"]).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|essence| !essence.contains(char::is_uppercase)));
    }

    #[test]
    fn a_word_of_the_settings_prints_and_reads_the_same() {
        for kind in MediaType::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for (text, error) in [
            ("pdff", "media type, byte 0: 'pdff' cannot be allowed; did you mean 'pdf'?"),
            (
                "text/html",
                "media type, byte 0: 'text/html' cannot be allowed; write 'pdf', 'text', 'webvtt' or 'hls'",
            ),
        ] {
            assert_eq!(text.parse::<MediaType>().unwrap_err().to_string(), error);
        }
    }
}
