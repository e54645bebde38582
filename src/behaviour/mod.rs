//! What the account traded, deal by deal, and what its own history says of that: the columns and sweeps which the rules of
//! behaviour share. No market data: every price is held against the account's own.
//!
//! Deals are held as plain columns and swept by hand-written loops, because windows that slide, queues and runs are no
//! expressions of frames. Every sweep is linear in the deals, or nearly so.

mod deals;
pub mod history;
pub mod marks;
pub mod outcome;
pub mod own_sales;
pub mod sweep;
mod worth;

use std::collections::BTreeMap;
use std::ops::Range;

pub use deals::deals;
pub use worth::DOLLARS;

use crate::time::{DAY, SECOND};

/// An order as far as it was filled, or a fill that stands for an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deal {
    /// When it was filled, as nearly as the exports tell.
    pub time: i64,
    /// The price per unit, in the quote asset.
    pub price: f64,
    /// How much, in the base asset.
    pub quantity: f64,
    /// How much, in the quote asset.
    pub total: f64,
    /// Its row in the frame of orders.
    pub row: u32,
    /// Its pair, by index.
    pub symbol: u32,
    /// How many seconds its order had waited when it was filled, as far as the export tells.
    pub waited: u32,
    /// Whether it bought the base asset.
    pub buy: bool,
    /// Whether it took what stood in the book: it moved the price, or let itself be moved.
    pub taker: bool,
    /// Whether it is a fill, of which one order may have several.
    pub fill: bool,
}

impl Deal {
    /// Whether its order was placed no longer than a span before it was filled: what waited in the book for hours is nobody's
    /// haste.
    pub fn is_fresh(&self, span: i64) -> bool {
        i64::from(self.waited) * SECOND <= span
    }
}

/// How many orders deals of one pair and side are, which are in order of time: fills of one second are taken for one.
pub fn orders(deals: &[&Deal]) -> usize {
    deals.chunk_by(|a, b| a.fill && b.fill && a.time == b.time).count()
}

/// A pair on a market.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// The market.
    pub market: String,
    /// The pair.
    pub name: String,
    /// Its first asset.
    pub base: String,
    /// Its second asset; empty when the pair could not be taken apart.
    pub quote: String,
    /// Where its deals stand.
    pub deals: Range<usize>,
    /// What one unit of its quote asset is worth in the account's usual money; `None` when its own deals do not tell.
    pub worth: Option<f64>,
}

/// All deals of an account, in order of pair and time.
#[derive(Clone, Debug, Default)]
pub struct Deals {
    /// The pairs, by market and name.
    pub symbols: Vec<Symbol>,
    /// The deals, by pair, then time.
    pub all: Vec<Deal>,
    /// The same in order of time, by index.
    pub by_time: Vec<u32>,
    /// What was traded on each day since 1970, in the account's usual money.
    pub days: BTreeMap<i64, f64>,
    /// Whether the usual money is a dollar or stands for one.
    pub in_dollars: bool,
    /// Whether fills whose export does not say so were taken for a taker's.
    pub assumed: bool,
}

impl Deals {
    /// The deals of a pair.
    pub fn of(&self, symbol: &Symbol) -> &[Deal] {
        &self.all[symbol.deals.clone()]
    }

    /// The pair of a deal.
    pub fn symbol(&self, deal: &Deal) -> &Symbol {
        &self.symbols[deal.symbol as usize]
    }

    /// What a deal was worth in the account's usual money; nothing when that cannot be told.
    pub fn value(&self, deal: &Deal) -> f64 {
        self.symbol(deal).worth.map_or(0.0, |worth| worth * deal.total)
    }

    /// What one unit of an asset was last worth in the account's usual money, by its own deals.
    pub fn worth_of(&self, asset: &str) -> Option<f64> {
        if DOLLARS.contains(&asset) && (self.in_dollars || self.symbols.is_empty()) {
            return Some(1.0);
        }
        let pairs = self.symbols.iter().filter(|symbol| symbol.base == asset && symbol.worth.is_some());
        let pair = pairs.max_by_key(|symbol| symbol.deals.len())?;
        Some(self.of(pair).last()?.price * pair.worth?)
    }

    /// The most that was traded on one of the `days` before an instant, in the account's usual money.
    pub fn largest_day(&self, before: i64, days: i64) -> f64 {
        let day = before.div_euclid(DAY);
        self.days.range(day - days..day).map(|(_, total)| *total).fold(0.0, f64::max)
    }
}
