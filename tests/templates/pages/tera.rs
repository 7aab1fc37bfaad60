//! tera: templates call a function `nonce()`, which is registered once for all of them.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, routing::get};
use tera::{Context, Error, Tera, Value};

use super::{TITLE, nonce, page};

const PAGE: &str = r#"<!DOCTYPE html><html><head><title>{{ title }}</title></head><body>
<script nonce="{{ nonce() }}">document.body.append("ran")</script></body></html>"#;

pub(super) fn routes() -> Result<Router, Error> {
    let mut templates = Tera::default();
    templates.register_function("nonce", |_: &HashMap<String, Value>| Ok(Value::from(nonce())));
    // The name ends in `.html`, so that text is escaped.
    templates.add_raw_template("page.html", PAGE)?;
    let templates = Arc::new(templates);
    let show = async move || {
        let mut values = Context::new();
        values.insert("title", TITLE);
        page(templates.render("page.html", &values))
    };
    Ok(Router::new().route("/tera", get(show)))
}
