//! Tests that the check is linear and never panics.

use std::time::{Duration, Instant};

use tower_hardening::{ContentSecurityPolicy, audit};

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
