//! Tests file names that deceive the user, or that an operating system rejects.

use tower_hardening::media::{ContentDisposition, ReceivedContentDisposition};

/// A name, and the name that is sent in its place.
const NASTY: [(&str, &str); 92] = [
    // Blanks that hide the extension.
    ("photo.jpg          .exe", "photo.jpg .exe"),
    ("photo.jpg\u{A0}\u{A0}\u{A0}.exe", "photo.jpg .exe"),
    ("photo.jpg\u{3000}\u{3000}.exe", "photo.jpg .exe"),
    ("photo.jpg\u{2003}\u{2009}\u{205F}.exe", "photo.jpg .exe"),
    ("photo.jpg\u{2800}\u{2800}\u{2800}.exe", "photo.jpg .exe"),
    ("photo.jpg \u{2800} \u{1D159} .exe", "photo.jpg .exe"),
    ("a\u{1680}b\u{202F}c", "a b c"),
    (" a.txt", "a.txt"),
    ("\u{3000}\u{2800}a.txt\u{A0}", "a.txt"),
    // Invisible characters.
    ("photo.jpg\u{115F}\u{115F}\u{115F}.exe", "photo.jpg_.exe"),
    ("photo.jpg\u{1160}.exe", "photo.jpg_.exe"),
    ("photo.jpg\u{3164}\u{3164}.exe", "photo.jpg_.exe"),
    ("photo.jpg\u{FFA0}.exe", "photo.jpg_.exe"),
    ("photo.jpg \u{200B} \u{200B} .exe", "photo.jpg_.exe"),
    ("a\u{AD}b", "a_b"),
    ("a\u{34F}b", "a_b"),
    ("a\u{17B4}\u{17B5}b", "a_b"),
    ("a\u{180B}\u{180E}b", "a_b"),
    ("a\u{200B}\u{200C}\u{200D}b", "a_b"),
    ("a\u{2060}\u{2064}\u{206F}b", "a_b"),
    ("a\u{FE00}b\u{FE0F}c", "a_b_c"),
    ("\u{FEFF}a.txt", "a.txt"),
    ("a\u{FFF0}b", "a_b"),
    ("a\u{FFF9}b\u{FFFB}c", "a_b_c"),
    ("a\u{1BCA0}b", "a_b"),
    ("a\u{1D173}b", "a_b"),
    ("a\u{E0001}b\u{E0061}c\u{E007F}d", "a_b_c_d"),
    ("a\u{E0100}b\u{E01EF}c\u{E0FFF}d", "a_b_c_d"),
    ("evil.exe\u{200E}", "evil.exe"),
    // Characters that change the order of others.
    ("a\u{202E}gpj.exe", "a_gpj.exe"),
    ("a\u{202A}\u{202B}\u{202D}b\u{202C}c", "a_b_c"),
    ("a\u{2066}\u{2067}\u{2068}b\u{2069}c", "a_b_c"),
    ("a\u{61C}\u{200F}b", "a_b"),
    // Characters that Windows drops from the end, and names without a visible character.
    ("a.exe.", "a.exe"),
    ("a.exe...", "a.exe"),
    ("a.exe   ", "a.exe"),
    ("a.exe . . .", "a.exe"),
    ("a.exe.\u{A0}", "a.exe"),
    (".", "_"),
    ("..", "_"),
    ("...", "_"),
    (" ", "_"),
    ("\u{2800}", "_"),
    ("\u{200B}", "_"),
    (". .", "_"),
    // Devices of Windows.
    ("CON.txt", "_CON.txt"),
    ("con", "_con"),
    ("Con ", "_Con"),
    ("con .txt", "_con .txt"),
    ("prn.pdf", "_prn.pdf"),
    ("AUX", "_AUX"),
    ("nul.tar.gz", "_nul.tar.gz"),
    ("COM1.tar.gz", "_COM1.tar.gz"),
    ("com9", "_com9"),
    ("COM0.log", "_COM0.log"),
    ("lpt1.", "_lpt1"),
    ("LPT\u{B9}", "_LPT\u{B9}"),
    ("com\u{B2}.txt", "_com\u{B2}.txt"),
    ("COM\u{B3}.a.b", "_COM\u{B3}.a.b"),
    ("CONIN$", "_CONIN$"),
    ("conout$.txt", "_conout$.txt"),
    ("clock$", "_clock$"),
    ("\u{200B}con.txt", "_con.txt"),
    ("C\u{AD}ON", "C_ON"),
    // Names similar to those of devices.
    ("console.txt", "console.txt"),
    ("com10.txt", "com10.txt"),
    ("com.txt", "com.txt"),
    ("a.con", "a.con"),
    // Reserved characters.
    ("a*?<>|b", "a_____b"),
    ("a:b", "a_b"),
    ("file.txt::$DATA", "file.txt__$DATA"),
    ("a\"b", "a_b"),
    ("a\u{0}b\u{1B}c\u{7F}d", "a_b_c_d"),
    ("a\r\nb\tc", "a__b_c"),
    ("a\u{85}b\u{9F}c", "a_b_c"),
    ("a\u{2028}b\u{2029}c", "a_b_c"),
    ("a\u{FDD0}b\u{FFFF}c\u{10FFFE}d", "a_b_c_d"),
    // Folders.
    ("../../etc/passwd", ".._.._etc_passwd"),
    ("..\\..\\a.dll", ".._.._a.dll"),
    ("/etc/passwd", "_etc_passwd"),
    ("C:\\a.exe", "C__a.exe"),
    ("\\\\server\\share", "__server_share"),
    ("a%2Fb%5Cc", "a_2Fb_5Cc"),
    ("%2e%2e%2fa", "_2e_2e_2fa"),
    ("a\u{FF0F}b\u{FF3C}c", "a_b_c"),
    ("a\u{2044}b\u{2215}c\u{2216}d", "a_b_c_d"),
    ("a\u{29F5}b\u{29F8}c\u{29F9}d\u{FE68}e", "a_b_c_d_e"),
    ("\u{FF0E}\u{FF0E}\u{FF0F}a", "___a"),
    ("a\u{A5}b\u{20A9}c", "a_b_c"),
    // The encoding of another header, which browsers also decode here.
    ("=?UTF-8?Q?a=2Eexe?=", "=_UTF-8_Q_a=2Eexe_="),
    // Valid names.
    ("Résumé (final) 2.pdf", "Résumé (final) 2.pdf"),
    ("写真 – 東京.jpeg", "写真 – 東京.jpeg"),
];

/// Returns the name of `filename`, and that of `filename*` if present.
fn sent(disposition: &ContentDisposition) -> (String, Option<String>) {
    let text = disposition.to_string();
    let (_, rest) = text.split_once("; filename=\"").unwrap();
    let (plain, rest) = rest.split_once('"').unwrap();
    let extended = rest.strip_prefix("; filename*=UTF-8''").map(|encoded| {
        let mut parts = encoded.split('%');
        let mut decoded = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            let (digits, rest) = part.split_at(2);
            decoded.push(u8::from_str_radix(digits, 16).unwrap());
            decoded.extend(rest.bytes());
        }
        String::from_utf8(decoded).unwrap()
    });
    (plain.to_owned(), extended)
}

#[test]
fn an_unsafe_name_is_sent_as_one_that_every_system_can_store() {
    for (name, expected) in NASTY {
        let disposition = ContentDisposition::attachment(name);
        assert_eq!(disposition.filename(), Some(expected), "{name:?}");
        assert_eq!(ContentDisposition::attachment(expected), disposition, "{name:?}");
    }
}

#[test]
fn both_names_of_a_disposition_agree() {
    for (name, expected) in NASTY {
        let (plain, extended) = sent(&ContentDisposition::inline(name));
        let ascii: String = expected.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        assert_eq!(plain, ascii, "{name:?}");
        assert_eq!(extended.as_deref(), (!expected.is_ascii()).then_some(expected), "{name:?}");
    }
}

#[test]
fn an_unsafe_name_of_another_server_is_made_safe_as_well() {
    for (name, expected) in NASTY {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let said = format!("inline; filename*=UTF-8''{encoded}");
        let received = ReceivedContentDisposition::parse(&said).unwrap();
        assert_eq!(received.filename(), Some(name).filter(|name| !name.is_empty()), "{name:?}");
        assert_eq!(ContentDisposition::from(received).filename(), Some(expected), "{name:?}");
    }
}

#[test]
fn a_long_name_keeps_its_extension_within_255_bytes() {
    for (stem, extension) in [("a", ".pdf"), ("ü", ".tar.gz"), ("写", ".jpeg"), ("𝒳 ", ".mp4")]
    {
        let name = format!("{}{extension}", stem.repeat(300));
        let cut = ContentDisposition::attachment(&name);
        let cut = cut.filename().unwrap();
        assert!((240..=255).contains(&cut.len()), "{}", cut.len());
        assert!(
            cut.starts_with(stem.trim_end()) && cut.ends_with(&extension[extension.len() - 3..])
        );
        assert_eq!(ContentDisposition::attachment(cut).filename(), Some(cut));
    }
}
