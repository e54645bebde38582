//! Borrowing by an account that never did.

use polars::prelude::*;

use super::plan::{among, hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::history::Past;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "borrow-first",
    title: "first loan",
    severity: "high; critical when a pair never traded before is bought within `minutes`",
    confidence: Confidence::Medium,
    subject: Subject::Operation,
    message: "{count:loan} ({operation}, {asset}), by an account without any before the window",
    needs: &[Table::Ledger, Table::Transfers, Table::Calls],
    needs_expectations: false,
    why: "A thief who has sold what you hold can lose what you do not hold as well: on credit.",
    logic: "Loans of the window in the ledger or in a list of borrowings, or calls that borrow and may have been let in, when there are none of their kind before it. Critical when within `minutes` after one a pair was bought that the account had never traded.",
    benign: &["you used margin or a loan for the first time", "the export is shorter than your history"],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::Repay],
    sources: "the cookie theft of May 2024, by press; paths: binance-api-swagger spot_api.yaml",
    thresholds: &[Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let mut parts = Vec::new();
    if let Some(ledger) = data.table(Table::Ledger) {
        let loans =
            ledger.filter(col("meaning").eq(lit("borrow")).and(col("change").cast(DataType::Float64).gt(lit(0.0))));
        let loans = first(loans.with_columns([
            col("time").alias("first"),
            col("time").alias("last"),
            lit(1u64).alias("count"),
        ]))?;
        let details = [("operation", col("operation")), ("asset", col("asset")), ("key", lit(""))];
        parts.push(told(data, loans, Table::Ledger, &details, span)?);
    }
    if let Some(transfers) = data.table(Table::Transfers) {
        let came = col("kind").eq(lit("loan")).and(col("direction").eq(lit("in"))).and(col("undone").not());
        let loans = first(transfers.filter(came).with_columns([
            lit("loan").alias("operation"),
            col("time").alias("first"),
            col("time").alias("last"),
            lit(1u64).alias("count"),
        ]))?;
        let details = [("operation", col("operation")), ("asset", col("asset")), ("key", lit(""))];
        parts.push(told(data, loans, Table::Transfers, &details, span)?);
    }
    if let Some(calls) = data.table(Table::Calls) {
        let loans = first(calls.filter(col("class").eq(lit("borrow")).and(col("entered"))))?;
        let details = [("operation", col("operation")), ("asset", lit("")), ("key", col("key"))];
        parts.push(told(data, loans, Table::Calls, &details, span)?);
    }
    if parts.is_empty() { Ok(None) } else { Ok(Some(concat(parts, UnionArgs::default())?)) }
}

/// The records of the window, when there are none before it.
fn first(frame: LazyFrame) -> PolarsResult<LazyFrame> {
    let before = frame.clone().filter(col("baseline")).select([len()]).collect()?;
    let none = before.column("len")?.u32()?.get(0) == Some(0);
    Ok(frame.filter(col("in_window").and(lit(none))))
}

fn told(
    data: &Dataset<'_>,
    loans: LazyFrame,
    table: Table,
    details: &[(&str, Expr)],
    span: i64,
) -> PolarsResult<LazyFrame> {
    let found = loans.clone().select([col("row"), col("first"), col("last")]).collect()?;
    let (rows, from, until) =
        (found.column("row")?.u32()?, found.column("first")?.i64()?, found.column("last")?.i64()?);
    let mut grave = Vec::new();
    for at in 0..found.height() {
        if let (Some(row), Some(from), Some(until)) = (rows.get(at), from.get(at), until.get(at))
            && buys_new(data, from, until + span)
        {
            grave.push(row);
        }
    }
    let level = severity_if(among(grave), Severity::Critical, Severity::High);
    Ok(hits(loans, col("operation"), level, table, [col("first"), col("last")], col("count"), details))
}

/// Whether a pair never traded before was bought in a span.
fn buys_new(data: &Dataset<'_>, from: i64, until: i64) -> bool {
    let past = Past::before(&data.deals, from - DAY);
    data.deals
        .symbols
        .iter()
        .filter(|symbol| !past.knows(&data.deals, symbol))
        .any(|symbol| data.deals.of(symbol).iter().any(|deal| deal.buy && (from..=until).contains(&deal.time)))
}
