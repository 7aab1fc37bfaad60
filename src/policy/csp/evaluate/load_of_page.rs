//! Creates loads from URLs that the reader of a page has parsed.

use super::{
    destination::Destination,
    load::{Kind, Load},
};
use crate::request::WebUrl;

impl Load {
    /// Creates the load of a URL that is read already.
    pub(crate) fn of_url(destination: Destination, url: WebUrl) -> Self {
        Self::new(Kind::Fetch(destination, url))
    }

    pub(crate) fn of_base(url: WebUrl) -> Self {
        Self::new(Kind::Base(url))
    }

    pub(crate) fn of_form(url: WebUrl) -> Self {
        Self::new(Kind::FormAction(url))
    }

    /// Returns the URL of a load, of a base or of a form.
    pub(crate) fn url(&self) -> Option<&WebUrl> {
        match &self.kind {
            Kind::Fetch(_, url) | Kind::Base(url) | Kind::FormAction(url) => Some(url),
            _ => None,
        }
    }

    pub(crate) fn destination(&self) -> Option<Destination> {
        match &self.kind {
            Kind::Fetch(destination, _) => Some(*destination),
            _ => None,
        }
    }

    pub(crate) fn has_nonce(&self) -> bool {
        !self.nonce.is_empty()
    }
}
