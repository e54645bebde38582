//! Orders that outlived the key that placed them.

use std::collections::HashMap;

use polars::prelude::*;

use super::plan::{Hit, frame, key_of_order};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::attribution::Attributed;
use crate::columns;
use crate::dataset::Dataset;
use crate::expectations::{Expectations, Key};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "order-survived-key",
    title: "order outlived its deleted key",
    severity: "medium; high when it is still open and large for the account",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "{count:order} in {symbol} that key {key} placed before its deletion {what}",
    needs: &[Table::Orders],
    needs_expectations: true,
    why: "Deleting a key does not cancel its orders. A thief who left them behind still trades with you.",
    logic: "An order of the window, or changed in it, that was made at or before the `deleted_at` of its key (by its call, by the export, or by an id family that only this key has) and is open by its status, or was last changed after it. High when open and worth more than `share` of the account's largest day in the same quote asset.",
    benign: &["you kept the order on purpose", "tools leave orders behind when their key is taken away"],
    next: &[Step::CancelOrders],
    sources: "help.3commas.io 6863421: deals are suspended for seven days after the deletion of a key, not cancelled; the checks of API keys in the README",
    thresholds: &[Threshold { name: "share", default: 0.05, unit: "of the largest day", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(expectations), Some(view)) = (data.expectations, &data.orders) else { return Ok(None) };
    let text = |name: &str| columns::texts(view, name);
    let (status, symbol, quote) = (text("status")?, text("symbol")?, text("quote")?);
    let (updated, rows) = (view.column("updated")?.i64()?, columns::counts(view, "table_row")?);
    let (price, quantity) = (amounts(view, "price")?, amounts(view, "quantity")?);
    let days = largest_days(view)?;
    let mut hits = Vec::new();
    for order in data.attribution.orders.iter().filter(|order| !order.order.is_fill) {
        let Some(&at) = order.order.rows.first() else { continue };
        let (row, time) = (at as usize, order.order.time);
        let Some(key) = key_of_order(data, order).or_else(|| by_family(expectations, order)) else { continue };
        let Some(deleted) = key.valid.until.filter(|deleted| time <= *deleted && *deleted <= data.window.as_of) else {
            continue;
        };
        let word = status.get(row).unwrap_or_default().to_lowercase();
        let open = OPEN.iter().any(|known| word.starts_with(known));
        let later =
            updated.get(row).is_some_and(|updated| updated > deleted) && (word.is_empty() || word.contains("fill"));
        if !open && !later {
            continue;
        }
        let worth = price[row].zip(quantity[row]).map(|(price, quantity)| price * quantity);
        let day = days.get(quote.get(row).unwrap_or_default()).copied().unwrap_or(0.0);
        let large = open && worth.is_some_and(|worth| worth > thresholds.value("share") * day);
        let what = if open { "are open still" } else { "were filled after it" };
        let details = vec![key.name.clone(), symbol.get(row).unwrap_or_default().to_owned(), what.to_owned()];
        hits.push(Hit {
            subject: key.name.clone(),
            severity: if large { Severity::High } else { Severity::Medium },
            at: rows.get(row).map(|row| (Table::Orders, row)),
            first: Some(time),
            last: updated.get(row).or(Some(time)),
            count: 1,
            details,
        });
    }
    frame(&hits, &["key", "symbol", "what"])
}

/// How the status of an order begins that can still be filled.
const OPEN: &[&str] = &["new", "open", "partially", "partial", "active", "working", "live", "untriggered", "pending"];

fn amounts(view: &DataFrame, name: &str) -> PolarsResult<Vec<Option<f64>>> {
    let column = view.column(name)?.cast(&DataType::Float64)?;
    Ok(column.f64()?.iter().collect())
}

/// The largest day of each quote asset.
fn largest_days(view: &DataFrame) -> PolarsResult<HashMap<String, f64>> {
    // Summed as decimals: sums of floats depend on their order.
    let days = view.clone().lazy().group_by([col("quote"), col("day")]).agg([col("quote_total").sum().alias("sum")]);
    let days = days.group_by([col("quote")]).agg([col("sum").max().cast(DataType::Float64)]).collect()?;
    let (quotes, sums) = (days.column("quote")?.str()?, days.column("sum")?.f64()?);
    Ok(quotes.iter().zip(sums.iter()).filter_map(|(quote, sum)| Some((quote?.to_owned(), sum?))).collect())
}

/// The one deleted key whose ids an order bears, if no other key has them.
fn by_family<'a>(expectations: &'a Expectations, order: &Attributed) -> Option<&'a Key> {
    let id = order.order.client_order_id.as_deref()?;
    let mut keys = expectations.keys.iter().filter(|key| key.id_families.iter().any(|family| id.starts_with(family)));
    keys.next().filter(|_| keys.next().is_none())
}
