//! Tests what tools of others wrote under `recommended`, `owasp` and `strict`: `tests/browsers/software` makes it.
//!
//! Each part that a preset stops is a violation. A row names the directives, and tries the remedy.

use std::process::Command;

use anyhow::{Context, Result};
use tokio::net::TcpStream;

use crate::{
    browser::{Browser, until},
    process::Process,
    rows::{
        Verdict,
        remedies::{Remedy, Software},
    },
};

const LOADED: &str = "document.querySelector('#loaded')?.textContent.includes('loaded')";

const SCRIPTS: &[&str] = &["script-src-elem"];
const SCRIPTS_AND_STYLES: &[&str] = &["script-src-elem", "style-src-attr"];

const STYLES: Remedy = ("style-src", "'unsafe-inline'");
const DATA: Remedy = ("img-src", "data:");

/// A site whose pages have inline scripts and `style` attributes.
const GENERATED: Software = Software {
    directory: None,
    page: "/index.html",
    works: "false",
    stopped: [SCRIPTS, SCRIPTS_AND_STYLES, SCRIPTS_AND_STYLES],
    remedies: [&[], &[STYLES], &[STYLES]],
};
const OF_GENERATED: Verdict = Verdict::Differs(
    "inline scripts are stopped, and under `owasp` and `strict` `style` attributes; hashes, and `style-src 'unsafe-inline'`, let them work",
);

pub(crate) async fn rustdoc(browser: &Browser<'_>) -> Result<Verdict> {
    let software = Software {
        directory: Some("rustdoc"),
        page: "/library/index.html",
        works: "document.documentElement.dataset.theme",
        stopped: [SCRIPTS, &["img-src", "script-src-elem"], SCRIPTS],
        remedies: [&[], &[DATA], &[]],
    };
    software.run(browser).await?;
    Ok(Verdict::Differs(
        "inline scripts are stopped, and under `owasp` `data:` pictures; hashes, and `img-src data:`, let them work",
    ))
}

pub(crate) async fn mdbook(browser: &Browser<'_>) -> Result<Verdict> {
    let works = "document.documentElement.classList.contains('js')";
    Software { directory: Some("mdbook"), works, ..GENERATED }.run(browser).await?;
    Ok(OF_GENERATED)
}

pub(crate) async fn sphinx(browser: &Browser<'_>) -> Result<Verdict> {
    let works = "getComputedStyle(document.querySelector('#searchbox')).display === 'block'";
    Software { directory: Some("sphinx"), works, ..GENERATED }.run(browser).await?;
    Ok(OF_GENERATED)
}

pub(crate) async fn mkdocs(browser: &Browser<'_>) -> Result<Verdict> {
    const STOPPED: &[&str] = &["script-src-elem", "style-src-elem"];
    const SHEETS: Remedy = ("style-src", "https://fonts.googleapis.com");
    const FONTS: Remedy = ("font-src", "https://fonts.gstatic.com");
    let software = Software {
        directory: Some("mkdocs"),
        works: "typeof __md_get === 'function'",
        stopped: [STOPPED; 3],
        remedies: [&[SHEETS, FONTS], &[STYLES, SHEETS, FONTS, DATA], &[STYLES, SHEETS, FONTS]],
        ..GENERATED
    };
    software.run(browser).await?;
    Ok(Verdict::Differs(
        "inline scripts, Google's fonts and, under `owasp` and `strict`, inline styles are stopped; hashes, the two hosts and `style-src 'unsafe-inline'` let it work",
    ))
}

pub(crate) async fn swagger(browser: &Browser<'_>) -> Result<Verdict> {
    const MORE: &[&str] = &["connect-src", "img-src", "style-src-elem"];
    const SAMPLE: Remedy = ("connect-src", "https://petstore.swagger.io");
    const BADGE: Remedy = ("img-src", "data: https://validator.swagger.io");
    let software = Software {
        directory: Some("swagger"),
        works: "document.querySelector('.swagger-ui')",
        stopped: [&["connect-src"], MORE, MORE],
        remedies: [&[SAMPLE], &[SAMPLE, BADGE, STYLES], &[SAMPLE, BADGE, STYLES]],
        ..GENERATED
    };
    software.run(browser).await?;
    Ok(Verdict::Differs(
        "its sample API elsewhere is stopped, and under `owasp` and `strict` inline styles and the badge of another host; their hosts and `style-src 'unsafe-inline'` let it work",
    ))
}

pub(crate) async fn vite(browser: &Browser<'_>) -> Result<Verdict> {
    let software = Software {
        directory: Some("vite"),
        page: "/",
        works: LOADED,
        stopped: [&[], &["img-src"], &[]],
        remedies: [&[], &[DATA], &[]],
    };
    software.run(browser).await?;
    Ok(Verdict::Differs(
        "works under `recommended` and `strict`; under `owasp` its pictures, which Vite turns into `data:` URLs, need `img-src data:`",
    ))
}

pub(crate) async fn htmx(browser: &Browser<'_>) -> Result<Verdict> {
    const EVAL: Remedy = ("script-src", "'unsafe-eval'");
    const MORE: &[&str] = &["script-src", "style-src-elem"];
    let software = Software {
        directory: Some("htmx"),
        page: "/",
        works: LOADED,
        stopped: [&["script-src"], MORE, MORE],
        remedies: [&[EVAL], &[EVAL, STYLES], &[EVAL, STYLES]],
    };
    software.run(browser).await?;
    Ok(Verdict::Differs(
        "`hx-on` is stopped, and under `owasp` and `strict` its own style; `'unsafe-eval'` and `style-src 'unsafe-inline'` let it work",
    ))
}

pub(crate) async fn datasette(browser: &Browser<'_>) -> Result<Verdict> {
    let software = browser.world.target.join("browsers/software");
    let mut command = Command::new(software.join("tools/bin/datasette"));
    command.args(["serve", "--port", "8001"]).arg(software.join("library.db"));
    let process = Process::start(&mut command, &browser.world.new_directory()?.join("log"))?;
    let answers = async || Ok(TcpStream::connect(("127.0.0.1", 8001)).await.is_ok());
    until("Datasette listens", answers).await.with_context(|| process.log())?;
    const MORE: &[&str] = &["script-src-elem", "style-src-attr", "style-src-elem"];
    let software = Software {
        page: "/library/books",
        works: "document.querySelector('.dropdown-menu-icon')",
        stopped: [SCRIPTS, MORE, MORE],
        ..GENERATED
    };
    software.run(browser).await?;
    Ok(OF_GENERATED)
}
