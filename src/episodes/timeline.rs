//! An episode told in a few lines.

use std::collections::BTreeMap;

use super::entries::Entry;
use crate::behaviour::marks::amount;
use crate::decimal::Decimal;

/// Orders of one pair and side that followed one another.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// How many.
    pub orders: usize,
    /// Whether they bought.
    pub buy: bool,
    /// The pair.
    pub symbol: String,
    /// What was traded.
    pub base: String,
    /// For what.
    pub quote: String,
    /// How much of the base asset.
    pub quantity: Decimal,
    /// How much of the quote asset.
    pub total: Decimal,
    /// The first price paid, for people.
    pub from: String,
    /// The last one.
    pub to: String,
}

/// With more stretches than this each pair and side is told in one line.
const LINES: usize = 16;

/// Tells entries, which are in order of time.
pub fn timeline(entries: &[Entry]) -> Vec<Stretch> {
    let same = |a: &Entry, b: &Entry| (&a.market, &a.symbol, a.buy) == (&b.market, &b.symbol, b.buy);
    let followed: Vec<Vec<&Entry>> = entries.chunk_by(same).map(|chunk| chunk.iter().collect()).collect();
    if followed.len() <= LINES {
        return followed.iter().filter_map(|chunk| stretch(chunk)).collect();
    }
    let mut groups: BTreeMap<(&str, &str, bool), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry((&entry.market, &entry.symbol, entry.buy)).or_default().push(entry);
    }
    let mut told: Vec<Stretch> = groups.values().filter_map(|group| stretch(group)).collect();
    told.sort_by(|a, b| (a.first, &a.symbol, a.buy).cmp(&(b.first, &b.symbol, b.buy)));
    told
}

fn stretch(entries: &[&Entry]) -> Option<Stretch> {
    let (first, last) = (entries.first()?, entries.last()?);
    let sum = |value: &dyn Fn(&Entry) -> Decimal| {
        Decimal(entries.iter().fold(0i128, |sum, entry| sum.saturating_add(value(entry).0)))
    };
    let filled = || entries.iter().filter(|entry| entry.quantity.0 > 0).map(|entry| amount(entry.price()));
    Some(Stretch {
        first: first.time,
        last: last.time,
        orders: entries.len(),
        buy: first.buy,
        symbol: first.symbol.to_string(),
        base: first.base.to_string(),
        quote: first.quote.to_string(),
        quantity: sum(&|entry| entry.quantity),
        total: sum(&|entry| entry.total),
        from: filled().next().unwrap_or_default(),
        to: filled().next_back().unwrap_or_default(),
    })
}
