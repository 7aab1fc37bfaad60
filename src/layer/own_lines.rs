//! What layers of this crate say, to those around them, of the lines that they put on a response.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Response};

use crate::policy::Template;

/// Lines on a response that are not as a layer further out would take them, in its extensions.
#[derive(Clone, Debug, Default)]
struct OwnLines(Vec<OwnLine>);

/// A line that goes beside others, or one that is to have the nonce if it is still read.
#[derive(Clone, Debug)]
pub(super) struct OwnLine {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
    /// Whether it goes beside what is there, and so does not stand for the application's own.
    pub(super) appended: bool,
    /// How it reads with the nonce, if it was written before that was read.
    #[cfg_attr(not(feature = "nonce"), expect(dead_code, reason = "there is no nonce to fill in"))]
    pub(super) unread: Option<Arc<Template>>,
}

impl OwnLine {
    fn is(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        self.name == name && self.value == value
    }
}

/// Whether anything is said of the lines of this response.
pub(super) fn any<B>(response: &Response<B>) -> bool {
    response.extensions().get::<OwnLines>().is_some()
}

/// Says something of a line.
pub(super) fn note<B>(response: &mut Response<B>, line: OwnLine) {
    response.extensions_mut().get_or_insert_with(OwnLines::default).0.push(line);
}

/// Whether the response has a line of that name that stands for the application's own.
pub(super) fn is_taken<B>(response: &Response<B>, name: &HeaderName) -> bool {
    let mut lines = response.headers().get_all(name).iter();
    let Some(OwnLines(own)) = response.extensions().get() else { return lines.next().is_some() };
    lines.any(|line| !own.iter().any(|own| own.appended && own.is(name, line)))
}

/// Forgets the lines of a name, which another replaces.
pub(super) fn forget<B>(response: &mut Response<B>, name: &HeaderName) {
    if let Some(OwnLines(own)) = response.extensions_mut().get_mut() {
        own.retain(|line| line.name != name);
    }
}

/// Lets a line that was appended stand for itself.
pub(super) fn adopt<B>(response: &mut Response<B>, name: &HeaderName, value: &HeaderValue) {
    let own = response.extensions_mut().get_mut::<OwnLines>();
    for line in own.into_iter().flat_map(|own| &mut own.0).filter(|line| line.is(name, value)) {
        line.appended = false;
    }
}

/// Puts the nonce into the lines that were written before it was read.
#[cfg(feature = "nonce")]
pub(super) fn fill<B>(response: &mut Response<B>, nonce: &[u8; Template::NONCE]) {
    let Some(OwnLines(mut own)) = response.extensions_mut().remove() else { return };
    for line in &mut own {
        let Some(template) = line.unread.take() else { continue };
        let Ok(filled) = HeaderValue::try_from(template.fill(nonce)) else { continue };
        for (name, value) in response.headers_mut() {
            if line.is(name, value) {
                *value = filled.clone();
            }
        }
        line.value = filled;
    }
    response.extensions_mut().insert(OwnLines(own));
}
