//! Tests the tables of one `[[site]]`, which come after those of the root.

use tower_hardening::settings::Settings;

use crate::{any_site::read, headers};

/// Returns the headers of the main site and of the first other one.
fn both(text: &str) -> [std::collections::BTreeMap<String, String>; 2] {
    let settings = read(text);
    let sites = settings.virtual_hosts();
    [headers(sites.default_host()), headers(sites.hosts().next().unwrap().1)]
}

fn refused(text: &str) -> String {
    Settings::from_toml(text).unwrap_err().to_string()
}

const FILE: &str = "\
profile = \"recommended\"
[headers]
Referrer-Policy = \"same-origin\"
x-own = \"root\"
[csp.img-src]
set = [\"'self'\", \"https://img.example\"]
[[site]]
scheme = \"https\"
host = \"forum.example\"
[site.headers]
referrer-policy = \"no-referrer\"
x-frame-options = false
X-Own = \"forum\"
[site.csp.img-src]
add = [\"https://avatars.example\"]
remove = [\"https://img.example\"]
[site.csp.object-src]
set = []
[site.csp_report_only.script-src]
set = [\"'none'\"]
";

#[test]
fn a_site_s_headers_and_edits_come_after_those_of_the_root_and_change_no_other_site() {
    let [main, forum] = both(FILE);
    assert_eq!(main["referrer-policy"], "same-origin");
    assert_eq!(forum["referrer-policy"], "no-referrer");
    assert_eq!((&*main["x-own"], &*forum["x-own"]), ("root", "forum"));
    assert_eq!(main["x-frame-options"], "SAMEORIGIN");
    assert!(!forum.contains_key("x-frame-options"));
    assert!(main["content-security-policy"].contains("img-src 'self' https://img.example;"));
    assert!(forum["content-security-policy"].contains("img-src 'self' https://avatars.example;"));
    assert!(!main.contains_key("content-security-policy-report-only"));
    assert_eq!(forum["content-security-policy-report-only"], "script-src 'none'");
    let lints = read(FILE).lints();
    let ids: Vec<&str> = lints.iter().map(|lint| lint.id()).collect();
    assert_eq!(ids, ["csp-style-unsafe-inline", "csp-report-only-without-reports"]);
}

#[test]
fn a_site_s_key_may_set_what_a_key_of_the_root_sets_too() {
    let [main, other] = both(
        "[http_security]\nreferrer_policy = \"origin\"\n[captcha]\nendpoint = \"https://c.example\"\n\
         [[site]]\nscheme = \"https\"\nhost = \"a.example\"\n\
         [site.headers]\nreferrer-policy = \"no-referrer\"\n\
         content-security-policy = \"default-src 'none'\"\n\
         [site.csp.img-src]\nadd = [\"data:\"]",
    );
    assert_eq!(main["referrer-policy"], "origin");
    assert_eq!(other["referrer-policy"], "no-referrer");
    assert!(main["content-security-policy"].contains("https://c.example"));
    assert_eq!(other["content-security-policy"], "default-src 'none'; img-src data:");
}

/// Tables of a site, and the errors.
const REFUSED: &[(&str, &str)] = &[
    (
        "[site.headers]\nx-frame-option = \"DENY\"",
        "line 5, site[0].headers.x-frame-option: browsers do not know this header; did you mean 'x-frame-options'?",
    ),
    (
        "[site.headers]\nreferrer-policy = \"no-referer\"",
        "line 5, site[0].headers.referrer-policy: ",
    ),
    (
        "[site.csp.img-scr]\nadd = [\"data:\"]",
        "line 4, site[0].csp.img-scr: 'img-scr' is not a directive; did you mean 'img-src'?",
    ),
    (
        "[site.csp.img-src]\nadd = [\"a b\"]",
        "line 5, site[0].csp.img-src.add[0]: 'a b' is more than one word; write a text of its own for each",
    ),
    (
        "[site.csp.img-src]\nremove = [\"https://gone.example\"]",
        "line 5, site[0].csp.img-src.remove[0]: https://gone.example is not in img-src",
    ),
    (
        "[site.csp.img-src]\nad = []",
        "line 5, site[0].csp.img-src.ad: unknown key; did you mean 'add'?",
    ),
    (
        "[site.headers]\ncontent-security-policy = false\n[site.csp.img-src]\nadd = [\"data:\"]",
        "line 6, site[0].csp.img-src: site[0].headers.content-security-policy is false, so that there is no policy to edit; remove one of the two",
    ),
    (
        "[site.headers]\nx-a = \"1\"\n[http_security]\nenabled = false",
        "line 5, site[0].headers.x-a: http_security.enabled is false, so that no header is sent; remove one of the two",
    ),
    ("[site.headers]\nX-A = \"1\"\nx-a = \"2\"", "two spellings of one header; remove one"),
    ("[site.remove_headers]\n", "site[0].remove_headers: unknown key; write one of"),
];

#[test]
fn a_key_of_a_site_is_checked_as_that_of_the_root_and_the_error_has_its_place() {
    let site = |below: &str| {
        refused(&format!("[[site]]\nscheme = \"http\"\nhost = \"a.example\"\n{below}"))
    };
    for (below, message) in REFUSED {
        let found = site(below);
        assert!(found.starts_with("settings, ") && found.contains(message), "{found}");
    }
}

#[test]
fn a_key_without_effect_in_a_site_s_table_is_linted_with_its_place() {
    let settings = read(
        "profile = \"recommended\"\n[[site]]\nscheme = \"http\"\nhost = \"a.onion\"\n\
         [site.headers]\nstrict-transport-security = \"max-age=60\"\n[site.csp.img-src]\nadd = [\"data:\"]",
    );
    let lints = settings.lints();
    let of = |id: &str| {
        let lint = lints.iter().find(|lint| lint.id() == id);
        lint.unwrap_or_else(|| panic!("{id}: {lints:?}")).to_string()
    };
    let sts = of("sts-without-https");
    let problem = "not sent, since the site is on http; set site[0].scheme to 'https'";
    assert!(
        sts.contains(&format!("site[0].headers.strict-transport-security: {problem}")),
        "{sts}"
    );
    assert!(of("csp-add-known").contains("site[0].csp.img-src.add[0]: img-src has data: already"));
}

#[test]
fn a_weakness_that_a_site_adds_is_linted_with_the_site_and_that_of_the_main_site_once() {
    let settings = read(
        "profile = \"recommended\"\n[[site]]\nscheme = \"https\"\nhost = \"a.example\"\nsecure_cookie_flag = true\n\
         [site.csp.script-src]\nadd = [\"'unsafe-inline'\"]\n[site.headers]\nx-frame-options = \"DENY\"\n\
         [[site]]\nscheme = \"https\"\nhost = \"b.example\"",
    );
    let lints = settings.lints();
    let told: Vec<_> = lints.iter().map(|lint| (lint.id(), lint.message())).collect();
    let of_site: Vec<_> = told.iter().filter(|(_, text)| text.starts_with("site[")).collect();
    let ids: Vec<&str> = of_site.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, ["csp-script-unsafe-inline", "frame-options-disagree"], "{told:?}");
    assert!(of_site.iter().all(|(_, text)| text.starts_with("site[0]: ")), "{told:?}");
    assert_eq!(told.iter().filter(|(id, _)| *id == "csp-style-unsafe-inline").count(), 1);
}

#[test]
fn a_site_whose_policy_has_no_nonce_cannot_have_a_second_line_for_it() {
    let file = "profile = \"strict\"\nhttp_security.nonce_in_second_line = true\n\
                [[site]]\nscheme = \"https\"\nhost = \"a.example\"\n[site.csp.script-src]\nset = [\"'self'\"]";
    let error = refused(file);
    assert!(
        error.starts_with("settings, line 6, site[0].csp: no directive has 'nonce-{}'"),
        "{error}"
    );
    assert!(error.ends_with(", since http_security.nonce_in_second_line is true"), "{error}");
}

#[test]
fn a_site_s_keys_are_explained() {
    let explanation = read(FILE).explain();
    let of = |name: &str| {
        let mut all = explanation.headers().iter();
        let is_asked = |one: &&tower_hardening::settings::ExplainedHeader| {
            one.site().to_string() == "https://forum.example" && one.name() == name
        };
        let header = all.find(is_asked).unwrap();
        let set_by: Vec<_> = header.set_by().iter().map(ToString::to_string).collect();
        (set_by.join(", "), header.changed_by().to_owned())
    };
    let expected = |set_by: &str, changed_by: &str| (set_by.to_owned(), changed_by.to_owned());
    assert_eq!(
        of("referrer-policy"),
        expected("site[0].headers.referrer-policy (line 11)", "site[0].headers.referrer-policy")
    );
    assert_eq!(
        of("content-security-policy"),
        expected(
            "profile = \"recommended\" (line 1), csp.img-src.set (line 6), site[0].csp.img-src.add (line 15), site[0].csp.img-src.remove (line 16), site[0].csp.object-src.set (line 18)",
            "site[0].csp.<directive>"
        )
    );
    assert_eq!(
        of("content-security-policy-report-only"),
        expected(
            "site[0].csp_report_only.script-src.set (line 20)",
            "site[0].csp_report_only.<directive>"
        )
    );
}

#[test]
fn many_sites_with_tables_are_read_in_linear_time() {
    let text = |count: usize| {
        let site = |index: usize| {
            format!(
                "[[site]]\nscheme = \"https\"\nhost = \"s{index}.example\"\n[site.headers]\nx-a = \"1\"\n\
                 [site.csp.img-src]\nadd = [\"https://i.example\"]\n"
            )
        };
        "profile = \"recommended\"\n".to_owned() + &(0..count).map(site).collect::<String>()
    };
    let time = |count: usize| {
        let text = text(count);
        let start = std::time::Instant::now();
        let settings = read(&text);
        assert_eq!(settings.virtual_hosts().hosts().count(), count);
        start.elapsed()
    };
    let (few, many) = (time(200).max(time(200)), time(1600));
    assert!(many < few * 40, "{few:?}, {many:?}");
}
