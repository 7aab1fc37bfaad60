//! Sets the filter of the log: `--log`, or else `RUST_LOG`, or else warnings and errors.

use std::env;
use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The targets of this program.
const OWN: [&str; 3] = ["access", "pleroma", "tower_hardening"];

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
        if let Some(meant) = target.and_then(meant) {
            return Err(format!(
                "nothing is logged as '{}'; did you mean '{meant}'?",
                target.unwrap_or_default()
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

/// Returns the target of this program that a target with one wrong, missing or added letter means.
fn meant(target: &str) -> Option<&'static str> {
    OWN.into_iter().find(|own| {
        let same = |(a, b): &(u8, u8)| a == b;
        let start = target.bytes().zip(own.bytes()).take_while(same).count();
        let (rest, own_rest) = (&target.as_bytes()[start..], &own.as_bytes()[start..]);
        let end = rest.iter().rev().zip(own_rest.iter().rev()).take_while(|(a, b)| a == b).count();
        let left = rest.len().max(own_rest.len()) - end;
        left == 1
    })
}
