//! Protection removed: stops cancelled and not placed again.

use polars::prelude::*;

use super::plan::{among, hits, only, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::sweep::crowded;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "stops-cancelled",
    title: "protection removed",
    severity: "high when purchases, or sales of other coins, that took what stood in the book follow within the hour; else medium",
    confidence: Confidence::Low,
    subject: Subject::Account,
    message: "{count:protective order} in {symbol} cancelled close together and not placed again",
    needs: &[Table::Orders],
    needs_expectations: false,
    why: "Stops and limits lock the balance that a thief wants to trade, and end a loss that he wants to go on.",
    logic: "At least `orders` stop, take-profit, trailing or OCO orders cancelled in the window within `minutes`, with no such order placed in their pairs within `replaced` seconds; not where the account did so before the window. High when two orders that are not sales of the coins they protected took what stood in the book within `after`.",
    benign: &["you tidied up", "you sold by hand what the stops protected", "a trailing bot"],
    next: &[Step::DeleteKey, Step::PlaceStops],
    sources: "own proposal; endpoints: binance-spot-api-docs rest-api.md",
    thresholds: &[
        Threshold { name: "orders", default: 3.0, unit: "orders", source: "own proposal" },
        Threshold { name: "minutes", default: 5.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "replaced", default: 60.0, unit: "seconds", source: "own proposal" },
        Threshold { name: "after", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

/// A protective order.
struct Stop<'a> {
    row: u32,
    cancelled: i64,
    symbol: &'a str,
    base: &'a str,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::Orders) else { return Ok(None) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
    let (kind, status, symbol, base) = (text("type")?, text("status")?, text("symbol")?, text("base")?);
    let (created, updated) = (frame.column("created")?.i64()?, frame.column("updated")?.i64()?);
    let protects = |at: usize| {
        let kind = kind.get(at).unwrap_or_default().to_ascii_uppercase();
        ["STOP", "TAKE_PROFIT", "TAKE PROFIT", "TRAIL", "OCO"].iter().any(|word| kind.contains(word))
    };
    let mut placed: Vec<(&str, i64)> = Vec::new();
    let mut stops: Vec<Stop<'_>> = Vec::new();
    for at in (0..frame.height()).filter(|&at| protects(at)) {
        let name = symbol.get(at).unwrap_or_default();
        placed.extend(created.get(at).map(|time| (name, time)));
        let cancelled = status.get(at).is_some_and(|status| status.to_ascii_lowercase().contains("cancel"));
        if let (true, Some(time)) = (cancelled, updated.get(at)) {
            stops.push(Stop { row: at as u32, cancelled: time, symbol: name, base: base.get(at).unwrap_or_default() });
        }
    }
    placed.sort_unstable();
    let grace = (thresholds.value("replaced") * 1e6) as i64;
    stops.retain(|stop| {
        let from = placed.partition_point(|known| *known < (stop.symbol, stop.cancelled - grace));
        placed.get(from).is_none_or(|next| *next > (stop.symbol, stop.cancelled + grace))
    });
    stops.sort_by_key(|stop| (stop.cancelled, stop.row));
    let times: Vec<i64> = stops.iter().map(|stop| stop.cancelled).collect();
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let runs = crowded(&times, thresholds.value("orders") as usize, span);
    let habit = runs.iter().any(|run| times[run.end - 1] < data.window.start);
    let (mut rows, mut grave) = (Vec::new(), Vec::new());
    for run in runs.into_iter().filter(|run| !habit && data.window.holds(times[run.end - 1])) {
        let own = &stops[run];
        rows.extend(own.iter().map(|stop| stop.row));
        if followed(data, own, (thresholds.value("after") * MINUTE as f64) as i64) {
            grave.extend(own.iter().map(|stop| stop.row));
        }
    }
    let odd = only(frame.clone().lazy(), rows)?;
    let level = severity_if(among(grave), Severity::High, Severity::Medium);
    let details = [("symbol", col("symbol")), ("order", col("order_id"))];
    Ok(Some(hits(odd, lit("main"), level, Table::Orders, [col("updated"), col("updated")], lit(1u64), &details)))
}

/// Whether two orders took what stood in the book in the hour after, other than sales of what had been protected.
fn followed(data: &Dataset<'_>, stops: &[Stop<'_>], span: i64) -> bool {
    let Some(last) = stops.last().map(|stop| stop.cancelled) else { return false };
    let from = data.deals.by_time.partition_point(|&at| data.deals.all[at as usize].time < last);
    let after = data.deals.by_time[from..]
        .iter()
        .map(|&at| &data.deals.all[at as usize])
        .take_while(|deal| deal.time <= last + span);
    let others = after
        .filter(|deal| deal.taker && (deal.buy || !stops.iter().any(|stop| stop.base == data.deals.symbol(deal).base)));
    others.take(2).count() == 2
}
