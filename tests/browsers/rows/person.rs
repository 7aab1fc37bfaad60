//! Tests the example as a person uses it.

use anyhow::{Context, Result, ensure};
use axum::{Router, http::StatusCode, response::Html};
use serde_json::Value;

use crate::{
    accessibility,
    browser::Browser,
    engine::Engine,
    example::Example,
    results::INSTANCE,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

const HOME: &str = "https://example.tld/";
/// Keys, as WebDriver writes them.
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";

const POSTS: &str = "document.querySelectorAll('#timeline li').length";

/// Returns the example, and the site that gets the reports of its policies.
async fn start(browser: &Browser<'_>) -> Result<(Example, Site)> {
    let reports = Site::https(browser, STRANGER, Router::new()).await?;
    let settings = format!(
        "[url]\nhost = \"example.tld\"\n[http_security]\nreport_uri = \"{}\"\n",
        reports.url("/violations")
    );
    let example = Example::start_https(browser.world, &settings).await?;
    browser.open(HOME).await?;
    browser.until("document.querySelector('#live').dataset.state === 'live'").await?;
    Ok((example, reports))
}

async fn assert_clean(browser: &Browser<'_>, reports: &Site) -> Result<()> {
    let errors = browser.errors().await?.unwrap_or_default();
    // An answer with an error status is a line of the console too.
    let errors: Vec<_> = errors.iter().filter(|line| !line.contains("status of 4")).collect();
    ensure!(errors.is_empty(), "errors in the console: {errors:#?}");
    reports.assert_no_violations(browser).await
}

async fn fill(browser: &Browser<'_>, form: &str, name: &str, password: &str) -> Result<()> {
    browser.write(&format!("#{form}-name"), name).await?;
    browser.write(&format!("#{form}-password"), &format!("{password}{ENTER}")).await
}

async fn until_account(browser: &Browser<'_>, name: &str) -> Result<()> {
    browser.until(&format!("document.body.dataset.account === '{name}'")).await?;
    browser.until("document.querySelector('#live').dataset.state === 'live'").await
}

/// Waits for an error at a field, which has the focus.
async fn until_error(browser: &Browser<'_>, field: &str, words: &str) -> Result<()> {
    browser
        .until(&format!(
            "(() => {{
                const field = document.querySelector('#{field}');
                const error = document.getElementById(field.getAttribute('aria-describedby'));
                return field.ariaInvalid === 'true' && document.activeElement === field
                    && error?.textContent.includes('{words}');
            }})()"
        ))
        .await
}

/// Puts a file into the form, as a choice of the person does.
async fn choose(browser: &Browser<'_>, bytes: &str, name: &str, kind: &str) -> Result<()> {
    browser
        .execute(&format!(
            "const chosen = new DataTransfer();
             chosen.items.add(new File([{bytes}], '{name}', {{ type: '{kind}' }}));
             const field = document.querySelector('#file');
             field.files = chosen.files;
             field.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
        .await
        .map(drop)
}

const CLICK_POST: &str = "document.querySelector('#compose > button').click()";

pub(crate) async fn signs_in_and_out(browser: &Browser<'_>) -> Result<Verdict> {
    let (_example, reports) = start(browser).await?;
    browser.until("document.querySelector('#welcome').checkVisibility()").await?;
    browser.until("document.querySelector('#empty').textContent.includes('first post')").await?;
    browser.write("#sign-in > button", ENTER).await?;
    until_error(browser, "sign-in-name", "write the name").await?;
    fill(browser, "sign-in", "alice", "wrong horse").await?;
    until_error(browser, "sign-in-password", "wrong name or password").await?;
    browser.write("#sign-in-password", "x").await?;
    browser.until("!document.querySelector('[aria-invalid]')").await.context("it is cleared")?;

    fill(browser, "register", "alice", "correct horse").await?;
    until_account(browser, "alice").await.context("registered")?;
    browser.write("#sign-out > button", ENTER).await?;
    until_account(browser, "").await.context("signed out")?;
    fill(browser, "register", "ALICE", "correct horse").await?;
    until_error(browser, "register-name", "this name is taken").await?;
    // From field to field, and to the button, by the Tab key.
    browser.write("#sign-in-name", &format!("alice{TAB}")).await?;
    browser.client.active_element().await?.send_keys(&format!("correct horse{TAB}")).await?;
    browser.client.active_element().await?.send_keys(ENTER).await?;
    until_account(browser, "alice").await.context("signed in")?;
    assert_clean(browser, &reports).await?;
    Ok(Verdict::Kept)
}

pub(crate) async fn posts(browser: &Browser<'_>) -> Result<Verdict> {
    let (_example, reports) = start(browser).await?;
    fill(browser, "register", "alice", "correct horse").await?;
    until_account(browser, "alice").await?;
    let other = browser.new_window().await?;
    browser.open(HOME).await?;
    browser.until("document.querySelector('#live').dataset.state === 'live'").await?;
    let first = browser.switch_to(&other).await?;

    browser.execute(CLICK_POST).await?;
    until_error(browser, "status", "write something").await?;
    browser.write("#status", "hello").await?;
    browser.execute(&[CLICK_POST; 3].join(";")).await?;
    browser.until(&format!("{POSTS} === 1")).await?;
    browser.switch_to(&first).await?;
    browser.until(&format!("{POSTS} === 1")).await.context("live in the other window")?;
    browser.switch_to(&other).await?;

    // The server counts an emoji as one, and so does the page.
    browser
        .execute(
            "const field = document.querySelector('#status');
             field.value = ' ' + '\u{1f600}'.repeat(500) + '\\n';
             field.dispatchEvent(new Event('input', { bubbles: true }))",
        )
        .await?;
    browser.until("document.querySelector('#count').textContent === '500 of 500'").await?;
    browser.until_idle("#compose").await?;
    browser.execute(CLICK_POST).await?;
    browser.until(&format!("{POSTS} === 2")).await.context("500 emoji")?;

    choose(browser, "new Uint8Array(17 * 1024 * 1024)", "large.png", "image/png").await?;
    until_error(browser, "file", "at most 16 MiB").await?;
    choose(browser, "", "empty.png", "image/png").await?;
    until_error(browser, "file", "the file is empty").await?;
    let sent = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/media')).length";
    ensure!(browser.value(sent).await? == 0, "a file that is refused is sent");

    let bytes = std::fs::read(format!("{}/files/red.png", env!("CARGO_MANIFEST_DIR")))?;
    choose(browser, &format!("new Uint8Array({bytes:?})"), "red.png", "image/png").await?;
    browser.write("#description", "a red square").await?;
    browser.until_idle("#compose").await?;
    browser.execute(CLICK_POST).await?;
    let picture = "document.querySelector('#timeline img')";
    browser.until(&format!("{picture}?.naturalWidth > 0")).await.context("a picture alone")?;
    ensure!(browser.value(&format!("{picture}.alt")).await? == "a red square", "no description");

    choose(browser, "'words'", "notes.txt", "text/plain").await?;
    browser
        .until("document.querySelector('#chosen').textContent.includes('does not show it')")
        .await?;
    browser.until_idle("#compose").await?;
    browser.execute(CLICK_POST).await?;
    browser.until("document.querySelector('#timeline a')?.textContent === 'notes.txt'").await?;
    browser
        .until("document.querySelector('#carried summary').textContent.includes(': 9 headers')")
        .await?;
    assert_clean(browser, &reports).await?;
    Ok(Verdict::Kept)
}

/// Stops the server, answers in HTML in its place, and starts the server again.
pub(crate) async fn loses_the_server(browser: &Browser<'_>) -> Result<Verdict> {
    const WORDS: &str = "document.querySelector('#message').textContent";
    let (example, _reports) = start(browser).await?;
    drop(example);
    let live = "document.querySelector('#live')";
    browser.until(&format!("{live}.textContent.trim() === 'reconnecting'")).await?;
    fill(browser, "sign-in", "alice", "correct horse").await?;
    browser.until(&format!("{WORDS}.includes('cannot be reached')")).await?;

    let gateway = async || (StatusCode::BAD_GATEWAY, Html("<html><h1>502 Bad Gateway</h1></html>"));
    let front = Site::https_at(browser, SITE, 443, Router::new().fallback(gateway)).await?;
    browser.until("!document.querySelector('#sign-in [aria-busy]')").await?;
    browser.execute("document.querySelector('#sign-in > button').click()").await?;
    browser.until(&format!("{WORDS}.includes('the server is down')")).await?;
    ensure!(browser.value(&format!("{WORDS}.includes('<')")).await? == false, "HTML is shown");
    drop(front);

    let _again = Example::start_https(browser.world, "").await?;
    browser.until(&format!("{live}.dataset.state === 'live'")).await.context("live again")?;
    browser.until(&format!("{WORDS} === ''")).await.context("the words are taken back")?;
    Ok(Verdict::Kept)
}

/// Checks the page in light and dark, on a phone and a desk, and at 200 %, with axe-core.
pub(crate) async fn looks(browser: &Browser<'_>) -> Result<Verdict> {
    if browser.engine == Engine::Chromium {
        picture(browser).await.context("the picture for the README")?;
    }
    let (_example, reports) = start(browser).await?;
    let name = "W".repeat(30);
    check_looks(browser, "signed-out").await?;
    fill(browser, "register", &name, "correct horse").await?;
    until_account(browser, &name).await?;
    for (index, text) in TEXTS.iter().enumerate() {
        browser.write("#status", text).await?;
        if index == 0 {
            let picture = std::fs::read(crate::accessibility::PICTURE)?;
            choose(browser, &format!("new Uint8Array({picture:?})"), "shield.svg", "image/svg+xml")
                .await?;
        }
        browser.until_idle("#compose").await?;
        browser.execute(CLICK_POST).await?;
        browser.until(&format!("{POSTS} === {}", index + 1)).await?;
    }
    browser.execute("document.querySelector('#carried').open = true").await?;
    check_looks(browser, "signed-in").await?;
    assert_clean(browser, &reports).await?;
    Ok(match browser.engine {
        Engine::Chromium => Verdict::Kept,
        Engine::Firefox => Verdict::Differs("yes, at its least window width instead of 390 px"),
        Engine::Webkit => {
            Verdict::Differs("yes, in light alone, at its least window width instead of 390 px")
        }
    })
}

/// Takes the picture that the README shows, of a page as a person sees it.
async fn picture(browser: &Browser<'_>) -> Result<()> {
    let _example = Example::start_https(browser.world, "[url]\nhost = \"example.tld\"\n").await?;
    browser.open(HOME).await?;
    fill(browser, "register", "alice", "correct horse").await?;
    until_account(browser, "alice").await?;
    for (index, text) in
        [TEXTS[0], "Hello from a page under the guide's policy."].iter().enumerate()
    {
        browser.write("#status", text).await?;
        if index == 0 {
            let svg = std::fs::read(accessibility::PICTURE)?;
            choose(browser, &format!("new Uint8Array({svg:?})"), "shield.svg", "image/svg+xml")
                .await?;
        }
        browser.until_idle("#compose").await?;
        browser.execute(CLICK_POST).await?;
        browser.until(&format!("{POSTS} === {}", index + 1)).await?;
    }
    browser.execute("document.activeElement.blur()").await?;
    browser.until("document.querySelector('#timeline img').naturalWidth > 0").await?;
    browser.resize(1024).await?;
    let directory = browser.world.target.join("browsers/pictures");
    std::fs::create_dir_all(&directory)?;
    Ok(std::fs::write(directory.join(INSTANCE), browser.client.screenshot().await?)?)
}

const TEXTS: [&str; 3] = [
    "The shield of this instance, as it was uploaded.",
    "\u{645}\u{631}\u{62d}\u{628}\u{627} \u{628}\u{643}\u{645}",
    "A word that does not end: Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
];

async fn check_looks(browser: &Browser<'_>, state: &str) -> Result<()> {
    for dark in [false, true] {
        if dark && browser.engine == Engine::Webkit {
            continue;
        }
        browser.prefer_dark(dark).await?;
        // 512 is what a window of 1024 px shows at 200 %.
        for width in if dark { &[1024, 390][..] } else { &[1024, 512, 390] } {
            let width = *width;
            browser.resize(width).await?;
            let name = format!("{state}-{width}-{}", if dark { "dark" } else { "light" });
            let problems = browser.awaited(PROBLEMS).await?;
            ensure!(problems == Value::Array(vec![]), "{name}: {problems:#}");
            accessibility::check(browser).await.with_context(|| name.clone())?;
            browser.keep_picture(&name).await?;
        }
    }
    browser.prefer_dark(false).await?;
    browser.resize(1024).await
}

/// A script that returns the elements that are too wide, too small to hit, or on too many lines.
const PROBLEMS: &str = "{
    const problems = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
        problems.push(`the page is ${document.documentElement.scrollWidth} of ${width} px wide`);
    }
    for (const one of document.querySelectorAll('button, input, textarea, summary, #timeline a')) {
        const { height } = one.getBoundingClientRect();
        if (one.checkVisibility() && height < 44) problems.push(`${one.outerHTML}: ${height} px`);
    }
    const heading = document.querySelector('h1').getBoundingClientRect().height;
    if (heading > 48) problems.push(`the heading is ${heading} px high`);
    for (const one of document.querySelectorAll('#timeline :is(img, video)')) {
        const { height } = one.getBoundingClientRect();
        if (height > innerHeight * 0.7 + 1) problems.push(`a picture is ${height} px high`);
    }
    return problems;
}";
