//! Defines the layer of each single header: one for each row of the table in `policy/header`.

use super::header::HeaderLayer;
use crate::policy::header::for_each_header;

/// For example
/// `layer! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "x-frame-options": "DENY", }`.
macro_rules! layer {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
        $(
            #[doc = concat!("Sends [`", stringify!($policy), "`](crate::policy::header::", stringify!($policy), ") with every response.")]
            ///
            /// ```
            /// use axum::{Router, body::Body, http::Request};
            /// use tower::ServiceExt;
            #[doc = concat!("use ", stringify!($place), "::", stringify!($layer), ";")]
            ///
            /// #[tokio::main]
            /// async fn main() -> Result<(), Box<dyn std::error::Error>> {
            #[doc = concat!("    let layer = ", stringify!($layer), "::new(", stringify!($sample), ".parse()?);")]
            ///     let app: Router = Router::new().layer(layer);
            ///     let response = app.oneshot(Request::new(Body::empty())).await?;
            #[doc = concat!("    assert_eq!(response.headers()[", stringify!($name), "], ", stringify!($sample), ");")]
            ///     Ok(())
            /// }
            /// ```
            pub type $layer = HeaderLayer<crate::policy::header::$policy>;
        )+
    };
}

for_each_header!(layer);
