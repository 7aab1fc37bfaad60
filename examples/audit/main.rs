//! Grades the headers of sites: `cargo run --example audit --features html,settings -- https://example.com`.
//!
//! Exit status: 0; 1 if a grade is worse than `--min-grade` or headers differ from `--expect`; 2 if a site cannot be
//! reached or an argument is invalid.
//!
//! `--page FILE|DIRECTORY [--policy TEXT|--preset NAME|--config FILE]` lists what a policy, `recommended` if none is
//! named, blocks in pages of HTML. The exit status is 1 if something is blocked.

mod args;
mod client;
mod connection;
mod failure;
mod json;
mod page;
mod reference;
mod style;
mod table;
mod target;
mod visit;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use tower_hardening::audit::{Audit, HeaderDifference};

use crate::{args::Args, failure::Failure, style::Style, target::Target, visit::visit};

/// Holds the audit of one site.
struct Site {
    url: String,
    audit: Audit,
    /// The differences to the policies of `--expect`; `None` without that option.
    differences: Option<Vec<HeaderDifference>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let code = match &args.page {
        Some(page) => page::run(page, &args.policy, args.json),
        None => run(&args).await,
    };
    code.unwrap_or_else(|failure| {
        eprintln!("audit: {failure}");
        ExitCode::from(2)
    })
}

/// Audits every site, and reports all of them before an error ends the program.
async fn run(args: &Args) -> Result<ExitCode, Failure> {
    let expected = args.expected()?;
    let client = client::Client::new(args.timeout())?;
    let targets: Vec<Target> =
        args.urls.iter().map(|url| Target::parse(url)).collect::<Result<_, _>>()?;
    let mut code = ExitCode::SUCCESS;
    let mut is_failed = false;
    for target in &targets {
        let visited = match visit(&client, target, args.http_port).await {
            Ok(visited) => visited,
            Err(failure) => {
                eprintln!("audit: {failure}");
                is_failed = true;
                continue;
            }
        };
        let observation = visited.observation();
        let differences = expected.as_ref().map(|all| observation.diff(all));
        let site = Site { url: visited.url.to_string(), audit: observation.audit(), differences };
        print(args, &site).map_err(Failure::output)?;
        let is_worse = args.min_grade.is_some_and(|least| site.audit.grade() < least);
        if is_worse || site.differences.as_ref().is_some_and(|all| !all.is_empty()) {
            code = ExitCode::from(1);
        }
    }
    Ok(if is_failed { ExitCode::from(2) } else { code })
}

fn print(args: &Args, site: &Site) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", json::site(site))
    } else {
        table::write(&mut out, site, Style::detect(args.no_color))
    }
}
