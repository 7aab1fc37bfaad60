//! Holds a request before and after the layer.

use std::fmt;

use crate::{
    NAME,
    atoms::GENUINE,
    guard::{Guard, Mode, naive},
    reader::Lines,
};

pub(crate) struct Case {
    /// The lines on the wire.
    pub(crate) sent: Lines,
    /// The index of the genuine value on them, under the name that browsers protect.
    pub(crate) genuine: Option<usize>,
}

/// Holds a case as the application gets it.
pub(crate) struct Guarded {
    pub(crate) case: Case,
    pub(crate) mode: Mode,
    /// The lines after the layer.
    pub(crate) received: Lines,
}

impl Guarded {
    pub(crate) fn new(case: Case, mode: Mode, guard: &mut Guard) -> Self {
        let received = guard.rewrite(&case.sent);
        Self::received(case, mode, received)
    }

    /// Checks that the layer forwards the genuine cookie, no matter what else is on the line.
    pub(crate) fn received(case: Case, mode: Mode, received: Lines) -> Self {
        let guarded = Self { case, mode, received };
        if let Some(genuine) = guarded.genuine() {
            let genuine = format!("{NAME}={}", GENUINE[genuine]);
            let is_genuine = |cookie: &[u8]| cookie.trim_ascii() == genuine.as_bytes();
            assert!(guarded.cookies().any(is_genuine), "{guarded}");
        }
        guarded
    }

    /// Returns the index of the genuine value that the application should get.
    pub(crate) fn genuine(&self) -> Option<usize> {
        self.case.genuine.filter(|_| self.mode.is_https())
    }

    /// Returns the lines after a guard that compares exact names only.
    pub(crate) fn naive(&self) -> Lines {
        naive(&self.case.sent)
    }

    /// Returns the cookies that the application gets, with the blanks around each.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &[u8]> {
        self.received.iter().flat_map(|line| line.split(|byte| *byte == b';'))
    }
}

impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.mode)?;
        for (title, lines) in [("sent", &self.case.sent), ("received", &self.received)] {
            for line in lines {
                write!(f, "\n    {title:<8} {}", line.escape_ascii())?;
            }
        }
        Ok(())
    }
}
