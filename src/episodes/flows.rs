//! What an episode did to the account's assets, and what it cost.

use std::collections::BTreeMap;

use super::entries::{Entry, float};
use crate::behaviour::{DOLLARS, Deal, Deals};
use crate::dataset::Dataset;
use crate::decimal::Decimal;
use crate::tables::Table;
use crate::time::DAY;

/// An amount of an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The asset.
    pub asset: String,
    /// How much.
    pub quantity: Decimal,
}

/// An estimate of what an episode cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The asset it is stated in.
    pub asset: String,
    /// How much.
    pub amount: Decimal,
    /// How it was estimated.
    pub method: String,
    /// The same in the assets that were paid and received.
    pub parts: Vec<Flow>,
}

/// What the account has less and more for some entries, by asset, all of them together.
pub fn net(entries: &[Entry]) -> (Vec<Flow>, Vec<Flow>) {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for entry in entries {
        let sign = if entry.buy { 1 } else { -1 };
        let mut add = |asset, change: i128| {
            let sum = sums.entry(asset).or_default();
            *sum = sum.saturating_add(change);
        };
        add(&entry.base, sign * entry.quantity.0);
        add(&entry.quote, -sign * entry.total.0);
    }
    let flow = |(asset, sum): (&&str, &i128)| Flow { asset: (*asset).to_owned(), quantity: Decimal(sum.abs()) };
    let all =
        |positive: bool| sums.iter().filter(move |(_, sum)| **sum != 0 && (**sum > 0) == positive).map(flow).collect();
    (all(false), all(true))
}

/// An own price so long before an episode still says what an asset was worth.
const FRESH: i64 = DAY;

/// How the loss of trades is estimated.
const TRADED: &str = "what the purchases cost above, and the sales gave below, your own last price of the pair before them; where you had none within a day, above the lowest price of the episode";
/// How that of P2P orders is.
const SOLD_BY_P2P: &str = "all that P2P orders sold, as if none of its fiat had reached you: whose bank account was paid is in no export, so look into yours";

/// What an episode cost: `None` when the account's own prices do not tell.
pub fn loss(data: &Dataset<'_>, entries: &[Entry]) -> Option<Loss> {
    let (start, end) = (entries.first()?.time, entries.last()?.time);
    let mut pairs: BTreeMap<(&str, &str), Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.table != Table::P2p && entry.quantity.0 > 0 && entry.total.0 > 0) {
        pairs.entry((&entry.market, &entry.symbol)).or_default().push(entry);
    }
    let mut lost: BTreeMap<&str, f64> = BTreeMap::new();
    for ((market, symbol), entries) in &pairs {
        let own = data.deals.symbols.iter().find(|own| own.market == *market && own.name == *symbol);
        let before = own.and_then(|own| last_before(data.deals.of(own), start));
        let lowest = entries.iter().filter(|entry| entry.buy).map(|entry| entry.price()).reduce(f64::min);
        let Some(fair) = before.or(lowest) else { continue };
        let more = |entry: &&Entry| {
            let worse = float(entry.total) - float(entry.quantity) * fair;
            if entry.buy { worse } else { -worse }
        };
        *lost.entry(&entries[0].quote).or_default() += entries.iter().map(more).sum::<f64>();
    }
    // No export tells whose bank account the fiat went to.
    let sold = entries.iter().filter(|entry| entry.table == Table::P2p && !entry.buy && entry.quantity.0 > 0);
    let by_p2p = sold.clone().next().is_some();
    for entry in sold {
        *lost.entry(&entry.base).or_default() += float(entry.quantity);
    }
    let parts: Vec<Flow> = lost
        .iter()
        .filter_map(|(asset, amount)| Some(Flow { asset: (*asset).to_owned(), quantity: rounded(*amount)? }))
        .filter(|flow| flow.quantity.0 != 0)
        .collect();
    let wanted = data.expectations.and_then(|e| e.base_currency.as_deref());
    let (asset, amount) = in_one_asset(&lost, wanted, |from, to| rate(&data.deals, from, to, end))?;
    let method = match (by_p2p, pairs.is_empty()) {
        (true, true) => format!("estimate: {SOLD_BY_P2P}"),
        (true, false) => format!("estimate: {SOLD_BY_P2P}; besides, {TRADED}; without fees"),
        (false, _) => format!("estimate: {TRADED}; without fees"),
    };
    Some(Loss { asset: asset.to_owned(), amount: rounded(amount)?, method, parts })
}

/// What was lost of several assets, in the one that is wanted; where own prices do not lead there, in a dollar or another
/// asset that was paid; and where they lead to none, what was lost of that alone.
fn in_one_asset<'a>(
    lost: &BTreeMap<&'a str, f64>,
    wanted: Option<&'a str>,
    rate: impl Fn(&str, &str) -> Option<f64>,
) -> Option<(&'a str, f64)> {
    let mut paid: Vec<&str> = lost.iter().filter(|(_, amount)| **amount != 0.0).map(|(asset, _)| *asset).collect();
    paid.sort_by_key(|asset| !DOLLARS.contains(asset));
    let converted = |asset| {
        let rates: Option<Vec<f64>> = lost.keys().map(|quote| rate(quote, asset)).collect();
        Some((asset, lost.values().zip(rates?).map(|(amount, rate)| amount * rate).sum()))
    };
    let alone = || paid.first().map(|asset| (*asset, lost[asset]));
    wanted.into_iter().chain(paid.iter().copied()).find_map(converted).or_else(alone)
}

fn last_before(own: &[Deal], time: i64) -> Option<f64> {
    let at = own.partition_point(|deal| deal.time < time);
    own[..at].last().filter(|deal| time - deal.time <= FRESH).map(|deal| deal.price)
}

/// What one asset was worth in another by the account's own deals.
fn rate(deals: &Deals, from: &str, to: &str, time: i64) -> Option<f64> {
    let dollar = |asset: &str| DOLLARS.contains(&asset);
    let same = |a: &str, b: &str| a == b || (dollar(a) && dollar(b));
    if same(from, to) {
        return Some(1.0);
    }
    let of = |base: &str, quote: &str| {
        let pair =
            deals.symbols.iter().filter(|s| s.base == base && same(&s.quote, quote)).max_by_key(|s| s.deals.len())?;
        let own = deals.of(pair);
        let at = own.partition_point(|deal| deal.time <= time);
        own[..at].last().or(own.first()).map(|deal| deal.price)
    };
    of(from, to).or_else(|| of(to, from).map(|price| 1.0 / price))
}

/// An estimate with no more digits than it deserves: hundredths, or eight digits below one.
fn rounded(value: f64) -> Option<Decimal> {
    let text = if value.abs() >= 1.0 { format!("{value:.2}") } else { format!("{value:.8}") };
    Decimal::parse(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_stated_in_what_own_prices_lead_to() {
        let lost = BTreeMap::from([("BTC", 0.5), ("USDC", 40.0), ("USDT", 3.0)]);
        let worth = |asset: &str| match asset {
            "BTC" => Some(90_000.0),
            "USDC" | "USDT" => Some(1.0),
            "ETH" => Some(3_000.0),
            _ => None,
        };
        let rate = |from: &str, to: &str| Some(worth(from)? / worth(to)?);
        assert_eq!(in_one_asset(&lost, Some("ETH"), rate), Some(("ETH", 45_043.0 / 3_000.0)));
        assert_eq!(in_one_asset(&lost, Some("EUR"), rate), Some(("USDC", 45_043.0)));
        assert_eq!(in_one_asset(&lost, None, rate), Some(("USDC", 45_043.0)));
        // Without a rate, what was paid in dollars alone.
        assert_eq!(in_one_asset(&lost, None, |from, to| (from == to).then_some(1.0)), Some(("USDC", 40.0)));
    }
}
