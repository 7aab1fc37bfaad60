//! Selects the colours of the report.

use std::{
    env,
    io::{self, IsTerminal},
};

use tower_hardening::{Severity, audit::Grade};

/// Selects whether the report has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Coloured,
}

impl Style {
    /// Selects colours for a terminal, unless the option or the variable `NO_COLOR` forbids them.
    pub(crate) fn detect(no_color: bool) -> Self {
        let is_forbidden =
            no_color || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match io::stdout().is_terminal() && !is_forbidden {
            true => Self::Coloured,
            false => Self::Plain,
        }
    }

    pub(crate) fn grade(self, grade: Grade) -> String {
        let colour = match grade {
            _ if grade >= Grade::AMinus => "32",
            _ if grade >= Grade::CMinus => "33",
            _ => "31",
        };
        self.paint(colour, grade.as_str())
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            _ => "36",
        };
        self.paint(colour, text)
    }

    fn paint(self, colour: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        }
    }
}
