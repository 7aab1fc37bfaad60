//! Sets the filter of the log: `--log`, or else `RUST_LOG`, or else warnings and errors.

use std::env;
use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Starts the log on standard error.
pub(crate) fn start(chosen: Option<&Targets>) -> Result<(), String> {
    let filter = match (chosen, env::var_os("RUST_LOG")) {
        (Some(chosen), _) => chosen.clone(),
        (None, Some(text)) => {
            let text = text.to_str().ok_or("RUST_LOG: is not UTF-8; write ASCII")?;
            filter(text).map_err(|error| format!("RUST_LOG: {error}"))?
        }
        (None, None) => Targets::new().with_default(LevelFilter::WARN),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    tracing_subscriber::registry().with(lines).with(filter).init();
    Ok(())
}

/// Returns the filter of a text such as `info` or `warn,access=info`. Without a level for everything, the level is
/// `warn`, so that rejections are logged.
pub(crate) fn filter(text: &str) -> Result<Targets, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let mut filter = Targets::new().with_default(LevelFilter::WARN);
    for part in parts {
        let (target, level) = part
            .split_once('=')
            .map_or((None, part), |(target, level)| (Some(target.trim()), level.trim()));
        if !LEVELS.contains(&&*level.to_ascii_lowercase()) {
            let levels = LEVELS.join(", ");
            return Err(format!(
                "'{level}' is not a level; write one of {levels}, or a target with one: 'access=info'"
            ));
        }
        let level: LevelFilter = level.parse().map_err(|error| format!("'{level}': {error}"))?;
        filter = match target {
            Some(target) => filter.with_target(target, level),
            None => filter.with_default(level),
        };
    }
    Ok(filter)
}
