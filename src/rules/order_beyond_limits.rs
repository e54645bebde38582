//! Orders beyond what the user says their key is for.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::plan::{Hit, frame, key_of_order};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::behaviour::DOLLARS;
use crate::behaviour::marks::amount;
use crate::columns;
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "order-beyond-limits",
    title: "order beyond what its key is for",
    severity: "high",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "{count:order} of key {key} in {symbol}: {what}",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: true,
    why: "A key that may trade can trade anything. What you made it for is the only thing that tells a thief's order from your tool's when both come from the same machine.",
    logic: "An order of the window made by a key (by its call, or by the export) in a pair that its `symbols` do not name, on a market that its `markets` do not name, or worth more than its `max_order`. Amounts in another asset than `base_currency` are held against it by the account's own prices; where these tell nothing, they are told as not checked.",
    benign: &["a pair or a size that you gave the tool since: write it into its [[key]]"],
    next: &[Step::AddToExpectations, Step::DeleteKey, Step::CancelOrders],
    sources: "the checks of API keys in the README: a key for one purpose",
    thresholds: &[],
    plan,
};

/// A limit that orders of a key went beyond.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Beyond {
    Symbol,
    Market,
    Size,
}

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(expectations), Some(view)) = (data.expectations, &data.orders) else { return Ok(None) };
    let text = |name: &str| columns::texts(view, name);
    let float = |name: &str| -> PolarsResult<Column> { view.column(name)?.cast(&DataType::Float64) };
    let (symbol, market, quote, table) = (text("symbol")?, text("market")?, text("quote")?, text("table")?);
    let (price, quantity, total) = (float("price")?, float("quantity")?, float("quote_total")?);
    let (price, quantity, total) = (price.f64()?, quantity.f64()?, total.f64()?);
    let rows = columns::counts(view, "table_row")?;
    let base = expectations.base_currency.as_deref().unwrap_or("USDT");
    let mut found: BTreeMap<(&str, Beyond), Vec<(Hit, f64)>> = BTreeMap::new();
    for order in &data.attribution.orders {
        let Some(key) = key_of_order(data, order) else { continue };
        for &at in &order.order.rows {
            let row = at as usize;
            let (pair, place) = (symbol.get(row).unwrap_or_default(), market.get(row).unwrap_or_default());
            let asked = price.get(row).zip(quantity.get(row)).map_or(0.0, |(price, quantity)| price * quantity);
            let size = asked.max(total.get(row).unwrap_or(0.0));
            let worth = worth(data, quote.get(row).unwrap_or_default(), base).map(|worth| worth * size);
            let beyond = if !key.symbols.is_empty() && !key.symbols.iter().any(|glob| glob.is_match(pair)) {
                Beyond::Symbol
            } else if !place.is_empty() && !key.markets.is_empty() && !key.markets.iter().any(|known| known == place) {
                Beyond::Market
            } else if key.max_order.zip(worth).is_some_and(|(most, worth)| worth > most) {
                Beyond::Size
            } else {
                continue;
            };
            let at = if table.get(row) == Some(Table::Trades.name()) { Table::Trades } else { Table::Orders };
            let (time, details) = (Some(order.order.time), vec![key.name.clone(), pair.to_owned()]);
            let at = rows.get(row).map(|row| (at, row));
            let (subject, severity) = (key.name.clone(), Severity::High);
            let hit = Hit { subject, severity, at, first: time, last: time, count: 1, details };
            found.entry((&key.name, beyond)).or_default().push((hit, worth.unwrap_or(0.0)));
        }
    }
    let mut hits = Vec::new();
    for ((name, beyond), list) in found {
        let most = data.expected_key(name).and_then(|key| key.max_order).unwrap_or_default();
        let largest = list.iter().map(|(_, worth)| *worth).fold(0.0, f64::max);
        let what = match beyond {
            Beyond::Symbol => "not among its `symbols`".to_owned(),
            Beyond::Market => "not on its `markets`".to_owned(),
            Beyond::Size => format!("worth up to {} {base}, and its `max_order` is {}", amount(largest), amount(most)),
        };
        hits.extend(list.into_iter().map(|(mut hit, _)| {
            hit.details.push(what.clone());
            hit
        }));
    }
    frame(&hits, &["key", "symbol", "what"])
}

/// The orders of the window that cannot be held against the `max_order` of their key: by key, how many, and the assets that
/// they are paid in and nothing prices.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub(crate) fn unpriced(data: &Dataset<'_>) -> PolarsResult<BTreeMap<String, (usize, BTreeSet<String>)>> {
    let mut found: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    let (Some(expectations), Some(view)) = (data.expectations, &data.orders) else { return Ok(found) };
    let base = expectations.base_currency.as_deref().unwrap_or("USDT");
    let quote = columns::texts(view, "quote")?;
    for order in &data.attribution.orders {
        let Some(key) = key_of_order(data, order).filter(|key| key.max_order.is_some()) else { continue };
        for &row in &order.order.rows {
            let asset = quote.get(row as usize).unwrap_or_default();
            if worth(data, asset, base).is_none() {
                let (count, assets) = found.entry(key.name.clone()).or_default();
                *count += 1;
                assets.insert(if asset.is_empty() { order.order.symbol.to_string() } else { asset.to_owned() });
            }
        }
    }
    Ok(found)
}

/// What one unit of an asset is worth in another, as far as the account's own prices tell.
fn worth(data: &Dataset<'_>, asset: &str, other: &str) -> Option<f64> {
    if asset == other || DOLLARS.contains(&asset) && DOLLARS.contains(&other) {
        return Some(1.0);
    }
    Some(data.deals.worth_of(asset)? / data.deals.worth_of(other)?)
}
