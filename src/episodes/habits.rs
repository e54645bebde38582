//! What the account usually orders in a pair: how much, how, and how fast.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::{PlSmallStr, PolarsResult};

use super::entries::{Entry, OrderRows, whole_sizes};
use crate::columns;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR, MINUTE};

/// Fewer orders than this make no habit.
const FEWEST: usize = 4;
/// The orders so near to an episode are not asked for habits.
const NEAR: i64 = 6 * HOUR;
/// An ordinary order is at most so many times the largest usual one, and at least that part of the smallest.
const ROOM: f64 = 1.5;
/// The share of usual orders that may be larger, or smaller.
const TAIL: f64 = 0.002;
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
const LOOKED_AT: usize = 50_000;

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
    pairs: BTreeMap<(PlSmallStr, PlSmallStr), Habit>,
    /// When each occasion began and how many orders stood together on it, sales and purchases apart, in any pair.
    occasions: [Vec<(i64, usize)>; 2],
    /// The times of all orders, sales and purchases apart.
    orders: [Vec<i64>; 2],
    /// How long it was looked at them, in microseconds.
    pub length: i64,
}

impl Habits {
    /// Those outside of a span, in the pairs of some entries.
    ///
    /// # Errors
    /// When a frame lacks a column, which would be a fault of this program.
    pub fn outside(data: &Dataset<'_>, span: &Range<i64>, entries: &[Entry]) -> PolarsResult<Self> {
        let mut pairs: BTreeMap<(PlSmallStr, PlSmallStr), Habit> = BTreeMap::new();
        let (Some(rows), Some(view)) = (OrderRows::new(data)?, &data.orders) else {
            return Ok(Self { pairs, occasions: Default::default(), orders: Default::default(), length: 0 });
        };
        let wanted: BTreeSet<&str> = entries.iter().map(|entry| entry.symbol.as_str()).collect();
        let symbols = columns::texts(view, "symbol")?;
        let wanted = |row: u32| symbols.get(row as usize).is_some_and(|symbol| wanted.contains(symbol));
        let near = span.start - NEAR..span.end + NEAR;
        let chosen = rows.nearest(&near, span.start, LOOKED_AT, wanted);
        let mut past: Vec<Entry> = chosen.into_iter().filter_map(|row| rows.read(row)).collect();
        whole_sizes(&mut past);
        past.sort_by(|a, b| (a.time, &a.market, &a.symbol, a.buy).cmp(&(b.time, &b.market, &b.symbol, b.buy)));
        for entry in &past {
            pairs.entry((entry.market.clone(), entry.symbol.clone())).or_default().add(entry);
        }
        let sides = [false, true].map(|buy| past.iter().filter(|entry| entry.buy == buy).collect::<Vec<&Entry>>());
        let orders =
            sides.each_ref().map(|own| own.chunk_by(|a, b| same_order(a, b)).map(|order| order[0].time).collect());
        let occasions = sides.map(|own| {
            let times: Vec<i64> = own.iter().map(|entry| entry.time).collect();
            occasions(&times).into_iter().map(|at| (times[at.start], count(&own[at]))).collect()
        });
        let times = || past.iter().map(|entry| entry.time);
        let length = times().max().unwrap_or(0) - times().min().unwrap_or(0);
        pairs.values_mut().for_each(Habit::settle);
        Ok(Self { pairs, occasions, orders, length: length.max(DAY) })
    }

    /// How often there are orders of an entry's pair and side.
    pub fn rates(&self, entry: &Entry) -> Rates {
        let side = usize::from(entry.buy);
        let habit = self.pairs.get(&(entry.market.clone(), entry.symbol.clone()));
        let of = |count: usize| count as f64 / self.length as f64;
        habit.map_or_else(Rates::default, |habit| Rates {
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

    /// The times of the orders of an entry's pair and side.
    pub fn orders(&self, entry: &Entry) -> &[i64] {
        let habit = self.pairs.get(&(entry.market.clone(), entry.symbol.clone()));
        habit.map_or(&[], |habit| &habit.orders[usize::from(entry.buy)])
    }

    /// The times of all orders of a side.
    pub fn all_orders(&self, buy: bool) -> &[i64] {
        &self.orders[usize::from(buy)]
    }

    /// How well each of the entries, in order of time, fits.
    pub fn fits(&self, entries: &[Entry]) -> Vec<Fit> {
        let pace = pace(entries);
        let fit = |(at, entry): (usize, &Entry)| {
            let habit = self.pairs.get(&(entry.market.clone(), entry.symbol.clone()));
            let Some(habit) = habit.filter(|habit| habit.knows(entry)) else { return Fit::Odd };
            if pace[at] > PACE * habit.most[usize::from(entry.buy)].max(LEAST_PACE) {
                return Fit::Fast;
            }
            Fit::Ordinary
        };
        entries.iter().enumerate().map(fit).collect()
    }
}

impl Habit {
    fn add(&mut self, entry: &Entry) {
        self.sizes.extend((entry.size > 0.0).then_some(entry.size));
        if let Some(at_market) = entry.at_market {
            self.typed += 1;
            self.at_market += usize::from(at_market);
        }
        let side = usize::from(entry.buy);
        self.times[side].push(entry.time);
        if entry.table == Table::Orders || self.orders[side].last() != Some(&entry.time) {
            self.orders[side].push(entry.time);
        }
    }

    fn settle(&mut self) {
        self.sizes.sort_unstable_by(f64::total_cmp);
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
    fn knows(&self, entry: &Entry) -> bool {
        if self.sizes.len() < FEWEST || self.times[usize::from(entry.buy)].is_empty() {
            return false;
        }
        let cut = (self.sizes.len() as f64 * TAIL) as usize;
        let (least, most) = (self.sizes[cut], self.sizes[self.sizes.len() - 1 - cut]);
        let sized = (least / ROOM..=most * ROOM).contains(&entry.size);
        let typed = match entry.at_market {
            Some(at_market) if self.typed >= FEWEST => {
                let same = if at_market { self.at_market } else { self.typed - self.at_market };
                same as f64 >= RARE_TYPE * self.typed as f64
            }
            _ => true,
        };
        sized && typed
    }
}

/// Takes times, which are in order, apart into occasions.
pub fn occasions(times: &[i64]) -> Vec<Range<usize>> {
    let mut apart = Vec::new();
    let mut start = 0;
    while let Some(first) = times.get(start) {
        let end = times.partition_point(|time| *time <= first + OCCASION);
        apart.push(start..end);
        start = end;
    }
    apart
}

/// How many orders some entries of a side are, which are in order of time and pair: the fills of one are one.
pub fn count(entries: &[&Entry]) -> usize {
    entries.chunk_by(|a, b| same_order(a, b)).count()
}

/// Whether two entries of a side are fills of one order, as far as the export tells: those of one pair and second are.
pub fn same_order(a: &Entry, b: &Entry) -> bool {
    a.table == Table::Trades && (a.time, &a.market, &a.symbol) == (b.time, &b.market, &b.symbol)
}

/// For each entry how many of its pair and side fall into the ten minutes around it.
fn pace(entries: &[Entry]) -> Vec<usize> {
    let mut times: BTreeMap<(&str, &str, bool), Vec<i64>> = BTreeMap::new();
    for entry in entries {
        times.entry((&entry.market, &entry.symbol, entry.buy)).or_default().push(entry.time);
    }
    let near = |entry: &Entry| {
        let own = &times[&(entry.market.as_str(), entry.symbol.as_str(), entry.buy)];
        let from = own.partition_point(|time| *time < entry.time - PACE_SPAN / 2);
        own.partition_point(|time| *time <= entry.time + PACE_SPAN / 2) - from
    };
    entries.iter().map(near).collect()
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
