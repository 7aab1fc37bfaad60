//! Tests the policies that are proposed for pages, and the hashes of static sites.

use tower_hardening::{
    ContentSecurityPolicy, assert_page_works,
    audit::{InlineHashes, Page, propose},
    csp::Source,
};

const PAGES: &[&str] = &[
    "<script src=/a.js></script><script>start()</script><link rel=stylesheet href=/a.css>",
    "<script nonce=abc>x()</script><style nonce=abc>p {}</style><img src=data:,>",
    "<p onclick='a()' style='color: red'><p onclick='b()'><form action=/send></form>",
    "<base href=https://own.example/x/><img src=a.png><iframe src=https://frame.example></iframe>",
    "<link rel=prefetch href=https://next.example/><video src=https://media.example/a.mp4></video>",
    "<link rel=manifest href=/m.json><link rel=preload as=font href=/f.woff2><embed src=/a.pdf>",
];

fn page(html: &str) -> Page {
    Page::new(html).at("https://own.example/").unwrap()
}

#[test]
fn the_proposed_policy_lets_the_pages_work() {
    for html in PAGES {
        let proposal = propose([&page(html)]).unwrap();
        assert_page_works!(html, proposal.policy(), "https://own.example/");
        assert!(proposal.moves().is_empty(), "{:?}", proposal.moves());
    }
    let pages: Vec<Page> = PAGES.iter().map(|html| page(html)).collect();
    let proposal = propose(&pages).unwrap();
    for html in PAGES {
        assert_page_works!(html, proposal.policy(), "https://own.example/");
    }
}

#[test]
fn no_source_of_a_proposed_policy_can_be_removed() {
    for html in PAGES {
        let policy = propose([&page(html)]).unwrap().policy().clone();
        for directive in policy.directives() {
            let values: Vec<&str> = directive.values().filter(|value| *value != "'none'").collect();
            for removed in &values {
                let rest: Vec<&str> = values.iter().copied().filter(|one| one != removed).collect();
                let rest = if rest.is_empty() { "'none'".to_owned() } else { rest.join(" ") };
                let less = policy.clone().set_text(directive.name(), &rest).unwrap();
                let audit = page(html).enforcing(&less).audit();
                assert!(!audit.works(), "{html}: {policy}: {removed} of {}", directive.name());
            }
        }
    }
}

#[test]
fn a_proposal_never_allows_all_inline_scripts() {
    let many: String =
        (0..40).map(|n| format!("<script>x({n})</script><p onclick=y({n})>")).collect();
    let proposal = propose([&page(&many)]).unwrap();
    assert_eq!(
        proposal.policy().get("script-src").unwrap().values().collect::<Vec<_>>(),
        ["'nonce-{}'"]
    );
    assert!(!proposal.to_string().contains("unsafe-inline"), "{proposal}");
    assert_eq!(proposal.moves().len(), 2, "{:?}", proposal.moves());
}

#[test]
fn a_proposal_is_text_rust_and_settings() {
    let proposal = propose([&page("<img src=/a.png>")]).unwrap();
    assert_eq!(proposal.to_string().parse(), Ok(proposal.policy().clone()));
    assert!(proposal.to_rust().contains(&format!("from_static(\"{proposal}\")")));
    #[cfg(feature = "settings")]
    {
        let settings = format!("profile = \"empty\"\n{}", proposal.to_settings());
        let settings = settings.parse::<tower_hardening::settings::Settings>();
        assert!(settings.is_ok(), "{settings:?}");
    }
    assert!(!proposal.notes().is_empty());
}

#[test]
fn hashes_of_a_directory_are_in_a_stable_order_and_accepted() {
    let directory = std::env::temp_dir().join(format!("hashes-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("sub")).unwrap();
    let index =
        "<script type=module>import init from '/app.js';\r\ninit()</script><style>p {}</style>";
    std::fs::write(directory.join("index.html"), index).unwrap();
    std::fs::write(directory.join("sub/404.HTM"), "<script>back()</script>").unwrap();
    std::fs::write(directory.join("app.js"), "<script>not html</script>").unwrap();
    let hashes = InlineHashes::of_directory(&directory).unwrap();
    let lines = hashes.build_script();
    std::fs::remove_dir_all(&directory).unwrap();
    assert_eq!(hashes.script_src().count(), 2);
    let expected = Source::sha256("import init from '/app.js';\ninit()");
    assert!(hashes.script_src().any(|hash| hash == expected));
    assert_eq!(lines.matches("cargo::rerun-if-changed=").count(), 4, "{lines}");
    assert!(lines.contains("cargo::rustc-env=CSP_SCRIPT_HASHES='sha256-"));
    let policy = ContentSecurityPolicy::from_static("script-src 'self'; style-src 'self'");
    let policy = hashes.add_to(policy).unwrap();
    assert_page_works!(index, &policy);
    assert!(InlineHashes::of_directory(directory).unwrap_err().to_string().contains("hashes-"));
}
