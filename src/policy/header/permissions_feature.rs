//! Lists the features that `Permissions-Policy` controls, and the browsers that know them.

use std::{borrow::Cow, fmt, str::FromStr};

use super::permissions_grammar::is_feature;
use crate::error::ParseError;

/// Names a feature that [`PermissionsPolicy`](super::PermissionsPolicy) controls.
///
/// Every feature of the [registry](https://github.com/w3c/webappsec-permissions-policy/blob/main/features.md)
/// is a constant. A feature that is newer than this crate is read from text; a policy with it has a
/// lint.
///
/// ```
/// use tower_hardening::header::{FeatureStatus, PermissionsFeature};
///
/// assert_eq!(PermissionsFeature::CAMERA.status(), FeatureStatus::Chromium(88));
/// assert_eq!(PermissionsFeature::VR.status(), FeatureStatus::Retired);
/// let newer: PermissionsFeature = "thought-reading".parse()?;
/// assert_eq!(newer.status(), FeatureStatus::Unknown);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PermissionsFeature(Cow<'static, str>);

/// Lists the browsers that know a [`PermissionsFeature`].
///
/// Firefox and Safari do not read the header.
///
/// ```
/// use tower_hardening::header::{FeatureStatus, PermissionsFeature};
///
/// let shipped = |feature: &&PermissionsFeature| matches!(feature.status(), FeatureStatus::Chromium(_));
/// assert!(PermissionsFeature::ALL.iter().filter(shipped).count() > 40);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FeatureStatus {
    /// Chrome, of this version and later, and browsers made from it.
    Chromium(u16),
    /// Chrome, if the user sets a flag.
    Flag,
    /// It is in the registry or in Chromium's source; no release is known to have it.
    Listed,
    /// Chrome knows it and is going to remove it.
    Deprecated,
    /// No current browser knows it by this name.
    Retired,
    /// It is not in the registry.
    Unknown,
}

/// Declares the constants. For example `features! { CAMERA = "camera", Chromium(88); }`.
macro_rules! features {
    ($($constant:ident = $name:literal, $status:ident $(($version:literal))?;)+) => {
        impl PermissionsFeature {
            $(
                #[doc = concat!("`", $name, "`: ", stringify!($status) $(, ", since version ", $version)?, ".")]
                pub const $constant: Self = Self(Cow::Borrowed($name));
            )+

            /// Lists every feature of the registry.
            pub const ALL: &[Self] = &[$(Self::$constant),+];
        }

        pub(super) const NAMES: &[&str] = &[$($name),+];

        const STATUS: &[FeatureStatus] = &[$(FeatureStatus::$status $(($version))?),+];
    };
}

features! {
    ACCELEROMETER = "accelerometer", Chromium(88);
    ALL_SCREENS_CAPTURE = "all-screens-capture", Listed;
    AMBIENT_LIGHT_SENSOR = "ambient-light-sensor", Flag;
    ARIA_NOTIFY = "aria-notify", Chromium(141);
    ATTRIBUTION_REPORTING = "attribution-reporting", Deprecated;
    AUTOFILL = "autofill", Listed;
    AUTOPLAY = "autoplay", Chromium(88);
    BATTERY = "battery", Listed;
    BLUETOOTH = "bluetooth", Chromium(104);
    BROWSING_TOPICS = "browsing-topics", Deprecated;
    CAMERA = "camera", Chromium(88);
    CAPTURED_SURFACE_CONTROL = "captured-surface-control", Chromium(136);
    CH_DEVICE_MEMORY = "ch-device-memory", Listed;
    CH_DOWNLINK = "ch-downlink", Listed;
    CH_DPR = "ch-dpr", Listed;
    CH_ECT = "ch-ect", Listed;
    CH_PREFERS_COLOR_SCHEME = "ch-prefers-color-scheme", Listed;
    CH_PREFERS_REDUCED_MOTION = "ch-prefers-reduced-motion", Listed;
    CH_PREFERS_REDUCED_TRANSPARENCY = "ch-prefers-reduced-transparency", Listed;
    CH_RTT = "ch-rtt", Listed;
    CH_SAVE_DATA = "ch-save-data", Listed;
    CH_UA = "ch-ua", Chromium(89);
    CH_UA_ARCH = "ch-ua-arch", Chromium(89);
    CH_UA_BITNESS = "ch-ua-bitness", Chromium(89);
    CH_UA_FORM_FACTORS = "ch-ua-form-factors", Listed;
    CH_UA_FULL_VERSION = "ch-ua-full-version", Chromium(89);
    CH_UA_FULL_VERSION_LIST = "ch-ua-full-version-list", Flag;
    CH_UA_HIGH_ENTROPY_VALUES = "ch-ua-high-entropy-values", Chromium(144);
    CH_UA_MOBILE = "ch-ua-mobile", Chromium(89);
    CH_UA_MODEL = "ch-ua-model", Chromium(89);
    CH_UA_PLATFORM = "ch-ua-platform", Chromium(89);
    CH_UA_PLATFORM_VERSION = "ch-ua-platform-version", Chromium(89);
    CH_UA_WOW64 = "ch-ua-wow64", Chromium(89);
    CH_VIEWPORT_HEIGHT = "ch-viewport-height", Listed;
    CH_VIEWPORT_WIDTH = "ch-viewport-width", Listed;
    CH_WIDTH = "ch-width", Listed;
    CLIPBOARD_READ = "clipboard-read", Chromium(88);
    CLIPBOARD_WRITE = "clipboard-write", Chromium(88);
    COMPUTE_PRESSURE = "compute-pressure", Chromium(125);
    CONVERSION_MEASUREMENT = "conversion-measurement", Retired;
    CROSS_ORIGIN_ISOLATED = "cross-origin-isolated", Chromium(88);
    DEFERRED_FETCH = "deferred-fetch", Chromium(135);
    DEFERRED_FETCH_MINIMAL = "deferred-fetch-minimal", Chromium(135);
    DIGITAL_CREDENTIALS_CREATE = "digital-credentials-create", Flag;
    DIGITAL_CREDENTIALS_GET = "digital-credentials-get", Flag;
    DIRECT_SOCKETS = "direct-sockets", Listed;
    DISPLAY_CAPTURE = "display-capture", Chromium(94);
    DOCUMENT_DOMAIN = "document-domain", Retired;
    ENCRYPTED_MEDIA = "encrypted-media", Chromium(88);
    EXECUTION_WHILE_NOT_RENDERED = "execution-while-not-rendered", Flag;
    EXECUTION_WHILE_OUT_OF_VIEWPORT = "execution-while-out-of-viewport", Flag;
    FOCUS_WITHOUT_USER_ACTIVATION = "focus-without-user-activation", Listed;
    FULLSCREEN = "fullscreen", Chromium(88);
    GAMEPAD = "gamepad", Chromium(103);
    GEOLOCATION = "geolocation", Chromium(88);
    GYROSCOPE = "gyroscope", Chromium(88);
    HID = "hid", Chromium(89);
    IDENTITY_CREDENTIALS_GET = "identity-credentials-get", Chromium(110);
    IDLE_DETECTION = "idle-detection", Chromium(94);
    INTEREST_COHORT = "interest-cohort", Retired;
    JOIN_AD_INTEREST_GROUP = "join-ad-interest-group", Flag;
    KEYBOARD_MAP = "keyboard-map", Chromium(97);
    LANGUAGE_DETECTOR = "language-detector", Chromium(138);
    LANGUAGE_MODEL = "language-model", Chromium(148);
    LOCAL_FONTS = "local-fonts", Chromium(103);
    LOCAL_NETWORK = "local-network", Chromium(145);
    LOCAL_NETWORK_ACCESS = "local-network-access", Chromium(142);
    LOOPBACK_NETWORK = "loopback-network", Chromium(145);
    MAGNETOMETER = "magnetometer", Flag;
    MANUAL_TEXT = "manual-text", Listed;
    MEDIA_PLAYBACK_WHILE_NOT_VISIBLE = "media-playback-while-not-visible", Listed;
    MEDIASESSION = "mediasession", Listed;
    MICROPHONE = "microphone", Chromium(88);
    MIDI = "midi", Chromium(88);
    MONETIZATION = "monetization", Listed;
    NAVIGATION_OVERRIDE = "navigation-override", Listed;
    ON_DEVICE_SPEECH_RECOGNITION = "on-device-speech-recognition", Chromium(142);
    OTP_CREDENTIALS = "otp-credentials", Chromium(93);
    PAYMENT = "payment", Chromium(88);
    PICTURE_IN_PICTURE = "picture-in-picture", Chromium(88);
    PRIVATE_AGGREGATION = "private-aggregation", Listed;
    PRIVATE_STATE_TOKEN_ISSUANCE = "private-state-token-issuance", Chromium(117);
    PRIVATE_STATE_TOKEN_REDEMPTION = "private-state-token-redemption", Chromium(117);
    PUBLICKEY_CREDENTIALS_CREATE = "publickey-credentials-create", Chromium(88);
    PUBLICKEY_CREDENTIALS_GET = "publickey-credentials-get", Chromium(88);
    REWRITER = "rewriter", Listed;
    RUN_AD_AUCTION = "run-ad-auction", Flag;
    SCREEN_WAKE_LOCK = "screen-wake-lock", Chromium(88);
    SERIAL = "serial", Chromium(89);
    SHARED_STORAGE = "shared-storage", Listed;
    SMART_CARD = "smart-card", Listed;
    SPEAKER_SELECTION = "speaker-selection", Listed;
    STORAGE_ACCESS = "storage-access", Chromium(113);
    SUMMARIZER = "summarizer", Chromium(138);
    SYNC_SCRIPT = "sync-script", Flag;
    SYNC_XHR = "sync-xhr", Chromium(88);
    TOOLS = "tools", Listed;
    TRANSLATOR = "translator", Chromium(138);
    TRUST_TOKEN_REDEMPTION = "trust-token-redemption", Retired;
    UNLOAD = "unload", Listed;
    USB = "usb", Chromium(88);
    VERTICAL_SCROLL = "vertical-scroll", Flag;
    VR = "vr", Retired;
    WEB_SHARE = "web-share", Chromium(88);
    WINDOW_MANAGEMENT = "window-management", Chromium(100);
    WINDOW_PLACEMENT = "window-placement", Retired;
    WRITER = "writer", Listed;
    XR_SPATIAL_TRACKING = "xr-spatial-tracking", Chromium(88);
}

impl PermissionsFeature {
    /// Returns the feature's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the browsers that know the feature.
    pub fn status(&self) -> FeatureStatus {
        status(&self.0)
    }
}

pub(super) fn status(feature: &str) -> FeatureStatus {
    let place = NAMES.iter().position(|name| *name == feature);
    place.map_or(FeatureStatus::Unknown, |place| STATUS[place])
}

/// Returns the feature that takes the place of a retired one.
pub(super) fn successor(feature: &str) -> Option<&'static str> {
    Some(match feature {
        "conversion-measurement" => "attribution-reporting",
        "interest-cohort" => "browsing-topics",
        "trust-token-redemption" => "private-state-token-redemption",
        "vr" => "xr-spatial-tracking",
        "window-placement" => "window-management",
        _ => return None,
    })
}

impl FromStr for PermissionsFeature {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if is_feature(text) {
            return Ok(Self(Cow::Owned(text.to_owned())));
        }
        let problem = format!(
            "'{}' is not the name of a feature; write lower-case letters, digits and '-', like camera",
            text.escape_debug()
        );
        Err(ParseError::new("permissions-policy", 0, problem))
    }
}

impl fmt::Display for PermissionsFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
