//! Keys that the key list no longer shows.

use polars::prelude::*;

use super::plan::{Hit, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-vanished",
    title: "expected key missing from the key list",
    severity: "low in any case",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} is expected, and the key list does not show it",
    needs: &[Table::Keys],
    needs_expectations: true,
    why: "A key that is gone was deleted by you, by the exchange, or by someone who covers his tracks; without its page its rights can no longer be looked up.",
    logic: "A `[[key]]` that is valid at the report's instant, with no `deleted_at`, and that no record of the key lists matches by name or id.",
    benign: &[
        "the exchange removed it: unrestricted or idle keys go by themselves",
        "the key list is of another account",
    ],
    next: &[Step::AddToExpectations],
    sources: "helpdesk.bitsgap.com 6838861: keys without addresses that are idle for 30 days are removed",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let alive = |name: &str| {
        data.expected_key(name).is_some_and(|key| key.valid.until.is_none() && key.valid.holds(data.window.as_of))
    };
    let hits: Vec<Hit> = data
        .key_cards
        .iter()
        .filter(|card| card.row.is_none() && card.expected == Some(true) && alive(&card.name))
        .map(|card| key_hit(card, Severity::Low, None, vec![card.name.clone()]))
        .collect();
    frame(&hits, &["key"])
}
