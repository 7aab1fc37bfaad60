//! Prints a policy as it is sent: each directive once, in order.

use super::value::ContentSecurityPolicy;
use super::{draft::Draft, parts::Parts};
use std::borrow::Cow;

impl ContentSecurityPolicy {
    pub(super) fn text(&self) -> Cow<'static, str> {
        let printed = Draft::new(&Parts::new(self)).print();
        match &self.text {
            Cow::Borrowed(text) if *text == printed => Cow::Borrowed(text),
            _ => Cow::Owned(printed),
        }
    }
}
