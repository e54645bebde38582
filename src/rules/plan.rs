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

use super::{Severity, Threshold, Thresholds};
use crate::attribution::Attributed;
use crate::columns;
use crate::dataset::{Dataset, Event, KeyCard};
use crate::expectations::Key;
pub use crate::matching::client_family;
use crate::reference::Class;
use crate::tables::Table;
use crate::time::DAY;

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

/// What a table's history before the window must span before anything in the window is called new.
pub const HISTORY_DAYS: Threshold = Threshold {
    name: "history_days",
    default: 14.0,
    unit: "days of history, for more than a low severity",
    source: "own proposal; Splunk gates its first-seen detections in the same way",
};
/// And how much it must hold.
pub const HISTORY_RECORDS: Threshold = Threshold {
    name: "history_records",
    default: 20.0,
    unit: "records of history, for more than a low severity",
    source: "own proposal; Splunk gates its first-seen detections in the same way",
};

/// Whether a table's history before the window is as long as [`HISTORY_DAYS`] and [`HISTORY_RECORDS`] ask. `None` when
/// there is none at all: then nothing can be told from what was before.
pub fn baseline(
    frame: LazyFrame,
    time: &str,
    records: Expr,
    window_start: i64,
    thresholds: &Thresholds,
) -> PolarsResult<Option<bool>> {
    let [days, least] = [HISTORY_DAYS, HISTORY_RECORDS].map(|threshold| thresholds.value(threshold.name));
    let found = frame
        .filter(col("baseline"))
        .select([col(time).min().alias("first"), records.cast(DataType::UInt64).alias("records")])
        .collect()?;
    let first = found.column("first")?.i64()?.get(0);
    let records = found.column("records")?.u64()?.get(0).unwrap_or(0);
    Ok(first.map(|first| (window_start - first) as f64 >= days * DAY as f64 && records as f64 >= least))
}

/// All orders, and the fills that stand for them, with the columns of [`crate::dataset::order_view`].
pub fn all_orders(data: &Dataset<'_>) -> Option<LazyFrame> {
    data.orders.clone().map(IntoLazy::lazy)
}

/// The orders of the window whose verdict, and whether they lie in a gap of the log, is `wanted`, with what explains them:
/// besides their own columns `verdict`, `doubt`, `in_gap`, `call_ip`, `call_key` and `call_client`. `None` without orders.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn attributed_orders(data: &Dataset<'_>, wanted: impl Fn(&str, bool) -> bool) -> PolarsResult<Option<LazyFrame>> {
    let Some(view) = &data.orders else { return Ok(None) };
    let (names, gaps) = (columns::texts(&data.verdicts, "verdict")?, data.verdicts.column("in_gap")?.bool()?);
    let is_wanted = |at: usize| wanted(names.get(at).unwrap_or_default(), gaps.get(at).unwrap_or_default());
    let mask = (0..data.verdicts.height()).map(is_wanted);
    let verdicts = data.verdicts.filter(&BooleanChunked::from_iter_values("wanted".into(), mask))?;
    let mut orders = view.take(verdicts.column("row")?.u32()?)?;
    for (name, own) in [("key", "call_key"), ("client", "call_client"), ("ip", "call_ip")] {
        orders.with_column(verdicts.column(name)?.clone().with_name(own.into()))?;
    }
    for name in ["verdict", "in_gap", "doubt"] {
        orders.with_column(verdicts.column(name)?.clone())?;
    }
    Ok(Some(orders.lazy()))
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

/// What is expected of the key that made an order: by its call, else by what its export says.
pub fn key_of_order<'a>(data: &'a Dataset<'_>, order: &Attributed) -> Option<&'a Key> {
    let expectations = data.expectations?;
    let by_call = order.tally(&data.calls).and_then(|tally| tally.verdict.key.index()).map(|at| &expectations.keys[at]);
    let by_export = || {
        let row = *order.order.rows.first()? as usize;
        let name = columns::texts(data.orders.as_ref()?, "key").ok()?.get(row)?;
        let name = data.key_named(name, order.order.time);
        expectations.keys.iter().find(|key| key.name == name)
    };
    by_call.or_else(by_export)
}

/// A hit of a rule that a loop serves better than expressions.
pub struct Hit {
    /// What the finding is about.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// The record that shows it.
    pub at: Option<(Table, u32)>,
    /// From when.
    pub first: Option<i64>,
    /// Until when.
    pub last: Option<i64>,
    /// How many records it stands for.
    pub count: u64,
    /// Further columns, in the order that [`frame`] is given their names.
    pub details: Vec<String>,
}

/// Hits as a frame; `names` are those of their details.
pub fn frame(hits: &[Hit], names: &[&str]) -> PolarsResult<Option<LazyFrame>> {
    let mut frame = df!(
        "subject" => hits.iter().map(|hit| hit.subject.as_str()).collect::<Vec<_>>(),
        "severity" => hits.iter().map(|hit| hit.severity as i32).collect::<Vec<_>>(),
        "table" => hits.iter().map(|hit| hit.at.map(|(table, _)| table.name())).collect::<Vec<_>>(),
        "row" => hits.iter().map(|hit| hit.at.map(|(_, row)| row)).collect::<Vec<_>>(),
        "first" => hits.iter().map(|hit| hit.first).collect::<Vec<_>>(),
        "last" => hits.iter().map(|hit| hit.last).collect::<Vec<_>>(),
        "count" => hits.iter().map(|hit| hit.count).collect::<Vec<_>>(),
    )?;
    for (at, name) in names.iter().enumerate() {
        let values: Vec<&str> = hits.iter().map(|hit| hit.details.get(at).map_or("", String::as_str)).collect();
        frame.with_column(Column::new((*name).into(), values))?;
    }
    Ok(Some(frame.lazy()))
}

/// A hit about a key, shown by its row in the key list.
pub fn key_hit(card: &KeyCard, severity: Severity, time: Option<i64>, details: Vec<String>) -> Hit {
    let at = card.row.map(|row| (Table::Keys, row));
    Hit { subject: card.name.clone(), severity, at, first: time, last: time, count: 1, details }
}

/// What a finding about the account as a whole is about.
pub const MAIN: &str = "main";

/// A hit that a login or a change of security settings shows.
pub fn event_hit(event: &Event, subject: &str, severity: Severity, details: Vec<String>) -> Hit {
    Hit {
        subject: subject.to_owned(),
        severity,
        at: Some((Table::Events, event.row)),
        first: Some(event.time),
        last: Some(event.time),
        count: 1,
        details,
    }
}

/// Whether an operation asks what there is.
pub fn is_discovery(class: Class) -> bool {
    matches!(class, Class::Read | Class::ReadAccount | Class::ReadOrders | Class::ReadFunds | Class::ReadP2p)
}

/// The rows of a frame that a sweep has found.
///
/// # Errors
/// When polars refuses the column, which would be a fault of this program.
pub fn only(frame: LazyFrame, mut rows: Vec<u32>) -> PolarsResult<LazyFrame> {
    rows.sort_unstable();
    rows.dedup();
    let found = df!("row" => rows)?.lazy();
    Ok(frame.join(found, [col("row")], [col("row")], JoinArgs::new(JoinType::Semi)))
}

/// Whether a row is one of these.
pub fn among(rows: Vec<u32>) -> Expr {
    col("row").is_in(lit(Series::new("".into(), rows)).implode(true), false)
}

/// Whether a row's text holds a word; case does not count.
///
/// # Errors
/// When the frame lacks the column, which would be a fault of this program.
pub fn holds_word(frame: &DataFrame, column: &str, word: &str) -> PolarsResult<Expr> {
    let texts = columns::texts(frame, column)?;
    let holds = |row: &u32| texts.get(*row as usize).is_some_and(|text| text.to_lowercase().contains(word));
    Ok(among((0..frame.height() as u32).filter(holds).collect()))
}
