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
/// (own proposal; Splunk gates its first-seen detections in the same way).
pub fn enough_baseline(frame: LazyFrame, time: &str, records: Expr, window_start: i64) -> PolarsResult<bool> {
    const DAYS: i64 = 14;
    const RECORDS: u64 = 20;
    let found = frame
        .filter(col("baseline"))
        .select([col(time).min().alias("first"), records.cast(DataType::UInt64).alias("records")])
        .collect()?;
    let first = found.column("first")?.i64()?.get(0);
    let records = found.column("records")?.u64()?.get(0).unwrap_or(0);
    Ok(first.is_some_and(|first| window_start - first >= DAYS * crate::time::DAY) && records >= RECORDS)
}

/// The orders of the window with what explains them, one row each: the columns of their table, the time as `time`, and
/// `verdict`, `doubt`, `in_gap`, `call_ip`, `call_key` and `call_client`. With it the table they were read from.
pub fn attributed_orders(data: &Dataset<'_>) -> Option<(Table, LazyFrame)> {
    let table = data.order_table()?;
    let orders = data.table(table)?.with_column(col(table.time()).alias("time"));
    let verdicts = data.verdicts.clone().lazy();
    let names: Vec<Expr> =
        ["key", "client", "ip"].into_iter().map(|name| col(name).alias(format!("call_{name}"))).collect();
    let verdicts = verdicts.select([vec![col("row"), col("verdict"), col("in_gap"), col("doubt")], names].concat());
    Some((table, orders.join(verdicts, [col("row")], [col("row")], JoinArgs::new(JoinType::Inner))))
}

/// Hits over orders: pair, order and the caller are the details.
pub fn order_hits(frame: LazyFrame, table: Table, subject: Expr, severity: Expr, more: &[(&str, Expr)]) -> LazyFrame {
    let mut details = vec![
        ("symbol", col("symbol")),
        ("order", col("order_id")),
        ("ip", col("call_ip")),
        ("key", col("call_key")),
        ("client", col("call_client")),
    ];
    details.extend(more.iter().cloned());
    hits(frame, subject, severity, table, [col("time"), col("time")], lit(1u64), &details)
}
