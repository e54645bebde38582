//! What every rule's plan gives, and the expressions that many of them share.
//!
//! A plan gives one row per hit. Hits with one `subject` become one finding. Columns:
//!
//! | column | type | meaning |
//! |---|---|---|
//! | `subject` | String | what the finding is about |
//! | `severity` | Int32 | 0 info … 4 critical; the finding takes the highest |
//! | `table` | String | the table of `row`, by name; null for no evidence |
//! | `row` | UInt32 | the row in that table's frame |
//! | `first`, `last` | Int64 | when, in UTC microseconds |
//! | `count` | UInt64 | how many records the hit stands for |
//!
//! All other columns are text: details for the message, and what suppressions look at (`key`, `ip`, `symbol`, `order`,
//! `address`).

use polars::prelude::*;

use super::Severity;
use crate::dataset::Dataset;
use crate::tables::Table;

/// The columns of a hit with their types.
pub fn hit_schema() -> [(&'static str, DataType); 7] {
    [
        ("subject", DataType::String),
        ("severity", DataType::Int32),
        ("table", DataType::String),
        ("row", DataType::UInt32),
        ("first", DataType::Int64),
        ("last", DataType::Int64),
        ("count", DataType::UInt64),
    ]
}

/// The columns of a hit, from expressions; `details` are further columns, which must be text.
pub fn hits(
    frame: LazyFrame,
    subject: Expr,
    severity: Expr,
    table: Table,
    [first, last]: [Expr; 2],
    count: Expr,
    details: &[(&str, Expr)],
) -> LazyFrame {
    let mut columns = vec![
        subject.cast(DataType::String).alias("subject"),
        severity.cast(DataType::Int32).alias("severity"),
        lit(table.name()).alias("table"),
        col("row").cast(DataType::UInt32),
        first.cast(DataType::Int64).alias("first"),
        last.cast(DataType::Int64).alias("last"),
        count.cast(DataType::UInt64).alias("count"),
    ];
    columns.extend(details.iter().map(|(name, expr)| expr.clone().cast(DataType::String).alias(*name)));
    frame.select(columns)
}

/// Hits over tallies of calls: address, key, client and operation are the details.
pub fn call_hits(frame: LazyFrame, subject: Expr, severity: Expr, more: &[(&str, Expr)]) -> LazyFrame {
    let mut details: Vec<(&str, Expr)> =
        ["ip", "key", "client", "operation", "class"].into_iter().map(|name| (name, col(name))).collect();
    details.extend(more.iter().cloned());
    hits(frame, subject, severity, Table::Calls, [col("first"), col("last")], col("count"), &details)
}

/// A severity as a literal.
pub fn severity(severity: Severity) -> Expr {
    lit(severity as i32)
}

/// One severity or another.
pub fn severity_if(condition: Expr, then: Severity, otherwise: Severity) -> Expr {
    when(condition).then(severity(then)).otherwise(severity(otherwise))
}

/// Whether a table's history before the window is long enough to call something new: at least so many days and records
/// (own proposal; Splunk gates its first-seen detections in the same way). `None` when there is none at all: then nothing
/// can be told from what was before.
pub fn baseline(frame: LazyFrame, time: &str, records: Expr, window_start: i64) -> PolarsResult<Option<bool>> {
    const DAYS: i64 = 14;
    const RECORDS: u64 = 20;
    let found = frame
        .filter(col("baseline"))
        .select([col(time).min().alias("first"), records.cast(DataType::UInt64).alias("records")])
        .collect()?;
    let first = found.column("first")?.i64()?.get(0);
    let records = found.column("records")?.u64()?.get(0).unwrap_or(0);
    Ok(first.map(|first| window_start - first >= DAYS * crate::time::DAY && records >= RECORDS))
}

/// All orders, and the fills that stand for them, with the columns of [`crate::dataset::order_view`].
pub fn all_orders(data: &Dataset<'_>) -> Option<LazyFrame> {
    data.orders.clone().map(IntoLazy::lazy)
}

/// The orders of the window with what explains them: besides their own columns `verdict`, `doubt`, `in_gap`, `call_ip`,
/// `call_key` and `call_client`.
pub fn attributed_orders(data: &Dataset<'_>) -> Option<LazyFrame> {
    let names: Vec<Expr> =
        ["key", "client", "ip"].into_iter().map(|name| col(name).alias(format!("call_{name}"))).collect();
    let known = vec![col("row"), col("verdict"), col("in_gap"), col("doubt")];
    let verdicts = data.verdicts.clone().lazy().select([known, names].concat());
    Some(all_orders(data)?.join(verdicts, [col("row")], [col("row")], JoinArgs::new(JoinType::Inner)))
}

/// Hits over orders: pair, order and the caller are the details; the evidence is the record in the order's own table.
pub fn order_hits(frame: LazyFrame, subject: Expr, severity: Expr, more: &[(&str, Expr)]) -> LazyFrame {
    let mut columns = vec![
        subject.cast(DataType::String).alias("subject"),
        severity.cast(DataType::Int32).alias("severity"),
        col("table"),
        col("table_row").cast(DataType::UInt32).alias("row"),
        col("time").alias("first"),
        col("time").alias("last"),
        lit(1u64).cast(DataType::UInt64).alias("count"),
        col("symbol"),
        col("order_id").alias("order"),
        col("call_ip").alias("ip"),
        col("call_key").alias("key"),
        col("call_client").alias("client"),
    ];
    columns.extend(more.iter().map(|(name, expr)| expr.clone().cast(DataType::String).alias(*name)));
    frame.select(columns)
}
