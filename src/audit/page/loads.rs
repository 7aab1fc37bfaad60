//! Collects images, media, frames, links and plug-ins.

use super::{collector::Collector, markup::Element, nesting::Place, srcset};
use crate::policy::csp::{
    Destination::{self, *},
    Load,
};

/// Elements with an attribute that is loaded: the kind in the answer, and the purpose.
const ATTRIBUTES: &[(&str, &str, &str, Destination)] = &[
    ("audio", "src", "media", Audio),
    ("body", "background", "image", Image),
    ("embed", "src", "embed", Embed),
    ("frame", "src", "frame", Frame),
    ("image", "href", "image", Image),
    ("image", "xlink:href", "image", Image),
    ("img", "src", "image", Image),
    ("feimage", "href", "image", Image),
    ("feimage", "xlink:href", "image", Image),
    ("object", "data", "object", Object),
    ("source", "src", "media", Video),
    ("table", "background", "image", Image),
    ("td", "background", "image", Image),
    ("th", "background", "image", Image),
    ("track", "src", "track", Track),
    ("use", "href", "image", Image),
    ("use", "xlink:href", "image", Image),
    ("video", "poster", "image", Image),
    ("video", "src", "media", Video),
];

/// Collects the loads of an element.
pub(super) fn collect(page: &mut Collector, element: &Element) {
    let name = element.name.as_str();
    for (_, attribute, kind, to) in ATTRIBUTES.iter().filter(|row| row.0 == name) {
        let Some(url) = element.get(attribute) else { continue };
        // SVG refers to parts of its own document, and `href` replaces `xlink:href`.
        let is_own = url.trim_start().starts_with('#');
        let is_replaced = *attribute == "xlink:href" && element.has("href");
        if !is_own && !is_replaced && !is_script_url(&url) {
            page.fetch(kind, *to, &url);
        }
    }
    match name {
        "img" | "source" => candidates(page, element, "srcset"),
        "link" if element.place != Place::Foreign => link(page, element),
        "input" if is(element, "type", "image") => {
            let url = element.get("src").unwrap_or_default();
            page.fetch("image", Image, &url);
        }
        "iframe" if !element.has("srcdoc") => {
            let url = element.get("src").filter(|url| !is_script_url(url)).unwrap_or_default();
            page.fetch("frame", Frame, &url);
        }
        "a" | "area" => ping(page, element),
        _ => {}
    }
}

/// Collects every candidate of an image. The browser chooses one.
fn candidates(page: &mut Collector, element: &Element, attribute: &str) {
    let candidates = element.get(attribute).unwrap_or_default();
    for url in srcset::urls(&candidates) {
        page.fetch("image", Image, url);
    }
}

fn ping(page: &mut Collector, element: &Element) {
    let urls = element.get("ping").filter(|_| element.has("href")).unwrap_or_default();
    for url in urls.split_ascii_whitespace() {
        page.fetch("ping", Connect, url);
    }
}

fn link(page: &mut Collector, element: &Element) {
    let rel = element.get("rel").unwrap_or_default().to_ascii_lowercase();
    let url = element.get("href").unwrap_or_default();
    let nonce = element.nonce();
    let integrity = element.get("integrity").unwrap_or_default();
    let change = |load: Load| load.with_nonce(&nonce).with_integrity(&integrity);
    for word in rel.split_ascii_whitespace() {
        match word {
            "stylesheet" if !element.has("disabled") => {
                page.fetch_with("style", Style, &url, change);
            }
            "icon" => {
                page.fetch("icon", Image, &url);
            }
            "manifest" => {
                page.fetch("manifest", Manifest, &url);
            }
            "prefetch" | "prerender" => {
                page.fetch("prefetch", Prefetch, &url);
            }
            "preload" | "modulepreload" => preload(page, element, word, &url),
            _ => {}
        }
    }
}

fn preload(page: &mut Collector, element: &Element, rel: &str, url: &str) {
    let purpose = element.get("as").unwrap_or_default().to_ascii_lowercase();
    let to = match (purpose.as_str(), rel) {
        ("script", _) | ("", "modulepreload") => Script,
        ("style", _) => Style,
        ("image", _) => Image,
        ("font", _) => Font,
        ("fetch", _) => Connect,
        ("track", _) => Track,
        ("audio", _) => Audio,
        ("video", _) => Video,
        ("worker", _) => Worker,
        ("sharedworker", _) => SharedWorker,
        ("serviceworker", _) => ServiceWorker,
        ("json", _) => Json,
        _ => return,
    };
    let nonce = element.nonce();
    let integrity = element.get("integrity").unwrap_or_default();
    page.fetch_with("preload", to, url, |load| load.with_nonce(&nonce).with_integrity(&integrity));
    if to == Image {
        candidates(page, element, "imagesrcset");
    }
}

fn is(element: &Element, attribute: &str, value: &str) -> bool {
    element.get(attribute).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
}

/// Returns `true` for a URL that runs as script and loads nothing.
pub(super) fn is_script_url(url: &str) -> bool {
    let url: String = url.trim_start_matches(|c: char| c <= ' ').chars().take(24).collect();
    let url = url.replace(['\t', '\n', '\r'], "");
    url.get(.."javascript:".len()).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"))
}
