//! Operations that a key never made before.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::call_rows::call_rows;
use super::plan::{HISTORY_DAYS, HISTORY_RECORDS, baseline, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::{Dataset, operation};
use crate::matching::Fit;
use crate::reference::Class;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "op-first-seen",
    title: "first operation of its kind",
    severity: "high for borrowing, leverage, transfers, withdrawals, side doors, keys, accounts and security settings; low for others, for what `allow` names and an expected caller did, and with too little history",
    confidence: Confidence::Low,
    subject: Subject::Key,
    message: "key {key} did something it never did before the window: {class} ({operation}), {count:time}",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A tool does the same things every day; a first withdrawal, transfer or loan by key is rarely its idea.",
    logic: "A class of operations, trade or above, that was let in in the window, and that the key (and for the graver ones the whole account) never made before. Ordinary ones only for keys with calls before the window. At most low until the log holds `history_days` and `history_records` before the window, and for what the key's `allow` names when nothing about the call is odd.",
    benign: &["a new strategy, or a new feature of the tool"],
    next: &[Step::AddToExpectations, Step::DeleteKey],
    sources: "Elastic's new-terms rules; its jobs for rare methods are low",
    thresholds: &[HISTORY_DAYS, HISTORY_RECORDS],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let Some(enough) = baseline(calls, "first", col("count").sum(), data.window.start, thresholds)? else {
        return Ok(None);
    };
    let rows = call_rows(data)?;
    let mut by_key: BTreeSet<(&str, Class)> = BTreeSet::new();
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    for row in rows.iter().filter(|row| row.tally.first < data.window.start && row.entered()) {
        keys.insert(row.key);
        by_key.insert((row.key, row.tally.verdict.class));
    }
    let mut hits = Vec::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && row.acted()) {
        let (verdict, grave) = (&row.tally.verdict, is_grave(row.tally.verdict.class));
        let allowed = verdict.operation == Fit::Expected && row.tally.expected;
        let known = by_key.contains(&(row.key, verdict.class));
        // What a key is listed for, and does as expected, is no news the first time either.
        if known || !grave && (!keys.contains(row.key) || allowed) {
            continue;
        }
        let level = if grave && enough && !allowed { Severity::High } else { Severity::Low };
        let details =
            vec![row.key.to_owned(), verdict.class.name().to_owned(), operation(&row.caller()), row.ip().to_owned()];
        hits.push(row.hit(row.key, level, details));
    }
    frame(&hits, &["key", "class", "operation", "ip"])
}

/// Whether an operation moves value or rights, not only orders.
fn is_grave(class: Class) -> bool {
    !matches!(class, Class::Trade | Class::CancelReplace | Class::Amend | Class::Convert)
}
