//! Frames for the rules: tables as polars data frames, calls as one row per tally.

use std::collections::HashMap;

use polars::prelude::*;

use crate::address::{neighbourhood, parse_ip};
use crate::attribution::{Attributed, Attribution};
use crate::decimal::{PRECISION, SCALE};
use crate::expectations::Expectations;
use crate::ingest::calls::{CallLog, Tally};
use crate::ingest::table::{TableBuilder, Values};
use crate::matching::{Caller, Inventory};
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::{Table, split_pair};
use crate::time::DAY;

/// Whether a status says that nothing came of it: failed, cancelled, rejected.
fn is_undone(status: &str) -> bool {
    let status = status.to_lowercase();
    ["cancel", "fail", "reject", "expire", "unsuccess", "declin", "refus"].iter().any(|word| status.contains(word))
}

/// A table as a frame: its columns, then `row`, `source`, `record`, `line`, `day` (since 1970), `in_window` and
/// `baseline` (before the window); for tables of pairs also `base` and `quote`, for those with a status `undone`, for the
/// ledger the `meaning` of the operation.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn table_frame(
    builder: &TableBuilder,
    keep: &[bool],
    window: &Window,
    reference: &Reference,
) -> PolarsResult<DataFrame> {
    let kept: Vec<usize> = (0..builder.len()).filter(|&at| keep[at]).collect();
    let mut columns: Vec<Column> = Vec::new();
    let mut times: Vec<Option<i64>> = Vec::new();
    for (position, (column, values)) in builder.table.columns().iter().zip(&builder.values).enumerate() {
        let name: PlSmallStr = column.name.into();
        let main = match values {
            Values::Time(all) => {
                let all: Vec<Option<i64>> = kept.iter().map(|&at| all[at]).collect();
                if position == 0 {
                    times.clone_from(&all);
                }
                Column::new(name, all)
            }
            Values::Text(all) => {
                let all: Vec<Option<&str>> = kept.iter().map(|&at| all[at].as_deref()).collect();
                if column.name == "symbol" {
                    let parts: Vec<(&str, &str)> =
                        all.iter().map(|symbol| split_pair(symbol.unwrap_or_default())).collect();
                    columns.push(Column::new("base".into(), parts.iter().map(|(base, _)| *base).collect::<Vec<_>>()));
                    columns
                        .push(Column::new("quote".into(), parts.iter().map(|(_, quote)| *quote).collect::<Vec<_>>()));
                }
                if column.name == "status" {
                    columns.push(Column::new(
                        "undone".into(),
                        all.iter().map(|status| is_undone(status.unwrap_or_default())).collect::<Vec<_>>(),
                    ));
                }
                Column::new(name, all)
            }
            Values::Decimal(all) => Int128Chunked::from_iter_options(name, kept.iter().map(|&at| all[at]))
                .into_decimal(PRECISION, SCALE)?
                .into_column(),
        };
        columns.push(main);
    }
    if builder.table == Table::Ledger {
        columns.push(Column::new("meaning".into(), meanings(builder, &kept, reference)));
    }
    columns.push(Column::new("row".into(), (0..kept.len() as u32).collect::<Vec<_>>()));
    columns.push(Column::new("source".into(), kept.iter().map(|&at| builder.source[at]).collect::<Vec<_>>()));
    columns.push(Column::new("record".into(), kept.iter().map(|&at| builder.record[at]).collect::<Vec<_>>()));
    columns.push(Column::new("line".into(), kept.iter().map(|&at| builder.line[at]).collect::<Vec<_>>()));
    columns.push(Column::new(
        "in_window".into(),
        times.iter().map(|t| t.is_some_and(|t| window.holds(t))).collect::<Vec<_>>(),
    ));
    columns.push(Column::new("day".into(), times.iter().map(|t| t.map(|t| t.div_euclid(DAY))).collect::<Vec<_>>()));
    columns.push(Column::new(
        "baseline".into(),
        times.iter().map(|t| t.is_some_and(|t| t < window.start)).collect::<Vec<_>>(),
    ));
    DataFrame::new(kept.len(), columns)
}

/// What the operation of each ledger record means.
fn meanings(builder: &TableBuilder, kept: &[usize], reference: &Reference) -> Vec<Option<String>> {
    let text = |name: &str, at: usize| match builder.table.position(name).map(|column| &builder.values[column]) {
        Some(Values::Text(all)) => all[at].as_deref().unwrap_or_default(),
        _ => "",
    };
    // There are few operations, and many records of each.
    let mut known: HashMap<(&str, &str), Option<String>> = HashMap::new();
    let mut meaning = |at: usize| {
        let key = (text("exchange", at), text("operation", at));
        known.entry(key).or_insert_with(|| reference.ledger(key.0, key.1).map(|found| found.meaning.clone())).clone()
    };
    kept.iter().map(|&at| meaning(at)).collect()
}

/// The calls as a frame, one row per tally.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn call_frame(
    log: &CallLog,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
    window: &Window,
) -> PolarsResult<DataFrame> {
    let tallies = &log.tallies;
    let texts = |value: &dyn Fn(&Tally) -> String| tallies.iter().map(value).collect::<Vec<String>>();
    let key = |at: Option<usize>| at.and_then(|at| expectations.map(|e| &e.keys[at]));
    let dynamic = |at: Option<usize>| at.is_some_and(|at| expectations.is_some_and(|e| e.networks[at].is_dynamic));
    let prefix = |tally: &Tally| {
        let ip = log.caller(tally).ip;
        parse_ip(ip).map_or_else(|| ip.to_owned(), |ip| neighbourhood(ip).to_string())
    };
    let columns = vec![
        Column::new("row".into(), (0..tallies.len() as u32).collect::<Vec<_>>()),
        Column::new("account".into(), texts(&|t| log.text(t.caller[0]).to_owned())),
        Column::new(
            "key".into(),
            texts(&|t| key_label(&log.caller(t), t.verdict.key.index(), expectations, inventory)),
        ),
        Column::new("ip".into(), texts(&|t| log.caller(t).ip.to_owned())),
        Column::new("prefix".into(), texts(&prefix)),
        Column::new(
            "place".into(),
            texts(&|t| {
                let ip = log.caller(t).ip;
                if ip.contains(':') { prefix(t) } else { ip.to_owned() }
            }),
        ),
        Column::new("client".into(), texts(&|t| log.caller(t).client.to_owned())),
        Column::new("operation".into(), texts(&|t| operation(&log.caller(t)))),
        Column::new("class".into(), texts(&|t| t.verdict.class.name().to_owned())),
        Column::new("sensitive".into(), tallies.iter().map(|t| t.verdict.class.is_sensitive()).collect::<Vec<_>>()),
        Column::new("outcome".into(), texts(&|t| t.verdict.outcome.name().to_owned())),
        Column::new("entered".into(), tallies.iter().map(|t| t.verdict.outcome.may_have_entered()).collect::<Vec<_>>()),
        Column::new("dynamic".into(), tallies.iter().map(|t| dynamic(t.verdict.network)).collect::<Vec<_>>()),
        Column::new("key_verdict".into(), texts(&|t| t.verdict.key.name().to_owned())),
        Column::new("ip_verdict".into(), texts(&|t| t.verdict.ip.name().to_owned())),
        Column::new("tool_verdict".into(), texts(&|t| t.verdict.tool.name().to_owned())),
        Column::new("operation_verdict".into(), texts(&|t| t.verdict.operation.name().to_owned())),
        Column::new(
            "deleted_at".into(),
            tallies.iter().map(|t| key(t.verdict.key.index()).and_then(|key| key.valid.until)).collect::<Vec<_>>(),
        ),
        Column::new(
            "allowed".into(),
            texts(&|t| key(t.verdict.key.index()).map_or(String::new(), |key| key.allow.join(", "))),
        ),
        Column::new("in_window".into(), tallies.iter().map(|t| window.holds(t.first)).collect::<Vec<_>>()),
        Column::new("baseline".into(), tallies.iter().map(|t| t.first < window.start).collect::<Vec<_>>()),
        Column::new("count".into(), tallies.iter().map(|t| t.count).collect::<Vec<_>>()),
        Column::new("first".into(), tallies.iter().map(|t| t.first).collect::<Vec<_>>()),
        Column::new("last".into(), tallies.iter().map(|t| t.last).collect::<Vec<_>>()),
    ];
    DataFrame::new(tallies.len(), columns)
}

/// The sampled places of all tallies: `row` of the tally and `time`.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn sample_frame(log: &CallLog) -> PolarsResult<DataFrame> {
    let places: Vec<(u32, i64)> = log
        .tallies
        .iter()
        .enumerate()
        .flat_map(|(row, tally)| tally.sample.iter().map(move |place| (row as u32, place.time)))
        .collect();
    let columns = vec![
        Column::new("row".into(), places.iter().map(|(row, _)| *row).collect::<Vec<_>>()),
        Column::new("time".into(), places.iter().map(|(_, time)| *time).collect::<Vec<_>>()),
    ];
    DataFrame::new(places.len(), columns)
}

/// What is odd about the call or the login that placed an order.
fn doubt(order: &Attributed, log: &CallLog) -> String {
    match (&order.call, &order.session) {
        (Some(call), _) => log.tallies[call.tally as usize].verdict.doubts().join("; "),
        (None, Some(_)) => "placed by hand after a login from an address that is none of yours".to_owned(),
        (None, None) => String::new(),
    }
}

/// The address of the call or the login that placed an order.
fn address(order: &Attributed, log: &CallLog) -> String {
    match (&order.call, &order.session) {
        (Some(call), _) => log.caller(&log.tallies[call.tally as usize]).ip.to_owned(),
        (None, session) => session.clone().unwrap_or_default(),
    }
}

/// What explains each order, one row per row of the order table.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn verdict_frame(
    attribution: &Attribution,
    log: &CallLog,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
) -> PolarsResult<DataFrame> {
    let orders: Vec<(u32, &Attributed)> =
        attribution.orders.iter().flat_map(|order| order.order.rows.iter().map(move |row| (*row, order))).collect();
    let texts = |value: &dyn Fn(&Attributed, &Tally) -> String| {
        let of_call = |order: &Attributed| {
            order.call.map_or(String::new(), |call| value(order, &log.tallies[call.tally as usize]))
        };
        orders.iter().map(|(_, order)| of_call(order)).collect::<Vec<String>>()
    };
    let columns = vec![
        Column::new("row".into(), orders.iter().map(|(row, _)| *row).collect::<Vec<_>>()),
        Column::new("verdict".into(), orders.iter().map(|(_, order)| order.verdict.name()).collect::<Vec<_>>()),
        Column::new("in_gap".into(), orders.iter().map(|(_, order)| order.in_gap).collect::<Vec<_>>()),
        Column::new("doubt".into(), orders.iter().map(|(_, order)| doubt(order, log)).collect::<Vec<_>>()),
        Column::new("ip".into(), orders.iter().map(|(_, order)| address(order, log)).collect::<Vec<_>>()),
        Column::new(
            "key".into(),
            texts(&|_, tally| key_label(&log.caller(tally), tally.verdict.key.index(), expectations, inventory)),
        ),
        Column::new("client".into(), texts(&|_, tally| log.caller(tally).client.to_owned())),
    ];
    DataFrame::new(orders.len(), columns)
}

/// The name a key goes by in reports: that of the expectations, else of a key list, else as logged.
pub fn key_label(
    caller: &Caller<'_>,
    index: Option<usize>,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
) -> String {
    if let (Some(at), Some(expectations)) = (index, expectations) {
        return expectations.keys[at].name.clone();
    }
    // A stranger that goes by the name of an expected key is told from it by its id.
    let borrowed = |e: &Expectations| e.keys.iter().any(|key| key.name.eq_ignore_ascii_case(caller.key_name));
    if !caller.key_name.is_empty() && (caller.key.is_empty() || !expectations.is_some_and(borrowed)) {
        return caller.key_name.to_owned();
    }
    let named = inventory.aliases("", caller.key).map(|(name, _)| name).find(|name| !name.is_empty());
    named.filter(|_| caller.key_name.is_empty()).unwrap_or(caller.key).to_owned()
}

/// An operation as people read it: method and path, or as logged.
pub fn operation(caller: &Caller<'_>) -> String {
    if caller.method.is_empty() {
        caller.operation.to_owned()
    } else {
        format!("{} {}", caller.method, caller.operation)
    }
}
