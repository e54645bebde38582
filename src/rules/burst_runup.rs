//! Orders of one side that chased the price.

use std::collections::HashSet;

use polars::prelude::*;

use super::liquidation_seen::forced_closes;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::history::{KEPT_SHARE, Past, is_large};
use crate::behaviour::marks::{self, Mark, percent};
use crate::behaviour::outcome::{came_out_even, closes};
use crate::behaviour::sweep::{beyond_last, chases, joined};
use crate::behaviour::{Deal, Deals, Symbol, orders};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, MINUTE, span_words};

pub(super) static RULE: Rule = Rule {
    id: "burst-runup",
    title: "orders that chased the price",
    severity: "high; critical from `critical`, or twice `slow_high` in the long span; medium when within a day the other half came for about the same, for purchases without a second sign, for falling sales without a second sign or beside a forced close, and for what closes a position on margin or futures",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol}: {move}, consistent with handing the difference to whoever stood on the other side{note}",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A thief sells you his own thin coin: your orders eat the book and pay more each time. No withdrawal is needed.",
    logic: "At least `fills` orders (or fills) of one side in one pair within `minutes` that took what stood in the book, or rested in it no longer than that, over which the price rose (for sales, fell) by `high`, also from the account's last price in the hour before; or `slow_fills` within `slow_minutes` and `slow_high`. Purchases rise above medium only with a second sign: `many` of them, a price that rose by `steep`, a large amount, other assets sold within `slow_minutes` before for `funded` of it, or an order that nobody expected. Sales as well: a pair below `rare` for the account (of a coin it traded before, for a quote asset it never had to do with, or for a large amount), `many` such orders, or an order that nobody expected; and not within `forced_minutes` of a forced close. An amount is large from the account's largest day of 30 on, if it is also `kept_share` of what was bought and not sold again in 90 days. On margin and futures, what sells (or buys back) a position that the pair built up more than an hour before stays medium. Whether a fill took or made is assumed where the export does not say.",
    benign: &[
        "scalping in the minutes of a listing",
        "a market that really moved so far while you traded",
        "a panic sale, a liquidation",
        "the sale of an airdrop",
    ],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::Report],
    sources: "VIA 2018: Binance's incident summary; AXS and AKRO/MIR 2022: press; false alarms from simulated price paths: 10 % in 10 minutes is seen in fewer than 2 of 1000 bursts even at 500 % annual volatility",
    thresholds: &[
        Threshold { name: "minutes", default: 10.0, unit: "minutes", source: "simulated price paths" },
        Threshold { name: "fills", default: 5.0, unit: "orders", source: "simulated price paths" },
        Threshold { name: "high", default: 0.10, unit: "of the price", source: "simulated price paths" },
        Threshold { name: "critical", default: 0.20, unit: "of the price", source: "simulated price paths" },
        Threshold { name: "slow_minutes", default: 120.0, unit: "minutes", source: "own proposal: AKRO took 84" },
        Threshold { name: "slow_fills", default: 10.0, unit: "orders", source: "own proposal" },
        Threshold {
            name: "slow_high",
            default: 0.25,
            unit: "of the price",
            source: "own proposal: eleven times the spread of two hours at 150 % annual volatility",
        },
        Threshold {
            name: "many",
            default: 20.0,
            unit: "orders",
            source: "own proposal: those that a person makes by hand are fewer",
        },
        Threshold { name: "steep", default: 2.0, unit: "of the price", source: "AXS 2022, by press: 200 % in minutes" },
        Threshold {
            name: "funded",
            default: 0.5,
            unit: "of the purchases",
            source: "own proposal: as in liquidate-and-concentrate",
        },
        Threshold {
            name: "rare",
            default: 0.01,
            unit: "of 90 days",
            source: "own proposal: as in liquidate-and-concentrate",
        },
        Threshold { name: "forced_minutes", default: 10.0, unit: "minutes", source: "own proposal" },
        KEPT_SHARE,
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let value = |name: &str| thresholds.value(name);
    let span = |name: &str| (value(name) * MINUTE as f64) as i64;
    let signs = Signs { odd: marks::unrecognized(data), forced: forced_closes(data)? };
    let mut found = Vec::new();
    for symbol in &data.deals.symbols {
        let own = data.deals.of(symbol);
        let start = own.partition_point(|deal| deal.time < data.window.start - span("slow_minutes"));
        for buy in [true, false] {
            // What rests for minutes, and is filled at worse and worse prices, chases the price as well.
            let picked = |at: &usize| own[*at].buy == buy && (own[*at].taker || own[*at].is_fresh(span("minutes")));
            let picks: Vec<usize> = (start..own.len()).filter(picked).collect();
            let fast = chases(own, &picks, span("minutes"), value("fills") as usize, value("high"));
            let slow = chases(own, &picks, span("slow_minutes"), value("slow_fills") as usize, value("slow_high"));
            let grave = |chase: &crate::behaviour::sweep::Chase, limit: f64| chase.moved >= limit;
            let critical: Vec<usize> = fast
                .iter()
                .filter(|chase| grave(chase, value("critical")))
                .chain(slow.iter().filter(|chase| grave(chase, 2.0 * value("slow_high"))))
                .map(|chase| chase.range.start)
                .collect();
            for range in joined(fast.iter().chain(&slow).map(|chase| chase.range.clone()).collect()) {
                let run: Vec<&Deal> = picks[range.clone()].iter().map(|&at| &own[at]).collect();
                if beyond_last(own, &run) < value("high") {
                    continue;
                }
                let severity = if critical.iter().any(|start| range.contains(start)) {
                    Severity::Critical
                } else {
                    Severity::High
                };
                let (severity, note) = weighed(data, symbol, &run, severity, &signs, thresholds);
                let deals: Vec<usize> = picks[range]
                    .iter()
                    .filter(|&&at| data.window.holds(own[at].time))
                    .map(|at| symbol.deals.start + at)
                    .collect();
                let details = vec![("move", moved(&run)), ("note", note.to_owned())];
                found.push(Mark { subject: symbol.name.clone(), severity, deals, details });
            }
        }
    }
    marks::hits(data, found)
}

/// What else is known of the account.
struct Signs {
    /// The rows of orders that nobody expected.
    odd: HashSet<u32>,
    /// When the exchange closed positions by force.
    forced: Vec<i64>,
}

/// The severity that a run has after its look-alikes are thought of, and why.
fn weighed(
    data: &Dataset<'_>,
    symbol: &Symbol,
    run: &[&Deal],
    severity: Severity,
    signs: &Signs,
    thresholds: &Thresholds,
) -> (Severity, &'static str) {
    let deals = &data.deals;
    if came_out_even(deals.of(symbol), run) {
        return (
            Severity::Medium,
            "; within a day what it bought had been sold, or what it sold bought, for about the same",
        );
    }
    if run.iter().any(|deal| signs.odd.contains(&deal.row)) {
        return (severity, "; orders among them are unrecognized");
    }
    let (first, last) = (run[0].time, run[run.len() - 1].time);
    let forced = (thresholds.value("forced_minutes") * MINUTE as f64) as i64;
    let by_force = || signs.forced.iter().any(|time| (first - forced..=last + forced).contains(time));
    if (symbol.market != "spot" || !run[0].buy) && by_force() {
        return (Severity::Medium, "; the exchange closed a position by force at that time");
    }
    if closes(deals, symbol, run) {
        return (Severity::Medium, "; it closed a position: a stop, a sale in a panic or a liquidation looks the same");
    }
    let total = || run.iter().map(|deal| deals.value(deal)).sum::<f64>();
    let large = || is_large(deals, total(), first, thresholds);
    let steep = beyond_last(deals.of(symbol), run).min(rise(run)) >= thresholds.value("steep");
    let many = orders(run) as f64 >= thresholds.value("many");
    if run[0].buy {
        let funded = || sold_before(deals, symbol, first, span(thresholds)) >= thresholds.value("funded") * total();
        return if many || steep || large() || funded() {
            (severity, "")
        } else {
            (
                Severity::Medium,
                "; few orders, paid with less than a large day of yours: purchases on the day of a listing look the same",
            )
        };
    }
    let past = Past::before(deals, first - DAY);
    // A coin that came without being bought, as an airdrop does, is always sold in a new pair, and for usual money.
    let knows = || deals.symbols.iter().any(|other| other.base == symbol.base && past.knows(deals, other));
    let strange = || past.total > 0.0 && !past.knows_asset(deals, &symbol.quote);
    let rare = past.share(deals, symbol) < thresholds.value("rare") && (knows() || strange() || large());
    if rare || many { (severity, "") } else { (Severity::Medium, "; sales in a falling market look the same") }
}

fn span(thresholds: &Thresholds) -> i64 {
    (thresholds.value("slow_minutes") * MINUTE as f64) as i64
}

/// What the account sold of other assets, and did not buy, in a span before a run, in its usual money.
fn sold_before(deals: &Deals, symbol: &Symbol, first: i64, span: i64) -> f64 {
    let from = deals.by_time.partition_point(|&at| deals.all[at as usize].time < first - span);
    let before = deals.by_time[from..].iter().map(|&at| &deals.all[at as usize]).take_while(|deal| deal.time <= first);
    let others = before.filter(|deal| deals.symbol(deal).base != symbol.base);
    others.map(|deal| if deal.buy { -deals.value(deal) } else { deals.value(deal) }).sum()
}

/// The lowest and the highest price of a run.
fn reach(run: &[&Deal]) -> (f64, f64) {
    let prices = || run.iter().map(|deal| deal.price);
    (prices().fold(f64::INFINITY, f64::min), prices().fold(0.0, f64::max))
}

/// By how much the highest price of a run lies above its lowest.
fn rise(run: &[&Deal]) -> f64 {
    let (low, high) = reach(run);
    high / low - 1.0
}

fn moved(run: &[&Deal]) -> String {
    let side = if run[0].buy { "bought" } else { "sold" };
    let (low, high) = reach(run);
    let (from, to) = if run[0].buy { (low, high) } else { (high, low) };
    let span = span_words(run[run.len() - 1].time - run[0].time);
    format!(
        "{side} from {} to {} ({} %) within {span}",
        marks::amount(from),
        marks::amount(to),
        percent(to / from - 1.0)
    )
}
