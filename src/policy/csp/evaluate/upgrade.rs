//! Upgrades insecure requests
//! ([UIR](https://www.w3.org/TR/upgrade-insecure-requests/#upgrade-request)).

use super::load::{Kind, Load};
use crate::request::WebUrl;

/// Returns the load as a page with `upgrade-insecure-requests` makes it.
pub(super) fn upgraded(load: &Load) -> Load {
    let mut load = load.clone();
    if let Kind::Fetch(_, url) | Kind::FormAction(url) = &mut load.kind {
        *url = secure(url);
        load.redirects.iter_mut().for_each(|url| *url = secure(url));
    }
    load
}

fn secure(url: &WebUrl) -> WebUrl {
    match url.scheme() {
        "http" => url.with_scheme("https"),
        "ws" => url.with_scheme("wss"),
        _ => url.clone(),
    }
}
