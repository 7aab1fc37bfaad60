//! Compares the audit of a response with the HTTP Observatory's own scanner
//! (npm `@mdn/mdn-http-observatory`), over loopback.
//!
//! Each result, score and grade is the same, or `table.rs` says why not. A row of the table that
//! explains nothing fails, too.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod sets;
mod table;

use std::{
    collections::BTreeSet,
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tower_hardening::{
    Hardening, Origin,
    audit::{Audit, Observation, Redirection},
};

use sets::{Http, ORIGIN, SETS};
use table::DIFFERENCES;

/// Holds one set of headers that is served and audited.
struct Served {
    name: String,
    headers: HeaderMap,
    http: Http,
}

/// Returns the folder into which `install` puts the npm package, if it is there.
fn installed() -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("observatory").canonicalize().ok()?;
    folder.join("installed").exists().then_some(folder)
}

/// Returns the sets of the table and the headers of each preset.
fn served() -> Vec<Served> {
    let site: Origin = "https://example.tld".parse().unwrap();
    let presets = [
        ("recommended", Hardening::recommended()),
        ("strict", Hardening::strict(&site)),
        ("owasp", Hardening::owasp()),
        ("pleroma", Hardening::pleroma(&site)),
        ("pleroma_2_7", Hardening::pleroma_2_7(&site)),
        ("pleroma_modern", Hardening::pleroma_modern(&site)),
        ("akkoma", Hardening::akkoma(&site)),
        ("api", Hardening::api()),
        ("media", Hardening::media()),
    ];
    let presets = presets.into_iter().map(|(name, preset)| Served {
        name: name.to_owned(),
        headers: preset.headers().into_iter().collect(),
        http: Http::Redirect,
    });
    let sets = SETS.iter().map(|set| {
        let mut headers = HeaderMap::new();
        for line in set.headers {
            let (name, value) = line.split_once(": ").unwrap();
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Served { name: set.name.to_owned(), headers, http: set.http }
    });
    presets.chain(sets).collect()
}

/// Writes a certificate for loopback, and returns its key and itself.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (key, certificate)
}

/// Returns the scanner's result of each set.
fn scan(folder: &Path, all: &[Served]) -> Vec<Value> {
    let (key, certificate) = certificate(folder);
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scan.mjs"))
        .args([folder, &key, &certificate])
        .env("NODE_EXTRA_CA_CERTS", &certificate)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    for set in all {
        let pairs =
            set.headers.iter().flat_map(|(name, value)| [name.as_str(), value.to_str().unwrap()]);
        let http = match set.http {
            Http::Redirect => "redirect",
            Http::Page => "page",
            Http::Off => "off",
        };
        let line = json!({ "headers": pairs.collect::<Vec<_>>(), "http": http });
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let results: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(results.len(), all.len());
    results
}

fn audit(set: &Served) -> Audit {
    let redirection = match set.http {
        Http::Redirect => Redirection::ToHttps,
        Http::Page => Redirection::Missing,
        Http::Off => Redirection::NoHttp,
    };
    let observation = Observation::new(StatusCode::OK, &set.headers).redirection(redirection);
    observation.preflight(ORIGIN, &set.headers).audit()
}

/// Holds the comparison of one set.
struct Compared {
    agreed: usize,
    rows: Vec<usize>,
    unexplained: Option<String>,
}

fn compare(set: &Served, theirs: &Value) -> Compared {
    let audit = audit(set);
    let is_read = |result: &&str| !result.starts_with("sri-");
    let results = theirs["results"].as_array().unwrap().iter();
    let found: BTreeSet<&str> = results.map(|one| one.as_str().unwrap()).filter(is_read).collect();
    let ours: BTreeSet<&str> = audit.results().iter().map(|(id, _)| *id).collect();
    let (only_ours, only_theirs) = (&ours - &found, &found - &ours);
    let total = json!([audit.grade().as_str(), audit.score()]);
    let is_same_total = total == json!([theirs["grade"], theirs["score"]]);
    let explains = |row: &usize| {
        let row = &DIFFERENCES[*row];
        row.set == set.name && only_ours.contains(row.ours) && only_theirs.contains(row.theirs)
    };
    let rows: Vec<usize> = (0..DIFFERENCES.len()).filter(explains).collect();
    let is_explained = rows.len() == only_ours.len() && (is_same_total || !rows.is_empty());
    let unexplained = (!is_explained).then(|| {
        let (grade, score) = (&theirs["grade"], &theirs["score"]);
        format!("{}: ours {only_ours:?} {total}, theirs {only_theirs:?} {grade} {score}", set.name)
    });
    Compared { agreed: ours.intersection(&found).count(), rows, unexplained }
}

#[test]
fn every_difference_to_the_scanner_is_explained() {
    let Some(folder) = installed() else {
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "run tests/observatory/install");
        println!("observatory: not run, run tests/observatory/install first");
        return;
    };
    let all = served();
    assert!(all.len() >= 40, "{}", all.len());
    let (mut unexplained, mut used, mut agreed) = (Vec::new(), BTreeSet::new(), 0);
    for (set, theirs) in all.iter().zip(scan(&folder, &all)) {
        let compared = compare(set, &theirs);
        agreed += compared.agreed;
        used.extend(compared.rows);
        unexplained.extend(compared.unexplained);
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    let unused = (0..DIFFERENCES.len()).filter(|row| !used.contains(row));
    let unused: Vec<&str> = unused.map(|row| DIFFERENCES[row].reason).collect();
    assert!(unused.is_empty(), "rows that explain nothing: {unused:#?}");
    println!(
        "observatory: {} sets, {agreed} results agreed on, {} explained",
        all.len(),
        used.len()
    );
}
