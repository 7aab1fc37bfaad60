//! Compares every sent line with the `cookie` crate.

use cookie::{Cookie, Expiration, SameSite, time::Duration};
use proptest::{option, prelude::*, sample::select};
use tower_hardening::HostCookies;

use crate::policy::{read, sent};

/// 2100-01-01, and the epoch.
const DATES: [i64; 2] = [4_102_444_800, 0];

prop_compose! {
    fn cookie()(
        name in "[a-z][a-zA-Z0-9!#$%&'*+.^_`|~-]{0,9}",
        value in prop_oneof!["[ -:<-~]{0,20}", "\\PC{0,9}"],
        flags in any::<[Option<bool>; 3]>(),
        same_site in option::of(select(vec![SameSite::Strict, SameSite::Lax, SameSite::None])),
        domain in option::of("[a-z]{1,9}\\.example"),
        path in option::of("/[ -:<-~]{0,9}"),
        age in option::of(-1..1_000_000_000i64),
        expires in option::of(select(DATES.to_vec())),
        encoded in any::<bool>(),
    ) -> (String, String) {
        let [secure, http_only, partitioned] = flags;
        let mut cookie = Cookie::new(name.clone(), value);
        cookie.set_secure(secure);
        cookie.set_http_only(http_only);
        cookie.set_partitioned(partitioned);
        cookie.set_same_site(same_site);
        cookie.set_max_age(age.map(Duration::seconds));
        if let Some(date) = expires {
            let date = cookie::time::OffsetDateTime::from_unix_timestamp(date).unwrap();
            cookie.set_expires(Expiration::from(date));
        }
        if let Some(domain) = domain {
            cookie.set_domain(domain);
        }
        if let Some(path) = path {
            cookie.set_path(path);
        }
        // A raw value with ';' would start another cookie.
        let encoded = encoded || cookie.value().contains(|c: char| c == ';' || c.is_control());
        (name, if encoded { cookie.encoded().to_string() } else { cookie.to_string() })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_cookie_crate_reads_the_same_cookie_and_the_hardening(
        (name, line) in cookie(),
        http_only in any::<bool>(),
        same_site in any::<bool>(),
    ) {
        // An encoded name is a different name.
        prop_assume!(line.starts_with(&format!("{name}=")));
        let Ok(policy) = HostCookies::new([name.clone()]) else { return Ok(()) };
        let policy = if http_only { policy.http_only() } else { policy };
        let lax = tower_hardening::cookie::SameSite::Lax;
        let policy = if same_site { policy.same_site(lax) } else { policy };

        let lines = sent(&policy, &[line.as_bytes()]);
        prop_assert_eq!(lines.len(), 1);
        let bytes: Vec<u8> = lines[0].chars().map(|byte| byte as u8).collect();
        let text = String::from_utf8(bytes).unwrap();
        let before = Cookie::parse(line.as_str()).unwrap();
        let after = Cookie::parse(text.as_str()).unwrap();
        prop_assert_eq!(after.name(), format!("__Host-{}", before.name()));
        prop_assert_eq!(after.value(), before.value());
        prop_assert_eq!((after.secure(), after.path(), after.domain()), (Some(true), Some("/"), None));
        prop_assert_eq!(after.max_age(), before.max_age());
        prop_assert_eq!(after.expires(), before.expires());
        prop_assert_eq!(after.partitioned(), before.partitioned());
        let added = Some(true).filter(|_| http_only);
        prop_assert_eq!(after.http_only(), before.http_only().or(added));
        let added = Some(SameSite::Lax).filter(|_| same_site);
        prop_assert_eq!(after.same_site(), before.same_site().or(added));
    }

    /// For every name and every line, the crate finds the guarded name only if the wire had it.
    #[test]
    fn the_cookie_crate_finds_the_name_only_where_the_wire_has_the_guarded_one(
        name in select(vec!["sid", "a.b", "X-_1"]),
        segments in proptest::collection::vec(
            ("[ \t\"$%=_+.]{0,2}", any::<bool>(), 0..3u8, "[ \t\"%=a]{0,2}", "[ -$&-:<-~]{0,5}"), 0..6),
    ) {
        let segment = |(before, prefixed, spelling, after, value): (String, bool, u8, String, String)| {
            let name = if prefixed { format!("__Host-{name}") } else { name.to_owned() };
            let name = match spelling {
                0 => name,
                1 => name.to_ascii_uppercase(),
                _ => name.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            };
            format!("{before}{name}{after}={value}")
        };
        let segments: Vec<_> = segments.into_iter().map(segment).collect();
        let wire = format!("__Host-{name}");
        let real: Vec<&str> = segments.iter().filter_map(|segment| {
            let (found, value) = segment.split_once('=')?;
            (found.trim_matches([' ', '\t']) == wire).then_some(value.trim())
        }).collect();
        let policy = HostCookies::new([name]).unwrap();
        let read = read(&policy, &[segments.join(";")]).join("; ");
        let found: Vec<String> = Cookie::split_parse_encoded(read.as_str())
            .flatten()
            .filter(|cookie| cookie.name().trim().eq_ignore_ascii_case(name))
            .map(|cookie| cookie.value().to_owned())
            .collect();
        prop_assert!(found.len() <= 1, "{:?}", read);
        prop_assert_eq!(found.is_empty(), real.is_empty(), "{:?}", read);
    }
}
