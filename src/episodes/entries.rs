//! The orders, fills and P2P orders that an episode may consist of, read from their frames with exact amounts.

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
    /// How much of the base asset was traded.
    pub quantity: Decimal,
    /// How much of the quote asset.
    pub total: Decimal,
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
    pub by_time: &'a [u32],
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

    /// How many rows were made before an instant: so many come first in order of time.
    pub fn before(&self, time: i64) -> usize {
        self.by_time.partition_point(|row| self.time(*row) < time)
    }

    /// When a row was made.
    pub fn time(&self, row: u32) -> i64 {
        self.times.get(row as usize).unwrap_or_default()
    }

    /// Whether it is an order, and not a fill.
    pub fn is_order(&self, row: u32) -> bool {
        self.tables.get(row as usize) == Some(Table::Orders.name())
    }

    /// Its market and pair.
    pub fn pair(&self, row: u32) -> [&'a str; 2] {
        [self.names[0], self.names[1]].map(|names| names.get(row as usize).unwrap_or_default())
    }

    /// Whether it buys the base asset.
    pub fn buys(&self, row: u32) -> bool {
        self.sides.get(row as usize) == Some("BUY")
    }

    /// Its id.
    pub fn id(&self, row: u32) -> Option<&'a str> {
        self.ids.get(row as usize)
    }

    /// Whether it is a market order; `None` when the export does not say.
    pub fn at_market(&self, row: u32) -> Option<bool> {
        let (amounts, at) = self.amounts(row)?;
        amounts.at_market(at).filter(|_| self.is_order(row))
    }

    /// How much of base and quote asset was traded.
    pub fn filled(&self, row: u32) -> (Decimal, Decimal) {
        let Some((amounts, at)) = self.amounts(row) else { return Default::default() };
        if self.is_order(row) { amounts.of_order(at) } else { amounts.of_fill(at) }
    }

    /// What it was placed for, in the quote asset; of a fill, and of an order that does not say, what was traded.
    pub fn size(&self, row: u32) -> f64 {
        let ordered = self.amounts(row).filter(|_| self.is_order(row)).map(|(amounts, at)| amounts.ordered(at));
        ordered.filter(|size| *size > 0.0).unwrap_or_else(|| float(self.filled(row).1))
    }

    fn amounts(&self, row: u32) -> Option<(&Amounts<'a>, usize)> {
        let own = if self.is_order(row) { &self.orders } else { &self.trades };
        Some((own.as_ref()?, self.table_row(row) as usize))
    }

    fn table_row(&self, row: u32) -> u32 {
        self.table_rows.get(row as usize).unwrap_or_default()
    }

    /// A row with all that is known of it.
    pub fn read(&self, row: u32) -> Option<Entry> {
        let at = row as usize;
        self.amounts(row)?;
        let (quantity, total) = self.filled(row);
        let [market, symbol, base, quote] = self.names.map(|names| PlSmallStr::from(names.get(at).unwrap_or_default()));
        Some(Entry {
            time: self.times.get(at)?,
            table: if self.is_order(row) { Table::Orders } else { Table::Trades },
            table_row: self.table_row(row),
            row,
            id: self.id(row).map(PlSmallStr::from),
            market,
            symbol,
            base,
            quote,
            buy: self.buys(row),
            quantity,
            total,
        })
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
        quantity,
        total,
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

    /// How much of base and quote asset an order was filled for.
    fn of_order(&self, at: usize) -> (Decimal, Decimal) {
        let undone = self.undone.and_then(|undone| undone.get(at)).unwrap_or_default();
        let quantity = match self.executed.and_then(|amounts| amounts.get(at)) {
            Some(executed) => Decimal(executed),
            None if undone => Decimal::default(),
            None => positive(self.quantity, at).unwrap_or_default(),
        };
        let traded = || Some(self.average_price(at)?.times(quantity).unwrap_or_default());
        (quantity, positive(self.total, at).or_else(traded).unwrap_or_default())
    }

    /// How much of base and quote asset was traded in a fill.
    fn of_fill(&self, at: usize) -> (Decimal, Decimal) {
        let get = |amounts: Decimals<'_>| amounts.get(at).map(Decimal);
        let quantity = get(self.quantity).unwrap_or_default();
        let traded = || Some(get(self.price)?.times(quantity).unwrap_or_default());
        (quantity, positive(self.total, at).or_else(traded).unwrap_or_default())
    }

    /// What an order was placed for, in the quote asset; 0 when the export does not say.
    fn ordered(&self, at: usize) -> f64 {
        let price = positive(self.price, at).or_else(|| self.average_price(at)).map_or(0.0, float);
        positive(self.quantity, at).map_or(0.0, |ordered| float(ordered) * price)
    }

    fn average_price(&self, at: usize) -> Option<Decimal> {
        self.average.and_then(|average| positive(average, at)).or_else(|| positive(self.price, at))
    }
}

fn positive(amounts: Decimals<'_>, at: usize) -> Option<Decimal> {
    amounts.get(at).map(Decimal).filter(|amount| amount.0 > 0)
}
