//! The orders and fills of an account as habits see them: small, and each read but once, however many incidents look at it.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use polars::prelude::PolarsResult;

use super::entries::{Entry, OrderRows, float};
use crate::dataset::Dataset;
use crate::decimal::Decimal;
use crate::ingest::FastMap;
use crate::parallel;

/// So many rows are read together.
const BLOCK: usize = 4096;

/// An order, or a fill that stands for one.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    /// When it was made.
    pub time: i64,
    /// What it was placed for, in the quote asset: what counts when it was not filled. Of a fill what all fills of its pair,
    /// side and second come to: one order may have had several.
    pub size: f64,
    /// The part of that at its own price, in quote and base, where fills of one second may be of several orders; nothing where
    /// orders are told apart.
    pub level: [f64; 2],
    /// Its row in the frame of orders.
    pub row: u32,
    /// Its market and pair, by a number of their own.
    pub pair: u32,
    /// Its pair alone, in any market.
    pub symbol: u32,
    /// Whether it buys the base asset.
    pub buy: bool,
    /// Whether it is a fill.
    pub is_fill: bool,
    /// Whether it is a market order; `None` when the export does not say.
    pub at_market: Option<bool>,
}

/// Those of an account, in order of time, then of market, pair, side and what else tells them apart.
pub struct Deeds<'a> {
    rows: Option<OrderRows<'a>>,
    /// The numbers of markets and pairs; of pairs alone with no market. They tell them apart, and mean nothing else: threads
    /// give them in any order.
    numbers: Mutex<FastMap<[&'a str; 2], u32>>,
    blocks: Vec<OnceLock<Vec<Deed>>>,
}

impl<'a> Deeds<'a> {
    /// Those of a dataset; none when it has no orders.
    ///
    /// # Errors
    /// When a frame lacks a column, which would be a fault of this program.
    pub fn new(data: &'a Dataset<'_>) -> PolarsResult<Self> {
        let rows = OrderRows::new(data)?;
        let blocks = rows.as_ref().map_or(0, |rows| rows.by_time.len().div_ceil(BLOCK));
        Ok(Self { rows, numbers: Mutex::default(), blocks: vec![OnceLock::new(); blocks] })
    }

    /// Reads all of them at once, on several threads, where they are no more than habits look at in any case.
    pub fn prepare(&self, most: usize, jobs: usize) {
        if self.blocks.len() * BLOCK <= most {
            parallel::map((0..self.blocks.len()).collect(), jobs, |number| self.block(number).len());
        }
    }

    /// All that is known of one.
    pub fn entry(&self, deed: &Deed) -> Option<Entry> {
        self.rows.as_ref()?.read(deed.row)
    }

    /// Those of a span.
    pub fn within(&self, span: &Range<i64>) -> Vec<Deed> {
        self.from(span.start).take_while(|deed| deed.time < span.end).copied().collect()
    }

    /// Of those outside of a span that are wanted, the `most` that are nearest to an instant in it, and others that are as
    /// far away as the last of them.
    pub fn nearest(&self, span: &Range<i64>, to: i64, most: usize, wanted: impl Fn(&Deed) -> bool) -> Vec<Deed> {
        let far = |deed: &&Deed| (deed.time - to).abs();
        let (mut past, mut future) = (self.before(span.start).peekable(), self.from(span.end).peekable());
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut last = 0;
        loop {
            let [back, forth] = [past.peek(), future.peek()].map(|deed| deed.map_or(i64::MAX, far));
            if before.len() + after.len() >= most && last < back.min(forth) {
                break;
            }
            let (next, side) = if back <= forth { (past.next(), &mut before) } else { (future.next(), &mut after) };
            let Some(deed) = next else { break };
            if wanted(deed) {
                last = far(&deed);
                side.push(*deed);
            }
        }
        before.reverse();
        before.append(&mut after);
        before
    }

    fn from(&self, time: i64) -> impl Iterator<Item = &Deed> {
        let blocks = self.block_of(time)..self.blocks.len();
        blocks.flat_map(|number| self.block(number)).skip_while(move |deed| deed.time < time)
    }

    /// The latest first.
    fn before(&self, time: i64) -> impl Iterator<Item = &Deed> {
        let blocks = 0..self.blocks.len().min(self.block_of(time) + 1);
        blocks.rev().flat_map(|number| self.block(number).iter().rev()).skip_while(move |deed| deed.time >= time)
    }

    /// The block in which those of an instant or later begin.
    fn block_of(&self, time: i64) -> usize {
        self.rows.as_ref().map_or(0, |rows| rows.before(time) / BLOCK)
    }

    fn block(&self, number: usize) -> &[Deed] {
        self.blocks[number].get_or_init(|| self.rows.as_ref().map_or_else(Vec::new, |rows| self.read(rows, number)))
    }

    fn number(&self, name: [&'a str; 2]) -> u32 {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    }

    fn read(&self, rows: &OrderRows<'a>, number: usize) -> Vec<Deed> {
        let mut own: Vec<u32> = rows.by_time[start(rows, number)..start(rows, number + 1)].to_vec();
        own.sort_by(|a, b| compare(rows, *a, *b));
        let mut known: FastMap<[&str; 2], u32> = FastMap::default();
        let mut number_of = |name: [&'a str; 2]| *known.entry(name).or_insert_with(|| self.number(name));
        let deed = |row: u32| {
            let [market, symbol] = rows.pair(row);
            Deed {
                time: rows.time(row),
                size: rows.size(row),
                level: [0.0; 2],
                row,
                pair: number_of([market, symbol]),
                symbol: number_of(["", symbol]),
                buy: rows.buys(row),
                is_fill: !rows.is_order(row),
                at_market: rows.at_market(row),
            }
        };
        let mut deeds: Vec<Deed> = own.into_iter().map(deed).collect();
        let same = |a: &Deed, b: &Deed| a.buy == b.buy && same_order(a, b) && rows.id(a.row) == rows.id(b.row);
        for fills in deeds.chunk_by_mut(same).filter(|fills| fills[0].is_fill) {
            // Summed as decimals: sums of floats depend on their order.
            let add = |sum: &mut i128, value: Decimal| *sum = sum.saturating_add(value.0);
            let mut whole = 0;
            let mut levels: Vec<(f64, [i128; 2])> = Vec::new();
            let mut places = Vec::new();
            for fill in fills.iter() {
                let (quantity, total) = rows.filled(fill.row);
                let price = total.0 as f64 / quantity.0 as f64;
                // Totals are rounded, so that prices told from them differ in their last digits.
                let known = levels.iter().position(|(known, _)| (known / price - 1.0).abs() < 1e-6);
                let place = known.unwrap_or_else(|| {
                    levels.push((price, [0; 2]));
                    levels.len() - 1
                });
                places.push(place);
                add(&mut whole, total);
                add(&mut levels[place].1[0], total);
                add(&mut levels[place].1[1], quantity);
            }
            let told_apart = rows.id(fills[0].row).is_some();
            for (fill, place) in fills.iter_mut().zip(places) {
                fill.size = float(Decimal(whole));
                fill.level = if told_apart { [0.0; 2] } else { levels[place].1.map(|sum| float(Decimal(sum))) };
            }
        }
        deeds
    }
}

/// Where a block starts among the rows in order of time. What was made at one instant stands in one block.
fn start(rows: &OrderRows<'_>, number: usize) -> usize {
    let before = &rows.by_time[..rows.by_time.len().min(number * BLOCK)];
    before.last().map_or(0, |row| rows.before(rows.time(*row) + 1))
}

fn compare(rows: &OrderRows<'_>, a: u32, b: u32) -> Ordering {
    let plain = |row: u32| (rows.time(row), rows.pair(row), rows.buys(row), !rows.is_order(row));
    let rest = |row: u32| (rows.id(row), rows.filled(row), row);
    plain(a).cmp(&plain(b)).then_with(|| rest(a).cmp(&rest(b)))
}

/// Whether two deeds of a side are fills of one order, as far as the export tells: those of one pair and second are.
pub fn same_order(a: &Deed, b: &Deed) -> bool {
    a.is_fill && (a.time, a.pair) == (b.time, b.pair)
}
