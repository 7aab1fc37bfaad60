//! Tests the layer around common stacks, over sockets.

use std::collections::BTreeMap;

use http::StatusCode;
use tower_hardening::{HostCookieLayer, HostCookies};

use crate::{
    applications::{self, STACKS},
    browser::Jar,
    client::{Client, Version, serve},
    forged::{shown, spellings},
    policy::sid,
};

async fn guarded(version: Version) -> Client {
    guarded_by(sid(), version).await
}

async fn guarded_by(policy: HostCookies, version: Version) -> Client {
    let layer = HostCookieLayer::new(policy);
    Client::connect(serve(applications::all().layer(layer)).await, version).await
}

/// Returns the session of a user in a browser.
async fn sign_in(client: &mut Client, stack: &str, user: &str) -> Jar {
    let answer = client.get::<&str>(&format!("{stack}/in/{user}"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{stack}");
    let mut jar = Jar::default();
    let lines = answer.cookies();
    assert!(!lines.is_empty() && lines.iter().all(|line| jar.receive(line.as_bytes())), "{stack}");
    jar
}

/// Returns the value of the only cookie.
fn value(jar: &Jar) -> String {
    let line = String::from_utf8(jar.line()).unwrap();
    line.split_once('=').unwrap().1.to_owned()
}

#[tokio::test]
async fn signing_in_and_out_works_with_every_stack() {
    for version in Version::BOTH {
        let mut client = guarded(version).await;
        for stack in STACKS {
            let answer = client.get::<&str>(&format!("{stack}/in/victim"), &[]).await;
            let lines = answer.cookies();
            assert_eq!(lines.len(), 1, "{stack}");
            let (pair, attributes) = lines[0].split_once(';').unwrap();
            assert!(pair.starts_with("__Host-sid=") && !pair.ends_with('='), "{stack}: {pair}");
            let mut attributes: Vec<_> = attributes.split(';').map(str::trim).collect();
            attributes.sort_unstable();
            let expected: &[&str] = match *stack {
                "/sessions" => &["HttpOnly", "Path=/", "SameSite=Strict", "Secure"],
                _ => &["HttpOnly", "Path=/", "Secure"],
            };
            assert_eq!(attributes, expected, "{stack}");

            let mut jar = Jar::default();
            assert!(jar.receive(lines[0].as_bytes()), "{stack}");
            let read = client.get(&format!("{stack}/read"), &[jar.line()]).await;
            assert_eq!(read.body, "victim", "{stack}");

            let answer = client.get(&format!("{stack}/out"), &[jar.line()]).await;
            let lines = answer.cookies();
            assert_eq!(lines.len(), 1, "{stack}");
            assert!(lines[0].starts_with("__Host-sid=;"), "{stack}: {}", lines[0]);
            assert!(jar.receive(lines[0].as_bytes()), "{stack}: {}", lines[0]);
            assert_eq!(jar.line(), b"", "{stack}: the cookie survives: {}", lines[0]);
        }
    }
}

#[tokio::test]
async fn no_stack_reads_a_forged_spelling() {
    for version in Version::BOTH {
        let mut client = guarded(version).await;
        for stack in STACKS {
            let victim = sign_in(&mut client, stack, "victim").await.line();
            // The attacker plants their own session, which is valid except for its name.
            let planted = value(&sign_in(&mut client, stack, "attacker").await);
            let path = format!("{stack}/read");
            for forged in spellings(&planted) {
                let one_line = |first: &[u8], second: &[u8]| [first, second].join(&b"; "[..]);
                for (lines, expected) in [
                    (vec![forged.clone()], ""),
                    (vec![one_line(&forged, &victim)], "victim"),
                    (vec![one_line(&victim, &forged)], "victim"),
                ] {
                    let read = client.get(&path, &lines).await;
                    let sent: Vec<_> = lines.iter().map(|line| shown(line)).collect();
                    assert_eq!(read.body, expected, "{stack} {version:?} {sent:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_stack_reads_a_forged_spelling_that_is_spread_over_several_lines() {
    let mut client = guarded(Version::Http2).await;
    for stack in STACKS {
        let victim = sign_in(&mut client, stack, "victim").await.line();
        let planted = value(&sign_in(&mut client, stack, "attacker").await);
        let path = format!("{stack}/read");
        for forged in spellings(&planted) {
            // HTTP/2 sends each cookie as a line.
            let crumbs: Vec<&[u8]> = forged.split(|byte| *byte == b';').collect();
            let before = [&crumbs[..], &[b"theme=dark", &victim]].concat();
            let after = [&[&victim[..], b"theme=dark"], &crumbs[..]].concat();
            for lines in [before, after] {
                let read = client.get(&path, &lines).await;
                assert_eq!(read.body, "victim", "{stack} {}", shown(&forged));
            }
        }
    }
}

#[tokio::test]
async fn every_stack_reads_the_first_of_two_guarded_cookies() {
    for version in Version::BOTH {
        let mut client = guarded(version).await;
        for stack in STACKS {
            let first = sign_in(&mut client, stack, "first").await.line();
            let second = sign_in(&mut client, stack, "second").await.line();
            let both = [&first[..], &second].join(&b"; "[..]);
            for lines in [vec![both], vec![first, second]] {
                let read = client.get(&format!("{stack}/read"), &lines).await;
                assert_eq!(read.body, "first", "{stack} {version:?}");
            }
        }
    }
}

/// Asserts that the user stays signed in, whatever a sibling domain planted.
async fn assert_signed_in_next_to(policy: HostCookies, planted: &[&[u8]]) {
    for version in Version::BOTH {
        let mut client = guarded_by(policy.clone(), version).await;
        for stack in STACKS {
            let victim = sign_in(&mut client, stack, "victim").await.line();
            for bad in planted {
                for line in [[&victim, *bad].join(&b"; "[..]), [bad, &victim[..]].join(&b"; "[..])]
                {
                    let read = client.get(&format!("{stack}/read"), &[&line]).await;
                    assert_eq!(read.body, "victim", "{stack} {}", shown(&line));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_non_ascii_cookie_does_not_sign_a_user_out() {
    let planted: [&[u8]; 5] = [b"a=\xFC", b"\xE2\x82\xAC=1", b"\xFF", b"a=%FF", b"%FF=1"];
    assert_signed_in_next_to(sid(), &planted).await;
}

#[tokio::test]
async fn a_lone_quote_does_not_sign_a_user_out_of_a_strict_server() {
    let planted: [&[u8]; 4] = [b"a=\"x", b"a=x\"", b"\"a=x", b"a=\\\""];
    assert_signed_in_next_to(sid().reject_ambiguous(), &planted).await;
}

/// Proves that the tests above can fail: without the layer these stacks read forgeries.
#[tokio::test]
async fn without_the_layer_every_stack_reads_a_planted_cookie() {
    let mut client = Client::connect(serve(applications::all()).await, Version::Http1).await;
    let mut fooled = BTreeMap::new();
    for stack in STACKS {
        let answer = client.get::<&str>(&format!("{stack}/in/attacker"), &[]).await;
        let line = answer.cookies().remove(0);
        let planted = line.split(['=', ';']).nth(1).unwrap().to_owned();
        let rest = line.strip_prefix("sid=").unwrap().split(';').next().unwrap();
        assert!(rest.starts_with(&planted));
        for forged in spellings(rest) {
            let read = client.get(&format!("{stack}/read"), &[&forged]).await;
            *fooled.entry(*stack).or_insert(0) += usize::from(read.body.contains("attacker"));
        }
    }
    for stack in STACKS {
        assert!(fooled[stack] >= 5, "{stack}: {fooled:?}");
    }
}
