//! Tests that long text is read in linear time.

use std::time::{Duration, Instant};

use tower_hardening::{
    ContentTypeOptions, ExpectCt, FrameOptions, ReferrerPolicy, StrictTransportSecurity, header::*,
};

use super::hostile::{Policy, check_each};

/// A debug build on a busy machine takes a fraction of this; quadratic time takes minutes.
const LIMIT: Duration = Duration::from_secs(10);

const LENGTH: usize = 1 << 18;

fn quickly<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let taken = start.elapsed();
    assert!(taken < LIMIT, "{what:?} took {taken:?}");
    done
}

/// Returns `true` if the text is a policy, after it was read and linted.
fn read<P: Policy>(text: &str) -> bool {
    let start: String = text.chars().take(40).collect();
    quickly(&start, || text.parse::<P>().map(|policy| policy.lints().len()).is_ok())
}

/// Returns a list with a member for each number.
fn many(member: impl Fn(usize) -> String) -> String {
    (0..65_536).map(member).collect::<Vec<_>>().join(", ")
}

#[test]
fn long_text_that_is_repeated_or_never_closed_is_read_in_linear_time() {
    fn check<P: Policy>(valid: &str) {
        let one = format!("{valid}, ");
        for part in ["a", one.as_str(), "[{", "(", "\"\\", "a=", "-, "] {
            read::<P>(&part.repeat(LENGTH / part.len()));
        }
    }
    check_each!();
}

#[test]
fn many_different_members_are_read_in_linear_time() {
    assert!(read::<ReportingEndpoints>(&many(|number| format!("e{number}=\"/r\""))));
    assert!(read::<PermissionsPolicy>(&many(|number| format!("f{number}=()"))));
    assert!(read::<DocumentPolicy>(&many(|number| format!("f{number}=?0"))));
    assert!(read::<RobotsTag>(&many(|number| format!("bot{number}: noindex"))));
    let group = r#"{"group":"g#","max_age":1,"endpoints":[{"url":"https://r.example/"}]}"#;
    assert!(read::<ReportTo>(&many(|number| group.replace('#', &number.to_string()))));
    let endpoints: String = (0..65_536).map(|number| format!("e{number} ")).collect();
    let policy = format!("blocked-destinations=(script), endpoints=({endpoints})");
    assert!(read::<IntegrityPolicy>(&policy));
}

#[test]
fn an_override_with_many_members_is_made_in_linear_time() {
    let features: PermissionsPolicy = many(|number| format!("f{number}=()")).parse().unwrap();
    let change = || HeaderOverride::new().extend(&features).extend(&features);
    assert_ne!(quickly("extend", change), HeaderOverride::new());
}

#[test]
fn a_long_name_value_and_path_are_read_in_linear_time() {
    let long = "/".repeat(LENGTH);
    assert!(quickly("value", || StaticHeader::new("x-a", &long)).is_ok());
    assert!(quickly("name", || StaticHeader::new(&long, "a")).is_err());
    assert!(quickly("removal", || RemoveHeaders::new([&long])).is_err());
    assert!(quickly("path", || FetchMetadata::new().exempt_path(&long)).is_err());
}
