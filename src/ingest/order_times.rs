//! Which calls are kept one by one: those that may have made one of the orders at hand.

use std::collections::{BTreeSet, HashSet};

/// The minutes in which orders were made, and their ids: only calls near them or with their id are kept one by one.
#[derive(Clone, Debug, Default)]
pub struct OrderTimes {
    minutes: BTreeSet<i64>,
    ids: HashSet<String>,
    /// Fills without orders may stem from a call of any age.
    all: bool,
}

/// How far a call may be from its order in the widest pass (Binance: `recvWindow` is at most 60 s), with room for minutes.
const NEAR: i64 = 2 * 60_000_000;

impl OrderTimes {
    /// From the times and ids of orders; `all` keeps every call that may have made one.
    pub fn new(times: impl Iterator<Item = i64>, ids: HashSet<String>, all: bool) -> Self {
        let mut minutes = BTreeSet::new();
        for time in times {
            minutes.extend([time - NEAR, time, time + NEAR].map(|time| time.div_euclid(NEAR)));
        }
        Self { minutes, ids, all }
    }

    /// Whether a call at a time, or that names these ids, may have made one of the orders.
    pub fn wants(&self, time: i64, ids: [&str; 2]) -> bool {
        self.all
            || self.minutes.contains(&time.div_euclid(NEAR))
            || ids.iter().any(|id| !id.is_empty() && self.ids.contains(*id))
    }
}
