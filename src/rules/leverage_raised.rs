//! Leverage or margin mode raised, and then traded.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::plan::{call_hits, only, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "leverage-raised",
    title: "leverage raised",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "{count:call} with key {key} that raised leverage or changed the margin mode ({operation}), followed by orders",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "Leverage multiplies what a thief can lose for you.",
    logic: "An accepted call of the window that sets leverage to `leverage` or more, or to `times` what the same key last set, or the margin mode to cross; where the log does not state the value, any such call by a key that made none before the window. With an order or fill of the account within `minutes` after it.",
    benign: &["a strategy of your own that uses more leverage"],
    next: &[Step::DeleteKey, Step::LowerLeverage],
    sources: "the cookie theft of May 2024, by press; paths: python-binance",
    thresholds: &[
        Threshold { name: "leverage", default: 20.0, unit: "times", source: "own proposal" },
        Threshold { name: "times", default: 2.0, unit: "times the one before", source: "own proposal" },
        Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

/// What a call sets.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    Leverage(f64),
    Cross,
    Isolated,
    NotStated,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::Calls) else { return Ok(None) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
    let (class, key, operation) = (text("class")?, text("key")?, text("operation")?);
    let (first, last) = (frame.column("first")?.i64()?, frame.column("last")?.i64()?);
    let (entered, inside) = (frame.column("entered")?.bool()?, frame.column("in_window")?.bool()?);
    let mut order: Vec<usize> =
        (0..frame.height()).filter(|&at| class.get(at) == Some("leverage") && entered.get(at) == Some(true)).collect();
    order.sort_by_key(|&at| (first.get(at), at));
    let mut before: BTreeMap<&str, f64> = BTreeMap::new();
    let mut rows = Vec::new();
    for at in order {
        let key = key.get(at).unwrap_or_default();
        let set = set(operation.get(at).unwrap_or_default());
        let known = before.get(key).copied();
        let raised = match set {
            Set::Leverage(value) => {
                value >= thresholds.value("leverage")
                    || known.is_some_and(|known| known > 0.0 && value >= thresholds.value("times") * known)
            }
            Set::Cross => true,
            Set::Isolated => false,
            Set::NotStated => known.is_none(),
        };
        let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
        if let (true, Some(true), Some(from), Some(until)) = (raised, inside.get(at), first.get(at), last.get(at))
            && traded(data, from, until + span)
        {
            rows.push(at as u32);
        }
        if inside.get(at) != Some(true) || matches!(set, Set::Leverage(_)) {
            before.insert(key, if let Set::Leverage(value) = set { value } else { known.unwrap_or(0.0) });
        }
    }
    Ok(Some(call_hits(only(frame.clone().lazy(), rows)?, col("key"), severity(Severity::High), &[])))
}

/// Reads the value from what the log writes of the call, such as `…/leverage?symbol=BTCUSDT&leverage=50`.
fn set(operation: &str) -> Set {
    let lower = operation.to_ascii_lowercase();
    let after = |word: &str| lower.find(word).map(|at| &lower[at + word.len()..]);
    let number =
        after("leverage=").map(|rest| rest.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default());
    match number.and_then(|number| number.parse().ok()) {
        Some(value) => Set::Leverage(value),
        None if lower.contains("cross") => Set::Cross,
        None if lower.contains("isolated") => Set::Isolated,
        None => Set::NotStated,
    }
}

fn traded(data: &Dataset<'_>, from: i64, until: i64) -> bool {
    let at = data.deals.by_time.partition_point(|&at| data.deals.all[at as usize].time < from);
    data.deals.by_time.get(at).is_some_and(|&at| data.deals.all[at as usize].time <= until)
}
