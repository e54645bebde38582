//! Sales without a call that may be the owner's own, made by hand: the export does not say how they were placed, and nothing
//! else about them points to a stranger.
//!
//! A thief gains nothing by selling what the account holds for its usual money; what he buys with it, whom he pays it to, or
//! the price he lets it go for, other rules see. On a market other than spot a sale may open a position, by which he gains
//! once he has moved the price: there, a pair that was never traded must have kept its price.

use std::collections::{HashMap, HashSet};

use polars::prelude::PolarsResult;

use super::DOLLARS;
use crate::attribution::{Attributed, Order, OrderVerdict};
use crate::columns;
use crate::dataset::Dataset;
use crate::matching::{IpVerdict, KeyVerdict};
use crate::tables::split_pair;
use crate::time::{DAY, HOUR, MINUTE};

/// Orders no further apart than this belong together.
const TOGETHER: i64 = HOUR;
/// A hand places fewer orders than this in ten minutes: the least that a storm of orders is (own proposal).
const STORM: usize = 20;
/// A price that moved by less than this over a run of sales was not pushed (as `burst-runup`).
const PUSHED: f64 = 0.1;

/// The rows of such sales in the frame of orders.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn own_sales(data: &Dataset<'_>) -> PolarsResult<HashSet<u32>> {
    let Some(view) = &data.orders else { return Ok(HashSet::new()) };
    let market = columns::texts(view, "market")?;
    let mut known: HashMap<&str, &str> = HashMap::new();
    for symbol in &data.deals.symbols {
        if data.deals.of(symbol).first().is_some_and(|deal| deal.time < data.window.start) {
            known.insert(&symbol.name, &symbol.quote);
        }
    }
    let usual: HashSet<&str> = known.values().chain(DOLLARS).copied().collect();
    let is_sale = |attributed: &&Attributed| {
        let order = &attributed.order;
        let silent = order.client_order_id.as_deref().is_none_or(str::is_empty) && order.origin.is_empty();
        silent && order.side == "SELL" && usual.contains(split_pair(&order.symbol).1)
    };
    let spot =
        |order: &Order| order.rows.iter().all(|row| market.get(*row as usize).is_none_or(|known| known == "spot"));
    let odd = data.attribution.orders.iter().filter(|order| order.verdict == OrderVerdict::Unexplained);
    let odd: Vec<&Attributed> = odd.collect();
    let mut rows = HashSet::new();
    for run in odd.chunk_by(|one, next| next.order.time - one.order.time <= TOGETHER) {
        let (first, last) = (run[0].order.time, run[run.len() - 1].order.time);
        let pushed = |Attributed { order, .. }: &Attributed| {
            !spot(order)
                && !known.contains_key(order.symbol.as_str())
                && moved(data, &order.symbol, first, last) >= PUSHED
        };
        let doubtful = !run.iter().all(is_sale) || is_storm(run) || run.iter().any(|order| pushed(order));
        if !doubtful && !stranger_near(data, first, last) {
            rows.extend(run.iter().flat_map(|order| order.order.rows.iter().copied()));
        }
    }
    Ok(rows)
}

/// By what share the price of a pair's own sales moved within a span; none of them says nothing, and counts as all of it.
fn moved(data: &Dataset<'_>, symbol: &str, first: i64, last: i64) -> f64 {
    let sales = data.deals.symbols.iter().filter(|known| known.name == symbol).flat_map(|known| data.deals.of(known));
    let (least, most) = sales
        .filter(|deal| !deal.buy && (first..=last + TOGETHER).contains(&deal.time))
        .fold((f64::INFINITY, 0.0_f64), |(least, most), deal| (least.min(deal.price), most.max(deal.price)));
    if most > 0.0 { most / least - 1.0 } else { f64::INFINITY }
}

fn is_storm(run: &[&Attributed]) -> bool {
    run.windows(STORM).any(|many| many[STORM - 1].order.time - many[0].order.time <= 10 * MINUTE)
}

/// Whether a call or a login of somebody else falls within a day of a span.
fn stranger_near(data: &Dataset<'_>, first: i64, last: i64) -> bool {
    let near = |from: i64, until: i64| from <= last + DAY && until >= first - DAY;
    let called = data.calls.tallies.iter().any(|tally| {
        let verdict = &tally.verdict;
        let strange = verdict.ip == IpVerdict::Unrecognized
            || matches!(verdict.key, KeyVerdict::Unknown | KeyVerdict::Deleted(_))
            || verdict.tool == crate::matching::Fit::Unexpected;
        strange && near(tally.first, tally.last)
    });
    called || data.events.iter().any(|event| event.expected == Some(false) && near(event.time, event.time))
}
