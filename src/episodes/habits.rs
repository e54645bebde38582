//! What the account usually orders in a pair: how much, how, and how fast.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::PolarsResult;

use super::entries::{Entry, OrderRows, whole_sizes};
use crate::dataset::Dataset;
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
/// Orders of a pair and side so close together are one occasion.
pub const OCCASION: i64 = 2 * MINUTE;
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
    /// The times of orders, purchases and sales apart.
    times: [Vec<i64>; 2],
    /// The most of them in ten minutes.
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
    pairs: BTreeMap<(String, String), Habit>,
    /// How many orders stood together on each occasion, sales and purchases apart, in any pair.
    occasions: [Vec<usize>; 2],
    /// How long it was looked at them, in microseconds.
    length: i64,
}

impl Habits {
    /// Those outside of a span, in the pairs of some entries.
    ///
    /// # Errors
    /// When a frame lacks a column, which would be a fault of this program.
    pub fn outside(data: &Dataset<'_>, span: &Range<i64>, entries: &[Entry]) -> PolarsResult<Self> {
        let mut pairs: BTreeMap<(String, String), Habit> = BTreeMap::new();
        let (Some(rows), Some(view)) = (OrderRows::new(data)?, &data.orders) else {
            return Ok(Self { pairs, occasions: Default::default(), length: 0 });
        };
        let wanted: BTreeSet<&str> = entries.iter().map(|entry| entry.symbol.as_str()).collect();
        let (symbols, times) = (view.column("symbol")?.str()?, view.column("time")?.i64()?);
        let near = span.start - NEAR..span.end + NEAR;
        let mut chosen: Vec<(i64, u32)> = Vec::new();
        for row in 0..view.height() {
            let (Some(time), Some(symbol)) = (times.get(row), symbols.get(row)) else { continue };
            if !near.contains(&time) && wanted.contains(symbol) {
                chosen.push(((time - span.start).abs(), row as u32));
            }
        }
        if chosen.len() > LOOKED_AT {
            chosen.select_nth_unstable(LOOKED_AT);
            chosen.truncate(LOOKED_AT);
        }
        let mut past = Vec::with_capacity(chosen.len());
        for (_, row) in chosen {
            past.extend(rows.read(row));
        }
        whole_sizes(&mut past);
        for entry in &past {
            pairs.entry((entry.market.clone(), entry.symbol.clone())).or_default().add(entry);
        }
        let occasions = [false, true].map(|buy| {
            let mut times: Vec<i64> = past.iter().filter(|entry| entry.buy == buy).map(|entry| entry.time).collect();
            times.sort_unstable();
            times.chunk_by(|before, after| after - before <= OCCASION).map(<[i64]>::len).collect()
        });
        let times = || past.iter().map(|entry| entry.time);
        let length = times().max().unwrap_or(0) - times().min().unwrap_or(0);
        pairs.values_mut().for_each(Habit::settle);
        Ok(Self { pairs, occasions, length: length.max(DAY) })
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

    /// How often at least so many orders of a side stand together, in a microsecond.
    pub fn rate(&self, buy: bool, orders: usize) -> f64 {
        let many = self.occasions[usize::from(buy)].iter().filter(|count| **count >= orders).count();
        many as f64 / self.length as f64
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
        self.times[usize::from(entry.buy)].push(entry.time);
    }

    fn settle(&mut self) {
        self.sizes.sort_unstable_by(f64::total_cmp);
        for (side, times) in self.times.iter_mut().enumerate() {
            times.sort_unstable();
            self.occasions[side] = times.chunk_by(|before, after| after - before <= OCCASION).count();
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
