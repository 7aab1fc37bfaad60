//! Checks dictionaries in a `const`, without reading their values.
//!
//! [`dictionary_fault`] finds the problem that [`dictionary`](super::dictionary) finds.

use super::scan::{Problem, bare, key, peek, skip_spaces, skip_white_space};

/// Returns the problem of a dictionary (section 4.2.2).
pub(crate) const fn dictionary_fault(text: &[u8]) -> Option<Problem> {
    let mut at = skip_spaces(text, 0);
    while at < text.len() {
        at = match entry_end(text, at) {
            Ok(end) => skip_white_space(text, end),
            Err(problem) => return Some(problem),
        };
        if at == text.len() {
            return None;
        }
        if text[at] != b',' {
            return Some((at, "expected ',' before the next member"));
        }
        let comma = at;
        at = skip_white_space(text, at + 1);
        if at == text.len() {
            let problem = "a comma at the end makes browsers drop the header; remove it";
            return Some((comma, problem));
        }
    }
    None
}

/// Returns the end of a key with its value and parameters.
pub(crate) const fn entry_end(text: &[u8], start: usize) -> Result<usize, Problem> {
    let end = match key(text, start) {
        Ok(at) if peek(text, at) == b'=' => value_end(text, at + 1),
        end => end,
    };
    match end {
        Ok(end) => parameters_end(text, end),
        Err(problem) => Err(problem),
    }
}

/// Returns the end of a value, or of a list of values in parentheses.
const fn value_end(text: &[u8], start: usize) -> Result<usize, Problem> {
    if peek(text, start) != b'(' {
        return bare_end(text, start);
    }
    let mut at = skip_spaces(text, start + 1);
    while peek(text, at) != b')' {
        if at == text.len() {
            return Err((start, "the list is never closed; expected ')'"));
        }
        at = match item_end(text, at) {
            Ok(end) => end,
            Err(problem) => return Err(problem),
        };
        if at < text.len() && !matches!(text[at], b' ' | b')') {
            return Err((at, "expected a space between the members of a list"));
        }
        at = skip_spaces(text, at);
    }
    Ok(at + 1)
}

/// Returns the end of a value with its parameters.
const fn item_end(text: &[u8], start: usize) -> Result<usize, Problem> {
    match bare_end(text, start) {
        Ok(end) => parameters_end(text, end),
        Err(problem) => Err(problem),
    }
}

const fn parameters_end(text: &[u8], mut at: usize) -> Result<usize, Problem> {
    while peek(text, at) == b';' {
        at = match key(text, skip_spaces(text, at + 1)) {
            Ok(end) => end,
            Err(problem) => return Err(problem),
        };
        if peek(text, at) == b'=' {
            at = match bare_end(text, at + 1) {
                Ok(end) => end,
                Err(problem) => return Err(problem),
            };
        }
    }
    Ok(at)
}

const fn bare_end(text: &[u8], start: usize) -> Result<usize, Problem> {
    match bare(text, start) {
        Ok((_, end)) => Ok(end),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::dictionary, *};

    #[track_caller]
    fn assert_same(text: &str) {
        let found = dictionary_fault(text.as_bytes());
        let read = dictionary("a", text).map_err(|error| error.to_string());
        let expected = found.map(|(at, problem)| format!("a, byte {at}: {problem}"));
        assert_eq!(read.err(), expected, "{text:?}");
    }

    #[test]
    fn members_of_a_list_have_spaces_between_them_and_parameters_of_their_own() {
        for text in ["a=(\"a\";x)", "a=(b;x=1 c;y);z, d", "a=( b  c )", "", "  ", "a=()", "a;b;c=d"]
        {
            assert_eq!(dictionary_fault(text.as_bytes()), None, "{text:?}");
            assert_same(text);
        }
        for text in ["a=(\"a\"\"b\")", "a=(b;x\"c\")", "a=(b\t)", "a=(", "a,", "a=%\"%c3\"", "a b"]
        {
            assert!(dictionary_fault(text.as_bytes()).is_some(), "{text:?}");
            assert_same(text);
        }
    }

    proptest! {
        #[test]
        fn the_check_in_a_const_finds_what_the_reader_finds(
            parts in proptest::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "*", "=", ";", ",", " ", "\t", "(", ")", "\"", "\"x\"", "\\", "1",
                    "-", ".", "?1", "?", ":", "YQ==", "@", "%\"", "%c3", "%bc", "%f0%9f%92%a9", "A", "é",
                ]),
                0..12,
            )
        ) {
            assert_same(&parts.concat());
        }

        #[test]
        fn the_check_in_a_const_finds_what_the_reader_finds_in_a_list(
            members in "[ab1 ;=\"()\t]{0,8}", end in "[a;=1, ]{0,4}",
        ) {
            assert_same(&format!("a=({members}){end}"));
        }
    }
}
