//! Calls that were denied, from outside the networks of their key: the whitelist held.

use polars::prelude::*;

use super::plan::{call_hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::HOUR;

pub(super) static RULE: Rule = Rule {
    id: "ip-denied-outside",
    title: "denied calls from outside the key's networks",
    severity: "medium; high when several came within a day, or from several networks",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "{count} denied calls with key {key} from {ip}: someone tries the key, and its restrictions held",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "Someone knows the key id and possibly the secret. Only the address whitelist, or a missing permission, kept him out.",
    logic: "A denied call of the window (HTTP 401, -2015, -2014, -1022, OKX 50110, CoinEx 4007, Bitvavo 307, or words to that effect) from an address in none of the key's networks. HTTP 403, 418 and 429 are limits or a firewall and say nothing on the key. High when `calls_per_day` of them, or two networks, fall within 24 hours for one key.",
    benign: &[
        "your own machine before you listed its address",
        "-2015 also stands for a missing permission or a wrong key",
    ],
    next: &[Step::DeleteKey, Step::NewKey, Step::RotateAll],
    sources: "binance-spot-api-docs errors.md (-2015 stands for key, address or permission); ccxt/ccxt#18653",
    thresholds: &[Threshold { name: "calls_per_day", default: 3.0, unit: "calls in 24 hours", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let denied = calls
        .filter(col("in_window").and(col("outcome").eq(lit("denied"))).and(col("ip_verdict").eq(lit("unrecognized"))));
    // Single calls: the sample holds the first 32 of each caller, far more than a day needs to be called dense.
    let before = (thresholds.value("calls_per_day") as i64 - 1).max(0);
    let since = |calls: i64| (col("time") - col("time").shift(lit(calls))).lt_eq(lit(24 * HOUR));
    let moved = col("prefix").neq(col("prefix").shift(lit(1)));
    let dense = denied
        .clone()
        .join(data.samples.clone().lazy(), [col("row")], [col("row")], JoinArgs::new(JoinType::Inner))
        .sort(["key", "time", "prefix"], SortMultipleOptions::default())
        .with_columns([
            since(before).over([col("key")])?.alias("many"),
            since(1).and(moved).over([col("key")])?.alias("spread"),
        ])
        .group_by([col("key")])
        .agg([col("many").any(true).or(col("spread").any(true)).alias("dense")]);
    let judged = denied.join(dense, [col("key")], [col("key")], JoinArgs::new(JoinType::Left));
    Ok(Some(call_hits(
        judged,
        when(col("key").eq(lit(""))).then(col("ip")).otherwise(col("key")),
        severity_if(col("dense").fill_null(lit(false)), Severity::High, Severity::Medium),
        &[],
    )))
}
