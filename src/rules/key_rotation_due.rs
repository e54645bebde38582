//! Keys that are older than they should be.

use polars::prelude::*;

use super::plan::{frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, span_words};

pub(super) static RULE: Rule = Rule {
    id: "key-rotation-due",
    title: "key older than its limit",
    severity: "low beyond `low_days`, medium beyond `medium_days` or the stated `rotate_after`",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} was made {age} ago",
    needs: &[Table::Keys],
    needs_expectations: false,
    why: "The longer a key lives, the more places have held its secret; replacing it ends what may have leaked unseen.",
    logic: "A key of the key list that is not deleted and was made more than `low_days` (low) or `medium_days` (medium) before the report's instant. A `rotate_after` in `[defaults]` takes the place of both.",
    benign: &["a key that you keep on purpose: set `rotate_after`"],
    next: &[Step::NewKey],
    sources: "6 to 12 months: the checks of API keys in the README; Panther's aws_access_key_rotation uses 90 days",
    thresholds: &[
        Threshold {
            name: "low_days",
            default: 180.0,
            unit: "days",
            source: "half a year, the checks of API keys in the README",
        },
        Threshold {
            name: "medium_days",
            default: 365.0,
            unit: "days",
            source: "a year, the checks of API keys in the README",
        },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let days = |name: &str| (thresholds.value(name) * DAY as f64) as i64;
    let (low, medium) = match data.expectations.and_then(|e| e.rotate_after) {
        Some(limit) => (limit, limit),
        None => (days("low_days"), days("medium_days")),
    };
    let mut hits = Vec::new();
    for card in data.key_cards.iter().filter(|card| card.is_live_in_list()) {
        let Some(age) = card.listed_created.map(|created| data.window.as_of - created) else { continue };
        if age > low {
            let level = if age > medium { Severity::Medium } else { Severity::Low };
            hits.push(key_hit(card, level, card.listed_created, vec![card.name.clone(), span_words(age)]));
        }
    }
    frame(&hits, &["key", "age"])
}
