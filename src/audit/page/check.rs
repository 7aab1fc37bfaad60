//! Checks a page: what would a policy block?

use http::HeaderMap;

use super::{blocked::Blocked, collector::Collector, lines::Lines, page_use::Use, reader, remedy};
use crate::{
    error::{ParseError, shown},
    policy::csp::{EvaluatedPolicy, Evaluator, ReceivedPolicy},
    request::{Origin, WebUrl},
};

/// The host of a page that has no address.
const NOWHERE: &str = "page.invalid";

/// Holds a page of HTML, and the policies that a browser would hold it to.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, audit::Page};
///
/// let html = "<link rel=icon href=/i.png>\n<script src=https://cdn.example/a.js></script>";
/// let policy = ContentSecurityPolicy::from_static("default-src 'self'");
/// let audit = Page::new(html).at("https://own.example/docs/")?.enforcing(&policy).audit();
/// let [blocked] = audit.blocked() else { panic!("{audit}") };
/// assert_eq!((blocked.line(), blocked.column(), blocked.kind()), (2, Some(1), "script"));
/// assert_eq!(blocked.directive(), "default-src");
/// assert_eq!(blocked.remedy(), "add https://cdn.example to script-src");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Page {
    html: Vec<u8>,
    origin: Origin,
    url: WebUrl,
    enforced: Vec<EvaluatedPolicy>,
    style_sheets: Vec<(WebUrl, String)>,
}

/// Holds the answer to which parts of a page its policies block.
///
/// `Display` writes one line for each blocked part.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, audit};
///
/// let policy = ContentSecurityPolicy::from_static("script-src 'self'; style-src 'self'");
/// let page = audit::page("<script src=/a.js></script><p style='color: red'>", &policy);
/// assert!(!page.works());
/// assert_eq!(page.blocked()[0].kind(), "style-attribute");
/// assert_eq!(page.unseen(), ["1 script runs; what it loads is not part of this check"]);
/// ```
#[derive(Clone, Debug)]
pub struct PageAudit {
    blocked: Vec<Blocked>,
    unseen: Vec<String>,
}

/// Checks a page against one policy. The page has an address of its own, `https://page.invalid/`;
/// [`Page`] takes the real one.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, audit};
///
/// let policy = ContentSecurityPolicy::from_static("default-src 'self'");
/// assert!(audit::page("<img src=/logo.png>", &policy).works());
/// ```
pub fn page(html: impl AsRef<[u8]>, policy: impl Into<EvaluatedPolicy>) -> PageAudit {
    Page::new(html).enforcing(policy).audit()
}

impl Page {
    /// Reads a page. Bytes that are not UTF-8 are replaced.
    pub fn new(html: impl AsRef<[u8]>) -> Self {
        let origin = Origin::new("https", NOWHERE, None).expect("the constant is a host");
        let (html, url) = (html.as_ref().to_owned(), WebUrl::from(&origin));
        Self { html, origin, url, enforced: Vec::new(), style_sheets: Vec::new() }
    }

    /// Sets the address of the page, to which its URLs are relative.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not an http or https URL.
    pub fn at(mut self, url: &str) -> Result<Self, ParseError> {
        let error = || {
            let problem = format!(
                "'{}' is not the URL of a page; write one like 'https://example.tld/docs/'",
                shown(url)
            );
            ParseError::new("page", 0, problem)
        };
        self.url = WebUrl::parse(url).ok_or_else(error)?;
        let host = self.url.host().ok_or_else(error)?;
        self.origin = Origin::new(self.url.scheme(), host, self.url.port())?;
        Ok(self)
    }

    /// Adds a policy that the browser enforces.
    pub fn enforcing(mut self, policy: impl Into<EvaluatedPolicy>) -> Self {
        self.enforced.push(policy.into());
        self
    }

    /// Adds the policies of the response's `Content-Security-Policy` lines.
    pub fn enforcing_headers(mut self, headers: &HeaderMap) -> Self {
        let lines = headers.get_all(http::header::CONTENT_SECURITY_POLICY).iter();
        let policies = lines.flat_map(|line| ReceivedPolicy::parse_list(line.as_bytes()));
        self.enforced.extend(policies.map(EvaluatedPolicy::from));
        self
    }

    /// Adds the text of a style sheet that the page loads, so that its `url()` and `@import` are
    /// checked too.
    ///
    /// # Errors
    ///
    /// Returns an error for a text that is not a URL.
    pub fn with_style_sheet(mut self, url: &str, css: &str) -> Result<Self, ParseError> {
        let sheet = self.url.join(url).ok_or_else(|| {
            let problem = format!("'{}' is not a URL; write one like '/style.css'", shown(url));
            ParseError::new("style sheet", 0, problem)
        })?;
        self.style_sheets.push((sheet, css.to_owned()));
        Ok(self)
    }

    /// Checks everything that the page contains.
    pub fn audit(&self) -> PageAudit {
        let lines = Lines::new(&self.html);
        let (uses, scripts) = self.uses(&lines);
        let blocked = uses.iter().filter(|one| !one.evaluation.is_allowed());
        let blocked = blocked.map(|one| {
            let (line, column) = lines.position(one.at);
            remedy::blocked(one, line, column, &self.url)
        });
        let unseen = match scripts {
            0 => Vec::new(),
            1 => vec!["1 script runs; what it loads is not part of this check".to_owned()],
            count => vec![format!("{count} scripts run; what they load is not part of this check")],
        };
        PageAudit { blocked: blocked.collect(), unseen }
    }

    pub(super) fn url(&self) -> &WebUrl {
        &self.url
    }

    pub(super) fn html(&self) -> &[u8] {
        &self.html
    }

    /// Returns the page without policies, so that everything in it is allowed.
    pub(super) fn without_policies(&self) -> Self {
        Self { enforced: Vec::new(), ..self.clone() }
    }

    /// Returns everything that the page does, with the decision of the policies, and the number of
    /// scripts that run.
    pub(super) fn uses(&self, lines: &Lines) -> (Vec<Use>, usize) {
        let evaluator = Evaluator::new(self.origin.clone());
        let evaluator = self.enforced.iter().cloned().fold(evaluator, Evaluator::enforcing);
        let mut collector = Collector::new(evaluator, self.url.clone());
        reader::read(&mut collector, lines.text());
        for (url, css) in &self.style_sheets {
            collector.style_sheet(css, Some(url));
        }
        (collector.uses, collector.scripts)
    }
}

impl PageAudit {
    /// Returns `true` if the policies block nothing.
    pub fn works(&self) -> bool {
        self.blocked.is_empty()
    }

    /// Returns what the policies block, in the order of the page.
    pub fn blocked(&self) -> &[Blocked] {
        &self.blocked
    }

    /// Returns what the check cannot see, one sentence for each kind.
    pub fn unseen(&self) -> &[String] {
        &self.unseen
    }
}

impl std::fmt::Display for PageAudit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.blocked.is_empty() {
            writeln!(f, "the policies block nothing")?;
        }
        self.blocked.iter().try_for_each(|one| writeln!(f, "{one}"))?;
        self.unseen.iter().try_for_each(|one| writeln!(f, "{one}"))
    }
}
