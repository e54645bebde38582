//! A newcomer who reads the account and then acts.

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, newcomers};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Class;
use crate::tables::Table;
use crate::time::HOUR;

pub(super) static RULE: Rule = Rule {
    id: "recon-then-trade",
    title: "new source read the account, then acted",
    severity: "critical from an unlisted address; high where no network is listed",
    confidence: Confidence::Medium,
    subject: Subject::Ip,
    message: "{ip} first read the account with key {key} and within {hours} hours did {class}",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "This is the course of the known thefts: look what there is, then turn it into the thin coin.",
    logic: "A source (key and address; IPv6: a /64) of the window that is not listed and has no earlier call, whose first call reads the account (balances, permissions, coins, funds), and which within `hours` made a call of trade or above that was let in.",
    benign: &["you set up a tool at a new address"],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::CancelOrders],
    sources: "the thefts of 2018 and 2022; studies of leaked keys",
    thresholds: &[Threshold { name: "hours", default: 24.0, unit: "hours", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let hours = thresholds.value("hours");
    let span = (hours * HOUR as f64) as i64;
    let rows = call_rows(data)?;
    let mut hits = Vec::new();
    for ((key, _), rows) in newcomers(&rows, data.window) {
        let Some(first) = rows.iter().min_by_key(|row| (row.tally.first, row.row)) else { continue };
        let asks = matches!(first.tally.verdict.class, Class::ReadAccount | Class::ReadFunds);
        let soon = |row: &&&CallRow<'_>| row.acted() && row.tally.first <= first.tally.first + span;
        for row in rows.iter().filter(soon).filter(|_| asks) {
            let level = if row.is_foreign() { Severity::Critical } else { Severity::High };
            let class = row.tally.verdict.class.name();
            let details = [row.ip(), key, &format!("{hours}"), class].map(str::to_owned).to_vec();
            hits.push(row.hit(row.ip(), level, details));
        }
    }
    frame(&hits, &["ip", "key", "hours", "class"])
}
