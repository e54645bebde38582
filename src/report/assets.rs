//! The account's assets before and after the window.

use super::{AssetInfo, NotChecked};
use crate::dataset::Dataset;
use crate::decimal::Decimal;
use crate::time::Timestamp;

pub fn assets(data: &Dataset<'_>) -> Vec<AssetInfo> {
    let amount = |units: i128| Decimal(units).to_string();
    let info = |line: &crate::balances::Line| AssetInfo {
        account: data.account.clone(),
        wallet: line.wallet.clone(),
        asset: line.asset.clone(),
        opened: line.opened.map(Timestamp),
        opening: line.opening.map(amount),
        trades: amount(line.trades),
        transfers: amount(line.transfers),
        p2p: amount(line.p2p),
        other: amount(line.other),
        closed: line.closed.map(Timestamp),
        closing: line.closing.map(amount),
        gap: line.gap().map(amount),
        from: data.balances.from,
    };
    data.balances.lines.iter().map(info).collect()
}

/// What keeps balances from being added up, and where two views of the same events differ.
pub fn open_sums(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    for missing in &data.balances.missing {
        list.push(NotChecked {
            what: "whether balances add up, for sure".to_owned(),
            why: "the sums are not whole".to_owned(),
            needs: missing.clone(),
        });
    }
    let mut differ: Vec<String> = data
        .balances
        .disagreements
        .iter()
        .map(|(cause, asset, sum)| format!("{cause} in {asset} by {}", Decimal(*sum)))
        .collect();
    if !differ.is_empty() {
        let more = differ.len().saturating_sub(5);
        differ.truncate(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        list.push(NotChecked {
            what: "whether the ledger and the other files tell the same".to_owned(),
            why: format!("they differ over the time both cover: {}{more}", differ.join("; ")),
            needs: "exports of the same span; balances were added up by the ledger, as far as it tells them".to_owned(),
        });
    }
}
