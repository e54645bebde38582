//! The answer: findings, clear or inconclusive. Never a clean verdict that the evidence does not carry.

use std::collections::{BTreeMap, BTreeSet};

use super::{Examined, OrderInfo, Unreadable, Verdict, by_account};
use crate::attribution::{Attribution, Incomplete, OrderVerdict};
use crate::counted::counted;
use crate::dataset::as_of::AsOf;
use crate::dataset::coverage::{self, Coverage, ENOUGH};
use crate::dataset::{Dataset, Wanted};
use crate::engine::Findings;
use crate::exit::Exit;
use crate::ingest::Source;
use crate::ingest::calls::Tally;
use crate::matching::IpVerdict;
use crate::reference::Outcome;
use crate::rules::Severity;
use crate::tables::Table;
use crate::time::Timestamp;

/// The share of rejected records from which a run is not clean.
const REJECTED_LIMIT: f64 = 0.01;

/// Settles the verdict.
pub fn verdict(
    all: &[Examined<'_>],
    unrecognized: &[OrderInfo],
    as_of: &AsOf,
    unreadable: &[Unreadable],
    strict: bool,
) -> Verdict {
    let of_account = |one: &Examined<'_>| reasons(&one.data, &one.findings, as_of, unreadable, strict);
    let lists: Vec<_> = all.iter().map(|one| (one.data.account.as_deref(), of_account(one))).collect();
    let reasons = by_account(&lists, |account, reason| format!("{account}: {reason}"));
    let of_all = |reason: &String| lists.iter().all(|(_, list)| list.contains(reason));
    let doubted = lists.iter().filter(|(_, list)| !list.iter().all(of_all));
    let in_doubt = doubted.filter_map(|(account, _)| account.map(str::to_owned)).collect();
    let highest = all.iter().filter_map(|one| one.findings.highest()).max();
    let (result, exit) = match highest {
        Some(severity) => ("findings", Exit::Findings(severity)),
        None if reasons.is_empty() => ("clear", Exit::Clear),
        None => ("inconclusive", Exit::Inconclusive),
    };
    Verdict {
        result,
        highest,
        exit_code: exit.code(),
        sentence: sentence(all, unrecognized, highest, result, &reasons),
        reasons,
        in_doubt,
    }
}

/// Everything that keeps the run from being clear, besides findings.
fn reasons(
    data: &Dataset<'_>,
    findings: &Findings,
    as_of: &AsOf,
    unreadable: &[Unreadable],
    strict: bool,
) -> Vec<String> {
    let mut reasons = Vec::new();
    match data.expectations {
        None => reasons.push(
            "no expectations: nothing says which addresses, tools and keys are yours; `loganalyze init` drafts an expected.toml"
                .to_owned(),
        ),
        Some(e) if e.keys.is_empty() => reasons.push("the expectations list no keys".to_owned()),
        Some(e) if e.networks.is_empty() => reasons.push("the expectations list no networks".to_owned()),
        Some(_) => {}
    }
    if data.expectations.is_some_and(|e| !e.confirmed) {
        reasons.push("the expectations are learned, unconfirmed: read them and set confirmed = true".to_owned());
    }
    reasons.extend(coverage_reason(
        data.coverage_of(Table::Calls),
        Table::Calls,
        "who placed these orders cannot be told",
    ));
    order_coverage(data, &mut reasons);
    let unsettled = |odd: &dyn Fn(&Tally) -> bool| -> u64 {
        data.calls
            .tallies
            .iter()
            .filter(|tally| data.window.holds(tally.first) && odd(tally))
            .map(|tally| tally.count)
            .sum()
    };
    let unusable = unsettled(&|tally| matches!(tally.verdict.ip, IpVerdict::Unusable | IpVerdict::NotStated));
    if unusable > 0 {
        reasons.push(format!("{} of the window without an address that can be checked", counted(unusable, "call")));
    }
    let refused =
        unsettled(&|tally| tally.verdict.ip == IpVerdict::Unrecognized && tally.verdict.outcome == Outcome::Refused);
    if refused > 0 {
        reasons.push(format!("{} from addresses that are not recognized stopped by a limit or firewall, which does not say whether the key was right", counted(refused, "call")));
    }
    let open = data.attribution.by_verdict.get(&OrderVerdict::NotCovered).copied().unwrap_or(0);
    let rested = data.attribution.rested;
    if rested > 0 {
        reasons.push(format!(
            "{} may belong to orders placed earlier: only the order history can tell by whom",
            counted(rested, "fill")
        ));
    }
    let by_hand = data.attribution.by_verdict.get(&OrderVerdict::UiUnverified).copied().unwrap_or(0);
    if by_hand > 0 {
        reasons.push(format!(
            "{} placed by hand by its own account, and no login of yours within a day before says that it was you",
            counted(by_hand, "order")
        ));
    }
    for pair in data.attribution.clocks.pairs.iter().filter(|pair| pair.hinders()) {
        reasons.push(format!("{}: orders cannot be held against calls", pair.words()));
    }
    reasons.extend(data.attribution.incomplete.as_ref().map(Incomplete::words));
    let orders: u64 = data.attribution.by_verdict.values().sum();
    if open as f64 > (1.0 - ENOUGH) * orders as f64 {
        reasons.push(format!("{open} of {} of the window cannot be attributed", counted(orders, "order")));
    }
    if !unreadable.is_empty() {
        let names: Vec<&str> = unreadable.iter().take(3).map(|file| file.path.as_str()).collect();
        let more = if unreadable.len() > 3 { format!(" and {} more", unreadable.len() - 3) } else { String::new() };
        reasons.push(format!("not read: {}{more}", names.join(", ")));
    }
    rejected(data, strict, &mut reasons);
    for (rule, reason) in &findings.failed {
        reasons.push(format!("rule {rule} failed: {reason}"));
    }
    if let Some(stray) = &as_of.stray {
        let path = data.sources.iter().find(|s| s.id == stray.source).map_or("", |s| s.path.as_str());
        reasons.push(format!(
            "the newest record, {} (record {}, line {} of {path}), stands alone more than a day after all others and was not taken for the present; if it is right, use --as-of {}, if not, --as-of {}",
            Timestamp(stray.time), stray.record, stray.line, Timestamp(stray.time), Timestamp(as_of.time)
        ));
    }
    reasons
}

/// Each market of each exchange with orders or trades must be covered by one of the two.
fn order_coverage(data: &Dataset<'_>, reasons: &mut Vec<String>) {
    let place = |source: &Source| (source.exchange, source.always("market"));
    let of = |market: (&str, Option<&str>), table: Table| {
        let own = data.sources.iter().filter(|source| place(source) == market);
        coverage::of_table(table, own, data.expectations, &data.window)
    };
    let traded = data.sources.iter().filter(|source| source.holds(Table::Orders) || source.holds(Table::Trades));
    let markets: BTreeSet<(&str, Option<&str>)> = traded.filter(|source| source.last().is_some()).map(place).collect();
    if markets.is_empty() {
        reasons.push("no orders or trades: orders may be missing".to_owned());
    }
    for market in markets {
        let best = [Table::Orders, Table::Trades]
            .into_iter()
            .filter_map(|table| of(market, table))
            .max_by(|a, b| a.share.total_cmp(&b.share));
        let consequence = format!("{} orders may be missing", words(market));
        reasons.extend(coverage_reason(best.as_ref(), best.as_ref().map_or(Table::Orders, |c| c.table), &consequence));
    }
    let mut parts: BTreeMap<(&str, u32), BTreeSet<u32>> = BTreeMap::new();
    for source in &data.sources {
        if let Some((part, of)) = source.part {
            parts.entry((&source.export, of)).or_default().insert(part);
        }
    }
    for ((export, of), have) in parts {
        let missing: Vec<String> =
            (1..=of).filter(|part| !have.contains(part)).take(10).map(|part| part.to_string()).collect();
        if !missing.is_empty() {
            reasons
                .push(format!("{export} is an export of {of} parts, of which part {} is missing", missing.join(", ")));
        }
    }
}

/// A market for people; that of Binance goes by its own name.
fn words((exchange, market): (&str, Option<&str>)) -> String {
    let market = market.unwrap_or("some");
    if matches!(exchange, "" | "Binance") { market.to_owned() } else { format!("{exchange} {market}") }
}

fn coverage_reason(coverage: Option<&Coverage>, table: Table, consequence: &str) -> Option<String> {
    match coverage {
        None => {
            Some(format!("no {}: {consequence}", if table == Table::Calls { "call log" } else { "orders or trades" }))
        }
        Some(coverage) if coverage.share < ENOUGH => Some(format!(
            "the {} cover {:.1} % of the window: {consequence}",
            table.words(),
            (coverage.share * 1000.0).floor() / 10.0
        )),
        Some(_) => None,
    }
}

fn rejected(data: &Dataset<'_>, strict: bool, reasons: &mut Vec<String>) {
    let relied_on = |table: Table| matches!(table, Table::Calls | Table::Orders | Table::Trades);
    // The records of a mixed history go to several tables; of one that cannot be read nobody knows which.
    let matters =
        |source: &&Source| relied_on(source.table) || source.parts.iter().chain(source.tells).copied().any(relied_on);
    for source in data.sources.iter().filter(matters) {
        // A record whose time could not be read may belong to the window; so may those beyond the ones kept.
        let kept = source.rejects.iter().filter(|reject| reject.time.is_none_or(|time| data.window.holds(time))).count()
            as u64;
        let inside = kept + (source.rejected - source.rejects.len() as u64);
        if inside > 0 {
            reasons.push(format!(
                "{} of {} that may belong to the window could not be read",
                counted(inside, "record"),
                source.path
            ));
        }
    }
    let total: u64 = data.sources.iter().map(|source| source.records).sum();
    let rejected: u64 = data.sources.iter().map(|source| source.rejected).sum();
    if total > 0 && rejected as f64 >= REJECTED_LIMIT * total as f64 && rejected > 0 {
        reasons.push(format!("{rejected} of {} could not be read", counted(total, "record")));
    } else if strict && rejected > 0 {
        reasons.push(format!("--strict: {} could not be read", counted(rejected, "record")));
    }
}

fn sentence(
    all: &[Examined<'_>],
    unrecognized: &[OrderInfo],
    highest: Option<Severity>,
    result: &str,
    reasons: &[String],
) -> String {
    let found = || all.iter().flat_map(|one| &one.findings.found);
    let counting = found().filter(|f| f.suppressed.is_none() && f.severity > Severity::Info).count();
    let suppressed = found().filter(|f| f.suppressed.is_some()).count();
    let ips = |verdict: IpVerdict| -> u64 {
        let tallies = all.iter().flat_map(|one| one.data.calls.tallies.iter().map(move |tally| (one, tally)));
        let inside = tallies.filter(|(one, tally)| one.data.window.holds(tally.first) && tally.verdict.ip == verdict);
        inside.map(|(one, tally)| one.data.calls.caller(tally).ip).collect::<BTreeSet<&str>>().len() as u64
    };
    let lacks = |wanted: Wanted| all.iter().any(|one| !one.data.has(wanted));
    let absent: Vec<&str> = ABSENT.iter().filter(|(wanted, _)| lacks(*wanted)).map(|(_, words)| *words).collect();
    let left = if absent.is_empty() { String::new() } else { format!(" Not checked: {}.", absent.join(", ")) };
    let hidden = if suppressed > 0 { format!(" {suppressed} suppressed.") } else { String::new() };
    let attributed = |of: &dyn Fn(&Attribution) -> u64| all.iter().map(|one| of(&one.data.attribution)).sum::<u64>();
    let open = attributed(&|found| found.by_verdict.get(&OrderVerdict::NotCovered).copied().unwrap_or(0));
    let among = if all.len() > 1 { format!(" {} accounts, kept apart.", all.len()) } else { String::new() };
    let loose = if open > 0 { format!(" {} could not be attributed.", counted(open, "order")) } else { String::new() };
    match result {
        "findings" => {
            let highest = highest.map_or("", Severity::name);
            let findings = counted(counting, "finding");
            let orders = orders(unrecognized);
            let addresses = |count: u64| counted(count, "IP address");
            let who = match (ips(IpVerdict::Unrecognized), ips(IpVerdict::Unreviewed)) {
                (0, unreviewed @ 1..) => format!(
                    "{orders} of the window are not recognized, and nothing says whose its {} are",
                    addresses(unreviewed)
                ),
                (strange, _) => format!("{orders} and {} of the window are not recognized", addresses(strange)),
            };
            let what = format!("{findings} ({highest} at most): {who}.");
            let doubt = if reasons.is_empty() { "" } else { " The evidence is incomplete besides." };
            format!("{what}{doubt}{hidden}{among}{left}")
        }
        "clear" => {
            let orders: u64 = attributed(&|found| found.by_verdict.values().sum());
            format!(
                "Nothing unexpected: {} of the window and every call that the logs hold are explained.{loose}{hidden}{among}{left}",
                counted(orders - open, "order")
            )
        }
        _ => {
            let first = reasons.first().map_or("", String::as_str);
            let more = if reasons.len() > 1 {
                format!(" (and {})", counted(reasons.len() - 1, "more reason"))
            } else {
                String::new()
            };
            format!("Nothing was found, but this is not a clean bill: {first}{more}.{loose}{hidden}{among}{left}")
        }
    }
}

/// Evidence whose absence is named in the sentence.
const ABSENT: &[(Wanted, &str)] = &[
    (Wanted::Table(Table::P2p), "P2P orders"),
    (Wanted::Withdrawals, "withdrawals"),
    (Wanted::Table(Table::Events), "logins and security events"),
    (Wanted::Table(Table::Ledger), "ledger"),
    (Wanted::Table(Table::Keys), "key list"),
];

/// How many orders a list of orders, and of fills that stand for orders, comes to.
fn orders(list: &[OrderInfo]) -> String {
    let ids = list.iter().filter_map(|one| Some((&one.account, &one.market, &one.symbol, one.order_id.as_deref()?)));
    let loose = list.iter().filter(|one| one.order_id.is_none()).count();
    let orders = ids.collect::<BTreeSet<_>>().len() + loose;
    let fills = if orders < list.len() { format!(" ({} fills)", list.len()) } else { String::new() };
    counted(orders, "order") + &fills
}
