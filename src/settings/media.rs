//! Allows the origins of media and of the captcha in the policy.

use super::{file::File, profile::Profile};
use crate::{
    error::ParseError,
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
    preset::sources_of,
    request::Origin,
};

/// Adds the origins of proxied and uploaded media, as the profile has them.
pub(super) fn allow(
    file: &File,
    site: &Origin,
    csp: ContentSecurityPolicy,
) -> Result<ContentSecurityPolicy, ParseError> {
    let File { profile, media_proxy, .. } = file;
    let mut media = media(file);
    let is_https = |source: &Source| source.as_str().starts_with("https:");
    let listed = media_proxy.enabled && !media_proxy.redirect_on_failure;
    match profile {
        Profile::Pleroma27 if listed => {
            let images = [Source::SELF, Source::DATA, Source::BLOB];
            let own = sources_of(site).into_iter().flatten();
            let connect = [Source::SELF, Source::BLOB].into_iter().chain(own);
            return csp
                .img_src(images.into_iter().chain(media.clone()))?
                .media_src([Source::SELF].into_iter().chain(media.clone()))?
                .connect_src(connect.chain(media));
        }
        // The release relies on `https:`.
        Profile::Pleroma27 => media.clear(),
        // The profile already has `https:`, which covers every https base.
        Profile::Guide | Profile::PleromaModern | Profile::Akkoma => {
            media.retain(|source| !is_https(source))
        }
        Profile::Recommended | Profile::Strict | Profile::Api | Profile::Owasp | Profile::Empty => {
        }
    }
    if media.is_empty() {
        return Ok(csp);
    }
    let mut images = media.clone();
    if *profile == Profile::Recommended {
        // The profile has `https:` for images only.
        images.retain(|source| !is_https(source));
    }
    csp.extend(SourceDirective::IMG_SRC, images)?.extend(SourceDirective::MEDIA_SRC, media)
}

/// Returns the origins of media, which the release lists in place of `https:`.
fn media(file: &File) -> Vec<Source> {
    let proxy = file.media_proxy.enabled.then_some(&file.media_proxy);
    let whitelist = proxy.into_iter().flat_map(|proxy| &proxy.whitelist);
    let whitelist = whitelist.map(|entry| entry.source.clone());
    let bases = [
        proxy.and_then(|proxy| proxy.base_url.as_ref()),
        file.upload.base_url.as_ref(),
        file.s3.public_endpoint.as_ref(),
        file.captcha.endpoint.as_ref(),
    ];
    bases.into_iter().flatten().map(|url| Source::from(url.origin())).chain(whitelist).collect()
}

/// Allows the captcha to run its script, frame its page, load its style sheet
/// and connect to its server. The release allows its images alone.
pub(super) fn allow_captcha(
    file: &File,
    mut csp: ContentSecurityPolicy,
) -> Result<ContentSecurityPolicy, ParseError> {
    let endpoint = file.captcha.endpoint.as_ref();
    let Some(endpoint) = endpoint.filter(|_| file.profile != Profile::Pleroma27) else {
        return Ok(csp);
    };
    for directive in [
        SourceDirective::SCRIPT_SRC,
        SourceDirective::FRAME_SRC,
        SourceDirective::STYLE_SRC,
        SourceDirective::CONNECT_SRC,
    ] {
        csp = csp.extend(directive, [Source::from(endpoint.origin())])?;
    }
    Ok(csp)
}
