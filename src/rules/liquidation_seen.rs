//! Positions that the exchange closed by force.

use polars::prelude::*;

use super::plan::{all_orders, hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "liquidation-seen",
    title: "position closed by force",
    severity: "info; high within a day after a finding of high severity",
    confidence: Confidence::High,
    subject: Subject::Symbol,
    message: "{count:order or entry} by which the exchange closed a position: {symbol}",
    needs: &[Table::Orders, Table::Ledger],
    needs_expectations: false,
    why: "By itself a liquidation is a loss, not a theft; after one it is a part of it.",
    logic: "An order of the window whose client order id begins with autoclose-, adl_autoclose or settlement_autoclose-, or an entry of the ledger that means a liquidation.",
    benign: &["a market that moved against your position", "a contract that was delisted or settled"],
    next: &[Step::AddToExpectations],
    sources: "developers.binance.com: order updates of USD-M futures",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let mut parts = Vec::new();
    if let Some(orders) = all_orders(data) {
        let closed = orders
            .filter(col("in_window").and(by_force()).and(col("table").eq(lit(Table::Orders.name()))))
            .with_column(col("table_row").alias("row"));
        let details = [("symbol", col("symbol")), ("order", col("order_id"))];
        parts.push(told(closed, Table::Orders, &details));
    }
    if let Some(ledger) = data.table(Table::Ledger) {
        let closed = ledger
            .filter(col("in_window").and(col("meaning").eq(lit("liquidation"))))
            .with_column(col("asset").alias("symbol"));
        parts.push(told(closed, Table::Ledger, &[("symbol", col("asset")), ("order", lit(""))]));
    }
    if parts.is_empty() { Ok(None) } else { Ok(Some(concat(parts, UnionArgs::default())?)) }
}

/// Whether the exchange placed an order to close a position.
fn by_force() -> Expr {
    let id = || col("client_order_id").fill_null(lit(""));
    ["autoclose-", "adl_autoclose", "settlement_autoclose-"]
        .into_iter()
        .map(|start| id().str().starts_with(lit(start)))
        .fold(lit(false), Expr::or)
}

/// When positions were closed by force, in or before the window.
pub(super) fn forced_closes(data: &Dataset<'_>) -> PolarsResult<Vec<i64>> {
    let orders =
        data.table(Table::Orders).map(|orders| orders.filter(by_force()).select([col("created").alias("time")]));
    let ledger = data.table(Table::Ledger).map(|ledger| ledger.filter(col("meaning").eq(lit("liquidation"))));
    let mut times = Vec::new();
    for part in [orders, ledger].into_iter().flatten() {
        times.extend(part.select([col("time")]).collect()?.column("time")?.i64()?.iter().flatten());
    }
    Ok(times)
}

fn told(frame: LazyFrame, table: Table, details: &[(&str, Expr)]) -> LazyFrame {
    hits(frame, col("symbol"), severity(Severity::Info), table, [col("time"), col("time")], lit(1u64), details)
}
