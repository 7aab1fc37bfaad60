//! Adds a header line from text, read by the type of its header.

use super::value::{Hardening, Policy, Slot};
use crate::{
    error::ParseError,
    policy::{
        csp::ContentSecurityPolicy,
        header::{StaticHeader, for_each_policy},
    },
};

impl Hardening {
    /// Adds the header of this name, which is in lower case. A header without a type is a
    /// [`StaticHeader`].
    pub(crate) fn with_line(mut self, name: &str, value: &str) -> Result<Self, ParseError> {
        macro_rules! read {
            ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
                $(
                    if name == crate::policy::header::$policy::HEADER {
                        let policy: crate::policy::header::$policy = value.parse()?;
                        policy.put(&mut self);
                        return Ok(self);
                    }
                    if name == crate::policy::header::$policy::REPORT_ONLY {
                        let policy: crate::policy::header::$policy = value.parse()?;
                        let name = http::HeaderName::from_static(crate::policy::header::$policy::REPORT_ONLY);
                        self.put_slot(Slot::named(name, &policy));
                        return Ok(self);
                    }
                )+
            };
        }
        for_each_policy!(read);
        match name {
            ContentSecurityPolicy::HEADER => Ok(self.with(value.parse::<ContentSecurityPolicy>()?)),
            ContentSecurityPolicy::REPORT_ONLY => {
                Ok(self.with_report_only(value.parse::<ContentSecurityPolicy>()?))
            }
            _ => Ok(self.with(StaticHeader::new(name, value)?)),
        }
    }
}
