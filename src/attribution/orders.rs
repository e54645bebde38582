//! The orders of the window, as they are to be explained.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::columns::{self, Texts};
use crate::ingest::{FastMap, FastSet, Source};
use crate::settings::Window;
use crate::tables::Table;
use crate::time::{DAY, SECOND};

/// An order to be explained. Fills of one order, or of one second, are one order here.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its rows in the frame of orders.
    pub rows: Vec<u32>,
    /// When it was made.
    pub time: i64,
    /// Its pair.
    pub symbol: PlSmallStr,
    /// Its side.
    pub side: PlSmallStr,
    /// Its quantity.
    pub quantity: Option<i128>,
    /// Its price.
    pub price: Option<i128>,
    /// Its id.
    pub order_id: Option<PlSmallStr>,
    /// The id its client gave it.
    pub client_order_id: Option<PlSmallStr>,
    /// Its type, as logged.
    pub kind: PlSmallStr,
    /// What the export says of how it came about, as logged.
    pub origin: PlSmallStr,
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

/// The orders from before the window that take part; of fills, at any rate, those that share an order with one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// None, for there is nothing that they could be held against.
    None,
    /// Fills.
    Fills,
    /// All that calls of a log that begins then may have made: so that those calls are not left over for later orders, and so
    /// that the log's own gaps show.
    From(i64),
}

/// Orders so long before a log's first call may still be of its calls: clocks may be a zone's offset apart.
const APART: i64 = DAY;

/// What fills of one order share: the order's id, or, without one, their second; their pair and side.
type OfOrder<'a> = (i64, &'a str, &'a str, &'a str);

/// The orders made in the window or changed in it, and earlier ones, in order of time.
///
/// # Errors
/// When the frame lacks a column, which would be a fault of this program.
pub fn orders(
    view: &DataFrame,
    sources: &[Source],
    window: &Window,
    earlier: Earlier,
) -> PolarsResult<Vec<Box<Order>>> {
    let grains: BTreeMap<u32, i64> = sources.iter().map(|source| (source.id, source.grain)).collect();
    let text = |name: &str| columns::texts(view, name);
    let (times, updated) = (columns::times(view, "time")?, columns::times(view, "updated")?);
    let (table, symbol, side, order_id) = (text("table")?, text("symbol")?, text("side")?, text("order_id")?);
    let (client, maker) = (text("client_order_id")?, text("maker")?);
    let (quantity, price) = (columns::decimals(view, "quantity")?, columns::decimals(view, "price")?);
    let (kind, origin, source) = (text("kind")?, text("origin")?, columns::counts(view, "source")?);
    let touched = |row: usize, time: i64| {
        window.holds(time) || time < window.start && updated.get(row).is_some_and(|at| window.holds(at))
    };
    let of_order = |row: usize, time: i64| {
        let id = order_id.get(row).unwrap_or_default();
        let second = if id.is_empty() { time } else { 0 };
        (second, symbol.get(row).unwrap_or_default(), side.get(row).unwrap_or_default(), id)
    };
    let mut found: Vec<Box<Order>> = Vec::new();
    let mut fills: FastMap<OfOrder<'_>, Option<usize>> = FastMap::default();
    let is_fill = |row: usize| table.get(row) == Some(Table::Trades.name());
    let takes_part = |row: usize, time: i64| {
        let is_earlier = || match earlier {
            Earlier::None => false,
            Earlier::Fills => is_fill(row),
            Earlier::From(from) => from - APART <= time,
        };
        touched(row, time) || time < window.start && is_earlier()
    };
    // Ids of fills that take part, which tell most others apart at less cost than all that such fills share.
    let mut named: FastSet<&str> = FastSet::default();
    if earlier != Earlier::Fills {
        for row in (0..view.height()).filter(|row| is_fill(*row)) {
            let (Some(id), Some(time)) = (order_id.get(row).filter(|id| !id.is_empty()), times.get(row)) else {
                continue;
            };
            if takes_part(row, time) {
                named.insert(id);
                fills.insert(of_order(row, time), None);
            }
        }
    }
    for row in 0..view.height() {
        let Some(time) = times.get(row) else { continue };
        let is_fill = is_fill(row);
        // Without an id those of one second alone are one order.
        let shares = || {
            is_fill
                && order_id.get(row).is_some_and(|id| named.contains(id))
                && fills.contains_key(&of_order(row, time))
        };
        if !(takes_part(row, time) || time < window.start && shares()) {
            continue;
        }
        let own = |column: Texts<'_>| PlSmallStr::from(column.get(row).unwrap_or_default());
        let order = Order {
            rows: vec![row as u32],
            time,
            symbol: own(symbol),
            side: own(side),
            quantity: quantity.get(row),
            price: price.get(row).filter(|price| *price != 0),
            order_id: order_id.get(row).map(PlSmallStr::from),
            client_order_id: client.get(row).map(PlSmallStr::from),
            kind: own(kind),
            origin: own(origin),
            source: source.get(row).unwrap_or_default(),
            grain: source.get(row).and_then(|id| grains.get(&id).copied()).unwrap_or(SECOND),
            touched: touched(row, time),
            is_fill,
            rest: if is_fill { rest(maker.get(row)) } else { Rest::No },
        };
        if is_fill {
            let place = fills.entry(of_order(row, time)).or_default();
            if let Some(at) = *place {
                let first = &mut found[at];
                first.quantity = first.quantity.zip(order.quantity).and_then(|(a, b)| a.checked_add(b));
                first.time = first.time.min(time);
                first.rest = first.rest.min(order.rest);
                first.rows.push(row as u32);
                continue;
            }
            *place = Some(found.len());
        }
        found.push(Box::new(order));
    }
    // Exports come in order of time, which this sort takes in one sweep; what differs in the rest stands close together.
    found.sort_by_key(|order| order.time);
    for same in found.chunk_by_mut(|a, b| a.time == b.time).filter(|same| same.len() > 1) {
        same.sort_by(|a, b| {
            (&a.symbol, &a.side, &a.order_id, &a.rows).cmp(&(&b.symbol, &b.side, &b.order_id, &b.rows))
        });
    }
    Ok(found)
}

fn rest(maker: Option<&str>) -> Rest {
    match maker.map(str::to_lowercase).as_deref() {
        None => Rest::Unknown,
        Some("false" | "n" | "no" | "taker") => Rest::No,
        Some(_) => Rest::Yes,
    }
}
