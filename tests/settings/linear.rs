//! A long file takes as long as its sixteen parts, each by itself.

use std::time::{Duration, Instant};

use tower_hardening::settings::Settings;

/// The whole takes so many times what its parts take together: once for what is linear, sixteen
/// times for what is quadratic. Both work equally long, so that other processes disturb both alike.
const PARTS: usize = 16;
const MOST: u32 = 5;

/// Represents a kind of file, and one of so many entries.
type Kind = (&'static str, usize, fn(usize) -> String);

fn list(key: &str, count: usize, member: fn(usize) -> String) -> String {
    let members: Vec<String> = (0..count).map(|index| format!("\"{}\"", member(index))).collect();
    format!("{key} = [\n{},\n]", members.join(",\n"))
}

const KINDS: [Kind; 15] = [
    ("sites", 1_600, |count| {
        let site = |index| format!("[[site]]\nscheme = \"http\"\nhost = \"h{index}.example\"\n");
        (0..count).map(site).collect()
    }),
    ("whitelist", 8_000, |count| {
        let list = list("whitelist", count, |index| format!("https://h{index}.example"));
        format!("[media_proxy]\nenabled = true\n{list}")
    }),
    ("bare whitelist", 8_000, |count| {
        let list = list("whitelist", count, |index| format!("h{index}.example"));
        format!("profile = \"recommended\"\n[media_proxy]\nenabled = true\n{list}")
    }),
    ("proxies", 8_000, |count| {
        let list =
            list("trusted", count, |index| format!("10.{}.{}.0/24", index / 256, index % 256));
        format!("[proxy]\n{list}")
    }),
    ("excepted cookies", 8_000, |count| {
        let list = list("secure_other_cookies_except", count, |index| format!("c{index}"));
        format!("[cookies]\nsecure_other_cookies = true\n{list}")
    }),
    ("legacy domains", 8_000, |count| {
        let list = list("legacy_domains", count, |index| format!("h{index}.example"));
        format!("[cookies]\nmigrate_until = 2090-01-01\n{list}")
    }),
    ("frontend headers", 8_000, |count| {
        let header = |index| format!("x-{index} = \"1\"\n");
        format!("[frontend_headers]\n{}", (0..count).map(header).collect::<String>())
    }),
    ("headers", 8_000, |count| {
        let header = |index| format!("x-{index} = \"1\"\n");
        format!("[headers]\n{}", (0..count).map(header).collect::<String>())
    }),
    ("removed headers", 8_000, |count| list("remove_headers", count, |index| format!("x-{index}"))),
    ("additional policies", 8_000, |count| {
        list("additional_csp", count, |index| format!("img-src h{index}.example"))
    }),
    ("sources", 8_000, |count| {
        format!("[csp.img-src]\n{}", list("add", count, |_| "https://a.example".to_owned()))
    }),
    ("set sources", 8_000, |count| {
        format!("[csp.img-src]\n{}", list("set", count, |_| "https://a.example".to_owned()))
    }),
    ("removed sources", 8_000, |count| {
        format!("[csp.img-src]\n{}", list("remove", count, |_| "data:".to_owned()))
    }),
    ("unknown keys", 8_000, |count| (0..count).map(|index| format!("k{index} = 1\n")).collect()),
    ("comments before an error", 80_000, |count| format!("{}x", "# comment\n".repeat(count))),
];

fn reading(text: &str) -> Duration {
    let start = Instant::now();
    if let Ok(settings) = Settings::from_toml(text) {
        settings.lints();
    }
    start.elapsed()
}

/// Returns a file with so many headers, or names of headers that are removed, and so many sites.
fn with_sites(headers: usize, sites: usize) -> [String; 3] {
    let header = |index| format!("x-{index} = \"1\"\n");
    let rows: String = (0..headers).map(header).collect();
    let site = |index| format!("[[site]]\nscheme = \"http\"\nhost = \"h{index}.example\"\n");
    let sites: String = (0..sites).map(site).collect();
    let removed = list("remove_headers", headers, |index| format!("x-{index}"));
    [
        format!("[headers]\n{rows}{sites}"),
        format!("[frontend_headers]\n{rows}{sites}"),
        format!("{removed}\n{sites}"),
    ]
}

#[test]
fn headers_times_sites_take_a_time_that_is_linear_in_the_headers() {
    for (many, few) in with_sites(500, 50).iter().zip(&with_sites(50, 50)) {
        let is_linear = (0..5).any(|_| {
            let parts: Duration = (0..10).map(|_| reading(few)).sum();
            reading(many) < parts
        });
        assert!(is_linear, "{:?}", many.lines().next());
    }
}

#[test]
fn a_settings_file_with_long_lists_is_read_in_linear_time() {
    for (name, count, text) in KINDS {
        let (whole, part) = (text(count), text(count / PARTS));
        let is_linear = (0..5).any(|_| {
            let parts: Duration = (0..PARTS).map(|_| reading(&part)).sum();
            // A duration of zero cannot be measured.
            reading(&whole) < (parts * MOST).max(Duration::from_millis(20))
        });
        assert!(is_linear, "{name}");
    }
}
