//! Reads the command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Parser;
use tower_hardening::settings::Settings;
use tracing_subscriber::filter::Targets;

use crate::logging;

/// The directory next to the source, for `cargo run`.
const ASSETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pleroma/static");

/// Runs a small Pleroma-like instance with the policies of the hardening guide
#[derive(Debug, Parser)]
#[command(name = "pleroma", version)]
pub(crate) struct Args {
    /// The settings file [default: the guide's recommended values]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The address to listen on, unless systemd passes sockets [default: http.ip and http.port of the settings]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,

    /// Print the headers that would be sent, then the warnings on standard error, and serve nothing
    #[arg(long)]
    pub(crate) check: bool,

    /// With --check: print the settings behind each header, and the browsers that read it
    #[arg(long, requires = "check")]
    pub(crate) explain: bool,

    /// With --explain: print it as JSON
    #[arg(long, requires = "explain")]
    pub(crate) json: bool,

    /// The directory for accounts, statuses and uploads
    #[arg(long, value_name = "DIR", default_value = "data/pleroma")]
    data: PathBuf,

    /// Keep everything in memory, and forget it at the end
    #[arg(long, conflicts_with = "data")]
    ephemeral: bool,

    /// The directory with the stylesheet, script, pictures and manifest of the page [default: next to the source]
    #[arg(long, value_name = "DIR", default_value = ASSETS, hide_default_value = true)]
    pub(crate) assets: PathBuf,

    /// The largest file that can be uploaded, in MiB; a proxy in front has to let it through
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = mebibytes)]
    pub(crate) upload_limit: usize,

    /// The most that one account can keep, posts and files together, in MiB; files without a post make room after a day
    /// [default: 1024]
    #[arg(long, value_name = "MIB", value_parser = mebibytes_in_all)]
    account_limit: Option<usize>,

    /// The most that all accounts can keep together, in MiB [default: 16384, or 512 with --ephemeral]
    #[arg(long, value_name = "MIB", value_parser = mebibytes_in_all)]
    storage_limit: Option<usize>,

    /// The filter of the log on standard error, such as "info" or "warn,access=info" [default: RUST_LOG, or "warn"]
    #[arg(long, value_name = "FILTER", value_parser = logging::filter)]
    pub(crate) log: Option<Targets>,

    /// The certificate chain, as PEM: serve https
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// Holds the limits on what is stored, in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) file: usize,
    pub(crate) account: usize,
    pub(crate) all: usize,
}

/// Holds the PEM files that https needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tls<'a> {
    pub(crate) certificate: &'a Path,
    pub(crate) key: &'a Path,
}

impl Args {
    /// Returns the address of `--listen`, or else that of the settings.
    pub(crate) fn address(&self, settings: &Settings) -> SocketAddr {
        self.listen.unwrap_or_else(|| settings.listen())
    }

    /// Returns the data directory, or `None` with `--ephemeral`.
    pub(crate) fn data(&self) -> Option<&Path> {
        (!self.ephemeral).then_some(self.data.as_path())
    }

    /// Returns an error if there are no assets: the page would have no script and no style sheet.
    pub(crate) fn check_assets(&self) -> Result<(), String> {
        let is_missing = |name: &&&str| !self.assets.join(name).is_file();
        let Some(missing) = ["instance.js", "instance.css"].iter().find(is_missing) else {
            return Ok(());
        };
        let assets = self.assets.display();
        Err(format!(
            "{assets}: has no '{missing}'; write the path of examples/pleroma/static as --assets"
        ))
    }

    /// Returns the limits on what is stored, or an error if they leave no room for a file of the largest size.
    pub(crate) fn limits(&self) -> Result<Limits, String> {
        let file = self.upload_limit;
        let all = if self.ephemeral { 512 } else { 16 * 1024 };
        let all = self.storage_limit.unwrap_or_else(|| all.max(file));
        let account = self.account_limit.unwrap_or(1024);
        for (name, limit) in [("account", account), ("storage", all)] {
            if limit < file {
                return Err(format!(
                    "--{name}-limit {limit}: is less than --upload-limit, which is {file}; write a number from {file}"
                ));
            }
        }
        Ok(Limits { file, account, all })
    }

    /// Returns the certificate and its key, or `None` for plain http.
    pub(crate) fn tls(&self) -> Option<Tls<'_>> {
        let certificate = self.tls_cert.as_deref()?;
        let key = self.tls_key.as_deref()?;
        Some(Tls { certificate, key })
    }
}

fn mebibytes_in_all(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=1024 * 1024 * 1024).contains(number));
    number.ok_or_else(|| "write a number of MiB from 1".to_owned())
}

fn mebibytes(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| "write a number of MiB from 1 to 1024".to_owned())
}
