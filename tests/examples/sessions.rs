//! Tests the number of sessions of an account.

use http::StatusCode;

use crate::pleroma::{cookie, form, pleroma};
use crate::process::{Directory, Server};

/// Somebody who knows a password signs in as often as the server hashes.
#[tokio::test]
async fn an_account_has_32_sessions_at_most_and_the_newest_of_them() {
    let directory = Directory::new();
    let server = Server::start(pleroma().arg("--data").arg(directory.path()));
    let first = server.register("alice").await;
    let bob = server.register("bob").await;
    let mut newest = String::new();
    for _ in 0..40 {
        let request = form("/api/v1/sign_in", "", "name=alice&password=correct+horse");
        newest = cookie(&server.ask(request).await);
    }
    let database = rusqlite::Connection::open(directory.path().join("pleroma.sqlite")).unwrap();
    let count = "SELECT count(*) FROM session";
    assert_eq!(database.query_row(count, [], |row| row.get::<_, u32>(0)).unwrap(), 32 + 1);
    assert_eq!(server.post(&newest, "still+here").await, StatusCode::CREATED);
    assert_eq!(server.post(&bob, "me+too").await, StatusCode::CREATED);
    assert_eq!(server.post(&first, "gone").await, StatusCode::UNAUTHORIZED);
}
