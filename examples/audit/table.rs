//! Writes the report for a person.

use std::io::{self, Write};

use tower_hardening::audit::AuditFinding;

use crate::{Site, style::Style};

/// Writes the grade, a table of the findings with their fixes, and the differences.
pub(crate) fn write(out: &mut impl Write, site: &Site, style: Style) -> io::Result<()> {
    let audit = &site.audit;
    writeln!(
        out,
        "{}  {}  score {}, status {}",
        style.grade(audit.grade()),
        shown(&site.url),
        audit.score(),
        audit.status().as_u16()
    )?;
    let headers = audit.findings().iter().map(|finding| place(finding).chars().count());
    let width = headers.max().unwrap_or_default().min(40);
    for finding in audit.findings() {
        row(out, finding, width, style)?;
    }
    for difference in site.differences.iter().flatten() {
        writeln!(out, "  differs  {}", shown(&difference.to_string()))?;
    }
    Ok(())
}

fn row(out: &mut impl Write, finding: &AuditFinding, width: usize, style: Style) -> io::Result<()> {
    let severity = format!("{:<7}", finding.severity().to_string());
    let points = match finding.points() {
        0 => String::new(),
        points => points.to_string(),
    };
    writeln!(
        out,
        "  {}  {points:>3}  {:<width$}  {} [{}]",
        style.severity(finding.severity(), &severity),
        place(finding),
        shown(finding.why()),
        finding.id()
    )?;
    writeln!(out, "{:>16}in Rust: {}", "", shown(finding.api()))?;
    writeln!(out, "{:>16}in the settings: {}", "", shown(finding.settings()))
}

/// Returns the header, and the directive or the cookie.
fn place(finding: &AuditFinding) -> String {
    match finding.directive() {
        None => finding.header().to_owned(),
        Some(directive) => shown(&format!("{}, {directive}", finding.header())),
    }
}

/// Returns text of another server without characters that control a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
