//! Keys that were used as soon as they were made.

use std::ops::RangeInclusive;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, uses};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::{Dataset, Event};
use crate::ingest::activity::{Bin, Use};
use crate::matching::IpVerdict;
use crate::reference::Action;
use crate::tables::Table;
use crate::time::{DAY, MINUTE, Timestamp, span_words};

pub(super) static RULE: Rule = Rule {
    id: "key-created-then-used",
    title: "new key used at once",
    severity: "critical when it traded or moved money, else high; info when all of it is expected",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} was {done} {when} and used {after} later from {ip} ({class})",
    needs: &[Table::Keys, Table::Events, Table::Calls],
    needs_expectations: false,
    why: "A thief in a hurry makes a key and uses it; your own setup looks the same but for the address.",
    logic: "A key that a key list or security log says was made in the window (or changed, from an address that is not yours), with its first call not refused within `minutes` (of a caller with very many calls by the half hours in which its key was used from its network). Info when the key is listed, all those calls are as expected, and nothing says that it was made from a foreign address.",
    benign: &["you set up a tool: list its key, address and client"],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::ResetPassword],
    sources: "Elastic, persistence_iam_user_self_created_access_key_subsequently_used (one hour)",
    thresholds: &[Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "Elastic, one hour" }],
    plan,
};

/// A key that was made or changed.
struct Made<'a> {
    key: String,
    time: i64,
    done: &'static str,
    event: Option<&'a Event>,
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) || !data.frames.contains_key(&Table::Keys) && data.events.is_empty() {
        return Ok(None);
    }
    let span = (thresholds.value("minutes") * MINUTE as f64) as i64;
    let rows = call_rows(data)?;
    let used = uses(data, &rows);
    let mut hits = Vec::new();
    for made in made(data, &rows, span) {
        let bins = used.get(made.key.as_str()).map_or(&[][..], Vec::as_slice);
        let uses: Vec<(&CallRow<'_>, i64)> = rows
            .iter()
            .filter(|row| row.key == made.key && row.entered())
            .filter_map(|row| Some((row, first_use(row, bins, made.time..=made.time + span)?)))
            .collect();
        let expected = data.expected_key(&made.key).is_some()
            && made.event.is_none_or(|event| event.expected != Some(false))
            && uses.iter().all(|(row, _)| row.tally.expected && row.tally.verdict.ip == IpVerdict::Expected);
        let level = match (expected, uses.iter().any(|(row, _)| row.acted())) {
            (true, _) => Severity::Info,
            (false, true) => Severity::Critical,
            (false, false) => Severity::High,
        };
        let after = uses.iter().map(|(_, time)| time - made.time).min().map(span_words).unwrap_or_default();
        for (row, _) in &uses {
            let details = [&made.key, made.done, &Timestamp(made.time).to_string(), &after, row.ip()];
            let class = row.tally.verdict.class.name();
            hits.push(row.hit(&made.key, level, details.into_iter().chain([class]).map(str::to_owned).collect()));
        }
    }
    frame(&hits, &["key", "done", "when", "after", "ip", "class"])
}

/// When a caller first used its key within a span: by the calls kept of it, else by the half hours in which its key was used so
/// from its place.
fn first_use(row: &CallRow<'_>, bins: &[(Use, &Bin)], span: RangeInclusive<i64>) -> Option<i64> {
    let sample = &row.tally.sample;
    let kept = sample.iter().map(|place| place.time).find(|time| span.contains(time));
    if kept.is_some() || sample.len() as u64 == row.tally.count {
        return kept;
    }
    let kind = Use::of(&row.tally.verdict)?;
    let own = bins.iter().filter(|(other, bin)| *other == kind && bin.may_hold(row.mark()));
    let calls = row.tally.first..=row.tally.last;
    own.flat_map(|(_, bin)| [bin.first, bin.last]).filter(|time| span.contains(time) && calls.contains(time)).min()
}

/// The keys made in the window, or changed from an address that is not the user's, each with its time to the minute.
fn made<'a>(data: &'a Dataset<'_>, rows: &[CallRow<'_>], span: i64) -> Vec<Made<'a>> {
    let mut all = Vec::new();
    for card in data.key_cards.iter().filter(|card| card.row.is_some()) {
        // A date alone does not say when on that day.
        let exact = |time: &i64| data.window.holds(*time) && time.rem_euclid(DAY) != 0;
        if let Some(time) = card.listed_created.filter(exact) {
            all.push(Made { key: card.name.clone(), time, done: "made", event: None });
        }
    }
    for event in data.events.iter().filter(|event| data.window.holds(event.time)) {
        let done = match event.action {
            Action::KeyCreated => "made",
            Action::KeyEdited if event.expected == Some(false) => "changed",
            _ => continue,
        };
        let mut keys = vec![data.key_named(&event.key, event.time)];
        if keys[0].is_empty() {
            // A log that does not name the key: any key that called for the first time soon after.
            let first = |key: &str| rows.iter().filter(|row| row.key == key).map(|row| row.tally.first).min();
            let begun = |key: &str| first(key).is_some_and(|first| (event.time..=event.time + span).contains(&first));
            keys = data.key_cards.iter().map(|card| card.name.clone()).filter(|key| begun(key)).collect();
        }
        all.extend(keys.into_iter().map(|key| Made { key, time: event.time, done, event: Some(event) }));
    }
    all
}
