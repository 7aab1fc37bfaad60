//! Rocket 0.5: a fairing around `HardeningLayer::begin` and `Exchange::finish`.
//!
//! Rocket reads the cookies of a request before any fairing, and does not let a fairing change them. `CookieJar` therefore
//! still has planted cookies, under the names of the wire: handlers read cookies with the guard [`Cookies`] instead.
//! Cookies that a handler adds to the jar are sent under their `__Host-` names.

use std::sync::Mutex;

use http::{HeaderName, HeaderValue, StatusCode, request::Parts};
use rocket::{
    Config, Data, Request, Response, async_trait,
    fairing::{Fairing, Info, Kind},
    get,
    http::{CookieJar, Header, Status},
    request::{FromRequest, Outcome},
    response::content::RawHtml,
    routes,
    shield::Shield,
};
use tokio::net::TcpListener;
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Nonce, service::Exchange};

/// Applies the policies to every request and response, 404s included.
struct Harden(HardeningLayer);

/// Holds the head of a request as the policies made it, until its response has the policies too.
struct Hardened {
    head: Parts,
    exchange: Mutex<Option<Exchange>>,
}

impl Hardened {
    /// Returns what the fairing stored, or a request without a head where no fairing ran.
    fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(|| Self {
            head: http::Request::new(()).into_parts().0,
            exchange: Mutex::new(None),
        })
    }
}

#[async_trait]
impl Fairing for Harden {
    fn info(&self) -> Info {
        Info { name: "tower-hardening", kind: Kind::Request | Kind::Response }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.method = request.method().as_str().parse().unwrap_or_default();
        head.uri = request.uri().to_string().parse().unwrap_or_default();
        for header in request.headers().iter() {
            let name = HeaderName::from_bytes(header.name().as_str().as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(header.value())) {
                head.headers.append(name, value);
            }
        }
        let exchange = Mutex::new(Some(self.0.begin(&mut head)));
        request.local_cache(|| Hardened { head, exchange });
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let exchange = Hardened::of(request).exchange.lock().ok().and_then(|mut it| it.take());
        let Some(exchange) = exchange else { return };
        let (mut head, ()) = http::Response::new(()).into_parts();
        head.status = StatusCode::from_u16(response.status().code).unwrap_or_default();
        for header in response.headers().iter() {
            let name = HeaderName::from_bytes(header.name().as_str().as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(header.value())) {
                head.headers.append(name, value);
            }
        }
        exchange.finish(&mut head);
        let names: Vec<_> =
            response.headers().iter().map(|header| header.name().to_string()).collect();
        names.iter().for_each(|name| response.remove_header(name));
        for (name, value) in &head.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            response.adjoin_header(Header::new(name.to_string(), value));
        }
    }
}

/// Holds the request's cookies under the application's names, without planted ones.
struct Cookies<'r>(&'r str);

#[async_trait]
impl<'r> FromRequest<'r> for Cookies<'r> {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let cookies = Hardened::of(request).head.headers.get(http::header::COOKIE);
        Outcome::Success(Self(cookies.map_or("", |value| value.to_str().unwrap_or_default())))
    }
}

/// Holds the nonce of the response.
struct PageNonce<'r>(&'r Nonce);

#[async_trait]
impl<'r> FromRequest<'r> for PageNonce<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match Nonce::from_extensions(&Hardened::of(request).head.extensions) {
            Some(nonce) => Outcome::Success(Self(nonce)),
            None => Outcome::Error((Status::InternalServerError, ())),
        }
    }
}

#[get("/")]
fn page(nonce: PageNonce<'_>, cookies: Cookies<'_>, jar: &CookieJar<'_>) -> RawHtml<String> {
    jar.add(("sid", "new"));
    let (cookies, nonce) = (cookies.0, nonce.0);
    RawHtml(format!("<p>{cookies}</p><script nonce=\"{nonce}\">document.title = 'run'</script>"))
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let policies =
        Hardening::strict(&"https://example.tld".parse()?).with(HostCookies::new(["sid"])?);
    let port = listener.local_addr()?.port();
    drop(listener); // Rocket binds its address itself.
    let config = Config { port, log_level: rocket::config::LogLevel::Off, ..Config::default() };
    let server = rocket::custom(config)
        .mount("/", routes![page])
        .attach(Shield::new()) // Without one Rocket attaches its own, whose headers would be kept.
        .attach(Harden(HardeningLayer::new(policies)));
    server.launch().await?;
    Ok(())
}

#[tokio::test]
async fn rocket_sends_every_header_and_cookie_of_the_policies() {
    crate::check::holds(serve).await;
}
