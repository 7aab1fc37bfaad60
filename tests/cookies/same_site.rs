//! Tests `SameSite` values that browsers do not know (RFC 6265bis section 5.6.7).

use tower_hardening::cookie::SameSite;

use crate::policy::{sent, sid};

#[test]
fn a_same_site_that_browsers_do_not_know_counts_as_none_and_the_policys_is_added() {
    let lax = sid().same_site(SameSite::Lax);
    let others = sid().secure_other_cookies();
    for unknown in [
        "; SameSite=junk",
        "; SameSite",
        "; SameSite=",
        "; samesite = \"Strict\"",
        "; SameSite=Lax, Strict",
        "; SameSite=Strict;SameSite=junk",
        "; SameSite=junk; Samesite",
        "; SameSite=None; SameSite=Default",
    ] {
        let line = format!("sid=1; Secure{unknown}; Path=/");
        let expected = "__Host-sid=1; Secure; Path=/; SameSite=Lax";
        assert_eq!(sent(&lax, &[&line]), [expected], "{unknown}");
        let line = format!("a=1; HttpOnly{unknown}; Secure");
        assert_eq!(sent(&others, &[line]), ["a=1; HttpOnly; Secure; SameSite=Lax"], "{unknown}");
    }
    for (known, kept) in [
        ("; SameSite=NONE", "; SameSite=NONE"),
        ("; SameSite=junk; SameSite=none", "; SameSite=none"),
        ("; SameSite=junk;samesite=Strict", ";samesite=Strict"),
    ] {
        let line = format!("sid=1{known}");
        assert_eq!(sent(&lax, &[line]), [format!("__Host-sid=1{kept}; Path=/; Secure")]);
    }
    // The value is not replaced: the bytes are kept, and a lint reports it.
    assert_eq!(
        sent(&sid(), &["sid=1; SameSite=junk"]),
        ["__Host-sid=1; SameSite=junk; Path=/; Secure"]
    );
    let line = http::HeaderValue::from_static("sid=1; HttpOnly; SameSite=junk");
    for policy in [sid(), lax] {
        let ids: Vec<_> = policy.lint_set_cookie(&line).iter().map(|lint| lint.id()).collect();
        assert_eq!(ids, ["cookie-same-site-unknown"]);
    }
}
