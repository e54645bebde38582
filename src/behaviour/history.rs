//! What the account used to do: whether there is enough of a past, and how rare a pair was in it.

use super::{DOLLARS, Deals, Symbol};
use crate::rules::{Threshold, Thresholds};
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

    /// Whether an asset was ever bought, sold or paid with; one dollar is like another.
    pub fn knows_asset(&self, deals: &Deals, asset: &str) -> bool {
        let same = |other: &str| other == asset || DOLLARS.contains(&other) && DOLLARS.contains(&asset);
        deals.symbols.iter().any(|symbol| (same(&symbol.base) || same(&symbol.quote)) && self.knows(deals, symbol))
    }

    /// Whether a pair was ever traded.
    pub fn knows(&self, deals: &Deals, symbol: &Symbol) -> bool {
        deals.of(symbol).first().is_some_and(|deal| deal.time < self.until)
    }
}

/// The part of what was bought and not sold again that an amount must reach to be large.
pub const KEPT_SHARE: Threshold = Threshold {
    name: "kept_share",
    default: 0.25,
    unit: "of what was bought and kept",
    source: "own proposal: the largest day of someone who buys a little every day is no measure of what he has",
};

/// Whether an amount, in the account's usual money, is large for it: as much as it traded on the largest of the 30 days
/// before, and [`KEPT_SHARE`] of what it bought and kept in 90 days.
pub fn is_large(deals: &Deals, amount: f64, before: i64, thresholds: &Thresholds) -> bool {
    let kept = || {
        let place = |time: i64| deals.by_time.partition_point(|&at| deals.all[at as usize].time < time);
        let past = deals.by_time[place(before - PAST)..place(before)].iter().map(|&at| &deals.all[at as usize]);
        // What is paid for in another coin has only changed its form.
        let with_money = past.filter(|deal| deals.symbol(deal).worth == Some(1.0));
        with_money.map(|deal| if deal.buy { deal.total } else { -deal.total }).sum::<f64>()
    };
    amount >= deals.largest_day(before, 30) && amount >= thresholds.value(KEPT_SHARE.name) * kept()
}
