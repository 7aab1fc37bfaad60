//! Reads header lines from text by the types of their headers, and adds them.

use std::collections::HashMap;

use http::HeaderName;

use super::value::{Hardening, Slot};
use crate::{
    error::ParseError,
    policy::{
        csp::ContentSecurityPolicy,
        header::{StaticHeader, for_each_policy},
    },
};

/// Holds a header line that was read from text.
#[derive(Clone, Debug)]
pub(crate) struct Line(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Header(Slot),
    Csp(ContentSecurityPolicy),
    CspReportOnly(ContentSecurityPolicy),
}

impl Line {
    /// Reads the header of this name, which is in lower case. A header without a type is a
    /// [`StaticHeader`].
    pub(crate) fn read(name: &str, value: &str) -> Result<Self, ParseError> {
        macro_rules! read {
            ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
                $(
                    if name == crate::policy::header::$policy::HEADER {
                        let policy: crate::policy::header::$policy = value.parse()?;
                        return Ok(Self(Kind::Header(Slot::new(&policy))));
                    }
                    if name == crate::policy::header::$policy::REPORT_ONLY {
                        let policy: crate::policy::header::$policy = value.parse()?;
                        let name = HeaderName::from_static(crate::policy::header::$policy::REPORT_ONLY);
                        return Ok(Self(Kind::Header(Slot::named(name, &policy))));
                    }
                )+
            };
        }
        for_each_policy!(read);
        Ok(Self(match name {
            ContentSecurityPolicy::HEADER => Kind::Csp(value.parse()?),
            ContentSecurityPolicy::REPORT_ONLY => Kind::CspReportOnly(value.parse()?),
            _ => Kind::Header(Slot::new(&StaticHeader::new(name, value)?)),
        }))
    }
}

impl Hardening {
    /// Adds the header of this name, which is in lower case.
    pub(crate) fn with_line(self, name: &str, value: &str) -> Result<Self, ParseError> {
        Ok(self.with_lines([Line::read(name, value)?]))
    }

    /// Adds header lines in a time that is linear in their number.
    pub(crate) fn with_lines(mut self, lines: impl IntoIterator<Item = Line>) -> Self {
        let slots = self.headers.iter().enumerate();
        let mut places: HashMap<HeaderName, usize> =
            slots.map(|(place, slot)| (slot.name.clone(), place)).collect();
        for Line(kind) in lines {
            match kind {
                Kind::Csp(policy) => self = self.with(policy),
                Kind::CspReportOnly(policy) => self = self.with_report_only(policy),
                Kind::Header(slot) => {
                    let next = self.headers.len();
                    let place = *places.entry(slot.name.clone()).or_insert(next);
                    self.put_slot_at(place, slot);
                }
            }
        }
        self
    }
}
