//! Reloads settings while clients send requests.
#![cfg(feature = "reload")]

use std::{
    error::Error,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};
use tower::ServiceExt;
use tower_hardening::{
    hosts::VirtualHostsLayer,
    settings::{ReloadHandle, Settings},
};

const OLD: &str = "profile = 'strict'\n[http_security]\nreferrer_policy = 'no-referrer'";
const NEW: &str = "profile = 'api'\nremove_headers = ['x-app']\n[cookies]\nnames = ['session']";

const RELOADS: usize = 100;
const CLIENTS: usize = 4;

type Handle = ReloadHandle<VirtualHostsLayer>;

fn layer(settings: &Settings) -> Result<VirtualHostsLayer, Box<dyn Error + Send + Sync>> {
    Ok(VirtualHostsLayer::new(settings.virtual_hosts()))
}

fn settings(text: &str) -> Settings {
    text.parse().unwrap()
}

fn app<L>(layer: L) -> Router
where
    L: tower::Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
    L::Service:
        tower::Service<Request<Body>, Error = std::convert::Infallible> + Clone + Send + Sync,
    <L::Service as tower::Service<Request<Body>>>::Response: axum::response::IntoResponse,
    <L::Service as tower::Service<Request<Body>>>::Future: Send,
{
    let handler = async || ([("x-app", "1"), ("set-cookie", "session=1")], "hello");
    Router::new().route("/", get(handler)).layer(layer)
}

/// Returns the headers of a response, without the date.
async fn sent(app: &Router) -> HeaderMap {
    let request = Request::get("https://example.tld/").body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().headers().clone()
}

async fn wholly(text: &str) -> HeaderMap {
    sent(&app(layer(&settings(text)).unwrap())).await
}

/// Sends requests on one connection until the reloads are over.
async fn client(
    address: std::net::SocketAddr,
    [old, new]: [HeaderMap; 2],
    [olds, news]: [Arc<AtomicUsize>; 2],
    over: Arc<AtomicBool>,
) {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = http1::handshake::<_, Empty<Bytes>>(stream).await.unwrap();
    tokio::spawn(connection);
    while !over.load(Ordering::Relaxed) {
        let request = Request::get("/").header(header::HOST, "example.tld");
        let request = request.body(Empty::new()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let mut headers = response.headers().clone();
        headers.remove(header::DATE);
        assert!(headers == old || headers == new, "half of each: {headers:?}");
        let count = if headers == old { &olds } else { &news };
        count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_reloads_under_load_fail_no_request_and_mix_no_response() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reload.toml");
    let handle = ReloadHandle::new(&settings(OLD), layer).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app(handle.current())).into_future());

    let expected = [wholly(OLD).await, wholly(NEW).await];
    assert_ne!(expected[0], expected[1]);
    let counts = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
    let over = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(client(address, expected.clone(), counts.clone(), over.clone()));
    }
    for reload in 1..=RELOADS {
        let (text, count) = [(OLD, &counts[0]), (NEW, &counts[1])][reload % 2];
        fs::write(&file, text).unwrap();
        handle.load(&file).unwrap();
        // Each policy answers requests before the next reload.
        let before = count.load(Ordering::Relaxed);
        while count.load(Ordering::Relaxed) < before + CLIENTS {
            sleep(Duration::from_millis(1)).await;
            assert!(clients.try_join_next().is_none(), "a client failed");
        }
    }
    over.store(true, Ordering::Relaxed);
    clients.join_all().await;
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_policy_that_began_a_request_finishes_it() {
    let handle = ReloadHandle::new(&settings(OLD), layer).unwrap();
    let reload = handle.clone();
    let handler = async move || {
        reload.reload(|| Settings::from_toml(NEW)).unwrap();
        ([("x-app", "1"), ("set-cookie", "session=1")], "hello")
    };
    let app = Router::new().route("/", get(handler)).layer(handle.current());
    assert_eq!(sent(&app).await, wholly(OLD).await);
    assert_eq!(sent(&app).await, wholly(NEW).await);
}

#[tokio::test]
async fn an_invalid_file_keeps_the_old_policy_and_says_why() {
    let handle = ReloadHandle::new(&settings(OLD), layer).unwrap();
    let app = app(handle.current());
    let error = handle.reload(|| Settings::from_toml("profile = 'strikt'")).unwrap_err();
    let why = "settings, line 1, profile: unknown value 'strikt'; did you mean 'strict'?";
    assert_eq!(error.to_string(), why);
    assert_eq!(error.settings_error().unwrap().line(), Some(1));
    assert_eq!(sent(&app).await, wholly(OLD).await);

    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("there-is-no-such-file.toml");
    let error = handle.load(&file).unwrap_err().to_string();
    assert!(error.contains("there-is-no-such-file.toml: cannot be read: "), "{error}");

    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty-or-large.toml");
    for (text, why) in
        [("", "is empty, and the settings stay"), (&*"#".repeat(9 << 20), "more than 8 MiB")]
    {
        fs::write(&file, text).unwrap();
        let error = handle.load(&file).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(sent(&app).await, wholly(OLD).await);
    }
    fs::remove_file(file).unwrap();
    assert_eq!(sent(&app).await, wholly(OLD).await);
}

#[test]
fn a_value_that_cannot_be_built_keeps_the_old_one() {
    let build = |settings: &Settings| match settings.http_security() {
        true => Ok(settings.site().to_string()),
        false => Err("no policy".into()),
    };
    let handle = ReloadHandle::new(&settings("url.host = 'a.example'"), build).unwrap();
    let off = || Settings::from_toml("http_security.enabled = false");
    let error = handle.reload(off).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.settings_error()), ("no policy", None));
    assert_eq!(*handle.current().load(), "https://a.example");
    handle.reload(|| Settings::from_toml("url.host = 'b.example'")).unwrap();
    assert_eq!(*handle.current().load(), "https://b.example");
}

#[test]
fn an_address_that_a_reload_cannot_change_is_a_lint() {
    let handle: Handle = ReloadHandle::new(&settings(""), layer).unwrap();
    let id = |text: &str| {
        let lints = handle.reload(|| Settings::from_toml(text)).unwrap();
        lints.into_iter().find(|lint| lint.id() == "reload-listen")
    };
    assert_eq!(id(OLD), None);
    let lint = id("[http]\nport = 4001").unwrap();
    assert_eq!(
        lint.message(),
        "http: a reload does not change the address to listen on from 127.0.0.1:4000 to 127.0.0.1:4001; restart the server"
    );
}

#[cfg(feature = "tracing")]
#[test]
fn each_reload_is_an_event() {
    use std::{io::Write, sync::Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        let handle = ReloadHandle::new(&settings(""), layer).unwrap();
        handle.reload(|| Settings::from_toml("profile = 'api'")).unwrap();
        handle.reload(|| Settings::from_toml("profile = 1")).unwrap_err();
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].contains("INFO") && lines[0].contains("settings: reloaded"), "{log}");
    let problem = "the previous settings stay in force";
    assert!(lines[1].contains("ERROR") && lines[1].contains(problem), "{log}");
    assert!(lines[1].contains("line 1, profile"), "{log}");
}
