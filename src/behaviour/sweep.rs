//! Sweeps over the deals of a pair: runs in which the price moved against the account, and purchases set against sales.

use std::collections::VecDeque;
use std::ops::Range;

use super::Deal;
use crate::time::HOUR;

/// A run of deals of one side in which each side of the price hurt more than the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Chase {
    /// Where it stands among the deals picked.
    pub range: Range<usize>,
    /// By how much the price moved against the account, as a share.
    pub moved: f64,
}

/// The runs among `picks` (of one pair and side, in order of time) in which at least `fewest` deals lie within `span` and the
/// price rose (for sales, fell) by at least `least`.
pub fn chases(deals: &[Deal], picks: &[usize], span: i64, fewest: usize, least: f64) -> Vec<Chase> {
    let hurt = |from: &Deal, to: &Deal| if to.buy { to.price / from.price } else { from.price / to.price } - 1.0;
    let mut runs: Vec<Chase> = Vec::new();
    // The mildest prices of the sliding window, each milder than all that follow it.
    let mut mildest: VecDeque<usize> = VecDeque::new();
    let mut low = 0;
    for (at, &pick) in picks.iter().enumerate() {
        let deal = &deals[pick];
        while deals[picks[low]].time < deal.time - span {
            low += 1;
        }
        while mildest.front().is_some_and(|&front| front < low) {
            mildest.pop_front();
        }
        while mildest.back().is_some_and(|&back| hurt(&deals[picks[back]], deal) <= 0.0) {
            mildest.pop_back();
        }
        mildest.push_back(at);
        let from = mildest[0];
        let moved = hurt(&deals[picks[from]], deal);
        if at + 1 - low < fewest || moved < least {
            continue;
        }
        match runs.last_mut() {
            Some(last) if from < last.range.end => {
                last.range = last.range.start.min(from)..at + 1;
                last.moved = last.moved.max(moved);
            }
            _ => runs.push(Chase { range: from..at + 1, moved }),
        }
    }
    runs
}

/// An own price so long before a run is where it started from.
const JUST_BEFORE: i64 = HOUR;

/// By how much a run moved beyond the account's last price before it: a market that fell through resting purchases, whose
/// order within a second no export tells, did not rise.
pub fn beyond_last(own: &[Deal], run: &[&Deal]) -> f64 {
    let Some(first) = run.first() else { return 0.0 };
    let before = own.partition_point(|deal| deal.time < first.time);
    let last = own[..before].last().filter(|deal| first.time - deal.time <= JUST_BEFORE);
    let worst = run.iter().map(|deal| deal.price).fold(first.price, if first.buy { f64::max } else { f64::min });
    match last {
        None => f64::INFINITY,
        Some(last) if first.buy => worst / last.price - 1.0,
        Some(last) => last.price / worst - 1.0,
    }
}

/// Which purchase a sale is set against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The oldest (FIFO).
    Oldest,
    /// The newest.
    Newest,
}

/// A sale and what the purchases set against it had cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sale {
    /// The sale, by its place.
    pub at: usize,
    /// The earliest purchase set against it.
    pub bought: usize,
    /// What was paid.
    pub cost: f64,
    /// What was lost; negative when it was a gain.
    pub loss: f64,
}

/// Loops among sales: a losing sale ends one when something was bought since the last.
pub fn loops(deals: &[Deal], sales: &[Sale], share: f64) -> usize {
    let mut last = None;
    let mut count = 0;
    for sale in sales.iter().filter(|sale| sale.loss >= share * sale.cost) {
        if last.is_none_or(|last| deals[last..sale.at].iter().any(|deal| deal.buy)) {
            count += 1;
        }
        last = Some(sale.at);
    }
    count
}

/// Purchases not yet set against a sale, no older than a span.
pub struct Stock {
    span: i64,
    matching: Matching,
    open: VecDeque<(usize, f64)>,
}

impl Stock {
    /// An empty one.
    pub fn new(span: i64, matching: Matching) -> Self {
        Self { span, matching, open: VecDeque::new() }
    }

    /// Takes the next deal of the pair, if its order was not placed long before; for a sale says what it lost against the purchases of the last span.
    pub fn take(&mut self, deals: &[Deal], at: usize) -> Option<Sale> {
        let deal = &deals[at];
        if !deal.is_fresh(self.span) {
            return None;
        }
        while self.open.front().is_some_and(|(bought, _)| deals[*bought].time < deal.time - self.span) {
            self.open.pop_front();
        }
        if deal.buy {
            self.open.push_back((at, deal.quantity));
            return None;
        }
        let mut left = deal.quantity;
        let mut sale = Sale { at, bought: at, cost: 0.0, loss: 0.0 };
        while left > 0.0 {
            let next = match self.matching {
                Matching::Oldest => self.open.front_mut(),
                Matching::Newest => self.open.back_mut(),
            };
            let Some((bought, open)) = next else { break };
            let part = left.min(*open);
            sale.cost += part * deals[*bought].price;
            sale.loss += part * (deals[*bought].price - deal.price);
            sale.bought = sale.bought.min(*bought);
            left -= part;
            *open -= part;
            if *open <= 0.0 {
                match self.matching {
                    Matching::Oldest => self.open.pop_front(),
                    Matching::Newest => self.open.pop_back(),
                };
            }
        }
        (sale.cost > 0.0).then_some(sale)
    }
}

/// Joins ranges that overlap or touch, in order of their start.
pub fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The runs of times, which are in order, in which at least `fewest` lie within `span`.
pub fn crowded(times: &[i64], fewest: usize, span: i64) -> Vec<Range<usize>> {
    let mut low = 0;
    let mut runs = Vec::new();
    for (at, time) in times.iter().enumerate() {
        while times[low] < time - span {
            low += 1;
        }
        if at + 1 - low >= fewest.max(1) {
            runs.push(low..at + 1);
        }
    }
    // Runs that share a time are one; runs that only follow one another are two.
    let mut apart: Vec<Range<usize>> = Vec::new();
    for run in runs {
        match apart.last_mut() {
            Some(last) if run.start < last.end => last.end = run.end,
            _ => apart.push(run),
        }
    }
    apart
}
