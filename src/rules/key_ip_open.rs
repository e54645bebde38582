//! Keys that work from anywhere.

use polars::prelude::*;

use super::plan::{Hit, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::{Dataset, KeyCard, Restriction};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-ip-open",
    title: "key not restricted to addresses",
    severity: "high when it may trade or more, medium when it only reads",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} works from any address ({networks})",
    needs: &[Table::Keys],
    needs_expectations: false,
    why: "A leaked key that is not restricted to addresses works for whoever finds it.",
    logic: "A key of the key list that is not deleted and whose address cell says that there is no restriction (Unrestricted, None, -, *, false, 0.0.0.0/0), unless its `[[key]]` or `[defaults]` has `require_ip = false`. A blank cell says nothing.",
    benign: &["the tool has no fixed addresses: set `require_ip = false` and keep the rights of the key small"],
    next: &[Step::NewKey, Step::DeleteKey],
    sources: "the checks of API keys in the README; Binance's notice of 8 July 2021: the trading right of such keys lasts 30 days",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let open = |card: &&KeyCard| {
        card.is_live_in_list()
            && card.restriction() == Restriction::Open
            && data.expected_key(&card.name).is_none_or(|key| key.require_ip)
    };
    let hits: Vec<Hit> = data
        .key_cards
        .iter()
        .filter(open)
        .map(|card| {
            let level = if card.is_powerful() { Severity::High } else { Severity::Medium };
            let details = vec![card.name.clone(), card.networks.clone().unwrap_or_default()];
            key_hit(card, level, card.created, details)
        })
        .collect();
    frame(&hits, &["key", "networks"])
}
