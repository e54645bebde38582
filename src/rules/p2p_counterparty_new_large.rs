//! Large P2P orders with someone new.

use polars::prelude::*;

use super::plan::{hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::decimal::Decimal;
use crate::tables::Table;
use crate::time::DAY;

pub(super) static RULE: Rule = Rule {
    id: "p2p-counterparty-new-large",
    title: "large P2P order with someone new",
    severity: "medium",
    confidence: Confidence::Low,
    subject: Subject::P2pOrder,
    message: "P2P order {order}: {side} for {total} {fiat} with {counterparty}, who is new; {usual}",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "The first deal with a stranger is rarely the largest, unless the stranger chose it.",
    logic: "A P2P order of the window, not cancelled, with a counterparty that no earlier order has and no [[p2p]] lists, over more than `times` the largest earlier total in the same fiat, or more than `share` of that fiat's total in the `days` before. With at least `orders` earlier orders in that fiat. Nicknames are masked, so two people may look like one.",
    benign: &["a larger sale than usual to a merchant you had not met: list whom you know under [[p2p]]"],
    next: &[Step::AddToExpectations],
    sources: "fields: developers.binance.com C2C; numbers: own proposal",
    thresholds: &[
        Threshold { name: "times", default: 2.0, unit: "times the largest", source: "own proposal" },
        Threshold { name: "share", default: 0.5, unit: "of the days before", source: "own proposal" },
        Threshold {
            name: "orders",
            default: 3.0,
            unit: "orders",
            source: "own proposal: before, p2p-first-use speaks",
        },
        Threshold { name: "days", default: 30.0, unit: "days", source: "own proposal" },
    ],
    plan,
};

/// An earlier order.
struct Earlier<'a> {
    time: i64,
    fiat: &'a str,
    name: &'a str,
    total: i128,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::P2p) else { return Ok(None) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
    let (fiat, name) = (text("fiat")?, text("counterparty")?);
    let (totals, created) = (frame.column("total")?.decimal()?.physical(), frame.column("created")?.i64()?);
    let (undone, inside) = (frame.column("undone")?.bool()?, frame.column("in_window")?.bool()?);
    let mut order: Vec<usize> = (0..frame.height()).filter(|&at| undone.get(at) != Some(true)).collect();
    order.sort_by_key(|&at| (created.get(at), at));
    let mut earlier: Vec<Earlier<'_>> = Vec::new();
    let (mut rows, mut usual, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for at in order {
        let (Some(time), Some(fiat), Some(name), Some(total)) =
            (created.get(at), fiat.get(at), name.get(at), totals.get(at))
        else {
            continue;
        };
        let same = || earlier.iter().filter(|known| known.fiat == fiat);
        let largest = same().map(|known| known.total).max().unwrap_or(0);
        let month = same()
            .filter(|known| known.time >= time - (thresholds.value("days") * DAY as f64) as i64)
            .fold(0, |sum: i128, known| sum.saturating_add(known.total));
        let beyond = |name: &str, usual: i128| total as f64 > thresholds.value(name) * usual as f64;
        let large = beyond("times", largest) || beyond("share", month);
        let enough = same().count() as f64 >= thresholds.value("orders");
        let known = data.expectations.is_some_and(|e| e.counterparty(name).is_some())
            || earlier.iter().any(|known| known.name == name);
        if inside.get(at) == Some(true) && enough && large && !known {
            rows.push(at as u32);
            usual.push(if beyond("times", largest) {
                format!("{} {fiat} was the most before", Decimal(largest))
            } else {
                format!("{} {fiat} was all in the {} days before", Decimal(month), thresholds.value("days"))
            });
            sums.push(Decimal(total).to_string());
        }
        earlier.push(Earlier { time, fiat, name, total });
    }
    let known = df!("row" => rows, "usual" => usual, "sum" => sums)?.lazy();
    let odd = frame.clone().lazy().join(known, [col("row")], [col("row")], JoinArgs::new(JoinType::Inner));
    let details = [
        ("order", col("order_id")),
        ("side", col("side")),
        ("symbol", col("asset")),
        ("fiat", col("fiat")),
        ("total", col("sum")),
        ("counterparty", col("counterparty")),
        ("usual", col("usual")),
    ];
    let time = || col("created");
    Ok(Some(hits(odd, col("order_id"), severity(Severity::Medium), Table::P2p, [time(), time()], lit(1u64), &details)))
}
