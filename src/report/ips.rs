//! The addresses of the window: who called from where, and whether that is expected.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{AboutInfo, IpInfo};
use crate::address::{neighbourhood, parse_ip};
use crate::attribution::OrderVerdict;
use crate::dataset::{Dataset, key_label};
use crate::ingest::FastMap;
use crate::ingest::calls::Tally;
use crate::matching::{Inventory, IpVerdict};
use crate::parallel;
use crate::time::Timestamp;

/// Those of an account, the doubtful ones first.
pub fn ips(data: &Dataset<'_>, inventory: &Inventory) -> Vec<IpInfo> {
    let mut orders: FastMap<&str, u64> = FastMap::default();
    for order in data.attribution.orders.iter().filter(|order| order.verdict != OrderVerdict::Resting) {
        if let Some(tally) = order.tally(&data.calls) {
            let ip = data.calls.caller(tally).ip;
            *orders.entry(ip).or_default() += order.order.rows.len() as u64;
        }
    }
    let known = seen_before(data);
    let own = data.calls.tallies.iter().filter(|tally| !tally.folded && data.window.holds(tally.first));
    let named = own.map(|tally| (data.calls.caller(tally).ip, tally)).filter(|(ip, _)| !ip.is_empty());
    let mut named: Vec<(&str, &Tally)> = named.collect();
    named.sort_by_key(|(ip, _)| *ip);
    let by_ip: Vec<&[(&str, &Tally)]> = named.chunk_by(|one, next| one.0 == next.0).collect();
    let mut ips = parallel::in_parts(&by_ip, data.jobs, |_, by_ip| {
        by_ip.iter().map(|own| info(own, data, inventory, &orders, known.as_ref())).collect()
    });
    ips.sort_by_key(|(verdict, info)| (Reverse(*verdict), info.new != Some(true)));
    ips.into_iter().map(|(_, info)| info).collect()
}

/// What is to be said of an address, from the calls of those who showed it.
fn info(
    own: &[(&str, &Tally)],
    data: &Dataset<'_>,
    inventory: &Inventory,
    orders: &FastMap<&str, u64>,
    known: Option<&BTreeSet<String>>,
) -> (IpVerdict, IpInfo) {
    let ip = own[0].0;
    let tallies = || own.iter().map(|(_, tally)| *tally);
    let verdict = tallies().map(|tally| tally.verdict.ip).max().unwrap_or(own[0].1.verdict.ip);
    let network = tallies().find_map(|tally| tally.verdict.network);
    let key = |tally| key_label(&data.calls.caller(tally), tally.verdict.key.index(), data.expectations, inventory);
    let client = |tally| data.calls.caller(tally).client.to_owned();
    let calls_of = |outcome: &str| {
        tallies().filter(|tally| tally.verdict.outcome.name() == outcome).map(|tally| tally.count).sum::<u64>()
    };
    let info = IpInfo {
        account: data.account.clone(),
        ip: ip.to_owned(),
        network: network.and_then(|at| data.expectations.map(|e| e.networks[at].name.clone())),
        verdict: verdict.name(),
        new: known.map(|known| !known.contains(&place(ip))),
        keys: distinct(tallies().map(key)),
        clients: distinct(tallies().map(client)),
        calls: tallies().map(|tally| tally.count).sum(),
        accepted: calls_of("accepted"),
        denied: calls_of("denied"),
        orders: orders.get(ip).copied().unwrap_or(0),
        first: Timestamp(tallies().map(|tally| tally.first).min().unwrap_or_default()),
        last: Timestamp(tallies().map(|tally| tally.last).max().unwrap_or_default()),
        about: about(ip, data),
    };
    (verdict, info)
}

/// Texts in order, each once; empty ones say nothing.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
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
