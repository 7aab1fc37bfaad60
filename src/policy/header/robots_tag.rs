//! Sets `X-Robots-Tag`, which tells search engines what they may show.

use std::{borrow::Cow, collections::BTreeSet, str::FromStr};

use super::policy::header_policy;
use crate::{
    error::{ParseError, did_you_mean},
    lint::{Lint, Severity},
    syntax::scan::trim,
};

const NAME: &str = "x-robots-tag";

/// Tells search engines what they may show of a response, with `X-Robots-Tag`
/// ([Google](https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag)).
///
/// Search engines read the header, browsers do not, and nothing enforces it: a page that others must
/// not see needs a sign-in. Unlike `robots.txt` it works for a page that other sites link to.
///
/// ```
/// use tower_hardening::header::RobotsTag;
///
/// assert_eq!(RobotsTag::NOINDEX.to_string(), "noindex");
/// let policy: RobotsTag = "googlebot: noarchive, max-snippet:20".parse()?;
/// assert_eq!(policy.to_string(), "googlebot: noarchive, max-snippet:20");
/// assert!("no-index".parse::<RobotsTag>().is_err());
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RobotsTag(Cow<'static, str>);

const RULES: [&str; 13] = [
    "all",
    "noindex",
    "nofollow",
    "none",
    "noarchive",
    "nocache",
    "nosnippet",
    "noimageindex",
    "notranslate",
    "noai",
    "noimageai",
    "nositelinkssearchbox",
    "indexifembedded",
];

/// The rules that take a value.
const VALUED: [&str; 4] =
    ["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"];

impl RobotsTag {
    /// The response is not in the results of a search.
    pub const NOINDEX: Self = Self(Cow::Borrowed("noindex"));

    /// The links of the page are not followed.
    pub const NOFOLLOW: Self = Self(Cow::Borrowed("nofollow"));

    /// Both of these.
    pub const NONE: Self = Self(Cow::Borrowed("none"));

    /// The results of a search have no copy of the page.
    pub const NOARCHIVE: Self = Self(Cow::Borrowed("noarchive"));

    /// The results of a search have no text of the page.
    pub const NOSNIPPET: Self = Self(Cow::Borrowed("nosnippet"));

    fn text(&self) -> Cow<'static, str> {
        self.0.clone()
    }

    /// Reports rules for the same crawler: the stricter rule counts.
    fn lints(&self) -> Vec<Lint> {
        let mut rules: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut crawler = "";
        for rule in self.0.split(", ") {
            let (first, rest) = rule.split_once(": ").unwrap_or(("", rule));
            let is_named = !first.is_empty() && !VALUED.contains(&first);
            crawler = if is_named { first } else { crawler };
            let rule = if is_named { rest } else { rule };
            rules.insert((crawler, rule.split(':').next().unwrap_or_default()));
        }
        let mut lints = Vec::new();
        for (stricter, others) in OVERRULED {
            for other in others {
                let is_both = |crawler: &str| {
                    rules.contains(&(crawler, stricter)) && rules.contains(&(crawler, other))
                };
                if rules.iter().any(|(crawler, _)| is_both(crawler)) {
                    let problem = format!(
                        "{NAME}: '{other}' has no effect next to '{stricter}', which is stricter; remove one of the two"
                    );
                    lints.push(Lint::new(Severity::Warning, "robots-contradiction", problem));
                }
            }
        }
        lints
    }
}

/// Rules, and those that have no effect next to them.
const OVERRULED: [(&str, &[&str]); 4] = [
    ("none", &["all", "noindex", "nofollow"]),
    ("noindex", &["all"]),
    ("nofollow", &["all"]),
    ("nosnippet", &["max-snippet"]),
];

/// The default behaviour of crawlers, which many authors write as a rule.
const DEFAULTS: [&str; 4] = ["archive", "follow", "index", "snippet"];

header_policy!(RobotsTag, "x-robots-tag", existing: IfNotPresent, lines: Joined, browsers: "search engines", lints: lints);

impl FromStr for RobotsTag {
    type Err = ParseError;

    /// Parses rules with commas between them, in any letter case. A rule may have the name of a
    /// crawler in front of it, which applies to the rules behind it too.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut rules = Vec::new();
        let mut seen = BTreeSet::new();
        let mut crawler = String::new();
        let mut offset = 0;
        for part in text.split(',') {
            let at = offset + part.len() - part.trim_start_matches([' ', '\t']).len();
            let rule = read(trim(part)).map_err(|problem| ParseError::new(NAME, at, problem))?;
            if let Some(named) = rule.crawler {
                crawler = named;
                rules.push(format!("{crawler}: {}", rule.text));
            } else {
                rules.push(rule.text.clone());
            }
            let name = rule.text.split(':').next().unwrap_or_default().to_owned();
            if !seen.insert((crawler.clone(), name)) {
                let problem = format!("duplicate rule '{}'; write one", rule.text);
                return Err(ParseError::new(NAME, at, problem));
            }
            offset += part.len() + 1;
        }
        Ok(Self(Cow::Owned(rules.join(", "))))
    }
}

/// Holds a rule in its usual spelling, and the crawler that is named in front of it.
struct Rule {
    crawler: Option<String>,
    text: String,
}

fn read(rule: &str) -> Result<Rule, String> {
    let Some((crawler, rest)) = rule.split_once(':') else {
        return Ok(Rule { crawler: None, text: plain(rule)? });
    };
    let crawler = trim(crawler).to_ascii_lowercase();
    if VALUED.contains(&crawler.as_str()) {
        return Ok(Rule { crawler: None, text: valued(&crawler, trim(rest))? });
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if crawler.is_empty() || !crawler.chars().all(is_part) {
        let found = crawler.escape_debug();
        return Err(format!("'{found}' is not the name of a crawler; write one like googlebot"));
    }
    let text = match rest.split_once(':') {
        None => plain(trim(rest))?,
        Some((name, value)) => valued(&trim(name).to_ascii_lowercase(), trim(value))?,
    };
    Ok(Rule { crawler: Some(crawler), text })
}

fn plain(rule: &str) -> Result<String, String> {
    let lower = rule.to_ascii_lowercase();
    if RULES.contains(&lower.as_str()) {
        return Ok(lower);
    }
    if VALUED.contains(&lower.as_str()) {
        return valued(&lower, "");
    }
    if DEFAULTS.contains(&lower.as_str()) {
        return Err(format!("'{lower}' is the default and not a rule; leave it out"));
    }
    let known = [&RULES[..], &VALUED].concat();
    let remedy = did_you_mean(rule, &known, "write one like noindex");
    Err(format!("'{}' is not a rule{remedy}", rule.escape_debug()))
}

fn valued(name: &str, value: &str) -> Result<String, String> {
    let is_number = || value == "-1" || value.parse::<u32>().is_ok_and(|_| !value.starts_with('+'));
    let (is_valid, example) = match name {
        "max-snippet" => (is_number(), "max-snippet:20"),
        "max-video-preview" => (is_number(), "max-video-preview:-1"),
        "max-image-preview" => {
            (["none", "standard", "large"].contains(&value), "max-image-preview:standard")
        }
        "unavailable_after" => (is_date(value), "unavailable_after: 2027-01-31"),
        _ => {
            let remedy = did_you_mean(name, &VALUED, "write one like max-snippet:20");
            return Err(format!("'{}' is not a rule with a value{remedy}", name.escape_debug()));
        }
    };
    if !is_valid {
        let found = value.escape_debug();
        return Err(format!("'{found}' is not a value of {name}; write {example}"));
    }
    let space = if name == "unavailable_after" { " " } else { "" };
    Ok(format!("{name}:{space}{value}"))
}

/// Returns `true` for a date without a comma, such as `2027-01-31` or `25 Jun 2027 15:00:00 GMT`.
fn is_date(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | ':' | '+' | '.');
    let is_number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let day = value.split([' ', 'T']).next().unwrap_or_default();
    let mut parts = if day.contains('-') { value.split('-') } else { value.split(' ') };
    let three = [(); 3].map(|()| parts.next().unwrap_or_default());
    let is_month = |text: &str| MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month));
    let last = three[2].split([' ', 'T']).next().unwrap_or_default();
    let is_iso =
        || is_number(three[0], 4..=4) && is_number(three[1], 2..=2) && is_number(last, 2..=2);
    let is_spelt = || is_number(three[0], 1..=2) && is_month(three[1]) && is_number(last, 2..=4);
    value.chars().all(is_part) && (is_iso() || is_spelt())
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
