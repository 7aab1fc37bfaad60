//! Tests that each remedy allows what was blocked.

use tower_hardening::{audit, audit::Page, csp::ReceivedPolicy};

use super::NOTHING;

/// Returns a policy with more sources in a directive.
fn with(policy: &str, directive: &str, sources: &str) -> String {
    let mut parts: Vec<String> = policy.split("; ").map(str::to_owned).collect();
    match parts.iter_mut().find(|part| part.split(' ').next() == Some(directive)) {
        Some(part) => *part = format!("{} {sources}", part.replace(" 'none'", "")),
        None => parts.push(format!("{directive} {sources}")),
    }
    parts.join("; ")
}

#[test]
fn each_change_of_the_policy_allows_what_was_blocked() {
    for html in [
        "<script src=https://cdn.example/a.js></script>",
        "<script>x()</script>",
        "<style>p { color: red }</style>",
        "<p style='color: red'>",
        "<p onclick=x()>",
        "<img src=data:,>",
        "<img src=https://cdn.example:8443/a.png>",
        "<link rel=stylesheet href=/a.css>",
        "<link rel=manifest href=/a.json>",
        "<link rel=prefetch href=/next>",
        "<iframe src=https://frame.example></iframe>",
        "<form action=/send></form>",
        "<base href=https://cdn.example/>",
        "<embed src=/a.pdf>",
        "<audio src=blob:https://own.example/1></audio>",
    ] {
        let page = |policy: &str| {
            let policy = ReceivedPolicy::parse_list(policy.as_bytes()).remove(0);
            Page::new(html).at("https://own.example/").unwrap().enforcing(policy).audit()
        };
        let audit = page(NOTHING);
        let [blocked] = audit.blocked() else { panic!("{html}: {audit}") };
        let (directive, sources) = blocked.change().unwrap();
        assert!(!blocked.remedy().is_empty() && !blocked.cost().is_empty());
        let changed = with(NOTHING, directive, sources);
        assert!(page(&changed).works(), "{html}: {changed}");
    }
}

#[test]
fn a_remedy_never_names_unsafe_inline() {
    let policy = ReceivedPolicy::parse_list(NOTHING.as_bytes()).remove(0);
    let html = "<script>a()</script><p onclick=a() style=b><a href=javascript:a()>";
    let audit = audit::page(html, policy);
    assert_eq!(audit.blocked().len(), 4);
    assert!(!audit.to_string().contains("unsafe-inline"), "{audit}");
}

#[test]
fn the_position_is_that_of_the_tag() {
    let policy = || ReceivedPolicy::parse_list(NOTHING.as_bytes()).remove(0);
    for (html, line, column) in [
        ("<img src=a>", 1, 1),
        ("é\u{1F600}<img src=a>", 1, 3),
        ("\r\n\r\n  <img\r\nsrc=a>", 3, 3),
        ("\r\n\n\r<img src=a>", 4, 1),
        ("a\n<script>x\n\ny</script>", 2, 1),
    ] {
        let audit = audit::page(html, policy());
        let blocked = &audit.blocked()[0];
        assert_eq!((blocked.line(), blocked.column()), (line, Some(column)), "{html:?}");
    }
}
