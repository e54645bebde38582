//! Many P2P sales within the hour.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::plan::{hits, only, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::sweep::crowded;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "p2p-burst",
    title: "many P2P sales within the hour",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Account,
    message: "{count} P2P sales of {asset} for {fiat} close together, to {counterparty}",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "Whoever took over a session sells what there is before the owner wakes up, to several strangers at once.",
    logic: "At least `sales` P2P sales of the window within `minutes`, not cancelled, to at least `buyers` counterparties, when the account never had twice as few in such a span before the window. What share of the balance they were cannot be told without balances; masked nicknames of different people may look the same.",
    benign: &["you trade P2P as a business and had a busy hour", "you cashed out in parts"],
    next: &[Step::DisableAccount, Step::LogOutDevices, Step::ResetPassword],
    sources: "users' reports of account takeovers through a QR login; numbers: own proposal",
    thresholds: &[
        Threshold { name: "sales", default: 3.0, unit: "sales", source: "own proposal" },
        Threshold { name: "buyers", default: 2.0, unit: "counterparties", source: "own proposal" },
        Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::P2p) else { return Ok(None) };
    let (side, buyers) = (frame.column("side")?.str()?, frame.column("counterparty")?.str()?);
    let (created, undone) = (frame.column("created")?.i64()?, frame.column("undone")?.bool()?);
    let mut sales: Vec<(i64, u32)> = (0..frame.height())
        .filter(|&at| side.get(at) == Some("SELL") && undone.get(at) != Some(true))
        .filter_map(|at| Some((created.get(at)?, at as u32)))
        .collect();
    sales.sort_unstable();
    let times: Vec<i64> = sales.iter().map(|(time, _)| *time).collect();
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let before = times.partition_point(|time| *time < data.window.start);
    let most = most_within(&times[..before], span);
    let fewest = (thresholds.value("sales") as usize).max(2 * most);
    let mut rows = Vec::new();
    for run in crowded(&times, fewest, span) {
        let own = &sales[run];
        // Where the export names no counterparties each sale is taken for one of its own.
        let named: BTreeSet<&str> = own.iter().filter_map(|(_, row)| buyers.get(*row as usize)).collect();
        let unnamed = own.iter().filter(|(_, row)| buyers.get(*row as usize).is_none()).count();
        if (named.len() + unnamed) as f64 >= thresholds.value("buyers") {
            rows.extend(own.iter().map(|(_, row)| *row));
        }
    }
    let odd = only(frame.clone().lazy(), rows)?.filter(col("in_window"));
    let details = [
        ("order", col("order_id")),
        ("asset", col("asset")),
        ("symbol", col("asset")),
        ("fiat", col("fiat")),
        ("counterparty", col("counterparty")),
    ];
    let time = || col("created");
    Ok(Some(hits(odd, lit("main"), severity(Severity::High), Table::P2p, [time(), time()], lit(1u64), &details)))
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
