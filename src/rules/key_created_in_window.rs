//! Keys that were made or changed in the window.

use polars::prelude::*;

use super::plan::{MAIN, event_hit, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Action;
use crate::tables::Table;
use crate::time::{DAY, Timestamp};

pub(super) static RULE: Rule = Rule {
    id: "key-created-in-window",
    title: "key made or changed, and nothing says that you planned it",
    severity: "high; medium when the key is listed, or nothing lists keys; info for a change from an address of yours",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} was {done} {when}{from}, and no `valid_from` says that you planned it",
    needs: &[Table::Keys, Table::Events],
    needs_expectations: false,
    why: "A thief who gets into an account makes a key of his own: it outlives the session and the change of the password.",
    logic: "A key list says that a key was made in the window, or a security log that one was made or changed, and no `[[key]]` of its name has a `valid_from` within `days` of it. A security log that names no key is held against every `valid_from`.",
    benign: &["you made it yourself: give its [[key]] a `valid_from`"],
    next: &[Step::SaveEvidence, Step::DeleteKey, Step::ResetPassword, Step::AddToExpectations],
    sources: "the theft of VIA (2018), where a key was made on each phished account; the rules on new keys of Elastic, Panther and Sigma",
    thresholds: &[Threshold { name: "days", default: 1.0, unit: "days around `valid_from`", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) && data.events.is_empty() {
        return Ok(None);
    }
    let near = (thresholds.value("days") * DAY as f64) as i64;
    let mut hits = Vec::new();
    for card in data.key_cards.iter().filter(|card| card.row.is_some()) {
        let Some(created) = card.listed_created.filter(|time| data.window.holds(*time)) else { continue };
        if !planned(data, &card.name, created, near) {
            let level = level(data, &card.name, None, Action::KeyCreated);
            let details = vec![card.name.clone(), "made".to_owned(), Timestamp(created).to_string(), String::new()];
            hits.push(key_hit(card, level, Some(created), details));
        }
    }
    for event in data.events.iter().filter(|event| data.window.holds(event.time)) {
        let name = data.key_named(&event.key, event.time);
        if !matches!(event.action, Action::KeyCreated | Action::KeyEdited) || planned(data, &name, event.time, near) {
            continue;
        }
        let done = if event.action == Action::KeyCreated { "made" } else { "changed" };
        let from = if event.ip.is_empty() { String::new() } else { format!(" from {}", event.ip) };
        let subject = if name.is_empty() { MAIN.to_owned() } else { name.clone() };
        let details = vec![name.clone(), done.to_owned(), Timestamp(event.time).to_string(), from];
        hits.push(event_hit(event, &subject, level(data, &name, event.expected, event.action), details));
    }
    frame(&hits, &["key", "done", "when", "from"])
}

fn level(data: &Dataset<'_>, name: &str, from_own: Option<bool>, action: Action) -> Severity {
    match (from_own, action) {
        (Some(true), Action::KeyEdited) => Severity::Info,
        (Some(false), _) => Severity::High,
        // What the user lists without a date is at least his.
        _ if !data.lists_keys() || data.expected_key(name).is_some_and(|key| key.valid.from.is_none()) => {
            Severity::Medium
        }
        _ => Severity::High,
    }
}

/// Whether the expectations say that a key was to be made about then; of a key that is not named, any.
fn planned(data: &Dataset<'_>, name: &str, time: i64, near: i64) -> bool {
    let keys = data.expectations.map(|e| e.keys.as_slice()).unwrap_or_default();
    keys.iter()
        .filter(|key| name.is_empty() || key.name == name)
        .filter_map(|key| key.valid.from)
        .any(|from| (from - time).abs() <= near)
}
