//! New orders in the style of a tool whose key is gone.

use polars::prelude::*;

use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::columns;
use crate::dataset::Dataset;
use crate::expectations::Key;
use crate::tables::Table;
use crate::time::SECOND;

pub(super) static RULE: Rule = Rule {
    id: "order-after-key-delete",
    title: "new order in the style of a deleted key",
    severity: "critical",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "{count:order} after the deletion of key {key}, with ids of its tool ({id})",
    needs: &[Table::Orders],
    needs_expectations: true,
    why: "Only the tool of the deleted key, or someone who imitates it, makes such orders: the wrong key was deleted, or there is another.",
    logic: "An order of the window made more than `seconds` after the `deleted_at` of a key, whose client order id begins with an id family of that key and of no key that is valid then.",
    benign: &["`deleted_at` or the zone of the export is off by hours", "the tool was given a new key: list it"],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::CancelOrders],
    sources: "the checks of API keys in the README",
    thresholds: &[Threshold { name: "seconds", default: 60.0, unit: "seconds", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(expectations), Some(view)) = (data.expectations, &data.orders) else { return Ok(None) };
    let grace = (thresholds.value("seconds") * SECOND as f64) as i64;
    let (ids, symbols) = (columns::texts(view, "client_order_id")?, columns::texts(view, "symbol")?);
    let (times, rows) = (view.column("time")?.i64()?, columns::counts(view, "table_row")?);
    let mut hits = Vec::new();
    for at in 0..view.height() {
        let (Some(id), Some(time)) = (ids.get(at), times.get(at).filter(|time| data.window.holds(*time))) else {
            continue;
        };
        let of = |key: &&Key| key.id_families.iter().any(|family| id.starts_with(family));
        let gone = |key: &&Key| key.valid.until.is_some_and(|deleted| time > deleted + grace);
        let keys = || expectations.keys.iter().filter(of);
        let Some(key) = keys().find(gone).filter(|_| !keys().any(|key| key.valid.holds(time))) else { continue };
        let details = vec![key.name.clone(), id.to_owned(), symbols.get(at).unwrap_or_default().to_owned()];
        hits.push(Hit {
            subject: key.name.clone(),
            severity: Severity::Critical,
            at: rows.get(at).map(|row| (Table::Orders, row)),
            first: Some(time),
            last: Some(time),
            count: 1,
            details,
        });
    }
    frame(&hits, &["key", "id", "symbol"])
}
