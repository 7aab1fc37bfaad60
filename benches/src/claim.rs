//! Defines the headers that a contender claims to send.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    guide::{CSP, GUIDE, REPLACING},
    traffic::{SESSION_SENT, SESSION_SET, Traffic},
};

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
    /// The only headers of the application that are sent; `None` if all are.
    pub keeps: Option<&'static [HeaderName]>,
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
    /// These lines are added to those of the application.
    Appending(&'static [(&'static str, &'static str)]),
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
        keeps: None,
    };
    pub const REPLACING: Self = Self { headers: Headers::Replacing, ..Self::NOTHING };
    pub const MIXED: Self = Self { headers: Headers::Mixed, ..Self::NOTHING };
}

impl Claim {
    /// Returns `true` if the page reads its nonce and the application has no policy of its own.
    pub(crate) fn has_nonce_in(&self, traffic: Traffic) -> bool {
        let mut headers = HeaderMap::new();
        (traffic.response)(&mut headers);
        let own = headers.contains_key(header::CONTENT_SECURITY_POLICY);
        self.nonce == Nonce::WhenRead && traffic.reads_nonce && !own
    }

    /// Returns all headers of the response.
    pub(crate) fn of(&self, traffic: Traffic) -> HeaderMap {
        let mut headers = self.start(traffic);
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
            Headers::Appending(lines) => {
                for (name, value) in lines {
                    headers.append(*name, HeaderValue::from_static(value));
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

    /// Returns the headers of the application that are sent.
    fn start(&self, traffic: Traffic) -> HeaderMap {
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
        if let Some(kept) = self.keeps {
            let dropped = headers.keys().filter(|name| !kept.contains(name));
            for name in dropped.cloned().collect::<Vec<_>>() {
                headers.remove(name);
            }
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
