//! Lists each contender with each traffic in which it is measured.

use std::collections::BTreeSet;

#[cfg(feature = "report")]
use crate::peers;
use crate::{
    contender::{BARE, BY_HAND, BY_HAND_MIXED, Contender},
    deployed, ours, routes,
    service::Client,
    tenants,
    traffic::{
        ADDRESS, COUNTS, CROSS_SITE, KEPT_CLASH, NAMED_FILE, NAMED_SERVER, NONCE_READ, PICTURE,
        PROXIED, REPLACED_CLASH, SAME_ORIGIN, SESSION, STRANGER, TENANT, Traffic, USUAL, WORST,
    },
};

/// Measures a contender in some traffic.
#[derive(Clone, Copy)]
pub struct Case {
    pub contender: Contender,
    pub traffic: Traffic,
    /// The number of counted exchanges, which is smaller for long ones.
    pub exchanges: u32,
}

impl Case {
    pub const fn new(contender: Contender, traffic: Traffic) -> Self {
        Self { contender, traffic, exchanges: 1000 }
    }

    /// Measures one of this many virtual hosts.
    ///
    /// The set-up varies by about 300 instructions per host, because the hashes are random. More
    /// exchanges make this matter less.
    pub const fn tenant(contender: Contender, hosts: u32) -> Self {
        Self { contender, traffic: TENANT, exchanges: 1000 + 5 * hosts }
    }

    const fn worst(contender: Contender, traffic: Traffic) -> Self {
        Self { contender, traffic, exchanges: 20 }
    }

    pub fn id(&self) -> String {
        format!("{}: {}", self.contender.name, self.traffic.name)
    }

    /// Returns the case of the inner service alone.
    pub fn bare(&self) -> Self {
        Self { contender: BARE, ..*self }
    }

    pub fn client(&self) -> Box<dyn Client> {
        (self.contender.around)(self.traffic)
    }
}

/// Work that has a limit in `benches/figures.tsv`.
pub struct Limited {
    pub work: &'static str,
    pub case: Case,
}

const fn limited(work: &'static str, contender: Contender, traffic: Traffic) -> Limited {
    Limited { work, case: Case::new(contender, traffic) }
}

pub const LIMITED: [Limited; 46] = [
    limited("nine headers, k = 0", ours::COMPOSITE, COUNTS[0]),
    limited("nine headers, k = 2", ours::COMPOSITE, COUNTS[1]),
    limited("nine headers, k = 8", ours::COMPOSITE, COUNTS[3]),
    limited("nine headers, k = 12", ours::COMPOSITE, COUNTS[4]),
    limited("ten headers", routes::ONE_MORE, USUAL),
    limited("one clash that is kept, k = 2", ours::COMPOSITE, KEPT_CLASH),
    limited("one clash that is replaced, k = 2", ours::COMPOSITE, REPLACED_CLASH),
    limited("nine layers stacked, k = 2", ours::STACK, USUAL),
    limited("nine headers, reloadable", deployed::RELOADABLE, USUAL),
    limited("nonce read and in the header", ours::NONCES, NONCE_READ),
    limited("nonce not read", ours::NONCES, USUAL),
    limited("cookies alone, nothing to do", ours::COOKIES, USUAL),
    limited("cookies alone, one each way", ours::COOKIES, SESSION),
    limited("whole preset, no cookie", ours::PRESET, USUAL),
    limited("whole preset, one cookie each way", ours::PRESET, SESSION),
    limited("nine headers in clear text", deployed::CLEAR_TEXT, USUAL),
    limited("nine headers for an address", deployed::UNNAMED, ADDRESS),
    limited("a policy of one source", deployed::SOURCES[0], USUAL),
    limited("a policy of 100 sources", deployed::SOURCES[1], USUAL),
    limited("one of 1 virtual host", deployed::HOSTS[0], TENANT),
    Limited { work: "one of 1,000 virtual hosts", case: Case::tenant(deployed::HOSTS[1], 1_000) },
    limited("a layer chosen for a tenant", routes::CHOSEN, TENANT),
    limited("1 trusted network, a stranger asks", deployed::NETWORKS[0], STRANGER),
    limited("10,000 trusted networks, a stranger asks", deployed::NETWORKS[1], STRANGER),
    limited("10,000 trusted networks, a proxy asks", deployed::NETWORKS[1], PROXIED),
    limited("an allowed host", deployed::ALLOWED, TENANT),
    limited("a host that is not allowed", deployed::REFUSED, TENANT),
    limited("https redirect, over https", deployed::NOT_REDIRECTED, TENANT),
    limited("https redirect, over http", deployed::REDIRECTED, TENANT),
    limited("duplicate cookies, none", deployed::DUPLICATES, SESSION),
    limited("media, a picture", deployed::FILES, PICTURE),
    limited("media, a page that is saved", deployed::SAVED, USUAL),
    limited("media, a file of another server", routes::PROXIED_FILE, NAMED_FILE),
    limited("own policy, by the handler", tenants::OVERRIDE, USUAL),
    limited("own policy, by a hook", tenants::ADDED[0], USUAL),
    limited("own policy, 1,000 tenants in turn", tenants::TENANTS, USUAL),
    limited("own policy, 100 sources added", tenants::ADDED[1], USUAL),
    Limited {
        work: "own policy, 1,000 sources added",
        case: Case::worst(tenants::ADDED[2], USUAL),
    },
    limited("one layer inside another", tenants::NESTED, USUAL),
    limited("a list extended by the handler", routes::EXTENDED, USUAL),
    limited("headers to remove, none is there", routes::REMOVES, USUAL),
    limited("headers to remove, one is there", routes::REMOVES, NAMED_SERVER),
    limited("87 headers to remove, none is there", routes::REMOVES_OWASP, USUAL),
    limited("a layer that removes headers", routes::REMOVES_ALONE, NAMED_SERVER),
    limited("Fetch Metadata, same origin", routes::FETCH_METADATA, SAME_ORIGIN),
    limited("Fetch Metadata, another site", routes::FORBIDDEN, CROSS_SITE),
];

/// Pairs with equal cost: the size of the configuration does not change the cost of a request.
pub const EQUAL: [[Case; 2]; 3] = [
    [Case::new(tenants::ADDED[0], USUAL), Case::new(tenants::TENANTS, USUAL)],
    [Case::new(deployed::SOURCES[0], USUAL), Case::new(deployed::SOURCES[1], USUAL)],
    [Case::new(deployed::HOSTS[0], TENANT), Case::tenant(deployed::HOSTS[1], 1_000)],
];

/// Returns the contenders that send the guide's headers, as far as they can.
pub fn senders() -> Vec<Contender> {
    let mut all = vec![BY_HAND];
    #[cfg(feature = "report")]
    all.extend([
        peers::TOWER_HTTP,
        peers::TOWER_HELMET,
        peers::AXUM_HELMET,
        peers::AXUM_SECURITY,
        peers::HTTP_SECURITY_HEADERS,
        peers::HTTP_SECURITY_HEADERS_NONCES,
    ]);
    all.extend([ours::COMPOSITE, ours::STACK, ours::NONCES, ours::PRESET]);
    all
}

/// Returns the contenders that can replace two headers and keep the others.
pub fn mixed() -> Vec<Contender> {
    let mut all = vec![BY_HAND_MIXED];
    #[cfg(feature = "report")]
    all.push(peers::TOWER_HTTP_MIXED);
    all.extend([ours::COMPOSITE, ours::STACK]);
    all
}

/// The traffic that shows the difference between replacing and keeping a header.
pub const CLASHES: [Traffic; 2] = [KEPT_CLASH, REPLACED_CLASH];

/// Returns every case that is measured.
pub fn all() -> Vec<Case> {
    let counts = COUNTS.into_iter().flat_map(|traffic| {
        senders().into_iter().map(move |contender| Case::new(contender, traffic))
    });
    let clashes = CLASHES.into_iter().flat_map(|traffic| {
        mixed().into_iter().map(move |contender| Case::new(contender, traffic))
    });
    let limited = LIMITED.into_iter().map(|limited| limited.case);
    let worst = WORST
        .into_iter()
        .flat_map(|(_, sizes)| sizes)
        .map(|traffic| Case::worst(ours::PRESET, traffic));
    let many = [deployed::HOSTS, deployed::HOSTS_BY_HAND].into_iter().flat_map(|contenders| {
        deployed::COUNTS.into_iter().zip(contenders).map(|(hosts, one)| Case::tenant(one, hosts))
    });
    distinct(counts.chain(clashes).chain(limited).chain(worst).chain(many))
}

/// Returns the cases, each with the bare service in the same traffic, without repeats.
pub fn distinct(cases: impl IntoIterator<Item = Case>) -> Vec<Case> {
    // The order in which a `HashSet` frees its texts is random, and so is the heap afterwards.
    let mut ids = BTreeSet::new();
    let all = cases.into_iter().flat_map(|case| [case.bare(), case]);
    all.filter(|case| ids.insert(case.id())).collect()
}
