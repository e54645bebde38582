//! A client that a key was not used by before.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::{HISTORY_DAYS, HISTORY_RECORDS, Hit, baseline, client_family, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::matching::{Fit, IpVerdict};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "ua-first-seen",
    title: "new kind of client for a key",
    severity: "low; medium from a new network too",
    confidence: Confidence::Low,
    subject: Subject::Client,
    message: "{count:call} with key {key} by the client \"{client}\" from {ip}, of a kind not seen with this key before the window",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A thief brings his own program, and its name for itself is rarely that of the owner's tool.",
    logic: "A client of the window, let in, whose family (the name before its version) no earlier call of the key has, and that no `user_agents` of the key's tools speak of. Medium when its network (IPv4 /24, IPv6 /64) is new for the key as well and not listed. Only for keys with calls before the window, with a client logged, and a log of at least `history_days` and `history_records` of calls before it.",
    benign: &["the tool was replaced or names itself differently"],
    next: &[Step::AddToExpectations, Step::DeleteKey],
    sources: "Elastic (user agent as a new term); SigmaHQ azure_ad_signin_axios_user_agent (low)",
    thresholds: &[HISTORY_DAYS, HISTORY_RECORDS],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    if baseline(calls, "first", col("count").sum(), data.window.start, thresholds)? != Some(true) {
        return Ok(None);
    }
    let rows = call_rows(data)?;
    let mut families: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut networks: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let named = |row: &&CallRow<'_>| row.entered() && !row.key.is_empty() && !row.client().is_empty();
    for row in rows.iter().filter(named).filter(|row| row.tally.first < data.window.start) {
        families.insert((row.key, client_family(row.client())));
        networks.insert((row.key, row.prefix));
        known.insert(row.key);
    }
    let new = |row: &&CallRow<'_>| {
        data.window.holds(row.tally.first)
            && known.contains(row.key)
            && row.tally.verdict.tool == Fit::NotStated
            && !families.contains(&(row.key, client_family(row.client())))
    };
    let hits: Vec<Hit> = rows
        .iter()
        .filter(named)
        .filter(new)
        .map(|row| {
            let moved = !networks.contains(&(row.key, row.prefix)) && row.tally.verdict.ip != IpVerdict::Expected;
            let level = if moved { Severity::Medium } else { Severity::Low };
            let details = vec![row.key.to_owned(), row.client().to_owned(), row.ip().to_owned()];
            row.hit(&client_family(row.client()), level, details)
        })
        .collect();
    frame(&hits, &["key", "client", "ip"])
}
