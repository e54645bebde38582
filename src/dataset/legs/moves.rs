//! The deposits and withdrawals that a ledger tells.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::Records;
use crate::columns;
use crate::ingest::FastMap;
use crate::ingest::table::Value;
use crate::tables::{Table, is_fiat};
use crate::time::{DAY, HOUR};

/// A movement in two exports is one where they agree on the amount and their times lie so close: one writes when it was
/// asked for, the other when it was done (own proposal: banks take a day).
const SAME_AMOUNT: i64 = DAY;
/// So close where they differ by a fee that only one of them counts (26 minutes were measured between the two exports of
/// Binance).
const WITH_FEE: i64 = HOUR;

/// A movement: when, how much, and where it stands.
type Move = (i64, i128, usize);

/// Exchange, direction and asset.
type Kind = (String, &'static str, String);

/// A movement that an export tells: when, and what a ledger may show for it: what arrived, the amount, and that with the fee.
type Known = (i64, [i128; 3]);

/// The movements that no export of deposits and withdrawals tells.
pub(super) fn of<'a>(ledger: &'a DataFrame, frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Records<'a>> {
    let mut records = Records::new(Table::Transfers, ledger)?;
    let Movements { all: moves, returned } = movements(ledger)?;
    let mut open: Vec<usize> = Vec::new();
    let histories = histories(frames)?;
    for (kind, mut own) in moves {
        own.sort_unstable();
        let none = Vec::new();
        open.extend(unmatched(&own, histories.get(&kind).unwrap_or(&none)));
    }
    open.sort_unstable();
    let (asset, change) = (columns::texts(ledger, "asset")?, columns::decimals(ledger, "change")?);
    let text = |text: &str| Some(Value::Text(text.into()));
    for row in open {
        let change = change.get(row).unwrap_or(0);
        let own = [
            ("direction", text(if change > 0 { "in" } else { "out" })),
            ("kind", text(if asset.get(row).is_some_and(is_fiat) { "fiat" } else { "chain" })),
            ("amount", Some(Value::Decimal(change.abs()))),
            // The leg holds what was charged.
            ("fee", None),
            ("status", if returned.contains(&row) { text("cancelled: it came back") } else { None }),
        ];
        records.add(row, &own);
    }
    Ok(records)
}

/// The movements of a ledger.
struct Movements {
    all: FastMap<Kind, Vec<Move>>,
    /// The rows of those that were taken back.
    returned: Vec<usize>,
}

fn movements(ledger: &DataFrame) -> PolarsResult<Movements> {
    let text = |name: &str| columns::texts(ledger, name);
    let (exchange, meaning, asset) = (text("exchange")?, text("meaning")?, text("asset")?);
    let (times, changes) = (columns::times(ledger, "time")?, columns::decimals(ledger, "change")?);
    let mut moves: FastMap<Kind, Vec<Move>> = FastMap::default();
    let mut back: Vec<(Kind, i64, i128)> = Vec::new();
    for row in 0..ledger.height() {
        let direction = match meaning.get(row) {
            Some("withdrawal") => "out",
            Some("deposit") => "in",
            _ => continue,
        };
        let (Some(time), Some(asset), Some(change)) = (times.get(row), asset.get(row), changes.get(row)) else {
            continue;
        };
        let kind = (exchange.get(row).unwrap_or_default().to_owned(), direction, asset.to_uppercase());
        match change {
            0 => {}
            // A leg against the sense of its operation takes an earlier one back.
            _ if (change > 0) != (direction == "in") => back.push((kind, time, change.abs())),
            _ => moves.entry(kind).or_default().push((time, change.abs(), row)),
        }
    }
    back.sort_unstable();
    let mut returned: Vec<usize> = Vec::new();
    for (kind, time, amount) in back {
        let earlier = moves.get(&kind).into_iter().flatten();
        let same = earlier.filter(|(at, size, row)| *at <= time && *size == amount && !returned.contains(row));
        returned.extend(same.max().map(|(_, _, row)| *row));
    }
    Ok(Movements { all: moves, returned })
}

/// What exports of deposits and withdrawals tell.
fn histories(frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<FastMap<Kind, Vec<Known>>> {
    let mut known: FastMap<Kind, Vec<Known>> = FastMap::default();
    let Some(frame) = frames.get(&Table::Transfers) else { return Ok(known) };
    let text = |name: &str| columns::texts(frame, name);
    let (exchange, direction, asset) = (text("exchange")?, text("direction")?, text("asset")?);
    let (times, amounts) = (columns::times(frame, "time")?, columns::decimals(frame, "amount")?);
    let (fees, received) = (columns::decimals(frame, "fee")?, columns::decimals(frame, "received")?);
    for row in 0..frame.height() {
        let direction = if direction.get(row) == Some("in") { "in" } else { "out" };
        let (Some(time), Some(asset)) = (times.get(row), asset.get(row)) else { continue };
        let amount = amounts.get(row).unwrap_or(0);
        let arrived = received.get(row).map_or(amount, |received| received.min(amount));
        let sizes = [arrived, amount, amount.saturating_add(fees.get(row).unwrap_or(0))];
        let kind = (exchange.get(row).unwrap_or_default().to_owned(), direction, asset.to_uppercase());
        known.entry(kind).or_default().push((time, sizes));
    }
    known.values_mut().for_each(|own| own.sort_unstable());
    Ok(known)
}

/// The rows of movements that are none of those known, each of which stands for one; both are in order of time.
fn unmatched(moves: &[Move], known: &[Known]) -> Vec<usize> {
    let mut used = vec![false; known.len()];
    let mut open: Vec<Move> = moves.to_vec();
    let exact =
        |(time, amount, _): &Move, (at, sizes): &Known| (time - at).abs() <= SAME_AMOUNT && sizes.contains(amount);
    let near = |(time, amount, _): &Move, (at, [arrived, _, most]): &Known| {
        (time - at).abs() <= WITH_FEE && (*arrived..=most.saturating_mul(2)).contains(amount)
    };
    for fits in [&exact as &dyn Fn(&Move, &Known) -> bool, &near] {
        open.retain(|own| {
            let around = |by: i64| known.partition_point(|(at, _)| *at < own.0.saturating_add(by));
            let near = (around(-SAME_AMOUNT)..around(SAME_AMOUNT + 1)).map(|at| (at, &known[at]));
            let candidates = near.filter(|(at, known)| !used[*at] && fits(own, known));
            let best = candidates.min_by_key(|(_, (at, _))| (own.0 - at).abs()).map(|(at, _)| at);
            best.is_none_or(|at| {
                used[at] = true;
                false
            })
        });
    }
    open.into_iter().map(|(_, _, row)| row).collect()
}
