//! Compares policies by what they send.

use super::value::{Hardening, Slot};

impl PartialEq for Hardening {
    fn eq(&self, other: &Self) -> bool {
        fn by_name(hardening: &Hardening) -> Vec<Slot> {
            let mut slots = hardening.slots();
            slots.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
            slots
        }

        self.csp == other.csp
            && self.additional_csp == other.additional_csp
            && self.csp_report_only == other.csp_report_only
            && self.host_cookies == other.host_cookies
            && self.remove == other.remove
            && self.nonce_line == other.nonce_line
            && self.explained == other.explained
            && by_name(self) == by_name(other)
    }
}

impl Eq for Hardening {}
