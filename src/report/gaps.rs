//! What the expectations name and the evidence does not show, and where exports end too early: for the list of what could not
//! be checked.

use std::collections::BTreeSet;

use super::NotChecked;
use crate::dataset::{Dataset, Wanted};
use crate::engine::Findings;
use crate::tables::Table;
use crate::time::{DAY, HOUR, Timestamp, span_words};

/// Lists of addresses that tools publish go stale: after so long they are to be looked at again (own proposal).
const CHECKED: i64 = 90 * DAY;
/// Exports of exactly so many records are often cut off at a limit of the exchange.
const CAPS: &[u64] = &[500, 1_000, 10_000];
/// A log that ends so long before a deletion leaves the key's last hours open.
const EARLY: i64 = 6 * HOUR;

/// Entries of the expectations that matched nothing, or were last checked long ago.
pub fn stale(data: &Dataset<'_>, findings: &Findings, list: &mut Vec<NotChecked>) {
    let Some(expectations) = data.expectations else { return };
    let mut add = |what: String, why: String| {
        list.push(NotChecked { what, why, needs: "look at the entry: is it still right?".to_owned() });
    };
    let calls = data.frames.contains_key(&Table::Calls);
    let seen: BTreeSet<usize> = data.calls.tallies.iter().filter_map(|tally| tally.verdict.network).collect();
    for (at, network) in expectations.networks.iter().enumerate() {
        let logged_in = data
            .events
            .iter()
            .any(|event| crate::address::parse_ip(&event.ip).is_some_and(|ip| network.holds(ip, event.time)));
        if calls && !seen.contains(&at) && !logged_in {
            add(format!("network {} of the expectations", network.name), "no call came from it".to_owned());
        }
        if let Some(checked) = network.checked.filter(|checked| data.window.as_of - checked > CHECKED) {
            let age = span_words(data.window.as_of - checked);
            add(
                format!("whether network {} is still right", network.name),
                format!("it was last checked {age} before"),
            );
        }
    }
    for key in &expectations.keys {
        let shown =
            data.key_cards.iter().any(|card| card.name == key.name && (card.row.is_some() || card.calls.is_some()));
        if calls && !shown {
            add(format!("key {} of the expectations", key.name), "no call and no key list shows it".to_owned());
        }
    }
    if data.has(Wanted::Withdrawals) {
        let paid = |address: &str| {
            let column = data.frames.get(&Table::Transfers).and_then(|frame| frame.column("address").ok()?.str().ok());
            column.is_some_and(|all| all.iter().flatten().any(|known| known.eq_ignore_ascii_case(address)))
        };
        for address in expectations.addresses.iter().filter(|address| !paid(&address.address)) {
            let label = address.label.as_deref().unwrap_or(&address.address);
            add(format!("address {label} of the expectations"), "no withdrawal went to it".to_owned());
        }
    }
    for suppression in expectations.suppressions.iter().filter(|s| s.until > data.window.as_of) {
        let same = |finding: &crate::engine::Finding| {
            finding
                .suppressed
                .as_ref()
                .is_some_and(|s| (&s.rule, &s.reason) == (&suppression.rule, &suppression.reason))
        };
        if !findings.found.iter().any(same) {
            add(format!("suppression of {}", suppression.rule), "it covered no finding".to_owned());
        }
    }
}

/// Exports that seem cut off, and logs that end before a key was deleted.
pub fn cut_short(data: &Dataset<'_>, list: &mut Vec<NotChecked>) {
    for source in data.sources.iter().filter(|source| CAPS.contains(&source.records) && source.part.is_none()) {
        list.push(NotChecked {
            what: format!("whether {} is whole", source.path),
            why: format!("it holds exactly {} records, a number at which exchanges cut exports off", source.records),
            needs: "the same export for shorter spans".to_owned(),
        });
    }
    let Some(end) = data.coverage_of(Table::Calls).and_then(crate::dataset::coverage::Coverage::last) else { return };
    for card in &data.key_cards {
        if let Some(deleted) = card.deleted_at.filter(|deleted| *deleted > end + EARLY && *deleted <= data.window.as_of)
        {
            list.push(NotChecked {
                what: format!("what key {} did from {} to its deletion", card.name, Timestamp(end)),
                why: format!("the call log ends {} before the key was deleted", span_words(deleted - end)),
                needs: "the call log up to the deletion".to_owned(),
            });
        }
    }
}
