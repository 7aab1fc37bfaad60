//! Tests the page: all of its links exist, and the policy blocks none of its parts.

use http::{StatusCode, Version};
use serde_json::Value;
use tower_hardening::{assert_csp, assert_grade};

use crate::client::{VERSIONS, ask, get, text, values};
use crate::pleroma::{ephemeral, form, with_settings};
use crate::process::Server;

/// Holds a start tag: its name, the words outside quotes, and the attributes that have a value.
struct Tag<'a> {
    name: &'a str,
    words: Vec<&'a str>,
    attributes: Vec<(&'a str, &'a str)>,
    /// The text up to the next tag.
    text: &'a str,
}

impl<'a> Tag<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    page.split('<').skip(1).filter(|tag| !tag.starts_with(['/', '!'])).map(|tag| {
        let (tag, text) = tag.split_once('>').unwrap();
        let parts: Vec<&str> = tag.split('"').collect();
        let words: Vec<&str> = parts.iter().step_by(2).flat_map(|part| part.split(' ')).collect();
        let attributes = parts
            .chunks_exact(2)
            .map(|pair| (pair[0].rsplit(' ').next().unwrap().trim_end_matches('='), pair[1]));
        Tag { name: words[0], attributes: attributes.collect(), words, text }
    })
}

async fn page(server: &Server) -> String {
    let response = server.ask(get("/")).await;
    assert_grade!(response, "A+");
    assert_csp!(response, "script-src", "'self'");
    assert_eq!(values(response.headers(), "content-type"), ["text/html; charset=utf-8"]);
    text(&response).to_owned()
}

/// Returns the file at a path, whose type must match the extension.
async fn asset(server: &Server, path: &str) -> String {
    let expected = match path.rsplit('.').next().unwrap() {
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "webmanifest" => "application/manifest+json",
        other => panic!("no type is known for .{other}"),
    };
    let response = server.ask(get(path)).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(values(response.headers(), "content-type"), [expected], "{path}");
    text(&response).to_owned()
}

#[tokio::test]
async fn every_asset_of_the_page_is_on_the_site_and_has_its_type() {
    let server = ephemeral();
    let page = page(&server).await;
    let mut assets = Vec::new();
    for tag in tags(&page) {
        for name in ["src", "href"] {
            assets.extend(tag.attribute(name));
        }
    }
    assets.sort_unstable();
    assets.dedup();
    let expected = ["icon.svg", "instance.css", "instance.js", "instance.webmanifest"];
    assert_eq!(assets, expected.map(|name| format!("/static/{name}")));
    for path in assets {
        let asset = asset(&server, path).await;
        assert!(!asset.contains("url(") && !asset.contains("@import"), "{path}");
    }

    let manifest = asset(&server, "/static/instance.webmanifest").await;
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    for icon in manifest["icons"].as_array().unwrap() {
        asset(&server, icon["src"].as_str().unwrap()).await;
    }
    let start = manifest["start_url"].as_str().unwrap();
    assert_eq!(server.ask(get(start)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_address_that_forms_and_scripts_ask_exists() {
    let server = ephemeral();
    let page = page(&server).await;
    let script = asset(&server, "/static/instance.js").await;
    let actions =
        tags(&page).flat_map(|tag| [tag.attribute("action"), tag.attribute("formaction")]);
    let fetched = script.split("/api/v1/").skip(1).map(|rest| {
        let end = rest.find(|end: char| !end.is_ascii_alphanumeric() && end != '_').unwrap();
        format!("/api/v1/{}", &rest[..end])
    });
    let mut all: Vec<String> = actions.flatten().map(str::to_owned).chain(fetched).collect();
    all.sort_unstable();
    all.dedup();
    let expected =
        ["accounts", "media", "sign_in", "sign_out", "statuses", "streaming", "timeline"];
    assert_eq!(all, expected.map(|name| format!("/api/v1/{name}")));
    for path in all {
        assert_ne!(server.ask(get(&path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn nothing_in_the_page_is_inline() {
    let server = ephemeral();
    let page = page(&server).await;
    for tag in tags(&page) {
        assert_ne!(tag.name, "style");
        for word in &tag.words {
            let inline = ["on", "style", "srcdoc"].iter().any(|name| word.starts_with(name));
            assert!(!inline, "<{} {word}", tag.name);
        }
        for (name, value) in &tag.attributes {
            assert!(!value.starts_with("javascript:"), "{name}");
        }
        if tag.name == "script" {
            assert!(tag.attribute("src").is_some() && tag.text.is_empty());
        }
    }
    let script = asset(&server, "/static/instance.js").await;
    for stopped in
        ["eval(", "new Function", "innerHTML", ".style", "document.write", "http:", "//cdn"]
    {
        assert!(!script.contains(stopped), "{stopped}");
    }
}

#[tokio::test]
async fn browsers_keep_the_assets_for_minutes_and_no_error() {
    let server = ephemeral();
    for path in ["/static/instance.css", "/static/instance.js", "/static/icon.svg"] {
        let response = server.ask(get(path)).await;
        assert_eq!(values(response.headers(), "cache-control"), ["public, max-age=300"], "{path}");
    }
    let missing = server.ask(get("/static/missing.css")).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(values(missing.headers(), "cache-control"), [""; 0]);
}

/// The script tells a person before an upload if others will see the file or save it.
#[tokio::test]
async fn the_page_knows_the_types_that_are_shown_under_the_settings() {
    let shown = async |server: Server| {
        let page = page(&server).await;
        let all = tags(&page).find_map(|tag| tag.attribute("data-shown").map(str::to_owned));
        all.unwrap().split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let default = shown(ephemeral()).await;
    assert!(default.contains(&"image/svg+xml".to_owned()), "{default:?}");
    assert!(!default.contains(&"text/plain".to_owned()), "{default:?}");
    let more = shown(with_settings("[media]\nallow = [\"pdf\", \"text\"]")).await;
    for name in ["application/pdf", "text/plain"] {
        assert!(more.contains(&name.to_owned()), "{more:?}");
    }
}

/// FOUND K10: a page that needs its script says so where there is none.
#[tokio::test]
async fn the_page_has_a_description_words_without_scripts_and_sizes_of_pictures() {
    let server = ephemeral();
    let page = page(&server).await;
    let all: Vec<_> = tags(&page).collect();
    let is_description = |tag: &Tag<'_>| tag.attribute("name") == Some("description");
    assert!(all.iter().any(|tag| tag.name == "meta" && is_description(tag)));
    assert!(page.contains("<noscript><p class=\"card\">This page needs JavaScript"));
    for image in all.iter().filter(|tag| tag.name == "img") {
        assert!(image.attribute("width").is_some() && image.attribute("height").is_some());
    }
}

#[tokio::test]
async fn the_page_names_the_signed_in_user() {
    let server = ephemeral();
    assert!(page(&server).await.contains(r#"<body data-account="">"#));
    let cookie = server.register("alice").await;
    let mut request = get("/");
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let response = server.ask(request).await;
    assert!(text(&response).contains(r#"<body data-account="alice">"#));
    assert_eq!(values(response.headers(), "cache-control"), ["no-store"]);
}

#[tokio::test]
async fn names_that_a_page_would_read_are_refused() {
    let server = ephemeral();
    for name in ["%22%3E%3Cscript%3E", "a+b", "", "%7Bnonce%7D", &"a".repeat(31)] {
        let body = format!("name={name}&password=correct+horse");
        let status = server.ask(form("/api/v1/accounts", "", &body)).await.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
    }
}

/// Returns the nonce in the policy of the page, which must be that of its tags.
async fn nonce(server: &Server, version: Version) -> String {
    let response = ask(server.address, version, get("/")).await;
    let [policy] = values(response.headers(), "content-security-policy")[..] else {
        panic!("not one policy: {response:?}");
    };
    let (before, rest) = policy.split_once("'nonce-").unwrap();
    let (nonce, after) = rest.split_once('\'').unwrap();
    assert_eq!(before, "default-src 'none'; script-src 'self' ");
    assert!(after.starts_with(" 'strict-dynamic'; style-src 'self'; "), "{policy}");
    assert!(nonce.len() >= 22, "128 bits are 22 characters: {nonce}");
    let tags: Vec<(&str, Option<&str>)> = tags(text(&response))
        .filter(|tag| tag.name == "script" || tag.attribute("rel") == Some("stylesheet"))
        .map(|tag| (tag.name, tag.attribute("nonce")))
        .collect();
    assert_eq!(tags, [("link", Some(nonce)), ("script", Some(nonce))]);
    nonce.to_owned()
}

#[tokio::test]
async fn the_strict_profile_s_nonce_is_in_the_tags_and_new_each_time() {
    let server = with_settings("profile = \"strict\"");
    let mut nonces = Vec::new();
    for version in VERSIONS {
        for _ in 0..3 {
            nonces.push(nonce(&server, version).await);
        }
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 6);
    assert!(!page(&ephemeral()).await.contains("nonce"), "the guide has none");
}
