//! Tests that the check is linear and never panics.

use std::time::{Duration, Instant};

use tower_hardening::{
    ContentSecurityPolicy,
    audit::{self, Page, propose},
};

fn policy() -> ContentSecurityPolicy {
    ContentSecurityPolicy::from_static("default-src 'self'; script-src 'nonce-{}' 'strict-dynamic'")
}

/// Checks a page of about this many bytes, and returns the time.
fn time(part: &str, bytes: usize) -> Duration {
    let html = part.repeat(bytes / part.len());
    let start = Instant::now();
    let _ = audit::page(html, &policy());
    start.elapsed()
}

#[test]
fn the_time_grows_with_the_size_of_the_page_alone() {
    for part in [
        "<img src=/a.png>",
        "<svg>",
        "<template>",
        "<p style='background: url(a.png)'>",
        "<iframe srcdoc='<p onclick=x()>'></iframe>",
        "<script>",
        "<img srcset='",
        "<a ",
        "<style>url('",
        "url(",
        "a, ",
        "<",
        "&amp",
        "<base href=/><p onclick=x()>",
    ] {
        let grows = || {
            let small = time(part, 20_000).max(Duration::from_millis(10));
            // Sixteen times the size; a square would be 256 times.
            time(part, 320_000) > small * 60
        };
        // Another process can take the processor, but not each time.
        assert!(!(0..4).all(|_| grows()), "{part}");
    }
}

#[test]
fn odd_bytes_are_read() {
    for html in [&b"<img src=\xff>"[..], b"\0", b"<script", b"<p style=url(", b"<!--", b"<![CDATA["]
    {
        let _ = audit::page(html, &policy());
    }
}

/// Parts of pages that change how others are read.
const PARTS: &[&str] = &[
    "<script ",
    "<svg>",
    "<img srcset='",
    "src=",
    "https://",
    "//a_b",
    "[::1]",
    "x.y:z",
    "data:,",
    "style='url(",
    "'",
    "\"",
    ">",
    "</script>",
    "<!--",
    "-->",
    "<template>",
    "\r\n",
    "&quot;",
    "é",
    "<base href=",
    "<iframe srcdoc='",
    "onclick=",
    "javascript:",
    "<form action=",
    ":99999",
    "\0",
];

#[test]
fn pages_of_random_parts_are_read_and_get_a_policy() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..2_000 {
        let mut html = String::new();
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            html += PARTS[usize::try_from(state >> 33).unwrap() % PARTS.len()];
        }
        let page = Page::new(&html);
        let blocked = page.clone().enforcing(&policy()).audit();
        assert!(blocked.blocked().iter().all(|one| one.line() > 0), "{html}");
        let proposal = propose([&page]).unwrap_or_else(|error| panic!("{html}: {error}"));
        assert_eq!(proposal.to_string().parse(), Ok(proposal.policy().clone()), "{html}");
    }
}
