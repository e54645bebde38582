//! Which calls are kept one by one: those that may have made one of the orders at hand.

use std::sync::OnceLock;

use polars::prelude::{Column, PlSmallStr};

use super::dictionary::FastSet;
use crate::columns::Texts;

/// The minutes in which orders were made, and their ids: only calls near them or with their id are kept one by one.
#[derive(Debug, Default)]
pub struct OrderTimes {
    minutes: FastSet<i64>,
    ids: Ids,
    /// Fills without orders may stem from any call before this: where there are orders, before the first of them.
    before: i64,
}

/// How far a call may be from its order in the widest pass (Binance: `recvWindow` is at most 60 s), with room for minutes.
const NEAR: i64 = 2 * 60_000_000;

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
        let mut minutes = FastSet::default();
        let mut last = None;
        // Most orders are near the one before them.
        for time in times.filter(|time| last.replace(time.div_euclid(NEAR)) != Some(time.div_euclid(NEAR))) {
            minutes.extend([time - NEAR, time, time + NEAR].map(|time| time.div_euclid(NEAR)));
        }
        Self { minutes, ids: Ids { columns: ids, known: OnceLock::new() }, before }
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
        !id.is_empty() && self.ids.hold(id)
    }
}
