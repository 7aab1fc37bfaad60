//! Generates random policies, as careless authors write them, and loads of pages.

/// Generates pseudo-random numbers: xorshift, so that each run has the same cases.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(crate) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

pub(crate) const NONCE: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4";
pub(crate) const SCRIPT: &str = "doSomething()";
pub(crate) const HASH: &str = "sha256-bnQkgwAfjTxnZSlFxZe1ogJadBHLnRuuL54WC+v+tMY=";

const SOURCES: &[&str] = &[
    "'self'",
    "'SELF'",
    "'none'",
    "*",
    "https:",
    "HTTP:",
    "http:",
    "wss:",
    "data:",
    "blob:",
    "app:",
    "own.example",
    "Own.Example:443",
    "http://own.example",
    "https://own.example:*",
    "cdn.example",
    "https://cdn.example/lib/",
    "https://cdn.example/lib/a.js",
    "http://cdn.example:80",
    "cdn.example:8443/LIB/",
    "cdn.example/%6Cib/",
    "*.cdn.example",
    "https://*",
    "*:8443",
    "wss://own.example",
    "ws://own.example",
    "192.0.2.1",
    "https://127.0.0.1:8443",
    "cdn.example.",
    "bad_host.example",
    "cdn.*",
    "'wrong'",
    "self",
];

const KEYWORDS: &[&str] = &[
    "'unsafe-inline'",
    "'UNSAFE-inline'",
    "'unsafe-eval'",
    "'wasm-unsafe-eval'",
    "'trusted-types-eval'",
    "'strict-dynamic'",
    "'Strict-Dynamic'",
    "'unsafe-hashes'",
    "'report-sample'",
    "'nonce-MTIzNDU2Nzg5MDEyMzQ1Njc4'",
    "'NONCE-MTIzNDU2Nzg5MDEyMzQ1Njc4'",
    "'nonce-abc===='",
    "'sha256-bnQkgwAfjTxnZSlFxZe1ogJadBHLnRuuL54WC+v+tMY='",
    "'SHA256-bnQkgwAfjTxnZSlFxZe1ogJadBHLnRuuL54WC-v-tMY='",
    "'sha512-AAAA'",
];

const LISTS: &[&str] = &[
    "default-src",
    "default-src",
    "script-src",
    "script-src",
    "Script-Src-Elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "font-src",
    "media-src",
    "connect-src",
    "manifest-src",
    "object-src",
    "child-src",
    "frame-src",
    "worker-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
];

const OTHERS: &[&str] = &[
    "require-trusted-types-for 'script'",
    "require-trusted-types-for 'SCRIPT'",
    "trusted-types one two",
    "trusted-types *",
    "trusted-types one 'allow-duplicates'",
    "trusted-types 'none'",
    "report-to endpoint",
    "unknown-directive *",
];

/// Returns the value of a header: one policy, or two.
pub(crate) fn header(random: &mut Random) -> String {
    let policies: Vec<String> = (0..1 + random.below(2)).map(|_| policy(random)).collect();
    policies.join(", ")
}

fn policy(random: &mut Random) -> String {
    let directives = (0..1 + random.below(5)).map(|_| {
        if random.one_in(8) {
            return random.pick(OTHERS).to_owned();
        }
        let mut directive = random.pick(LISTS).to_owned();
        for _ in 0..random.below(5) {
            let words = if random.one_in(3) { KEYWORDS } else { SOURCES };
            directive = format!("{directive} {}", random.pick(words));
        }
        directive
    });
    directives.collect::<Vec<_>>().join("; ")
}

const URLS: &[&str] = &[
    "https://own.example/a.js",
    "http://own.example/a.js",
    "https://own.example:8443/a.js",
    "https://cdn.example/lib/a.js",
    "https://cdn.example/lib/b/c.js",
    "https://cdn.example/other.js",
    "https://cdn.example:8443/lib/a.js",
    "http://cdn.example/lib/a.js",
    "https://a.cdn.example/a.js",
    "https://cdn.example./a.js",
    "https://evil.example/a.js",
    "https://192.0.2.1/a.js",
    "https://127.0.0.1:8443/a.js",
    "https://[2001:db8::1]/a.js",
    "data:text/javascript,1",
    "blob:https://own.example/0b5a",
    "ftp://own.example/a.js",
    "app://local/a.js",
];

/// Represents something that a page does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Fetch { destination: &'static str, url: &'static str, redirect: Option<&'static str> },
    Inline(&'static str),
    Eval,
    WebAssembly,
    Base(&'static str),
    Form(&'static str),
    FramedBy(&'static str),
    TrustedTypes { name: &'static str, is_used: bool },
    Sink,
}

/// Holds what a page does, with the attributes of the element.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) act: Act,
    pub(crate) nonce: &'static str,
    pub(crate) integrity: &'static str,
    pub(crate) text: &'static str,
    pub(crate) is_inserted_by_script: bool,
}

/// The destinations as the Fetch standard names them; `fetch` is a call by script.
const DESTINATIONS: &[&str] = &[
    "fetch",
    "json",
    "script",
    "script",
    "script",
    "audioworklet",
    "paintworklet",
    "xslt",
    "worker",
    "sharedworker",
    "serviceworker",
    "style",
    "style",
    "image",
    "font",
    "audio",
    "video",
    "track",
    "manifest",
    "object",
    "embed",
    "iframe",
    "prefetch",
    "report",
];

const INLINES: &[&str] = &["script", "handler", "url", "style", "attribute"];

pub(crate) fn case(random: &mut Random) -> Case {
    let url = random.pick(URLS);
    let redirect = if random.one_in(5) { Some(random.pick(&URLS[..14])) } else { None };
    let act = match random.below(20) {
        0..10 => Act::Fetch { destination: random.pick(DESTINATIONS), url, redirect },
        10..14 => Act::Inline(random.pick(INLINES)),
        14 => Act::Eval,
        15 => Act::WebAssembly,
        16 => Act::Base(url),
        17 => Act::Form(url),
        18 => Act::FramedBy(random.pick(&URLS[..14])),
        _ => {
            let is_used = random.one_in(2);
            match random.below(3) {
                0 => Act::Sink,
                _ => Act::TrustedTypes { name: random.pick(&["one", "two", "Two", "?"]), is_used },
            }
        }
    };
    Case {
        act,
        nonce: random.pick(&["", "", NONCE, "abc"]),
        integrity: random.pick(&["", "", HASH, "sha256-AAAA"]),
        text: random.pick(&[SCRIPT, "other()"]),
        is_inserted_by_script: random.one_in(3),
    }
}
