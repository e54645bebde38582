//! The orders of the window, or the fills that stand for them.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::settings::Window;
use crate::tables::Table;

/// An order to be explained. Fills of one order, or of one second, are one order here.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its rows in the table.
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
    /// The unit its time is written in, in microseconds.
    pub grain: i64,
    /// Whether it may have rested in the book: then any earlier call may have made it.
    pub may_have_rested: bool,
}

/// The orders made in the window or changed in it, in order of time.
///
/// `grain` gives the unit of a source's times.
///
/// # Errors
/// When the frame lacks a column, which would be a fault of this program.
pub fn orders(
    table: Table,
    frame: &DataFrame,
    window: &Window,
    grain: impl Fn(u32) -> i64,
) -> PolarsResult<Vec<Order>> {
    let text = |name: &str| -> PolarsResult<StringChunked> { Ok(frame.column(name)?.str()?.clone()) };
    let number = |name: &str| -> PolarsResult<Int128Chunked> { Ok(frame.column(name)?.decimal()?.physical().clone()) };
    let times = frame.column(table.time())?.i64()?;
    let updated = if table == Table::Orders { Some(frame.column("updated")?.i64()?.clone()) } else { None };
    let (symbol, side, order_id) = (text("symbol")?, text("side")?, text("order_id")?);
    let client = if table == Table::Orders { Some(text("client_order_id")?) } else { None };
    let maker = if table == Table::Trades { Some(text("maker")?) } else { None };
    let (quantity, price) = (number("quantity")?, number("price")?);
    let sources = frame.column("source")?.u32()?;
    let mut found: Vec<Order> = Vec::new();
    let mut fills: BTreeMap<(i64, String, String, String), usize> = BTreeMap::new();
    for row in 0..frame.height() {
        let Some(time) = times.get(row) else { continue };
        let touched = window.holds(time)
            || updated.as_ref().and_then(|all| all.get(row)).is_some_and(|at| time < window.start && window.holds(at));
        if !touched {
            continue;
        }
        let own = |column: &StringChunked| column.get(row).unwrap_or_default().to_owned();
        let maker = maker.as_ref().map(|all| all.get(row).unwrap_or_default().to_lowercase());
        let order = Order {
            rows: vec![row as u32],
            time,
            symbol: own(&symbol),
            side: own(&side),
            quantity: quantity.get(row),
            price: price.get(row).filter(|price| *price != 0),
            order_id: order_id.get(row).map(str::to_owned),
            client_order_id: client.as_ref().and_then(|all| all.get(row)).map(str::to_owned),
            grain: sources.get(row).map_or(1, &grain),
            may_have_rested: maker.is_some_and(|maker| !matches!(maker.as_str(), "false" | "n" | "no")),
        };
        if table == Table::Trades {
            let id = order.order_id.clone().unwrap_or_default();
            let second = if id.is_empty() { time } else { 0 };
            let key = (second, order.symbol.clone(), order.side.clone(), id);
            if let Some(&at) = fills.get(&key) {
                let first = &mut found[at];
                first.quantity = first.quantity.zip(order.quantity).and_then(|(a, b)| a.checked_add(b));
                first.time = first.time.min(time);
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
