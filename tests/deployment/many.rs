//! Many hosts, tenants and networks cost a request what one costs, and a start what its share costs.

use std::time::{Duration, Instant};

use tower_hardening::{
    Hardening, Origin,
    connection::Host,
    header::StaticHeader,
    hosts::{AllowedHosts, VirtualHosts},
};

const MANY: usize = 16_000;
const FEW: usize = MANY / 16;
/// A quadratic start takes 16 times as long per host, and a search of a list longer still.
const MOST: u32 = 5;

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Returns the shortest of several times, since the machine does other work too.
fn shortest(mut run: impl FnMut()) -> Duration {
    (0..5).map(|_| time(&mut run)).min().unwrap_or_default()
}

fn name(index: usize) -> String {
    format!("tenant-{index}.example")
}

fn sites(count: usize) -> VirtualHosts {
    let policy = |text: &str| Hardening::empty().with(StaticHeader::new("x-site", text).unwrap());
    (0..count).fold(VirtualHosts::new(policy("main")), |sites, index| {
        let site = Origin::new("https", &name(index), None).unwrap();
        sites.with(&site, policy(&name(index)))
    })
}

#[test]
fn building_virtual_hosts_takes_linear_time() {
    let few = shortest(|| drop(sites(FEW)));
    let many = shortest(|| drop(sites(MANY)));
    assert!(many < few * 16 * MOST, "{FEW} take {few:?}, {MANY} take {many:?}");
}

#[test]
fn the_last_of_many_virtual_hosts_is_found_as_fast_as_the_only_one() {
    let look_up = |sites: &VirtualHosts, last: usize| {
        let host: Host = name(last).parse().unwrap();
        let expected = Hardening::empty().with(StaticHeader::new("x-site", &name(last)).unwrap());
        assert_eq!(sites.for_host(&host), &expected);
        shortest(|| (0..1_000).for_each(|_| assert!(sites.for_host(&host) != sites.default_host())))
    };
    let one = look_up(&sites(1), 0);
    let many = look_up(&sites(MANY), MANY - 1);
    assert!(many < one * MOST, "one takes {one:?}, {MANY} take {many:?}");
}

#[test]
fn the_last_of_many_allowed_hosts_is_found_as_fast_as_the_only_one() {
    for pattern in ["", "*."] {
        let hosts = |count| {
            AllowedHosts::new((0..count).map(|index| format!("{pattern}{}", name(index)))).unwrap()
        };
        let look_up = |hosts: &AllowedHosts, last: usize| {
            let host: Host =
                format!("{}{}", pattern.replace('*', "a"), name(last)).parse().unwrap();
            let stranger: Host = "a.b.example".parse().unwrap();
            shortest(|| {
                (0..1_000).for_each(|_| assert!(hosts.allows(&host) && !hosts.allows(&stranger)));
            })
        };
        let one = look_up(&hosts(1), 0);
        let many = look_up(&hosts(MANY), MANY - 1);
        assert!(many < one * MOST, "one takes {one:?}, {MANY} take {many:?}");
    }
}

#[cfg(feature = "proxy")]
#[test]
fn a_stranger_is_compared_with_many_trusted_networks_as_fast_as_with_one() {
    use tower_hardening::connection::{
        ConnectionSource, ForwardingHeaders, Transport, TrustedProxies,
    };

    let network = |index: usize| format!("10.{}.{}.0/25", index / 256, index % 256);
    let ask = |count| {
        let networks = (0..count).map(network);
        let proxies = TrustedProxies::networks(networks, ForwardingHeaders::XForwarded).unwrap();
        let source = ConnectionSource::trusting(proxies);
        let stranger = Transport::from_peer("203.0.113.9:50000".parse().unwrap());
        let request = http::Request::builder().header("x-forwarded-proto", "https");
        let request = request.body(()).unwrap();
        shortest(|| {
            for _ in 0..1_000 {
                let known = source.examine(&request, stranger);
                assert_eq!(known.peer(), Some([203, 0, 113, 9].into()));
            }
        })
    };
    let (one, many) = (ask(1), ask(MANY));
    assert!(many < one * MOST, "one takes {one:?}, {MANY} take {many:?}");
}
