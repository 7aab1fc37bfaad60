//! Records lines that a layer adds to a response, for the outer layers.

use http::{HeaderName, HeaderValue};

use crate::request::ResponseParts;

/// Lists lines that outer layers must not take for the application's own.
///
/// The list is stored in the response's extensions.
#[derive(Clone, Debug, Default)]
struct OwnLines(Vec<OwnLine>);

/// Represents a line added to others.
///
/// It does not count as the application's own.
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

/// Returns `true` if any line of this response was recorded.
pub(super) fn any(response: &impl ResponseParts) -> bool {
    response.extensions().get::<OwnLines>().is_some()
}

/// Records a line.
pub(super) fn note(response: &mut impl ResponseParts, line: OwnLine) {
    response.extensions_mut().get_or_insert_with(OwnLines::default).0.push(line);
}

/// Returns `true` if a line of that name counts as the application's own.
pub(super) fn is_taken(response: &impl ResponseParts, name: &HeaderName) -> bool {
    let mut lines = response.headers().get_all(name).iter();
    let Some(OwnLines(own)) = response.extensions().get() else { return lines.next().is_some() };
    lines.any(|line| !own.iter().any(|own| own.is(name, line)))
}

/// Removes the records of a name, because another line replaces those lines.
pub(super) fn forget(response: &mut impl ResponseParts, name: &HeaderName) {
    if let Some(OwnLines(own)) = response.extensions_mut().get_mut() {
        own.retain(|line| line.name != name);
    }
}

/// Removes the record of an appended line, so that it counts like any other.
pub(super) fn adopt(response: &mut impl ResponseParts, name: &HeaderName, value: &HeaderValue) {
    if let Some(OwnLines(own)) = response.extensions_mut().get_mut() {
        own.retain(|line| !line.is(name, value));
    }
}
