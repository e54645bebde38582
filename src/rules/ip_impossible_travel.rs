//! One key or login at two places with too little time between them to travel.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::plan::severity;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::address::parse_ip;
use crate::dataset::Dataset;
use crate::expectations::Expectations;
use crate::intel::Place;
use crate::matching::IpVerdict;
use crate::reference::Reference;
use crate::tables::Table;
use crate::time::{HOUR, span_words};

pub(super) static RULE: Rule = Rule {
    id: "ip-impossible-travel",
    title: "two places, and no time to travel",
    severity: "medium",
    confidence: Confidence::Low,
    subject: Subject::Account,
    message: "{subject} was used from {from} and then from {ip}, at least {distance} km away, within {span}",
    needs: &[Table::Calls, Table::Events],
    needs_expectations: false,
    why: "The owner of an account is in one place at a time.",
    logic: "Two uses in a row of one key (calls that may have acted; of each caller its earliest calls are looked at) or one account's logins and events, from addresses that a database under [intel], or the latitude and longitude in a log of calls or logins, places at least `km` kilometres apart, less what both places may be off, at more than `km_per_hour`. Addresses in a listed network, or on a list of Tor, VPN or hosting addresses, are left out: they say nothing on where a person is.",
    benign: &["a VPN, a private relay or a satellite link that is on no list", "an old or wrong database"],
    next: &[Step::LogOutDevices, Step::ResetPassword, Step::DeleteKey],
    sources: "Elastic detection-rules, signin_impossible_travel (500 km, 800 km/h); Panther impossible_travel_login",
    thresholds: &[
        Threshold { name: "km", default: 500.0, unit: "kilometres", source: "Elastic signin_impossible_travel" },
        Threshold {
            name: "km_per_hour",
            default: 800.0,
            unit: "kilometres an hour",
            source: "Elastic signin_impossible_travel; Panther uses 900",
        },
    ],
    plan,
};

/// A use of a key or account at a place.
#[derive(Clone, Copy)]
struct Use<'a> {
    time: i64,
    ip: &'a str,
    place: Place,
    table: Table,
    row: u32,
}

/// Two uses that one person cannot have made.
struct Leap<'a> {
    subject: String,
    from: Use<'a>,
    to: Use<'a>,
    distance: f64,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let placed = data.expectations.is_some_and(|e| !e.intel.databases.is_empty()) || !data.calls.atlas.is_empty();
    let calls = data.frames.get(&Table::Calls).filter(|_| placed);
    let events = data.frames.get(&Table::Events);
    if calls.is_none() && events.is_none() {
        return Ok(None);
    }
    let mut uses: BTreeMap<String, Vec<Use<'_>>> = BTreeMap::new();
    of_calls(data, calls, &mut uses)?;
    of_events(events, data.expectations, &mut uses)?;
    let (km, speed) = (thresholds.value("km"), thresholds.value("km_per_hour"));
    let mut leaps = Vec::new();
    for (subject, mut uses) in uses {
        uses.sort_by_key(|one| (one.time, one.ip));
        for pair in uses.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let distance = from.place.least_distance(to.place);
            let hours = (to.time - from.time) as f64 / HOUR as f64;
            if distance >= km && distance > speed * hours {
                leaps.push(Leap { subject: subject.clone(), from, to, distance });
            }
        }
    }
    frame(&leaps).map(Some)
}

/// Where an address is, unless that says nothing on a person.
fn place(ip: &str, expectations: &Expectations) -> Option<Place> {
    let about = expectations.intel.about(parse_ip(ip)?);
    about.place.filter(|_| about.lists.is_empty())
}

fn of_calls<'a>(
    data: &'a Dataset<'_>,
    calls: Option<&DataFrame>,
    uses: &mut BTreeMap<String, Vec<Use<'a>>>,
) -> PolarsResult<()> {
    let Some(calls) = calls else { return Ok(()) };
    let names = calls.column("key")?.str()?;
    for (row, tally) in data.calls.tallies.iter().enumerate() {
        let verdict = &tally.verdict;
        if !data.window.holds(tally.first) || verdict.ip == IpVerdict::Expected || !verdict.outcome.may_have_acted() {
            continue;
        }
        let ip = data.calls.caller(tally).ip;
        let place = data.about(ip).filter(|about| about.lists.is_empty()).and_then(|about| about.place);
        let Some(place) = place else { continue };
        let subject = format!("key {}", names.get(row).filter(|name| !name.is_empty()).unwrap_or("(not logged)"));
        let of_key = uses.entry(subject).or_default();
        let times = tally.sample.iter().map(|place| place.time).chain([tally.last]);
        of_key.extend(times.map(|time| Use { time, ip, place, table: Table::Calls, row: row as u32 }));
    }
    Ok(())
}

fn of_events<'a>(
    events: Option<&'a DataFrame>,
    expectations: Option<&Expectations>,
    uses: &mut BTreeMap<String, Vec<Use<'a>>>,
) -> PolarsResult<()> {
    let Some(events) = events else { return Ok(()) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { events.column(name)?.str() };
    let (ips, accounts, outcomes) = (text("ip")?, text("account")?, text("outcome")?);
    let (north, east) = (text("latitude")?, text("longitude")?);
    let (times, inside) = (events.column("time")?.i64()?, events.column("in_window")?.bool()?);
    let reference = expectations.map_or(Reference::built_in(), |e| &e.reference);
    let networks = expectations.map(|e| e.networks.as_slice()).unwrap_or_default();
    for row in 0..events.height() {
        let (Some(ip), Some(time), Some(true)) = (ips.get(row), times.get(row), inside.get(row)) else { continue };
        let outcome = reference.outcome(outcomes.get(row).unwrap_or_default(), "");
        let own = parse_ip(ip).is_some_and(|ip| networks.iter().any(|network| network.holds(ip, time)));
        if own || !outcome.may_have_acted() {
            continue;
        }
        let listed = expectations.zip(parse_ip(ip)).is_some_and(|(e, ip)| !e.intel.about(ip).lists.is_empty());
        let logged = || Place::logged(north.get(row)?, east.get(row)?).filter(|_| !listed);
        let Some(place) = expectations.and_then(|e| place(ip, e)).or_else(logged) else { continue };
        let subject = format!("account {}", accounts.get(row).unwrap_or("main"));
        uses.entry(subject).or_default().push(Use { time, ip, place, table: Table::Events, row: row as u32 });
    }
    Ok(())
}

/// Both uses of each leap as evidence; the second one counts.
fn frame(leaps: &[Leap<'_>]) -> PolarsResult<LazyFrame> {
    let both: Vec<(&Leap<'_>, &Use<'_>, u64)> =
        leaps.iter().flat_map(|leap| [(leap, &leap.from, 0), (leap, &leap.to, 1)]).collect();
    let texts = |value: &dyn Fn(&Leap<'_>) -> String| both.iter().map(|(leap, ..)| value(leap)).collect::<Vec<_>>();
    let frame = df!(
        "subject" => texts(&|leap| leap.subject.clone()),
        "table" => both.iter().map(|(_, one, _)| one.table.name()).collect::<Vec<_>>(),
        "row" => both.iter().map(|(_, one, _)| one.row).collect::<Vec<_>>(),
        "first" => both.iter().map(|(_, one, _)| one.time).collect::<Vec<_>>(),
        "last" => both.iter().map(|(_, one, _)| one.time).collect::<Vec<_>>(),
        "count" => both.iter().map(|(.., count)| *count).collect::<Vec<_>>(),
        "ip" => texts(&|leap| leap.to.ip.to_owned()),
        "from" => texts(&|leap| leap.from.ip.to_owned()),
        "distance" => texts(&|leap| format!("{:.0}", leap.distance)),
        "span" => texts(&|leap| span_words(leap.to.time - leap.from.time)),
    )?;
    Ok(frame.lazy().with_column(severity(Severity::Medium).cast(DataType::Int32).alias("severity")))
}
