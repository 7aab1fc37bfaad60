//! What layers of this crate say, to those around them, of the lines that they put on a response.

use http::{HeaderName, HeaderValue};

use crate::head::ResponseParts;

/// Lines on a response that are not as a layer further out would take them, in its extensions.
#[derive(Clone, Debug, Default)]
struct OwnLines(Vec<OwnLine>);

/// A line that goes beside others, and so does not stand for the application's own.
#[derive(Clone, Debug)]
pub(super) struct OwnLine {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl OwnLine {
    fn is(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        self.name == name && self.value == value
    }
}

/// Whether anything is said of the lines of this response.
pub(super) fn any(response: &impl ResponseParts) -> bool {
    response.extensions().get::<OwnLines>().is_some()
}

/// Says something of a line.
pub(super) fn note(response: &mut impl ResponseParts, line: OwnLine) {
    response.extensions_mut().get_or_insert_with(OwnLines::default).0.push(line);
}

/// Whether the response has a line of that name that stands for the application's own.
pub(super) fn is_taken(response: &impl ResponseParts, name: &HeaderName) -> bool {
    let mut lines = response.headers().get_all(name).iter();
    let Some(OwnLines(own)) = response.extensions().get() else { return lines.next().is_some() };
    lines.any(|line| !own.iter().any(|own| own.is(name, line)))
}

/// Forgets the lines of a name, which another replaces.
pub(super) fn forget(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(OwnLines(own)) = response.extensions_mut().get_mut() {
        own.retain(|line| line.name != name);
    }
}

/// Lets a line that was appended stand for itself.
pub(super) fn adopt(response: &mut impl ResponseParts, name: &HeaderName, value: &HeaderValue) {
    if let Some(OwnLines(own)) = response.extensions_mut().get_mut() {
        own.retain(|line| !line.is(name, value));
    }
}
