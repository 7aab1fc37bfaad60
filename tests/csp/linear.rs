//! A hostile policy of one mebibyte takes as long as sixteen parts of it together.

use std::time::{Duration, Instant};

use tower_hardening::{
    ContentSecurityPolicy, CspLayer,
    csp::{
        Addition, CspOverride, EndpointName, FrameAncestor, ReceivedPolicy, Source,
        SourceDirective, TrustedTypesPolicy,
    },
};

use super::service::empty;

const WHOLE: usize = 1 << 20;
const PARTS: usize = 16;
const MOST: u32 = 5;

/// Texts for which a parser might take quadratic time.
fn hostile(length: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeat = |part: &str| part.bytes().cycle().take(length).collect::<Vec<u8>>();
    let numbered = |separator: &str, name: &str| {
        let mut text = String::new();
        for index in 0.. {
            if text.len() >= length {
                break;
            }
            text += &format!("{name}{index}{separator}");
        }
        text.into_bytes()
    };
    vec![
        ("one word", repeat("a")),
        ("one source", [b"img-src ".to_vec(), repeat("a.")].concat()),
        (
            "distinct sources",
            [b"script-src ".to_vec(), numbered(" ", "https://a.example/")].concat(),
        ),
        ("one source again", [b"img-src ".to_vec(), repeat("a ")].concat()),
        ("one source of script again", [b"script-src ".to_vec(), repeat("a ")].concat()),
        ("one policy again", repeat("a,")),
        ("distinct directives", numbered(" x;", "d-")),
        ("one directive again", repeat("img-src *;")),
        ("distinct policies", numbered(" x,", "d-")),
        ("commas", repeat(",")),
        ("semicolons", repeat(";")),
        ("spaces", repeat(" ")),
        ("quotes", [b"script-src ".to_vec(), repeat("'")].concat()),
        ("nonces", [b"script-src ".to_vec(), repeat("'nonce-{}' ")].concat()),
        ("stars", [b"img-src ".to_vec(), repeat("*.")].concat()),
        ("bytes", repeat("\u{e9}")),
    ]
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Returns the time of the whole, divided by the time of its parts together: about one for linear
/// time, sixteen for quadratic time. Both run equally long, so that other processes affect both.
fn assert_linear(what: &str, run: impl Fn(&[u8])) {
    for ((name, part), (_, whole)) in hostile(WHOLE / PARTS).into_iter().zip(hostile(WHOLE)) {
        // One slow run may be chance; a quadratic algorithm fails every time.
        let mut measured = Vec::new();
        while measured.len() < 5 {
            let parts: Duration = (0..PARTS).map(|_| time(|| run(&part))).sum();
            let whole = time(|| run(&whole));
            measured.push((parts, whole));
            if whole <= parts * MOST {
                break;
            }
        }
        assert!(
            measured.iter().any(|(parts, whole)| *whole <= *parts * MOST),
            "{what}, {name}: {measured:?}"
        );
    }
}

#[test]
fn adv_032_reading_as_browsers_do_is_linear() {
    assert_linear("parse", |text| drop(ReceivedPolicy::parse_list(text)));
}

#[test]
fn adv_032_strict_reading_is_linear() {
    assert_linear("strict", |text| {
        let text = String::from_utf8_lossy(text);
        assert!(text.parse::<ContentSecurityPolicy>().is_err());
        drop((text.parse::<Source>(), Source::host(&text), FrameAncestor::host(&text)));
        drop((text.parse::<EndpointName>(), text.parse::<TrustedTypesPolicy>()));
        drop((
            ContentSecurityPolicy::NONE.report_uri(&text),
            ContentSecurityPolicy::NONE.dangerous_directive(&text, ""),
        ));
    });
}

#[test]
fn adv_032_lints_are_linear() {
    assert_linear("lints", |text| {
        for policy in ReceivedPolicy::parse_list(text) {
            drop(policy.lints());
        }
    });
}

#[test]
fn adv_032_editing_is_linear() {
    // A policy has at most 8 KiB, but a caller can try to add any number of sources.
    assert_linear("extend", |text| {
        let text = String::from_utf8_lossy(text);
        let sources = text.split([' ', ';', ',']).filter_map(|word| Source::host(word).ok());
        let sources: Vec<Source> = sources.collect();
        let none = ContentSecurityPolicy::NONE;
        drop(none.clone().extend(SourceDirective::SCRIPT_SRC, sources.clone()));
        drop(none.clone().extend(SourceDirective::SCRIPT_SRC_ELEM, sources.clone()));
        drop(none.clone().set(SourceDirective::IMG_SRC, sources.clone()));
        drop(none.set_text("img-src", &text));
        drop(CspOverride::new().extend(SourceDirective::IMG_SRC, sources));
    });
}

#[test]
fn adv_032_comparing_printing_and_converting_is_linear() {
    assert_linear("received", |text| {
        for policy in ReceivedPolicy::parse_list(text).into_iter().take(100) {
            assert_eq!(policy, policy.clone());
            drop(ContentSecurityPolicy::try_from(policy));
        }
    });
}

#[test]
fn adding_many_sources_to_one_response_takes_linear_time() {
    let sources = |count: usize| -> Vec<Addition> {
        let host = |index| Source::host(&format!("https://h{index}.example")).unwrap();
        (0..count).map(|index| Addition::source(SourceDirective::IMG_SRC, host(index))).collect()
    };
    let with = |sources: Vec<Addition>| {
        CspLayer::new(ContentSecurityPolicy::NONE).with_sources(move |_| sources.clone())
    };
    let (part, whole) = (with(sources(1_000)), with(sources(1_000 * PARTS)));
    let measured: Vec<(Duration, Duration)> = (0..5)
        .map(|_| {
            let parts = (0..PARTS).map(|_| time(|| drop(empty(&part)))).sum();
            (parts, time(|| drop(empty(&whole))))
        })
        .collect();
    assert!(measured.iter().any(|(parts, whole)| *whole <= *parts * MOST), "{measured:?}");
}
