//! Defines the contenders, and checks that each sends what it claims.

use http::{HeaderMap, HeaderValue, header};
use tower::util::MapResponseLayer;

use crate::{
    guide,
    service::{Body, Client, Inner, client},
    traffic::Traffic,
};

pub use crate::claim::{Claim, Headers, Lack, Nonce};

/// Represents a way to send the guide's headers, or some of them.
#[derive(Clone, Copy)]
pub struct Contender {
    pub name: &'static str,
    pub around: fn(Traffic) -> Box<dyn Client>,
    pub claim: Claim,
    /// The parts of the guide that it does not cover, in a few words.
    pub cannot: &'static str,
}

/// Defines one of this crate's contenders, which covers all of the guide that it is for.
pub(crate) const fn ours(
    name: &'static str,
    claim: Claim,
    around: fn(Traffic) -> Box<dyn Client>,
) -> Contender {
    Contender { name, around, claim, cannot: "" }
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
