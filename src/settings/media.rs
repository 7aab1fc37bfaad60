//! Allows the origins of media and of the captcha in the policy.

use super::{file::File, profile::Profile};
use crate::{
    error::ParseError,
    policy::csp::{ContentSecurityPolicy, Source, SourceDirective},
    preset::sources_of,
    request::Origin,
};

/// Reports the path of an invalid key, and the error.
pub(super) type Fault = (&'static [&'static str], ParseError);

/// Adds the origins of proxied and uploaded media, as the profile has them.
pub(super) fn allow(
    file: &File,
    site: &Origin,
    csp: ContentSecurityPolicy,
) -> Result<ContentSecurityPolicy, Fault> {
    let File { profile, media_proxy, .. } = file;
    let listed = media_proxy.enabled && !media_proxy.redirect_on_failure;
    let media = match profile {
        // The release relies on `https:`.
        Profile::Pleroma27 if !listed => return Ok(csp),
        // The profile already has `https:`, which covers every https base.
        Profile::Guide | Profile::PleromaModern | Profile::Akkoma => {
            media(file, |origin| !is_https(origin))?
        }
        _ => media(file, |_| true)?,
    };
    let csp = match profile {
        Profile::Pleroma27 => list_media(site, &media, csp),
        _ if media.is_empty() => Ok(csp),
        // The profile has `https:` for images only.
        Profile::Recommended => {
            let images = media.iter().filter(|source| !is_https(source.as_str())).cloned();
            extend(csp, images.collect(), media.clone())
        }
        _ => extend(csp, media.clone(), media.clone()),
    };
    csp.map_err(|error| (&["media_proxy", "whitelist"][..], error))
}

fn is_https(source: &str) -> bool {
    source.starts_with("https:")
}

fn extend(
    csp: ContentSecurityPolicy,
    images: Vec<Source>,
    media: Vec<Source>,
) -> Result<ContentSecurityPolicy, ParseError> {
    csp.extend(SourceDirective::IMG_SRC, images)?.extend(SourceDirective::MEDIA_SRC, media)
}

/// Sets the three directives that the release writes with a list of origins.
fn list_media(
    site: &Origin,
    media: &[Source],
    csp: ContentSecurityPolicy,
) -> Result<ContentSecurityPolicy, ParseError> {
    let media = || media.iter().cloned();
    let own = sources_of(site).into_iter().flatten();
    csp.img_src([Source::SELF, Source::DATA, Source::BLOB].into_iter().chain(media()))?
        .media_src([Source::SELF].into_iter().chain(media()))?
        .connect_src([Source::SELF, Source::BLOB].into_iter().chain(own).chain(media()))
}

/// Returns those origins of media that are kept. The release lists them in place of `https:`.
fn media(file: &File, keep: impl Fn(&str) -> bool) -> Result<Vec<Source>, Fault> {
    let proxy = file.media_proxy.enabled.then_some(&file.media_proxy);
    let bases: [(&[&str], _); 4] = [
        (&["media_proxy", "base_url"], proxy.and_then(|proxy| proxy.base_url.as_ref())),
        (&["upload", "base_url"], file.upload.base_url.as_ref()),
        (&["s3", "public_endpoint"], file.s3.public_endpoint.as_ref()),
        (&["captcha", "endpoint"], file.captcha.endpoint.as_ref()),
    ];
    let bases = bases.into_iter().filter_map(|(key, url)| Some((key, url?.origin())));
    let bases = bases.filter(|(_, origin)| keep(&origin.to_string()));
    let bases = bases.map(|(key, origin)| origin.try_into().map_err(|error| (key, error)));
    let whitelist = proxy.into_iter().flat_map(|proxy| &proxy.whitelist);
    let whitelist = whitelist.map(|entry| entry.source.clone());
    bases.chain(whitelist.filter(|source| keep(source.as_str())).map(Ok)).collect()
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
        csp = csp.extend(directive, [Source::try_from(endpoint.origin())?])?;
    }
    Ok(csp)
}
