//! Fuzzes the request side for readers that do not split at semicolons alone: none finds a guarded
//! name in another cookie.
#![no_main]

use http::{Request, header::COOKIE};
use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/cookies/exchange.rs"]
mod exchange;
#[path = "../../tests/cookies/models.rs"]
mod models;
mod policies;

use exchange::Apply;
use policies::{is_guarded, trim};

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let (policy, prefixes) = (policies::policy(*first), policies::prefixes(*first));
    let mut request = Request::new(());
    *request.headers_mut() = policies::headers(COOKIE, rest);
    let genuine: Vec<Vec<u8>> = policies::lines(request.headers(), COOKIE)
        .iter()
        .flat_map(|line| line.split(|byte| *byte == b';'))
        .filter_map(|cookie| {
            let cookie = trim(cookie);
            let plain =
                prefixes.iter().find_map(|prefix| cookie.strip_prefix(prefix.as_bytes()))?;
            let name = trim(plain.split(|byte| *byte == b'=').next()?);
            is_guarded(name).then(|| plain.to_vec())
        })
        .collect();
    policy.on_request(&mut request);
    for line in policies::lines(request.headers(), COOKIE) {
        // The value of a genuine cookie is the application's own, whatever its bytes.
        let others: Vec<&[u8]> = line
            .split(|byte| *byte == b';')
            .filter(|cookie| !genuine.iter().any(|genuine| genuine == trim(cookie)))
            .collect();
        let others = others.join(&b';');
        for (reader, read) in models::READERS {
            for (name, value) in read(&others) {
                let takes_bare_names = ["splits at blanks", "splits at commas"].contains(&reader)
                    || reader.starts_with("matches");
                assert!(
                    (value.is_none() && !takes_bare_names) || !is_looked_up(name),
                    "{reader} finds {} in {}",
                    name.escape_ascii(),
                    line.escape_ascii()
                );
            }
        }
    }
});

/// Returns `true` if an application reads a cookie of this name, under any prefix.
fn is_looked_up(name: &[u8]) -> bool {
    let prefixes: [&[u8]; 5] = [b"", b"__Host-Http-", b"__Host-", b"__Secure-", b"__Http-"];
    let has_blank = name.iter().any(|byte| b" \t,".contains(byte));
    !has_blank && prefixes.iter().any(|prefix| name.strip_prefix(*prefix).is_some_and(is_guarded))
}
