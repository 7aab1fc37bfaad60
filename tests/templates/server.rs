//! One page in each of four template engines, whose script runs because it carries the response's nonce.
//!
//! `cargo run --manifest-path tests/templates/Cargo.toml`, then open `http://127.0.0.1:3000/askama`, `/maud`, `/minijinja`
//! or `/tera`. The page says that its script ran. The title is text that tries to add a script, and no script without the
//! nonce runs.

mod pages;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, pages::app()?).await?)
}
