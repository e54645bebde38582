//! Many assets sold within the hour, and one rare one bought with the proceeds.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Range;

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::history::Past;
use crate::behaviour::marks::{self, Mark};
use crate::behaviour::outcome::came_out_even;
use crate::behaviour::sweep::{chases, joined};
use crate::behaviour::{Deal, Deals, orders};
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "liquidate-and-concentrate",
    title: "many assets sold, one rare one bought",
    severity: "critical with a second sign; medium without: a planned rotation looks the same",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order}: {sold} sold and {subject} bought with the proceeds within the hour{signs}",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A thief cannot withdraw with a trade-only key, so he sells what you hold and buys what he holds.",
    logic: "Within `minutes`, orders that were placed then: at least `bases` assets were sold (more of each than was bought), purchases took at least `proceeds` of what that gave, and at least `top` of the purchases went into one asset that made up less than `rare` of what the account traded in the 90 days before. A second sign is: its price rose by `rise` within `rise_minutes` of these purchases, `orders` orders in it that took what stood in the book, an unrecognized order, or an hour of the day that none of `before` earlier orders fell into or beside, when those fell into eight hours of the day at least.",
    benign: &[
        "you rotated your portfolio into one coin",
        "a sale of everything after which you bought one asset by plan",
    ],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::Report],
    sources: "VIA 2018: Binance's incident summary; AKRO/MIR 2022 and a complaint before a US court: press",
    thresholds: &[
        Threshold {
            name: "minutes",
            default: 60.0,
            unit: "minutes",
            source: "research on pumps: 70 % of the volume before one falls into its last hour (arXiv 2504.15790)",
        },
        Threshold { name: "bases", default: 3.0, unit: "assets", source: "own proposal" },
        Threshold { name: "proceeds", default: 0.5, unit: "of the proceeds", source: "own proposal" },
        Threshold { name: "top", default: 0.6, unit: "of the purchases", source: "own proposal" },
        Threshold { name: "rare", default: 0.01, unit: "of 90 days", source: "own proposal" },
        Threshold { name: "orders", default: 20.0, unit: "orders", source: "own proposal" },
        Threshold {
            name: "rise",
            default: 0.10,
            unit: "of the price",
            source: "simulated price paths: as in burst-runup",
        },
        Threshold {
            name: "rise_minutes",
            default: 10.0,
            unit: "minutes",
            source: "simulated price paths: as in burst-runup",
        },
        Threshold {
            name: "before",
            default: 200.0,
            unit: "orders",
            source: "own proposal: fewer tell nothing of the hours",
        },
    ],
    plan,
};

/// Sales of no more than this for what purchases of the same asset took only sold what had just been bought (own proposal).
const BALANCED: f64 = 1.1;

/// An account that keeps hours trades in so many of the day (own proposal: half of those that people are awake).
const WAKING: usize = 8;

/// What an hour saw: by base asset what was sold and what was bought.
#[derive(Default)]
struct Hour<'a> {
    /// By place in order of time, and by index.
    deals: VecDeque<(usize, usize)>,
    // Ordered: sums of floats depend on their order.
    sold: BTreeMap<&'a str, (usize, f64)>,
    bought: BTreeMap<&'a str, f64>,
}

impl<'a> Hour<'a> {
    fn push(&mut self, deals: &'a Deals, (place, at): (usize, usize), span: i64) {
        self.deals.push_back((place, at));
        self.count(deals, at, true);
        while let Some(&(_, old)) =
            self.deals.front().filter(|(_, old)| deals.all[*old].time < deals.all[at].time - span)
        {
            self.deals.pop_front();
            self.count(deals, old, false);
        }
    }

    fn count(&mut self, deals: &'a Deals, at: usize, comes: bool) {
        let deal = &deals.all[at];
        let base = deals.symbol(deal).base.as_str();
        let value = if comes { deals.value(deal) } else { -deals.value(deal) };
        if deal.buy {
            *self.bought.entry(base).or_default() += value;
        } else {
            let sold = self.sold.entry(base).or_default();
            sold.1 += value;
            sold.0 = if comes { sold.0 + 1 } else { sold.0 - 1 };
            if sold.0 == 0 {
                self.sold.remove(base);
            }
        }
    }

    /// Whether clearly more of an asset was sold than was bought.
    fn gave_up(&self, base: &str) -> bool {
        let sold = self.sold.get(base).map(|(_, value)| *value);
        sold.is_some_and(|sold| self.bought.get(base).is_none_or(|bought| sold > BALANCED * bought))
    }

    /// How many assets were sold for `top`, when that is what happened.
    fn concentrated(&self, top: &str, thresholds: &Thresholds) -> Option<usize> {
        let others = || self.sold.iter().filter(|(base, _)| **base != top && self.gave_up(base));
        if (others().count() as f64) < thresholds.value("bases") {
            return None;
        }
        let proceeds: f64 = others().map(|(_, (_, value))| value).sum();
        let bought: f64 = self.bought.values().sum();
        let own = self.bought.get(top).copied().unwrap_or_default();
        let enough =
            own > 0.0 && bought >= thresholds.value("proceeds") * proceeds && own >= thresholds.value("top") * bought;
        enough.then(|| others().count())
    }
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let deals = &data.deals;
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let start = deals.by_time.partition_point(|&at| deals.all[at as usize].time < data.window.start - span);
    let mut hour = Hour::default();
    let mut rare = Rare { data, thresholds, known: HashMap::new() };
    let mut found: BTreeMap<&str, Vec<(Range<usize>, usize)>> = BTreeMap::new();
    for (place, &at) in deals.by_time.iter().enumerate().skip(start) {
        let deal = &deals.all[at as usize];
        if !deal.is_fresh(span) {
            continue;
        }
        hour.push(deals, (place, at as usize), span);
        if !deal.buy || !data.window.holds(deal.time) || !rare.holds(deal) {
            continue;
        }
        let base = deals.symbol(deal).base.as_str();
        if let (Some(sold), Some((from, _))) = (hour.concentrated(base, thresholds), hour.deals.front()) {
            found.entry(base).or_default().push((*from..place + 1, sold));
        }
    }
    let odd = marks::unrecognized(data);
    let mut list = Vec::new();
    for (base, ranges) in found {
        let most = ranges.iter().map(|(_, sold)| *sold).max().unwrap_or_default();
        for range in joined(ranges.into_iter().map(|(range, _)| range).collect()) {
            list.push(mark(data, base, most, range, &odd, thresholds));
        }
    }
    marks::hits(data, list)
}

/// Whether the base asset of a deal was rare in the 90 days before its day.
struct Rare<'a, 'b> {
    data: &'a Dataset<'b>,
    thresholds: &'a Thresholds,
    known: HashMap<(&'a str, i64), bool>,
}

impl Rare<'_, '_> {
    fn holds(&mut self, deal: &Deal) -> bool {
        let deals = &self.data.deals;
        let base = deals.symbol(deal).base.as_str();
        *self.known.entry((base, deal.time.div_euclid(DAY))).or_insert_with(|| {
            let past = Past::before(deals, deal.time - DAY);
            let share: f64 =
                deals.symbols.iter().filter(|symbol| symbol.base == base).map(|symbol| past.share(deals, symbol)).sum();
            share < self.thresholds.value("rare")
        })
    }
}

fn mark(
    data: &Dataset<'_>,
    base: &str,
    most: usize,
    range: Range<usize>,
    odd: &HashSet<u32>,
    thresholds: &Thresholds,
) -> Mark {
    let deals = &data.deals;
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let bought = |at: &usize| deals.all[*at].buy && deals.symbol(&deals.all[*at]).base == base;
    // What was bought in the hour before, and sold again, was not given up.
    let first = deals.all[deals.by_time[range.start] as usize].time;
    let from = deals.by_time.partition_point(|&at| deals.all[at as usize].time < first - span);
    let mut hour = Hour::default();
    deals.by_time[from..range.end].iter().for_each(|&at| hour.count(deals, at as usize, true));
    let sold = |at: &usize| {
        let own = deals.symbol(&deals.all[*at]).base.as_str();
        !deals.all[*at].buy && own != base && hour.gave_up(own)
    };
    let members: Vec<usize> = deals.by_time[range]
        .iter()
        .map(|&at| at as usize)
        .filter(|at| bought(at) || sold(at))
        .filter(|&at| data.window.holds(deals.all[at].time) && deals.all[at].is_fresh(span))
        .collect();
    let buys: Vec<Deal> = members.iter().filter(|at| bought(at)).map(|&at| deals.all[at]).collect();
    let symbol = buys.last().map_or(base, |deal| deals.symbol(deal).name.as_str()).to_owned();
    let signs = signs(data, &members, &buys, odd, thresholds);
    let even = buys.last().is_some_and(|last| {
        came_out_even(
            deals.of(deals.symbol(last)),
            &buys.iter().filter(|d| d.symbol == last.symbol).collect::<Vec<_>>(),
        )
    });
    let text = match (signs.is_empty(), even) {
        (_, true) => "; it was sold again within a day for about what it cost".to_owned(),
        (true, false) => String::new(),
        (false, false) => format!("; besides: {}", signs.join(", ")),
    };
    Mark {
        subject: symbol,
        severity: if signs.is_empty() || even { Severity::Medium } else { Severity::Critical },
        deals: members,
        details: vec![("sold", counted(most, "asset")), ("signs", text)],
    }
}

/// What else speaks against a planned rotation.
fn signs(
    data: &Dataset<'_>,
    members: &[usize],
    buys: &[Deal],
    odd: &HashSet<u32>,
    thresholds: &Thresholds,
) -> Vec<String> {
    let limit = |name: &str| thresholds.value(name);
    let mut signs = Vec::new();
    let takers: Vec<usize> = (0..buys.len()).filter(|&at| buys[at].taker).collect();
    let span = (limit("rise_minutes") * MINUTE as f64) as i64;
    let fresh: Vec<usize> = (0..buys.len()).filter(|&at| buys[at].taker || buys[at].is_fresh(span)).collect();
    if !chases(buys, &fresh, span, 3, limit("rise")).is_empty() {
        signs.push(format!("its price rose by {} % or more while it was bought", limit("rise") * 100.0));
    }
    let past = Past::before(&data.deals, buys.first().map_or(0, |deal| deal.time) - DAY);
    // A young account buys most things for the first time; many orders alone say little of it.
    let count = orders(&takers.iter().map(|&at| &buys[at]).collect::<Vec<_>>());
    if count as f64 >= limit("orders") && past.enough {
        signs.push(format!("{} in it took what stood in the book", counted(count, "order")));
    }
    if members.iter().any(|&at| odd.contains(&data.deals.all[at].row)) {
        signs.push("orders among them are unrecognized".to_owned());
    }
    if buys.first().is_some_and(|deal| never_traded_at(&data.deals, deal.time, limit("before"))) {
        signs.push("at an hour of the day that the account never traded in".to_owned());
    }
    signs
}

/// Whether none of enough earlier deals fell into this hour of the day or the ones beside it. Who trades in a few hours alone
/// says nothing of the others.
fn never_traded_at(deals: &Deals, time: i64, enough: f64) -> bool {
    let hour = |time: i64| time.div_euclid(HOUR).rem_euclid(24) as usize;
    let until = deals.by_time.partition_point(|&at| deals.all[at as usize].time < time - DAY);
    let mut used = [false; 24];
    deals.by_time[..until].iter().for_each(|&at| used[hour(deals.all[at as usize].time)] = true);
    let near = [23, 0, 1].iter().any(|by| used[(hour(time) + by) % 24]);
    until as f64 >= enough && used.iter().filter(|used| **used).count() >= WAKING && !near
}
