//! Which orders belong to an episode.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use polars::prelude::PolarsResult;

use super::entries::{self, Entry, OrderRows};
use super::habits::{Fit, Habits};
use crate::attribution::OrderVerdict;
use crate::dataset::Dataset;
use crate::engine::Findings;
use crate::rules::Severity;
use crate::tables::Table;
use crate::time::{HOUR, MINUTE};

/// Named orders so near to one another are one episode.
const APART: i64 = HOUR;
/// An episode reaches back and forth over orders out of the ordinary so near to it …
const REACH: i64 = HOUR / 2;
/// … from this far around the named ones …
const AROUND: i64 = HOUR;
/// … and no further than this.
const FURTHEST: i64 = 6 * HOUR;
/// So near to orders out of the ordinary, large ones belong to them.
const MIDST: i64 = 2 * MINUTE;
/// The share of named orders that only a stranger's calls explain from which the owner's calls are told apart from his …
const FOREIGN: f64 = 0.8;
/// … and from which those are that explain an order by more than chance: the owner's bot goes on while a thief is at work.
const PARTLY: f64 = 0.2;

/// The orders and P2P orders that findings of high severity name.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn named(data: &Dataset<'_>, findings: &Findings) -> PolarsResult<Vec<Entry>> {
    let grave = findings.found.iter().filter(|f| f.suppressed.is_none() && f.severity >= Severity::High);
    let places: HashSet<(Table, u32)> = grave.flat_map(|finding| finding.grave.iter().copied()).collect();
    let mut found = Vec::new();
    if let Some(frame) = data.frames.get(&Table::P2p) {
        for (_, row) in places.iter().filter(|(table, _)| *table == Table::P2p) {
            found.extend(entries::p2p(frame, *row)?);
        }
    }
    let of_orders = places.iter().any(|(table, _)| matches!(table, Table::Orders | Table::Trades));
    if let (Some(view), Some(rows), true) = (&data.orders, OrderRows::new(data), of_orders) {
        let (tables, table_rows) = (view.column("table")?.str()?, view.column("table_row")?.u32()?);
        for row in 0..view.height() {
            let table = if tables.get(row) == Some(Table::Orders.name()) { Table::Orders } else { Table::Trades };
            if table_rows.get(row).is_some_and(|at| places.contains(&(table, at))) {
                found.extend(rows.read(row as u32)?);
            }
        }
    }
    sort(&mut found);
    Ok(found)
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| {
        (a.time, &a.market, &a.symbol, a.buy, &a.id, a.quantity, a.total, a.table, a.row)
            .cmp(&(b.time, &b.market, &b.symbol, b.buy, &b.id, b.quantity, b.total, b.table, b.row))
    });
}

/// Takes named orders apart where they are far from one another.
pub fn clusters(named: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut clusters: Vec<Vec<Entry>> = Vec::new();
    for entry in named {
        match clusters.last_mut() {
            Some(last) if last.last().is_some_and(|before| entry.time - before.time <= APART) => last.push(entry),
            _ => clusters.push(vec![entry]),
        }
    }
    clusters
}

/// The episode around named orders, in order of time.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn around(data: &Dataset<'_>, seeds: &[Entry]) -> PolarsResult<Vec<Entry>> {
    let named = seeds[0].time..seeds[seeds.len() - 1].time + 1;
    let furthest = named.start - FURTHEST..named.end + FURTHEST;
    let (mut near, p2p): (Vec<Entry>, Vec<Entry>) = (within(data, &furthest)?, p2p_within(data, seeds, &furthest)?);
    sort(&mut near);
    let verdicts = verdicts(data);
    let share = foreign_share(seeds, &verdicts);
    let fits = Habits::outside(data, &named, &near)?.fits(&near);
    let seed_rows: HashSet<(Table, u32)> = seeds.iter().map(|seed| (seed.table, seed.row)).collect();
    let is_seed = |entry: &Entry| seed_rows.contains(&(entry.table, entry.row));
    // When most of the named orders look ordinary, it is not their look that gives them away.
    let usual = near.iter().zip(&fits).filter(|(entry, fit)| is_seed(entry) && **fit == Fit::Ordinary).count();
    let trusted = usual * 2 > seeds.len();
    let strange = |entry: &Entry, fit: Fit| match verdicts.get(&entry.row) {
        Some((verdict, _)) if verdict.is_unrecognized() => Fit::Odd,
        Some((OrderVerdict::Explained | OrderVerdict::Ambiguous | OrderVerdict::Resting, weak))
            if share >= FOREIGN || share >= PARTLY && !weak =>
        {
            Fit::Ordinary
        }
        _ if trusted && is_seed(entry) => Fit::Odd,
        _ => fit,
    };
    let judged: Vec<(Entry, Fit)> = near
        .into_iter()
        .zip(fits)
        .map(|(entry, fit)| {
            let fit = strange(&entry, fit);
            (entry, fit)
        })
        .collect();
    let around = named.start - AROUND..named.end + AROUND;
    let odd_times = || {
        judged
            .iter()
            .filter(|(entry, fit)| *fit == Fit::Odd && around.contains(&entry.time))
            .map(|(entry, _)| entry.time)
    };
    let midst = odd_times().min().unwrap_or(named.start) - MIDST..=odd_times().max().unwrap_or(named.end) + MIDST;
    let mut odd: Vec<Entry> = judged
        .into_iter()
        .filter(|(entry, fit)| *fit == Fit::Odd || (*fit == Fit::Large && midst.contains(&entry.time)))
        .map(|(entry, _)| entry)
        .collect();
    odd.extend(p2p);
    sort(&mut odd);
    Ok(reached(odd, named))
}

/// The entries of the named span and an hour around it, and those that follow one another closely from there.
fn reached(odd: Vec<Entry>, named: Range<i64>) -> Vec<Entry> {
    let (mut from, mut until) = (named.start - AROUND, named.end + AROUND);
    let inside = |from: i64, until: i64| odd.iter().filter(move |entry| (from..until).contains(&entry.time));
    let first = inside(from, until).map(|entry| entry.time).min().unwrap_or(named.start);
    let last = inside(from, until).map(|entry| entry.time).max().unwrap_or(named.end);
    let (mut edge, mut end) = (first, last);
    for entry in odd.iter().rev().filter(|entry| entry.time < first) {
        if edge - entry.time > REACH {
            break;
        }
        edge = entry.time;
    }
    for entry in odd.iter().filter(|entry| entry.time > last) {
        if entry.time - end > REACH {
            break;
        }
        end = entry.time;
    }
    (from, until) = (edge, end + 1);
    odd.into_iter().filter(|entry| (from..until).contains(&entry.time)).collect()
}

fn within(data: &Dataset<'_>, span: &Range<i64>) -> PolarsResult<Vec<Entry>> {
    let Some(rows) = OrderRows::new(data) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for row in rows.within(span)? {
        found.extend(rows.read(row)?);
    }
    Ok(found)
}

/// The P2P orders of a span: the named ones, and where P2P orders are named all that were not there before.
fn p2p_within(data: &Dataset<'_>, seeds: &[Entry], span: &Range<i64>) -> PolarsResult<Vec<Entry>> {
    let of_p2p: Vec<&Entry> = seeds.iter().filter(|seed| seed.table == Table::P2p).collect();
    let Some(frame) = data.frames.get(&Table::P2p).filter(|_| !of_p2p.is_empty()) else { return Ok(Vec::new()) };
    let created = frame.column("created")?.i64()?;
    let habit = created.iter().flatten().filter(|time| *time < span.start).count();
    let mut found = Vec::new();
    for row in 0..frame.height() {
        let near = created.get(row).is_some_and(|time| span.contains(&time));
        if near && (habit == 0 || of_p2p.iter().any(|seed| seed.row == row as u32)) {
            found.extend(entries::p2p(frame, row as u32)?);
        }
    }
    Ok(found)
}

/// What explains the orders of the window, by row, and whether it does so weakly.
fn verdicts(data: &Dataset<'_>) -> HashMap<u32, (OrderVerdict, bool)> {
    let orders = data.attribution.orders.iter();
    orders.flat_map(|order| order.order.rows.iter().map(move |row| (*row, (order.verdict, order.is_weak())))).collect()
}

/// The share of named orders that a stranger's calls made, or none.
fn foreign_share(seeds: &[Entry], verdicts: &HashMap<u32, (OrderVerdict, bool)>) -> f64 {
    let known: Vec<OrderVerdict> = seeds
        .iter()
        .filter(|seed| seed.table != Table::P2p)
        .filter_map(|seed| verdicts.get(&seed.row).map(|(verdict, _)| *verdict))
        .filter(|verdict| *verdict != OrderVerdict::NotCovered)
        .collect();
    let strange = known.iter().filter(|verdict| verdict.is_unrecognized()).count();
    strange as f64 / known.len().max(1) as f64
}

/// Who made the orders of an episode, where calls tell.
#[derive(Default)]
pub struct Callers {
    /// Their keys.
    pub keys: BTreeSet<String>,
    /// Their addresses.
    pub ips: BTreeSet<String>,
    /// Their clients.
    pub clients: BTreeSet<String>,
}

/// Who made the orders of an episode, where calls tell.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn callers(data: &Dataset<'_>, entries: &[Entry]) -> PolarsResult<Callers> {
    let rows: HashSet<u32> = entries.iter().filter(|entry| entry.table != Table::P2p).map(|entry| entry.row).collect();
    let text = |name: &str| -> PolarsResult<_> { data.verdicts.column(name)?.str() };
    let (keys, ips, clients) = (text("key")?, text("ip")?, text("client")?);
    let mut callers = Callers::default();
    for (at, row) in data.verdicts.column("row")?.u32()?.iter().enumerate() {
        if row.is_some_and(|row| rows.contains(&row)) {
            let known = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
            callers.keys.extend(known(keys.get(at)));
            callers.ips.extend(known(ips.get(at)));
            callers.clients.extend(known(clients.get(at)));
        }
    }
    Ok(callers)
}
