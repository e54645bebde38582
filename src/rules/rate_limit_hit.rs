//! Calls that the exchange stopped for being too many.

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Outcome;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "rate-limit-hit",
    title: "calls stopped by a limit or firewall",
    severity: "info",
    confidence: Confidence::High,
    subject: Subject::Ip,
    message: "{count:call} from {ip} stopped by a limit or firewall ({status})",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "Limits count per address: a ban of yours is your tool's doing and says nothing on any key, but while it lasts your tool is blind.",
    logic: "Calls of the window with HTTP 403, 418 or 429, -1003 or -1015, or words to that effect.",
    benign: &["a tool that asks too often"],
    next: &[Step::SlowTool],
    sources: "binance-spot-api-docs rest-api.md: limits per address, bans of 2 minutes to 3 days",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let stopped =
        |row: &&CallRow<'_>| data.window.holds(row.tally.first) && row.tally.verdict.outcome == Outcome::Refused;
    let hit = |row: &CallRow<'_>| {
        let status = if row.code().is_empty() { row.status() } else { row.code() };
        row.hit(row.ip(), Severity::Info, vec![row.ip().to_owned(), status.to_owned(), row.key.to_owned()])
    };
    let hits: Vec<Hit> = call_rows(data)?.iter().filter(stopped).map(hit).collect();
    frame(&hits, &["ip", "status", "key"])
}
