//! Where the files leave open how many trades there were: the same ones by two clocks, and those of a ledger without ids.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PlSmallStr, PolarsResult};

use super::NotChecked;
use crate::columns;
use crate::dataset::{Dataset, is_leg};
use crate::ingest::FastMap;
use crate::tables::Table;
use crate::time::{HOUR, MINUTE, SECOND};

/// Zones lie whole quarters of an hour apart …
const QUARTER: i64 = 15 * MINUTE;
/// … and at most so far (UTC-12 to UTC+14).
const MOST: i64 = 26 * HOUR;
/// One export may write the second before the other.
const NEAR: i64 = 2 * SECOND;
/// Equal trades in greater number tell nothing: those of a bot stand at regular times (own proposal).
const EQUALS: usize = 8;
/// So many trades must be alike, and of the smaller file a quarter (own proposal).
const ALIKE: usize = 3;

/// A trade: when, and the source it is of.
type Stood = (i64, u32);

/// Two sources, and by how much the times of the second lie behind those of the first.
type Apart = (u32, u32, i64);

/// Names the files whose trades are the same but for whole quarters of an hour, and the trades of ledgers without ids.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn doubtful_counts(data: &Dataset<'_>) -> PolarsResult<Vec<NotChecked>> {
    let mut list = Vec::new();
    let path = |id: u32| data.sources.iter().find(|source| source.id == id).map(|source| source.path.clone());
    for ((one, other, apart), count) in data.orders.as_ref().map(by_two_clocks).transpose()?.unwrap_or_default() {
        let (one, other) = (path(one).unwrap_or_default(), path(other).unwrap_or_default());
        list.push(NotChecked {
            what: format!("whether {count} trades of {one} are those of {other}"),
            why: format!("pair, side and quantity are the same, and {other} has them {} {}: one of the two files may have been read in the wrong zone, and its trades are counted twice", hours(apart.abs()), if apart > 0 { "later" } else { "earlier" }),
            needs: format!("the files under the names that the exchange gave them, or --tz {other}=ZONE with the zone it was exported in"),
        });
    }
    let nameless = data.frames.get(&Table::Trades).map(nameless).transpose()?.unwrap_or(0);
    if nameless > 0 {
        list.push(NotChecked {
            what: "how many orders and fills there were".to_owned(),
            why: format!("a ledger without their ids tells {nameless} trades: all that was traded of one pair in one second is one of them"),
            needs: "the order history, or the trade history".to_owned(),
        });
    }
    Ok(list)
}

/// A number of quarters of an hour: `5:45 hours`.
fn hours(span: i64) -> String {
    format!("{}:{:02} hours", span / HOUR, span % HOUR / MINUTE)
}

/// The sources that tell the same trades at other times, and how many.
fn by_two_clocks(orders: &DataFrame) -> PolarsResult<BTreeMap<Apart, usize>> {
    let text = |name: &str| columns::texts(orders, name);
    let (symbol, side, quantity) = (text("symbol")?, text("side")?, columns::decimals(orders, "quantity")?);
    let (time, source) = (columns::times(orders, "time")?, columns::counts(orders, "source")?);
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    (0..orders.height()).filter_map(|row| source.get(row)).for_each(|id| *sizes.entry(id).or_default() += 1);
    if sizes.len() < 2 {
        return Ok(BTreeMap::new());
    }
    let mut equals: FastMap<(PlSmallStr, PlSmallStr, i128), Vec<Stood>> = FastMap::default();
    for row in 0..orders.height() {
        let (Some(symbol), Some(side), Some(quantity)) = (symbol.get(row), side.get(row), quantity.get(row)) else {
            continue;
        };
        let (Some(time), Some(source)) = (time.get(row), source.get(row)) else { continue };
        let own = equals.entry((symbol.into(), side.into(), quantity)).or_default();
        if own.len() <= EQUALS {
            own.push((time, source));
        }
    }
    let mut alike: BTreeMap<Apart, usize> = BTreeMap::new();
    for own in equals.values().filter(|own| own.len() <= EQUALS) {
        let seen: BTreeSet<Apart> = own.iter().flat_map(|one| own.iter().filter_map(|two| apart(*one, *two))).collect();
        seen.into_iter().for_each(|apart| *alike.entry(apart).or_default() += 1);
    }
    alike.retain(|(one, other, _), count| *count >= ALIKE && *count * 4 >= sizes[one].min(sizes[other]));
    Ok(alike)
}

/// By how many quarters of an hour two trades of two sources lie apart, where they do so wholly.
fn apart((time, one): Stood, (later, other): Stood) -> Option<Apart> {
    let by = later - time;
    let whole = (by + by.signum() * NEAR) / QUARTER * QUARTER;
    (one < other && whole != 0 && (by - whole).abs() <= NEAR && whole.abs() <= MOST).then_some((one, other, whole))
}

/// How many trades a ledger tells without an id.
fn nameless(trades: &DataFrame) -> PolarsResult<usize> {
    let [order, trade] = [columns::texts(trades, "order_id")?, columns::texts(trades, "trade_id")?];
    let is_leg = is_leg(trades);
    Ok((0..trades.height()).filter(|row| is_leg(*row) && order.get(*row).or(trade.get(*row)).is_none()).count())
}
