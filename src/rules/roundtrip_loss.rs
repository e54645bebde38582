//! Quick loops of buying and selling that only lose.

use std::collections::VecDeque;
use std::ops::Range;

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{self, Mark, amount, percent};
use crate::behaviour::outcome::came_out_even;
use crate::behaviour::sweep::{Matching, Sale, Stock, joined, loops};
use crate::behaviour::{Deal, Symbol};
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{HOUR, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "roundtrip-loss",
    title: "quick loops that only lose",
    severity: "critical; medium for a single loop that lost less than twice `share`, and where the pair came out about even over the day",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol}: {loss}, consistent with someone taking the other side of both",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "Buying dear and selling cheap within minutes, again and again, moves money to whoever trades against you.",
    logic: "Sales set against the purchases of the last `minutes` in the same pair, of orders that were placed no longer than that before they were filled. Found when the sales of `minutes` lost `share` of what was paid, and at least `dollars` and `day_share` of the largest day of the 30 before; or when within `loop_minutes` `loops` sales, each after a purchase, lost `loop_share`. The loss must show whether the oldest or the newest purchase is set against a sale. Fees come on top.",
    benign: &["a stop soon after a mistaken purchase", "a grid in a market that fell fast"],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::Report],
    sources: "DMG 2022: 5,000 trades of one account, by press; the two levers of key thieves: cybernews.com",
    thresholds: &[
        Threshold { name: "minutes", default: 30.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "share", default: 0.05, unit: "of what was paid", source: "own proposal" },
        Threshold { name: "dollars", default: 50.0, unit: "dollars", source: "own proposal" },
        Threshold { name: "day_share", default: 0.005, unit: "of the largest day", source: "own proposal" },
        Threshold { name: "loops", default: 10.0, unit: "sales", source: "own proposal" },
        Threshold { name: "loop_share", default: 0.01, unit: "of what was paid", source: "own proposal" },
        Threshold { name: "loop_minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let mut found = Vec::new();
    for symbol in &data.deals.symbols {
        let all = data.deals.of(symbol);
        let start = all.partition_point(|deal| deal.time < data.window.start - HOUR);
        let own = &all[start..];
        for range in losing(data, symbol, own, thresholds) {
            let sales = set_against(&own[range.clone()], thresholds, Matching::Newest);
            let (cost, loss) = sums(&sales);
            let bad = loops(&own[range.clone()], &sales, thresholds.value("loop_share"));
            let share = loss / cost;
            let enough =
                share >= thresholds.value("share") && large(data, symbol, own[range.end - 1].time, loss, thresholds);
            let many = bad as f64 >= thresholds.value("loops") && share >= thresholds.value("loop_share");
            if !(enough || many) {
                continue;
            }
            let single = bad <= 1 && share < 2.0 * thresholds.value("share");
            let even = came_out_even(all, &own[range.clone()].iter().collect::<Vec<_>>());
            let note = if even { "; over the day it came out about even" } else { "" };
            let deals = range
                .filter(|&at| data.window.holds(own[at].time) && own[at].is_fresh(span(thresholds)))
                .map(|at| symbol.deals.start + start + at);
            let text = format!(
                "{} of what had just been bought, for {} {} ({} %) less{note}",
                counted(sales.len(), "sale"),
                amount(loss),
                symbol.quote,
                percent(share)
            );
            found.push(Mark {
                subject: symbol.name.clone(),
                severity: if single || even { Severity::Medium } else { Severity::Critical },
                deals: deals.collect(),
                details: vec![("loss", text)],
            });
        }
    }
    marks::hits(data, found)
}

fn span(thresholds: &Thresholds) -> i64 {
    (thresholds.value("minutes") * MINUTE as f64) as i64
}

fn set_against(deals: &[Deal], thresholds: &Thresholds, matching: Matching) -> Vec<Sale> {
    let mut stock = Stock::new(span(thresholds), matching);
    (0..deals.len()).filter_map(|at| stock.take(deals, at)).collect()
}

fn sums(sales: &[Sale]) -> (f64, f64) {
    sales.iter().fold((0.0, 0.0), |(cost, loss), sale| (cost + sale.cost, loss + sale.loss))
}

/// Whether a loss is worth speaking of for this account.
fn large(data: &Dataset<'_>, symbol: &Symbol, time: i64, loss: f64, thresholds: &Thresholds) -> bool {
    let Some(worth) = symbol.worth else { return loss > 0.0 };
    let dollars = if data.deals.in_dollars { thresholds.value("dollars") } else { 0.0 };
    loss * worth >= dollars.max(thresholds.value("day_share") * data.deals.largest_day(time, 30))
}

/// The sales of a sliding span.
#[derive(Default)]
struct Sliding {
    sales: VecDeque<Sale>,
    cost: f64,
    loss: f64,
}

impl Sliding {
    fn push(&mut self, deals: &[Deal], sale: Sale, span: i64) {
        self.cost += sale.cost;
        self.loss += sale.loss;
        self.sales.push_back(sale);
        while let Some(old) = self.sales.front().filter(|old| deals[old.at].time < deals[sale.at].time - span) {
            self.cost -= old.cost;
            self.loss -= old.loss;
            self.sales.pop_front();
        }
    }

    fn start(&self) -> usize {
        self.sales.iter().map(|sale| sale.bought).min().unwrap_or_default()
    }
}

/// The ranges of deals in which sales lost too much, set against the oldest purchases.
fn losing(data: &Dataset<'_>, symbol: &Symbol, own: &[Deal], thresholds: &Thresholds) -> Vec<Range<usize>> {
    let mut stock = Stock::new(span(thresholds), Matching::Oldest);
    let (mut all, mut bad) = (Sliding::default(), Sliding::default());
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for at in 0..own.len() {
        let Some(sale) = stock.take(own, at) else { continue };
        all.push(own, sale, span(thresholds));
        if sale.loss >= thresholds.value("loop_share") * sale.cost {
            bad.push(own, sale, (thresholds.value("loop_minutes") * MINUTE as f64) as i64);
        }
        let lost =
            all.loss >= thresholds.value("share") * all.cost && large(data, symbol, own[at].time, all.loss, thresholds);
        let loops =
            bad.sales.back().is_some_and(|last| last.at == at) && bad.sales.len() as f64 >= thresholds.value("loops");
        if lost || loops {
            let start = if lost { all.start() } else { usize::MAX }.min(if loops { bad.start() } else { usize::MAX });
            match ranges.last_mut() {
                Some(last) if start <= last.end => *last = last.start.min(start)..at + 1,
                _ => ranges.push(start..at + 1),
            }
        }
    }
    joined(ranges)
}
