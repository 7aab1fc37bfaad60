//! Reads `[hosts]`: the hosts that are answered, and the redirect to https.

use super::{error::Fault, file::File};
use crate::{
    error::ParseError,
    request::{AllowedHosts, HttpsRedirect, Origin},
};

/// Holds the gates in front of the application.
#[derive(Clone, Debug, Default)]
pub(super) struct Gates {
    pub(super) allowed: Option<AllowedHosts>,
    pub(super) redirect: Option<HttpsRedirect>,
}

impl Gates {
    /// Returns the gates for a main site and the other sites.
    pub(super) fn new(file: &File, site: &Origin, others: &[Origin]) -> Result<Self, Fault> {
        let listed = &file.hosts.allowed;
        for (index, host) in listed.iter().enumerate() {
            let _ = AllowedHosts::new([host]).map_err(at("allowed", Some(index)))?;
        }
        let own: Vec<&Origin> = own(file, site, others).map(|(_, origin)| origin).collect();
        let hosts = own.iter().map(|site| site.host()).chain(listed.iter().map(String::as_str));
        let allowed = match listed.is_empty() {
            true => None,
            false => Some(AllowedHosts::new(hosts.clone()).map_err(at("allowed", None))?),
        };
        let redirect = match file.hosts.https_redirect {
            true => Some(redirect(file, site, &own, AllowedHosts::new(hosts))?),
            false => None,
        };
        Ok(Self { allowed, redirect })
    }
}

/// Returns the origins that are always answered, with the key of each: the sites, and the hosts of
/// files.
pub(super) fn own<'a>(
    file: &'a File,
    site: &'a Origin,
    others: impl IntoIterator<Item = &'a Origin>,
) -> impl Iterator<Item = (String, &'a Origin)> {
    // Nobody asked for the host of the default.
    let main = file.url.host.iter().map(move |_| ("url.host".to_owned(), site));
    let others = others.into_iter().enumerate();
    let others = others.map(|(index, site)| (format!("site[{index}].host"), site));
    let uploads = ("upload.base_url", &file.upload.base_url);
    let files = [uploads, ("media_proxy.base_url", &file.media_proxy.base_url)];
    let files = files.into_iter().filter_map(|(key, base)| Some((key, base.as_ref()?)));
    main.chain(others).chain(files.map(|(key, base)| (key.to_owned(), base.origin())))
}

/// Returns the redirect to https, without the sites that are on http.
fn redirect(
    file: &File,
    site: &Origin,
    own: &[&Origin],
    hosts: Result<AllowedHosts, ParseError>,
) -> Result<HttpsRedirect, Fault> {
    const KEY: &str = "https_redirect";

    if file.url.host.is_none() {
        let problem = "redirects need the site; write 'host = \"…\"' with its domain below [url]";
        return Err((vec!["hosts".to_owned(), KEY.to_owned()], problem.to_owned()));
    }
    let mut redirect = HttpsRedirect::allowing(hosts.map_err(at(KEY, None))?)
        .canonical_host(site)
        .map_err(at(KEY, None))?;
    let plain = own.iter().filter(|site| !site.is_secure()).map(|site| site.host());
    if let Ok(plain) = AllowedHosts::new(plain) {
        redirect = redirect.exempt_hosts(plain);
    }
    for (index, path) in file.hosts.redirect_exempt_paths.iter().enumerate() {
        redirect = redirect.exempt_path(path).map_err(at("redirect_exempt_paths", Some(index)))?;
    }
    Ok(redirect)
}

/// Names the key of an error.
fn at(key: &str, index: Option<usize>) -> impl Fn(ParseError) -> Fault {
    let index = index.map(|index| index.to_string());
    let path: Vec<String> = ["hosts", key].into_iter().map(str::to_owned).chain(index).collect();
    move |error| (path.clone(), error.problem().to_owned())
}
