//! What could not be checked and what was read, for people.

use super::page::Page;
use crate::counted::counted;
use crate::report::Report;

/// Sources listed before the rest is only counted.
const SOURCES: usize = 40;

/// What the exports leave open, and which would settle it.
pub(super) fn not_checked(page: &mut Page<'_>, report: &Report) {
    page.title("WHAT COULD NOT BE CHECKED");
    if report.not_checked.is_empty() && report.unreadable.is_empty() {
        page.lines("", "nothing that the exports could show was left out", None);
    }
    for item in &report.not_checked {
        page.lines("  - ", &format!("{}: {}. Needs: {}", item.what, item.why, item.needs), None);
    }
    for file in &report.unreadable {
        page.lines("  - ", &format!("{}: {}", file.path, file.reason), None);
    }
}

/// What was read, with hashes and the ledger of records.
pub(super) fn sources(page: &mut Page<'_>, report: &Report) {
    page.title("SOURCES");
    for source in report.sources.iter().take(SOURCES) {
        page.lines("", &source.path, None);
        let ledger = format!(
            "{}; zone {} ({}); {} = {} accepted + {} duplicate + {} rejected + {} skipped",
            source.format,
            source.zone,
            source.zone_from,
            counted(source.records, "record"),
            source.accepted,
            source.duplicate,
            source.rejected,
            source.skipped
        );
        page.lines("    ", &ledger, None);
        if !source.accounts.is_empty() {
            page.lines("    ", &format!("of {}", source.accounts.join(", ")), None);
        }
        page.lines("    ", &format!("SHA-256 {}", source.sha256.as_deref().unwrap_or("not made")), None);
        for note in &source.notes {
            page.lines("    ", note, None);
        }
    }
    if report.sources.len() > SOURCES {
        page.lines(
            "",
            &format!("and {}: all are in the JSON output", counted(report.sources.len() - SOURCES, "more source")),
            None,
        );
    }
    for reject in report.rejected.iter().take(5) {
        let path = report.sources.iter().find(|s| s.id == reject.source).map_or("", |s| s.path.as_str());
        let column = reject.column.as_ref().map_or(String::new(), |column| format!(", column {column}"));
        page.lines("  rejected: ", &format!("{path} line {}{column}: {}", reject.line, reject.message), None);
    }
    if report.rejected.len() > 5 {
        page.lines(
            "  ",
            &format!("and {} more rejected records: all are in the JSON output", report.rejected.len() - 5),
            None,
        );
    }
}
