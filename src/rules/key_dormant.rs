//! Keys that nobody has used for long.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::{Dataset, KeyCard};
use crate::tables::Table;
use crate::time::span_words;

pub(super) static RULE: Rule = Rule {
    id: "key-dormant",
    title: "key unused for long",
    severity: "low; medium when it may trade, high when it may withdraw",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} has not been used for {idle} (last use: {used})",
    needs: &[Table::Keys, Table::Calls],
    needs_expectations: false,
    why: "Thefts used keys that had lain unused for 13 days to two years: a key that serves nobody can only serve a thief.",
    logic: "As of the report's instant, the key's last use (or, if it was never used, its creation) is longer ago than `dormant_after` and than `periods` times the period of its tool's schedule. Keys with no known use or creation, and deleted keys, are left out.",
    benign: &["a tax tool that runs quarterly: give its tool a schedule"],
    next: &[Step::DeleteKey],
    sources: "30 days: the checks of API keys in the README; Panther's aws_access_key_unused uses 90",
    thresholds: &[Threshold {
        name: "periods",
        default: 1.5,
        unit: "periods of the schedule",
        source: "expectations, schedules",
    }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let dormant_after = data.expectations.map_or(crate::settings::DEFAULT_LAST, |e| e.dormant_after);
    let idle = |card: &KeyCard| Some(data.window.as_of - card.last_used.or(card.created)?);
    let limit =
        |card: &KeyCard| dormant_after.max((card.every.unwrap_or(0) as f64 * thresholds.value("periods")) as i64);
    let dormant: Vec<(&KeyCard, i64)> = data
        .key_cards
        .iter()
        .filter(|card| !card.is_deleted())
        // Only a log that reaches so far back, or a key list, can say that a key was not used.
        .filter(|card| card.row.is_some() || card.calls.is_some())
        .filter_map(|card| idle(card).filter(|idle| *idle > limit(card)).map(|idle| (card, idle)))
        .collect();
    let level = |card: &KeyCard| {
        let may = |word: &str| card.permissions.contains(&word);
        if may("withdraw") {
            Severity::High
        } else if ["trade", "futures", "borrow", "transfer", "options"].iter().any(|word| may(word)) {
            Severity::Medium
        } else {
            Severity::Low
        }
    };
    let used = |card: &KeyCard| {
        card.last_used.map_or_else(|| "never".to_owned(), |time| crate::time::Timestamp(time).to_string())
    };
    let hits = df!(
        "subject" => dormant.iter().map(|(card, _)| card.name.as_str()).collect::<Vec<_>>(),
        "severity" => dormant.iter().map(|(card, _)| level(card) as i32).collect::<Vec<_>>(),
        "table" => dormant.iter().map(|(card, _)| card.row.map(|_| Table::Keys.name())).collect::<Vec<_>>(),
        "row" => dormant.iter().map(|(card, _)| card.row).collect::<Vec<_>>(),
        "first" => dormant.iter().map(|(card, _)| card.last_used.or(card.created)).collect::<Vec<_>>(),
        "last" => dormant.iter().map(|(card, _)| card.last_used.or(card.created)).collect::<Vec<_>>(),
        "count" => vec![1u64; dormant.len()],
        "key" => dormant.iter().map(|(card, _)| card.name.as_str()).collect::<Vec<_>>(),
        "idle" => dormant.iter().map(|(_, idle)| span_words(*idle)).collect::<Vec<_>>(),
        "used" => dormant.iter().map(|(card, _)| used(card)).collect::<Vec<_>>(),
    )?;
    Ok(Some(hits.lazy()))
}
