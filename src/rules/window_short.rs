//! Exports that begin inside the window.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, Timestamp};

pub(super) static RULE: Rule = Rule {
    id: "window-short",
    title: "export does not reach back to the window's start",
    severity: "info",
    confidence: Confidence::High,
    subject: Subject::Table,
    message: "the {words} begin at {begin}, inside the window: what happened before is not in them",
    needs: &[Table::Calls, Table::Orders, Table::Trades, Table::P2p, Table::Transfers],
    needs_expectations: false,
    why: "What an export leaves out cannot be checked, and what is new in it cannot be told from what is old.",
    logic: "The first record of a table lies more than `days` after the window's start.",
    benign: &[
        "the account, key or habit is younger than the window",
        "exchanges limit an export's span (Binance P2P: 30 days a query)",
    ],
    next: &[Step::FetchExport],
    sources: "developers.binance.com C2C (30 days a query, 6 months of history)",
    thresholds: &[Threshold { name: "days", default: 1.0, unit: "days", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let days = (thresholds.value("days") * DAY as f64) as i64;
    let short: Vec<(Table, i64)> = data
        .coverage
        .iter()
        .filter(|coverage| RULE.needs.contains(&coverage.table))
        .filter_map(|coverage| Some((coverage.table, coverage.first()?)))
        .filter(|(_, first)| *first > data.window.start + days)
        .collect();
    let times: Vec<i64> = short.iter().map(|(_, first)| *first).collect();
    let hits = df!(
        "subject" => short.iter().map(|(table, _)| table.name()).collect::<Vec<_>>(),
        "severity" => vec![Severity::Info as i32; short.len()],
        "table" => vec![None::<&str>; short.len()],
        "row" => vec![None::<u32>; short.len()],
        "first" => &times,
        "last" => &times,
        "count" => vec![1u64; short.len()],
        "words" => short.iter().map(|(table, _)| table.words()).collect::<Vec<_>>(),
        "begin" => times.iter().map(|time| Timestamp(*time).to_string()).collect::<Vec<_>>(),
    )?;
    Ok(Some(hits.lazy()))
}
