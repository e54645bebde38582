//! Which orders belong to an episode.

use std::collections::BTreeSet;
use std::ops::Range;

use polars::prelude::{DataFrame, PolarsResult};

use super::again;
use super::chance::Near;
use super::deeds::{Deed, Deeds};
use super::entries::{self, Entry, OrderRows};
use super::habits::{Fit, Habits};
use super::p2p;
use crate::attribution::{OrderVerdict, capacity};
use crate::columns;
use crate::dataset::Dataset;
use crate::engine::Findings;
use crate::ingest::FastSet;
use crate::rules::Severity;
use crate::tables::Table;
use crate::time::{HOUR, MINUTE};

/// Named orders so near to one another are one episode.
pub const APART: i64 = HOUR;
/// An episode reaches back and forth over orders out of the ordinary so near to it …
const REACH: i64 = HOUR / 2;
/// … or P2P orders, which take their time, so near …
const P2P_REACH: i64 = 2 * HOUR;
/// … from this far around the named ones …
const AROUND: i64 = HOUR;
/// … and no further than this.
const FURTHEST: i64 = 6 * HOUR;
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
    let places: FastSet<(Table, u32)> = grave.flat_map(|finding| finding.grave.iter().copied()).collect();
    let mut found = Vec::new();
    if let Some(frame) = data.frames.get(&Table::P2p) {
        for (_, row) in places.iter().filter(|(table, _)| *table == Table::P2p) {
            found.extend(entries::p2p(frame, *row)?);
        }
    }
    let of_orders = places.iter().any(|(table, _)| matches!(table, Table::Orders | Table::Trades));
    if let (Some(view), Some(rows), true) = (&data.orders, OrderRows::new(data)?, of_orders) {
        let (tables, table_rows) = (columns::texts(view, "table")?, columns::counts(view, "table_row")?);
        for row in 0..view.height() {
            let table = if tables.get(row) == Some(Table::Orders.name()) { Table::Orders } else { Table::Trades };
            if table_rows.get(row).is_some_and(|at| places.contains(&(table, at))) {
                found.extend(rows.read(row as u32));
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

/// Takes named orders, in order of time, apart where they are far from one another.
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
pub fn around(deeds: &Deeds<'_>, data: &Dataset<'_>, seeds: &[Entry], verdicts: &Verdicts) -> PolarsResult<Vec<Entry>> {
    let named = seeds[0].time..seeds[seeds.len() - 1].time + 1;
    let furthest = named.start - FURTHEST..named.end + FURTHEST;
    let (near, p2p) = (deeds.within(&furthest), p2p::members(data, seeds, &furthest)?);
    let share = foreign_share(seeds, verdicts);
    let spent = strangers_are_spent(data, &named);
    let habits = Habits::outside(deeds, &named, &near);
    let mut fits = habits.fits(&near);
    let seed_rows: FastSet<u32> = seeds.iter().filter(|seed| seed.table != Table::P2p).map(|seed| seed.row).collect();
    let is_seed = |deed: &Deed| seed_rows.contains(&deed.row);
    // When most of the named orders look ordinary, it is not their look that gives them away.
    let usual = near.iter().zip(&fits).filter(|(deed, fit)| is_seed(deed) && **fit == Fit::Ordinary).count();
    let trusted = usual * 2 > seeds.len();
    // By time alone an order of the thief's may have got the owner's call and the other way round: then as many that look
    // ordinary have got a call of his. More that look odd than those are how the owner trades just then.
    let count = |own: &dyn Fn(bool, Fit) -> bool| {
        let inside = near.iter().zip(&fits).filter(|(deed, _)| named.contains(&deed.time));
        let judged = inside.filter_map(|(deed, fit)| Some((verdicts.of(deed.row)?.0.is_unrecognized(), *fit)));
        judged.filter(|(strange, fit)| own(*strange, *fit)).count()
    };
    let swapped =
        count(&|strange, fit| !strange && fit == Fit::Odd) <= count(&|strange, fit| strange && fit != Fit::Odd);
    for (deed, fit) in near.iter().zip(&mut fits) {
        *fit = match verdicts.of(deed.row) {
            Some((verdict, _)) if verdict.is_unrecognized() => Fit::Odd,
            Some((OrderVerdict::Explained | OrderVerdict::Ambiguous | OrderVerdict::Resting, weak))
                if share >= FOREIGN
                    || share >= PARTLY && (!weak || spent && (*fit != Fit::Odd || !swapped) || *fit == Fit::Fast) =>
            {
                Fit::Own
            }
            _ if trusted && is_seed(deed) => Fit::Odd,
            _ if *fit == Fit::Fast => Fit::Odd,
            _ => *fit,
        };
    }
    let is_known =
        |deed: &Deed| is_seed(deed) || verdicts.of(deed.row).is_some_and(|(verdict, _)| verdict.is_unrecognized());
    again::leave_rounds(deeds, &near, &mut fits, &is_known);
    let around = named.start - AROUND..named.end + AROUND;
    let odd = near.iter().zip(&fits).filter(|(deed, fit)| **fit == Fit::Odd && around.contains(&deed.time));
    let odd = odd.map(|(deed, _)| (deed.time, deed.buy)).chain(p2p.iter().map(|entry| (entry.time, entry.buy)));
    let odd: Vec<(i64, bool)> = odd.collect();
    Near { near: &near, deeds, habits: &habits, is_named: &is_seed }.draw_in(&mut fits, &odd);
    let judged = near.iter().zip(fits).filter(|(_, fit)| *fit == Fit::Odd);
    let mut odd: Vec<Entry> = judged.filter_map(|(deed, _)| deeds.entry(deed)).chain(p2p).collect();
    sort(&mut odd);
    Ok(reached(&odd, named))
}

/// The entries of the named span and an hour around it, and those that follow one another closely from there.
fn reached(odd: &[Entry], named: Range<i64>) -> Vec<Entry> {
    let inside = |entry: &Entry| (named.start - AROUND..named.end + AROUND).contains(&entry.time);
    let (Some(mut from), Some(mut until)) = (odd.iter().position(inside), odd.iter().rposition(inside)) else {
        return Vec::new();
    };
    let near = |before: &Entry, after: &Entry| {
        let of_p2p = before.table == Table::P2p || after.table == Table::P2p;
        after.time - before.time <= if of_p2p { P2P_REACH } else { REACH }
    };
    while from > 0 && near(&odd[from - 1], &odd[from]) {
        from -= 1;
    }
    while until + 1 < odd.len() && near(&odd[until], &odd[until + 1]) {
        until += 1;
    }
    odd[from..=until].to_vec()
}

/// What explains the orders of the window, by row, and whether it does so weakly.
pub struct Verdicts(Vec<Option<(OrderVerdict, bool)>>);

impl Verdicts {
    /// Gathers them.
    pub fn new(data: &Dataset<'_>) -> Self {
        let mut by_row = vec![None; data.orders.as_ref().map_or(0, DataFrame::height)];
        for attributed in &data.attribution.orders {
            for row in &attributed.order.rows {
                by_row[*row as usize] = Some((attributed.verdict, attributed.is_weak()));
            }
        }
        Self(by_row)
    }

    /// That of a row.
    pub fn of(&self, row: u32) -> Option<(OrderVerdict, bool)> {
        self.0.get(row as usize).copied().flatten()
    }
}

/// The share of named orders that a stranger's calls made, or none.
fn foreign_share(seeds: &[Entry], verdicts: &Verdicts) -> f64 {
    let known: Vec<OrderVerdict> = seeds
        .iter()
        .filter(|seed| seed.table != Table::P2p)
        .filter_map(|seed| verdicts.of(seed.row).map(|(verdict, _)| verdict))
        .filter(|verdict| *verdict != OrderVerdict::NotCovered)
        .collect();
    let strange = known.iter().filter(|verdict| verdict.is_unrecognized()).count();
    strange as f64 / known.len().max(1) as f64
}

/// Whether strangers' calls made as many orders about then as they could: what is left are the owner's, however weakly his
/// calls explain each.
fn strangers_are_spent(data: &Dataset<'_>, named: &Range<i64>) -> bool {
    let span = named.start - MINUTE..named.end + MINUTE;
    let log = &data.calls;
    let from = log.order_calls.partition_point(|call| call.place.time < span.start);
    let calls = log.order_calls[from..].iter().take_while(|call| call.place.time < span.end);
    let strange = calls.map(|call| &log.tallies[call.tally as usize]).filter(|tally| !tally.expected);
    let able: usize =
        strange.filter(|tally| tally.verdict.outcome.may_have_acted()).map(|tally| capacity(log, tally)).sum();
    let orders = &data.attribution.orders;
    let from = orders.partition_point(|order| order.order.time < span.start);
    let made = orders[from..].iter().take_while(|order| order.order.time < span.end);
    able > 0 && made.filter(|order| order.verdict.is_unrecognized()).count() >= able
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
    let rows: FastSet<u32> = entries.iter().filter(|entry| entry.table != Table::P2p).map(|entry| entry.row).collect();
    let text = |name: &str| columns::texts(&data.verdicts, name);
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
