//! Which calls are kept one by one: those that may have made one of the orders at hand.

use std::sync::OnceLock;

use polars::prelude::{Column, PlSmallStr};

use super::dictionary::FastSet;
use crate::columns::Texts;

/// The minutes in which orders were made, and their ids: only calls near them or with their id are kept one by one.
#[derive(Debug, Default)]
pub struct OrderTimes {
    minutes: Minutes,
    ids: Ids,
    /// Fills without orders may stem from any call before this: where there are orders, before the first of them.
    before: i64,
}

/// How far a call may be from its order in the widest pass (Binance: `recvWindow` is at most 60 s), with room for minutes.
const NEAR: i64 = 2 * 60_000_000;

/// Pairs of minutes, a bit for each from the first to the last that is in it: of the two hundred years that times may be from
/// ([`super::cells::YEARS`]) 6.6 MB.
#[derive(Debug, Default)]
struct Minutes {
    first: i64,
    bits: Vec<u64>,
}

impl Minutes {
    fn of(all: &[i64]) -> Self {
        let (Some(first), Some(last)) = (all.iter().min(), all.iter().max()) else { return Self::default() };
        let mut bits = vec![0; (last - first) as usize / 64 + 1];
        for minute in all {
            let at = (minute - first) as usize;
            bits[at / 64] |= 1 << (at % 64);
        }
        Self { first: *first, bits }
    }

    fn holds(&self, minute: i64) -> bool {
        let at = usize::try_from(minute - self.first).ok();
        at.is_some_and(|at| self.bits.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1))
    }
}

/// The ids of orders: few logs name any, and the others need not pay for looking up millions.
#[derive(Debug, Default)]
struct Ids {
    columns: Vec<Column>,
    known: OnceLock<FastSet<PlSmallStr>>,
}

impl Ids {
    fn hold(&self, id: &str) -> bool {
        let texts = || self.columns.iter().filter_map(|column| Some((column.len(), Texts::new(column).ok()?)));
        let ids = || texts().flat_map(|(length, texts)| (0..length).filter_map(move |at| texts.get(at)));
        self.known.get_or_init(|| ids().map(PlSmallStr::from).collect()).contains(id)
    }
}

impl OrderTimes {
    /// From the times of orders and the columns of their ids; `before` keeps every earlier call that may have made one.
    pub fn new(times: impl Iterator<Item = i64>, ids: Vec<Column>, before: i64) -> Self {
        let mut minutes: Vec<i64> = Vec::new();
        let mut last = None;
        // Most orders are near the one before them.
        for minute in times.map(|time| time.div_euclid(NEAR)).filter(|minute| last.replace(*minute) != Some(*minute)) {
            minutes.extend([minute - 1, minute, minute + 1]);
        }
        let minutes = Minutes::of(&minutes);
        Self { minutes, ids: Ids { columns: ids, known: OnceLock::new() }, before }
    }

    /// Whether a call at a time may have made one of the orders.
    pub fn near(&self, time: i64) -> bool {
        time < self.before || self.minutes.holds(time.div_euclid(NEAR))
    }

    /// Whether there are any orders.
    pub fn any(&self) -> bool {
        !self.minutes.bits.is_empty()
    }

    /// Whether one of the orders has this id.
    pub fn names(&self, id: &str) -> bool {
        !id.is_empty() && self.ids.hold(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_near_orders_of_the_same_two_minutes_and_of_those_beside_them() {
        let times = [1_000 * NEAR, 1_100 * NEAR + 5, 900 * NEAR + NEAR - 1];
        let orders = OrderTimes::new(times.into_iter(), Vec::new(), 10);
        let near = |minute: i64| [0, NEAR - 1].map(|rest| orders.near(minute * NEAR + rest));
        for minute in 0..2_000 {
            let is_near = times.iter().any(|time| (time.div_euclid(NEAR) - minute).abs() <= 1);
            assert_eq!(near(minute), [is_near || minute == 0, is_near], "{minute}");
        }
        assert!(orders.any() && !OrderTimes::default().any() && !OrderTimes::default().near(0));
    }
}
