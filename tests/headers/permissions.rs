//! Tests Permissions-Policy.

use std::collections::BTreeMap;

use serde_json::Value;
use tower_hardening::{
    Hardening, Lint,
    csp::EndpointName,
    header::{
        Allowlist, FeatureStatus, HeaderPolicy, PermissionsFeature, PermissionsPolicy, ReportOnly,
    },
};

use super::{cases, refused};

fn ids(text: &str) -> Vec<&'static str> {
    text.parse::<PermissionsPolicy>().unwrap().lints().iter().map(Lint::id).collect()
}

#[test]
fn adv_005_a_policy_is_built_and_printed_as_structured_fields_are() {
    for case in cases("permissions_policy_serialise") {
        let mut built: Option<PermissionsPolicy> = None;
        for member in case[0].as_array().unwrap() {
            let feature: PermissionsFeature = member[0].as_str().unwrap().parse().unwrap();
            let allowed = match &member[1] {
                Value::String(_) => Allowlist::ALL,
                Value::Array(list) => list.iter().fold(Allowlist::NONE, |allowed, item| match item
                    .as_str()
                    .unwrap()
                {
                    "self" => Allowlist::SELF,
                    origin => allowed.and(&origin.parse().unwrap()).unwrap(),
                }),
                other => panic!("{other}"),
            };
            built = Some(match built {
                None => PermissionsPolicy::new(feature, allowed),
                Some(policy) => policy.with(feature, allowed),
            });
        }
        // An empty policy, which is not sent, cannot be built.
        assert_eq!(built.map(|policy| policy.to_string()).as_deref(), case[1].as_str());
    }
    for text in
        ["camera,usb", "camera;a", "camera\"", "camera\\", "came\nra", "Camera", "", "*", "1a"]
    {
        assert!(text.parse::<PermissionsFeature>().is_err(), "{text:?}");
    }
    for text in
        ["(), usb=*", "();a", "(\"https://a\\\")", "(\"https://a\n\")", "(\"a,b\")", "none", ""]
    {
        assert!(text.parse::<Allowlist>().is_err(), "{text:?}");
    }
    assert_eq!(
        "( self  \"https://*.a.example\" );report-to=x".parse::<Allowlist>().unwrap().to_string(),
        "(self \"https://*.a.example\");report-to=x"
    );
    assert_eq!("self".parse(), Ok(Allowlist::SELF));
    assert_eq!(Allowlist::ALL.and(&"https://a.example".parse().unwrap()), Ok(Allowlist::ALL));
    let error = Allowlist::SELF.and(&"https://[::1]".parse().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "permissions-policy, byte 0: 'https://[::1]' is an IPv6 address, which a list cannot contain; write a host name"
    );
}

#[test]
fn a_feature_has_one_member_and_the_last_call_of_a_builder_counts() {
    let policy = PermissionsPolicy::deny([PermissionsFeature::CAMERA, PermissionsFeature::USB])
        .with(PermissionsFeature::CAMERA, Allowlist::SELF)
        .with(
            PermissionsFeature::MIDI,
            Allowlist::NONE.report_to(EndpointName::from_static("main")),
        );
    assert_eq!(policy.to_string(), "camera=(self), usb=(), midi=();report-to=main");
    assert_eq!(policy.get(&PermissionsFeature::CAMERA).as_deref(), Some("(self)"));
    assert_eq!(policy.get(&PermissionsFeature::GAMEPAD), None);
    assert_eq!(policy.named_endpoints()[0].as_str(), "main");
    assert_eq!(policy.to_string().parse(), Ok(policy));
}

#[test]
fn a_value_that_browsers_skip_or_drop_is_an_error_with_a_remedy() {
    for (text, error) in [
        (
            "camera=(); microphone=()",
            "byte 9: ';' does not begin another feature; separate features with ','",
        ),
        (
            "camera=();microphone=*, usb=()",
            "byte 9: ';' does not begin another feature; separate features with ','",
        ),
        (
            "camera=();report-to=a; usb=()",
            "byte 21: ';' does not begin another feature; separate features with ','",
        ),
        (
            "camera=();report-to=\"a\"",
            "byte 20: expected an endpoint without quotes, in lower case, like report-to=main",
        ),
        (
            "camera=();report-to=Main",
            "byte 20: expected an endpoint without quotes, in lower case, like report-to=main",
        ),
        ("camera=(),", "byte 9: a comma at the end makes browsers drop the header; remove it"),
        ("Camera=()", "byte 0: expected a feature in lower case, like camera=()"),
        ("camera 'none'", "byte 6: expected '=' and what is allowed, like camera=()"),
        (
            "camera=(self https://a.example)",
            "byte 13: expected self, * or an origin in double quotes",
        ),
        ("camera=(none)", "byte 8: expected self, * or an origin in double quotes"),
        (
            "camera=\"https://a.example\"",
            "byte 7: browsers ignore an origin that is not in a list; write (\"https://x.example\")",
        ),
        ("camera=('self')", "byte 8: expected self, * or an origin in double quotes"),
        ("camera=(sELF)", "byte 8: expected self, * or an origin in double quotes"),
        ("camera=(self", "byte 12: the list is never closed; expected ')'"),
        (
            "camera=(), usb=*, camera=*",
            "byte 18: 'camera' is a duplicate feature, and browsers read only the last; merge the two",
        ),
    ] {
        assert_eq!(
            refused::<PermissionsPolicy>(text),
            format!("permissions-policy, {error}"),
            "{text}"
        );
    }
}

#[test]
fn adv_104_every_registered_feature_is_a_constant_with_its_status() {
    // Counted in the registry and in the browsers' compatibility data.
    let mut counts = BTreeMap::new();
    for feature in PermissionsFeature::ALL {
        let kind = match feature.status() {
            FeatureStatus::Chromium(version) => {
                assert!((88..200).contains(&version), "{feature}");
                "chromium"
            }
            FeatureStatus::Flag => "flag",
            FeatureStatus::Listed => "listed",
            FeatureStatus::Deprecated => "deprecated",
            FeatureStatus::Retired => "retired",
            other => panic!("{feature}: {other:?}"),
        };
        *counts.entry(kind).or_insert(0) += 1;
        assert_eq!(feature.as_str().parse().as_ref(), Ok(feature));
    }
    let expected =
        [("chromium", 58), ("deprecated", 2), ("flag", 11), ("listed", 31), ("retired", 6)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn unknown_and_retired_features_are_linted_and_others_are_not() {
    assert_eq!(ids("camera=(), gamepad=(), unload=(), browsing-topics=()"), [""; 0]);
    let policy: PermissionsPolicy =
        "usb=(), camra=(), zz-new=*, interest-cohort=(), vr=(), document-domain=()"
            .parse()
            .unwrap();
    let messages: Vec<String> = policy.lints().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "warning[permissions-policy-unknown]: permissions-policy, byte 8: 'camra' is not a registered feature; did you mean 'camera'?",
            "warning[permissions-policy-unknown]: permissions-policy, byte 18: 'zz-new' is not a registered feature; remove it, unless it is newer than this crate",
            "note[permissions-policy-retired]: permissions-policy, byte 28: 'interest-cohort' is a feature that no current browser has; write 'browsing-topics' or remove it",
            "note[permissions-policy-retired]: permissions-policy, byte 48: 'vr' is a feature that no current browser has; write 'xr-spatial-tracking' or remove it",
            "note[permissions-policy-retired]: permissions-policy, byte 55: 'document-domain' is a feature that no current browser has; remove it",
        ]
    );
    assert_eq!(policy.lints()[0].directive(), Some("camra"));
    // A preset speaks of it through the value that holds all policies.
    let all = Hardening::empty().with(policy.clone()).with_report_only(policy.clone());
    // The report-only header also has no endpoint for its reports.
    assert_eq!(all.lints().len(), 11);
    assert_eq!(all.lints().iter().filter(|lint| lint.id() == "report-only-mute").count(), 1);
    assert_eq!(policy.report_only_name(), "permissions-policy-report-only");
}
