//! The assets before and after the window, on a terminal.

use super::page::Page;
use crate::report::{AssetInfo, Report};

pub(super) fn assets(page: &mut Page<'_>, report: &Report) {
    let Some(first) = report.assets.first() else { return };
    page.title("ASSETS");
    let looked =
        if first.closing.is_some() { "" } else { "; no balances among the files, so only the changes are known" };
    page.lines("", &format!("changes by the {}{looked}", first.from), None);
    // What does not add up comes first.
    let mut sorted: Vec<&AssetInfo> = report.assets.iter().collect();
    sorted.sort_by_key(|asset| asset.gap.as_deref().is_none_or(|gap| gap == "0"));
    let rows: Vec<_> = sorted.into_iter().map(|asset| (&asset.account, row(asset))).collect();
    page.table_by_account(
        &["asset", "wallet", "before", "trades", "transfers", "P2P", "other", "after", "gap"],
        &["asset", "gap"],
        rows,
    );
}

fn row(asset: &AssetInfo) -> Vec<String> {
    let known = |text: &Option<String>| text.clone().unwrap_or_default();
    let changed = |text: &str| if text == "0" { String::new() } else { text.to_owned() };
    vec![
        asset.asset.clone(),
        asset.wallet.clone(),
        known(&asset.opening),
        changed(&asset.trades),
        changed(&asset.transfers),
        changed(&asset.p2p),
        changed(&asset.other),
        known(&asset.closing),
        asset.gap.as_deref().map_or(String::new(), changed),
    ]
}
