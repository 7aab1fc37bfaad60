//! Lists spellings with which a planted cookie may be read as the guarded `sid`.

/// The text before the planted value and after it, without the spellings of white space.
const SPELLINGS: [(&str, &str); 80] = [
    // The plain name, and both names in other letter cases.
    ("sid=", ""),
    ("SID=", ""),
    ("Sid=", ""),
    ("__host-sid=", ""),
    ("__HOST-sid=", ""),
    ("__HoSt-sid=", ""),
    ("__Host-SID=", ""),
    ("__hOST-sId=", ""),
    // Spaces and tabs around the plain name.
    (" sid =", ""),
    ("\tsid\t=", ""),
    ("sid\t= \t", "\t"),
    ("__HOST-sid =", ""),
    // Percent-encoding, in up to three layers.
    ("%73id=", ""),
    ("si%64=", ""),
    ("s%69d=", ""),
    ("%73%69%64=", ""),
    ("%53ID=", ""),
    ("%5F_Host-sid=", ""),
    ("%5f%5fHost-sid=", ""),
    ("__%48ost-sid=", ""),
    ("__Host%2Dsid=", ""),
    ("__Host%2dsid=", ""),
    ("__Host-si%64=", ""),
    ("%5F%5F%48%6F%73%74%2D%73%69%64=", ""),
    ("%2573id=", ""),
    ("%255F_Host-sid=", ""),
    ("__Host%252Dsid=", ""),
    ("%252573id=", ""),
    ("%25255F_Host-sid=", ""),
    ("%2525%35F_Host-sid=", ""),
    ("%20sid=", ""),
    ("sid%20=", ""),
    ("sid%09=", ""),
    ("%00sid=", ""),
    ("sid%00=", ""),
    ("sid%0D%0A=", ""),
    ("__Host-sid%00=", ""),
    ("%22sid%22=", ""),
    ("sid%3D", "="),
    ("sid%3Dx=", ""),
    ("sid%3B=", ""),
    ("sid%2C=", ""),
    ("__Host-sid%3D1%3B=", ""),
    ("sid%00x=", ""),
    ("%e2%80%80__Host-sid=", ""),
    ("__Host-sid%E3%80%80=", ""),
    ("%C2%A0sid=", ""),
    ("%A0sid=", ""),
    ("sid%85=", ""),
    ("%EF%BB%BFsid=", ""),
    ("%25E2%2580%258Bsid=", ""),
    // Quotes.
    ("\"sid\"=", ""),
    ("\"sid=", "\""),
    ("\"__Host-sid\"=", ""),
    ("\"__Host-sid=", "\""),
    ("sid=\"", "\""),
    ("a=\"x; sid=", "; b=y\""),
    // The syntax of RFC 2109 and RFC 2965.
    ("$Version=1; sid=", ""),
    ("$Version=1; __HOST-sid=", ""),
    ("$Version=1,__Host-sid=", ""),
    ("$Version=\"1\"; sid=\"", "\"; $Path=\"/\"; $Domain=a.example"),
    ("$sid=", ""),
    ("$__Host-sid=", ""),
    // Without a name, or with the name in the value.
    ("=sid=", ""),
    ("=__Host-sid=", ""),
    ("= __Host-sid=", ""),
    ("=%5F_Host-sid=", ""),
    ("a=__Host-sid=", ""),
    ("a=__host-sid=", ""),
    ("a=\"__Host-sid=", "\""),
    ("a=%5F%5FHost-sid=", ""),
    ("a=__Secure-sid=", ""),
    // Names that PHP rewrites.
    ("_[Host-sid=", ""),
    ("[_Host-sid=", ""),
    ("..Host-sid=", ""),
    ("._Host-sid=", ""),
    ("_.Host-sid=", ""),
    ("+_Host-sid=", ""),
    // After empty segments.
    (";; sid=", ";;"),
    (";\t;sid=", ""),
];

/// White space and other invisible characters of Unicode.
const BLANKS: [&str; 25] = [
    "\u{85}", "\u{A0}", "\u{1680}", "\u{180E}", "\u{2000}", "\u{2001}", "\u{2002}", "\u{2003}",
    "\u{2004}", "\u{2005}", "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}", "\u{200A}", "\u{200B}",
    "\u{200C}", "\u{200D}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{2060}", "\u{3000}",
    "\u{FEFF}",
];

/// Returns every spelling, with this value.
pub(crate) fn spellings(value: &str) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = SPELLINGS
        .iter()
        .map(|(before, after)| format!("{before}{value}{after}").into_bytes())
        .collect();
    let latin1 = [&[0x85][..], &[0xA0]];
    for blank in BLANKS.iter().map(|blank| blank.as_bytes()).chain(latin1) {
        for name in ["sid", "__Host-sid"] {
            all.push([blank, name.as_bytes(), b"=", value.as_bytes()].concat());
            all.push([name.as_bytes(), blank, b"=", value.as_bytes()].concat());
        }
    }
    // Encoded in UTF-8, for parsers that decode first.
    for blank in BLANKS {
        let encoded: String = blank.bytes().map(|byte| format!("%{byte:02X}")).collect();
        all.push(format!("{encoded}__Host-sid={value}").into_bytes());
        all.push(format!("sid{encoded}={value}").into_bytes());
    }
    all
}

/// Prints a line for the report of a test.
pub(crate) fn shown(line: &[u8]) -> String {
    line.escape_ascii().to_string()
}

#[test]
fn there_are_many_spellings_and_none_is_the_guarded_name_itself() {
    let all = spellings("evil");
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (238, 238));
    for spelling in &all {
        for segment in spelling.split(|byte| *byte == b';') {
            let name = segment.split(|byte| *byte == b'=').next().unwrap();
            assert_ne!(name.trim_ascii(), b"__Host-sid", "{}", shown(spelling));
        }
    }
}

#[test]
fn the_application_gets_no_forged_spelling() {
    let policy = crate::policy::sid();
    for spelling in spellings("evil") {
        let read = crate::policy::read(&policy, &[&spelling]);
        assert_eq!(read, [""; 0], "{}", shown(&spelling));
        let both = [&spelling[..], b"__Host-sid=good"].join(&b"; "[..]);
        let read = crate::policy::read(&policy, &[both]).join("");
        assert!(read.ends_with("sid=good") && !read.contains("evil"), "{}", shown(&spelling));
    }
}
