//! Runs the user's rules over the dataset: the records that fit, and the hits that become findings.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::calls::MatchedCalls;
use super::correlate::{Correlation, Event, Sought, groups};
use super::{Detection, Fault, Refused, UserRules, fields, plan};
use crate::columns;
use crate::dataset::Dataset;
use crate::reference::{Outcome, Reference};
use crate::rules::{Rule, Severity};
use crate::tables::Table;

/// So many records of one rule are looked at; a rule that fits more says nothing.
pub const MOST: usize = 1 << 18;

/// What a rule found, as hits (see [`crate::rules::plan`]).
pub struct UserHits {
    /// The rule.
    pub rule: &'static Rule,
    /// Its hits; `None` without records to look at.
    pub hits: Result<Option<DataFrame>, String>,
}

/// What a record may be about, by the names that suppressions use.
pub const ABOUT: &[&str] = &["key", "ip", "symbol", "order", "address"];

/// The column of a table that says what a record is about.
pub fn about(table: Table, name: &'static str) -> Option<&'static str> {
    let column = match (name, table) {
        ("key", Table::Calls) => return Some(fields::KEY_LABEL),
        ("ip", Table::Orders) => return Some(fields::CALL[0]),
        ("key", Table::Orders) => return Some(fields::CALL[2]),
        ("key", Table::Keys) => "name",
        ("order", _) => "order_id",
        ("symbol", _) if table.position("symbol").is_none() => "asset",
        _ => name,
    };
    table.position(column).map(|at| table.columns()[at].name)
}

/// Runs all rules.
pub fn run(user: &UserRules, data: &Dataset<'_>, calls: &MatchedCalls) -> Vec<UserHits> {
    let matched: Vec<Result<Option<DataFrame>, String>> = user
        .detections
        .iter()
        .enumerate()
        .map(|(at, detection)| match detection.table {
            Table::Calls => calls.of(at),
            _ => matched(detection, data).map_err(|error| error.to_string()),
        })
        .collect();
    let mut found: Vec<UserHits> = user.refused.iter().map(refused).collect();
    for (detection, matched) in user.detections.iter().zip(&matched).filter(|(detection, _)| detection.reports) {
        let hits = matched.clone().and_then(|frame| {
            frame.map(|frame| of_detection(detection, &frame).map_err(|error| error.to_string())).transpose()
        });
        found.push(UserHits { rule: detection.rule, hits });
    }
    for correlation in &user.correlations {
        let hits = of_correlation(correlation, &user.detections, &matched, data);
        found.push(UserHits { rule: correlation.rule, hits });
    }
    found
}

/// A rule that is not run is one that fails: it is named, and the others go on.
fn refused(refused: &Refused) -> UserHits {
    let named = |fault: &Fault| format!("{}:{}: {}", refused.file, fault.line, fault.message);
    let faults: Vec<String> = refused.faults.iter().map(named).collect();
    UserHits { rule: refused.rule, hits: Err(faults.join("; ")) }
}

/// The records of the window that fit a rule.
fn matched(detection: &Detection, data: &Dataset<'_>) -> PolarsResult<Option<DataFrame>> {
    let Some(frame) = data.frames.get(&detection.table) else { return Ok(None) };
    let mut frame = frame.clone();
    if detection.table == Table::Events {
        let reference = data.expectations.map_or(Reference::built_in(), |e| &e.reference);
        let outcome = |text: Option<&str>| ecs(reference.outcome(text.unwrap_or_default(), ""));
        let outcomes: Vec<&str> = frame.column("outcome")?.str()?.iter().map(outcome).collect();
        frame.with_column(Column::new(fields::ECS_OUTCOME.into(), outcomes))?;
    }
    if detection.table == Table::Orders {
        explain(&mut frame, data)?;
    }
    // A key is there whenever it was made; of all else the window counts.
    let inside = if detection.table.holds_events() { frame.lazy().filter(col("in_window")) } else { frame.lazy() };
    let found = select(inside, detection, Some(col("row"))).collect()?;
    if found.height() > MOST {
        return Err(PolarsError::ComputeError(too_many().into()));
    }
    Ok(Some(found))
}

/// Adds what explains each order: the verdict, and who made the call.
fn explain(orders: &mut DataFrame, data: &Dataset<'_>) -> PolarsResult<()> {
    let verdicts = &data.verdicts;
    let text = |name: &str| columns::texts(verdicts, name);
    let columns = [text("verdict")?, text("ip")?, text("client")?, text("key")?];
    let mut values: [Vec<Option<&str>>; 4] = std::array::from_fn(|_| vec![None; orders.height()]);
    if let Some(view) = &data.orders {
        let (tables, rows) = (columns::texts(view, "table")?, columns::counts(view, "table_row")?);
        for (at, row) in verdicts.column("row")?.u32()?.iter().enumerate() {
            let Some(row) = row.map(|row| row as usize).filter(|row| tables.get(*row) == Some(Table::Orders.name()))
            else {
                continue;
            };
            let Some(order) = rows.get(row).map(|order| order as usize) else { continue };
            for (values, column) in values.iter_mut().zip(columns) {
                values[order] = column.get(at).filter(|text| !text.is_empty());
            }
        }
    }
    let names = [fields::VERDICT, fields::CALL[0], fields::CALL[1], fields::CALL[2]];
    for (name, values) in names.into_iter().zip(values) {
        orders.with_column(Column::new(name.into(), values))?;
    }
    Ok(())
}

/// What is said of a rule that fits too much.
pub fn too_many() -> String {
    format!("it fits more than {MOST} records of the window: make it narrower")
}

/// The ECS word for an outcome.
pub fn ecs(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "success",
        Outcome::Unknown => "unknown",
        _ => "failure",
    }
}

/// The fitting records: when, where, what about, and the fields kept for correlations.
pub fn select(frame: LazyFrame, detection: &Detection, row: Option<Expr>) -> LazyFrame {
    let table = detection.table;
    let mut columns = vec![
        col(table.time()).cast(DataType::Int64).alias("at"),
        row.unwrap_or_else(|| lit(NULL)).cast(DataType::UInt32).alias("row"),
        col("source").cast(DataType::UInt32),
        col("record").cast(DataType::UInt64),
        col("line").cast(DataType::UInt64),
    ];
    for name in ABOUT {
        let value = about(table, name).map_or_else(|| lit(NULL), col);
        columns.push(value.cast(DataType::String).alias(format!("about_{name}")));
    }
    if table == Table::Calls {
        columns.push(col("account"));
    }
    for (at, (_, field)) in detection.kept.iter().enumerate() {
        columns.push(col(field.column).cast(DataType::String).alias(format!("kept_{at}")));
    }
    frame.filter(plan::expr(&detection.condition, &fields::texts(table))).select(columns)
}

/// The column of `about` that names the subject of a table's findings.
fn subject(table: Table) -> &'static str {
    match table {
        Table::Calls | Table::Events => "about_ip",
        Table::P2p => "about_order",
        Table::Transfers => "about_address",
        Table::Keys => "about_key",
        _ => "about_symbol",
    }
}

fn of_detection(detection: &Detection, matched: &DataFrame) -> PolarsResult<DataFrame> {
    let subject = col(subject(detection.table)).fill_null(lit("(not stated)"));
    hits(matched.clone().lazy(), detection.rule, detection.table, subject)
}

/// Matched records as hits.
fn hits(matched: LazyFrame, rule: &Rule, table: Table, subject: Expr) -> PolarsResult<DataFrame> {
    let severity = Severity::parse(rule.severity).unwrap_or(Severity::Medium);
    // Calls are no rows of a table: their places are the evidence.
    let place =
        |name: &str| if table == Table::Calls { col(name) } else { lit(NULL).cast(DataType::UInt64).alias(name) };
    let mut columns = vec![
        subject.alias("subject"),
        lit(severity as i32).cast(DataType::Int32).alias("severity"),
        lit(table.name()).alias("table"),
        col("row"),
        col("at").alias("first"),
        col("at").alias("last"),
        lit(1u64).cast(DataType::UInt64).alias("count"),
        place("source").cast(DataType::UInt64),
        place("record").cast(DataType::UInt64),
        place("line").cast(DataType::UInt64),
    ];
    columns.extend(ABOUT.iter().map(|name| col(format!("about_{name}")).alias(*name)));
    matched.select(columns).collect()
}

fn of_correlation(
    correlation: &Correlation,
    detections: &[Detection],
    matched: &[Result<Option<DataFrame>, String>],
    data: &Dataset<'_>,
) -> Result<Option<DataFrame>, String> {
    let rules: BTreeSet<usize> = correlation.rules.iter().copied().collect();
    let mut events = Vec::new();
    for &at in &rules {
        let detection = &detections[at];
        let named = |reason: &String| format!("{}: {reason}", detection.rule.id);
        if let Some(frame) = matched[at].as_ref().map_err(named)? {
            events.extend(of_rule(correlation, at, detection, frame).map_err(|error| error.to_string())?);
        }
    }
    if events.is_empty() && rules.iter().all(|at| matches!(matched[*at], Ok(None))) {
        return Ok(None);
    }
    let ends = rules.iter().filter_map(|at| data.coverage_of(detections[*at].table)?.last());
    let until = ends.min().unwrap_or(data.window.as_of);
    let mut parts = Vec::new();
    for (group, events) in groups(events.into_iter()) {
        let subject = if group.is_empty() { "all records".to_owned() } else { group.join(", ") };
        for found in correlation.find(&events, until) {
            for &at in &rules {
                let Ok(Some(frame)) = &matched[at] else { continue };
                let rows = found.iter().map(|event| &events[*event]).filter(|event| event.rule == at);
                let rows: Vec<IdxSize> = rows.map(|event| event.row as IdxSize).collect();
                if rows.is_empty() {
                    continue;
                }
                let taken = frame.take(&IdxCa::from_vec("rows".into(), rows)).map_err(|error| error.to_string())?;
                let hits = hits(taken.lazy(), correlation.rule, detections[at].table, lit(subject.clone()));
                parts.push(hits.map_err(|error| error.to_string())?.lazy());
            }
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let all = concat(parts, UnionArgs::default()).and_then(LazyFrame::collect);
    all.map(Some).map_err(|error| error.to_string())
}

/// The records of a rule as events, each with the values of its group.
fn of_rule(
    correlation: &Correlation,
    at: usize,
    detection: &Detection,
    frame: &DataFrame,
) -> PolarsResult<Vec<(Vec<String>, Event)>> {
    let kept = |name: &String| -> PolarsResult<&StringChunked> {
        let place = detection.kept.iter().position(|(known, _)| known == name).unwrap_or_default();
        frame.column(&format!("kept_{place}"))?.str()
    };
    let groups = correlation.group_by.iter().map(kept).collect::<PolarsResult<Vec<_>>>()?;
    let value = match &correlation.sought {
        Sought::Values(_, field) => Some(kept(field)?),
        _ => None,
    };
    let times = frame.column("at")?.i64()?;
    let event = |row: usize| {
        // A record without the value that is grouped or counted by says nothing.
        let group = groups.iter().map(|column| column.get(row).map(str::to_owned)).collect::<Option<Vec<String>>>()?;
        let value = match value {
            None => String::new(),
            Some(column) => column.get(row)?.to_owned(),
        };
        Some((group, Event { time: times.get(row)?, rule: at, row, value }))
    };
    Ok((0..frame.height()).filter_map(event).collect())
}
