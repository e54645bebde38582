//! What assets are worth in the account's usual money, by its own prices: good enough to compare amounts in different
//! assets, and used for nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::Deals;

/// Assets that stand for a dollar.
pub const DOLLARS: &[&str] = &["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "DAI", "USDS", "USD"];

/// Sets the worth of each pair's quote asset: a dollar is one; other assets by the median price of the account's own deals
/// against what is known already. An account without dollars counts in the quote asset it uses most.
pub fn settle(deals: &mut Deals) {
    let quotes: BTreeSet<&str> = deals.symbols.iter().map(|symbol| symbol.quote.as_str()).collect();
    deals.in_dollars = quotes.iter().any(|quote| DOLLARS.contains(quote));
    let mut known: BTreeMap<String, f64> = BTreeMap::new();
    if deals.in_dollars {
        known.extend(DOLLARS.iter().map(|dollar| ((*dollar).to_owned(), 1.0)));
    } else {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for symbol in deals.symbols.iter().filter(|symbol| !symbol.quote.is_empty()) {
            *uses.entry(&symbol.quote).or_default() += symbol.deals.len();
        }
        let most = uses.iter().max_by_key(|(quote, count)| (**count, std::cmp::Reverse(**quote)));
        known.extend(most.map(|(quote, _)| ((*quote).to_owned(), 1.0)));
    }
    let wanted: BTreeSet<&str> = quotes.into_iter().filter(|quote| !quote.is_empty()).collect();
    let mut medians: BTreeMap<usize, f64> = BTreeMap::new();
    // Each round reaches assets one pair further away; most accounts need one.
    while wanted.iter().any(|asset| !known.contains_key(*asset)) {
        let mut found: BTreeMap<String, (usize, f64)> = BTreeMap::new();
        for (number, symbol) in deals.symbols.iter().enumerate() {
            let (base, quote) = (known.get(&symbol.base), known.get(&symbol.quote));
            let mut price = || *medians.entry(number).or_insert_with(|| median(deals, number));
            let (asset, worth) = match (base, quote) {
                (None, Some(quote)) => (&symbol.base, price() * quote),
                (Some(base), None) if !symbol.quote.is_empty() => (&symbol.quote, base / price()),
                _ => continue,
            };
            let best = found.entry(asset.clone()).or_insert((0, 0.0));
            if symbol.deals.len() > best.0 && worth.is_finite() {
                *best = (symbol.deals.len(), worth);
            }
        }
        if found.is_empty() {
            break;
        }
        known.extend(found.into_iter().map(|(asset, (_, worth))| (asset, worth)));
    }
    for symbol in &mut deals.symbols {
        symbol.worth = known.get(&symbol.quote).copied();
    }
}

fn median(deals: &Deals, number: usize) -> f64 {
    let mut prices: Vec<f64> = deals.of(&deals.symbols[number]).iter().map(|deal| deal.price).collect();
    let middle = prices.len() / 2;
    if prices.is_empty() { f64::NAN } else { *prices.select_nth_unstable_by(middle, f64::total_cmp).1 }
}
