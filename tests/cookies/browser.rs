//! Models how a browser processes `Set-Cookie` lines (RFC 6265bis section 5).
//!
//! The tests compare the layer with this model, and the model with web-platform-tests. The fuzz
//! targets use the model too.

/// Holds a cookie as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    /// `None` for a host-only cookie.
    pub(crate) domain: Option<Vec<u8>>,
    /// `None` if the request's own path decides.
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) partitioned: bool,
    pub(crate) same_site: SameSite,
    pub(crate) expiry: Expiry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SameSite {
    Strict,
    Lax,
    None,
    Default,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    Session,
    /// The attributes that delete a cookie.
    Past,
    /// Seconds from now, or since 1970.
    MaxAge(u64),
    At(i64),
}

/// Returns the cookie that a response from `host` stores, unless the line is ignored.
pub(crate) fn store(line: &[u8], https: bool, host: &str) -> Option<Cookie> {
    let cookie = parse(line, host)?;
    let secured = https || !cookie.secure;
    let sent_anywhere = cookie.same_site != SameSite::None || cookie.secure;
    let partition = !cookie.partitioned || cookie.secure;
    (secured && sent_anywhere && partition && keeps_its_prefix(&cookie)).then_some(cookie)
}

/// Returns the name and the value of a line, whose attributes may still be rejected.
pub(crate) fn name_and_value(line: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    if line.iter().any(|byte| matches!(byte, 0..=8 | 0x0A..=0x1F | 0x7F)) {
        return None;
    }
    let pair = line.split(|byte| *byte == b';').next()?;
    let (name, value) = split(pair).unwrap_or((b"", pair));
    let (name, value) = (trim(name), trim(value));
    let fits = !(name.is_empty() && value.is_empty()) && name.len() + value.len() <= 4096;
    fits.then(|| (name.to_vec(), value.to_vec()))
}

fn parse(line: &[u8], host: &str) -> Option<Cookie> {
    let (name, value) = name_and_value(line)?;
    let mut cookie = Cookie {
        name,
        value,
        domain: None,
        path: None,
        secure: false,
        http_only: false,
        partitioned: false,
        same_site: SameSite::Default,
        expiry: Expiry::Session,
    };
    let (mut max_age, mut expires) = (None, None);
    for attribute in line.split(|byte| *byte == b';').skip(1) {
        let (name, value) = split(attribute).unwrap_or((attribute, b""));
        let (name, value) = (trim(name).to_ascii_lowercase(), trim(value));
        if value.len() > 1024 {
            continue;
        }
        match name.as_slice() {
            b"secure" => cookie.secure = true,
            b"httponly" => cookie.http_only = true,
            b"partitioned" => cookie.partitioned = true,
            b"samesite" => {
                cookie.same_site = match value.to_ascii_lowercase().as_slice() {
                    b"strict" => SameSite::Strict,
                    b"lax" => SameSite::Lax,
                    b"none" => SameSite::None,
                    _ => SameSite::Default,
                }
            }
            b"max-age" => max_age = seconds(value).or(max_age),
            b"expires" => expires = date(value).or(expires),
            b"domain" if !value.is_empty() => {
                let value = value.strip_prefix(b".").unwrap_or(value);
                cookie.domain = Some(value.to_ascii_lowercase());
            }
            b"path" => cookie.path = Some(value.to_vec()).filter(|path| path.starts_with(b"/")),
            _ => {}
        }
    }
    cookie.expiry = match (max_age, expires) {
        (Some(age), _) => age,
        (None, Some(date)) => date,
        (None, None) => Expiry::Session,
    };
    let covers = |domain: &Vec<u8>| {
        let rest = host.as_bytes().strip_suffix(domain.as_slice());
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    };
    cookie.domain.as_ref().is_none_or(covers).then_some(cookie)
}

fn keeps_its_prefix(cookie: &Cookie) -> bool {
    let has = |text: &[u8], prefix: &str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    if cookie.name.is_empty() {
        return !["__Secure-", "__Host-", "__Http-"].iter().any(|x| has(&cookie.value, x));
    }
    let host = cookie.domain.is_none() && cookie.path.as_deref() == Some(b"/");
    let http = has(&cookie.name, "__Host-Http-") || has(&cookie.name, "__Http-");
    let secure = http || has(&cookie.name, "__Host-") || has(&cookie.name, "__Secure-");
    (!has(&cookie.name, "__Host-") || host)
        && (!http || cookie.http_only)
        && (!secure || cookie.secure)
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = bytes.iter().position(|byte| *byte == b'=')?;
    Some((&bytes[..equals], &bytes[equals + 1..]))
}

/// Strips spaces and tabs, as a browser does.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

fn seconds(value: &[u8]) -> Option<Expiry> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX);
    let past = digits != value || number == 0;
    Some(if past { Expiry::Past } else { Expiry::MaxAge(number.min(34_560_000)) })
}

/// Parses a `cookie-date` (RFC 6265bis section 5.1.1).
fn date(value: &[u8]) -> Option<Expiry> {
    let separates =
        |byte: &u8| matches!(byte, 9 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E);
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in value.split(separates).filter(|token| !token.is_empty()) {
        let number = |longest: usize| {
            let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let text = std::str::from_utf8(&token[..digits]).ok()?;
            Some((digits, text.parse::<i64>().ok()?)).filter(|(digits, _)| *digits <= longest)
        };
        let months = "janfebmaraprmayjunjulaugsepoctnovdec";
        let name = token.get(..3).map(<[u8]>::to_ascii_lowercase);
        let name = name.and_then(|name| String::from_utf8(name).ok());
        let named = name.and_then(|name| months.find(&name)).filter(|at| at % 3 == 0);
        if let (None, Some(found)) = (time, clock(token)) {
            time = Some(found);
        } else if let (None, Some((_, found))) = (day, number(2)) {
            day = Some(found);
        } else if let (None, Some(at)) = (month, named) {
            month = Some(at as i64 / 3 + 1);
        } else if let (None, Some((2.., found))) = (year, number(4)) {
            year = Some(match found {
                70..=99 => found + 1900,
                0..=69 => found + 2000,
                found => found,
            });
        }
    }
    let (time, day, month, year) = (time?, day?, month?, year?);
    if !(1..=31).contains(&day) || year < 1601 || time == i64::MAX {
        return None;
    }
    // Computes days from the civil date, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719_469;
    let at = days * 86_400 + time;
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().ok()?.as_secs();
    Some(if at <= now as i64 { Expiry::Past } else { Expiry::At(at) })
}

/// Returns the seconds of the day, from `hours:minutes:seconds`.
fn clock(token: &[u8]) -> Option<i64> {
    let mut parts = token.splitn(3, |byte| *byte == b':').map(|part| {
        let digits = part.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&part[..digits]).ok()?.parse::<i64>().ok()?;
        Some((digits, part.len(), number)).filter(|_| (1..=2).contains(&digits))
    });
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    if hours.0 != hours.1 || minutes.0 != minutes.1 {
        return None;
    }
    let possible = hours.2 < 24 && minutes.2 < 60 && seconds.2 < 60;
    Some(if possible { hours.2 * 3600 + minutes.2 * 60 + seconds.2 } else { i64::MAX })
}

/// Represents the cookies that a browser stores for one host over https.
#[derive(Debug, Default)]
pub(crate) struct Jar(Vec<Cookie>);

impl Jar {
    /// Processes a response's line, and returns `true` if the cookie was stored.
    pub(crate) fn receive(&mut self, line: &[u8]) -> bool {
        let Some(cookie) = store(line, true, "a.example") else { return false };
        let key = |cookie: &Cookie| {
            (cookie.name.clone(), cookie.domain.clone(), cookie.path.clone(), cookie.partitioned)
        };
        self.0.retain(|old| key(old) != key(&cookie));
        if cookie.expiry != Expiry::Past {
            self.0.push(cookie);
        }
        true
    }

    /// Returns the `Cookie` line of the next request; empty if there is no cookie.
    pub(crate) fn line(&self) -> Vec<u8> {
        let pairs = self.0.iter().map(|cookie| {
            let separator: &[u8] = if cookie.name.is_empty() { b"" } else { b"=" };
            [&cookie.name, separator, &cookie.value].concat()
        });
        pairs.collect::<Vec<_>>().join(&b"; "[..])
    }
}
