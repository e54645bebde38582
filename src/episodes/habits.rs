//! What the account usually orders in a pair: how much, how, and how fast.

use std::collections::BTreeSet;
use std::ops::Range;

use super::deeds::{Deed, Deeds, same_order};
use crate::ingest::{FastMap, FastSet};
use crate::time::{DAY, HOUR, MINUTE};

/// Fewer orders than this make no habit.
const FEWEST: usize = 4;
/// The orders so near to an episode are not asked for habits.
const NEAR: i64 = 6 * HOUR;
/// An ordinary order is at most so many times the largest usual one, and at least that part of the smallest.
const ROOM: f64 = 1.5;
/// The share of usual orders that may be larger, or smaller.
const TAIL: f64 = 0.002;
/// Parts of an order are rounded, so that their sum may be so much off.
const SLACK: f64 = 0.01;
/// A type of order that fewer have than this share is not usual.
const RARE_TYPE: f64 = 0.02;
/// The pace of a pair is ordinary up to this many times its usual most in ten minutes …
const PACE: usize = 3;
/// … which is taken for at least this.
const LEAST_PACE: usize = 4;
/// The span that the pace is measured in.
const PACE_SPAN: i64 = 10 * MINUTE;
/// Orders of a side so soon after the first of an occasion belong to it. A chain from each order to the next would have no
/// end in a busy bot's account.
pub const OCCASION: i64 = 2 * MINUTE;
/// What the account does by the clock may be so much early or late …
const LATE: i64 = 10 * MINUTE;
/// … and was seen on at least so many days.
const DAYS: usize = 3;
/// Orders of the past that are looked at, the latest; a habit needs no more.
pub const LOOKED_AT: usize = 50_000;

/// How well an order fits the habits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// As usual.
    Ordinary,
    /// As usual, but for the pace of its pair, which may be another's doing.
    Fast,
    /// Not as usual.
    Odd,
    /// The owner's own, as calls show, whatever it looks like.
    Own,
}

/// The habits in one pair.
#[derive(Default)]
struct Habit {
    sizes: Vec<f64>,
    /// The least and the most usual size; `None` where too few are known.
    usual: Option<(f64, f64)>,
    /// The sizes in quote and base, fills at several prices taken for several orders.
    levels: [Vec<f64>; 2],
    /// The least and the most usual of those, where they are much the same.
    steady: [Option<(f64, f64)>; 2],
    at_market: usize,
    typed: usize,
    /// The times of orders and fills, purchases and sales apart.
    times: [Vec<i64>; 2],
    /// The same, the fills of one order counted once.
    orders: [Vec<i64>; 2],
    /// The most orders or fills in ten minutes.
    most: [usize; 2],
    /// How often there were some.
    occasions: [usize; 2],
}

/// How often something happens, in a microsecond.
#[derive(Clone, Copy, Default)]
pub struct Rates {
    /// Orders, those close together counted once.
    pub occasions: f64,
    /// Orders, one by one.
    pub orders: f64,
}

/// The habits of an account, in the pairs of interest.
pub struct Habits {
    pairs: FastMap<u32, Habit>,
    /// When each occasion began and how many orders stood together on it, sales and purchases apart, in any pair.
    occasions: [Vec<(i64, usize)>; 2],
    /// The times of all orders, sales and purchases apart.
    orders: [Vec<i64>; 2],
    /// How long it was looked at them, in microseconds.
    pub length: i64,
}

impl Habits {
    /// Those outside of a span, in the pairs of what was done near it.
    pub fn outside(deeds: &Deeds<'_>, span: &Range<i64>, near: &[Deed]) -> Self {
        let symbols: FastSet<u32> = near.iter().map(|deed| deed.symbol).collect();
        let left_out = span.start - NEAR..span.end + NEAR;
        let past = deeds.nearest(&left_out, span.start, LOOKED_AT, |deed| symbols.contains(&deed.symbol));
        let mut pairs: FastMap<u32, Habit> = FastMap::default();
        for deed in &past {
            pairs.entry(deed.pair).or_default().add(deed);
        }
        pairs.values_mut().for_each(Habit::settle);
        let sides = [false, true].map(|buy| past.iter().filter(|deed| deed.buy == buy).collect::<Vec<&Deed>>());
        let orders =
            sides.each_ref().map(|own| own.chunk_by(|a, b| same_order(a, b)).map(|order| order[0].time).collect());
        let occasions = sides.map(|own| {
            let times: Vec<i64> = own.iter().map(|deed| deed.time).collect();
            occasions(&times).into_iter().map(|at| (times[at.start], count(&own[at]))).collect()
        });
        let length = past.last().map_or(0, |last| last.time - past[0].time);
        Self { pairs, occasions, orders, length: length.max(DAY) }
    }

    /// How often there is something of a deed's pair and side.
    pub fn rates(&self, deed: &Deed) -> Rates {
        let side = usize::from(deed.buy);
        let of = |count: usize| count as f64 / self.length as f64;
        self.pairs.get(&deed.pair).map_or_else(Rates::default, |habit| Rates {
            occasions: of(habit.occasions[side]),
            orders: of(habit.times[side].len()),
        })
    }

    /// How often at least so many orders of a side stand together, in a microsecond: at any time, or, where more often, at
    /// the hour of `time`. What comes at the same hour of many days is the owner's plan.
    pub fn rate(&self, buy: bool, orders: usize, time: i64) -> f64 {
        let many =
            || self.occasions[usize::from(buy)].iter().filter(|(_, count)| *count >= orders).map(|(time, _)| *time);
        let by_the_clock = many().filter(|other| {
            let apart = (time - other).rem_euclid(DAY);
            apart.min(DAY - apart) <= LATE
        });
        let days = by_the_clock.map(|other| (other - time + DAY / 2).div_euclid(DAY)).collect::<BTreeSet<i64>>().len();
        let local =
            if days >= DAYS { days as f64 / (self.length as f64 / DAY as f64) / (2 * LATE) as f64 } else { 0.0 };
        local.max(many().count() as f64 / self.length as f64)
    }

    /// How often there is an order of a side, in a microsecond.
    pub fn pace(&self, buy: bool) -> f64 {
        let orders: usize = self.occasions[usize::from(buy)].iter().map(|(_, count)| count).sum();
        orders as f64 / self.length as f64
    }

    /// The times of the orders of a deed's pair and side.
    pub fn orders(&self, deed: &Deed) -> &[i64] {
        self.pairs.get(&deed.pair).map_or(&[], |habit| &habit.orders[usize::from(deed.buy)])
    }

    /// The times of all orders of a side.
    pub fn all_orders(&self, buy: bool) -> &[i64] {
        &self.orders[usize::from(buy)]
    }

    /// How well each of what was done, in order of time, fits.
    pub fn fits(&self, near: &[Deed]) -> Vec<Fit> {
        let fit = |(deed, pace): (&Deed, usize)| {
            let Some(habit) = self.pairs.get(&deed.pair).filter(|habit| habit.knows(deed)) else { return Fit::Odd };
            if pace > PACE * habit.most[usize::from(deed.buy)].max(LEAST_PACE) {
                return Fit::Fast;
            }
            Fit::Ordinary
        };
        near.iter().zip(pace(near)).map(fit).collect()
    }
}

impl Habit {
    fn add(&mut self, deed: &Deed) {
        self.sizes.extend((deed.size > 0.0).then_some(deed.size));
        for (known, level) in self.levels.iter_mut().zip(deed.level) {
            known.extend((level > 0.0).then_some(level));
        }
        if let Some(at_market) = deed.at_market {
            self.typed += 1;
            self.at_market += usize::from(at_market);
        }
        let side = usize::from(deed.buy);
        self.times[side].push(deed.time);
        if !deed.is_fill || self.orders[side].last() != Some(&deed.time) {
            self.orders[side].push(deed.time);
        }
    }

    fn settle(&mut self) {
        self.usual = usual(&mut self.sizes);
        self.steady = self.levels.each_mut().map(|levels| usual(levels).filter(|(least, most)| *most <= least * ROOM));
        for (side, times) in self.times.iter().enumerate() {
            self.occasions[side] = occasions(times).len();
            let most = &mut self.most[side];
            let mut low = 0;
            for (at, time) in times.iter().enumerate() {
                while times[low] < time - PACE_SPAN {
                    low += 1;
                }
                *most = (*most).max(at + 1 - low);
            }
        }
    }

    /// Whether an order is within what was seen before.
    fn knows(&self, deed: &Deed) -> bool {
        let Some((least, most)) = self.usual.filter(|_| !self.times[usize::from(deed.buy)].is_empty()) else {
            return false;
        };
        // Several orders of a bot that always orders the same may be filled in one second.
        let same = |(steady, level): (&Option<(f64, f64)>, f64)| {
            steady.is_some_and(|(least, most)| (least * (1.0 - SLACK)..=most * (1.0 + SLACK)).contains(&level))
        };
        let steady = self.steady.iter().zip(deed.level).any(same);
        let sized = (least / ROOM..=most * ROOM).contains(&deed.size) || steady;
        let typed = match deed.at_market {
            Some(at_market) if self.typed >= FEWEST => {
                let same = if at_market { self.at_market } else { self.typed - self.at_market };
                same as f64 >= RARE_TYPE * self.typed as f64
            }
            _ => true,
        };
        sized && typed
    }
}

/// The least and the most of sizes, but for those that are rare; `None` when they are too few.
fn usual(sizes: &mut [f64]) -> Option<(f64, f64)> {
    let (known, cut) = (sizes.len(), (sizes.len() as f64 * TAIL) as usize);
    let mut ranked = |at: usize| *sizes.select_nth_unstable_by(at, f64::total_cmp).1;
    (known >= FEWEST).then(|| (ranked(cut), ranked(known - 1 - cut)))
}

/// Takes times, which are in order, apart into occasions.
pub fn occasions(times: &[i64]) -> Vec<Range<usize>> {
    let mut apart: Vec<Range<usize>> = Vec::new();
    for (at, time) in times.iter().enumerate() {
        match apart.last_mut() {
            Some(occasion) if *time <= times[occasion.start] + OCCASION => occasion.end = at + 1,
            _ => apart.push(at..at + 1),
        }
    }
    apart
}

/// How many orders some deeds of a side are, which are in order of time and pair: the fills of one are one.
pub fn count(own: &[&Deed]) -> usize {
    own.chunk_by(|a, b| same_order(a, b)).count()
}

/// For each of what was done how many of its pair and side fall into the ten minutes around it.
fn pace(near: &[Deed]) -> Vec<usize> {
    let mut times: FastMap<(u32, bool), Vec<i64>> = FastMap::default();
    for deed in near {
        times.entry((deed.pair, deed.buy)).or_default().push(deed.time);
    }
    let around = |deed: &Deed| {
        let own = &times[&(deed.pair, deed.buy)];
        let from = own.partition_point(|time| *time < deed.time - PACE_SPAN / 2);
        own.partition_point(|time| *time <= deed.time + PACE_SPAN / 2) - from
    };
    near.iter().map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::{OCCASION, occasions};

    #[test]
    fn an_occasion_ends_so_long_after_its_first_order_however_busy_the_account() {
        let times: Vec<i64> = (0..100).map(|number| number * OCCASION / 4).collect();
        let found = occasions(&times);
        assert_eq!(found.len(), 20);
        assert!(found.iter().all(|occasion| occasion.len() == 5));
        assert!(occasions(&[]).is_empty());
    }
}
