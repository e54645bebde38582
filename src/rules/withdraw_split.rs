//! Withdrawals cut into pieces.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::plan::{hits, only, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::sweep::crowded;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "withdraw-split",
    title: "withdrawals in pieces",
    severity: "high; medium when the account did so before the window",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:withdrawal} of {asset} close together, to {address}",
    needs: &[Table::Transfers],
    needs_expectations: false,
    why: "Limits and alarms look at single withdrawals; a thief stays below them.",
    logic: "At least `withdrawals` withdrawals of one asset within `minutes` that did not fail and do not go to a listed `[[address]]`. The account's quota is in no export, so withdrawals just below it cannot be told.",
    benign: &["you paid several people", "you tried a new address with a small amount first"],
    next: &[Step::DisableAccount, Step::Report],
    sources: "own proposal",
    thresholds: &[
        Threshold { name: "withdrawals", default: 3.0, unit: "withdrawals", source: "own proposal" },
        Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::Transfers) else { return Ok(None) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
    let (direction, kind, asset, address) = (text("direction")?, text("kind")?, text("asset")?, text("address")?);
    let (time, undone) = (frame.column("time")?.i64()?, frame.column("undone")?.bool()?);
    let own = data.expectations.map(|e| e.addresses.as_slice()).unwrap_or_default();
    let is_own = |at: usize| {
        own.iter().any(|own| address.get(at).is_some_and(|address| own.address.eq_ignore_ascii_case(address)))
    };
    let mut by_asset: BTreeMap<&str, Vec<(i64, u32)>> = BTreeMap::new();
    for at in 0..frame.height() {
        let out = direction.get(at) == Some("out") && kind.get(at) == Some("chain") && undone.get(at) != Some(true);
        if let (Some(time), true) = (time.get(at), out && !is_own(at)) {
            by_asset.entry(asset.get(at).unwrap_or_default()).or_default().push((time, at as u32));
        }
    }
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let mut rows = Vec::new();
    let mut habit = Vec::new();
    for (asset, mut list) in by_asset {
        list.sort_unstable();
        let times: Vec<i64> = list.iter().map(|(time, _)| *time).collect();
        for range in crowded(&times, thresholds.value("withdrawals") as usize, span) {
            if times[range.end - 1] < data.window.start {
                habit.push(asset.to_owned());
            }
            rows.extend(list[range].iter().map(|(_, row)| *row));
        }
    }
    let odd = only(frame.clone().lazy(), rows)?.filter(col("in_window"));
    let known = col("asset").is_in(lit(Series::new("".into(), habit)).implode(true), false);
    let details = [("asset", col("asset")), ("symbol", col("asset")), ("address", col("address"))];
    let level = severity_if(known, Severity::Medium, Severity::High);
    Ok(Some(hits(odd, col("asset"), level, Table::Transfers, [col("time"), col("time")], lit(1u64), &details)))
}
