//! Reads what a request names: the fields of a form, and the name at the end of its path.

use axum::Form;
use axum::body::Body;
use axum::extract::rejection::{FormRejection, RawFormRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, RawForm, Request};
use axum::http::{StatusCode, request::Parts};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use crate::failure::Failure;

const OF_ANOTHER_TYPE: Failure = Failure::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "send this form as application/x-www-form-urlencoded",
);
const MALFORMED: Failure =
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "this form is malformed, or has a field twice");

/// Holds the fields of a form. As an extractor, it rejects a form that is not text in UTF-8: nothing of it is replaced.
pub(crate) struct Fields<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Fields<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let RawForm(bytes) =
            RawForm::from_request(request, state).await.map_err(|rejection| match rejection {
                RawFormRejection::InvalidFormContentType(_) => OF_ANOTHER_TYPE.into_response(),
                // A layer explains a body that is too large.
                rejection => rejection.into_response(),
            })?;
        if !is_utf8(&bytes) {
            return Err(Failure::bad_request("this form is not text in UTF-8").into_response());
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        match Form::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(FormRejection::BytesRejection(rejection)) => Err(rejection.into_response()),
            Err(_) => Err(MALFORMED.into_response()),
        }
    }
}

/// Returns `true` if the form is UTF-8 after its escapes are decoded.
fn is_utf8(form: &[u8]) -> bool {
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(form.len());
    let mut rest = form;
    while let [byte, after @ ..] = rest {
        rest = after;
        let escaped = match after {
            [high, low, ..] if *byte == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            decoded.push(high << 4 | low);
            rest = &after[2..];
        } else {
            decoded.push(*byte);
        }
    }
    std::str::from_utf8(&decoded).is_ok()
}

/// Holds the name at the end of the path. As an extractor, it rejects one that is not text: nothing has such a name.
pub(crate) struct Named(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let named = Path::<String>::from_request_parts(parts, state).await;
        named.map(|Path(name)| Self(name)).map_err(|_| Failure::NOT_FOUND)
    }
}
