//! The messages of the instance at the start, and for `--check`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::iter;

use tower_hardening::{ContentSecurityPolicy, Hardening, Settings, deployment};

use crate::args::Args;
use crate::serve::Listener;
use crate::session;

/// The reason that a first sign-in at `http://127.0.0.1:4000` fails in one browser.
const SAFARI: &str = "note[secure-cookie-over-http]: Safari keeps no Secure cookie over http, loopback included, so that signing in fails there; \
    serve https with --tls-cert and --tls-key, or set 'plain_on_localhost = true' below [cookies]";

/// The lint of settings under which signing in over http works in all browsers.
const PLAIN_ON_LOCALHOST: &str = "cookies-plain-on-localhost";

/// Prints the headers of a response whose nonce was not read, one `name: value` a line, then those of each other site; the
/// warnings, the policies of a page that reads its nonce, and the sandbox on standard error.
pub(crate) fn check(settings: &Settings) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let sites = settings.sites();
    for line in headers(sites.main()) {
        writeln!(out, "{line}")?;
    }
    for (site, policies) in sites.others() {
        writeln!(out, "\n# {site}")?;
        for line in headers(policies) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    warn(settings)?;
    let mut err = io::stderr().lock();
    let all = iter::once(sites.main()).chain(sites.others().map(|(_, policies)| policies));
    for line in all.filter_map(with_nonce).collect::<BTreeSet<_>>() {
        writeln!(err, "{line}")?;
    }
    sandbox(&mut err)
}

/// Prints where the instance listens and what is on.
pub(crate) fn start(listener: &Listener, args: &Args, settings: &Settings) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for url in listener.urls() {
        writeln!(out, "listening on {url}")?;
    }
    writeln!(out, "for the site {}", settings.site())?;
    match args.data() {
        Some(directory) => writeln!(out, "data in {}", directory.display())?,
        None => writeln!(out, "data in memory")?,
    }
    match settings.media_base() {
        Some(base) => writeln!(out, "uploads at {base}")?,
        None => writeln!(out, "uploads at /media on the site's own host")?,
    }
    for (site, _) in settings.sites().others() {
        writeln!(out, "and for the site {site}")?;
    }
    for line in headers(&settings.hardening()) {
        writeln!(out, "on: {line}")?;
    }
    let hardening = settings.hardening();
    let guarded = hardening.host_cookies().map(|cookies| cookies.prefixed_name(session::COOKIE));
    match &guarded {
        Some(Some(name)) => writeln!(out, "on: the session cookie is {name}")?,
        _ => writeln!(out, "off: the session cookie is plain {}", session::COOKIE)?,
    }
    // Pages work under the other profiles as they were written; under "strict" they have to do something for it.
    if settings.hardening().csp().is_some_and(ContentSecurityPolicy::has_nonce) {
        for requirement in settings.hardening().requirements() {
            writeln!(out, "asks: {requirement}")?;
        }
    }
    sandbox(&mut out)?;
    out.flush()?;

    warn(settings)?;
    if guarded == Some(None) {
        let problem = format!("'cookies.names' has no '{}'; add it", session::COOKIE);
        writeln!(io::stderr(), "warning: the session cookie is not guarded: {problem}")?;
    }
    let is_plain_there = settings.lints().iter().any(|lint| lint.id() == PLAIN_ON_LOCALHOST);
    if args.tls().is_none() && matches!(guarded, Some(Some(_))) && !is_plain_there {
        writeln!(io::stderr(), "{SAFARI}")?;
    }
    if settings.media_base().is_none() {
        let problem = "'upload.base_url' is not set; set it to a URL on another domain";
        writeln!(io::stderr(), "warning: uploads are on the site's own host: {problem}")?;
    }
    for url in listener.urls_from_outside() {
        shout(&[
            "REACHABLE FROM OUTSIDE THIS MACHINE",
            &format!("This listens on {url}, not on loopback."),
            "The guide wants 127.0.0.1, with a TLS proxy in front.",
        ])?;
    }
    if !settings.http_security() {
        shout(&[
            "NO SECURITY HEADERS",
            "http_security is off: responses leave as the application made them.",
            "Remove `enabled = false` below [http_security] to turn it on.",
        ])?;
    }
    Ok(())
}

/// Says what a page that reads its nonce gets, if there is a nonce.
fn with_nonce(policies: &Hardening) -> Option<String> {
    let policy = policies.csp().filter(|policy| policy.has_nonce())?.to_string();
    let policy = policy.replace("'nonce-{}'", "'nonce-<value>'");
    Some(format!("note: a page that reads its nonce gets content-security-policy: {policy}"))
}

fn headers(policies: &Hardening) -> Vec<String> {
    let headers = policies.headers();
    headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// One line for each of the guide's systemd settings.
fn sandbox(out: &mut impl Write) -> io::Result<()> {
    deployment::sandbox().iter().try_for_each(|finding| writeln!(out, "sandbox: {finding}"))
}

fn warn(settings: &Settings) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for lint in settings.lints() {
        writeln!(err, "{lint}")?;
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
