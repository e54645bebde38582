//! A storm of orders, far above the account's own pace.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::history::{KEPT_SHARE, Past, is_large};
use crate::behaviour::marks::{self, Mark, percent};
use crate::behaviour::outcome::came_out_even;
use crate::behaviour::sweep::{Matching, Stock, chases, joined};
use crate::behaviour::{Deal, Deals};
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR, MINUTE, span_words};

pub(super) static RULE: Rule = Rule {
    id: "drain-burst",
    title: "storm of orders",
    severity: "high; critical when `new_share` of its purchases (and more than `cash_share` of all) went into pairs never traded before and stayed there, the price rose by `rise` in it, or it lost `loss`; medium without such a sign when it came out even, ended in cash (purchases under `cash_share`), or spread over many assets (none above `top`), and when it bought new pairs with cash (sales under `funded`) at one price (within `flat`) for less than the largest day of 30, or than `kept_share` of what was bought and kept in 90 days",
    confidence: Confidence::Medium,
    subject: Subject::Account,
    message: "{count:order} within {span} that took what stood in the book, up to {peak} in {within} where {usual} were the most before: {signs}",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A program with your key trades as fast as it may, before anyone wakes up.",
    logic: "Within `minutes` at least `min_orders` filled orders that took what stood in the book, and `times` the most that the account had in any such span before the window (taken as at least `habit`; where there is no history before the window, before the day of the storm). Fills of one pair, side and second are one order.",
    benign: &[
        "the start of a grid bot",
        "a sale of everything in a panic",
        "a portfolio that is rotated",
        "a basket bought at once",
    ],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::CancelOrders],
    sources: "AKRO/MIR 2022: 4,200 orders in 84 minutes; DMG 2022: 5,000 trades",
    thresholds: &[
        Threshold {
            name: "min_orders",
            default: 20.0,
            unit: "orders",
            source: "own proposal: the known cases had 500 in ten minutes",
        },
        Threshold { name: "times", default: 5.0, unit: "times the account's own most", source: "own proposal" },
        Threshold {
            name: "minutes",
            default: 10.0,
            unit: "minutes",
            source: "own proposal: AKRO 2022 was 50 orders a minute",
        },
        Threshold {
            name: "habit",
            default: 4.0,
            unit: "orders",
            source: "own proposal: the least that an account is taken to be used to",
        },
        Threshold {
            name: "new_share",
            default: 0.5,
            unit: "of the purchases",
            source: "own proposal: in pairs never traded before",
        },
        Threshold {
            name: "cash_share",
            default: 0.2,
            unit: "of what was traded",
            source: "own proposal: fewer purchases end in cash",
        },
        Threshold {
            name: "top",
            default: 0.6,
            unit: "of the purchases",
            source: "own proposal: as in liquidate-and-concentrate",
        },
        Threshold {
            name: "funded",
            default: 0.3,
            unit: "of the purchases",
            source: "own proposal: sales that pay for so much of them are no start from cash",
        },
        Threshold {
            name: "flat",
            default: 0.02,
            unit: "of the price",
            source: "own proposal: prices that differ by less are one",
        },
        Threshold { name: "rise", default: 0.10, unit: "of the price", source: "own proposal: as in burst-runup" },
        Threshold {
            name: "loss",
            default: 0.05,
            unit: "of what was paid",
            source: "own proposal: as in roundtrip-loss",
        },
        KEPT_SHARE,
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let paced = pace(&data.deals, span);
    let usual = usual(data, &paced, thresholds.value("habit") as usize);
    let mut ranges = Vec::new();
    for (at, (deal, count)) in paced.iter().enumerate() {
        let limit = (thresholds.value("times") * usual[at] as f64).max(thresholds.value("min_orders"));
        if data.window.holds(data.deals.all[*deal].time) && *count as f64 >= limit {
            ranges.push(at + 1 - count..at + 1);
        }
    }
    let odd = marks::unrecognized(data);
    let mut found = Vec::new();
    for range in joined(ranges) {
        let (first, last) = (data.deals.all[paced[range.start].0].time, data.deals.all[paced[range.end - 1].0].time);
        let from = data.deals.by_time.partition_point(|&at| data.deals.all[at as usize].time < first);
        let deals: Vec<usize> = data.deals.by_time[from..]
            .iter()
            .map(|&at| at as usize)
            .take_while(|&at| data.deals.all[at].time <= last)
            .filter(|&at| data.deals.all[at].taker)
            .collect();
        let (severity, signs) = weighed(data, &deals, &odd, thresholds);
        let deals = if severity >= Severity::High { without_reversed(data, deals) } else { deals };
        let peak = range.clone().map(|at| paced[at].1).max().unwrap_or_default();
        let most = range.clone().map(|at| usual[at]).max().unwrap_or_default();
        let details = vec![
            ("span", span_words(last - first)),
            ("peak", peak.to_string()),
            ("within", span_words(span)),
            ("usual", most.to_string()),
            ("signs", signs),
        ];
        found.push(Mark { subject: "main".to_owned(), severity, deals, details });
    }
    marks::hits(data, found)
}

/// The orders that took, each by its first deal, with how many there were in the ten minutes up to it.
fn pace(deals: &Deals, span: i64) -> Vec<(usize, usize)> {
    let mut second = (i64::MIN, Vec::<(u32, bool)>::new());
    let mut orders: Vec<(usize, usize)> = Vec::new();
    let mut low = 0;
    for &at in &deals.by_time {
        let deal = &deals.all[at as usize];
        if !deal.taker {
            continue;
        }
        if deal.time != second.0 {
            second = (deal.time, Vec::new());
        }
        if deal.fill {
            if second.1.contains(&(deal.symbol, deal.buy)) {
                continue;
            }
            second.1.push((deal.symbol, deal.buy));
        }
        orders.push((at as usize, 0));
        while deals.all[orders[low].0].time < deal.time - span {
            low += 1;
        }
        let count = orders.len() - low;
        if let Some(order) = orders.last_mut() {
            order.1 = count;
        }
    }
    orders
}

/// The most orders in ten minutes that the account was used to at each order.
fn usual(data: &Dataset<'_>, paced: &[(usize, usize)], least: usize) -> Vec<usize> {
    let time = |at: usize| data.deals.all[paced[at].0].time;
    let fixed = Past::before(&data.deals, data.window.start).enough;
    let (mut most, mut next) = (least, 0);
    (0..paced.len())
        .map(|at| {
            let until = if fixed { data.window.start.min(time(at)) } else { time(at) - DAY };
            while next < at && time(next) < until {
                most = most.max(paced[next].1);
                next += 1;
            }
            most
        })
        .collect()
}

/// The deals of a grave storm without those in pairs that came out even over the day, and of which no more was sold than
/// bought: the owner's own haste of the same minutes.
fn without_reversed(data: &Dataset<'_>, mut run: Vec<usize>) -> Vec<usize> {
    let deals = &data.deals;
    let past = Past::before(deals, deals.all[run[0]].time - DAY);
    let mut by_symbol: BTreeMap<u32, Vec<&Deal>> = BTreeMap::new();
    run.iter().map(|&at| &deals.all[at]).for_each(|deal| by_symbol.entry(deal.symbol).or_default().push(deal));
    let quantity =
        |own: &[&Deal], buy: bool| -> f64 { own.iter().filter(|deal| deal.buy == buy).map(|deal| deal.quantity).sum() };
    by_symbol.retain(|number, own| {
        let symbol = &deals.symbols[*number as usize];
        // Of a new pair nothing can be sold but what was bought in it.
        let balanced = !past.knows(deals, symbol) || quantity(own, false) <= BALANCED * quantity(own, true);
        balanced && came_out_even(deals.of(symbol), own)
    });
    run.retain(|&at| !by_symbol.contains_key(&deals.all[at].symbol));
    run
}

/// Sales of so much more than was bought in the same storm sold what the account had before (own proposal: fees and dust).
const BALANCED: f64 = 1.1;

/// The severity of a storm after its look-alikes are thought of, and what speaks for it.
fn weighed(data: &Dataset<'_>, run: &[usize], odd: &HashSet<u32>, thresholds: &Thresholds) -> (Severity, String) {
    let limit = |name: &str| thresholds.value(name);
    let mut by_symbol: BTreeMap<u32, Vec<&Deal>> = BTreeMap::new();
    for &at in run {
        by_symbol.entry(data.deals.all[at].symbol).or_default().push(&data.deals.all[at]);
    }
    let value = |deals: &mut dyn Iterator<Item = &&Deal>| deals.map(|deal| data.deals.value(deal)).sum::<f64>();
    let first = data.deals.all[run[0]].time;
    let past = Past::before(&data.deals, first - DAY);
    let (mut bought, mut sold, mut kept_new, mut even, mut hurt) = (0.0, 0.0, 0.0, 0.0, false);
    let mut bases: BTreeMap<&str, f64> = BTreeMap::new();
    for (number, deals) in &by_symbol {
        let symbol = &data.deals.symbols[*number as usize];
        let buys: Vec<&Deal> = deals.iter().copied().filter(|deal| deal.buy).collect();
        let (paid, got) = (value(&mut buys.iter()), value(&mut deals.iter().filter(|deal| !deal.buy)));
        bought += paid;
        sold += got;
        *bases.entry(&symbol.base).or_default() += paid;
        let reversed = !buys.is_empty() && came_out_even(data.deals.of(symbol), &buys);
        even += if reversed { paid + got } else { 0.0 };
        hurt |= !reversed && (rose(deals, thresholds) || lost(deals, limit("loss")));
        if !reversed && !past.knows(&data.deals, symbol) {
            kept_new += paid;
        }
    }
    let top = bases.values().copied().fold(0.0, f64::max);
    let strange = run.iter().filter(|&&at| odd.contains(&data.deals.all[at].row)).count();
    let new = past.total > 0.0
        && kept_new >= limit("new_share") * bought
        && bought >= limit("cash_share") * (bought + sold)
        && bought > 0.0;
    let pairs: BTreeSet<&str> = by_symbol.keys().map(|at| data.deals.symbols[*at as usize].name.as_str()).collect();
    let told = counted(pairs.len(), "pair");
    if hurt || strange * 2 >= run.len() {
        let sign = if hurt { "the prices moved against you in it" } else { "unrecognized orders" };
        (Severity::Critical, format!("{told}, {sign}"))
    } else if new
        && sold < limit("funded") * bought
        && flat(run, data, limit("flat"))
        && !is_large(&data.deals, kept_new, first, thresholds)
    {
        (Severity::Medium, format!("{told}, new ones at one price: a grid bot starts like this"))
    } else if new {
        (
            Severity::Critical,
            format!("{told}, {} % of the purchases in pairs never traded before", percent(kept_new / bought)),
        )
    } else if even >= 0.5 * (bought + sold) {
        (Severity::Medium, format!("{told}, reversed within a day for about what it cost"))
    } else if bought < limit("cash_share") * (bought + sold) {
        (Severity::Medium, format!("{told}, nearly all sales: a sale in a panic looks the same"))
    } else if top < limit("top") * bought {
        (Severity::Medium, format!("{told}, spread over many assets: a rotation looks the same"))
    } else {
        (Severity::High, told)
    }
}

/// Whether the purchases of a run were each made at one price of their pair.
fn flat(run: &[usize], data: &Dataset<'_>, room: f64) -> bool {
    let mut prices: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for deal in run.iter().map(|&at| &data.deals.all[at]).filter(|deal| deal.buy) {
        let (least, most) = prices.entry(deal.symbol).or_insert((deal.price, deal.price));
        (*least, *most) = (least.min(deal.price), most.max(deal.price));
    }
    prices.values().all(|(least, most)| most / least - 1.0 < room)
}

fn rose(deals: &[&Deal], thresholds: &Thresholds) -> bool {
    let own: Vec<Deal> = deals.iter().map(|deal| **deal).collect();
    let picks: Vec<usize> = (0..own.len()).filter(|&at| own[at].buy).collect();
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    !chases(&own, &picks, span, 5, thresholds.value("rise")).is_empty()
}

fn lost(deals: &[&Deal], share: f64) -> bool {
    let own: Vec<Deal> = deals.iter().map(|deal| **deal).collect();
    let mut stock = Stock::new(HOUR / 2, Matching::Newest);
    let sales: Vec<_> = (0..own.len()).filter_map(|at| stock.take(&own, at)).collect();
    let (cost, loss) = sales.iter().fold((0.0, 0.0), |(cost, loss), sale| (cost + sale.cost, loss + sale.loss));
    sales.len() >= 2 && loss >= share * cost
}
