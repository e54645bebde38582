//! One coin at two very different prices: in a thin pair, and in the account's own main one.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{self, Mark, percent};
use crate::behaviour::{DOLLARS, Deal, Deals, Symbol};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "cross-pair-implied",
    title: "thin pair far from the main one",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol} at a price {off} % worse than your own in {reference} at the same time",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A thief who cannot move the main market waits in a thin pair of the same coin, far from its price.",
    logic: "A deal whose price, times that of its quote asset in the account's own deals within `quote_minutes`, is worse by `off` than the account's own price of the same coin in a dollar pair within `base_minutes`. Of two dollar pairs only the one with fewer deals is held against the other. Pairs without such deals of the account's own cannot be checked.",
    benign: &["a coin whose price jumped between the two deals"],
    next: &[Step::DisableAccount, Step::LogOutDevices, Step::ScanMachine, Step::Report],
    sources: "the cookie theft of May 2024 (QTUM/BTC, DASH/BTC, PYR/BTC, ENA/USDC, NEO/USDC), by press",
    thresholds: &[
        Threshold { name: "off", default: 0.10, unit: "of the price", source: "own proposal" },
        Threshold { name: "quote_minutes", default: 15.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "base_minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let deals = &data.deals;
    let minutes = |name: &str| (thresholds.value(name) * MINUTE as f64) as i64;
    let mut found = Vec::new();
    for symbol in deals.symbols.iter().filter(|symbol| symbol.market == "spot" || symbol.market == "margin") {
        let mains = dollar_pairs(deals, symbol, &symbol.base);
        let quotes = dollar_pairs(deals, symbol, &symbol.quote);
        let in_dollars = DOLLARS.contains(&symbol.quote.as_str());
        if mains.is_empty() || (!in_dollars && quotes.is_empty()) {
            continue;
        }
        let own = deals.of(symbol);
        let start = own.partition_point(|deal| deal.time < data.window.start);
        for (at, deal) in own.iter().enumerate().skip(start).filter(|(_, deal)| data.window.holds(deal.time)) {
            let rate = if in_dollars {
                Some(1.0)
            } else {
                nearest(deals, &quotes, deal, minutes("quote_minutes")).map(|(price, _)| price)
            };
            let main = nearest(deals, &mains, deal, minutes("base_minutes"));
            let (Some(rate), Some((price, main))) = (rate, main) else { continue };
            let implied = deal.price * rate;
            let off = if deal.buy { implied / price - 1.0 } else { 1.0 - implied / price };
            if off >= thresholds.value("off") {
                found.push(Mark {
                    subject: symbol.name.clone(),
                    severity: Severity::High,
                    deals: vec![symbol.deals.start + at],
                    details: vec![("off", percent(off)), ("reference", main.name.clone())],
                });
            }
        }
    }
    marks::hits(data, found)
}

/// The pairs of an asset against a dollar in the market of a pair, that pair and thinner ones left out.
fn dollar_pairs<'a>(deals: &'a Deals, symbol: &Symbol, asset: &str) -> Vec<&'a Symbol> {
    let is_main = |other: &&Symbol| {
        other.market == symbol.market
            && other.base == asset
            && DOLLARS.contains(&other.quote.as_str())
            && other.name != symbol.name
            && (!DOLLARS.contains(&symbol.quote.as_str()) || other.deals.len() > symbol.deals.len())
    };
    deals.symbols.iter().filter(is_main).collect()
}

/// The price nearest in time to a deal, no further away than a span.
fn nearest<'a>(deals: &Deals, pairs: &[&'a Symbol], deal: &Deal, span: i64) -> Option<(f64, &'a Symbol)> {
    let near = pairs.iter().flat_map(|pair| {
        let own = deals.of(pair);
        let at = own.partition_point(|other| other.time < deal.time);
        [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|at| Some((own.get(at)?, *pair)))
    });
    near.map(|(other, pair)| ((other.time - deal.time).abs(), other.price, pair))
        .filter(|(distance, _, _)| *distance <= span)
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, price, pair)| (price, pair))
}
