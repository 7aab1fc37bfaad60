//! Asks the engine of Servo for its decision.

use content_security_policy::{
    CheckResult, CspList, Destination, Element, Initiator, InlineCheckType, NavigationCheckType,
    Origin, ParserMetadata, Request, Response, Url, url::Host,
};

use super::cases::{Act, Case};

/// Returns the decision of Servo's crate.
pub(super) fn decide(list: &CspList, case: &Case, page: &str) -> CheckResult {
    let own = servo_origin(page);
    match case.act {
        Act::Fetch { destination, url, redirect } => {
            servo_fetch(list, case, page, (destination, url, redirect))
        }
        Act::Inline("url") => {
            let mut request = request(&format!("javascript:{}", case.text), page);
            let kind = NavigationCheckType::Other;
            list.should_navigation_request_be_blocked(&mut request, kind, |_| None).0
        }
        Act::Inline(kind) => inline(list, kind, case),
        Act::Eval => list.is_js_evaluation_allowed(case.text).0,
        Act::WebAssembly => list.is_wasm_evaluation_allowed().0,
        Act::Base(url) => list.is_base_allowed_for_document(&Url::parse(url).unwrap(), &own).0,
        Act::Form(url) => {
            let kind = NavigationCheckType::FormSubmission;
            let mut request = request(url, page);
            list.should_navigation_request_be_blocked(&mut request, kind, |_| None).0
        }
        Act::FramedBy(url) => framed_by(list, url, page),
        Act::TrustedTypes { name, is_used } => {
            let used: &[&str] = if is_used { &["one", "two", "Two", "?"] } else { &[] };
            list.is_trusted_type_policy_creation_allowed(name, used).0
        }
        Act::Sink => {
            let (sink, group) = ("Element innerHTML", "'script'");
            list.should_sink_type_mismatch_violation_be_blocked_by_csp(sink, group, "<b>").0
        }
    }
}

fn inline(list: &CspList, kind: &str, case: &Case) -> CheckResult {
    let kind = match kind {
        "script" => InlineCheckType::Script,
        "handler" => InlineCheckType::ScriptAttribute,
        "style" => InlineCheckType::Style,
        _ => InlineCheckType::StyleAttribute,
    };
    let nonce = Some(case.nonce).filter(|nonce| !nonce.is_empty()).map(Into::into);
    let element = Element { nonce };
    list.should_elements_inline_type_behavior_be_blocked(&element, kind, case.text).0
}

fn framed_by(list: &CspList, parent: &str, page: &str) -> CheckResult {
    let response = Response { url: Url::parse(page).unwrap(), redirect_count: 0 };
    let parent = Url::parse(parent).unwrap().origin().ascii_serialization();
    let parents = vec![Url::parse(&parent).unwrap()];
    let own = servo_origin(page);
    list.should_navigation_response_to_navigation_request_be_blocked(&response, &own, &parents).0
}

fn servo_fetch(
    list: &CspList,
    case: &Case,
    page: &str,
    (destination, url, redirect): (&str, &str, Option<&str>),
) -> CheckResult {
    let parser_metadata = match destination {
        "script" if !case.is_inserted_by_script => ParserMetadata::ParserInserted,
        _ => ParserMetadata::NotParserInserted,
    };
    let is_prefetch = destination == "prefetch";
    let request = Request {
        destination: destination.parse().unwrap_or(Destination::None),
        initiator: if is_prefetch { Initiator::Prefetch } else { Initiator::None },
        nonce: case.nonce.to_owned(),
        integrity_metadata: case.integrity.to_owned(),
        parser_metadata,
        ..request(url, page)
    };
    let (result, _) = list.should_request_be_blocked(&request);
    let Some(url) = redirect.filter(|_| result == CheckResult::Allowed) else { return result };
    let response = Response { url: Url::parse(url).unwrap(), redirect_count: 1 };
    list.should_response_to_request_be_blocked(&request, &response).0
}

fn request(url: &str, page: &str) -> Request {
    Request {
        url: Url::parse(url).unwrap(),
        current_url: Url::parse(url).unwrap(),
        origin: servo_origin(page),
        redirect_count: 0,
        destination: Destination::Document,
        initiator: Initiator::None,
        nonce: String::new(),
        integrity_metadata: String::new(),
        parser_metadata: ParserMetadata::None,
    }
}

fn servo_origin(page: &str) -> Origin {
    let (scheme, port) = if page.starts_with("https") { ("https", 443) } else { ("http", 80) };
    Origin::Tuple(scheme.to_owned(), Host::Domain("own.example".to_owned()), port)
}
