//! How far apart the clocks of a call log and of an order export are, measured on the orders and calls that belong together.
//!
//! A small offset is applied and said; one near a multiple of a quarter of an hour is an error of a time zone, which is
//! named with what would set it right, and never corrected unasked.

use std::collections::BTreeMap;

use super::candidates::first_from;
use super::drift::Line;
use super::orders::{Order, Rest};
use super::shifts::shifts;
use crate::expectations::Expectations;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::ingest::{FastMap, FastSet};
use crate::parallel;
use crate::rules::clock_offset;
use crate::time::{MINUTE, SECOND, span_words};

/// An order and a call that have only each other within this span belong together.
const ALONE: i64 = 10 * MINUTE;
/// No more than this is made up for: so far from orders calls are kept.
const FARTHEST: i64 = 120 * SECOND;
pub(super) const QUARTER: i64 = 15 * MINUTE;
/// From so many orders and calls on another thread is worth its start.
const MANY: usize = 1_000;

/// The thresholds of `clock-offset`, which the clocks are measured by (as forensic practice has it, a clock is modelled before
/// its error is removed; Stevens 2004). Times in microseconds.
#[derive(Clone, Copy)]
pub struct Limits {
    /// So many pairs are needed to measure an offset …
    pub(super) pairs: usize,
    /// … and so little may they spread.
    pub(super) spread: i64,
    /// An offset up to this is the way of an order through the exchange …
    pub(super) nothing: i64,
    /// … up to this a clock that is off …
    made_up: i64,
    /// … and this near to a multiple of a quarter of an hour a time zone.
    zone: i64,
    /// By more than this a day a clock drifts.
    drift: i64,
}

impl Limits {
    /// Those in force.
    pub fn stated(expectations: Option<&Expectations>) -> Self {
        let thresholds = clock_offset::RULE.in_force(expectations);
        let seconds = |name: &str| (thresholds.value(name) * SECOND as f64) as i64;
        Self {
            pairs: (thresholds.value("pairs") as usize).max(1),
            spread: seconds("spread"),
            nothing: seconds("seconds"),
            made_up: seconds("made_up").min(FARTHEST),
            zone: seconds("zone"),
            drift: seconds("drift"),
        }
    }

    pub(super) fn relation(&self, line: &Line) -> Relation {
        let widest = line.widest.abs();
        let limit = if line.drift == 0 { self.made_up } else { FARTHEST };
        let quarters = (line.offset.abs() + QUARTER / 2) / QUARTER;
        if widest <= self.nothing {
            Relation::Agree
        } else if widest <= limit {
            Relation::Corrected
        } else if quarters > 0 && (line.offset.abs() - quarters * QUARTER).abs() <= self.zone {
            Relation::Zone
        } else {
            Relation::Apart
        }
    }
}

/// What two clocks are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// They agree.
    Agree,
    /// They differ by seconds, which is made up for.
    Corrected,
    /// They differ by what a wrong zone makes.
    Zone,
    /// They differ by something else.
    Apart,
}

/// The clocks of a call log and an order export.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockPair {
    /// The source of the calls.
    pub calls: u32,
    /// The source of the orders.
    pub orders: u32,
    /// How many orders and calls were held against each other.
    pub pairs: usize,
    /// The time of an order less that of its call.
    pub line: Line,
    /// What that means.
    pub relation: Relation,
}

impl ClockPair {
    /// Whether the clocks are too far apart to hold orders against calls.
    pub fn hinders(&self) -> bool {
        matches!(self.relation, Relation::Zone | Relation::Apart)
    }

    /// What they are to each other, in words.
    pub fn words(&self) -> String {
        let widest = self.line.widest;
        let (span, where_to) = (span_words(widest.abs()), if widest > 0 { "behind" } else { "ahead of" });
        format!("the clock of the call log is {span} {where_to} that of the orders")
    }
}

/// All pairs that could be measured.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// By source of the calls and the orders.
    pub pairs: Vec<ClockPair>,
}

impl Clocks {
    fn of(&self, call: &OrderCall, order: &Order) -> Option<&ClockPair> {
        self.pairs.iter().find(|pair| (pair.calls, pair.orders) == (call.place.source, order.source))
    }

    /// What is to be added to the time of a call to hold it against an order.
    pub fn correction(&self, call: &OrderCall, order: &Order) -> i64 {
        self.of(call, order)
            .filter(|pair| pair.relation == Relation::Corrected)
            .map_or(0, |pair| pair.line.at(call.place.time))
    }

    /// How an order of the near window is to be timed against a call: what its distance is due to be once the correction is
    /// made, and how far orders spread around that; `None` where the clocks could not be measured.
    pub fn due(&self, call: &OrderCall, order: &Order) -> Option<(i64, i64)> {
        let pair = self.of(call, order).filter(|pair| !pair.hinders())?;
        let due = if pair.relation == Relation::Agree { pair.line.offset } else { 0 };
        Some((due, pair.line.spread))
    }

    /// The widest correction.
    pub fn widest(&self) -> i64 {
        let corrected = self.pairs.iter().filter(|pair| pair.relation == Relation::Corrected);
        corrected.map(|pair| pair.line.widest.abs()).max().unwrap_or(0)
    }

    /// What keeps an order from being held against the calls: a log whose clock is off by more than can be made up for.
    pub fn hindrance(&self, order: &Order) -> Option<&ClockPair> {
        self.pairs.iter().find(|pair| pair.orders == order.source && pair.hinders())
    }
}

/// Measures the clocks. Orders are in order of time.
pub fn measure(orders: &[Box<Order>], log: &CallLog, limits: Limits, jobs: usize) -> Clocks {
    let mut pairs: BTreeMap<(u32, u32), ClockPair> = BTreeMap::new();
    let mut deltas: BTreeMap<(u32, u32), Vec<(i64, i64)>> = BTreeMap::new();
    let few = orders.len().min(log.order_calls.len()) < MANY;
    let (certain, shifts) = parallel::both(
        if few { 1 } else { jobs },
        || certain(orders, log, limits.pairs),
        || shifts(orders, log, limits),
    );
    for (order, call) in certain {
        let (order, place) = (&orders[order], log.order_calls[call].place);
        deltas.entry((place.source, order.source)).or_default().push((place.time, order.time - place.time));
    }
    for ((calls, source), deltas) in deltas {
        let line = Line::through(&deltas, limits.drift);
        if deltas.len() >= limits.pairs && line.spread < limits.spread {
            let relation = limits.relation(&line);
            pairs.insert((calls, source), ClockPair { calls, orders: source, pairs: deltas.len(), line, relation });
        }
    }
    for found in shifts {
        pairs.entry((found.calls, found.orders)).or_insert(found);
    }
    Clocks { pairs: pairs.into_values().collect() }
}

/// What an order and its call have in common: codes of pair and side, and the quantity; 0 and `None` where the log does not
/// say.
type Common = (u32, u32, Option<i128>);

/// Orders and calls that surely belong together: by an id, else because they have only each other far and wide, by the most
/// that the log tells of them.
fn certain(orders: &[Box<Order>], log: &CallLog, pairs: usize) -> Vec<(usize, usize)> {
    let named = by_id(orders, log);
    if named.len() >= pairs {
        return named;
    }
    let common = Names::of(log);
    let sharp: Vec<(usize, Common)> = (orders.iter().enumerate())
        .filter(|(_, order)| is_sharp(order))
        .map(|(at, order)| (at, (common.code(&order.symbol), common.code(&order.side), order.quantity)))
        .collect();
    let levels: [fn(Common) -> Common; 3] = [|all| all, |(symbol, side, _)| (symbol, side, None), |_| (0, 0, None)];
    for level in levels {
        let mut groups: FastMap<Common, (Vec<usize>, Vec<usize>)> = FastMap::default();
        for (at, call) in log.order_calls.iter().enumerate().filter(|(_, call)| call.grain <= SECOND) {
            groups.entry(level((call.symbol, call.side, call.quantity))).or_default().1.push(at);
        }
        for (at, kind) in &sharp {
            if let Some(group) = groups.get_mut(&level(*kind)) {
                group.0.push(*at);
            }
        }
        let mut found: Vec<(usize, usize)> =
            groups.values().flat_map(|(own, calls)| alone(own, calls, orders, log)).collect();
        if found.len() >= pairs {
            // The groups come in no certain order.
            found.sort_unstable();
            return found;
        }
    }
    Vec::new()
}

/// The pairs and sides that a log names.
struct Names<'a>(FastMap<&'a str, u32>);

impl<'a> Names<'a> {
    fn of(log: &'a CallLog) -> Self {
        let mut known: FastSet<u32> = FastSet::default();
        let codes = log.order_calls.iter().flat_map(|call| [call.symbol, call.side]).filter(|code| known.insert(*code));
        Self(codes.map(|code| (log.text(code), code)).collect())
    }

    /// Names that no call has are one to them: no order of theirs has a call.
    fn code(&self, text: &str) -> u32 {
        self.0.get(text).copied().unwrap_or(u32::MAX)
    }
}

/// Whether the time of an order is that of its making, to the second: a fill comes when the market does.
fn is_sharp(order: &Order) -> bool {
    order.rest == Rest::No && order.grain <= SECOND
}

fn by_id(orders: &[Box<Order>], log: &CallLog) -> Vec<(usize, usize)> {
    let mut named: FastMap<&str, usize> = FastMap::default();
    for (at, call) in log.order_calls.iter().enumerate() {
        named.extend(
            [call.order_id, call.client_order_id].iter().filter(|code| **code != 0).map(|code| (log.text(*code), at)),
        );
    }
    let call = |order: &Order| {
        let ids = [&order.order_id, &order.client_order_id];
        ids.into_iter().flatten().find_map(|id| named.get(id.as_str()).copied())
    };
    let made = orders.iter().enumerate().filter(|(_, order)| is_sharp(order));
    let sharp = |call: &usize| log.order_calls[*call].grain <= SECOND;
    made.filter_map(|(at, order)| Some((at, call(order).filter(sharp)?))).collect()
}

/// The orders and calls of one kind that have only each other within [`ALONE`]. Both lists are in order of time.
fn alone(own: &[usize], calls: &[usize], orders: &[Box<Order>], log: &CallLog) -> Vec<(usize, usize)> {
    let call_time = |place: usize| log.order_calls[calls[place]].place.time;
    let order_time = |place: usize| orders[own[place]].time;
    let (mut first_call, mut first_order) = (0, 0);
    let mut found = Vec::new();
    for &order in own {
        let at = orders[order].time;
        first_call = first_from(first_call, calls.len(), |place| call_time(place) >= at - ALONE);
        let within = |place: usize| place < calls.len() && call_time(place) <= at + ALONE;
        if !within(first_call) || within(first_call + 1) {
            continue;
        }
        let at = call_time(first_call);
        first_order = first_from(first_order, own.len(), |place| order_time(place) >= at - ALONE);
        if first_order + 1 == own.len() || order_time(first_order + 1) > at + ALONE {
            found.push((order, calls[first_call]));
        }
    }
    found
}
