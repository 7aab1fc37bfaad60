//! Stands in for API Gateway and the runtime of AWS Lambda: passes each request to the function `lambda` as an event.

use std::{collections::HashMap, process::Stdio, sync::Arc};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::Command,
    sync::{Mutex, mpsc, oneshot},
};

/// Holds an event and where its response goes.
type Invocation = (Value, oneshot::Sender<Value>);

/// Holds the events that wait for the function, and those that it works on, by id.
#[derive(Clone)]
struct Runtime {
    waiting: Arc<Mutex<mpsc::Receiver<Invocation>>>,
    running: Arc<Mutex<HashMap<String, oneshot::Sender<Value>>>>,
}

async fn next(State(runtime): State<Runtime>) -> impl IntoResponse {
    let (event, answer) = runtime.waiting.lock().await.recv().await.unwrap();
    let mut running = runtime.running.lock().await;
    let id = format!("invocation-{}", running.len());
    running.insert(id.clone(), answer);
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", u32::MAX.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu:1:function:site".to_owned()),
        ("lambda-runtime-trace-id", "Root=1".to_owned()),
    ];
    (headers, Json(event))
}

async fn answered(
    State(runtime): State<Runtime>,
    Path(id): Path<String>,
    answer: Bytes,
) -> StatusCode {
    let waiter = runtime.running.lock().await.remove(&id).unwrap();
    waiter.send(serde_json::from_slice(&answer).unwrap()).unwrap();
    StatusCode::ACCEPTED
}

/// Converts a request to an event of an HTTP API, version 2.0.
fn event(request: &Request) -> Value {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let cookies = text(header::COOKIE).unwrap_or_default();
    let cookies: Vec<_> = cookies.split("; ").filter(|cookie| !cookie.is_empty()).collect();
    let path = request.uri().path();
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "cookies": cookies,
        "headers": { "host": text(header::HOST), "x-forwarded-proto": "https" },
        "requestContext": {
            "accountId": "1", "apiId": "1", "domainName": "example.tld", "requestId": "1",
            "routeKey": "$default", "stage": "$default", "timeEpoch": 0,
            "http": {
                "method": request.method().as_str(), "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1", "userAgent": "test"
            }
        },
        "isBase64Encoded": false
    })
}

/// Converts the function's answer to a response.
fn response(answer: &Value) -> Response<Body> {
    let mut headers = HeaderMap::new();
    for (name, value) in answer["headers"].as_object().unwrap() {
        let name: header::HeaderName = name.parse().unwrap();
        headers.append(name, value.as_str().unwrap().parse().unwrap());
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie.as_str().unwrap().parse().unwrap());
    }
    let status = u16::try_from(answer["statusCode"].as_u64().unwrap()).unwrap();
    let body = answer["body"].as_str().unwrap_or_default().to_owned();
    (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
}

/// Serves the site by the function, whose process ends with this future.
async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (sender, waiting) = mpsc::channel::<Invocation>(8);
    let runtime = Runtime { waiting: Arc::new(Mutex::new(waiting)), running: Arc::default() };
    let api = TcpListener::bind("127.0.0.1:0").await?;
    let address = api.local_addr()?.to_string();
    let runtime = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
        .with_state(runtime);
    tokio::spawn(async { axum::serve(api, runtime).await });
    let _function = Command::new(env!("CARGO_BIN_EXE_lambda"))
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "site")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let gateway = async move |request: Request| {
        let (answer, waiter) = oneshot::channel();
        sender.send((event(&request), answer)).await.unwrap();
        response(&waiter.await.unwrap())
    };
    Ok(axum::serve(listener, Router::new().fallback(gateway)).await?)
}

#[tokio::test]
async fn lambda_http_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
