//! One key used from several networks at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, uses};
use super::plan::{Hit, client_family, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::ingest::activity::BIN;
use crate::intel::About;
use crate::matching::IpVerdict;
use crate::tables::Table;
use crate::time::{MINUTE, Timestamp};

pub(super) static RULE: Rule = Rule {
    id: "ip-multi-network",
    title: "one key from several networks at once",
    severity: "high when the clients differ and one is not expected; medium when only the clients differ, or only the cities or operators of the networks; info for the addresses alone",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} was used from {places} networks within {minutes} minutes, by {clients} ({begin})",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "One tool is in one place. A second place at the same time, with another program, is a second holder of the key.",
    logic: "A span of `minutes` of the window (half hours are counted, so multiples of 30) in which a key was let in from `networks` or more networks (all addresses of one listed network count as one; others by IPv4 /24 and IPv6 /64) by clients of `clients` or more families. Where a log or a database names the city or operator of all of them and it is one, high becomes medium. Several addresses with one client are info, medium when their cities or operators are known and differ, and nothing at all when all are listed. Of each half hour four places are remembered.",
    benign: &[
        "IPv4 and IPv6 of one machine",
        "a tool with a pool of addresses: list it",
        "you watch with one program what another trades",
    ],
    next: &[Step::DeleteKey, Step::NewKey, Step::AddToExpectations],
    sources: "Elastic, initial_access_iam_session_token_used_from_multiple_addresses (30 minutes); Splunk, aws_concurrent_sessions_from_different_ips",
    thresholds: &[
        Threshold { name: "minutes", default: 30.0, unit: "minutes, in half hours", source: "Elastic" },
        Threshold { name: "networks", default: 2.0, unit: "networks", source: "Elastic" },
        Threshold { name: "clients", default: 2.0, unit: "families of clients", source: "Elastic" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let rows = call_rows(data)?;
    let mut marks: HashMap<(&str, u64), &CallRow<'_>> = HashMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && row.entered()) {
        // Of several tallies of one place the odd one speaks for it.
        let known = marks.entry((row.key, row.mark())).or_insert(row);
        if known.tally.expected && !row.tally.expected {
            *known = row;
        }
    }
    let span = BIN * ((thresholds.value("minutes") * MINUTE as f64 / BIN as f64).round() as i64).max(1);
    let minutes = (span / MINUTE).to_string();
    let mut hits = Vec::new();
    for (key, uses) in uses(data, &rows) {
        let mut spans: BTreeMap<i64, BTreeSet<u64>> = BTreeMap::new();
        for (_, bin) in uses.iter().filter(|(kind, bin)| kind.entered() && data.window.holds(bin.first)) {
            let places = bin.places.iter().copied().filter(|mark| *mark != 0);
            spans.entry(bin.first.div_euclid(span)).or_default().extend(places);
        }
        // Most spans show too few places, whatever networks these are in.
        for (at, places) in spans.into_iter().filter(|(_, places)| places.len() as f64 >= thresholds.value("networks"))
        {
            let shown: Vec<&CallRow<'_>> = places.iter().filter_map(|mark| marks.get(&(key, *mark)).copied()).collect();
            let networks: BTreeSet<String> = shown.iter().map(|row| row.network(data)).collect();
            let clients: BTreeSet<String> = shown.iter().map(|row| client_family(row.client())).collect();
            let listed = shown.iter().all(|row| row.tally.verdict.ip == IpVerdict::Expected);
            if (networks.len() as f64) < thresholds.value("networks") || listed {
                continue;
            }
            let named = clients.iter().filter(|client| !client.is_empty()).count();
            let differ = named as f64 >= thresholds.value("clients");
            let level = match (differ, shown.iter().all(|row| row.tally.expected), apart(data, &shown)) {
                (true, false, None | Some(true)) => Severity::High,
                (true, ..) | (false, _, Some(true)) => Severity::Medium,
                (false, ..) => Severity::Info,
            };
            let from = at * span;
            let names = clients.into_iter().collect::<Vec<_>>().join(", ");
            let begin = Timestamp(from).to_string();
            // The odd ones show it; where none is odd, all do.
            let odd = shown.iter().any(|row| !row.tally.expected);
            hits.extend(shown.iter().filter(|row| !odd || !row.tally.expected).map(|row| {
                let details = [key, &networks.len().to_string(), &minutes, &names, &begin, row.ip()];
                let hit = row.hit(key, level, details.map(str::to_owned).to_vec());
                Hit { first: hit.first.max(Some(from)), last: hit.last.min(Some(from + span)), ..hit }
            }));
        }
    }
    frame(&hits, &["key", "places", "minutes", "clients", "begin", "ip"])
}

/// Whether callers are in several cities, or networks of several operators; `None` where that is not known of all of them.
fn apart(data: &Dataset<'_>, shown: &[&CallRow<'_>]) -> Option<bool> {
    let about: Option<Vec<About>> = shown.iter().map(|row| data.about(row.ip())).collect();
    let about = about?;
    let differ = |told: fn(&About) -> Option<&String>| {
        let all: Option<BTreeSet<&String>> = about.iter().map(told).collect();
        all.map(|all| all.len() > 1)
    };
    let (operators, cities) = (differ(|about| about.organization.as_ref()), differ(|about| about.city.as_ref()));
    if operators.is_none() { cities } else { operators.zip(cities.or(Some(false))).map(|(one, other)| one || other) }
}
