//! The orders, fills and P2P orders that an episode may consist of, read from their frames with exact amounts.

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::*;

use crate::columns::{self, Counts, Decimals, Texts, Times};
use crate::dataset::Dataset;
use crate::decimal::{Decimal, SCALE};
use crate::tables::Table;

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When it was made.
    pub time: i64,
    /// The table it stems from: orders, trades or P2P.
    pub table: Table,
    /// Its row in that table's frame.
    pub table_row: u32,
    /// Its row in the frame of orders; for a P2P order the same as `table_row`.
    pub row: u32,
    /// Its id.
    pub id: Option<PlSmallStr>,
    /// The market.
    pub market: PlSmallStr,
    /// The pair; of a P2P order its asset and fiat.
    pub symbol: PlSmallStr,
    /// What is traded.
    pub base: PlSmallStr,
    /// For what.
    pub quote: PlSmallStr,
    /// Whether it buys the base asset.
    pub buy: bool,
    /// Whether it is a market order; `None` when the export does not say.
    pub at_market: Option<bool>,
    /// How much of the base asset was traded.
    pub quantity: Decimal,
    /// How much of the quote asset.
    pub total: Decimal,
    /// What it was placed for, in the quote asset: what counts when it was not filled.
    pub size: f64,
}

impl Entry {
    /// What it is, whatever file and line it stands in.
    pub fn content(&self) -> String {
        let Self { time, market, symbol, quantity, total, .. } = self;
        format!("{time} {market} {symbol} {} {quantity} {total} {}", self.buy, self.id.as_deref().unwrap_or_default())
    }

    /// The price it was traded at.
    pub fn price(&self) -> f64 {
        self.total.0 as f64 / self.quantity.0 as f64
    }
}

/// Reads rows of the frame of orders. Its columns are looked up once: an account may have millions of rows.
pub struct OrderRows<'a> {
    /// Rows in order of time.
    by_time: &'a [u32],
    times: Times<'a>,
    tables: Texts<'a>,
    table_rows: Counts<'a>,
    sides: Texts<'a>,
    ids: Texts<'a>,
    /// Market, pair, base and quote.
    names: [Texts<'a>; 4],
    orders: Option<Amounts<'a>>,
    trades: Option<Amounts<'a>>,
}

impl<'a> OrderRows<'a> {
    /// Over a dataset; `None` when it has no orders.
    ///
    /// # Errors
    /// When a frame lacks a column, which would be a fault of this program.
    pub fn new(data: &'a Dataset<'_>) -> PolarsResult<Option<Self>> {
        let Some(view) = data.orders.as_ref() else { return Ok(None) };
        let text = |name: &str| columns::texts(view, name);
        let amounts = |table: Table| data.frames.get(&table).map(Amounts::new).transpose();
        Ok(Some(Self {
            by_time: &data.by_time,
            times: columns::times(view, "time")?,
            tables: text("table")?,
            table_rows: columns::counts(view, "table_row")?,
            sides: text("side")?,
            ids: text("order_id")?,
            names: [text("market")?, text("symbol")?, text("base")?, text("quote")?],
            orders: amounts(Table::Orders)?,
            trades: amounts(Table::Trades)?,
        }))
    }

    /// All rows made in a span.
    pub fn within(&self, span: &Range<i64>) -> Vec<u32> {
        let before = |time: i64| self.by_time.partition_point(|row| self.time(*row) < time);
        let mut rows = self.by_time[before(span.start)..before(span.end)].to_vec();
        rows.sort_unstable();
        rows
    }

    /// Of the rows made outside of a span that are wanted, the `most` that are nearest to an instant in it.
    pub fn nearest(&self, span: &Range<i64>, to: i64, most: usize, wanted: impl Fn(u32) -> bool) -> Vec<u32> {
        let before = |time: i64| self.by_time.partition_point(|row| self.time(*row) < time);
        let far = |row: &u32| (self.time(*row) - to).abs();
        let mut past = self.by_time[..before(span.start)].iter().rev().peekable();
        let mut future = self.by_time[before(span.end)..].iter().peekable();
        let mut found: Vec<(i64, u32)> = Vec::new();
        loop {
            let [back, forth] = [past.peek(), future.peek()].map(|row| row.map_or(i64::MAX, |row| far(row)));
            let next = if back <= forth { past.next() } else { future.next() };
            // Of those that are as far away as the last one, the first rows count.
            let enough = found.len() >= most && found.last().is_some_and(|(last, _)| *last < back.min(forth));
            let Some(row) = next.filter(|_| !enough) else { break };
            found.extend(wanted(*row).then(|| (far(row), *row)));
        }
        found.sort_unstable();
        found.truncate(most);
        let mut rows: Vec<u32> = found.into_iter().map(|(_, row)| row).collect();
        rows.sort_unstable();
        rows
    }

    fn time(&self, row: u32) -> i64 {
        self.times.get(row as usize).unwrap_or_default()
    }

    /// A row.
    pub fn read(&self, row: u32) -> Option<Entry> {
        let at = row as usize;
        let is_order = self.tables.get(at) == Some(Table::Orders.name());
        let table_row = self.table_rows.get(at).unwrap_or_default();
        let (table, own) = if is_order { (Table::Orders, &self.orders) } else { (Table::Trades, &self.trades) };
        let (own, time) = (own.as_ref()?, self.times.get(at)?);
        let (quantity, total, size) =
            if is_order { own.order(table_row as usize) } else { own.fill(table_row as usize) };
        let [market, symbol, base, quote] = self.names.map(|names| PlSmallStr::from(names.get(at).unwrap_or_default()));
        Some(Entry {
            time,
            table,
            table_row,
            row,
            id: self.ids.get(at).map(PlSmallStr::from),
            market,
            symbol,
            base,
            quote,
            buy: self.sides.get(at) == Some("BUY"),
            at_market: if is_order { own.at_market(table_row as usize) } else { None },
            quantity,
            total,
            size,
        })
    }
}

/// Gives each fill the size of all fills of its pair, side and second: one order may have had several.
pub fn whole_sizes(entries: &mut [Entry]) {
    let key = |entry: &Entry| (entry.time, entry.market.clone(), entry.symbol.clone(), entry.buy);
    // Summed as decimals: sums of floats depend on their order.
    let mut sums: BTreeMap<(i64, PlSmallStr, PlSmallStr, bool), i128> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.table == Table::Trades) {
        let sum = sums.entry(key(entry)).or_default();
        *sum = sum.saturating_add(entry.total.0);
    }
    for entry in entries.iter_mut().filter(|entry| entry.table == Table::Trades) {
        entry.size = float(Decimal(sums[&key(entry)]));
    }
}

/// A P2P order.
pub fn p2p(frame: &DataFrame, row: u32) -> PolarsResult<Option<Entry>> {
    let at = row as usize;
    let text = |name: &str| -> PolarsResult<Option<PlSmallStr>> {
        Ok(columns::texts(frame, name)?.get(at).map(PlSmallStr::from))
    };
    let Some(time) = frame.column("created")?.i64()?.get(at) else { return Ok(None) };
    let (asset, fiat) = (text("asset")?.unwrap_or_default(), text("fiat")?.unwrap_or_default());
    let undone = frame.column("undone")?.bool()?.get(at).unwrap_or_default();
    let amount = |name: &str| -> PolarsResult<Decimal> {
        let units = frame.column(name)?.decimal()?.physical().get(at).filter(|_| !undone);
        Ok(units.map(Decimal).unwrap_or_default())
    };
    let (quantity, total) = (amount("quantity")?, amount("total")?);
    Ok(Some(Entry {
        time,
        table: Table::P2p,
        table_row: row,
        row,
        id: text("order_id")?,
        market: "P2P".into(),
        symbol: format!("{asset} for {fiat}").into(),
        base: asset,
        quote: fiat,
        buy: text("side")?.as_deref() == Some("BUY"),
        at_market: None,
        quantity,
        total,
        size: float(total),
    }))
}

/// A decimal as a statistic needs it.
pub fn float(value: Decimal) -> f64 {
    value.0 as f64 / 10f64.powi(SCALE as i32)
}

/// The amounts of a frame of orders or trades; trades have no columns but quantity, price and total.
struct Amounts<'a> {
    quantity: Decimals<'a>,
    price: Decimals<'a>,
    total: Decimals<'a>,
    executed: Option<Decimals<'a>>,
    average: Option<Decimals<'a>>,
    undone: Option<&'a BooleanChunked>,
    kinds: Option<Texts<'a>>,
}

impl<'a> Amounts<'a> {
    fn new(frame: &'a DataFrame) -> PolarsResult<Self> {
        let amount = |name: &str| columns::decimals(frame, name);
        Ok(Self {
            quantity: amount("quantity")?,
            price: amount("price")?,
            total: amount("quote_total")?,
            executed: amount("executed").ok(),
            average: amount("average_price").ok(),
            undone: frame.column("undone").and_then(Column::bool).ok(),
            kinds: columns::texts(frame, "type").ok(),
        })
    }

    /// Whether an order is one at market; `None` when the export does not say.
    fn at_market(&self, at: usize) -> Option<bool> {
        self.kinds?.get(at).map(|kind| kind.eq_ignore_ascii_case("market"))
    }

    /// Quantity and total that were filled, and what was ordered.
    fn order(&self, at: usize) -> (Decimal, Decimal, f64) {
        let get = |amounts: Decimals<'_>| amounts.get(at).map(Decimal);
        let some = |amounts: Decimals<'_>| get(amounts).filter(|value| value.0 > 0);
        let ordered = some(self.quantity);
        let undone = self.undone.and_then(|undone| undone.get(at)).unwrap_or_default();
        let quantity = match self.executed.and_then(get) {
            Some(executed) => executed,
            None if undone => Decimal::default(),
            None => ordered.unwrap_or_default(),
        };
        let price = self.average.and_then(some).or(some(self.price));
        let total = match (some(self.total), price) {
            (Some(total), _) => total,
            (None, Some(price)) => price.times(quantity).unwrap_or_default(),
            (None, None) => Decimal::default(),
        };
        let price = some(self.price).or(price).map_or(0.0, float);
        let size = ordered.map_or(0.0, |ordered| float(ordered) * price);
        (quantity, total, if size > 0.0 { size } else { float(total) })
    }

    fn fill(&self, at: usize) -> (Decimal, Decimal, f64) {
        let get = |amounts: Decimals<'_>| amounts.get(at).map(Decimal);
        let quantity = get(self.quantity).unwrap_or_default();
        let total = match (get(self.total), get(self.price)) {
            (Some(total), _) if total.0 > 0 => total,
            (_, Some(price)) => price.times(quantity).unwrap_or_default(),
            _ => Decimal::default(),
        };
        (quantity, total, float(total))
    }
}
