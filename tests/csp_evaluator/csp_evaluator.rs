//! Compares the lints of a policy with the findings of Google's CSP Evaluator (npm `csp_evaluator`).
//!
//! Each finding has a lint of the same directive and source, each lint of the same kind has a finding,
//! or `table.rs` says why not. A row of the table that explains nothing fails, too.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod policies;
mod table;

use std::{
    collections::BTreeSet,
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;
use tower_hardening::{Lint, csp::ReceivedPolicy};

use policies::{MADE, REAL};
use table::{ONLY_OURS, ONLY_THEIRS, OURS, SAME};

/// Holds one finding of CSP Evaluator.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) kind: String,
    pub(crate) directive: String,
    pub(crate) value: String,
    pub(crate) says: String,
}

/// Returns the folder into which `install` puts the npm package, if it is there.
fn installed() -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("csp_evaluator").canonicalize().ok()?;
    folder.join("installed").exists().then_some(folder)
}

/// Returns the findings of each policy.
fn evaluate(folder: &PathBuf, policies: &[&str]) -> Vec<Vec<Finding>> {
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/evaluate.js"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    input.write_all(policies.join("\n").as_bytes()).unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    let finding = |value: &Value| {
        let text = |key: &str| value[key].as_str().unwrap().to_owned();
        Finding {
            kind: text("type"),
            directive: text("directive"),
            value: text("value"),
            says: text("says"),
        }
    };
    let line = |line: &str| {
        let list: Value = serde_json::from_str(line).unwrap();
        list.as_array().unwrap().iter().map(finding).collect()
    };
    let findings: Vec<Vec<Finding>> = output.lines().map(line).collect();
    assert_eq!(findings.len(), policies.len());
    findings
}

/// Returns `true` if the lint corresponds to the finding.
fn is_same(finding: &Finding, lint: &Lint) -> bool {
    let same_kind = SAME.iter().any(|(kind, id)| *kind == finding.kind && *id == lint.id());
    let same_directive = match lint.directive() {
        // A lint about something missing has the directive in its id.
        None => lint.id() == format!("csp-{}-missing", finding.directive),
        Some(directive) => directive == finding.directive.to_ascii_lowercase(),
    };
    let value = finding.value.trim_matches('\'').to_ascii_lowercase();
    let same_value = match lint.id() {
        // These are reported once for all sources of the list.
        "csp-nonce-fixed" => true,
        "csp-hosts-ignored" => !finding.value.starts_with('\''),
        _ => lint.message().to_ascii_lowercase().contains(&value),
    };
    same_kind && same_directive && same_value
}

#[test]
fn every_difference_to_csp_evaluator_is_explained() {
    let Some(folder) = installed() else {
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "run tests/csp_evaluator/install");
        println!("csp_evaluator: not run, run tests/csp_evaluator/install first");
        return;
    };
    let policies = [REAL, MADE].concat();
    assert!(policies.len() >= 60 && REAL.len() >= 30, "{} {}", policies.len(), REAL.len());
    assert_eq!(policies.iter().collect::<BTreeSet<_>>().len(), policies.len());
    let (mut unexplained, mut used) = (Vec::new(), BTreeSet::new());
    let (mut agreed, mut explained) = (0, 0);
    for (policy, findings) in policies.iter().zip(evaluate(&folder, &policies)) {
        let lints = ReceivedPolicy::lint_list(policy.as_bytes());
        for finding in &findings {
            let row = ONLY_THEIRS
                .iter()
                .position(|row| row.kind == finding.kind && (row.applies)(policy, finding));
            if lints.iter().any(|lint| is_same(finding, lint)) {
                agreed += 1;
            } else if let Some(row) = row {
                used.insert(ONLY_THEIRS[row].reason);
                explained += 1;
            } else {
                unexplained.push(format!("theirs: {policy}\n  {finding:?}"));
            }
        }
        for lint in &lints {
            let row =
                OURS.iter().position(|row| row.id == lint.id() && (row.applies)(policy, lint));
            if findings.iter().any(|finding| is_same(finding, lint)) {
                continue;
            }
            if let Some((id, _)) = ONLY_OURS.iter().find(|(id, _)| *id == lint.id()) {
                used.insert(id);
            } else if let Some(row) = row {
                used.insert(OURS[row].reason);
            } else {
                unexplained.push(format!("ours: {policy}\n  {lint}"));
                continue;
            }
            explained += 1;
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    let rows = ONLY_THEIRS.iter().map(|row| row.reason).chain(OURS.iter().map(|row| row.reason));
    let rows: BTreeSet<&str> = rows.chain(ONLY_OURS.iter().map(|(id, _)| *id)).collect();
    let unused: Vec<&&str> = rows.difference(&used).collect();
    assert!(unused.is_empty(), "rows that explain nothing: {unused:#?}");
    println!(
        "csp_evaluator: {} policies, {agreed} findings agreed on, {explained} differences explained",
        policies.len()
    );
}
