//! The orders of all markets in one frame, and the fills that stand for orders.
//!
//! A fill stands for an order when no order explains it: its market has no order export, or the orders of its pair and
//! side do not reach to its time. So trades without orders are looked at like orders, and a fill that the order history
//! leaves out does not go unseen.

use std::collections::{BTreeMap, HashMap, HashSet};

use polars::prelude::*;

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

/// Builds the frame: the columns shared by orders and trades, `time`, `updated`, `price`, `client_order_id` and `maker`, with
/// `row` its own number and `table`, `table_row` the place in the table it stems from. `None` without orders and trades.
///
/// # Errors
/// When polars refuses a plan, which would be a fault of this program.
pub fn order_view(frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Option<DataFrame>> {
    let none = || lit(NULL).cast(DataType::String);
    let shared = |table: Table, own: [Expr; 5]| {
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
        ];
        parts.push(orders.clone().lazy().select(shared(Table::Orders, own)));
    }
    if let Some(trades) = frames.get(&Table::Trades) {
        let standing = standing(trades, frames.get(&Table::Orders))?;
        let own = [
            col("time"),
            lit(NULL).cast(DataType::Int64).alias("updated"),
            none().alias("client_order_id"),
            col("maker"),
            col("price"),
        ];
        parts.push(trades.filter(&standing)?.lazy().select(shared(Table::Trades, own)));
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let mut view = concat(parts, UnionArgs::default())?.collect()?;
    let rows: Vec<u32> = (0..view.height() as u32).collect();
    view.with_column(Column::new("row".into(), rows))?;
    Ok(Some(view))
}

/// The times from which and until which orders of a pair and side may have been filled: starts in order, and for each the
/// latest end so far.
#[derive(Default)]
struct Reach(Vec<(i64, i64)>);

impl Reach {
    fn finish(&mut self) {
        self.0.sort_unstable();
        let mut latest = i64::MIN;
        for (_, end) in &mut self.0 {
            latest = latest.max(*end);
            *end = latest;
        }
    }

    fn holds(&self, time: i64) -> bool {
        let before = self.0.partition_point(|(start, _)| *start <= time + BEFORE);
        before > 0 && self.0[before - 1].1 >= time - AFTER
    }
}

/// Which fills no order explains.
fn standing(trades: &DataFrame, orders: Option<&DataFrame>) -> PolarsResult<BooleanChunked> {
    type Kind<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let mut reach: HashMap<Kind<'_>, Reach> = HashMap::new();
    let mut ids: HashSet<Kind<'_>> = HashSet::new();
    if let Some(orders) = orders {
        let text = |name: &str| -> PolarsResult<&StringChunked> { orders.column(name)?.str() };
        let (market, symbol, side, id, status) =
            (text("market")?, text("symbol")?, text("side")?, text("order_id")?, text("status")?);
        let (created, updated) = (orders.column("created")?.i64()?, orders.column("updated")?.i64()?);
        let executed = orders.column("executed")?.decimal()?.physical();
        for at in 0..orders.height() {
            ids.insert((market.get(at), symbol.get(at), id.get(at)));
            let Some(start) = created.get(at).filter(|_| executed.get(at) != Some(0)) else { continue };
            let end = updated.get(at).filter(|_| is_final(status.get(at).unwrap_or_default())).unwrap_or(i64::MAX);
            reach.entry((market.get(at), symbol.get(at), side.get(at))).or_default().0.push((start, end));
        }
    }
    reach.values_mut().for_each(Reach::finish);
    let text = |name: &str| -> PolarsResult<&StringChunked> { trades.column(name)?.str() };
    let (market, symbol, side, id) = (text("market")?, text("symbol")?, text("side")?, text("order_id")?);
    let times = trades.column("time")?.i64()?;
    let stands = (0..trades.height()).map(|at| match id.get(at) {
        Some(id) => !ids.contains(&(market.get(at), symbol.get(at), Some(id))),
        None => {
            let own = reach.get(&(market.get(at), symbol.get(at), side.get(at)));
            !own.is_some_and(|reach| times.get(at).is_some_and(|time| reach.holds(time)))
        }
    });
    Ok(BooleanChunked::from_iter_values("standing".into(), stands))
}

/// Whether an order of this status can be filled no more.
fn is_final(status: &str) -> bool {
    let status = status.to_lowercase();
    ["fill", "cancel", "expire", "reject"].iter().any(|word| status.contains(word)) && !status.contains("partial")
}
