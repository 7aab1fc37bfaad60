//! Lists all rows.

use std::pin::Pin;

use anyhow::Result;

use crate::browser::Browser;

mod applications;
mod attacks;
mod connections;
mod cookies;
mod every_preset;
mod example;
mod features;
mod first_run;
mod headers;
mod isolation;
mod media;
mod person;
mod policies;
mod prefixes;
mod presets;
mod remedies;
mod reports;
mod software;
mod uploads;

/// Holds a promise, and the function that tries it.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The promise as the documentation makes it.
    pub(crate) promise: &'static str,
    pub(crate) run: Run,
}

type Run = for<'a> fn(&'a Browser<'a>) -> Pin<Box<dyn Future<Output = Result<Verdict>> + 'a>>;

/// Represents the result of an engine for a promise. A broken promise is an error.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verdict {
    Kept,
    /// The engine does something else, and the row expects it.
    Differs(&'static str),
}

macro_rules! rows {
    ($($module:ident :: $function:ident: $promise:literal,)*) => {
        pub(crate) const ROWS: &[Row] = &[$(Row {
            name: concat!(stringify!($module), "::", stringify!($function)),
            promise: $promise,
            run: |browser| Box::pin($module::$function(browser)),
        }),*];
    };
}

rows! {
    first_run::loopback: "The example's first run works at http://127.0.0.1:4000.",
    first_run::localhost: "The example's first run works at http://localhost:4000.",
    first_run::ipv6: "The example with `--listen [::1]:4000` works at http://[::1]:4000.",
    first_run::other_address: "The example with `--listen 0.0.0.0:4000` works at another address of the machine.",
    first_run::upgrade_on_an_address_breaks_a_page: "`upgrade-insecure-requests` on a page at an IP address stops its style (the control of the first run).",
    presets::recommended_before_a_directory: "`recommended` before a directory of files: all of a page works without a violation, and an injected script does not run.",
    presets::recommended_before_a_template: "The same before a page of a template, with a picture of another site and a form.",
    presets::recommended_before_one_page: "The same before a single-page application with modules, a WebSocket and routes.",
    presets::strict_before_a_template: "`strict` before a page of a template: scripts with the nonce run without a violation, and an injected one does not.",
    every_preset::recommended: "`recommended` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::owasp: "`owasp` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::strict: "`strict` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::pleroma: "`pleroma` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::pleroma_modern: "`pleroma_modern` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::akkoma: "`akkoma` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::api: "`api` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    every_preset::media: "`media` before a directory, a template and a single-page application written for `recommended`: an injected script does not run, and violations tell what else is stopped.",
    attacks::scripts: "`recommended` stops injected scripts: inline, handler, srcdoc, `javascript:`, base, eval, Function, string timer, foreign, data and blob script, blob worker, markup, foreign style.",
    attacks::requests: "`recommended` stops what sends data elsewhere: fetch, beacon, `<a ping>`, WebSocket to another host and to a sibling, form, a form whose answer redirects, frame, object, font, film.",
    attacks::prefetch: "`owasp` stops a prefetch from elsewhere.",
    attacks::image: "`owasp` stops a picture of another site.",
    headers::framing: "A page with `X-Frame-Options` or `frame-ancestors` is not shown in a frame of another site, and in its own for `SAMEORIGIN` and `'self'` alone.",
    headers::types_are_not_guessed: "With `nosniff` no text runs as a script or applies as a style.",
    headers::https_after_one_visit: "After one visit `Strict-Transport-Security` leads from http to https, and after `max-age=0` no longer.",
    headers::referrer: "`Referrer-Policy` of the guide and of `recommended`: other sites get nothing or the origin, the own site all.",
    features::permissions: "`Permissions-Policy` denies camera, fullscreen, geolocation and synchronous requests.",
    features::origin_agent_cluster: "`Origin-Agent-Cluster` keeps a page of the parent domain out, whatever both set as `document.domain`.",
    features::document_policy: "`Document-Policy` configures a page: the profiler runs with `js-profiling` alone.",
    features::integrity_policy: "`Integrity-Policy` stops a script without a hash, and one with its hash runs.",
    features::mixed_content: "`upgrade-insecure-requests` loads a script of an `http:` URL over https.",
    connections::own_socket: "`recommended` and `strict` allow a WebSocket of the page's own host, over ws and wss; `owasp` over wss.",
    connections::fetch_metadata: "`FetchMetadataLayer` refuses pictures, requests and forms of other sites; links and the own page work.",
    reports::to_a_uri: "Reports to `report-uri` arrive in the engine's own shape, as `application/csp-report`.",
    reports::to_an_endpoint: "Reports to an endpoint of `Reporting-Endpoints` arrive as `application/reports+json`.",
    policies::report_only: "A policy that only reports stops nothing, and its reports arrive.",
    policies::nonces_and_not_modified: "A page with nonces works after a 304, and an injected script does not run.",
    policies::two_lines: "A policy with its nonce in a second line: the script with the nonce runs, and inline scripts and styles do not.",
    policies::trusted_types: "`require-trusted-types-for 'script'` keeps strings out of `innerHTML`, except for the named policy.",
    isolation::resource_policy: "`Cross-Origin-Resource-Policy` keeps a picture out of another site's page, except for `cross-origin`.",
    isolation::cross_origin_isolation: "`Cross-Origin-Opener-Policy` and `Cross-Origin-Embedder-Policy` isolate a page.",
    isolation::opener_policy: "`Cross-Origin-Opener-Policy` takes the site's window from the page of another site that opened it.",
    isolation::clear_site_data: "`Clear-Site-Data` deletes cookies and storage.",
    uploads::taken_for_code: "An upload does not run as script, module, worker, service worker, style, HTML, XHTML, SVG, object or embed of the site.",
    uploads::of_a_media_host: "An upload of a media host does not run as script, module, style, HTML, XHTML, SVG, object or embed in a page of the site.",
    software::rustdoc: "`recommended`, `owasp` and `strict` before the documentation that rustdoc writes.",
    software::mdbook: "`recommended`, `owasp` and `strict` before a book that mdBook writes.",
    software::sphinx: "`recommended`, `owasp` and `strict` before the site that Sphinx writes.",
    software::mkdocs: "`recommended`, `owasp` and `strict` before the site that MkDocs Material writes.",
    software::swagger: "`recommended`, `owasp` and `strict` before Swagger UI as npm has it.",
    software::vite: "`recommended`, `owasp` and `strict` before a React application that Vite builds.",
    software::htmx: "`recommended`, `owasp` and `strict` before a page with htmx.",
    software::datasette: "`recommended`, `owasp` and `strict` before the server of Datasette.",
    cookies::planted_by_a_sibling: "A sibling's `__Host-` cookie with a `Domain` never reaches the application.",
    cookies::two_sessions: "Two guarded cookies reach the application next to planted ones of the same names, and one of them can be deleted.",
    prefixes::each_rule: "Browsers store no cookie that lacks what `__Host-`, `__Secure-`, `__Http-` or `__Host-Http-` asks for.",
    applications::python: "Behind `reverse_proxy` and the shipped nginx files, no planted cookie is the session of an application in Python, also inside the value of another cookie.",
    applications::php: "The same for an application in PHP, which also reads other names as the session's.",
    media::pictures_by_themselves: "PNG, JPEG, GIF, WebP and AVIF opened by themselves are shown, in the middle, without a violation.",
    media::films_and_sounds_by_themselves: "MP4, WebM and MP3 opened by themselves play.",
    media::svg_by_itself: "An SVG opened by itself keeps its styles, and its script never runs.",
    media::pdf_by_itself: "A PDF opened by itself is shown where it is allowed.",
    media::text_by_itself: "Plain text opened by itself is shown as text where it is allowed.",
    media::inside_a_page: "Pictures, SVG, films and sounds of a media host work in a page under the guide, without a violation.",
    media::captions_inside_a_page: "WebVTT captions of a media host work in a page under the guide, with CORS.",
    example::session_planted_by_a_sibling: "A session cookie that a sibling plants next to the genuine one does not reach the example.",
    example::behind_nginx: "The example behind the shipped nginx files, unchanged, at ports 80 and 443: from http to https, a sign-in, the live line, and files on the media host.",
    person::signs_in_and_out: "The example: sign in, register and sign out, by keys alone; errors in words at their field.",
    person::posts: "The example: posts arrive live in another window; three clicks are one post; files are checked, described and named.",
    person::loses_the_server: "The example: without a server the page says so in words, never in HTML of a gateway; when it is back the words go.",
    person::looks: "The example: signed out and in, light and dark, 1024 and 390 px wide and at 200 %: nothing is too wide or too small, and axe-core finds nothing.",
    example::files_of_users: "The example with uploads on a host of their own shows and plays each kind of file, by itself and in the timeline.",
}
