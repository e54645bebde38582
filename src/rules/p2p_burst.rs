//! Many P2P sales close together, or sales of nearly all there was.

use std::collections::BTreeSet;
use std::ops::Range;

use polars::prelude::*;

use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::balances::{changed, held};
use crate::behaviour::marks::percent;
use crate::behaviour::sweep::crowded;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "p2p-burst",
    title: "many P2P sales close together",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Account,
    message: "{count:P2P sale} of {asset} for {fiat} close together, to {counterparty}{share}",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "Whoever took over a session sells what there is before the owner wakes up, to several strangers at once.",
    logic: "P2P sales of the window that were not cancelled: at least `sales` within `minutes` to at least `buyers` counterparties, when the account never had half as many in such a span before the window; or as many within `slow_minutes` for `times` the most that it took in such a span before (of these, those larger than any before or to someone new are named); or sales within `slow_minutes` of more than `share` of all there was of the asset (worth at least `dollars`), when no earlier ones were. What there was is known from balances, or from a ledger that shows everything come in; without either the last cannot be told. Masked nicknames of different people may look the same.",
    benign: &["you trade P2P as a business and had a busy hour", "you cashed out, in parts or all of it"],
    next: &[
        Step::SaveEvidence,
        Step::DisableAccount,
        Step::LogOutDevices,
        Step::ResetPassword,
        Step::SecureMailbox,
        Step::Report,
    ],
    sources: "users' reports of account takeovers through a QR login; numbers: own proposal",
    thresholds: &[
        Threshold { name: "sales", default: 3.0, unit: "sales", source: "own proposal" },
        Threshold { name: "buyers", default: 2.0, unit: "counterparties", source: "own proposal" },
        Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "own proposal" },
        Threshold {
            name: "slow_minutes",
            default: 360.0,
            unit: "minutes",
            source: "own proposal: a P2P order may take a quarter of an hour or more",
        },
        Threshold { name: "times", default: 5.0, unit: "times the most before", source: "own proposal" },
        Threshold { name: "share", default: 0.8, unit: "of what there was", source: "own proposal" },
        Threshold { name: "dollars", default: 50.0, unit: "dollars", source: "own proposal: as in balance-gap" },
    ],
    plan,
};

/// A sale that was not cancelled.
struct Sale<'a> {
    time: i64,
    row: u32,
    order: &'a str,
    asset: &'a str,
    fiat: &'a str,
    buyer: Option<&'a str>,
    quantity: i128,
    total: i128,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(p2p) = data.frames.get(&Table::P2p) else { return Ok(None) };
    let sales = sales(p2p)?;
    let span = |name: &str| (thresholds.value(name) * MINUTE as f64) as i64;
    let times: Vec<i64> = sales.iter().map(|sale| sale.time).collect();
    let before = times.partition_point(|time| *time < data.window.start);
    let fewest = thresholds.value("sales") as usize;
    let to_several = |run: &Range<usize>| buyers(&sales[run.clone()]) as f64 >= thresholds.value("buyers");
    let quick = crowded(&times, fewest.max(2 * most_within(&times[..before], span("minutes"))), span("minutes"));
    let slow = crowded(&times, fewest, span("slow_minutes"));
    let mut found: BTreeSet<usize> = quick.into_iter().filter(to_several).flatten().collect();
    for run in slow.into_iter().filter(to_several) {
        if outgrown(&sales, &run, span("slow_minutes"), thresholds.value("times")) {
            found.extend(strange(&sales, &run));
        }
    }
    let (mut emptied, mut shares) = (false, BTreeSet::new());
    for run in crowded(&times, 1, span("slow_minutes")) {
        let Some((asset, share)) = share(data, &sales[run.clone()], thresholds)? else { continue };
        let inside = data.window.holds(times[run.end - 1]);
        if inside && !emptied {
            shares.insert(format!("{} % of all the {asset} there was", percent(share)));
            found.extend(run);
        }
        emptied |= !inside;
    }
    let share = if shares.is_empty() { String::new() } else { format!("; {}", Vec::from_iter(shares).join(", ")) };
    let hits = found.into_iter().filter(|at| data.window.holds(times[*at])).map(|at| {
        let sale = &sales[at];
        let details = [sale.order, sale.asset, sale.asset, sale.fiat, sale.buyer.unwrap_or_default(), &share];
        Hit {
            subject: "main".to_owned(),
            severity: Severity::High,
            at: Some((Table::P2p, sale.row)),
            first: Some(sale.time),
            last: Some(sale.time),
            count: 1,
            details: details.map(str::to_owned).to_vec(),
        }
    });
    frame(&hits.collect::<Vec<_>>(), &["order", "asset", "symbol", "fiat", "counterparty", "share"])
}

/// The sales, in order of time.
fn sales(p2p: &DataFrame) -> PolarsResult<Vec<Sale<'_>>> {
    let text = |name: &str| -> PolarsResult<&StringChunked> { p2p.column(name)?.str() };
    let (side, order, asset, fiat) = (text("side")?, text("order_id")?, text("asset")?, text("fiat")?);
    let (buyer, undone, created) =
        (text("counterparty")?, p2p.column("undone")?.bool()?, p2p.column("created")?.i64()?);
    let (quantity, total) = (p2p.column("quantity")?.decimal()?.physical(), p2p.column("total")?.decimal()?.physical());
    let sale = |at: usize| {
        Some(Sale {
            time: created.get(at)?,
            row: at as u32,
            order: order.get(at).unwrap_or_default(),
            asset: asset.get(at).unwrap_or_default(),
            fiat: fiat.get(at).unwrap_or_default(),
            buyer: buyer.get(at),
            quantity: quantity.get(at).unwrap_or(0),
            total: total.get(at).unwrap_or(0),
        })
    };
    let sold = |at: &usize| side.get(*at) == Some("SELL") && undone.get(*at) != Some(true);
    let mut sales: Vec<Sale<'_>> = (0..p2p.height()).filter(sold).filter_map(sale).collect();
    sales.sort_by_key(|sale| (sale.time, sale.row));
    Ok(sales)
}

/// How many counterparties; where the export names none, each sale is taken for one of its own.
fn buyers(sales: &[Sale<'_>]) -> usize {
    let named: BTreeSet<&str> = sales.iter().filter_map(|sale| sale.buyer).collect();
    named.len() + sales.iter().filter(|sale| sale.buyer.is_none()).count()
}

fn most_within(times: &[i64], span: i64) -> usize {
    let mut low = 0;
    let mut most = 0;
    for (at, time) in times.iter().enumerate() {
        while times[low] < time - span {
            low += 1;
        }
        most = most.max(at + 1 - low);
    }
    most
}

/// Whether a run took so many times what the account took in any such span before it, of the same fiat.
fn outgrown(sales: &[Sale<'_>], run: &Range<usize>, span: i64, times: f64) -> bool {
    let fiat = sales[run.start].fiat;
    let of_fiat = |range: Range<usize>| sales[range].iter().filter(|sale| sale.fiat == fiat).map(|sale| sale.total);
    let took: i128 = of_fiat(run.clone()).fold(0, i128::saturating_add);
    let mut low = 0;
    let mut most = 0;
    for at in 0..run.start {
        while sales[low].time < sales[at].time - span {
            low += 1;
        }
        most = of_fiat(low..at + 1).fold(0, i128::saturating_add).max(most);
    }
    took as f64 >= times * most as f64
}

/// The sales of a run that are larger than any before it, or to a buyer that none before it had.
fn strange(sales: &[Sale<'_>], run: &Range<usize>) -> Vec<usize> {
    let earlier = &sales[..run.start];
    let largest = earlier.iter().map(|sale| sale.total).max().unwrap_or(0);
    let known: BTreeSet<&str> = earlier.iter().filter_map(|sale| sale.buyer).collect();
    let new = |sale: &Sale<'_>| sale.buyer.is_none_or(|buyer| !known.contains(buyer));
    run.clone().filter(|&at| sales[at].total > largest || new(&sales[at])).collect()
}

/// The share that sales were of all there was of their asset, when it is large.
fn share<'a>(data: &Dataset<'_>, run: &[Sale<'a>], thresholds: &Thresholds) -> PolarsResult<Option<(&'a str, f64)>> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(None) };
    for asset in run.iter().map(|sale| sale.asset).collect::<BTreeSet<_>>() {
        let own = run.iter().filter(|sale| sale.asset == asset);
        let sold = own.fold(0i128, |sum, sale| sum.saturating_add(sale.quantity));
        let Some(held) = held(data, asset, first.time)? else { continue };
        let there = held.saturating_add(changed(data, asset, first.time, last.time)?.max(0));
        let worth = data.deals.worth_of(asset).map(|worth| worth * sold as f64 / 1e20);
        let share = sold as f64 / there.max(sold) as f64;
        if share > thresholds.value("share") && worth.is_none_or(|worth| worth >= thresholds.value("dollars")) {
            return Ok(Some((asset, share)));
        }
    }
    Ok(None)
}
