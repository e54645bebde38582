//! Many denied calls at once.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, key_names};
use super::plan::{Hit, frame, is_discovery};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::ingest::activity::Use;
use crate::reference::Outcome;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::{MINUTE, Timestamp};

pub(super) static RULE: Rule = Rule {
    id: "auth-fail-burst",
    title: "many calls denied at once",
    severity: "medium",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "calls {who} were denied {most} within {minutes}, {begin}",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "Either someone tries a key that its restrictions hold back, or your own tool has lost its rights and does not know.",
    logic: "Of one key in the window: at least `denied` denied calls within `minutes`; or more than `usual` within `usual_minutes`, and more than the mean of its spans of that length with denials before plus `sigmas` standard deviations (with at least `habit_spans` such); or at least `reads` denied reads within `usual_minutes`. Counted in tens of seconds. The first and the last also of one address (IPv6: a /64) with several keys; there of each kind of call the earliest 32 are looked at.",
    benign: &[
        "the exchange took a right away (Binance's unrestricted keys lose trading after 30 days)",
        "a configuration that broke",
    ],
    next: &[Step::StopTool, Step::DeleteKey],
    sources: "Splunk, aws_high_number_of_failed_authentications_from_ip (20 in 5 minutes) and aws_unusual_number_of_failed_authentications_from_ip (10, 3 sigma); Panther, aws_iam_user_recon_denied (15)",
    thresholds: &[
        Threshold { name: "denied", default: 20.0, unit: "calls", source: "Splunk" },
        Threshold { name: "minutes", default: 5.0, unit: "minutes", source: "Splunk" },
        Threshold { name: "usual", default: 10.0, unit: "calls", source: "Splunk" },
        Threshold { name: "usual_minutes", default: 10.0, unit: "minutes", source: "Splunk" },
        Threshold { name: "reads", default: 15.0, unit: "reads", source: "Panther" },
        Threshold { name: "sigmas", default: 3.0, unit: "standard deviations", source: "Splunk" },
        Threshold { name: "habit_spans", default: 20.0, unit: "spans with denials before", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let minutes = |name: &str| (thresholds.value(name) * MINUTE as f64) as i64;
    let (short, long) = (minutes("minutes"), minutes("usual_minutes"));
    let rows = call_rows(data)?;
    let names = key_names(&rows);
    let mut denials: BTreeMap<&str, BTreeMap<i64, (u64, u64)>> = BTreeMap::new();
    for (key, kind, time, count) in data.calls.activity.denials() {
        let name = names.get(&key).copied().unwrap_or_default();
        let (all, reads) = denials.entry(name).or_default().entry(time).or_default();
        *all += u64::from(count);
        *reads += if kind == Use::DeniedRead { u64::from(count) } else { 0 };
    }
    let mut hits = Vec::new();
    for (key, bins) in denials {
        let habit = habit(&bins, data.window.start, long, thresholds);
        let all = densest(&bins, data.window, short, |(all, _)| all);
        let usual = densest(&bins, data.window, long, |(all, _)| all);
        let reads = densest(&bins, data.window, long, |(_, reads)| reads);
        let unusual = usual.0 as f64 > thresholds.value("usual") && habit.is_some_and(|limit| usual.0 as f64 > limit);
        let found = if all.0 as f64 >= thresholds.value("denied") {
            Some((all, "minutes"))
        } else if reads.0 as f64 >= thresholds.value("reads") {
            Some((reads, "usual_minutes"))
        } else {
            unusual.then_some((usual, "usual_minutes"))
        };
        let Some(((most, begin), name)) = found else { continue };
        let details = details(&format!("with key {key}"), key, most, thresholds.value(name), begin);
        let denied = |row: &&CallRow<'_>| row.key == key && row.tally.verdict.outcome == Outcome::Denied;
        let near = |row: &&CallRow<'_>| row.tally.first <= begin + long && row.tally.last >= begin;
        hits.extend(rows.iter().filter(denied).filter(near).map(|row| row.hit(key, Severity::Medium, details.clone())));
    }
    hits.extend(by_address(data, &rows, thresholds));
    frame(&hits, &["who", "key", "most", "minutes", "begin"])
}

fn details(who: &str, key: &str, most: u64, minutes: f64, begin: i64) -> Vec<String> {
    vec![
        who.to_owned(),
        key.to_owned(),
        counted(most, "time"),
        counted(minutes, "minute"),
        Timestamp(begin).to_string(),
    ]
}

/// The addresses that were denied with several keys, so often in all that it is a burst.
fn by_address(data: &Dataset<'_>, rows: &[CallRow<'_>], thresholds: &Thresholds) -> Vec<Hit> {
    let mut addresses: BTreeMap<&str, Vec<&CallRow<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && !row.place.is_empty()) {
        if row.tally.verdict.outcome == Outcome::Denied {
            addresses.entry(row.place).or_default().push(row);
        }
    }
    let mut hits = Vec::new();
    for rows in addresses.into_values() {
        let keys: BTreeSet<&str> = rows.iter().map(|row| row.key).collect();
        if keys.len() < 2 {
            continue;
        }
        let mut bins: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        for row in &rows {
            let read = u64::from(is_discovery(row.tally.verdict.class));
            for place in &row.tally.sample {
                let (all, reads) = bins.entry(place.time).or_default();
                (*all, *reads) = (*all + 1, *reads + read);
            }
        }
        let minutes = |name: &str| (thresholds.value(name) * MINUTE as f64) as i64;
        let all = densest(&bins, data.window, minutes("minutes"), |(all, _)| all);
        let reads = densest(&bins, data.window, minutes("usual_minutes"), |(_, reads)| reads);
        let ((most, begin), name) = if all.0 as f64 >= thresholds.value("denied") {
            (all, "minutes")
        } else if reads.0 as f64 >= thresholds.value("reads") {
            (reads, "usual_minutes")
        } else {
            continue;
        };
        hits.extend(rows.iter().map(|row| {
            let who = format!("from {} with {}, this one among them,", row.ip(), counted(keys.len(), "key"));
            row.hit(row.key, Severity::Medium, details(&who, row.key, most, thresholds.value(name), begin))
        }));
    }
    hits
}

/// The most denials of a span of the window, and when it begins.
fn densest(bins: &BTreeMap<i64, (u64, u64)>, window: Window, span: i64, pick: fn((u64, u64)) -> u64) -> (u64, i64) {
    let list: Vec<(i64, u64)> =
        bins.iter().filter(|(time, _)| window.holds(**time)).map(|(time, counts)| (*time, pick(*counts))).collect();
    let (mut sum, mut from, mut best) = (0, 0, (0, 0));
    for (time, count) in &list {
        sum += count;
        while list[from].0 <= time - span {
            sum -= list[from].1;
            from += 1;
        }
        if sum > best.0 {
            best = (sum, list[from].0);
        }
    }
    best
}

/// What is more than usual, by the key's spans with denials before the window; `None` where they are few.
fn habit(bins: &BTreeMap<i64, (u64, u64)>, start: i64, span: i64, thresholds: &Thresholds) -> Option<f64> {
    let mut spans: BTreeMap<i64, u64> = BTreeMap::new();
    for (time, (all, _)) in bins.range(..start) {
        *spans.entry(time.div_euclid(span)).or_default() += all;
    }
    let of = spans.len() as f64;
    let mean = spans.values().sum::<u64>() as f64 / of;
    let variance = spans.values().map(|count| (*count as f64 - mean).powi(2)).sum::<f64>() / of;
    (of >= thresholds.value("habit_spans")).then(|| mean + thresholds.value("sigmas") * variance.sqrt())
}
