//! Orders far larger than the account's own.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{self, Mark, amount};
use crate::behaviour::{Deal, Deals, Symbol};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "size-outlier",
    title: "order far larger than usual",
    severity: "medium",
    confidence: Confidence::Low,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol} over up to {largest} {quote}, where {usual} was the most before the window",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "Whoever empties an account trades all of it, not your usual portion.",
    logic: "An order (or fill) of the window whose total is more than `times` the largest before the window and whose logarithm lies more than `score` modified z-scores above the median of at least `orders` of the same pair, or, where the pair has fewer, of all pairs with the same quote asset.",
    benign: &["the day after a deposit", "one large order in place of many"],
    next: &[Step::AddToExpectations],
    sources: "modified z-score: Iglewicz and Hoaglin 1993; simulated: at 3.5 heavy tails give 13 false alarms in 1000, at 5 fewer than 7",
    thresholds: &[
        Threshold { name: "score", default: 5.0, unit: "modified z-scores", source: "simulated sizes" },
        Threshold {
            name: "orders",
            default: 20.0,
            unit: "orders",
            source: "simulated sizes: fewer give more false alarms",
        },
        Threshold { name: "times", default: 2.0, unit: "times the largest", source: "own proposal" },
    ],
    plan,
};

/// Totals before the window, summed up.
struct Usual {
    median: f64,
    deviation: f64,
    largest: f64,
}

impl Usual {
    fn new(totals: impl Iterator<Item = f64>, fewest: usize) -> Option<Self> {
        let mut logs: Vec<f64> = totals.map(f64::ln).collect();
        if logs.len() < fewest.max(1) {
            return None;
        }
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max).exp();
        let median = middle(&mut logs);
        let mut distances: Vec<f64> = logs.iter().map(|log| (log - median).abs()).collect();
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        // The mean stands in where more than half of the totals are equal: both estimate the same spread of a normal.
        let deviation = match middle(&mut distances) {
            0.0 => 1.2533 * mean * 0.6745,
            median => median,
        };
        Some(Self { median, deviation, largest })
    }

    fn score(&self, total: f64) -> f64 {
        if self.deviation > 0.0 { 0.6745 * (total.ln() - self.median) / self.deviation } else { 0.0 }
    }
}

fn middle(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let deals = &data.deals;
    let fewest = thresholds.value("orders") as usize;
    let before = |symbol: &Symbol| -> &[Deal] {
        let own = deals.of(symbol);
        &own[..own.partition_point(|deal| deal.time < data.window.start)]
    };
    let mut found = Vec::new();
    for symbol in &deals.symbols {
        let own = Usual::new(before(symbol).iter().map(|deal| deal.total), fewest);
        let Some(usual) = own.or_else(|| of_quote(deals, symbol, &before, fewest)) else { continue };
        let start = symbol.deals.start + before(symbol).len();
        let large = |deal: &Deal| {
            deal.total > thresholds.value("times") * usual.largest
                && usual.score(deal.total) > thresholds.value("score")
        };
        let odd: Vec<usize> = (start..symbol.deals.end)
            .filter(|&at| data.window.holds(deals.all[at].time) && large(&deals.all[at]))
            .collect();
        let largest = odd.iter().map(|&at| deals.all[at].total).fold(0.0, f64::max);
        found.push(Mark {
            subject: symbol.name.clone(),
            severity: Severity::Medium,
            deals: odd,
            details: vec![
                ("largest", amount(largest)),
                ("usual", amount(usual.largest)),
                ("quote", symbol.quote.clone()),
            ],
        });
    }
    marks::hits(data, found)
}

fn of_quote<'a>(
    deals: &'a Deals,
    symbol: &Symbol,
    before: &dyn Fn(&Symbol) -> &'a [Deal],
    fewest: usize,
) -> Option<Usual> {
    let same = deals.symbols.iter().filter(|other| other.quote == symbol.quote);
    Usual::new(same.flat_map(before).map(|deal| deal.total), fewest)
}
