//! Which calls are kept one by one: those that may have made one of the orders at hand.

use polars::prelude::PlSmallStr;

use super::dictionary::FastSet;

/// The minutes in which orders were made, and their ids: only calls near them or with their id are kept one by one.
#[derive(Clone, Debug, Default)]
pub struct OrderTimes {
    minutes: FastSet<i64>,
    ids: FastSet<PlSmallStr>,
    /// Fills without orders may stem from any call before this: where there are orders, before the first of them.
    before: i64,
}

/// How far a call may be from its order in the widest pass (Binance: `recvWindow` is at most 60 s), with room for minutes.
const NEAR: i64 = 2 * 60_000_000;

impl OrderTimes {
    /// From the times and ids of orders; `before` keeps every earlier call that may have made one.
    pub fn new(times: impl Iterator<Item = i64>, ids: FastSet<PlSmallStr>, before: i64) -> Self {
        let mut minutes = FastSet::default();
        for time in times {
            minutes.extend([time - NEAR, time, time + NEAR].map(|time| time.div_euclid(NEAR)));
        }
        Self { minutes, ids, before }
    }

    /// Whether a call at a time may have made one of the orders.
    pub fn near(&self, time: i64) -> bool {
        time < self.before || self.minutes.contains(&time.div_euclid(NEAR))
    }

    /// Whether there are any orders.
    pub fn any(&self) -> bool {
        !self.minutes.is_empty()
    }

    /// Whether one of the orders has this id.
    pub fn names(&self, id: &str) -> bool {
        !id.is_empty() && self.ids.contains(id)
    }
}
