//! Helps the tests of the example `pleroma`.

use std::process::Command;

use http::{Request, Response, StatusCode, Version, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::Value;

use crate::client::{ask, get, values};
use crate::process::{Directory, Server, example};

/// Returns the example on a free port of loopback.
pub(crate) fn pleroma() -> Command {
    let mut command = example("pleroma");
    command.args(["--listen", "127.0.0.1:0"]);
    command
}

/// Returns the example with nothing to keep.
pub(crate) fn ephemeral() -> Server {
    Server::start(pleroma().arg("--ephemeral"))
}

/// Returns the example with these settings and nothing to keep.
pub(crate) fn with_settings(settings: &str) -> Server {
    let directory = Directory::new();
    let config = directory.file("settings.toml", settings);
    Server::start(pleroma().arg("--ephemeral").arg("--config").arg(config))
}

/// Returns a form, of the browser whose `Cookie` header this is.
pub(crate) fn form(path: &str, cookie: &str, body: &str) -> Request<Full<Bytes>> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .body(Full::from(body.to_owned()))
        .unwrap()
}

/// Returns a form with a file in it.
pub(crate) fn upload(
    cookie: &str,
    name: &str,
    declared: &str,
    file: &[u8],
) -> Request<Full<Bytes>> {
    Request::post("/api/v1/media")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .header(header::COOKIE, cookie)
        .body(Full::from(multipart(name, declared, file)))
        .unwrap()
}

pub(crate) fn multipart(name: &str, declared: &str, file: &[u8]) -> Bytes {
    let head = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {declared}\r\n\r\n"
    );
    [head.as_bytes(), file, b"\r\n--XX--\r\n"].concat().into()
}

impl Server {
    pub(crate) async fn ask(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        ask(self.address, Version::HTTP_11, request).await
    }

    /// Makes an account, and gives what its browser sends as `Cookie` from then on.
    pub(crate) async fn register(&self, name: &str) -> String {
        let body = format!("name={name}&password=correct+horse");
        let response = self.ask(form("/api/v1/accounts", "", &body)).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        cookie(&response)
    }

    /// Posts a status, and gives the answer's status.
    pub(crate) async fn post(&self, cookie: &str, status: &str) -> StatusCode {
        let body = format!("status={status}");
        self.ask(form("/api/v1/statuses", cookie, &body)).await.status()
    }

    /// Uploads a file, and gives the attachment.
    pub(crate) async fn upload(&self, cookie: &str, declared: &str, file: &[u8]) -> Value {
        let response = self.ask(upload(cookie, "a file.html", declared, file)).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        serde_json::from_slice(response.body()).unwrap()
    }

    /// Returns the contents of the timeline, newest first.
    pub(crate) async fn timeline(&self) -> Vec<String> {
        let response = self.ask(get("/api/v1/timeline")).await;
        let statuses: Vec<Value> = serde_json::from_slice(response.body()).unwrap();
        statuses.iter().map(|status| status["content"].as_str().unwrap().to_owned()).collect()
    }
}

/// Returns the one cookie that the response sets, as `name=value`.
pub(crate) fn cookie(response: &Response<Bytes>) -> String {
    let [set] = values(response.headers(), "set-cookie")[..] else {
        panic!("not one cookie: {response:?}");
    };
    set.split(';').next().unwrap().to_owned()
}
