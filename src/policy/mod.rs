//! Defines policies: plain values over `std` and `http`.
//!
//! A policy that exists is valid. Its `Display` is the header's value, and `FromStr` reads that
//! text back: `parse(print(policy)) == policy`. Closed vocabularies are associated constants;
//! whatever can be built in a `const` is.

pub(crate) mod cache_control;
mod content_disposition;
pub(crate) mod cookie;
pub(crate) mod csp;
#[cfg(feature = "reload")]
mod current;
mod describing_headers;
mod fetch_metadata;
mod file_name;
pub(crate) mod hardening;
pub(crate) mod header;
mod header_override;
mod media;
mod media_headers;
mod media_type;
mod name_filter;
mod received_disposition;
mod remove_headers;
pub(crate) mod room;
mod virtual_hosts;

pub use content_disposition::ContentDisposition;
#[cfg(feature = "reload")]
pub use current::Current;
pub use fetch_metadata::FetchMetadata;
pub(crate) use header_override::Decision;
pub use header_override::HeaderOverride;
pub use media::Media;
pub(crate) use media_headers::MediaHeaders;
pub use media_type::MediaType;
pub use received_disposition::ReceivedContentDisposition;
pub use remove_headers::RemoveHeaders;
pub use virtual_hosts::VirtualHosts;
