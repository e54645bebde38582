//! Fills far from the account's own recent fills.

use polars::prelude::*;

use super::liquidation_seen::forced_closes;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{self, Mark, amount, percent};
use crate::behaviour::outcome::{came_out_even, closes};
use crate::behaviour::{Deal, orders};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "price-off-own",
    title: "price far from your own",
    severity: "medium; info for a single order of the window that an expected call made; high from `high` against an own fill of the last `fresh` hours, unless it was reversed within a day for about what it cost, made within `forced_minutes` of a forced close, or closed a position on margin or futures",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol} at a price up to {off} % worse than your own last price of the pair",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A price far above what you paid (or below what you got) shortly before means a thin book, or someone who waited in it.",
    logic: "A fill that took what stood in the book at a price worse than the pair's last own fill, or the last one an hour before, by more than `least` and `spreads` times the usual spread of the time between: the median of the last `recent` own returns, `apart` minutes apart or more, each scaled by the square root of its time. At least `returns` of them; the spread of a day is taken for at least `floor`.",
    benign: &["a market that moved on news", "a stop that was filled in a crash"],
    next: &[Step::SaveEvidence, Step::DeleteKey, Step::Report],
    sources: "simulated price paths: 0 to 2.7 false alarms in 1000 fills at an annual volatility up to 100 %, against 10 to 16 % of fills for a plain z-score on prices",
    thresholds: &[
        Threshold { name: "least", default: 0.08, unit: "of the price", source: "simulated price paths" },
        Threshold { name: "spreads", default: 6.0, unit: "times the spread", source: "simulated price paths" },
        Threshold { name: "returns", default: 8.0, unit: "returns", source: "own proposal: fewer tell no spread" },
        Threshold { name: "high", default: 0.20, unit: "of the price", source: "own proposal" },
        Threshold {
            name: "fresh",
            default: 24.0,
            unit: "hours",
            source: "own proposal: the paths were simulated with 1.5 fills a day and more",
        },
        Threshold {
            name: "recent",
            default: 20.0,
            unit: "returns",
            source: "simulated price paths: the last that the spread is taken from",
        },
        Threshold {
            name: "apart",
            default: 15.0,
            unit: "minutes",
            source: "own proposal: own fills closer together are one look at the price",
        },
        Threshold {
            name: "floor",
            default: 0.02,
            unit: "a day",
            source: "simulated price paths: the least that the spread is taken for",
        },
        Threshold { name: "forced_minutes", default: 10.0, unit: "minutes", source: "own proposal: as in burst-runup" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let mut found = Vec::new();
    let forced = forced_closes(data)?;
    let near = (thresholds.value("forced_minutes") * MINUTE as f64) as i64;
    let is_forced = |deal: &Deal| forced.iter().any(|time| (time - deal.time).abs() <= near);
    for symbol in &data.deals.symbols {
        let own = data.deals.of(symbol);
        let start = own.partition_point(|deal| deal.time < data.window.start).max(1);
        let mut hour_ago = 0;
        for at in start..own.len() {
            let deal = &own[at];
            while own[hour_ago + 1].time <= deal.time - HOUR {
                hour_ago += 1;
            }
            if !deal.taker || !data.window.holds(deal.time) {
                continue;
            }
            let mut looks: Vec<(f64, usize)> = [at - 1, hour_ago]
                .into_iter()
                .filter(|&then| then < at && own[then].time <= deal.time)
                .filter_map(|then| Some((off(own, then, deal, thresholds)?, then)))
                .collect();
            looks.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            if let Some(&(worst, then)) = looks.last() {
                let fresh = (deal.time - own[then].time) as f64 <= thresholds.value("fresh") * HOUR as f64;
                let beside = beside(own, at);
                let grave = worst >= thresholds.value("high")
                    && fresh
                    && !is_forced(deal)
                    && !came_out_even(own, &beside)
                    && !closes(&data.deals, symbol, &beside);
                found.push(Mark {
                    subject: symbol.name.clone(),
                    severity: if grave { Severity::High } else { Severity::Medium },
                    deals: vec![symbol.deals.start + at],
                    details: vec![("off", percent(worst)), ("price", amount(deal.price))],
                });
            }
        }
    }
    let (worst, own) = (worst_of_each(&found), marks::explained(data));
    let all: Vec<&Deal> = found.iter().flat_map(|mark| &mark.deals).map(|at| &data.deals.all[*at]).collect();
    // A market moves so far now and then: that one order of the owner's tool met it says nothing by itself.
    let says_nothing = found.iter().all(|mark| mark.severity == Severity::Medium)
        && orders(&all) == 1
        && all.iter().all(|deal| own.contains(&deal.row));
    for mark in &mut found {
        if says_nothing {
            mark.severity = Severity::Info;
        }
        if let Some(worst) = worst.get(&mark.subject) {
            mark.details[0].1.clone_from(worst);
        }
    }
    marks::hits(data, found)
}

/// A deal and those of its side in the hour around it, which are judged by what came of all of them.
fn beside(own: &[Deal], at: usize) -> Vec<&Deal> {
    let from = own.partition_point(|deal| deal.time < own[at].time - HOUR);
    let until = own.partition_point(|deal| deal.time <= own[at].time + HOUR);
    own[from..until].iter().filter(|deal| deal.buy == own[at].buy).collect()
}

/// The largest distance of each pair, which its message names.
fn worst_of_each(marks: &[Mark]) -> std::collections::BTreeMap<String, String> {
    let mut worst: std::collections::BTreeMap<String, (f64, String)> = std::collections::BTreeMap::new();
    for mark in marks {
        let off: f64 = mark.details[0].1.parse().unwrap_or(0.0);
        let known = worst.entry(mark.subject.clone()).or_default();
        if off > known.0 {
            *known = (off, mark.details[0].1.clone());
        }
    }
    worst.into_iter().map(|(subject, (_, text))| (subject, text)).collect()
}

/// By how much a deal is worse than an earlier one, if that is more than time explains.
fn off(own: &[Deal], then: usize, deal: &Deal, thresholds: &Thresholds) -> Option<f64> {
    let earlier = &own[then];
    let ratio = if deal.buy { deal.price / earlier.price } else { earlier.price / deal.price };
    let distance = ratio.ln();
    if distance <= thresholds.value("least") {
        return None;
    }
    let apart = (thresholds.value("apart") * MINUTE as f64) as i64;
    let days = |from: &Deal, to: &Deal| ((to.time - from.time).max(MINUTE)) as f64 / DAY as f64;
    let mut returns: Vec<f64> = Vec::new();
    let mut later = then;
    while (returns.len() as f64) < thresholds.value("recent") {
        // Fills close together are one look at the price, and tell nothing of how it moves.
        let Some(before) = own[..later].partition_point(|deal| deal.time <= own[later].time - apart).checked_sub(1)
        else {
            break;
        };
        returns.push(((own[later].price / own[before].price).ln() / days(&own[before], &own[later]).sqrt()).abs());
        later = before;
    }
    if (returns.len() as f64) < thresholds.value("returns") {
        return None;
    }
    let middle = returns.len() / 2;
    let median = *returns.select_nth_unstable_by(middle, f64::total_cmp).1;
    let spread = (1.4826 * median).max(thresholds.value("floor"));
    let limit = thresholds.value("spreads") * spread * days(earlier, deal).sqrt();
    (distance > limit).then_some(if deal.buy { ratio - 1.0 } else { 1.0 - 1.0 / ratio })
}
