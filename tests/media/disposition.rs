//! Tests the name that a file is saved under, and the files that are shown.

use crate::{lines, uploaded};

const SHOWN: &str = "image/png";
const SAVED: &str = "text/html";

#[track_caller]
fn assert_sent(path: &str, content_type: &str, said: &[&str], expected: Option<&str>) {
    let said = said.iter().map(|said| ("content-disposition", *said));
    let headers: Vec<_> = [("content-type", content_type)].into_iter().chain(said).collect();
    let sent = uploaded(path, &headers);
    let sent = lines(&sent, "content-disposition");
    assert_eq!(sent, expected.into_iter().collect::<Vec<_>>(), "{path} {said:?}", said = headers);
}

#[test]
fn a_shown_file_has_no_disposition_unless_the_response_had_one() {
    assert_sent("/media/a.png", SHOWN, &[], None);
    assert_sent("/media/a.png", SHOWN, &["inline"], Some("inline"));
    assert_sent("/media/a.png", SHOWN, &["attachment"], Some("attachment"));
    let named = "inline; filename=\"c.png\"";
    assert_sent("/media/a.png", SHOWN, &["INLINE;FileName=c.png;x=y"], Some(named));
}

#[test]
fn a_saved_file_is_an_attachment_named_by_the_response_or_the_path() {
    for (path, said, expected) in [
        ("/media/a.html", &[][..], "attachment; filename=\"a.html\""),
        ("/media/a.html?name=evil.exe", &[], "attachment; filename=\"a.html\""),
        ("/media/", &[], "attachment"),
        ("/media/a%2Fb%22%0d%0a.html", &[], "attachment; filename=\"a_b___.html\""),
        (
            "/media/%C3%BC%E2%80%AEgpj.exe",
            &[],
            "attachment; filename=\"__gpj.exe\"; filename*=UTF-8''%C3%BC_gpj.exe",
        ),
        (
            "/media/%C3%BC%20~-_.bin",
            &[],
            "attachment; filename=\"_ ~-_.bin\"; filename*=UTF-8''%C3%BC%20~-_.bin",
        ),
        ("/media/%FF.bin", &[], "attachment; filename=\"_.bin\"; filename*=UTF-8''%EF%BF%BD.bin"),
        ("/media/a", &["inline"], "attachment; filename=\"a\""),
        ("/media/a", &["inline; filename=\"\""], "attachment; filename=\"a\""),
        ("/media/a", &["inline; filename=b.html"], "attachment; filename=\"b.html\""),
        (
            "/media/a",
            &["inline; filename=\"x\"; filename*=UTF-8''%E2%82%AC"],
            "attachment; filename=\"_\"; filename*=UTF-8''%E2%82%AC",
        ),
        (
            "/media/a",
            &["attachment; filename=\"\u{fc}.html\""],
            "attachment; filename=\"_.html\"; filename*=UTF-8''%C3%BC.html",
        ),
        // A value that parsers read differently is ignored.
        ("/media/a", &["attachment; filename=\"b"], "attachment; filename=\"a\""),
        ("/media/a", &["attachment; filename=b", "inline"], "attachment; filename=\"a\""),
        ("/media/a", &["attachment; filename=b; filename=c"], "attachment; filename=\"a\""),
        ("/media/a", &[""], "attachment; filename=\"a\""),
    ] {
        assert_sent(path, SAVED, said, Some(expected));
    }
}

/// Browsers reject a response with two lines, and treat an unknown type as `attachment`.
#[test]
fn a_picture_with_an_unreadable_disposition_is_saved() {
    for said in [&["inline", "attachment"][..], &["\"inline\""], &["inline; filename=\"a"]] {
        assert_sent("/media/a.png", SHOWN, said, Some("attachment; filename=\"a.png\""));
    }
    assert_sent("/media/a.png", SHOWN, &["form-data; name=a"], Some("attachment"));
}
