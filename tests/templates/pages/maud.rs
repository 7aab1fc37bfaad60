//! maud: a component reads the nonce by itself, so that no page passes it on.

use axum::{Router, response::Html, routing::get};
use maud::{DOCTYPE, Markup, html};

use super::{TITLE, nonce};

/// Renders a script of the page.
fn script(code: &str) -> Markup {
    html! { script nonce=(nonce()) { (maud::PreEscaped(code)) } }
}

async fn show() -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html {
            head { title { (TITLE) } }
            body { (script("document.body.append('ran')")) }
        }
    };
    Html(page.into_string())
}

pub(super) fn routes() -> Router {
    Router::new().route("/maud", get(show))
}
