//! Measures many hosts, many networks and nonces. `bench many` writes docs/performance.md.

use std::{error::Error, fmt::Write as _, fs, time::Instant};

use crate::{
    allocated, callgrind,
    case::{self, Case},
    contender::Contender,
    deployed::{COUNTS, HOSTS, HOSTS_BY_HAND, NETWORKS},
    ours,
    traffic::{NONCE_READ, STRANGER, USUAL},
};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");
const BEGIN: &str = "<!-- many: from here to the end mark, `bench many` writes -->\n";
const END: &str = "<!-- many: end -->\n";

const ROUNDS: usize = 15;
const EXCHANGES: u32 = 20_000;

/// Measures every case, and writes the results.
pub fn write() -> Result<(), Box<dyn Error>> {
    let page = fs::read_to_string(PAGE)?;
    let (start, rest) = page.split_once(BEGIN).ok_or("performance.md: no mark of 'bench many'")?;
    let (_, end) = rest.split_once(END).ok_or("performance.md: no end mark of 'bench many'")?;
    let text = hosts()? + &networks()? + &nonces()?;
    println!("{text}");
    fs::write(PAGE, [start, BEGIN, &text, END, end].concat())?;
    Ok(())
}

fn hosts() -> Result<String, Box<dyn Error>> {
    let cases = |contenders: [Contender; 3]| {
        let mut counts = COUNTS.into_iter();
        contenders.map(|one| Case::tenant(one, counts.next().unwrap_or_default()))
    };
    let (ours, by_hand) = (cases(HOSTS), cases(HOSTS_BY_HAND));
    let all = case::distinct(ours.into_iter().chain(by_hand));
    let (counts, times) = (callgrind::count(&all)?, nanoseconds(&all));
    let mut text = String::from(
        "\nA layer with this many virtual hosts, each with the guide's policy, and requests for the last one; and a `HashMap` of policies with nine \
         inserts. Over the bare service.\n\n\
         |hosts|instructions|by hand|ratio|ns|by hand|made in|memory|\n|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for ((count, ours), by_hand) in COUNTS.into_iter().zip(ours).zip(by_hand) {
        let [we, they] = [ours, by_hand].map(|case| counts.over_bare(&case));
        let [our_time, their_time] = [ours, by_hand].map(|case| times.over_bare(&case));
        let (bytes, seconds) = allocated::virtual_hosts(count)?;
        writeln!(
            text,
            "|{count}|{we}|{they}|{:.2}|{our_time:.0}|{their_time:.0}|{:.1} ms|{:.2} MB|",
            we as f64 / they as f64,
            seconds * 1e3,
            bytes as f64 / 1e6
        )?;
    }
    let (bytes, seconds) = allocated::virtual_hosts(100_000)?;
    writeln!(text, "|100000||||||{:.1} ms|{:.2} MB|", seconds * 1e3, bytes as f64 / 1e6)?;
    Ok(text)
}

fn networks() -> Result<String, Box<dyn Error>> {
    let cases = NETWORKS.map(|contender| Case::new(contender, STRANGER));
    let all = case::distinct(cases);
    let (counts, times) = (callgrind::count(&all)?, nanoseconds(&all));
    let mut text = String::from(
        "\nA `ConnectionInfoLayer` that trusts this many networks. The peer is in none of them. Over the bare service.\n\n\
         |networks|instructions|ns|\n|--:|--:|--:|\n",
    );
    for (count, case) in [1, 10_000].into_iter().zip(cases) {
        writeln!(text, "|{count}|{}|{:.0}|", counts.over_bare(&case), times.over_bare(&case))?;
    }
    Ok(text)
}

fn nonces() -> Result<String, Box<dyn Error>> {
    let cases = [Case::new(ours::NONCES, USUAL), Case::new(ours::NONCES, NONCE_READ)];
    let all = case::distinct(cases);
    let (counts, times) = (callgrind::count(&all)?, nanoseconds(&all));
    let mut text = String::from(
        "\nThe nine headers with a nonce in the policy. Over the bare service.\n\n\
         |nonce|instructions|ns|\n|---|--:|--:|\n",
    );
    for (what, case) in ["not read", "read"].into_iter().zip(cases) {
        writeln!(text, "|{what}|{}|{:.0}|", counts.over_bare(&case), times.over_bare(&case))?;
    }
    Ok(text)
}

/// Maps the id of each case to its nanoseconds per exchange.
struct Times(Vec<(String, f64)>);

impl Times {
    fn over_bare(&self, case: &Case) -> f64 {
        let of = |id: String| self.0.iter().find(|(other, _)| *other == id).map(|(_, time)| *time);
        of(case.id()).zip(of(case.bare().id())).map_or(f64::NAN, |(with, without)| with - without)
    }
}

/// Returns the medians of several rounds.
///
/// All cases take turns in each round, so that other work on the machine slows all of them equally.
fn nanoseconds(cases: &[Case]) -> Times {
    let mut clients: Vec<_> = cases.iter().map(Case::client).collect();
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (client, times) in clients.iter_mut().zip(&mut times) {
            client.exchange();
            let start = Instant::now();
            (0..EXCHANGES).for_each(|_| client.exchange());
            times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(EXCHANGES));
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        times[ROUNDS / 2]
    };
    Times(cases.iter().map(Case::id).zip(times.into_iter().map(median)).collect())
}
