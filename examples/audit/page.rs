//! Checks pages against a policy: the option `--page`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, Origin,
    audit::{Blocked, Page, PageAudit},
    settings::Settings,
};

use crate::failure::Failure;

/// Selects the policy that pages are held to.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(crate) struct PolicyArgs {
    /// The text of a Content-Security-Policy
    #[arg(long, value_name = "TEXT", requires = "page")]
    policy: Option<String>,
    /// A preset: recommended, strict, owasp, api, media, pleroma or akkoma
    #[arg(long, value_name = "NAME", requires = "page")]
    preset: Option<String>,
    /// A settings file
    #[arg(long, value_name = "FILE", requires = "page")]
    config: Option<PathBuf>,
}

/// Checks a page, or each page of a directory. The exit status is 1 if something is blocked.
pub(crate) fn run(target: &str, args: &PolicyArgs, is_json: bool) -> Result<ExitCode, Failure> {
    audit(target, args, is_json).map_err(Failure::page)
}

fn audit(target: &str, args: &PolicyArgs, is_json: bool) -> Result<ExitCode, String> {
    if target.starts_with("http://") || target.starts_with("https://") {
        return Err(format!("'{target}' is a URL; save the page, and pass the file"));
    }
    let policy = policy(args)?;
    let target = Path::new(target);
    let mut files = Vec::new();
    collect(target, &mut files)?;
    files.sort();
    let audits = files.iter().map(|file| Ok((file.display().to_string(), check(file, &policy)?)));
    let audits = audits.collect::<Result<Vec<_>, String>>()?;
    let works = audits.iter().all(|(_, audit)| audit.works());
    if !is_json {
        audits.iter().for_each(|(name, audit)| print!("{name}:\n{audit}"));
    } else if target.is_dir() {
        println!("{:#}", directory_json(&audits, &policy));
    } else if let Some((name, audit)) = audits.first() {
        println!("{:#}", page_json(name, audit, &policy));
    }
    Ok(if works { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn policy(args: &PolicyArgs) -> Result<ContentSecurityPolicy, String> {
    if let Some(text) = &args.policy {
        return text.parse().map_err(|error: tower_hardening::ParseError| error.to_string());
    }
    let hardening = match &args.config {
        Some(file) => Settings::load(file).map_err(|error| error.to_string())?.hardening(),
        None => preset(args.preset.as_deref().unwrap_or("recommended"))?,
    };
    hardening
        .csp()
        .cloned()
        .ok_or_else(|| "the policies have no Content-Security-Policy".to_owned())
}

fn preset(name: &str) -> Result<Hardening, String> {
    let site = Origin::new("https", "page.invalid", None).map_err(|error| error.to_string())?;
    Ok(match name {
        "recommended" => Hardening::recommended(),
        "strict" => Hardening::strict(&site),
        "owasp" => Hardening::owasp(),
        "api" => Hardening::api(),
        "media" => Hardening::media(),
        "pleroma" => Hardening::pleroma(&site),
        "akkoma" => Hardening::akkoma(&site),
        _ => return Err(format!("unknown preset '{name}'; write one like 'recommended'")),
    })
}

/// Collects a file, or every page of a directory and below it.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))? {
        let path = entry.map_err(|error| format!("{}: {error}", path.display()))?.path();
        let is_page = path.extension().is_some_and(|end| end == "html" || end == "htm");
        if path.is_dir() || is_page {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn check(file: &Path, policy: &ContentSecurityPolicy) -> Result<PageAudit, String> {
    let html = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Page::new(html).enforcing(policy).audit())
}

fn page_json(name: &str, audit: &PageAudit, policy: &ContentSecurityPolicy) -> Value {
    let blocked: Vec<Value> = audit.blocked().iter().map(blocked_json).collect();
    json!({ "page": name, "policy": policy.to_string(), "blocked": blocked })
}

fn blocked_json(one: &Blocked) -> Value {
    json!({
        "line": one.line(),
        "column": one.column(),
        "kind": one.kind(),
        "url": one.url(),
        "directive": one.directive(),
        "source": one.source(),
        "remedy": one.remedy(),
    })
}

fn directory_json(audits: &[(String, PageAudit)], policy: &ContentSecurityPolicy) -> Value {
    let mut by_directive: BTreeMap<&str, usize> = BTreeMap::new();
    for one in audits.iter().flat_map(|(_, audit)| audit.blocked()) {
        *by_directive.entry(one.directive()).or_default() += 1;
    }
    let pages: Vec<Value> =
        audits.iter().map(|(name, audit)| page_json(name, audit, policy)).collect();
    json!({ "pages": pages, "by_directive": by_directive })
}
