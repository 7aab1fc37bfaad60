//! Tests the responses of the real servers.

use http::{HeaderName, Response};
use serde_json::Value;
use tower_hardening::media::{Media, MediaLayer};

use crate::{
    BODY, lines,
    policies::{RASTER, SVG},
    through,
};

#[test]
fn the_headers_are_those_of_the_real_servers_or_stricter() {
    let file: Value = serde_json::from_str(include_str!("../vectors/media.json")).unwrap();
    for (set, media) in [("uploads", Media::uploads()), ("proxied", Media::proxied())] {
        let cases = file[set].as_array().unwrap();
        assert!(cases.len() >= 6);
        for case in cases {
            let mut answer = Response::new(BODY);
            for (name, value) in case["answer"].as_object().unwrap() {
                let name: HeaderName = name.parse().unwrap();
                answer.headers_mut().insert(name, value.as_str().unwrap().parse().unwrap());
            }
            let layer = MediaLayer::new(media.clone());
            let sent = through(&layer, case["path"].as_str().unwrap(), answer);
            for (name, theirs) in case["sent"].as_object().unwrap() {
                let ours = lines(sent.headers(), name);
                let theirs: Vec<&str> = theirs.as_str().into_iter().collect();
                let stricter = match name.as_str() {
                    "content-security-policy" if answer_type(case) == "image/svg+xml" => &[SVG][..],
                    "content-security-policy" => &[RASTER],
                    _ => &["inline; filename=\"_cofe_.gif\""],
                };
                let differs = case["differs"].get(name).is_some();
                assert_eq!(ours, if differs { stricter } else { &theirs }, "{case}");
            }
        }
    }
}

fn answer_type(case: &Value) -> &str {
    case["answer"]["content-type"].as_str().unwrap()
}
