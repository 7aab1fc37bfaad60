//! Guards cookies: plain names in the application, prefixed names on the wire.

mod attribute;
mod byte_class;
mod cookie_line;
mod exchange;
mod expiry;
mod extensions;
mod guard;
#[cfg(feature = "settings")]
mod keys;
mod lines;
mod lint;
mod lookalike;
mod migration;
mod name;
mod name_set;
mod outcome;
mod planted;
mod prefix;
mod rare;
mod reader;
mod reason;
#[cfg(feature = "audit")]
mod received;
mod request;
mod response;
mod scope;
mod scope_action;
mod segment;
mod set_cookie;
mod wire;

pub(crate) use extensions::Crossing;
pub use extensions::DuplicateCookies;
pub use guard::HostCookies;
#[cfg(feature = "settings")]
pub(crate) use keys::Value as CookieKey;
pub use migration::LegacyCookies;
pub use prefix::{CookiePrefix, SameSite};
#[cfg(feature = "audit")]
pub(crate) use received::ReceivedCookie;
pub use scope_action::ScopeAction;
