//! Reads the command line.

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use tower_hardening::{Hardening, audit::Grade, settings::Settings};

use crate::{failure::Failure, page::PolicyArgs};

/// Grades the security headers of sites, and names the fix of each weakness
#[derive(Debug, Parser)]
#[command(name = "audit", version)]
pub(crate) struct Args {
    /// The addresses of the sites; one without a scheme is an https address
    #[arg(required_unless_present = "page", conflicts_with = "page", value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// Lists what a policy blocks in a page, or in each `.html` file of a directory
    #[arg(long, value_name = "FILE|DIRECTORY")]
    pub(crate) page: Option<String>,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    /// Exit with status 1 if a grade is worse
    #[arg(long, value_name = "GRADE")]
    pub(crate) min_grade: Option<Grade>,

    /// Compare the headers with those of a settings file, and exit with status 1 if they differ
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Print no colours; so does the variable NO_COLOR
    #[arg(long)]
    pub(crate) no_color: bool,

    /// The longest time for one response, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,

    /// The port at which the redirect from http is checked
    #[arg(long, value_name = "PORT", default_value_t = 80)]
    pub(crate) http_port: u16,
}

impl Args {
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// Reads the policies of `--expect`.
    pub(crate) fn expected(&self) -> Result<Option<Hardening>, Failure> {
        let Some(path) = &self.expect else { return Ok(None) };
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        let settings =
            Settings::from_toml(&text).map_err(|error| Failure::settings(path, &error))?;
        Ok(Some(settings.hardening()))
    }
}
