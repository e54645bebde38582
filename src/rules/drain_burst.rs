//! A storm of orders, far above the account's own pace.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::history::Past;
use crate::behaviour::marks::{self, Mark, percent};
use crate::behaviour::sweep::{Matching, Stock, came_out_even, chases, joined};
use crate::behaviour::{Deal, Deals};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR, MINUTE, span_words};

pub(super) static RULE: Rule = Rule {
    id: "drain-burst",
    title: "storm of orders",
    severity: "high; critical when most of it went into pairs never traded before and stayed there, or it lost money; medium without such a sign when it came out even, ended in cash, or spread over many assets",
    confidence: Confidence::Medium,
    subject: Subject::Account,
    message: "{count} orders within {span} that took what stood in the book, up to {peak} in ten minutes where {usual} were the most before: {signs}",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A program with your key trades as fast as it may, before anyone wakes up.",
    logic: "In ten minutes at least `min_orders` filled orders that took what stood in the book, and `times` the most that the account had in any ten minutes before the window (taken as at least 4; where there is no history before the window, before the day of the storm). Fills of one pair, side and second are one order.",
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
    ],
    plan,
};

const WINDOW: i64 = 10 * MINUTE;
/// The least that an account is taken to be used to.
const LEAST_HABIT: usize = 4;

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let paced = pace(&data.deals);
    let usual = usual(data, &paced);
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
        let (severity, signs) = weighed(data, &deals, &odd);
        let peak = range.clone().map(|at| paced[at].1).max().unwrap_or_default();
        let most = range.clone().map(|at| usual[at]).max().unwrap_or_default();
        let details = vec![
            ("span", span_words(last - first)),
            ("peak", peak.to_string()),
            ("usual", most.to_string()),
            ("signs", signs),
        ];
        found.push(Mark { subject: "main".to_owned(), severity, deals, details });
    }
    marks::hits(data, found)
}

/// The orders that took, each by its first deal, with how many there were in the ten minutes up to it.
fn pace(deals: &Deals) -> Vec<(usize, usize)> {
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
        while deals.all[orders[low].0].time < deal.time - WINDOW {
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
fn usual(data: &Dataset<'_>, paced: &[(usize, usize)]) -> Vec<usize> {
    let time = |at: usize| data.deals.all[paced[at].0].time;
    let fixed = Past::before(&data.deals, data.window.start).enough;
    let (mut most, mut next) = (LEAST_HABIT, 0);
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

/// The severity of a storm after its look-alikes are thought of, and what speaks for it.
fn weighed(data: &Dataset<'_>, run: &[usize], odd: &HashSet<u32>) -> (Severity, String) {
    let mut by_symbol: BTreeMap<u32, Vec<&Deal>> = BTreeMap::new();
    for &at in run {
        by_symbol.entry(data.deals.all[at].symbol).or_default().push(&data.deals.all[at]);
    }
    let value = |deals: &mut dyn Iterator<Item = &&Deal>| deals.map(|deal| data.deals.value(deal)).sum::<f64>();
    let past = Past::before(&data.deals, data.deals.all[run[0]].time - DAY);
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
        hurt |= !reversed && (rose(deals) || lost(deals));
        if !reversed && !past.knows(&data.deals, symbol) {
            kept_new += paid;
        }
    }
    let top = bases.values().copied().fold(0.0, f64::max);
    let strange = run.iter().filter(|&&at| odd.contains(&data.deals.all[at].row)).count();
    let new = past.total > 0.0 && kept_new >= 0.5 * bought && bought >= 0.2 * (bought + sold) && bought > 0.0;
    let pairs: BTreeSet<&str> = by_symbol.keys().map(|at| data.deals.symbols[*at as usize].name.as_str()).collect();
    let told = format!("{} pairs", pairs.len());
    if hurt || strange * 2 >= run.len() {
        let sign = if hurt { "the prices moved against you in it" } else { "unrecognized orders" };
        (Severity::Critical, format!("{told}, {sign}"))
    } else if new {
        (
            Severity::Critical,
            format!("{told}, {} % of the purchases in pairs never traded before", percent(kept_new / bought)),
        )
    } else if even >= 0.5 * (bought + sold) {
        (Severity::Medium, format!("{told}, reversed within a day for about what it cost"))
    } else if bought < 0.2 * (bought + sold) {
        (Severity::Medium, format!("{told}, nearly all sales: a sale in a panic looks the same"))
    } else if top < 0.6 * bought {
        (Severity::Medium, format!("{told}, spread over many assets: a rotation looks the same"))
    } else {
        (Severity::High, told)
    }
}

fn rose(deals: &[&Deal]) -> bool {
    let own: Vec<Deal> = deals.iter().map(|deal| **deal).collect();
    let picks: Vec<usize> = (0..own.len()).filter(|&at| own[at].buy).collect();
    !chases(&own, &picks, WINDOW, 5, 0.1).is_empty()
}

fn lost(deals: &[&Deal]) -> bool {
    let own: Vec<Deal> = deals.iter().map(|deal| **deal).collect();
    let mut stock = Stock::new(HOUR / 2, Matching::Newest);
    let sales: Vec<_> = (0..own.len()).filter_map(|at| stock.take(&own, at)).collect();
    let (cost, loss) = sales.iter().fold((0.0, 0.0), |(cost, loss), sale| (cost + sale.cost, loss + sale.loss));
    sales.len() >= 2 && loss >= 0.05 * cost
}
