//! The addresses of the window: who called from where, and whether that is expected.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{AboutInfo, IpInfo};
use crate::address::{neighbourhood, parse_ip};
use crate::attribution::OrderVerdict;
use crate::dataset::{Dataset, key_label};
use crate::matching::{Inventory, IpVerdict};
use crate::time::Timestamp;

pub fn ips(data: &Dataset<'_>, inventory: &Inventory) -> Vec<IpInfo> {
    struct Sum<'a> {
        verdict: IpVerdict,
        network: Option<usize>,
        keys: BTreeSet<String>,
        clients: BTreeSet<&'a str>,
        calls: u64,
        accepted: u64,
        denied: u64,
        seen: (i64, i64),
    }
    let mut orders: BTreeMap<&str, u64> = BTreeMap::new();
    for order in data.attribution.orders.iter().filter(|order| order.verdict != OrderVerdict::Resting) {
        if let Some(tally) = order.tally(&data.calls) {
            let ip = data.calls.caller(tally).ip;
            *orders.entry(ip).or_default() += order.order.rows.len() as u64;
        }
    }
    let known = seen_before(data);
    let mut sums: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    for tally in data.calls.tallies.iter().filter(|tally| !tally.folded && data.window.holds(tally.first)) {
        let caller = data.calls.caller(tally);
        if caller.ip.is_empty() {
            continue;
        }
        let sum = sums.entry(caller.ip).or_insert(Sum {
            verdict: tally.verdict.ip,
            network: None,
            keys: BTreeSet::new(),
            clients: BTreeSet::new(),
            calls: 0,
            accepted: 0,
            denied: 0,
            seen: (tally.first, tally.last),
        });
        sum.verdict = sum.verdict.max(tally.verdict.ip);
        sum.network = sum.network.or(tally.verdict.network);
        let key = key_label(&caller, tally.verdict.key.index(), data.expectations, inventory);
        sum.keys.extend((!key.is_empty()).then_some(key));
        sum.clients.extend((!caller.client.is_empty()).then_some(caller.client));
        sum.calls += tally.count;
        match tally.verdict.outcome.name() {
            "accepted" => sum.accepted += tally.count,
            "denied" => sum.denied += tally.count,
            _ => {}
        }
        sum.seen = (sum.seen.0.min(tally.first), sum.seen.1.max(tally.last));
    }
    let mut ips: Vec<(IpVerdict, IpInfo)> = sums
        .into_iter()
        .map(|(ip, sum)| {
            let network = sum.network.and_then(|at| data.expectations.map(|e| e.networks[at].name.clone()));
            let info = IpInfo {
                account: data.account.clone(),
                ip: ip.to_owned(),
                network,
                verdict: sum.verdict.name(),
                new: known.as_ref().map(|known| !known.contains(&place(ip))),
                keys: sum.keys.into_iter().collect(),
                clients: sum.clients.into_iter().map(str::to_owned).collect(),
                calls: sum.calls,
                accepted: sum.accepted,
                denied: sum.denied,
                orders: orders.get(ip).copied().unwrap_or(0),
                first: Timestamp(sum.seen.0),
                last: Timestamp(sum.seen.1),
                about: about(ip, data),
            };
            (sum.verdict, info)
        })
        .collect();
    ips.sort_by_key(|(verdict, info)| (std::cmp::Reverse(*verdict), info.new != Some(true)));
    ips.into_iter().map(|(_, info)| info).collect()
}

/// The places that calls were let in from before the window; `None` without older calls.
fn seen_before(data: &Dataset<'_>) -> Option<BTreeSet<String>> {
    let older = || data.calls.tallies.iter().filter(|tally| tally.first < data.window.start);
    let entered = older().filter(|tally| tally.verdict.outcome.may_have_entered());
    older().next()?;
    Some(entered.map(|tally| place(data.calls.caller(tally).ip)).collect())
}

/// What an address is remembered by: itself, or its IPv6 /64.
fn place(ip: &str) -> String {
    parse_ip(ip).filter(IpAddr::is_ipv6).map_or_else(|| ip.to_owned(), |ip| neighbourhood(ip).to_string())
}

/// What the user's lists and databases, and the logs, say of an address; `None` where they say nothing.
fn about(ip: &str, data: &Dataset<'_>) -> Option<AboutInfo> {
    let about = data.about(ip)?;
    let words = about.words();
    (!words.is_empty()).then(|| AboutInfo {
        lists: about.lists.iter().map(|kind| kind.name()).collect(),
        country: about.country,
        city: about.city,
        asn: about.asn,
        organization: about.organization,
        words,
    })
}
