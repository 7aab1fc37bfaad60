//! Reads the fields that `Report-To` and `NEL` have in common.

use crate::{
    error::{ParseError, did_you_mean},
    policy::csp::EndpointName,
    syntax::json::{Field, Json, Value},
};

/// Returns the fields of an object by these keys; another key or a second one is an error.
pub(super) fn fields<'a, 'b, const N: usize>(
    header: &'static str,
    object: &'b Json<'a>,
    keys: [&'static str; N],
) -> Result<[Option<&'b Field<'a>>; N], ParseError> {
    let Value::Object(fields) = &object.value else {
        let problem = "expected an object, like {\"max_age\":86400}";
        return Err(ParseError::new(header, object.at, problem));
    };
    let mut found = [None; N];
    for field in fields {
        let Some(place) = keys.iter().position(|key| *key == field.key) else {
            let remedy = did_you_mean(field.key, &keys, "remove it");
            let problem = format!("browsers ignore the key '{}'{remedy}", field.key);
            return Err(ParseError::new(header, field.at, problem));
        };
        if found[place].replace(field).is_some() {
            let problem = format!("duplicate key '{}'; write one", field.key);
            return Err(ParseError::new(header, field.at, problem));
        }
    }
    Ok(found)
}

pub(super) fn endpoint(
    header: &'static str,
    field: &Field<'_>,
) -> Result<EndpointName, ParseError> {
    match &field.value.value {
        Value::String(name) => {
            name.parse().map_err(|error: ParseError| error.within(header, field.value.at + 1))
        }
        _ => {
            let problem = format!("'{}' is not a name; write it in double quotes", field.key);
            Err(ParseError::new(header, field.value.at, problem))
        }
    }
}

/// The largest number that browsers read: they ignore an object with a larger one.
pub(super) const MAX: u64 = i32::MAX as u64;

pub(super) fn integer(header: &'static str, field: &Field<'_>) -> Result<u64, ParseError> {
    let reject = |problem| Err(ParseError::new(header, field.value.at, problem));
    let digits = match &field.value.value {
        Value::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => {
            return reject(format!(
                "'{}' is not a whole number; write one, without quotes",
                field.key
            ));
        }
    };
    match digits.parse() {
        Ok(number) if number <= MAX => Ok(number),
        _ => reject(format!(
            "'{}' is too large, so browsers ignore the object; write at most {MAX}",
            field.key
        )),
    }
}

/// Returns `max_age`, without which browsers ignore the object.
pub(super) fn seconds(
    header: &'static str,
    object: &Json<'_>,
    field: Option<&Field<'_>>,
) -> Result<u64, ParseError> {
    match field {
        Some(field) => integer(header, field),
        None => {
            let problem = "there is no max_age; write \"max_age\":86400";
            Err(ParseError::new(header, object.at, problem))
        }
    }
}

pub(super) fn boolean(header: &'static str, field: Option<&Field<'_>>) -> Result<bool, ParseError> {
    match field.map(|field| (&field.value.value, field)) {
        None => Ok(false),
        Some((Value::Boolean(value), _)) => Ok(*value),
        Some((_, field)) => {
            let problem = format!("'{}' counts only if it is true; write true", field.key);
            Err(ParseError::new(header, field.value.at, problem))
        }
    }
}
