//! What could not be checked, why, and which export would settle it.

use std::collections::BTreeSet;

use super::gaps::{cut_short, p2p_columns, stale};
use super::{Examined, NotChecked, by_account};
use crate::accounts::MAIN;
use crate::counted::counted;
use crate::dataset::{Dataset, Wanted};
use crate::formats::{self, Format};
use crate::matching::IpVerdict;
use crate::reference::Class;
use crate::rules::order_beyond_limits;
use crate::sigma;
use crate::tables::Table;
use crate::time::Timestamp;

/// Tables that a full check wants, with what their absence leaves open and the format to fetch: of an export that an
/// exchange writes the exchange's own.
const WANTED: &[(Wanted, &str, &str, &str)] = &[
    (Wanted::Table(Table::Calls), "who made the calls and orders", "no API call log among the files", "api-call-log"),
    (Wanted::Table(Table::Orders), "the orders", "no order history among the files", "binance-spot-orders"),
    (Wanted::Table(Table::Trades), "prices and fills", "no trade history among the files", "binance-spot-trades"),
    (Wanted::Table(Table::P2p), "P2P orders", "no P2P history among the files", "binance-p2p"),
    (Wanted::Withdrawals, "withdrawals", "no withdrawal history among the files", "binance-withdrawals"),
    (
        Wanted::Table(Table::Events),
        "logins and changes of security settings",
        "no security log among the files",
        "security-events",
    ),
    (
        Wanted::Table(Table::Ledger),
        "whether balances add up",
        "no transaction history among the files",
        "binance-transaction-history",
    ),
    (
        Wanted::Table(Table::Keys),
        "rights, age and address restrictions of keys",
        "no key list among the files",
        "api-key-list",
    ),
];

/// Lists it; what is so of all accounts once, and else by account.
pub fn not_checked(all: &[Examined<'_>]) -> Vec<NotChecked> {
    let lists: Vec<_> = all.iter().map(|one| (one.data.account.as_deref(), of_account(one))).collect();
    let mut list = by_account(&lists, |account, item| NotChecked { what: format!("{account}: {}", item.what), ..item });
    stale(all, &mut list);
    list
}

fn of_account(one: &Examined<'_>) -> Vec<NotChecked> {
    let Examined { data, findings, .. } = one;
    let mut list = Vec::new();
    let exchanges: BTreeSet<&str> =
        data.sources.iter().map(|source| source.exchange).filter(|name| !name.is_empty()).collect();
    for (wanted, what, why, format) in WANTED {
        if !data.has(*wanted) {
            list.push(NotChecked {
                what: (*what).to_owned(),
                why: (*why).to_owned(),
                needs: export_of(exchanges.clone(), *wanted, format),
            });
        }
    }
    let unaddressed = data.unaddressed().unwrap_or_default();
    if !unaddressed.is_empty() {
        list.push(NotChecked {
            what: "where withdrawals went".to_owned(),
            why: "the ledger tells them without their addresses".to_owned(),
            needs: export_of(unaddressed, Wanted::Addresses, "binance-withdrawals"),
        });
    }
    if data.calls.tallies.iter().any(|tally| tally.folded) {
        list.push(NotChecked {
            what: "every caller by itself".to_owned(),
            why: "the call logs name too many: those that tell least are counted together, without their addresses, and the numbers of an address may be low".to_owned(),
            needs: "a report on a part of the log".to_owned(),
        });
    }
    if data.sources.iter().any(|source| source.sha256.is_none()) {
        list.push(NotChecked {
            what: "that the files are those that were exported".to_owned(),
            why: "no hashes were made (--hash none): which bytes were read cannot be proved later".to_owned(),
            needs: "a run with --hash sha256".to_owned(),
        });
    }
    for coverage in &data.coverage {
        for (from, to) in coverage.gaps(&data.window).into_iter().take(20) {
            // A sparse table may simply hold nothing; only the tables that the verdict rests on are held to the minute.
            if coverage.table == Table::Calls && to - from > crate::time::HOUR {
                list.push(NotChecked {
                    what: format!("{} from {} to {}", coverage.table.words(), Timestamp(from), Timestamp(to)),
                    why: "the log is silent there".to_owned(),
                    needs: "the call log of that time".to_owned(),
                });
            }
        }
    }
    if !data.assumed.is_empty() {
        list.push(NotChecked {
            what: "whose some files are".to_owned(),
            why: format!(
                "there are several accounts, and {} of them say none: they were taken for those of {MAIN} ({})",
                data.assumed.len(),
                first_of(&data.assumed)
            ),
            needs: "an [[account]] in expected.toml whose `exports` match the files of another account".to_owned(),
        });
    }
    calls(data, &mut list);
    let torn: Vec<String> = data
        .calls
        .atlas
        .iter()
        .filter_map(|(ip, said)| said.conflict().map(|[one, other]| format!("{ip} ({one}; {other})")))
        .collect();
    if !torn.is_empty() {
        list.push(NotChecked {
            what: format!("the place of {}", counted(torn.len(), "address")),
            why: format!("the call logs name more than one place: {}", first_of(&torn)),
            needs: "a MaxMind database under [intel], which then decides".to_owned(),
        });
    }
    cut_short(data, &mut list);
    p2p_columns(data, &mut list);
    super::assets::open_sums(data, &mut list);
    list.extend(super::alike::doubtful_counts(data).unwrap_or_default());
    let weak =
        data.attribution.orders.iter().filter(|order| order.is_weak() && !order.verdict.is_unrecognized()).count();
    if weak > 0 {
        list.push(NotChecked {
            what: format!("{} that a call explains only weakly", counted(weak, "order")),
            why: "so many calls of their pair and side were made around them that one would stand near by chance more often than once in five".to_owned(),
            needs: "a call log with order ids".to_owned(),
        });
    }
    for (key, (count, assets)) in order_beyond_limits::unpriced(data).unwrap_or_default() {
        let assets: Vec<String> = assets.into_iter().collect();
        list.push(NotChecked {
            what: format!("{} of key {key} against its `max_order`", counted(count, "order")),
            why: format!("nothing in the exports tells what {} is worth", first_of(&assets)),
            needs: "trades that price it, or a `base_currency` that the key trades in".to_owned(),
        });
    }
    for card in data.key_cards.iter().filter(|card| !card.unknown_permissions.is_empty()) {
        list.push(NotChecked {
            what: format!("permissions of key {}", card.name),
            why: format!("not known: {}", card.unknown_permissions.join(", ")),
            needs: "look the permission up on the exchange's key page".to_owned(),
        });
    }
    for rule in findings.idle.iter().filter(|rule| rule.starts_with(sigma::PREFIX)) {
        list.push(NotChecked {
            what: format!("your rule {rule}"),
            why: "the tables it looks at have no records".to_owned(),
            needs: "an export of what it looks at".to_owned(),
        });
    }
    for suppression in &findings.expired {
        list.push(NotChecked {
            what: format!("suppression of {}", suppression.rule),
            why: format!(
                "expired {}; it no longer suppresses (reason given: {})",
                Timestamp(suppression.until),
                suppression.reason
            ),
            needs: "renew it in expected.toml, or remove it".to_owned(),
        });
    }
    for key in
        data.expectations.map(|e| e.keys.as_slice()).unwrap_or_default().iter().filter(|key| key.allow.is_empty())
    {
        list.push(NotChecked {
            what: format!("what key {} does", key.name),
            why: "the expectations do not say what it may do".to_owned(),
            needs: "`allow` in its [[key]]".to_owned(),
        });
    }
    for section in data.expectations.map(|e| e.unread.as_slice()).unwrap_or_default() {
        list.push(NotChecked {
            what: format!("{section} of the expectations"),
            why: "checked for errors, and not used by this version".to_owned(),
            needs: "nothing from you".to_owned(),
        });
    }
    list
}

/// The exports that would settle it: those of the exchanges whose files are there, or the one given where no file is of an
/// exchange, or where no exchange writes such.
fn export_of(exchanges: BTreeSet<&str>, wanted: Wanted, usual: &str) -> String {
    let told = |format: &Format| format!("{}: {}", format.title, format.export);
    let usual = formats::by_id(usual);
    if exchanges.is_empty() || usual.is_none_or(|format| format.exchange.is_empty()) {
        return usual.map_or(String::new(), told);
    }
    let best = |exchange: &&str| {
        let own = formats::ALL.iter().filter(|format| format.exchange == *exchange);
        own.filter_map(|format| Some((wanted.rank(format)?, *format))).min_by_key(|(rank, _)| *rank)
    };
    let own: Vec<String> = exchanges.iter().filter_map(best).map(|(_, format)| told(format)).collect();
    if own.is_empty() {
        let names: Vec<&str> = exchanges.into_iter().collect();
        return format!("{}: {}, as far as it gives them", names.join(", "), wanted.words());
    }
    own.join("; ")
}

/// The first of some names.
fn first_of(names: &[String]) -> String {
    let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    format!("{}{more}", names[..names.len().min(5)].join(", "))
}

fn calls(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    let inside = || data.calls.tallies.iter().filter(|tally| data.window.holds(tally.first));
    let named = |names: &BTreeSet<&str>| {
        let first: Vec<&str> = names.iter().take(5).copied().collect();
        let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
        format!("{}{more}", first.join(", "))
    };
    let unclassified: BTreeSet<&str> =
        inside().filter(|t| t.verdict.class == Class::Unclassified).map(|t| data.calls.caller(t).operation).collect();
    if !unclassified.is_empty() {
        list.push(NotChecked {
            what: "operations of no known class".to_owned(),
            why: named(&unclassified),
            needs: "the exchange's documentation of these calls".to_owned(),
        });
    }
    let unusable: BTreeSet<&str> =
        inside().filter(|t| t.verdict.ip == IpVerdict::Unusable).map(|t| data.calls.caller(t).ip).collect();
    if !unusable.is_empty() {
        list.push(NotChecked {
            what: "calls from addresses that cannot be checked".to_owned(),
            why: named(&unusable),
            needs: "a log with the public address, or a [[network]] that lists them".to_owned(),
        });
    }
    let spans: Vec<(&str, i64, i64)> = data
        .sources
        .iter()
        .filter(|s| s.table == Table::Calls)
        .filter_map(|s| Some((s.path.as_str(), s.first?, s.last()?)))
        .collect();
    let overlap = spans.iter().enumerate().any(|(at, a)| spans[at + 1..].iter().any(|b| a.1 <= b.2 && b.1 <= a.2));
    if overlap {
        list.push(NotChecked {
            what: "how often calls were made".to_owned(),
            why: "call logs overlap, and equal calls are different calls: counts may include repeats".to_owned(),
            needs: "one log per key and time".to_owned(),
        });
    }
}
