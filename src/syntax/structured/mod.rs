//! Reads and prints structured fields ([RFC 9651](https://www.rfc-editor.org/rfc/rfc9651)): items,
//! lists, inner lists, dictionaries and parameters.
//!
//! Reading follows section 4.2: one error makes browsers drop the whole field, so it is an error
//! here. Repeated keys are not an error here: browsers use the last one, and each header decides
//! whether its policy may repeat a key. Printing follows section 4.1.

pub(crate) mod check;
mod read;
pub(crate) mod scan;
pub(crate) mod value;

pub(crate) use read::{dictionary, item, list};
pub(crate) use value::{Bare, Entry, Separated, Value};
