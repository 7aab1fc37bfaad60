//! Tests applications in other languages behind the shipped nginx files and the example gateway, `reverse_proxy`.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use axum::{Router, extract::Path, http::header, response::IntoResponse, routing::get};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::{
    browser::{Browser, until},
    nginx::Nginx,
    process::Process,
    rows::Verdict,
    site::Site,
    world::{SIBLING, SITE, World},
};

/// The cookies of a sibling: the session's name, and readings of it that parsers disagree on.
const PLANTED: [&str; 5] = [
    "pleroma_key=planted",
    "theme=dark pleroma_key=planted",
    "pleroma.key=planted",
    "pleroma[key=planted",
    "theme=\"dark\" pleroma_key=\"planted\"",
];
const ACCOUNT: &str = "/account";

/// Describes a server program, and the planted cookies that it takes for its session without the gateway.
struct Application {
    command: fn(port: u16) -> Command,
    /// The path of the planted cookies. Browsers send the longest path first; the last cookie of a name counts for
    /// Python, whose session has the path of the account, and the first for PHP.
    path: &'static str,
    takes: &'static [&'static str],
}

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/applications");

pub(crate) async fn python(browser: &Browser<'_>) -> Result<Verdict> {
    let command = |port: u16| {
        let mut command = Command::new("python3");
        command.arg(format!("{FILES}/python.py")).arg(port.to_string());
        command
    };
    Application { command, path: "/", takes: &[PLANTED[0], PLANTED[1], PLANTED[4]] }
        .run(browser)
        .await
}

pub(crate) async fn php(browser: &Browser<'_>) -> Result<Verdict> {
    let command = |port: u16| {
        let mut command = Command::new("php");
        command.arg("-S").arg(format!("127.0.0.1:{port}")).arg(format!("{FILES}/php.php"));
        command
    };
    Application { command, path: ACCOUNT, takes: &[PLANTED[0], PLANTED[2], PLANTED[3]] }
        .run(browser)
        .await
}

impl Application {
    async fn start(&self, world: &World, port: u16) -> Result<Process> {
        listening((self.command)(port), world, port).await
    }

    /// Plants each cookie after a sign-in, with the gateway and without it.
    async fn run(&self, browser: &Browser<'_>) -> Result<Verdict> {
        let world = browser.world;
        let _nginx = Nginx::start(world).await?;
        let sibling = sibling(browser, self.path).await?;
        let application = self.start(world, 8000).await?;
        let mut gateway = Command::new(world.target.join("debug/examples/reverse_proxy"));
        gateway.args(["127.0.0.1:4000", "127.0.0.1:8000", &format!("https://{SITE}")]);
        let gateway = listening(gateway, world, 4000).await?;
        for (line, session) in sessions(browser, &sibling).await? {
            ensure!(session == "genuine", "{line}: the session is {session}");
        }
        drop((gateway, application));

        let _application = self.start(world, 4000).await?;
        let control = sessions(browser, &sibling).await?;
        let planted = control.iter().filter(|(_, session)| session == "planted");
        let takes: Vec<&str> = planted.map(|(line, _)| *line).collect();
        ensure!(takes == self.takes, "the control: {control:?}");
        Ok(Verdict::Kept)
    }
}

/// Starts a program, and waits until it listens.
async fn listening(mut command: Command, world: &World, port: u16) -> Result<Process> {
    let process = Process::start(&mut command, &world.new_directory()?.join("log"))?;
    let answers = async || Ok(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    until("the program listens", answers).await.with_context(|| process.log())?;
    Ok(process)
}

/// Serves a site that sets each planted cookie, and deletes it.
async fn sibling(browser: &Browser<'_>, path: &'static str) -> Result<Site> {
    let set = async move |Path((index, age)): Path<(usize, u32)>| {
        let line = PLANTED.get(index).copied().unwrap_or_default();
        let line = format!("{line}; Domain={SITE}; Path={path}; Max-Age={age}");
        ([(header::SET_COOKIE, line)], "").into_response()
    };
    Site::https(browser, SIBLING, Router::new().route("/{index}/{age}", get(set))).await
}

/// Signs in, and returns the session that the application reads next to each planted cookie.
async fn sessions(browser: &Browser<'_>, sibling: &Site) -> Result<Vec<(&'static str, String)>> {
    browser.open(&format!("https://{SITE}/sign-in")).await?;
    ensure!(session(browser).await? == "genuine", "the session makes no round trip");
    let mut found = Vec::new();
    for (index, line) in PLANTED.into_iter().enumerate() {
        browser.open(&sibling.url(&format!("/{index}/600"))).await?;
        found.push((line, session(browser).await.context(line)?));
        browser.open(&sibling.url(&format!("/{index}/0"))).await?;
    }
    Ok(found)
}

async fn session(browser: &Browser<'_>) -> Result<String> {
    browser.open(&format!("https://{SITE}{ACCOUNT}")).await?;
    let found =
        browser.value("JSON.parse(document.body.textContent).pleroma_key ?? 'none'").await?;
    Ok(found.as_str().map_or_else(|| Value::to_string(&found), str::to_owned))
}
