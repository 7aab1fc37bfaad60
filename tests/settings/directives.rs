//! Tests the keys below `[csp.<directive>]` and `[csp_report_only.<directive>]`.

use crate::{
    any_site::{read, refused},
    headers,
};

/// Returns the policy of a file over a base.
fn edited(base: &str, keys: &str) -> String {
    let file =
        format!("profile = \"empty\"\n[headers]\ncontent-security-policy = \"{base}\"\n{keys}");
    headers(&read(&file).hardening())["content-security-policy"].clone()
}

#[test]
fn each_key_edits_one_directive() {
    const BASE: &str = "default-src 'self'; img-src 'self' data: https:; frame-ancestors 'none'; upgrade-insecure-requests";
    for (keys, policy) in [
        (
            "[csp.img-src]\nadd = [\"blob:\", \"https://a.example\", \"data:\"]",
            "default-src 'self'; img-src 'self' data: https: blob: https://a.example; frame-ancestors 'none'; upgrade-insecure-requests",
        ),
        // An absent directive starts from its fallback.
        (
            "[csp.script-src]\nadd = [\"https://a.example\"]",
            "default-src 'self'; img-src 'self' data: https:; frame-ancestors 'none'; upgrade-insecure-requests; script-src 'self' https://a.example",
        ),
        // The fallback is edited first.
        (
            "[csp.child-src]\nadd = [\"https://b.example\"]\n[csp.default-src]\nadd = [\"https://a.example\"]",
            "default-src 'self' https://a.example; img-src 'self' data: https:; frame-ancestors 'none'; upgrade-insecure-requests; child-src 'self' https://a.example https://b.example",
        ),
        (
            "[csp.frame-ancestors]\nadd = [\"https://a.example\"]\n[csp.upgrade-insecure-requests]\nset = []",
            "default-src 'self'; img-src 'self' data: https:; frame-ancestors https://a.example; upgrade-insecure-requests",
        ),
        (
            "[csp.img-src]\nremove = [\"https:\", \"'SELF'\"]\n[csp]\nupgrade-insecure-requests = false",
            "default-src 'self'; img-src data:; frame-ancestors 'none'",
        ),
        (
            "[csp.img-src]\nremove = [\"https:\", \"'self'\", \"data:\"]\n[csp.sandbox]\nset = [\"allow-scripts\"]",
            "default-src 'self'; img-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests; sandbox allow-scripts",
        ),
        (
            "[csp.img-src]\nset = []\n[csp.Default-Src]\nset = [\"'none'\"]",
            "default-src 'none'; img-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests",
        ),
        (
            "[csp.img-src]\nset = [\"'self'\"]\nadd = [\"data:\"]\nremove = [\"'self'\"]",
            "default-src 'self'; img-src data:; frame-ancestors 'none'; upgrade-insecure-requests",
        ),
    ] {
        assert_eq!(edited(BASE, keys), policy, "{keys}");
    }
}

#[test]
fn report_only_has_edits_of_its_own() {
    let file = "profile = \"empty\"\n[csp_report_only.script-src]\nset = [\"'self'\"]\n\
                [csp_report_only.report-uri]\nset = [\"/csp\"]";
    let sent = headers(&read(file).hardening());
    assert_eq!(sent["content-security-policy-report-only"], "script-src 'self'; report-uri /csp");
    assert!(!sent.contains_key("content-security-policy"));
}

#[test]
fn an_addition_to_a_policy_that_allows_everything_is_warned_about() {
    let settings = read("profile = \"empty\"\n[csp.img-src]\nadd = [\"data:\"]");
    assert!(settings.hardening().csp().is_none());
    let lint = settings.lints().into_iter().find(|lint| lint.id() == "csp-add-ignored").unwrap();
    assert_eq!(
        lint.message(),
        "csp.img-src.add: adds nothing, since the policy has neither img-src nor a directive that it falls back to, so that every source is allowed; write 'set'"
    );
}

#[test]
fn a_bad_edit_is_an_error_with_the_member_the_line_and_the_remedy() {
    for (keys, message) in [
        (
            "[csp.scirpt-src]\nadd = [\"'self'\"]",
            "line 1, csp.scirpt-src: 'scirpt-src' is not a directive; did you mean 'script-src'?",
        ),
        (
            "[csp.script_src]\nadd = [\"'self'\"]",
            "line 1, csp.script_src: 'script_src' is not a directive; did you mean 'script-src'?",
        ),
        (
            "[csp.script-src]\nadd = [\"'self'\", \"unsafe-inline\"]",
            "line 2, csp.script-src.add[1]: the keyword unsafe-inline has no single quotes; write \"'unsafe-inline'\", with the single quotes inside the double quotes",
        ),
        (
            "[csp.script-src]\nset = [\n\"'self'\",\n\"unsafe-inline\"]",
            "line 4, csp.script-src.set[1]: the keyword unsafe-inline has no single quotes; write \"'unsafe-inline'\", with the single quotes inside the double quotes",
        ),
        (
            "[csp.img-src]\nadd = [\"'self'\", \"'unsafe-eval'\"]",
            "line 2, csp.img-src.add[1]: 'unsafe-eval' has no effect in img-src; remove it",
        ),
        (
            "[csp.img-src]\nadd = [\"a.example; script-src *\"]",
            "line 2, csp.img-src.add[0]: ';' ends the directive; write the next directive as a table of its own",
        ),
        (
            "[csp.img-src]\nadd = [\"'self'\", \"a.example b.example\"]",
            "line 2, csp.img-src.add[1]: 'a.example b.example' is more than one word; write a text of its own for each",
        ),
        (
            "[csp.img-src]\nset = [\"a.example;\"]",
            "line 2, csp.img-src.set[0]: ';' ends the directive; write the next directive as a table of its own",
        ),
        (
            "[csp.img-src]\nset = [\"\"]",
            "line 2, csp.img-src.set[0]: the text is empty; write a source like 'https://cdn.example'",
        ),
        (
            "[csp.img-src]\nremove = [\"https\"]",
            "line 2, csp.img-src.remove[0]: https is not in img-src; did you mean 'https:'?",
        ),
        (
            "[csp.font-src]\nset = [\"'self'\"]\nremove = [\"wss://a.example\"]",
            "line 3, csp.font-src.remove[0]: wss://a.example is not in font-src; font-src has 'self'",
        ),
        (
            "[csp.worker-src]\nremove = [\"data:\"]",
            "line 2, csp.worker-src.remove: the policy has no worker-src; remove this key",
        ),
        ("[csp.img-src]\nad = []", "line 2, csp.img-src.ad: unknown key; did you mean 'add'?"),
        (
            "[csp.img-src]\nadd = \"data:\"",
            "line 2, csp.img-src.add: found the text 'data:'; write a list in brackets",
        ),
        (
            "[csp]\nimg-src = [\"data:\"]",
            "line 2, csp.img-src: found a list; write 'add = […]', 'set = […]' or 'remove = […]' below it, or false",
        ),
        (
            "[csp]\nimg-src = true",
            "line 2, csp.img-src: found true; write 'add = […]', 'set = […]' or 'remove = […]' below it, or false",
        ),
        (
            "[csp.img-src]\nadd = [\"data:\"]\n[csp.IMG-src]\nadd = [\"data:\"]",
            "line 1, csp.img-src: two spellings of one directive; remove one",
        ),
        (
            "[csp.report-to]\nset = [\"a\", \"b\"]",
            "line 2, csp.report-to.set[1]: 'b' is a second endpoint, and a policy has one; remove it",
        ),
    ] {
        assert_eq!(refused(keys), format!("settings, {message}"));
    }
}

#[test]
fn another_site_without_the_removed_source_is_not_an_error() {
    let file = "[csp.connect-src]\nremove = [\"wss://example.tld\"]\n[[site]]\nscheme = \"http\"\nhost = \"a.onion\"";
    let settings = read(file);
    let sites = settings.virtual_hosts();
    assert!(!headers(sites.default_host())["content-security-policy"].contains("wss:"));
    let (_, onion) = sites.hosts().next().unwrap();
    assert!(headers(onion)["content-security-policy"].contains("ws://a.onion"));
}
