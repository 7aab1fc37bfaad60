//! Prints the messages of the instance at the start, and for `--check`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::iter;
use std::net::SocketAddr;

use axum::http::{HeaderMap, header};
use tower_hardening::deployment::{self, Reach, Status};
use tower_hardening::{ContentSecurityPolicy, Origin, settings::Settings};

use crate::address;
use crate::args::Args;
use crate::around::Hosts;
use crate::probe;
use crate::serve::Listener;
use crate::session;

/// The reason that a first sign-in at `http://127.0.0.1:4000` fails in one browser.
const SAFARI: &str = "note[secure-cookie-over-http]: Safari stores no Secure cookie over http, not even on loopback, so that signing in fails there; \
    serve https with --tls-cert and --tls-key, or set 'plain_on_localhost = true' below [cookies]";

/// The lint of settings under which signing in over http works in all browsers.
const PLAIN_ON_LOCALHOST: &str = "cookies-plain-on-localhost";

/// Prints the headers of a response whose nonce was not read, one `name: value` a line, for each site.
///
/// The warnings of a start, the headers that a page has if it reads its nonce, the session cookie and the sandbox go to
/// standard error.
pub(crate) async fn check(args: &Args, settings: &Settings) -> io::Result<()> {
    let all = probe::sent_by_all(settings).await;
    let with_nonce = probe::with_nonce(settings, &all).await;
    if args.explain {
        explain(args, settings)?;
    } else {
        print(settings, &all)?;
    }
    let listened = args.address(settings);
    warn(args, settings, &all, iter::once(listened))?;
    let mut err = io::stderr().lock();
    // This is not an error: the server itself may run there, or systemd may pass sockets.
    if let Some(problem) = address::problem_of(listened) {
        writeln!(err, "warning: a start fails now: {problem}")?;
    }
    for line in with_nonce.into_iter().collect::<BTreeSet<_>>() {
        writeln!(err, "{line}")?;
    }
    for (site, sent) in &all {
        writeln!(err, "note: the session cookie of {site} is sent as {}", cookie(sent))?;
    }
    deployment::sandbox().iter().try_for_each(|finding| writeln!(err, "sandbox: {finding}"))
}

/// Prints the headers of each site, in the order of the policies: a map of headers has none.
fn print(settings: &Settings, all: &[(Origin, HeaderMap)]) -> io::Result<()> {
    let order = settings.hardening().headers();
    let mut out = io::stdout().lock();
    for (index, (site, sent)) in all.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n# {site}")?;
        }
        let mut lines: Vec<_> =
            sent.iter().filter(|(name, _)| *name != header::SET_COOKIE).collect();
        lines.sort_by_key(|(name, _)| {
            order.iter().position(|(known, _)| known == *name).unwrap_or(order.len())
        });
        for (name, value) in lines {
            writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
    }
    out.flush()
}

/// Prints the settings behind the headers of each site.
fn explain(args: &Args, settings: &Settings) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let explanation = settings.explain();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &explanation)?;
        writeln!(out)?;
    } else {
        write!(out, "{explanation}")?;
    }
    out.flush()
}

/// Prints the URL to open and the settings that are on, one line each.
pub(crate) async fn start(listener: &Listener, args: &Args, settings: &Settings) -> io::Result<()> {
    let all = probe::sent_by_all(settings).await;
    let mut out = io::stdout().lock();
    for url in listener.urls_to_open() {
        writeln!(out, "open {url}")?;
    }
    let mut row = |name: &str, value: &str| writeln!(out, "  {name:<8}  {value}");
    for (site, sent) in &all {
        let headers = sent.keys().filter(|name| *name != header::SET_COOKIE).count();
        let cookie = cookie(sent);
        let (cookie, _) = cookie.split_once(';').unwrap_or((&cookie, ""));
        row("site", &format!("{site}, with {headers} headers and the cookie {cookie}"))?;
    }
    match args.data() {
        Some(directory) => row("data", &directory.display().to_string())?,
        None => row("data", "in memory")?,
    }
    let limit = args.upload_limit;
    match settings.media_base() {
        Some(base) => row("uploads", &format!("{base}, up to {limit} MiB"))?,
        None => row("uploads", &format!("/media on the site's own host, up to {limit} MiB"))?,
    }
    row("sandbox", &format!("{}; --check lists them", sandbox()))?;
    // Pages work unchanged under the other profiles. Under "strict" they have to meet requirements.
    if settings.hardening().csp().is_some_and(ContentSecurityPolicy::has_nonce) {
        for requirement in settings.hardening().requirements() {
            writeln!(out, "asks: {requirement}")?;
        }
    }
    out.flush()?;

    warn(args, settings, &all, listener.addresses())?;
    if let (Some(address), true) = (args.listen, listener.is_handed_over()) {
        let problem = "systemd passed sockets; remove it, or change the socket unit";
        writeln!(io::stderr(), "warning: --listen {address} is ignored: {problem}")?;
    }
    Ok(())
}

/// Counts the settings of the sandbox that are in force.
fn sandbox() -> String {
    let sandbox = deployment::sandbox();
    let on = sandbox.iter().filter(|finding| finding.status() == Status::Yes).count();
    format!("{on} of the guide's {} settings are in force", sandbox.len())
}

/// Returns the session cookie as it is sent: its name, and its attributes.
fn cookie(sent: &HeaderMap) -> String {
    let lines = sent.get_all(header::SET_COOKIE).iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).replacen('=', "", 1));
    lines.collect::<Vec<_>>().join(" and ")
}

/// Prints the warnings, which are the same at a start and under `--check`.
fn warn(
    args: &Args,
    settings: &Settings,
    all: &[(Origin, HeaderMap)],
    addresses: impl Iterator<Item = SocketAddr>,
) -> io::Result<()> {
    let lints = settings.lints();
    let mut err = io::stderr();
    for lint in &lints {
        writeln!(err, "{lint}")?;
    }
    warn_of_plain_cookie(settings, all)?;
    let is_secure = all.iter().any(|(_, sent)| cookie(sent).contains("; Secure"));
    let is_plain_there = lints.iter().any(|lint| lint.id() == PLAIN_ON_LOCALHOST);
    if args.tls().is_none() && is_secure && !is_plain_there {
        writeln!(err, "{SAFARI}")?;
    }
    warn_of_hosts(settings)?;
    let scheme = if args.tls().is_some() { "https" } else { "http" };
    for address in addresses.filter(|address| Reach::of(*address) != Reach::Loopback) {
        shout(&[
            "REACHABLE FROM OUTSIDE THIS MACHINE",
            &format!("This listens on {scheme}://{address}, not on loopback."),
            "The guide wants 127.0.0.1, with a TLS proxy in front.",
        ])?;
    }
    if !settings.http_security() {
        shout(&[
            "NO SECURITY HEADERS",
            "http_security is off: responses are sent without the policies.",
            "Remove `enabled = false` below [http_security] to turn it on.",
        ])?;
    }
    Ok(())
}

fn warn_of_hosts(settings: &Settings) -> io::Result<()> {
    let mut err = io::stderr();
    for host in Hosts::superfluous(settings) {
        writeln!(err, "note: hosts.allowed: '{host}' is always answered; remove it")?;
    }
    if settings.media_base().is_none() {
        let problem = "'upload.base_url' is not set; set it to a URL on another domain";
        writeln!(err, "warning: uploads are on the site's own host: {problem}")?;
    }
    Ok(())
}

fn warn_of_plain_cookie(settings: &Settings, all: &[(Origin, HeaderMap)]) -> io::Result<()> {
    let sites = settings.virtual_hosts();
    let policies =
        iter::once(sites.default_host()).chain(sites.hosts().map(|(_, policies)| policies));
    for ((site, sent), policies) in all.iter().zip(policies) {
        let name = session::COOKIE;
        let is_plain = cookie(sent).starts_with(&format!("{name};"));
        // A guard that has the name is plain on localhost alone, and a lint says so.
        let lacks_name =
            policies.host_cookies().is_some_and(|guard| guard.prefixed_name(name).is_none());
        if is_plain && lacks_name && site.host() == settings.site().host() {
            let problem = format!("'cookies.names' has no '{name}'; add it");
            writeln!(io::stderr(), "warning: the session cookie is not guarded: {problem}")?;
        }
    }
    Ok(())
}

fn shout(lines: &[&str]) -> io::Result<()> {
    let rule = "=".repeat(76);
    let mut err = io::stderr().lock();
    writeln!(err, "{rule}")?;
    for line in lines {
        writeln!(err, "==  {line:<68}  ==")?;
    }
    writeln!(err, "{rule}")
}
