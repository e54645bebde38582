//! Which P2P orders near an episode belong to it: those that do not fit what the account does in P2P.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use polars::prelude::*;

use super::chance;
use super::entries::{self, Entry};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::DAY;

/// Fewer orders of a side than this make no habit.
const FEWEST: usize = 10;
/// An ordinary order is at most so many times the largest usual one.
const ROOM: f64 = 1.5;
/// An ordinary price is at most this much worse than the usual one (as in p2p-price-off).
const WORSE: f64 = 0.03;
/// An account that deals with someone new in fewer cases than this keeps to those it knows.
const NEWCOMERS: f64 = 0.2;

/// The P2P orders of `span` that belong to an episode whose named orders are `seeds`. Habits are taken from outside of it.
///
/// # Errors
/// When the frame lacks a column, which would be a fault of this program.
pub fn members(data: &Dataset<'_>, seeds: &[Entry], span: &Range<i64>) -> PolarsResult<Vec<Entry>> {
    let Some(frame) = data.frames.get(&Table::P2p) else { return Ok(Vec::new()) };
    let deals = Deal::all(frame)?;
    let (near, past): (Vec<&Deal<'_>>, Vec<&Deal<'_>>) = deals.iter().partition(|deal| span.contains(&deal.time));
    let habits = Habits::of(past.into_iter().filter(|deal| !deal.undone).collect());
    let named: BTreeSet<u32> = seeds.iter().filter(|seed| seed.table == Table::P2p).map(|seed| seed.row).collect();
    let (usual, odd): (Vec<&Deal<'_>>, Vec<&Deal<'_>>) = near.iter().partition(|deal| habits.fit(deal));
    // When most of the named ones look ordinary, it is not their look that gives them away.
    let usual_named = usual.iter().filter(|deal| named.contains(&deal.row)).count();
    let trusted = |deal: &Deal<'_>| usual_named * 2 > named.len() && named.contains(&deal.row);
    let rows = odd.iter().chain(
        usual.iter().filter(|deal| trusted(deal) || habits.too_many(deal, named.contains(&deal.row), &usual, &odd)),
    );
    let rows = rows.map(|deal| deal.row);
    let mut found = Vec::new();
    for row in rows {
        found.extend(entries::p2p(frame, row)?);
    }
    Ok(found)
}

/// A P2P order, as habits see it.
struct Deal<'a> {
    row: u32,
    time: i64,
    side: &'a str,
    asset: &'a str,
    fiat: &'a str,
    counterparty: Option<&'a str>,
    total: f64,
    price: f64,
    undone: bool,
}

impl<'a> Deal<'a> {
    fn all(frame: &'a DataFrame) -> PolarsResult<Vec<Self>> {
        let text = |name: &str| -> PolarsResult<&'a StringChunked> { frame.column(name)?.str() };
        let number =
            |name: &str| -> PolarsResult<Int128Chunked> { Ok(frame.column(name)?.decimal()?.physical().clone()) };
        let (side, asset, fiat, counterparty) = (text("side")?, text("asset")?, text("fiat")?, text("counterparty")?);
        let (total, quantity, price) = (number("total")?, number("quantity")?, number("price")?);
        let (created, undone) = (frame.column("created")?.i64()?, frame.column("undone")?.bool()?);
        let float = |column: &Int128Chunked, at| {
            column.get(at).map_or(0.0, |units| entries::float(crate::decimal::Decimal(units)))
        };
        let deal = |at: usize| {
            let (total, quantity, price) = (float(&total, at), float(&quantity, at), float(&price, at));
            Some(Self {
                row: at as u32,
                time: created.get(at)?,
                side: side.get(at).unwrap_or_default(),
                asset: asset.get(at).unwrap_or_default(),
                fiat: fiat.get(at).unwrap_or_default(),
                counterparty: counterparty.get(at),
                total: if total > 0.0 { total } else { price * quantity },
                price: if price > 0.0 { price } else { total / quantity },
                undone: undone.get(at) == Some(true),
            })
        };
        Ok((0..frame.height()).filter_map(deal).collect())
    }
}

/// What the account does in P2P.
struct Habits<'a> {
    /// How many orders of each side.
    count: BTreeMap<&'a str, usize>,
    /// The largest of each side and fiat.
    largest: BTreeMap<(&'a str, &'a str), f64>,
    /// The usual price of each side, asset and fiat.
    price: BTreeMap<(&'a str, &'a str, &'a str), f64>,
    /// Whom it dealt with.
    known: BTreeSet<&'a str>,
    /// Whether it keeps to those.
    keeps_to_them: bool,
    /// How long all this took, in microseconds.
    length: i64,
}

impl<'a> Habits<'a> {
    fn of(mut past: Vec<&Deal<'a>>) -> Self {
        past.sort_by_key(|deal| (deal.time, deal.row));
        let (mut count, mut largest, mut prices) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (mut known, mut newcomers) = (BTreeSet::new(), 0);
        let length = past.last().map_or(0, |last| last.time - past[0].time).max(DAY);
        // Everyone is new to the first half.
        let later = past.len() - past.len() / 2;
        for (number, deal) in past.iter().enumerate() {
            *count.entry(deal.side).or_insert(0) += 1;
            let most = largest.entry((deal.side, deal.fiat)).or_insert(0.0);
            *most = deal.total.max(*most);
            prices.entry((deal.side, deal.asset, deal.fiat)).or_insert_with(Vec::new).push(deal.price);
            let new = deal.counterparty.is_some_and(|name| known.insert(name));
            newcomers += usize::from(new && number >= past.len() / 2);
        }
        let median = |mut prices: Vec<f64>| {
            let middle = prices.len() / 2;
            *prices.select_nth_unstable_by(middle, f64::total_cmp).1
        };
        Self {
            count,
            largest,
            price: prices.into_iter().map(|(key, prices)| (key, median(prices))).collect(),
            known,
            keeps_to_them: (newcomers as f64) < NEWCOMERS * later as f64,
            length,
        }
    }

    /// Whether one of the usual orders stands in the midst of odd ones of its side, with more others than come so close
    /// together by chance.
    fn too_many(&self, deal: &Deal<'a>, is_named: bool, usual: &[&Deal<'a>], odd: &[&Deal<'a>]) -> bool {
        let times = || odd.iter().filter(|other| other.side == deal.side).map(|other| other.time);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return false };
        let inside = |other: &&&Deal<'a>| other.side == deal.side && (first..=last).contains(&other.time);
        let rate = self.count.get(deal.side).copied().unwrap_or(0) as f64 / self.length as f64;
        let mean = rate * (last - first) as f64;
        inside(&&deal) && chance::explains_not(usual.iter().filter(inside).count(), mean, is_named, deal.side == "BUY")
    }

    /// Whether an order is as usual.
    fn fit(&self, deal: &Deal<'a>) -> bool {
        let count = self.count.get(deal.side).copied().unwrap_or(0);
        let knows = deal.counterparty.is_some_and(|name| self.known.contains(name));
        let largest = self.largest.get(&(deal.side, deal.fiat));
        if !largest.is_some_and(|largest| deal.total <= ROOM * largest) {
            return false;
        }
        if count < FEWEST {
            return knows;
        }
        let usual = self.price.get(&(deal.side, deal.asset, deal.fiat)).copied().unwrap_or(deal.price);
        let worse = if deal.side == "BUY" { deal.price / usual - 1.0 } else { 1.0 - deal.price / usual };
        worse < WORSE && (knows || !self.keeps_to_them)
    }
}
