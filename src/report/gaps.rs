//! What the expectations name and the evidence does not show, and where exports end too early: for the list of what could not
//! be checked.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::{Examined, NotChecked};
use crate::address::parse_ip;
use crate::columns;
use crate::counted::counted;
use crate::dataset::{Dataset, Event, KeyCard, Wanted};
use crate::expectations::Counterparty;
use crate::ingest::Source;
use crate::tables::Table;
use crate::time::{DAY, HOUR, Timestamp, span_words};

/// Lists of addresses that tools publish go stale: after so long they are to be looked at again (own proposal).
const CHECKED: i64 = 90 * DAY;
/// Exports of exactly so many records are often cut off at a limit of the exchange.
const CAPS: &[u64] = &[500, 1_000, 10_000];
/// A log that ends so long before a deletion leaves the key's last hours open.
const EARLY: i64 = 6 * HOUR;

/// Entries of the expectations that matched nothing, or were last checked long ago.
pub fn stale(all: &[Examined<'_>], list: &mut Vec<NotChecked>) {
    let Some((expectations, window)) = all.first().and_then(|one| Some((one.data.expectations?, one.data.window)))
    else {
        return;
    };
    let mut add = |what: String, why: String| {
        list.push(NotChecked { what, why, needs: "look at the entry: is it still right?".to_owned() });
    };
    let any = |holds: &dyn Fn(&Dataset<'_>) -> bool| all.iter().any(|one| holds(&one.data));
    let calls = any(&|data| data.frames.contains_key(&Table::Calls));
    let tallies = all.iter().flat_map(|one| &one.data.calls.tallies);
    let seen: BTreeSet<usize> = tallies.filter_map(|tally| tally.verdict.network).collect();
    for (at, network) in expectations.networks.iter().enumerate() {
        let own = |event: &Event| parse_ip(&event.ip).is_some_and(|ip| network.holds(ip, event.time));
        let logged_in = any(&|data| data.events.iter().any(own));
        if calls && !seen.contains(&at) && !logged_in {
            add(format!("network {} of the expectations", network.name), "no call came from it".to_owned());
        }
        if let Some(checked) = network.checked.filter(|checked| window.as_of - checked > CHECKED) {
            let age = span_words(window.as_of - checked);
            add(
                format!("whether network {} is still right", network.name),
                format!("it was last checked {age} before"),
            );
        }
    }
    for key in &expectations.keys {
        let shows = |card: &KeyCard| card.name == key.name && (card.row.is_some() || card.calls.is_some());
        let shown = any(&|data| data.key_cards.iter().any(shows));
        if calls && !shown {
            add(format!("key {} of the expectations", key.name), "no call and no key list shows it".to_owned());
        }
    }
    for (at, tool) in expectations.tools.iter().enumerate() {
        if !expectations.keys.iter().any(|key| key.tools.contains(&at)) {
            add(format!("tool {} of the expectations", tool.name), "no [[key]] names it".to_owned());
        }
    }
    for account in expectations.accounts.iter().filter(|account| !account.exports.is_empty()) {
        let whole = |source: &Source| source.member.as_ref().map(|member| format!("{}/{member}", source.path));
        let owns =
            |source: &Source| account.owns(&source.path) || whole(source).is_some_and(|path| account.owns(&path));
        if !any(&|data| data.sources.iter().any(owns)) {
            add(format!("account {} of the expectations", account.name), "its `exports` match no file".to_owned());
        }
    }
    if any(&|data| data.has(Wanted::Withdrawals)) {
        let paid = |address: &str| {
            any(&|data| {
                let column =
                    data.frames.get(&Table::Transfers).and_then(|frame| frame.column("address").ok()?.str().ok());
                column.is_some_and(|all| all.iter().flatten().any(|known| known.eq_ignore_ascii_case(address)))
            })
        };
        for address in expectations.addresses.iter().filter(|address| !paid(&address.address)) {
            let label = address.label.as_deref().unwrap_or(&address.address);
            add(format!("address {label} of the expectations"), "no withdrawal went to it".to_owned());
        }
    }
    if any(&|data| data.frames.contains_key(&Table::P2p)) {
        let met = |counterparty: &Counterparty| {
            any(&|data| {
                let column =
                    data.frames.get(&Table::P2p).and_then(|frame| frame.column("counterparty").ok()?.str().ok());
                column.is_some_and(|all| all.iter().flatten().any(|name| counterparty.goes_by(name)))
            })
        };
        for counterparty in expectations.counterparties.iter().filter(|counterparty| !met(counterparty)) {
            add(
                format!("[[p2p]] {} of the expectations", counterparty.nickname),
                "no P2P order is with them".to_owned(),
            );
        }
    }
    for suppression in expectations.suppressions.iter().filter(|s| s.until > window.as_of) {
        let same = |finding: &crate::engine::Finding| {
            finding
                .suppressed
                .as_ref()
                .is_some_and(|s| (&s.rule, &s.reason) == (&suppression.rule, &suppression.reason))
        };
        if !all.iter().any(|one| one.findings.found.iter().any(same)) {
            add(format!("suppression of {}", suppression.rule), "it covered no finding".to_owned());
        }
    }
}

/// Exports that seem cut off, and logs that end before a key was deleted.
pub fn cut_short(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    for source in data.sources.iter().filter(|source| CAPS.contains(&source.records) && source.part.is_none()) {
        list.push(NotChecked {
            what: format!("whether {} is whole", source.path),
            why: format!(
                "it holds exactly {}, a number at which exchanges cut exports off",
                counted(source.records, "record")
            ),
            needs: "the same export for shorter spans".to_owned(),
        });
    }
    jumps(data, list);
    let Some(end) = data.coverage_of(Table::Calls).and_then(crate::dataset::coverage::Coverage::last) else { return };
    // A key that is deleted after all that the exports tell lives as far as they go.
    let stated = data.expectations.map(|e| e.keys.as_slice()).unwrap_or_default();
    let mut deletions: BTreeMap<&str, i64> =
        stated.iter().filter_map(|key| Some((key.name.as_str(), key.valid.until?))).collect();
    deletions.extend(data.key_cards.iter().filter_map(|card| Some((card.name.as_str(), card.deleted_at?))));
    for (key, deleted) in deletions {
        let shown = data.key_cards.iter().any(|card| card.name == key);
        if shown && deleted > end + EARLY {
            list.push(NotChecked {
                what: format!("what key {key} did from {} to its deletion", Timestamp(end)),
                why: format!("the call log ends {} before the key was deleted", span_words(deleted - end)),
                needs: "the call log up to the deletion".to_owned(),
            });
        }
    }
}

/// Columns whose values some exchanges and bots count up by one.
const NUMBERED: &[(Table, &str)] = &[
    (Table::Orders, "order_id"),
    (Table::Trades, "trade_id"),
    (Table::Ledger, "reference"),
    (Table::P2p, "order_id"),
    (Table::OwnRecords, "order_id"),
];
/// So many numbers, of which this share follow on one another, are counted up by one (own proposal).
const COUNTED: usize = 50;
const IN_STEP: f64 = 0.9;

/// Whether numbers, in order, are counted up by one but for a few.
fn is_counted(own: &[(u64, i64)]) -> bool {
    let in_step = own.windows(2).filter(|pair| pair[1].0 - pair[0].0 == 1).count();
    own.len() >= COUNTED && in_step as f64 >= IN_STEP * (own.len() - 1) as f64
}

/// Exports whose numbers run on but for some that are missing: records were left out.
fn jumps(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    for (table, column) in NUMBERED {
        let Some(numbers) = data.frames.get(table).and_then(|frame| numbers(frame, table.time(), column)) else {
            continue;
        };
        if !numbers.values().any(|own| is_counted(own)) {
            continue;
        }
        // Where exports overlap, a record of both stands in one of them.
        let mut all: Vec<u64> = numbers.values().flatten().map(|(number, _)| *number).collect();
        all.sort_unstable();
        all.dedup();
        let present =
            |from: u64, to: u64| all.partition_point(|known| *known < to) - all.partition_point(|known| *known <= from);
        for (source, own) in numbers.iter().filter(|(_, own)| is_counted(own)) {
            let steps = own.windows(2).map(|pair| (pair[0], pair[1])).filter(|((from, _), (to, _))| to - from > 1);
            let missing = |((from, _), (to, _)): &((u64, i64), (u64, i64))| to - from - 1 - present(*from, *to) as u64;
            let holes: Vec<_> = steps.map(|pair| (missing(&pair), pair)).filter(|(missing, _)| *missing > 0).collect();
            let Some((_, widest)) = holes.iter().max_by_key(|(missing, _)| *missing) else { continue };
            let Some(path) = data.sources.iter().find(|known| known.id == *source).map(|source| &source.path) else {
                continue;
            };
            let lost: u64 = holes.iter().map(|(missing, _)| missing).sum();
            list.push(NotChecked {
                what: format!("whether {path} is whole"),
                why: format!(
                    "its numbers count up by one, and {lost} are missing, most of them between {} ({}) and {} ({})",
                    widest.0.0,
                    Timestamp(widest.0.1),
                    widest.1.0,
                    Timestamp(widest.1.1)
                ),
                needs: "the same export again, without a filter".to_owned(),
            });
        }
    }
}

/// The numbers of each source with their times, in order, each once.
fn numbers(frame: &DataFrame, time: &str, column: &str) -> Option<BTreeMap<u32, Vec<(u64, i64)>>> {
    let (sources, times) = (columns::counts(frame, "source").ok()?, columns::times(frame, time).ok()?);
    let texts = columns::texts(frame, column).ok().filter(|texts| !texts.is_nothing())?;
    let mut numbers: BTreeMap<u32, Vec<(u64, i64)>> = BTreeMap::new();
    for at in 0..frame.height() {
        let (source, time, text) = (sources.get(at), times.get(at), texts.get(at));
        if let (Some(source), Some(time), Some(Ok(number))) = (source, time, text.map(str::parse::<u64>)) {
            numbers.entry(source).or_default().push((number, time));
        }
    }
    for own in numbers.values_mut() {
        own.sort_unstable();
        own.dedup_by_key(|(number, _)| *number);
    }
    Some(numbers)
}

/// What the columns of the P2P exports cannot show.
pub fn p2p_columns(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    let Some(frame) = data.frames.get(&Table::P2p) else { return };
    let lacks = |name: &str| frame.column(name).is_ok_and(|column| column.null_count() == frame.height());
    let missing = [
        (
            "paid",
            "whether P2P orders were cancelled after they had been paid",
            "no time of payment",
            "a history with the time of payment, or the order's page",
        ),
        (
            "released",
            "whether P2P coins were released before anyone can have looked at the bank account",
            "no time of release",
            "a history with the time of release, or the order's page",
        ),
        (
            "payer",
            "whether P2P payments came from the counterparty",
            "no names of those who paid",
            "the bank's statements",
        ),
        ("counterparty", "with whom P2P orders were made", "no counterparties", "a history with nicknames"),
    ];
    for (column, what, why, needs) in missing {
        if lacks(column) {
            list.push(NotChecked {
                what: what.to_owned(),
                why: format!("the P2P history states {why}"),
                needs: needs.to_owned(),
            });
        }
    }
}
