//! Which pairs a caller trades, learned from the orders that nobody else can have made: where a log names no pair, that tells
//! a bot's orders from those of a stranger who calls in the same seconds.

use super::candidates::Edge;
use super::orders::Order;
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, OrderCall};

/// What a pair that the caller trades adds to a score: as much as a pair that the log names …
const FAMILIAR: f64 = 0.2;
/// … and any pair for a caller of whom too little is known to say; a pair that a known one never traded adds nothing.
const UNKNOWN: f64 = 0.05;
/// So many orders make a caller known (own proposal).
const KNOWN: u32 = 8;

/// A caller: its account and key, and for one that is not expected its address and client.
type Who = [u32; 5];

/// The pairs of callers.
pub(super) struct Habits<'a> {
    orders: FastMap<Who, u32>,
    pairs: FastMap<(Who, &'a str), u32>,
}

fn who(log: &CallLog, call: &OrderCall) -> Who {
    let tally = &log.tallies[call.tally as usize];
    let [account, name, key, ip, client, ..] = tally.caller;
    if tally.verdict.is_in_doubt() { [account, name, key, ip, client] } else { [account, name, key, 0, 0] }
}

impl<'a> Habits<'a> {
    /// From the orders that calls of one caller alone may have made; `None` where the log names the pair of every call.
    /// Edges stand in order of their orders.
    pub(super) fn learn(orders: &'a [Box<Order>], edges: &[Edge], log: &CallLog) -> Option<Self> {
        let calls = &log.order_calls;
        if edges.iter().all(|edge| calls[edge.call].symbol != 0) {
            return None;
        }
        let mut habits = Self { orders: FastMap::default(), pairs: FastMap::default() };
        for of_order in edges.chunk_by(|one, next| one.order == next.order) {
            let caller = who(log, &calls[of_order[0].call]);
            if of_order[1..].iter().all(|edge| who(log, &calls[edge.call]) == caller) {
                *habits.orders.entry(caller).or_default() += 1;
                *habits.pairs.entry((caller, orders[of_order[0].order].symbol.as_str())).or_default() += 1;
            }
        }
        Some(habits)
    }

    /// What the habits of its caller add to the score of a call that names no pair.
    pub(super) fn bonus(&self, order: &Order, call: &OrderCall, log: &CallLog) -> f64 {
        if call.symbol != 0 {
            return 0.0;
        }
        let caller = who(log, call);
        match self.orders.get(&caller) {
            Some(known) if *known >= KNOWN => {
                if self.pairs.contains_key(&(caller, order.symbol.as_str())) {
                    FAMILIAR
                } else {
                    0.0
                }
            }
            _ => UNKNOWN,
        }
    }
}
