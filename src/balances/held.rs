//! How much of an asset the account held at an instant.

use polars::prelude::PolarsResult;

use super::looks;
use super::movements::{Cause, Told, View, each};
use crate::dataset::Dataset;

/// How much of an asset there was in all wallets just before an instant, in units of 10^-20, by the last look at the
/// balances and the changes since. Without a look, by the ledger, when that never takes out what it has not shown coming
/// in; else `None`.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn held(data: &Dataset<'_>, asset: &str, before: i64) -> PolarsResult<Option<i128>> {
    let told = Told::of(data)?;
    let looks = looks(data, &mut Vec::new())?;
    let last = looks.values().filter_map(|by_time| by_time.range(..before).next_back());
    let (mut opened, mut opening) = (None, 0i128);
    for (time, assets) in last {
        opened = opened.max(Some(*time));
        opening = opening.saturating_add(assets.get(asset).map_or(0, |(amount, _)| *amount));
    }
    if opened.is_none() && told.is_empty() {
        return Ok(None);
    }
    let mut changes: Vec<(i64, i128)> = Vec::new();
    each(data, View::Joined(&told), &mut |movement| {
        if movement.asset == asset && movement.time < before && opened.is_none_or(|opened| movement.time > opened) {
            changes.push((movement.time, movement.change));
        }
    })?;
    changes.sort_unstable();
    // The legs of one moment stand in no order: what came counts before what went.
    changes.sort_by_key(|(time, change)| (*time, *change < 0));
    let (mut sum, mut least) = (opening, opening);
    for (_, change) in &changes {
        sum = sum.saturating_add(*change);
        least = least.min(sum);
    }
    Ok((opened.is_some() || (least >= 0 && !changes.is_empty())).then_some(sum))
}

/// By how much an asset changed in a span, P2P orders left out.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn changed(data: &Dataset<'_>, asset: &str, from: i64, until: i64) -> PolarsResult<i128> {
    let told = Told::of(data)?;
    let mut sum = 0i128;
    each(data, View::Joined(&told), &mut |movement| {
        if movement.asset == asset && movement.cause != Cause::P2p && (from..=until).contains(&movement.time) {
            sum = sum.saturating_add(movement.change);
        }
    })?;
    Ok(sum)
}
