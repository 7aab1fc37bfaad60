//! Compares policies by the headers that they send and the lints that they omit.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_that_send_the_same_and_omit_other_lints_are_not_equal() {
        let preset = Hardening::recommended();
        let plain = Hardening { explained: &[], ..preset.clone() };
        assert_eq!(preset.headers(), plain.headers());
        assert_ne!(preset.lints(), plain.lints());
        assert_ne!(preset, plain);
    }

    #[test]
    fn the_order_of_the_headers_does_not_matter() {
        use crate::policy::header::{ContentTypeOptions, ReferrerPolicy};

        let (first, second) = (ContentTypeOptions::NOSNIFF, ReferrerPolicy::NO_REFERRER);
        let one = Hardening::empty().with(first).with(second);
        assert_eq!(one, Hardening::empty().with(second).with(first));
    }
}
