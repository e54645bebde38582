//! The calls that may have made an order, each with a score.

use polars::prelude::PlSmallStr;

use super::Names;
use super::clocks::Clocks;
use super::orders::Order;
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::parallel;
use crate::time::SECOND;

/// An order may be logged so long before its call (clock granularity and jitter) …
pub(super) const EARLIEST: i64 = -2 * SECOND;
/// … and so long after: Binance accepts a request for `recvWindow`, 5 s by default …
pub(super) const LATEST: i64 = 5 * SECOND;
/// … and 60 s at most.
const LOOSE: i64 = 60 * SECOND;

/// An order so many spreads of the usual distance off it is hardly of that call …
const SPREADS: i64 = 4;
/// … but what calls and orders vary by in any case is no sign (own proposals).
const SHARPEST: i64 = SECOND / 2;

/// How far an order may lie from its call.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    earliest: i64,
    latest: i64,
    /// Only for calls that name pair and side.
    pub(super) named: bool,
}

pub(super) const NEAR: Reach = Reach { earliest: EARLIEST, latest: LATEST, named: false };

pub(super) const FAR: Reach = Reach { earliest: -LOOSE, latest: LOOSE, named: true };

/// The widest pass finds by chance what the near one would not.
pub const LOW_CONFIDENCE: &str = "(pair and side agree, low confidence)";

/// A call that may have made an order.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The order.
    pub order: usize,
    /// The call.
    pub call: usize,
    /// How well they fit, from 0 to 1.
    pub score: f64,
}

/// What a score depends on besides order and call.
pub(super) struct Context<'a> {
    pub(super) clocks: &'a Clocks,
    pub(super) names: &'a Names<'a>,
    /// How many threads may look.
    pub(super) jobs: usize,
}

/// Pass 2: every call that may have made an order, with a score.
pub(super) fn candidates(
    orders: &[Box<Order>],
    log: &CallLog,
    reach: Reach,
    context: &Context<'_>,
    open: &(dyn Fn(usize) -> bool + Sync),
    room: &[usize],
) -> Vec<Edge> {
    let mut by_symbol: FastMap<u32, Vec<usize>> = FastMap::default();
    // A call that has made all it can is of use where room can be made, in the near pass.
    let takes = |(at, call): &(usize, &OrderCall)| !reach.named || room[*at] > 0 && call.symbol != 0 && call.side != 0;
    for (at, call) in log.order_calls.iter().enumerate().filter(takes) {
        by_symbol.entry(call.symbol).or_default().push(at);
    }
    let codes: FastMap<&str, u32> = by_symbol.keys().map(|code| (log.text(*code), *code)).collect();
    let coarsest = log.order_calls.iter().map(|call| coarse(call.grain)).max().unwrap_or(0);
    let widest = context.clocks.widest();
    parallel::in_parts(orders, context.jobs, |first, part| {
        let mut starts: FastMap<u32, usize> = FastMap::default();
        let mut edges = Vec::new();
        for (at, order) in (first..).zip(part).filter(|(at, _)| open(*at)) {
            let own = codes.get(order.symbol.as_str()).filter(|code| **code != 0);
            for code in own.into_iter().chain([&0]) {
                let Some(list) = by_symbol.get(code) else { continue };
                let slack = coarsest + coarse(order.grain) + SECOND + widest;
                let from = order.time - reach.latest - slack;
                let time = |place: usize| log.order_calls[list[place]].place.time;
                let start = starts
                    .entry(*code)
                    .or_insert_with(|| list.partition_point(|&call| log.order_calls[call].place.time < from));
                *start = first_from(*start, list.len(), |place| time(place) >= from);
                for &call in &list[*start..] {
                    let candidate = &log.order_calls[call];
                    if candidate.place.time > order.time - reach.earliest + slack {
                        break;
                    }
                    if let Some(score) = score(log, order, candidate, reach, context) {
                        edges.push(Edge { order: at, call, score });
                    }
                }
            }
        }
        edges
    })
}

/// The first of so many places for which something holds that holds for all after it, looked for from where it was found for
/// the order before: that is near by, as orders and calls are in order of time.
pub(super) fn first_from(near: usize, places: usize, holds: impl Fn(usize) -> bool) -> usize {
    let mut at = near;
    while at > 0 && holds(at - 1) {
        at -= 1;
    }
    while at < places && !holds(at) {
        at += 1;
    }
    at
}

/// By how much a clock widens the window: whole seconds are its default.
fn coarse(grain: i64) -> i64 {
    if grain > SECOND { grain } else { 0 }
}

/// The score of a candidate, or `None` when it does not fit.
fn score(log: &CallLog, order: &Order, call: &OrderCall, reach: Reach, context: &Context<'_>) -> Option<f64> {
    let widen = coarse(call.grain) + coarse(order.grain);
    let delta = order.time - call.place.time - context.clocks.correction(call, order);
    if !(reach.earliest - widen..=reach.latest + widen).contains(&delta) || !fits(log, order, call) {
        return None;
    }
    let near = |centre: f64, half: f64| (1.0 - (delta as f64 - centre).abs() / half).max(0.0);
    let window =
        near((reach.latest + reach.earliest) as f64 / 2.0, (reach.latest - reach.earliest) as f64 / 2.0 + widen as f64);
    let equal = |a: Option<i128>, b: Option<i128>| a.is_some() && a == b;
    // Where it is known how long orders take, that says more than the window.
    let mut score = match context.clocks.due(call, order).filter(|_| !reach.named) {
        Some((due, spread)) => 0.1 * window + 0.3 * near(due as f64, usual(spread, order, call) as f64),
        None => 0.4 * window,
    };
    score += if call.symbol != 0 { 0.2 } else { 0.0 };
    score += if call.side != 0 { 0.1 } else { 0.0 };
    score += if equal(call.quantity, order.quantity) || equal(call.price, order.price) { 0.2 } else { 0.0 };
    let own = |id: &PlSmallStr| {
        let key = log.tallies[call.tally as usize].verdict.key.index();
        let families = key.and_then(|at| context.names.expectations.map(|e| &e.keys[at].id_families));
        families.is_some_and(|families| families.iter().any(|family| id.starts_with(family)))
    };
    score += if order.client_order_id.as_ref().is_some_and(own) { 0.1 } else { 0.0 };
    Some(score)
}

/// How far orders usually lie from where they are due, by their spread and by the units that the times are written in.
fn usual(spread: i64, order: &Order, call: &OrderCall) -> i64 {
    (SPREADS * spread).max(SHARPEST + order.grain + call.grain)
}

/// How wide the window is in which a call explains an order: the usual distances where these are known and the call is among
/// them, else all of [`NEAR`].
pub(super) fn width(order: &Order, call: &OrderCall, clocks: &Clocks) -> i64 {
    let delta = order.time - call.place.time - clocks.correction(call, order);
    let usual = clocks.due(call, order).map(|(due, spread)| (due, usual(spread, order, call)));
    let among = usual.filter(|(due, usual)| (delta - due).abs() <= *usual).map(|(_, usual)| 2 * usual);
    among.unwrap_or(i64::MAX).min(LATEST - EARLIEST)
}

/// Whether what both log of pair and side agrees.
pub(super) fn fits(log: &CallLog, order: &Order, call: &OrderCall) -> bool {
    let agrees = |code: u32, own: &str| code == 0 || log.text(code) == own;
    agrees(call.symbol, &order.symbol) && agrees(call.side, &order.side)
}

pub(super) fn basis(order: &Order, call: &OrderCall) -> &'static str {
    let size = call.quantity.is_some() && call.quantity == order.quantity;
    match (call.symbol != 0, call.side != 0, size) {
        (true, true, true) => "(pair, side and quantity agree)",
        (true, true, false) => "(pair and side agree)",
        (true, false, _) => "(pair agrees)",
        (false, true, _) => "(side agrees)",
        (false, false, _) => "(by time alone)",
    }
}
