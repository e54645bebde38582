//! Keys that may withdraw.

use polars::prelude::*;

use super::plan::{Hit, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-withdraw-enabled",
    title: "withdrawal permission on",
    severity: "high",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} may withdraw, and nothing says that it should",
    needs: &[Table::Keys],
    needs_expectations: false,
    why: "With this permission a stolen key can empty the account outright; hardly any tool needs it.",
    logic: "A key of the key list that is not deleted and has the right to withdraw, unless its `[[key]]` has `withdraw` in `allow`.",
    benign: &["a key that pays out from a treasury: write `withdraw` into its `allow`"],
    next: &[Step::NewKey, Step::DeleteKey],
    sources: "the checks of API keys in the README; binance-sdk, enableWithdrawals (must be restricted to addresses)",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let allowed =
        |name: &str| data.expected_key(name).is_some_and(|key| key.allow.iter().any(|word| word == "withdraw"));
    let hits: Vec<Hit> = data
        .key_cards
        .iter()
        .filter(|card| card.is_live_in_list() && card.permissions.contains(&"withdraw") && !allowed(&card.name))
        .map(|card| key_hit(card, Severity::High, card.created, vec![card.name.clone()]))
        .collect();
    frame(&hits, &["key"])
}
