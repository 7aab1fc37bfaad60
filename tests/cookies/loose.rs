//! No parser finds a guarded name in another cookie, however lenient the parser is.

use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::HostCookies;

use crate::models::READERS;

use crate::exchange::Apply;

const PIECES: [&str; 60] = [
    "sid",
    "sid",
    "sid",
    "sid=evil",
    "sid=evil",
    "SID=evil",
    "__Host-sid=evil",
    "__Secure-sid=evil",
    "app_x=evil",
    "app_x",
    "s%69d=evil",
    "=",
    "=",
    "==",
    "evil",
    " ",
    " ",
    "\t",
    ",",
    ",",
    "; ",
    "; ",
    ";",
    "\"",
    "\"",
    "\\",
    "\\\"",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "@",
    ":",
    "?",
    "$",
    "/",
    "&",
    "'",
    "a",
    "t=",
    "t=v",
    "x=\"y\"",
    "t=\"",
    "$Version=1",
    "Wed, 09-Jun-2027 10:18:14 GMT",
    "GMT",
    "%20",
    "+",
    "\u{a0}",
    "\u{e4}",
    "\u{2000}",
    "__Host-",
    "path=/",
    "[0]",
    "x y=z",
    "{\"sid\":1}",
];

/// Returns the name that a parser would look up, and `true` if it is guarded.
fn is_guarded(name: &[u8]) -> bool {
    let prefixes = ["", "__Host-Http-", "__Host-", "__Secure-", "__Http-"];
    prefixes.iter().any(|prefix| {
        let starts = name
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()));
        let plain = name.get(prefix.len()..).unwrap_or_default().to_ascii_lowercase();
        // No application reads a name that contains a blank or a comma.
        let is_open =
            plain.starts_with(b"app_") && !plain.iter().any(|byte| b" \t,".contains(byte));
        starts && (plain == b"sid" || is_open)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn no_model_of_a_reader_finds_a_guarded_name_in_another_cookie(
        before in vec(select(PIECES.to_vec()), 0..12),
        behind in vec(select(PIECES.to_vec()), 0..12),
        genuine in any::<bool>(),
        strict in any::<bool>(),
    ) {
        let policy = HostCookies::new(["sid", "app_*"]).unwrap();
        let policy = if strict { policy.reject_ambiguous() } else { policy };
        let genuine = if genuine { "; __Host-sid=good; " } else { "; " };
        // A cookie with exactly this name is genuine.
        let is_planted = |text: &str| {
            let names = text.split(';').map(|cookie| cookie.split('=').next().unwrap().trim());
            !names.into_iter().any(|name| name == "__Host-sid" || name.starts_with("__Host-app_"))
        };
        prop_assume!(is_planted(&before.concat()) && is_planted(&behind.concat()));
        let line = [&before.concat(), genuine, &behind.concat()].concat();
        let mut request = crate::policy::request(&[&line]);
        policy.on_request(&mut request);
        let lines: Vec<&[u8]> =
            request.headers().get_all("cookie").iter().map(|line| line.as_bytes()).collect();
        for (reader, read) in READERS {
            for (name, value) in lines.iter().flat_map(|line| read(line)) {
                // A name without a value counts to readers that split at blanks and commas alone.
                let bare = value.is_none() && !["splits at blanks", "splits at commas"].contains(&reader)
                    && !reader.starts_with("matches");
                prop_assert!(
                    bare || !is_guarded(name) || value == Some(b"good"),
                    "{} finds {} in {:?}, which the layer makes of {:?}",
                    reader, name.escape_ascii(), lines.concat().escape_ascii().to_string(), line
                );
            }
        }
        if genuine.len() > 2 {
            let found = lines.iter().flat_map(|line| line.split(|byte| *byte == b';'));
            prop_assert_eq!(found.filter(|cookie| cookie.trim_ascii() == b"sid=good").count(), 1);
        }
    }
}
