//! The orders, fills and P2P orders that an episode may consist of, read from their frames with exact amounts.

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::*;

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
    pub id: Option<String>,
    /// The market.
    pub market: String,
    /// The pair; of a P2P order its asset and fiat.
    pub symbol: String,
    /// What is traded.
    pub base: String,
    /// For what.
    pub quote: String,
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

/// The times of the frame of orders, with their rows.
pub fn times(view: &DataFrame) -> PolarsResult<&Int64Chunked> {
    view.column("time")?.i64()
}

/// Reads rows of the frame of orders.
pub struct OrderRows<'a> {
    view: &'a DataFrame,
    orders: Option<&'a DataFrame>,
    trades: Option<&'a DataFrame>,
}

impl<'a> OrderRows<'a> {
    /// Over a dataset; `None` when it has no orders.
    pub fn new(data: &'a Dataset<'_>) -> Option<Self> {
        let view = data.orders.as_ref()?;
        Some(Self { view, orders: data.frames.get(&Table::Orders), trades: data.frames.get(&Table::Trades) })
    }

    /// All rows made in a span.
    pub fn within(&self, span: &Range<i64>) -> PolarsResult<Vec<u32>> {
        let times = times(self.view)?;
        let inside = |row: &usize| times.get(*row).is_some_and(|time| span.contains(&time));
        Ok((0..self.view.height()).filter(inside).map(|row| row as u32).collect())
    }

    /// A row.
    pub fn read(&self, row: u32) -> PolarsResult<Option<Entry>> {
        let at = row as usize;
        let text = |name: &str| -> PolarsResult<String> {
            Ok(self.view.column(name)?.str()?.get(at).unwrap_or_default().to_owned())
        };
        let is_order = text("table")? == Table::Orders.name();
        let table_row = self.view.column("table_row")?.u32()?.get(at).unwrap_or_default();
        let (table, frame) = if is_order { (Table::Orders, self.orders) } else { (Table::Trades, self.trades) };
        let (Some(frame), Some(time)) = (frame, times(self.view)?.get(at)) else { return Ok(None) };
        let own = Amounts { frame, at: table_row as usize };
        let (quantity, total, size) = if is_order { own.order()? } else { own.fill()? };
        let kind = if is_order { frame.column("type")?.str()?.get(table_row as usize) } else { None };
        Ok(Some(Entry {
            time,
            table,
            table_row,
            row,
            id: self.view.column("order_id")?.str()?.get(at).map(str::to_owned),
            market: text("market")?,
            symbol: text("symbol")?,
            base: text("base")?,
            quote: text("quote")?,
            buy: text("side")? == "BUY",
            at_market: kind.map(|kind| kind.eq_ignore_ascii_case("market")),
            quantity,
            total,
            size,
        }))
    }
}

/// Gives each fill the size of all fills of its pair, side and second: one order may have had several.
pub fn whole_sizes(entries: &mut [Entry]) {
    let key = |entry: &Entry| (entry.time, entry.market.clone(), entry.symbol.clone(), entry.buy);
    let mut sums: BTreeMap<(i64, String, String, bool), f64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.table == Table::Trades) {
        *sums.entry(key(entry)).or_default() += entry.size;
    }
    for entry in entries.iter_mut().filter(|entry| entry.table == Table::Trades) {
        entry.size = sums[&key(entry)];
    }
}

/// A P2P order.
pub fn p2p(frame: &DataFrame, row: u32) -> PolarsResult<Option<Entry>> {
    let at = row as usize;
    let text =
        |name: &str| -> PolarsResult<Option<String>> { Ok(frame.column(name)?.str()?.get(at).map(str::to_owned)) };
    let own = Amounts { frame, at };
    let Some(time) = frame.column("created")?.i64()?.get(at) else { return Ok(None) };
    let (asset, fiat) = (text("asset")?.unwrap_or_default(), text("fiat")?.unwrap_or_default());
    let undone = frame.column("undone")?.bool()?.get(at).unwrap_or_default();
    let amount = |name: &str| -> PolarsResult<Decimal> { Ok(own.get(name)?.filter(|_| !undone).unwrap_or_default()) };
    let (quantity, total) = (amount("quantity")?, amount("total")?);
    Ok(Some(Entry {
        time,
        table: Table::P2p,
        table_row: row,
        row,
        id: text("order_id")?,
        market: "P2P".to_owned(),
        symbol: format!("{asset} for {fiat}"),
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

/// Reads the amounts of a row.
struct Amounts<'a> {
    frame: &'a DataFrame,
    at: usize,
}

impl Amounts<'_> {
    fn get(&self, name: &str) -> PolarsResult<Option<Decimal>> {
        Ok(self.frame.column(name)?.decimal()?.physical().get(self.at).map(Decimal))
    }

    /// Quantity and total that were filled, and what was ordered.
    fn order(&self) -> PolarsResult<(Decimal, Decimal, f64)> {
        let some = |value: Option<Decimal>| value.filter(|value| value.0 > 0);
        let ordered = some(self.get("quantity")?);
        let undone = self.frame.column("undone")?.bool()?.get(self.at).unwrap_or_default();
        let quantity = match self.get("executed")? {
            Some(executed) => executed,
            None if undone => Decimal::default(),
            None => ordered.unwrap_or_default(),
        };
        let price = some(self.get("average_price")?).or(some(self.get("price")?));
        let total = match (some(self.get("quote_total")?), price) {
            (Some(total), _) => total,
            (None, Some(price)) => price.times(quantity).unwrap_or_default(),
            (None, None) => Decimal::default(),
        };
        let price = some(self.get("price")?).or(price).map_or(0.0, float);
        let size = ordered.map_or(0.0, |ordered| float(ordered) * price);
        Ok((quantity, total, if size > 0.0 { size } else { float(total) }))
    }

    fn fill(&self) -> PolarsResult<(Decimal, Decimal, f64)> {
        let quantity = self.get("quantity")?.unwrap_or_default();
        let total = match (self.get("quote_total")?, self.get("price")?) {
            (Some(total), _) if total.0 > 0 => total,
            (_, Some(price)) => price.times(quantity).unwrap_or_default(),
            _ => Decimal::default(),
        };
        Ok((quantity, total, float(total)))
    }
}
