//! Side doors out of the account: what is sent, paid or moved to other accounts without a withdrawal.

use polars::prelude::*;

use super::plan::{hits, holds_word, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "transfer-out-unlisted",
    title: "money through a side door",
    severity: "high; low for an operation that the account used before the window; low for a first conversion",
    confidence: Confidence::Medium,
    subject: Subject::Operation,
    message: "{count} times {operation}: {asset} left the wallet, which this account did {habit} before the window",
    needs: &[Table::Ledger, Table::Transfers],
    needs_expectations: false,
    why: "Gifts, payments, cards and transfers to other accounts take money out without a withdrawal and its address book.",
    logic: "An entry of the window by which an asset left: sent, paid, given away, put on a card or moved to another account of the exchange (of the ledger, by the meaning of its operation; of transfers, by their kind). The ledger does not name the other side, so a sub-account of your own cannot be told from a stranger's. Conversions stay in the account; the first ones are told at low severity, but for those that the exchange makes by itself.",
    benign: &["a payment or a gift of your own", "your own sub-account", "a coin that the exchange converted"],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::Report],
    sources: "ways out besides withdrawals: binance-api-swagger spot_api.yaml; meanings: the table of ledger operations",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let mut parts = Vec::new();
    let words = |list: &[&str]| lit(Series::new("".into(), list)).implode(true);
    if let Some(ledger) = data.frames.get(&Table::Ledger) {
        let left = col("change").cast(DataType::Float64).lt(lit(0.0));
        let by_itself = holds_word(ledger, "operation", "auto")?;
        let doors = ledger
            .clone()
            .lazy()
            .filter(left.and(col("meaning").is_in(words(&["send", "sub-account", "card", "convert"]), false)))
            .filter(by_itself.not())
            .with_columns([col("operation").alias("door"), col("meaning").eq(lit("convert")).alias("stays")]);
        parts.push(told(doors, Table::Ledger)?);
    }
    if let Some(transfers) = data.table(Table::Transfers) {
        let out = col("direction").eq(lit("out")).and(col("undone").not());
        let doors = transfers
            .filter(out.and(col("kind").is_in(words(&["internal", "gift card", "pay", "send"]), false)))
            .with_columns([col("kind").alias("door"), lit(false).alias("stays")]);
        parts.push(told(doors, Table::Transfers)?);
    }
    if parts.is_empty() { Ok(None) } else { Ok(Some(concat(parts, UnionArgs::default())?)) }
}

fn told(doors: LazyFrame, table: Table) -> PolarsResult<LazyFrame> {
    let before = col("baseline").cast(DataType::Int64).sum().over([col("door")])?;
    let known = col("before").gt(lit(0));
    let level = severity_if(known.clone().or(col("stays")), Severity::Low, Severity::High);
    let odd =
        doors.with_column(before.alias("before")).filter(col("in_window").and(col("stays").and(known.clone()).not()));
    let habit = when(known).then(lit("too")).otherwise(lit("never"));
    let details = [("operation", col("door")), ("asset", col("asset")), ("symbol", col("asset")), ("habit", habit)];
    Ok(hits(odd, col("door"), level, table, [col("time"), col("time")], lit(1u64), &details))
}
