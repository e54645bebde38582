//! Clocks of files that do not agree.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::attribution::clocks::{ClockPair, Relation};
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::ingest::Source;
use crate::sources::file_name;
use crate::tables::Table;
use crate::time::{MINUTE, SECOND, Zone, span_words};

pub(crate) static RULE: Rule = Rule {
    id: "clock-offset",
    title: "clocks that differ",
    severity: "medium beyond `seconds`; info when it is made up for and small, and for a caller whose own clock is off",
    confidence: Confidence::High,
    subject: Subject::Table,
    message: "{what}",
    needs: &[Table::Calls, Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "An order is held against the calls of its time. When one of the files is off by hours, nothing fits; when it is off by seconds, the wrong call may.",
    logic: "The median of order time less call time, over orders and calls that name each other or have only each other within ten minutes (at least `pairs`, spread below `spread`). Up to `seconds` is the way through the exchange. Up to `made_up` is made up for and said, at medium. Where the medians of five days or more move by over `drift` a day, the clock drifts: a line with the slope of Theil and Sen is made up for, up to 2 minutes. Within `zone` of a multiple of 15 minutes (up to 14 hours) it is an error of a time zone: the `--tz` that sets it right is named, and nothing is changed unasked. A shift is also looked for where fewer than 60 % of the calls have an order at their time. A caller has a clock of its own that is off when the exchange refused at least `refused` of its calls of the window, and `share` of them, for their timestamp (-1021 of Binance, 50102 of OKX).",
    benign: &[
        "the machine that wrote the log has a clock that is off",
        "the zone of an export is not the one its name says",
    ],
    next: &[Step::SetZone],
    sources: "Stevens 2004 and Schatz, Mohay and Clark 2006: a clock is modelled by another before its error is removed; recvWindow: binance-spot-api-docs rest-api.md",
    thresholds: &[
        Threshold {
            name: "seconds",
            default: 2.0,
            unit: "seconds",
            source: "the usual way of an order through the exchange, own proposal",
        },
        Threshold { name: "pairs", default: 8.0, unit: "orders and calls", source: "own proposal" },
        Threshold { name: "spread", default: 5.0, unit: "seconds", source: "own proposal" },
        Threshold {
            name: "made_up",
            default: 60.0,
            unit: "seconds, at most 120",
            source: "the widest recvWindow: binance-spot-api-docs rest-api.md",
        },
        Threshold { name: "zone", default: 90.0, unit: "seconds", source: "own proposal" },
        Threshold { name: "drift", default: 1.0, unit: "seconds a day", source: "own proposal" },
        Threshold { name: "refused", default: 3.0, unit: "calls", source: "own proposal" },
        Threshold {
            name: "share",
            default: 0.01,
            unit: "of the calls",
            source: "own proposal: a request that is late on its way is refused now and then",
        },
    ],
    plan,
};

/// Codes by which exchanges refuse a request for its timestamp: outside `recvWindow`, or too far ahead (binance-spot-api-docs
/// errors.md; OKX by pyted/okx#1).
const TIMESTAMP: &[&str] = &["-1021", "50102"];

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if data.coverage_of(Table::Calls).is_none() {
        return Ok(None);
    }
    let mut hits = callers(data, [thresholds.value("refused"), thresholds.value("share")])?;
    if data.orders.is_some() {
        hits.extend(files(data, thresholds));
    }
    frame(&hits, &["what", "key", "ip"])
}

/// The callers whose own clocks are off.
fn callers(data: &Dataset<'_>, [least, share]: [f64; 2]) -> PolarsResult<Vec<Hit>> {
    let rows = call_rows(data)?;
    let of_window = || rows.iter().filter(|row| data.window.holds(row.tally.first));
    // All calls of each caller, and those refused; of others than these nothing is of use.
    let mut callers: BTreeMap<(&str, &str), (u64, Vec<&CallRow<'_>>)> = BTreeMap::new();
    for row in of_window() {
        if [row.code(), row.status()].iter().any(|code| TIMESTAMP.contains(&code.trim())) {
            callers.entry((row.key, row.ip())).or_default().1.push(row);
        }
    }
    if callers.is_empty() {
        return Ok(Vec::new());
    }
    for row in of_window() {
        if let Some((calls, _)) = callers.get_mut(&(row.key, row.ip())) {
            *calls += row.tally.count;
        }
    }
    let mut hits = Vec::new();
    for ((key, ip), (calls, rows)) in callers {
        let count: u64 = rows.iter().map(|row| row.tally.count).sum();
        if (count as f64) < least.max(share * calls as f64) {
            continue;
        }
        let what = format!(
            "the timestamps of {} from {ip} were refused by the exchange: the clock of that machine is off, and so may be the times that it logs",
            counted(count, "call")
        );
        hits.extend(rows.iter().map(|row| {
            row.hit(Table::Calls.name(), Severity::Info, vec![what.clone(), key.to_owned(), ip.to_owned()])
        }));
    }
    Ok(hits)
}

/// The logs and exports whose clocks do not agree.
fn files(data: &Dataset<'_>, thresholds: &Thresholds) -> Vec<Hit> {
    let limit = (thresholds.value("seconds") * SECOND as f64) as i64;
    let source = |id: u32| data.sources.iter().find(|source| source.id == id);
    let mut hits = Vec::new();
    for pair in data.attribution.clocks.pairs.iter().filter(|pair| pair.relation != Relation::Agree) {
        let (Some(calls), Some(orders)) = (source(pair.calls), source(pair.orders)) else { continue };
        let what = match pair.relation {
            Relation::Corrected => "made up for when orders are held against calls".to_owned(),
            Relation::Zone => remedy(pair, calls, orders),
            _ => "no time zone explains it, so no order is held against these calls by its time".to_owned(),
        };
        let line = &pair.line;
        let level = if line.widest.abs() > limit { Severity::Medium } else { Severity::Info };
        let signed = |span: i64| format!("{}{}", if span < 0 { "-" } else { "" }, span_words(span.abs()));
        let span = match line.drift {
            0 => signed(line.offset),
            drift => format!("up to {}, growing by {:.1} s a day", signed(line.widest), drift as f64 / SECOND as f64),
        };
        let what = format!(
            "the times of {} and {} differ by {span}, measured on {} and as many calls: {what}",
            calls.path,
            orders.path,
            counted(pair.pairs, "order")
        );
        let details = vec![what, String::new(), String::new()];
        let subject = Table::Calls.name().to_owned();
        hits.push(Hit {
            subject,
            severity: level,
            at: None,
            first: calls.first,
            last: calls.last(),
            count: 1,
            details,
        });
    }
    hits
}

/// The option that would set a time zone right: for the file whose zone was only assumed, else for either.
fn remedy(pair: &ClockPair, calls: &Source, orders: &Source) -> String {
    let quarters = |span: i64| (span as f64 / (15 * MINUTE) as f64).round() as i64 * 15 * 60;
    let shifted = |source: &Source, by: i64| {
        let Some(Zone::Offset(east)) = Zone::parse(&source.zone) else { return None };
        let zone = Zone::Offset(east + i32::try_from(quarters(by)).ok()?);
        Some(format!("--tz '{}={zone}'", file_name(&source.path)))
    };
    // A log whose times are too late was written further east than it was read.
    let (of_calls, of_orders) = (shifted(calls, -pair.line.offset), shifted(orders, pair.line.offset));
    let fits = match (of_calls, of_orders, calls.zone_from == "assumed", orders.zone_from == "assumed") {
        (Some(one), _, true, false) | (_, Some(one), false, true) => one,
        (Some(calls), Some(orders), ..) => format!("{calls} or {orders}"),
        (one, other, ..) => one.or(other).unwrap_or_else(|| "--tz with the zone it was written in".to_owned()),
    };
    format!("one of them was read in the wrong time zone; run again with {fits}")
}
