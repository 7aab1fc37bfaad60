//! Reads `additional_csp`.

use crate::{error::ParseError, policy::csp::ContentSecurityPolicy, settings::error::Fault};

/// The number of policies above which servers and proxies refuse a response.
const MOST_POLICIES: usize = 64;

/// Returns the policies of `additional_csp`, which browsers enforce in addition.
pub(super) fn read(policies: &[String]) -> Result<Vec<ContentSecurityPolicy>, Fault> {
    if policies.len() > MOST_POLICIES {
        let problem = "there are more than 64 policies, which proxies refuse; remove some";
        return Err((vec!["additional_csp".to_owned()], problem.to_owned()));
    }
    let read = |(index, text): (usize, &String)| {
        text.parse().map_err(|error: ParseError| {
            (vec!["additional_csp".to_owned(), index.to_string()], error.problem().to_owned())
        })
    };
    policies.iter().enumerate().map(read).collect()
}
