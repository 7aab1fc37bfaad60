//! Tests known lines, each with the readers that it fools after a guard that compares exact names only.

use crate::{
    case::{Case, Guarded},
    guard::{Guard, Mode},
    reader::{READERS, installed},
    verdict::{faults, judge},
};

/// A planted cookie, and the readers that read it without the layer.
const PLANTED: &[(&[u8], &str)] = &[
    (b"zz=dark pleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (b"theme=dark\tpleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (b"theme=dark pleroma_key = evil", "http_cookies aiohttp bottle webob"),
    (
        b"t2=dark,pleroma_key=evil",
        "webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient",
    ),
    (
        b"t2=dark, pleroma_key=evil",
        "http_cookies aiohttp bottle webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient",
    ),
    (
        b"t=,pleroma_key=evil",
        "webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient",
    ),
    (b"t=dark,pleroma_key =evil", "webob jetty-2965 tomcat-legacy tomcat-legacy-lenient"),
    (b"a=\"x\" pleroma_key=evil", "http_cookies aiohttp bottle webob netty-old netty-old-lax"),
    (b"a=\"x\"pleroma_key=evil", "webob netty-old netty-old-lax"),
    (b"a=\"x\"$pleroma_key=evil", "netty-old netty-old-lax"),
    (b"a=\"x\" $pleroma_key=evil", "netty-old netty-old-lax"),
    (
        b"a=\"x\",pleroma_key=evil",
        "webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient netty-old netty-old-lax",
    ),
    (b"a=\"x,pleroma_key=evil\"", "cgi-cookie cgi-cookie-raw"),
    (b"a=\"x\"pleroma_key=evil\"", "webob netty-old-lax"),
    (b"a=\"x pleroma_key=evil", "webob"),
    (b"a=\"\\\"\" pleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (b"t=Wed, 01-Jan-2030 00:00:00 GMTpleroma_key=evil", "webob"),
    (b"t=Wed, 01-Jan-2030 00:00:00 GMT pleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (b"t=Wed, 01 Jan 2030 00:00:00 GMT pleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (b"t=[pleroma_key=evil]", "webob"),
    (b"t=v[pleroma_key=evil", "webob"),
    (b"t=v]pleroma_key=evil", "webob"),
    (b"t=\"pleroma_key=evil", "webob"),
    (b"t=\\\\ \\pleroma_key=evil", "webob"),
    (b"v\\pleroma_key=evil", "webob"),
    (b"t=\xe9pleroma_key=evil", "webob"),
    (b"t=v\xc2\xa0pleroma_key=evil", "webob"),
    (b"t=\xe2\x80\x83pleroma_key=evil", "webob"),
    (b"t=a=b pleroma_key=evil", "http_cookies aiohttp bottle webob"),
    (
        b"t={\"a\":1, pleroma_key=evil}",
        "webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient",
    ),
    (b"t=x y pleroma_key=evil", "aiohttp webob"),
    (
        b"t=x, y=z, pleroma_key=evil",
        "http_cookies aiohttp bottle webob cgi-cookie cgi-cookie-raw jetty-2965 tomcat-legacy tomcat-legacy-lenient",
    ),
    (b"v pleroma_key=evil", "aiohttp webob"),
    (b"v,pleroma_key=evil", "webob cgi-cookie cgi-cookie-raw tomcat-legacy tomcat-legacy-lenient"),
    (b"t=v pleroma_key", "aiohttp"),
    (b"t=v,pleroma_key", "cgi-cookie-raw tomcat-legacy-lenient"),
    (b"t=v,pleroma_key,x", "cgi-cookie-raw tomcat-legacy-lenient"),
    (b"pleroma_key x=y", "aiohttp tomcat-legacy-lenient"),
    (b"t=v, pleroma_key", "aiohttp cgi-cookie-raw tomcat-legacy-lenient"),
    (b"__Secure-pleroma_key=evil", "sanic"),
    (b"__Secure-pleroma_key= evil", "sanic"),
    (b"(pleroma_key=evil", "tomcat-legacy"),
    (
        b",pleroma_key=evil",
        "webob cgi-cookie cgi-cookie-raw tomcat-legacy tomcat-legacy-lenient netty netty-lax netty-old netty-old-lax",
    ),
    (b"$pleroma_key=evil", "netty-old netty-old-lax"),
    (b"\"pleroma_key=evil", "webob tomcat-legacy"),
    (b"[pleroma_key=evil", "webob tomcat-legacy"),
    (b"\xa0pleroma_key=evil", "webob werkzeug starlette tornado falcon sanic"),
    (b"\x85pleroma_key=evil", "webob werkzeug starlette tornado falcon sanic"),
    (b"pleroma_key\xa0=evil", "werkzeug starlette tornado falcon sanic"),
    (b"{pleroma_key=evil}", "tomcat-legacy"),
    (b"@pleroma_key=evil", "tomcat-legacy"),
    (b"pleroma.key=evil", "php"),
    (b"pleroma key=evil", "php"),
    (b"pleroma[key=evil", "php"),
    (b"%70leroma_key=evil", "cgi-cookie"),
    (b"pleroma%5Fkey=evil", "cgi-cookie"),
];

/// Returns the planted cookie alone, before the genuine one, and after it.
fn cases(planted: &[u8]) -> [Case; 3] {
    let genuine = b"__Host-pleroma_key=good";
    [
        Case { sent: vec![planted.to_vec()], genuine: None },
        Case { sent: vec![[planted, genuine].join(&b"; "[..])], genuine: Some(0) },
        Case { sent: vec![[genuine, planted].join(&b"; "[..])], genuine: Some(0) },
    ]
}

fn guarded(mode: Mode) -> Vec<Guarded> {
    let mut guard = Guard::new(mode);
    let cases = PLANTED.iter().flat_map(|(planted, _)| cases(planted));
    cases.map(|case| Guarded::new(case, mode, &mut guard)).collect()
}

#[test]
fn known_lines_fool_no_reader_behind_the_layer() {
    let Some(installed) = installed() else { return };
    let all: Vec<Guarded> = Mode::ALL.into_iter().flat_map(guarded).collect();
    let faults: String = READERS.iter().map(|reader| faults(*reader, installed, &all)).collect();
    assert!(faults.is_empty(), "{faults}");
}

/// Proves that the other test can fail.
#[test]
fn without_the_layer_each_line_fools_exactly_the_known_readers() {
    let Some(installed) = installed() else { return };
    let all = guarded(Mode::Default);
    let mut fooled = vec![String::new(); PLANTED.len()];
    for reader in READERS {
        let verdict = judge(*reader, installed, &all, all.len());
        for (fooled, answers) in fooled.iter_mut().zip(verdict.fooled.chunks(3)) {
            if answers.contains(&true) {
                let blank = if fooled.is_empty() { "" } else { " " };
                *fooled += &format!("{blank}{}", reader.name);
            }
        }
    }
    let table = |fooled: &[&str]| {
        let rows = PLANTED.iter().zip(fooled);
        rows.map(|((line, _), fooled)| {
            format!("    (b\"{}\", \"{fooled}\"),\n", line.escape_ascii())
        })
        .collect::<String>()
    };
    let found: Vec<&str> = fooled.iter().map(String::as_str).collect();
    let known: Vec<&str> = PLANTED.iter().map(|(_, known)| *known).collect();
    assert!(found == known, "\n{}\n{}", table(&found), table(&known));
}
