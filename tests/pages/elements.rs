//! Tests what the check finds in elements and attributes.

use super::{NOTHING, blocked};

#[track_caller]
fn finds(html: &str, expected: &[&str]) {
    assert_eq!(blocked(html, NOTHING), expected, "{html}");
}

#[test]
fn scripts_are_found_in_html_and_in_svg() {
    let found = &["script default-src https://own.example/docs/a.js"];
    finds("<script src=a.js></script>", found);
    finds("<script src=' a.js\n' type=module async>x()</script>", found);
    finds("<svg><script href=a.js /></svg>", found);
    finds("<svg><script xlink:href='a.js'></script></svg>", found);
    finds("<script>x()</script>", &["inline-script default-src"]);
    finds("<script type='text/JavaScript'>x()</script>", &["inline-script default-src"]);
    finds("<script language=javascript>x()</script>", &["inline-script default-src"]);
    finds("<script type=importmap>{}</script>", &["import-map default-src"]);
    finds("<script type=speculationrules>{}</script>", &["speculation-rules default-src"]);
    for nothing in [
        "<script></script>",
        "<script src=''>x()</script>",
        "<script type='application/json'>{}</script>",
        "<script type='text/template'><img src=a.png></script>",
        "<script nomodule src=old.js></script>",
        "<template><script src=a.js></script></template>",
        "<!-- <script src=a.js></script> -->",
        "<textarea><script src=a.js></script></textarea>",
        "<noembed><img src=a.png></noembed>",
    ] {
        finds(nothing, &[]);
    }
}

#[test]
fn the_content_of_a_noscript_element_is_checked() {
    finds(
        "<noscript><img src=/pixel.gif></noscript>",
        &["image default-src https://own.example/pixel.gif"],
    );
    finds("<template><noscript><img src=/pixel.gif></noscript></template>", &[]);
}

#[test]
fn handlers_and_style_attributes_are_found() {
    finds(
        "<p onclick='a()' onfocus=b() once=c() @click=d() style='color:red'>",
        &["event-handler default-src", "event-handler default-src", "style-attribute default-src"],
    );
    finds("<a href=' JavaScript:x()'>", &["javascript-url default-src javascript:x()"]);
    finds(
        "<iframe src='java\nscript:x()'></iframe>",
        &["javascript-url default-src javascript:x()"],
    );
    finds("<a href=https://any.example>", &[]);
}

#[test]
fn images_and_media_are_found_in_every_attribute() {
    for html in [
        "<img src=a.png>",
        "<img srcset='a.png 2x'>",
        "<picture><source srcset=a.png></picture>",
        "<input type=IMAGE src=a.png>",
        "<video poster=a.png></video>",
        "<svg><image href=a.png /></svg>",
        "<svg><use xlink:href='a.png#id' /></svg>",
        "<body background=a.png>",
        "<link rel=preload as=image imagesrcset='a.png 1x'>",
    ] {
        finds(html, &["image default-src https://own.example/docs/a.png"]);
    }
    finds(
        "<img src=a.png srcset='b.png 2x, c.png 3x'>",
        &[
            "image default-src https://own.example/docs/a.png",
            "image default-src https://own.example/docs/b.png",
            "image default-src https://own.example/docs/c.png",
        ],
    );
    finds(
        "<video src=a.mp4><track src=a.vtt></video><audio><source src=a.ogg></audio>",
        &[
            "media default-src https://own.example/docs/a.mp4",
            "track default-src https://own.example/docs/a.vtt",
            "media default-src https://own.example/docs/a.ogg",
        ],
    );
    finds("<svg><use href='#id' /></svg><img src=''><img>", &[]);
}

#[test]
fn links_are_found_by_their_relation() {
    for (html, found) in [
        ("<link rel=stylesheet href=x>", "style default-src"),
        ("<link rel='shortcut ICON' href=x>", "icon default-src"),
        ("<link rel=manifest href=x>", "manifest default-src"),
        ("<link rel=prefetch href=x>", "prefetch default-src"),
        ("<link rel=preload as=font href=x>", "preload default-src"),
        ("<link rel=modulepreload href=x>", "preload default-src"),
    ] {
        finds(html, &[&format!("{found} https://own.example/docs/x")]);
    }
    finds("<link rel='canonical next dns-prefetch preconnect' href=https://a.example>", &[]);
}

#[test]
fn frames_objects_forms_and_bases_are_found() {
    finds("<iframe src=//a.example/x></iframe>", &["frame default-src https://a.example/x"]);
    finds("<object data=x.swf></object>", &["object default-src https://own.example/docs/x.swf"]);
    finds("<embed src=x.pdf>", &["embed default-src https://own.example/docs/x.pdf"]);
    finds("<form action=/send></form>", &["form form-action https://own.example/send"]);
    finds("<form></form>", &["form form-action https://own.example/docs/page"]);
    finds("<form method=dialog></form>", &[]);
    finds("<button formaction=/other>", &["form form-action https://own.example/other"]);
    finds("<iframe src=about:blank></iframe><iframe></iframe>", &[]);
    finds(
        "<iframe srcdoc='<img src=a.png>'></iframe>",
        &["image default-src https://own.example/docs/a.png"],
    );
}

#[test]
fn a_blocked_base_is_one_entry_and_does_not_change_later_urls() {
    let html = "<base href=https://cdn.example/x/><base href=/y/><img src=a.png>";
    finds(
        html,
        &[
            "base base-uri https://cdn.example/x/",
            "image default-src https://own.example/docs/a.png",
        ],
    );
    let allowed = blocked(html, "default-src 'none'");
    assert_eq!(allowed, ["image default-src https://cdn.example/x/a.png"]);
}

#[test]
fn a_policy_of_a_meta_element_applies_to_what_follows_it() {
    let meta = "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; sandbox\">";
    let image = "<img src=a.png>";
    let expected = ["image img-src https://own.example/docs/a.png"];
    assert_eq!(blocked(&format!("{meta}<script>x()</script>{image}"), "font-src *"), expected);
    assert!(blocked(&format!("{image}{meta}"), "font-src *").is_empty());
    assert!(blocked(&format!("<body>{meta}{image}"), "font-src *").is_empty());
    // A comma does not start another policy there.
    let list = meta.replace("'none'", "'none', *");
    assert!(blocked(&format!("{list}{image}"), "font-src *").is_empty());
}

#[test]
fn urls_of_style_sheets_are_found_where_the_style_applies() {
    let html = "<style>@import 'a.css'; p { background: url(b.png) }</style>\
                <p style='background: url(c.png)'>";
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    assert_eq!(
        blocked(html, policy),
        [
            "style style-src https://own.example/docs/a.css",
            "image default-src https://own.example/docs/b.png",
            "image default-src https://own.example/docs/c.png",
        ]
    );
    finds(html, &["inline-style default-src", "style-attribute default-src"]);
}

#[test]
fn a_nonce_counts_unless_markup_was_injected_before_it() {
    let policy = "script-src 'nonce-abc'";
    assert!(blocked("<script nonce=abc>x()</script>", policy).is_empty());
    let expected = ["inline-script script-src"];
    assert_eq!(blocked("<script x='<script' nonce=abc>x()</script>", policy), expected);
    assert_eq!(blocked("<script nonce=abc x=1 x=2>x()</script>", policy), expected);
}

#[test]
fn character_references_are_decoded() {
    finds(
        "<img src='/a?b&amp;c=&#x64;'><p onclick='a(&quot;&quot;)'>",
        &["image default-src https://own.example/a?b&c=d", "event-handler default-src"],
    );
    let hash = tower_hardening::csp::Source::sha256("a(\"\")");
    let policy = format!("script-src 'unsafe-hashes' {hash}");
    assert!(blocked("<p onclick='a(&quot;&quot;)'>", &policy).is_empty());
}

#[test]
fn ancestors_and_reports_make_no_entry() {
    let policy = "frame-ancestors 'none'; report-uri /r; report-to r";
    assert!(blocked("<p>text", policy).is_empty());
}
