//! What the account used to do: whether there is enough of a past, and how rare a pair was in it.

use super::{Deals, Symbol};
use crate::time::DAY;

/// A past is enough to judge by from so many days …
const ENOUGH_DAYS: i64 = 14;
/// … and so many deals (own proposal; Splunk gates its first-seen detections on enough data in the same way).
const ENOUGH_DEALS: usize = 20;
/// How far back the past counts.
pub const PAST: i64 = 90 * DAY;

/// What went before an instant.
pub struct Past {
    /// The instant.
    until: i64,
    /// Whether it is enough to judge by.
    pub enough: bool,
    /// What was traded, in the account's usual money.
    pub total: f64,
}

impl Past {
    /// The past of the account before an instant.
    pub fn before(deals: &Deals, until: i64) -> Self {
        let count = deals.by_time.partition_point(|&at| deals.all[at as usize].time < until);
        let first = deals.by_time.first().map(|&at| deals.all[at as usize].time);
        let enough = count >= ENOUGH_DEALS && first.is_some_and(|first| until - first >= ENOUGH_DAYS * DAY);
        let day = until.div_euclid(DAY);
        let total = deals.days.range(day - PAST / DAY..day).map(|(_, total)| total).sum();
        Self { until, enough, total }
    }

    /// The share of a pair in what was traded; nothing when the account had not traded at all.
    pub fn share(&self, deals: &Deals, symbol: &Symbol) -> f64 {
        let own = deals.of(symbol);
        let from = own.partition_point(|deal| deal.time < self.until - PAST);
        let until = own.partition_point(|deal| deal.time < self.until);
        let value: f64 = own[from..until].iter().map(|deal| deals.value(deal)).sum();
        if self.total > 0.0 { value / self.total } else { 0.0 }
    }

    /// Whether a pair was ever traded.
    pub fn knows(&self, deals: &Deals, symbol: &Symbol) -> bool {
        deals.of(symbol).first().is_some_and(|deal| deal.time < self.until)
    }
}
