//! Limits the size of all headers of a response.

use crate::{
    policy::hardening::Hardening,
    settings::{error::Fault, headers::TABLE, left_out::LeftOut},
};

/// The size of all headers of a response that browsers accept, in bytes.
const MOST_BYTES: usize = 256 << 10;

/// The size of all headers of a response that proxies accept by default, in bytes.
const MANY_BYTES: usize = 8 << 10;

/// Checks the size of all headers together.
pub(super) fn check(hardening: &Hardening, left_out: &mut Vec<LeftOut>) -> Result<(), Fault> {
    let lines = hardening.headers();
    // A line has a colon, a blank and the two bytes of its end.
    let size: usize = lines.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > MOST_BYTES {
        let problem = format!(
            "all headers together have {size} bytes, and browsers refuse more than {MOST_BYTES}; remove some"
        );
        return Err((vec![TABLE.to_owned()], problem));
    }
    if size > MANY_BYTES {
        let problem = format!(
            "all headers together have {size} bytes, and proxies refuse more than {MANY_BYTES}; remove some"
        );
        left_out.push(LeftOut { key: TABLE.to_owned(), id: "headers-large", problem });
    }
    Ok(())
}
