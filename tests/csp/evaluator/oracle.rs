//! The evaluator and the engine of Servo decide alike on random policies and loads.
//!
//! The crate `content-security-policy`, which Servo uses, decides on each pair. Each disagreement
//! belongs to a row of a table, whose clause of the standard decides it.

use std::collections::BTreeMap;

use content_security_policy::{CheckResult, CspList, PolicyDisposition, PolicySource, Url};
use tower_hardening::{
    Origin,
    csp::{Destination, Evaluator, Load},
};

use super::{
    cases::{Act, Case, Random, case, header},
    disagreements::DISAGREEMENTS,
    enforcing, servo,
};

/// The number of pairs of a policy and a load; `.ci/run all` sets `PAIRS` to ten times as many.
const PAIRS: usize = 30_000;

/// Returns the load as the evaluator gets it. Origins that are not of the web frame nothing here.
fn load(case: &Case) -> Option<Load> {
    let load = match case.act {
        Act::Fetch { destination, url, redirect } => {
            let load = Load::fetch(named(destination), url).unwrap();
            redirect.iter().fold(load, |load, url| load.redirected_to(url).unwrap())
        }
        Act::Inline("script") => Load::inline_script(case.text),
        Act::Inline("handler") => Load::event_handler(case.text),
        Act::Inline("url") => Load::javascript_url(&format!("javascript:{}", case.text)),
        Act::Inline("style") => Load::inline_style(case.text),
        Act::Inline(_) => Load::style_attribute(case.text),
        Act::Eval => Load::eval_of_trusted_script(),
        Act::WebAssembly => Load::web_assembly(),
        Act::Base(url) => Load::base(url).unwrap(),
        Act::Form(url) => Load::form_action(url).unwrap(),
        Act::FramedBy(url) => {
            let origin = Url::parse(url).unwrap().origin().ascii_serialization();
            Load::framed_by([origin.parse().ok()?])
        }
        Act::TrustedTypes { name, is_used: false } => Load::trusted_types_policy(name),
        Act::TrustedTypes { name, is_used: true } => Load::repeated_trusted_types_policy(name),
        Act::Sink => Load::trusted_types_sink(),
    };
    let load = load.with_nonce(case.nonce).with_integrity(case.integrity);
    Some(if case.is_inserted_by_script { load.inserted_by_script() } else { load })
}

fn named(destination: &str) -> Destination {
    use Destination::*;
    match destination {
        "json" => Json,
        "script" => Script,
        "audioworklet" => AudioWorklet,
        "paintworklet" => PaintWorklet,
        "xslt" => Xslt,
        "worker" => Worker,
        "sharedworker" => SharedWorker,
        "serviceworker" => ServiceWorker,
        "style" => Style,
        "image" => Image,
        "font" => Font,
        "audio" => Audio,
        "video" => Video,
        "track" => Track,
        "manifest" => Manifest,
        "object" => Object,
        "embed" => Embed,
        "iframe" => Frame,
        "prefetch" => Prefetch,
        "report" => Report,
        _ => Connect,
    }
}

#[test]
fn the_evaluator_and_servo_decide_alike_except_where_a_clause_decides() {
    let pairs = std::env::var("PAIRS").ok().map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let mut random = Random::new(0x9E37_79B9_7F4A_7C15);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut allowed, mut blocked) = (0, 0);
    while allowed + blocked < pairs {
        let header = header(&mut random);
        let page = if random.below(2) == 0 { "https://own.example" } else { "http://own.example" };
        let origin: Origin = page.parse().unwrap();
        let evaluator = enforcing(Evaluator::new(origin), &header);
        let list = CspList::parse(&header, PolicySource::Header, PolicyDisposition::Enforce);
        for _ in 0..20 {
            let case = case(&mut random);
            let Some(load) = load(&case) else { continue };
            let answer = evaluator.allows(&load);
            *(if answer.is_allowed() { &mut allowed } else { &mut blocked }) += 1;
            let servo = servo::decide(&list, &case, page) == CheckResult::Allowed;
            if answer.is_allowed() != servo {
                let row = DISAGREEMENTS.iter().find(|row| (row.applies)(&header, &case, page));
                let row = row.unwrap_or_else(|| panic!("{answer}\n{header}\n{case:?}\n{page}"));
                *seen.entry(row.clause).or_default() += 1;
            }
        }
    }
    for row in DISAGREEMENTS {
        assert!(seen.contains_key(row.clause), "no case for: {}", row.clause);
    }
    assert!(allowed > pairs / 5 && blocked > pairs / 5, "{allowed} {blocked}");
    println!("{allowed} allowed, {blocked} blocked, disagreements: {seen:#?}");
}
