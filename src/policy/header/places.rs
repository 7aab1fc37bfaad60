//! Adds members to a header that is a list, without parsing it.

use std::sync::Arc;

use http::HeaderValue;

use super::member::Member;
use crate::trace;

/// The longest header that a response can get by additions, in bytes: proxies reject longer ones.
const MAX_LENGTH: usize = 8192;

const COMMA: &str = ", ";

/// Holds the places of the members in a header's value, so that a response does not parse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places(Arc<[Place]>);

/// Holds the ends of a member's key and of the member, as offsets in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    key: u32,
    end: u32,
}

impl Places {
    /// Returns the places of members that are joined by a comma and a space, or `None` for a policy
    /// that is not a list.
    pub(crate) fn new(members: &[Member]) -> Option<Self> {
        let mut start = 0;
        let places = members.iter().map(|member| {
            let place = Place {
                key: start + offset(member.key().len()),
                end: start + offset(member.text().len()),
            };
            start = place.end + offset(COMMA.len());
            place
        });
        (!members.is_empty()).then(|| Self(places.collect()))
    }

    /// Returns the value with these members added.
    ///
    /// A member with the key of another takes its place. A member that would make the header longer
    /// than 8192 bytes is left out, with an event.
    pub(crate) fn extend(&self, value: &HeaderValue, additions: &[Member]) -> HeaderValue {
        let text = value.as_bytes();
        let mut members: Vec<&[u8]> = self.members(text).map(|(_, member)| member).collect();
        let mut length = text.len();
        for addition in additions {
            let place = self.members(text).position(|(key, _)| key == addition.key().as_bytes());
            let removed = place.map_or(0, |place| members[place].len() + COMMA.len());
            let longer = length + addition.text().len() + COMMA.len() - removed;
            if longer > MAX_LENGTH {
                trace::addition_dropped(addition.key());
                continue;
            }
            length = longer;
            match place {
                Some(place) => members[place] = addition.text().as_bytes(),
                None => members.push(addition.text().as_bytes()),
            }
        }
        let joined = members.join(COMMA.as_bytes());
        HeaderValue::try_from(joined).unwrap_or_else(|_| value.clone())
    }

    /// Returns the key and the text of each member.
    fn members<'a>(&self, text: &'a [u8]) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut start = 0;
        self.0.iter().map_while(move |place| {
            let key = text.get(start..place.key as usize)?;
            let member = text.get(start..place.end as usize)?;
            start = place.end as usize + COMMA.len();
            Some((key, member))
        })
    }
}

/// Narrows an offset: a policy's text is far below this limit.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
