//! The orders of all markets in one frame, and the fills that stand for orders.
//!
//! A fill stands for an order when no order explains it: its market has no order export, or the orders of its pair and
//! side do not reach to its time or were filled for less than the fills add up to. So trades without orders are looked at
//! like orders, and a fill that the order history leaves out does not go unseen. An order that does not say its exchange or
//! market may be of any.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::columns::{self, Texts};
use crate::ingest::{FastMap, FastSet};
use crate::tables::Table;
use crate::time::SECOND;

/// A fill may be logged so long before its order …
const BEFORE: i64 = 5 * SECOND;
/// … and so long after the order's last update.
const AFTER: i64 = 60 * SECOND;

/// The columns that orders and fills share, besides those of every frame.
const SHARED: &[&str] = &[
    "market",
    "symbol",
    "base",
    "quote",
    "side",
    "quantity",
    "quote_total",
    "order_id",
    "day",
    "in_window",
    "baseline",
    "source",
    "record",
    "line",
];

/// Builds the frame: the columns shared by orders and trades, `time`, `updated`, `price`, `client_order_id`, `maker`, `kind`,
/// `origin`, `status` and `key`, with `row` its own number and `table`, `table_row` the place in the table it stems from. `None` without orders and trades.
///
/// # Errors
/// When polars refuses a plan, which would be a fault of this program.
pub fn order_view(frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Option<DataFrame>> {
    let none = || lit(Scalar::null(DataType::String));
    let shared = |table: Table, own: [Expr; 9]| {
        let mut columns: Vec<Expr> = SHARED.iter().map(|name| col(*name)).collect();
        columns.extend([lit(table.name()).alias("table"), col("row").alias("table_row")]);
        columns.extend(own);
        columns
    };
    let mut parts = Vec::new();
    if let Some(orders) = frames.get(&Table::Orders) {
        // A market order has no price of its own; what it cost is its average.
        let price =
            when(col("price").cast(DataType::Float64).eq(lit(0.0))).then(col("average_price")).otherwise(col("price"));
        let own = [
            col("created").alias("time"),
            col("updated"),
            col("client_order_id"),
            none().alias("maker"),
            price.alias("price"),
            col("type").alias("kind"),
            col("origin"),
            col("status"),
            col("key"),
        ];
        parts.push(orders.clone().lazy().select(shared(Table::Orders, own)));
    }
    let standing = frames.get(&Table::Trades).map(|trades| standing(trades, frames.get(&Table::Orders))).transpose()?;
    if let Some(trades) = standing.filter(|trades| parts.is_empty() || trades.height() > 0) {
        let own = [
            col("time"),
            lit(Scalar::null(DataType::Int64)).alias("updated"),
            none().alias("client_order_id"),
            col("maker"),
            col("price"),
            none().alias("kind"),
            none().alias("origin"),
            none().alias("status"),
            none().alias("key"),
        ];
        parts.push(trades.lazy().select(shared(Table::Trades, own)));
    }
    // One part alone is not copied: its columns are those of its table.
    let all = if parts.len() > 1 { Some(concat(parts, UnionArgs::default())?) } else { parts.pop() };
    let Some(mut view) = all.map(LazyFrame::collect).transpose()? else { return Ok(None) };
    let rows: Vec<u32> = (0..view.height() as u32).collect();
    view.with_column(UInt32Chunked::from_vec("row".into(), rows).into_column())?;
    Ok(Some(view))
}

/// The rows of the frame in order of time, but for those without one.
///
/// # Errors
/// When it lacks a column, which would be a fault of this program.
pub fn by_time(view: &DataFrame) -> PolarsResult<Vec<u32>> {
    let times = columns::times(view, "time")?;
    let mut rows: Vec<u32> = (0..view.height() as u32).filter(|row| times.get(*row as usize).is_some()).collect();
    // Exports come in order, forwards or backwards, which this sort takes in one sweep.
    rows.sort_by_key(|row| times.get(*row as usize));
    Ok(rows)
}

/// An order as far as it can have been filled.
pub(super) struct Filled {
    /// From when.
    pub(super) start: i64,
    /// Until when.
    pub(super) end: i64,
    /// How much of it is not yet accounted for by fills; `None` when the export does not say how much was filled.
    pub(super) left: Option<i128>,
}

/// A fill: when, how much, and its row.
pub(super) type Fill = (i64, Option<i128>, usize);

/// Accounts for the fills of one pair and side by its orders, in order of time, each time from the order that ends first:
/// when that leaves a fill over, no other way to share them out would have placed them all. Gives the rows left over.
pub(super) fn left_over(orders: &mut [Filled], fills: &mut [Fill]) -> Vec<usize> {
    orders.sort_unstable_by_key(|order| order.start);
    fills.sort_unstable();
    let mut open: BTreeSet<(i64, usize)> = BTreeSet::new();
    let mut next = 0;
    let mut rows = Vec::new();
    for (time, amount, row) in fills {
        while next < orders.len() && orders[next].start <= *time + BEFORE {
            open.insert((orders[next].end, next));
            next += 1;
        }
        open = open.split_off(&(*time - AFTER, 0));
        // A hundredth may be lost to rounding between the two exports.
        let mut wanted = amount.map_or(0, |amount| amount - amount / 100);
        let mut spent = Vec::new();
        let any = !open.is_empty();
        for &(end, at) in &open {
            match &mut orders[at].left {
                None => wanted = 0,
                Some(left) => {
                    let part = wanted.min(*left);
                    *left -= part;
                    wanted -= part;
                    if *left == 0 {
                        spent.push((end, at));
                    }
                }
            }
            if wanted == 0 {
                break;
            }
        }
        if wanted > 0 || !any {
            rows.push(*row);
        }
        spent.iter().for_each(|order| {
            open.remove(order);
        });
    }
    rows
}

/// Exchange, market, symbol, and the side or the id.
type Kind<'a> = [Option<&'a str>; 4];

/// Whether exchange and market are said; what says both comes first.
type Said = Reverse<(bool, bool)>;

fn said([exchange, market, ..]: &Kind<'_>) -> Said {
    Reverse((exchange.is_some(), market.is_some()))
}

/// A kind with no more said of exchange and market than this.
fn no_more_than<'a>([exchange, market, symbol, last]: Kind<'a>, Reverse(said): Said) -> Kind<'a> {
    [exchange.filter(|_| said.0), market.filter(|_| said.1), symbol, last]
}

/// The orders of a frame.
#[derive(Default)]
struct Known<'a> {
    filled: FastMap<Kind<'a>, Vec<Filled>>,
    ids: FastSet<Kind<'a>>,
    said: BTreeSet<Said>,
}

impl<'a> Known<'a> {
    fn new(orders: &'a DataFrame) -> PolarsResult<Self> {
        let mut known = Self::default();
        let ([exchange, market, symbol, side], id) = (kinds(orders)?, columns::texts(orders, "order_id")?);
        let status = columns::texts(orders, "status")?;
        let (created, updated) = (columns::times(orders, "created")?, columns::times(orders, "updated")?);
        let executed = columns::decimals(orders, "executed")?;
        for at in 0..orders.height() {
            let kind = |last| [exchange.get(at), market.get(at), symbol.get(at), last];
            known.said.insert(said(&kind(None)));
            known.ids.insert(kind(id.get(at)));
            let Some(start) = created.get(at).filter(|_| executed.get(at) != Some(0)) else { continue };
            let end = updated.get(at).filter(|_| is_final(status.get(at).unwrap_or_default())).unwrap_or(i64::MAX);
            let order = Filled { start, end, left: executed.get(at) };
            known.filled.entry(kind(side.get(at))).or_default().push(order);
        }
        Ok(known)
    }

    /// Whether an order has the id of a kind.
    fn has(&self, kind: Kind<'_>) -> bool {
        self.said.iter().any(|said| self.ids.contains(&no_more_than(kind, *said)))
    }
}

fn kinds(frame: &DataFrame) -> PolarsResult<[Texts<'_>; 4]> {
    let [exchange, market] = [columns::texts(frame, "exchange")?, columns::texts(frame, "market")?];
    Ok([exchange, market, columns::texts(frame, "symbol")?, columns::texts(frame, "side")?])
}

/// The fills that no order explains.
fn standing(trades: &DataFrame, orders: Option<&DataFrame>) -> PolarsResult<DataFrame> {
    let Some(orders) = orders else { return Ok(trades.clone()) };
    let mut known = Known::new(orders)?;
    let ([exchange, market, symbol, side], id) = (kinds(trades)?, columns::texts(trades, "order_id")?);
    let (times, quantity) = (columns::times(trades, "time")?, columns::decimals(trades, "quantity")?);
    let kind = |at: usize, last| [exchange.get(at), market.get(at), symbol.get(at), last];
    let mut stands = vec![false; trades.height()];
    let mut open: Vec<Fill> = Vec::new();
    for (at, stands) in stands.iter_mut().enumerate() {
        match (id.get(at), times.get(at)) {
            (Some(id), _) => *stands = !known.has(kind(at, Some(id))),
            (None, Some(time)) => open.push((time, quantity.get(at), at)),
            (None, None) => {}
        }
    }
    for said in known.said {
        let mut fills: FastMap<Kind<'_>, Vec<Fill>> = FastMap::default();
        for fill in open.drain(..) {
            fills.entry(no_more_than(kind(fill.2, side.get(fill.2)), said)).or_default().push(fill);
        }
        for (kind, mut fills) in fills {
            let orders = known.filled.get_mut(&kind).map(Vec::as_mut_slice).unwrap_or_default();
            let left: FastSet<usize> = left_over(orders, &mut fills).into_iter().collect();
            open.extend(fills.into_iter().filter(|(_, _, row)| left.contains(row)));
        }
    }
    open.into_iter().for_each(|(_, _, row)| stands[row] = true);
    trades.filter(&BooleanChunked::from_iter_values("standing".into(), stands.into_iter()))
}

/// Whether an order of this status can be filled no more.
fn is_final(status: &str) -> bool {
    let status = status.to_lowercase();
    ["fill", "cancel", "expire", "reject"].iter().any(|word| status.contains(word)) && !status.contains("partial")
}
