//! Tests every byte that a header can have, in every place where readers might disagree about it.

use crate::{
    case::{Case, Guarded},
    guard::{Guard, Mode, name},
    reader::{READERS, installed},
    verdict::faults,
};

/// `~` marks the place of the byte.
const PLACES: &[&str] = &[
    "t=v~pleroma_key=evil",
    "t=v~ pleroma_key=evil",
    "t=v ~pleroma_key=evil",
    "t=v,~pleroma_key=evil",
    "t=~pleroma_key=evil",
    "t=~ pleroma_key=evil",
    "t=a=b~pleroma_key=evil",
    "t=v~w pleroma_key=evil",
    "t=v~w,pleroma_key=evil",
    "t~=v pleroma_key=evil",
    "t~u=v pleroma_key=evil",
    "~t=v pleroma_key=evil",
    "v~pleroma_key=evil",
    "v ~pleroma_key=evil",
    "v,~pleroma_key=evil",
    "~v pleroma_key=evil",
    "t=\"v~pleroma_key=evil\"",
    "t=\"v~pleroma_key=evil",
    "t=\"v\"~pleroma_key=evil",
    "t=\"v\"~ pleroma_key=evil",
    "t=\"v\" ~pleroma_key=evil",
    "t=\"v~\"pleroma_key=evil",
    "t=\"v~\" pleroma_key=evil",
    "t=~\"v\"pleroma_key=evil",
    "t=a~\"v\"pleroma_key=evil",
    "t=Wed, 01-Jan-2030 00:00:00 GMT~pleroma_key=evil",
    "t=Wed,~01-Jan-2030 00:00:00 GMTpleroma_key=evil",
    "t=v pleroma_key~=evil",
    "t=v,pleroma_key~=evil",
    "t=\"v\"pleroma_key~=evil",
    "t=v pleroma_key~evil",
    "t=v,pleroma_key~evil",
    "t=v pleroma_key=~evil",
    "t=v,pleroma_key=~evil",
    "t=v pleroma_key ~=evil",
    "t=v,pleroma_key ~=evil",
    "t=v pleroma~key=evil",
    "t=v,pleroma~key=evil",
    "~pleroma_key=evil",
    "~ pleroma_key=evil",
    "~~pleroma_key=evil",
    "pleroma_key~=evil",
    "pleroma_key ~=evil",
    "pleroma_key~evil",
    "pleroma_key ~evil",
    "pleroma_key~x=evil",
    "pleroma~key=evil",
    "~__Secure-pleroma_key=evil",
    "__Secure-pleroma_key~=evil",
    "__Host-~pleroma_key=evil",
];

/// Returns two cases for each byte, and for no byte, in each place: without the genuine cookie, and after it.
fn cases() -> Vec<Case> {
    let bytes = (0..=0xFF).filter(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..));
    let bytes = bytes.filter(|byte| *byte != b';').map(|byte| vec![byte]);
    let mut cases = Vec::new();
    for text in bytes.chain([Vec::new()]) {
        for place in PLACES {
            let planted: Vec<&[u8]> = place.split('~').map(str::as_bytes).collect();
            let planted = planted.join(&text[..]).trim_ascii().to_vec();
            // Browsers protect this name.
            if name(&planted) != b"__Host-pleroma_key" {
                let behind = [b"__Host-pleroma_key=good; ", &planted[..]].concat();
                cases.push(Case { sent: vec![planted], genuine: None });
                cases.push(Case { sent: vec![behind], genuine: Some(0) });
            }
        }
    }
    cases
}

fn guarded(mode: Mode) -> Vec<Guarded> {
    let mut guard = Guard::new(mode);
    cases().into_iter().map(|case| Guarded::new(case, mode, &mut guard)).collect()
}

#[test]
fn no_byte_in_any_place_makes_a_reader_find_the_guarded_name() {
    let Some(installed) = installed() else { return };
    let all: Vec<Guarded> = [Mode::Default, Mode::Strict].into_iter().flat_map(guarded).collect();
    let faults: String = READERS.iter().map(|reader| faults(*reader, installed, &all)).collect();
    assert!(faults.is_empty(), "{faults}");
}
