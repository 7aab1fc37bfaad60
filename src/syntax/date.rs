//! Parses the dates of `Expires` as browsers do (RFC 6265bis section 5.1.1).

/// Returns the seconds since 1970-01-01; `None` if the text is not a date.
pub(crate) fn seconds(text: &[u8]) -> Option<i64> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|byte| is_delimiter(*byte)).filter(|token| !token.is_empty()) {
        if time.is_none() && clock(token).is_some() {
            time = clock(token);
        } else if day.is_none() && number(token, 1, 2).is_some() {
            day = number(token, 1, 2);
        } else if month.is_none() && named(token).is_some() {
            month = named(token);
        } else if year.is_none() && number(token, 2, 4).is_some() {
            year = number(token, 2, 4);
        }
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    let (day, month) = (day?, month?);
    let valid = year >= 1601 && (1..=length(year, month)).contains(&day);
    valid.then_some(days(year, month, day) * 86_400 + time?)
}

/// Returns the date this many days after 1970-01-01, as `YYYY-MM-DD`; `None` before it and after
/// the year 9999.
#[cfg(feature = "settings")]
pub(crate) fn date(count: i64) -> Option<String> {
    let year = (1970..=9999).take_while(|year| days(*year, 1, 1) <= count).last()?;
    let month = (1..=12).take_while(|month| days(year, *month, 1) <= count).last()?;
    let day = count - days(year, month, 1) + 1;
    (day <= length(year, month)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Returns `true` for every ASCII byte that can delimit tokens: not for
/// letters, digits, `:` or non-ASCII bytes.
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// Reads `h:m:s` and returns seconds; text after it is ignored unless it
/// begins with a digit.
fn clock(token: &[u8]) -> Option<i64> {
    let mut parts = token.splitn(3, |byte| *byte == b':');
    let exactly = |part: Option<&[u8]>| {
        part.filter(|part| part.iter().all(u8::is_ascii_digit)).and_then(|part| number(part, 1, 2))
    };
    let (hours, minutes) = (exactly(parts.next())?, exactly(parts.next())?);
    let seconds = number(parts.next()?, 1, 2)?;
    (hours < 24 && minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// Reads a number of `least` to `most` digits at the start of the token.
fn number(token: &[u8], least: usize, most: usize) -> Option<i64> {
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = token.get(..digits).filter(|_| (least..=most).contains(&digits))?;
    Some(digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// Returns the month, from 1, whose abbreviated name the token begins with.
fn named(token: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let start = token.get(..3)?;
    (1..).zip(MONTHS).find(|(_, month)| month.eq_ignore_ascii_case(start)).map(|(number, _)| number)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Returns the days since 1970-01-01, in the proleptic Gregorian calendar.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leaps = before / 4 - before / 100 + before / 400 - 477;
    let months: i64 = (1..month).map(|month| length(year, month)).sum();
    (year - 1970) * 365 + leaps + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_browsers_read_them() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 01-Jan-70 00:00:01 GMT", Some(1)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("Tue, 29 Feb 2000 00:00:00 GMT", Some(951_782_400)),
            ("1 january 2027 0:0:0.5", Some(1_798_761_600)),
            ("29 Feb 2100 00:00:00", None),
            ("never", None),
            ("Thu, 111111111111111111111111111 Jan 1970 00:00:00", None),
            ("1 Jan 1600 00:00:00", None),
            ("1 Jan 2000 24:00:00", None),
            ("1 Jan 2000 1x:00:00", None),
            ("1 Jan 2000 00:1x:00", None),
            ("1 Jan 2000", None),
            ("", None),
        ] {
            assert_eq!(seconds(text.as_bytes()), expected, "{text}");
        }
    }
}
