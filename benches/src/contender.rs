//! Defines the contenders and the headers that each claims to send.

use std::fmt;

use http::{HeaderMap, HeaderValue, header};
use tower::util::MapResponseLayer;

use crate::{
    guide::{self, CSP, GUIDE, REPLACING},
    service::{Body, Client, Inner, client},
    traffic::{SESSION_SENT, SESSION_SET, Traffic},
};

/// Represents a way to send the guide's headers, or some of them.
#[derive(Clone, Copy)]
pub struct Contender {
    pub name: &'static str,
    pub around: fn(Traffic) -> Box<dyn Client>,
    pub claim: Claim,
    /// The parts of the guide that it does not cover, in a few words.
    pub cannot: &'static str,
}

/// Lists the headers that a contender adds to those of the inner service.
#[derive(Clone, Copy)]
pub struct Claim {
    pub headers: Headers,
    /// The content policy.
    pub policy: fn() -> String,
    /// The headers that it cannot send as the guide does.
    pub lacks: &'static [Lack],
    /// The headers of the application that it removes.
    pub removes: &'static [&'static str],
    pub nonce: Nonce,
    /// The lines of the policy, without the nonce, if the nonce was read and these are two.
    pub two_lines: Option<fn() -> [String; 2]>,
    pub cookies: bool,
    /// Lines that are sent too.
    pub adds: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy, PartialEq)]
pub enum Headers {
    None,
    /// All headers replace those of the application.
    Replacing,
    /// Two headers replace those of the application, as in the guide; the others keep them.
    Mixed,
    /// These lines replace those of the application.
    These(&'static [(&'static str, &'static str)]),
    /// The layer answers by itself, with these lines only.
    Answer(&'static [(&'static str, &'static str)]),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Nonce {
    Never,
    Always,
    /// A response with a nonce is also marked as private.
    WhenRead,
}

#[derive(Clone, Copy)]
pub struct Lack {
    pub header: &'static str,
    /// The value that it sends instead, if any.
    pub says: Option<&'static str>,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.says {
            Some(says) => write!(f, "`{}` as `{says}`", self.header),
            None => write!(f, "no `{}`", self.header),
        }
    }
}

impl Claim {
    pub const NOTHING: Self = Self {
        headers: Headers::None,
        policy: || CSP.to_owned(),
        lacks: &[],
        removes: &[],
        nonce: Nonce::Never,
        two_lines: None,
        cookies: false,
        adds: &[],
    };
    pub const REPLACING: Self = Self { headers: Headers::Replacing, ..Self::NOTHING };
    pub const MIXED: Self = Self { headers: Headers::Mixed, ..Self::NOTHING };
}

pub const BARE: Contender = Contender {
    name: "bare",
    around: |traffic| client(Inner(traffic), traffic),
    claim: Claim::NOTHING,
    cannot: "",
};

pub const BY_HAND: Contender = Contender {
    name: "by hand",
    around: |traffic| {
        let layer = MapResponseLayer::new(|mut response: http::Response<Body>| {
            guide::insert_all(response.headers_mut());
            response
        });
        client(tower::Layer::layer(&layer, Inner(traffic)), traffic)
    },
    claim: Claim::REPLACING,
    cannot: "",
};

pub const BY_HAND_MIXED: Contender = Contender {
    name: "by hand, two replacing",
    around: |traffic| {
        let layer = MapResponseLayer::new(|mut response: http::Response<Body>| {
            guide::insert_missing(response.headers_mut());
            response
        });
        client(tower::Layer::layer(&layer, Inner(traffic)), traffic)
    },
    claim: Claim::MIXED,
    cannot: "",
};

impl Contender {
    /// Fails if the contender does not send the headers that it claims, in this traffic.
    ///
    /// A figure for any other response has no meaning.
    pub fn check(&self, traffic: Traffic) -> Result<(), String> {
        let mut client = (self.around)(traffic);
        // The second response is from a service that has been in use.
        client.headers();
        self.check_next(&mut *client, traffic)
    }

    /// Checks the next response of a client of this contender.
    pub fn check_next(&self, client: &mut dyn Client, traffic: Traffic) -> Result<(), String> {
        let mut sent = client.headers();
        if self.claim.has_nonce_in(traffic) || self.claim.nonce == Nonce::Always {
            without_nonce(&mut sent).ok_or_else(|| format!("{}: no nonce", self.name))?;
        }
        let claimed = self.claim.of(traffic);
        if meaning(&sent) == meaning(&claimed) {
            return Ok(());
        }
        Err(format!("{}, {}: sends {sent:#?}, claims {claimed:#?}", self.name, traffic.name))
    }
}

impl Claim {
    /// Returns `true` if the page reads its nonce and the application has no policy of its own.
    fn has_nonce_in(&self, traffic: Traffic) -> bool {
        let mut headers = HeaderMap::new();
        (traffic.response)(&mut headers);
        let own = headers.contains_key(header::CONTENT_SECURITY_POLICY);
        self.nonce == Nonce::WhenRead && traffic.reads_nonce && !own
    }

    /// Returns all headers of the response.
    fn of(&self, traffic: Traffic) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !matches!(self.headers, Headers::Answer(_)) {
            (traffic.response)(&mut headers);
        }
        if self.cookies {
            for line in headers.iter_mut().map(|(_, value)| value).filter(|v| *v == SESSION_SET) {
                *line = HeaderValue::from_static(SESSION_SENT);
            }
        }
        self.removes.iter().for_each(|name| drop(headers.remove(*name)));
        for (name, value) in self.adds {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        match self.headers {
            Headers::None => return headers,
            Headers::These(lines) | Headers::Answer(lines) => {
                for (name, value) in lines {
                    headers.insert(*name, HeaderValue::from_static(value));
                }
                return headers;
            }
            Headers::Replacing | Headers::Mixed => {}
        }
        self.put_guide(&mut headers);
        if let Some(two_lines) = self.two_lines.filter(|_| self.has_nonce_in(traffic)) {
            headers.remove(header::CONTENT_SECURITY_POLICY);
            for line in two_lines() {
                let line = HeaderValue::try_from(line).expect("ASCII");
                headers.append(header::CONTENT_SECURITY_POLICY, line);
            }
        }
        if self.nonce == Nonce::WhenRead && traffic.reads_nonce {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
        }
        headers
    }

    /// Adds the guide's headers to those of the application.
    fn put_guide(&self, headers: &mut HeaderMap) {
        for (name, value) in &GUIDE {
            let lack = self.lacks.iter().find(|lack| *name == lack.header);
            let Some(value) = lack.map_or(Some(*value), |lack| lack.says) else { continue };
            let value = if value == CSP { (self.policy)() } else { value.to_owned() };
            let replaces = self.headers == Headers::Replacing || REPLACING.contains(name);
            if replaces || !headers.contains_key(name) {
                headers.insert(name, HeaderValue::try_from(value).expect("ASCII"));
            }
        }
        self.removes.iter().for_each(|name| drop(headers.remove(*name)));
    }
}

/// Returns the meaning of the headers, independent of order and letter case.
fn meaning(headers: &HeaderMap) -> Vec<(&str, Vec<String>)> {
    let parts = |value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        let mut parts: Vec<String> =
            text.split([';', ',']).map(|part| part.trim().to_owned()).collect();
        parts.sort_unstable();
        parts
    };
    let mut lines: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), parts(value))).collect();
    lines.sort_unstable();
    lines
}

/// Removes the nonce from the policy, if the policy has a valid one.
fn without_nonce(headers: &mut HeaderMap) -> Option<()> {
    let lines = headers.iter_mut().filter(|(name, _)| *name == header::CONTENT_SECURITY_POLICY);
    let mut texts = lines.filter_map(|(_, value)| Some((value.to_str().ok()?.to_owned(), value)));
    let (text, value) = texts.find(|(text, _)| text.contains(" 'nonce-"))?;
    let (before, rest) = text.split_once(" 'nonce-")?;
    let (nonce, after) = rest.split_once('\'')?;
    *value = format!("{before}{after}").parse().ok()?;
    (nonce.len() >= 22).then_some(())
}
