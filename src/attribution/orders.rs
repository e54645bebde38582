//! The orders of the window, as they are to be explained.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::ingest::Source;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::SECOND;

/// An order to be explained. Fills of one order, or of one second, are one order here.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its rows in the frame of orders.
    pub rows: Vec<u32>,
    /// When it was made.
    pub time: i64,
    /// Its pair.
    pub symbol: String,
    /// Its side.
    pub side: String,
    /// Its quantity.
    pub quantity: Option<i128>,
    /// Its price.
    pub price: Option<i128>,
    /// Its id.
    pub order_id: Option<String>,
    /// The id its client gave it.
    pub client_order_id: Option<String>,
    /// Its type, as logged.
    pub kind: String,
    /// What the export says of how it came about, as logged.
    pub origin: String,
    /// The source it was read from.
    pub source: u32,
    /// The coarsest unit that times of its source are written in.
    pub grain: i64,
    /// Whether it was made or changed in the window; others only take part in the matching.
    pub touched: bool,
    /// Whether it is a fill that stands for an order.
    pub is_fill: bool,
    /// What is known of how it came into the book.
    pub rest: Rest,
}

/// Whether an order may have rested in the book before the time that is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rest {
    /// The time is that of its creation, or it was a taker's.
    No,
    /// A fill of which the export does not say (Binance spot trades).
    Unknown,
    /// A maker's fill: the order was made at another time.
    Yes,
}

/// The orders made in the window or changed in it, and earlier ones from an instant on, in order of time.
///
/// # Errors
/// When the frame lacks a column, which would be a fault of this program.
pub fn orders(view: &DataFrame, sources: &[Source], window: &Window, from: Option<i64>) -> PolarsResult<Vec<Order>> {
    let grains: BTreeMap<u32, i64> = sources.iter().map(|source| (source.id, source.grain)).collect();
    let text = |name: &str| -> PolarsResult<&StringChunked> { view.column(name)?.str() };
    let number = |name: &str| -> PolarsResult<Int128Chunked> { Ok(view.column(name)?.decimal()?.physical().clone()) };
    let (times, updated) = (view.column("time")?.i64()?, view.column("updated")?.i64()?);
    let (table, symbol, side, order_id) = (text("table")?, text("symbol")?, text("side")?, text("order_id")?);
    let (client, maker) = (text("client_order_id")?, text("maker")?);
    let (quantity, price) = (number("quantity")?, number("price")?);
    let (kind, origin, source) = (text("kind")?, text("origin")?, view.column("source")?.u32()?);
    let mut found: Vec<Order> = Vec::new();
    let mut fills: BTreeMap<(i64, String, String, String), usize> = BTreeMap::new();
    for row in 0..view.height() {
        let Some(time) = times.get(row) else { continue };
        let is_fill = table.get(row) == Some(Table::Trades.name());
        let touched = window.holds(time) || time < window.start && updated.get(row).is_some_and(|at| window.holds(at));
        // Earlier ones take part, so that the calls that made them are not left over for later ones, and so that the log's
        // own gaps show.
        let earlier = time < window.start && (is_fill || from.is_some_and(|from| from <= time));
        if !touched && !earlier {
            continue;
        }
        let own = |column: &StringChunked| column.get(row).unwrap_or_default().to_owned();
        let order = Order {
            rows: vec![row as u32],
            time,
            symbol: own(symbol),
            side: own(side),
            quantity: quantity.get(row),
            price: price.get(row).filter(|price| *price != 0),
            order_id: order_id.get(row).map(str::to_owned),
            client_order_id: client.get(row).map(str::to_owned),
            kind: own(kind),
            origin: own(origin),
            source: source.get(row).unwrap_or_default(),
            grain: source.get(row).and_then(|id| grains.get(&id).copied()).unwrap_or(SECOND),
            touched,
            is_fill,
            rest: if is_fill { rest(maker.get(row)) } else { Rest::No },
        };
        if is_fill {
            let id = order.order_id.clone().unwrap_or_default();
            let second = if id.is_empty() { time } else { 0 };
            let key = (second, order.symbol.clone(), order.side.clone(), id);
            if let Some(&at) = fills.get(&key) {
                let first = &mut found[at];
                first.quantity = first.quantity.zip(order.quantity).and_then(|(a, b)| a.checked_add(b));
                first.time = first.time.min(time);
                first.rest = first.rest.min(order.rest);
                first.rows.push(row as u32);
                continue;
            }
            fills.insert(key, found.len());
        }
        found.push(order);
    }
    found.sort_by(|a, b| {
        (a.time, &a.symbol, &a.side, &a.order_id, &a.rows).cmp(&(b.time, &b.symbol, &b.side, &b.order_id, &b.rows))
    });
    Ok(found)
}

fn rest(maker: Option<&str>) -> Rest {
    match maker.map(str::to_lowercase).as_deref() {
        None => Rest::Unknown,
        Some("false" | "n" | "no" | "taker") => Rest::No,
        Some(_) => Rest::Yes,
    }
}
