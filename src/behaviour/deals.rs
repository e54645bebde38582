//! Takes the deals out of the frames.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use polars::prelude::*;

use super::{Deal, Deals, Symbol, worth};
use crate::columns::{self, Decimals, Texts, Times};
use crate::decimal::SCALE;
use crate::ingest::FastMap;
use crate::tables::Table;
use crate::time::{DAY, SECOND};

/// An order filled so soon after it was placed took what stood in the book, whatever its type (own proposal: exports write
/// whole seconds, and an order that crosses the book is filled in its first one).
const AT_ONCE: i64 = 2 * SECOND;

/// The deals behind the rows of the frame of orders (see [`crate::dataset::order_view`]).
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn deals(view: Option<&DataFrame>, frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Deals> {
    let Some(view) = view else { return Ok(Deals::default()) };
    let text = |name: &str| columns::texts(view, name);
    let (table, market, symbol, side) = (text("table")?, text("market")?, text("symbol")?, text("side")?);
    let (id, base, quote) = (text("order_id")?, text("base")?, text("quote")?);
    let table_row = columns::counts(view, "table_row")?;
    let trades = frames.get(&Table::Trades).map(Trades::new).transpose()?;
    let last_fills = || trades.as_ref().map(Trades::last_of_orders).unwrap_or_default();
    let orders = frames.get(&Table::Orders).map(|frame| Orders::new(frame, last_fills())).transpose()?;
    let mut places: FastMap<(&str, &str), usize> = FastMap::default();
    let mut groups: Vec<(Symbol, Vec<Deal>)> = Vec::new();
    let mut assumed = false;
    for row in 0..view.height() {
        let at = table_row.get(row).unwrap_or_default() as usize;
        let filled = match (table.get(row) == Some(Table::Orders.name()), &orders, &trades) {
            (true, Some(orders), _) => orders.filled(at),
            (false, _, Some(trades)) => trades.filled(at),
            _ => None,
        };
        let (Some(filled), Some(buy)) = (filled, side.get(row).map(|side| side == "BUY")) else { continue };
        assumed |= filled.assumed;
        let key = (market.get(row).unwrap_or_default(), symbol.get(row).unwrap_or_default());
        let place = *places.entry(key).or_insert_with(|| {
            let own = |column: Texts<'_>| column.get(row).unwrap_or_default().to_owned();
            let symbol = Symbol {
                market: own(market),
                name: own(symbol),
                base: own(base),
                quote: own(quote),
                deals: 0..0,
                worth: None,
            };
            groups.push((symbol, Vec::new()));
            groups.len() - 1
        });
        let deal = Deal { row: row as u32, symbol: 0, buy, ..filled.deal };
        groups[place].1.push(deal);
    }
    let number = |deal: &Deal| id.get(deal.row as usize).and_then(|id| id.parse().ok()).unwrap_or(0);
    Ok(Deals { assumed, ..joined(groups, &number) })
}

/// Puts the groups in order: pairs by name, deals by time; `id` is the number of a deal's order.
fn joined(mut groups: Vec<(Symbol, Vec<Deal>)>, id: &dyn Fn(&Deal) -> u64) -> Deals {
    groups.sort_by(|(a, _), (b, _)| (&a.market, &a.name).cmp(&(&b.market, &b.name)));
    let mut deals = Deals::default();
    for (number, (mut symbol, mut own)) in groups.into_iter().enumerate() {
        // Exports come in order, forwards or backwards, which this sort takes in one sweep.
        own.sort_by(|a, b| order(a, b, id));
        let start = deals.all.len();
        deals.all.extend(own.into_iter().map(|deal| Deal { symbol: number as u32, ..deal }));
        symbol.deals = start..deals.all.len();
        deals.symbols.push(symbol);
    }
    deals.by_time = by_time(&deals);
    worth::settle(&mut deals);
    for deal in &deals.all {
        *deals.days.entry(deal.time.div_euclid(DAY)).or_default() +=
            deals.symbols[deal.symbol as usize].worth.map_or(0.0, |worth| worth * deal.total);
    }
    deals
}

/// By time; within a second by the order's number, and without one so that purchases rise and sales fall. Files in another
/// order, or cut, give the same.
fn order(a: &Deal, b: &Deal, id: &dyn Fn(&Deal) -> u64) -> Ordering {
    let signed = |deal: &Deal| if deal.buy { deal.price } else { -deal.price };
    a.time
        .cmp(&b.time)
        .then_with(|| (id(a), !a.buy).cmp(&(id(b), !b.buy)))
        .then_with(|| signed(a).total_cmp(&signed(b)))
        .then_with(|| a.quantity.total_cmp(&b.quantity))
}

/// Merges the pairs' deals, each in order already, into one order of time.
fn by_time(deals: &Deals) -> Vec<u32> {
    type Next = std::cmp::Reverse<(i64, usize, usize)>;
    let next = |number: usize, at: usize| {
        (at < deals.symbols[number].deals.end).then(|| std::cmp::Reverse((deals.all[at].time, number, at)))
    };
    let mut heap: BinaryHeap<Next> =
        (0..deals.symbols.len()).filter_map(|number| next(number, deals.symbols[number].deals.start)).collect();
    let mut merged = Vec::with_capacity(deals.all.len());
    while let Some(std::cmp::Reverse((_, number, at))) = heap.pop() {
        merged.push(at as u32);
        heap.extend(next(number, at + 1));
    }
    merged
}

/// A deal whose row, pair and side are still to be set.
struct Filled {
    deal: Deal,
    assumed: bool,
}

impl Filled {
    fn new(time: i64, [price, quantity, total]: [f64; 3], taker: bool, fill: bool) -> Option<Self> {
        let price = if price > 0.0 { price } else { total / quantity };
        let total = if total > 0.0 { total } else { price * quantity };
        let usable = quantity > 0.0 && price > 0.0 && price.is_finite() && total.is_finite();
        let deal = Deal { time, price, quantity, total, row: 0, symbol: 0, waited: 0, buy: false, taker, fill };
        usable.then_some(Self { deal, assumed: false })
    }
}

fn number(column: &Decimals<'_>, at: usize) -> f64 {
    column.get(at).map_or(0.0, |units| units as f64 / 10f64.powi(SCALE as i32))
}

/// When the last fill of an order was, by pair and id.
type LastFills<'a> = FastMap<(&'a str, &'a str), i64>;

/// The columns of the order history that make deals.
struct Orders<'a> {
    created: Times<'a>,
    updated: Times<'a>,
    symbol: Texts<'a>,
    id: Texts<'a>,
    last_fills: LastFills<'a>,
    kind: Texts<'a>,
    status: Texts<'a>,
    price: Decimals<'a>,
    average: Decimals<'a>,
    quantity: Decimals<'a>,
    executed: Decimals<'a>,
    total: Decimals<'a>,
}

impl<'a> Orders<'a> {
    fn new(frame: &'a DataFrame, last_fills: LastFills<'a>) -> PolarsResult<Self> {
        Ok(Self {
            created: columns::times(frame, "created")?,
            updated: columns::times(frame, "updated")?,
            symbol: columns::texts(frame, "symbol")?,
            id: columns::texts(frame, "order_id")?,
            last_fills,
            kind: columns::texts(frame, "type")?,
            status: columns::texts(frame, "status")?,
            price: columns::decimals(frame, "price")?,
            average: columns::decimals(frame, "average_price")?,
            quantity: columns::decimals(frame, "quantity")?,
            executed: columns::decimals(frame, "executed")?,
            total: columns::decimals(frame, "quote_total")?,
        })
    }

    fn filled(&self, at: usize) -> Option<Filled> {
        let created = self.created.get(at)?;
        let status = self.status.get(at).unwrap_or_default().to_ascii_lowercase();
        let whole = status.contains("fill") && !status.contains("partial");
        // Where the export does not say how much was filled, a filled order was filled whole.
        let executed = match self.executed.get(at) {
            Some(_) => number(&self.executed, at),
            None if whole => number(&self.quantity, at),
            None => return None,
        };
        let updated = self.updated.get(at).or_else(|| self.last_fill(at)).filter(|time| *time >= created && whole);
        let kind = self.kind.get(at).unwrap_or_default().to_ascii_uppercase();
        let waits = ["STOP", "TAKE_PROFIT", "TAKE PROFIT", "TRAIL", "OCO"].iter().any(|word| kind.contains(word));
        let takes = ["MARKET", "IOC", "FOK"].iter().any(|word| kind.contains(word));
        // What is left of an order that fills at once or not at all expires in the same moment.
        let expired = status.contains("expire").then(|| self.updated.get(at)).flatten();
        let at_once = updated.or(expired).is_some_and(|updated| updated - created <= AT_ONCE);
        let price = if number(&self.average, at) > 0.0 { number(&self.average, at) } else { 0.0 };
        let total = number(&self.total, at);
        let price = if price == 0.0 && total == 0.0 { number(&self.price, at) } else { price };
        // A market order's update may be a later correction of its record; it was filled when it was placed.
        let time = if takes && !waits { created } else { updated.unwrap_or(created) };
        // An export that tells neither type nor later times (Binance's of 2018) is like one of fills.
        let assumed = kind.is_empty() && updated.is_none();
        let filled = Filled::new(time, [price, executed, total], !waits && (takes || at_once || assumed), false)?;
        let waited = u32::try_from((time - created) / SECOND).unwrap_or(u32::MAX);
        Some(Filled { assumed, deal: Deal { waited, ..filled.deal } })
    }

    fn last_fill(&self, at: usize) -> Option<i64> {
        self.last_fills.get(&(self.symbol.get(at)?, self.id.get(at)?)).copied()
    }
}

/// The columns of the trade history that make deals.
struct Trades<'a> {
    length: usize,
    time: Times<'a>,
    symbol: Texts<'a>,
    order_id: Texts<'a>,
    maker: Texts<'a>,
    price: Decimals<'a>,
    quantity: Decimals<'a>,
    total: Decimals<'a>,
}

impl<'a> Trades<'a> {
    fn new(frame: &'a DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            length: frame.height(),
            time: columns::times(frame, "time")?,
            symbol: columns::texts(frame, "symbol")?,
            order_id: columns::texts(frame, "order_id")?,
            maker: columns::texts(frame, "maker")?,
            price: columns::decimals(frame, "price")?,
            quantity: columns::decimals(frame, "quantity")?,
            total: columns::decimals(frame, "quote_total")?,
        })
    }

    fn last_of_orders(&self) -> LastFills<'a> {
        let mut last = LastFills::default();
        for at in (0..self.length).filter(|_| !self.order_id.is_nothing()) {
            if let (Some(symbol), Some(id), Some(time)) =
                (self.symbol.get(at), self.order_id.get(at), self.time.get(at))
            {
                last.entry((symbol, id)).and_modify(|known| *known = time.max(*known)).or_insert(time);
            }
        }
        last
    }

    fn filled(&self, at: usize) -> Option<Filled> {
        let maker = self
            .maker
            .get(at)
            .map(|word| !["false", "n", "no", "taker"].iter().any(|taker| word.eq_ignore_ascii_case(taker)));
        let numbers = [&self.price, &self.quantity, &self.total].map(|column| number(column, at));
        let filled = Filled::new(self.time.get(at)?, numbers, maker != Some(true), true)?;
        Some(Filled { assumed: maker.is_none(), ..filled })
    }
}
