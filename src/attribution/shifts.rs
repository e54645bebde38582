//! Shifts of a whole log: how far its times must be moved for its calls to have orders, where the clocks are too far apart for
//! single orders and calls to be told as pairs.
//!
//! A wrong zone shifts by quarters of an hour, which are tried one by one. A clock that is off by anything else is found by a
//! vote: every call of a sample votes for its distances to the orders of its pair, side and quantity, and only the true
//! distance gets the votes of most calls.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::clocks::{ClockPair, Limits, QUARTER, Relation};
use super::drift::{Line, median, spread};
use super::orders::Order;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::ingest::{FastMap, FastSet};
use crate::time::{HOUR, SECOND};

/// The widest offsets from UTC are 12 hours west and 14 east.
const WIDEST: i64 = 14 * HOUR;
/// A shift must place this share of the calls, and this many times as many as any other.
const FITTING: f64 = 0.6;
const BETTER: usize = 2;
/// Distances looked at: so many calls are taken as have no more, so that work and memory stay the same for any number of orders.
const DISTANCES: usize = 500_000;

/// The time of an order, and its quantity.
type Timed = (i64, Option<i128>);

/// The orders of a source by pair and side, and the unit of its times.
#[derive(Default)]
struct Kinds<'a> {
    grain: i64,
    orders: FastMap<(&'a str, &'a str), Vec<Timed>>,
}

/// Pairs of sources that fit only when one is shifted.
pub(super) fn shifts(orders: &[Box<Order>], log: &CallLog, limits: Limits) -> Vec<ClockPair> {
    // A log may name pair and side, or neither.
    let wanted: FastSet<(&str, &str)> =
        log.clock_calls().map(|call| (log.text(call.symbol), log.text(call.side))).collect();
    let mut times: BTreeMap<u32, Kinds<'_>> = BTreeMap::new();
    for order in orders {
        let kinds = times.entry(order.source).or_default();
        kinds.grain = order.grain;
        let kind = [(order.symbol.as_str(), order.side.as_str()), ("", "")];
        for kind in kind.into_iter().filter(|kind| wanted.contains(kind)) {
            kinds.orders.entry(kind).or_default().push((order.time, order.quantity));
        }
    }
    let mut calls: BTreeMap<u32, Vec<&OrderCall>> = BTreeMap::new();
    for call in log.clock_calls() {
        calls.entry(call.place.source).or_default().push(call);
    }
    let mut found = Vec::new();
    for (&orders, kinds) in &times {
        for (&source, calls) in &calls {
            let sources = Sources { calls, kinds, log, limits };
            if sources.fits(&sources.placed(0)) {
                continue;
            }
            if let Some((pairs, line)) = sources.quarter().or_else(|| sources.elsewhere()) {
                let relation = limits.relation(&line);
                if relation != Relation::Agree {
                    found.push(ClockPair { calls: source, orders, pairs, line, relation });
                }
            }
        }
    }
    found
}

/// The calls of one source and the orders of another.
struct Sources<'a> {
    calls: &'a [&'a OrderCall],
    kinds: &'a Kinds<'a>,
    log: &'a CallLog,
    limits: Limits,
}

/// The distances of the calls that have an order at a shift, and how many calls fall among the orders at all.
type Placed = (Vec<i64>, usize);

impl Sources<'_> {
    fn fits(&self, (distances, among): &Placed) -> bool {
        distances.len() >= self.limits.pairs && distances.len() as f64 >= FITTING * *among as f64
    }

    /// The orders of a call's pair and side, and by how much coarse times widen what is near.
    fn orders(&self, call: &OrderCall) -> Option<(&[Timed], i64)> {
        let orders = self.kinds.orders.get(&(self.log.text(call.symbol), self.log.text(call.side)))?;
        Some((orders, [call.grain, self.kinds.grain].into_iter().filter(|grain| *grain > SECOND).sum()))
    }

    /// How many calls have an order of their pair, side and quantity at their time and a shift.
    fn placed(&self, shift: i64) -> Placed {
        let (mut distances, mut among) = (Vec::new(), 0);
        for call in self.calls {
            let Some((orders, widen)) = self.orders(call) else { continue };
            let (at, early) = (call.place.time + shift, self.limits.nothing + widen);
            let (Some(first), Some(last)) = (orders.first(), orders.last()) else { continue };
            if !(first.0 - early..=last.0 + widen).contains(&at) {
                continue;
            }
            among += 1;
            let from = orders.partition_point(|(time, _)| *time < at - early);
            let near = orders[from..].iter().take_while(|(time, _)| *time <= at + self.limits.spread + widen);
            distances.extend(near.filter(|order| may_be(call, order)).map(|(time, _)| time - call.place.time).next());
        }
        (distances, among)
    }

    /// The multiple of a quarter of an hour that places the calls.
    fn quarter(&self) -> Option<(usize, Line)> {
        let shifts = (-WIDEST / QUARTER..=WIDEST / QUARTER).map(|quarters| quarters * QUARTER);
        let mut ranked: Vec<(Placed, i64)> = shifts.map(|shift| (self.placed(shift), shift)).collect();
        ranked.sort_by_key(|((fit, _), shift)| (Reverse(fit.len()), shift.abs(), *shift));
        let [(best, shift), ((second, _), _), ..] = &ranked[..] else { return None };
        (*shift != 0 && self.fits(best) && best.0.len() >= BETTER * second.len()).then(|| steady(&best.0))
    }

    /// The distance that most calls vote for.
    fn elsewhere(&self) -> Option<(usize, Line)> {
        let widen = self.calls.iter().filter_map(|call| self.orders(call)).map(|(_, widen)| widen).max()?;
        let width = self.limits.spread.max(SECOND) + widen;
        let distances = |call: &&OrderCall| -> Vec<i64> {
            let Some((orders, _)) = self.orders(call) else { return Vec::new() };
            let at = call.place.time;
            let reach = [at - WIDEST, at + WIDEST].map(|end| orders.partition_point(|(time, _)| *time < end));
            let fitting = orders[reach[0]..reach[1]].iter().filter(|order| may_be(call, order));
            fitting.map(|(time, _)| time - at).collect()
        };
        let within = |call: &&OrderCall| {
            let Some((orders, _)) = self.orders(call) else { return 0 };
            let [from, to] =
                [-WIDEST, WIDEST].map(|by| orders.partition_point(|(time, _)| *time < call.place.time + by));
            to - from
        };
        let step = self.calls.iter().map(within).sum::<usize>() / DISTANCES + 1;
        let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
        let mut all = Vec::new();
        for call in self.calls.iter().step_by(step) {
            let own = distances(call);
            let mut bins: Vec<i64> = own.iter().map(|distance| distance.div_euclid(width)).collect();
            bins.dedup();
            bins.into_iter().for_each(|bin| *votes.entry(bin).or_default() += 1);
            all.extend(own);
        }
        // What is measured may lie across the edge of two bins.
        let both = |bin: i64| votes.get(&bin).unwrap_or(&0) + votes.get(&(bin + 1)).unwrap_or(&0);
        let best = votes.keys().copied().max_by_key(|bin| (both(*bin), Reverse(bin.abs()), *bin))?;
        let second = votes.keys().copied().filter(|bin| !(best - 1..=best + 1).contains(bin)).map(both).max();
        if both(best) < BETTER * second.unwrap_or(0) {
            return None;
        }
        let voted = all.into_iter().filter(|distance| (best..=best + 1).contains(&distance.div_euclid(width)));
        let placed = self.placed(median(voted));
        self.fits(&placed).then(|| steady(&placed.0))
    }
}

/// Whether an order is of a call's quantity, as far as both say.
fn may_be(call: &OrderCall, (_, quantity): &Timed) -> bool {
    call.quantity.is_none() || quantity.is_none() || call.quantity == *quantity
}

/// Distances as a line without drift.
fn steady(distances: &[i64]) -> (usize, Line) {
    let offset = median(distances.iter().copied());
    let spread = spread(distances.iter().copied());
    (distances.len(), Line { offset, drift: 0, middle: 0, spread, widest: offset })
}
