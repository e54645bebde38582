//! Keys with rights that they do not need.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::{frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::dataset::coverage::Coverage;
use crate::expectations::Key;
use crate::reference::Class;
use crate::tables::Table;
use crate::time::DAY;

pub(super) static RULE: Rule = Rule {
    id: "key-over-scoped",
    title: "key has a right it does not need",
    severity: "medium; info when the expectations allow it and it was only never used",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} has the right to {right}, {reason}",
    needs: &[Table::Keys, Table::Calls],
    needs_expectations: false,
    why: "Every right that a tool does not need is one that a thief gets for nothing.",
    logic: "A right of a key (of the key list, not deleted; withdrawing has its own rule) that is not in the `allow` of its `[[key]]`; or that no call of the log used, while the key itself is in use and the key and the log are older than `days`.",
    benign: &["futures that you trade only now and then", "`allow` is narrower than what the tool needs"],
    next: &[Step::NewKey, Step::AddToExpectations],
    sources: "one key per tool, least rights: the checks of API keys in the README; Panther's rules on elevated scopes",
    thresholds: &[Threshold { name: "days", default: 30.0, unit: "days", source: "the window of the report" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let old = data.window.as_of - (thresholds.value("days") * DAY as f64) as i64;
    let reaches_back = data.coverage_of(Table::Calls).and_then(Coverage::first).is_some_and(|first| first <= old);
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    let rows = call_rows(data)?;
    for row in rows.iter().filter(|row| row.entered()) {
        used.extend(rights(row).iter().map(|right| (row.key, *right)));
    }
    let mut hits = Vec::new();
    for card in data.key_cards.iter().filter(|card| card.is_live_in_list()) {
        let key = data.expected_key(&card.name).filter(|key| !key.allow.is_empty());
        let in_use = card.calls.is_some_and(|calls| calls.last >= old);
        let aged = reaches_back && in_use && card.listed_created.is_some_and(|created| created <= old);
        for &right in card.permissions.iter().filter(|right| !matches!(**right, "read" | "cancel" | "withdraw")) {
            let (level, reason) = match key.map(|key| allows(key, right)) {
                Some(false) => (Severity::Medium, "which its `allow` does not list"),
                _ if !aged || used.contains(&(card.name.as_str(), right)) => continue,
                Some(true) => (Severity::Info, "and no call of the log used it"),
                None => (Severity::Medium, "and no call of the log used it"),
            };
            hits.push(key_hit(card, level, card.created, vec![card.name.clone(), right.to_owned(), reason.to_owned()]));
        }
    }
    frame(&hits, &["key", "right", "reason"])
}

/// Whether what is expected of a key covers a right of the key list.
fn allows(key: &Key, right: &str) -> bool {
    let has = |word: &str| key.allow.iter().any(|have| have == word);
    match right {
        "futures" => has("trade") && (key.markets.is_empty() || key.markets.iter().any(|m| m.ends_with("futures"))),
        "options" => has("trade"),
        other => has(other),
    }
}

/// The rights that a call made use of.
fn rights(row: &CallRow<'_>) -> &'static [&'static str] {
    let under = |paths: &[&str]| paths.iter().any(|path| row.operation().contains(path));
    match row.tally.verdict.class {
        Class::Trade | Class::CancelReplace | Class::Amend | Class::Convert | Class::Cancel
            if under(&["/fapi/", "/dapi/"]) =>
        {
            &["futures"]
        }
        Class::Trade | Class::CancelReplace | Class::Amend | Class::Convert if under(&["/eapi/"]) => &["options"],
        Class::Trade | Class::CancelReplace | Class::Amend | Class::Convert if under(&["/api/v3/", "/sapi/"]) => {
            &["trade"]
        }
        // A log of words does not say on which market.
        Class::Trade | Class::CancelReplace | Class::Amend | Class::Convert => &["trade", "futures", "options"],
        Class::Borrow => &["borrow"],
        Class::Leverage => &["futures", "borrow"],
        Class::Transfer => &["transfer"],
        _ => &[],
    }
}
