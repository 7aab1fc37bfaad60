//! minijinja: templates call a function `nonce()`, which the environment has once for all of them.

use std::sync::Arc;

use axum::{Router, routing::get};
use minijinja::{Environment, Error, context};

use super::{TITLE, nonce, page};

const PAGE: &str = r#"<!DOCTYPE html><html><head><title>{{ title }}</title></head><body>
<script nonce="{{ nonce() }}">document.body.append("ran")</script></body></html>"#;

pub(super) fn routes() -> Result<Router, Error> {
    let mut templates = Environment::new();
    templates.add_function("nonce", nonce);
    // The name ends in `.html`, so that text is escaped.
    templates.add_template("page.html", PAGE)?;
    let templates = Arc::new(templates);
    let show = async move || {
        let template = templates.get_template("page.html");
        page(template.and_then(|template| template.render(context! { title => TITLE })))
    };
    Ok(Router::new().route("/minijinja", get(show)))
}
