//! The layers of single headers, by name: one for each row of the table in `policy/header`.

use super::header::HeaderLayer;
use crate::policy::header::for_each_header;

/// For example
/// `layer! { [tower_hardening] frame_options::FrameOptions => FrameOptionsLayer = "DENY", }`.
macro_rules! layer {
    ([$place:path] $($module:ident::$policy:ident => $layer:ident = $sample:literal,)+) => {
        $(
            #[doc = concat!("Sends [`", stringify!($policy), "`](crate::policy::header::", stringify!($policy), ") with every response.")]
            ///
            /// ```
            #[doc = concat!("use ", stringify!($place), "::", stringify!($layer), ";")]
            ///
            #[doc = concat!("let layer = ", stringify!($layer), "::new(", stringify!($sample), ".parse()?);")]
            /// # Ok::<(), tower_hardening::ParseError>(())
            /// ```
            pub type $layer = HeaderLayer<crate::policy::header::$policy>;
        )+
    };
}

for_each_header!(layer);
