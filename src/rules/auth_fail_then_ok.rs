//! Denials, then success, from one unlisted source.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, is_unlisted};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Outcome;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "auth-fail-then-ok",
    title: "denied several times, then let in",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Ip,
    message: "{ip} was denied with key {key} several times and then let in within {minutes} minutes",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "Whoever tries until it works was not given the key in working order.",
    logic: "A source (key and address; IPv6: a /64) of the window that is not listed: at least `denied` denied calls within `minutes` before one that was let in. Of each kind of call the earliest 32 are looked at.",
    benign: &["you, while you corrected the list of addresses"],
    next: &[Step::DeleteKey, Step::SaveEvidence],
    sources: "Panther's correlations of brute force and success",
    thresholds: &[
        Threshold { name: "denied", default: 5.0, unit: "calls", source: "Panther, brute force" },
        Threshold { name: "minutes", default: 60.0, unit: "minutes", source: "Panther, brute force by address" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let minutes = thresholds.value("minutes");
    let span = (minutes * MINUTE as f64) as i64;
    let rows = call_rows(data)?;
    let mut sources: BTreeMap<(&str, &str), Vec<&CallRow<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && is_unlisted(row)) {
        sources.entry((row.key, row.place)).or_default().push(row);
    }
    let mut hits = Vec::new();
    for ((key, _), rows) in sources {
        let times = |odd: &dyn Fn(&CallRow<'_>) -> bool| {
            let rows = rows.iter().filter(|row| odd(row));
            let mut times: Vec<i64> = rows.flat_map(|row| row.tally.sample.iter().map(|place| place.time)).collect();
            times.sort_unstable();
            times
        };
        let denied = times(&|row| row.tally.verdict.outcome == Outcome::Denied);
        let entered = times(&|row| row.tally.verdict.outcome == Outcome::Accepted);
        let before =
            |time: i64| denied.partition_point(|at| *at < time) - denied.partition_point(|at| *at < time - span);
        if entered.iter().any(|time| before(*time) as f64 >= thresholds.value("denied")) {
            hits.extend(rows.iter().map(|row| {
                row.hit(row.ip(), Severity::High, vec![row.ip().to_owned(), key.to_owned(), format!("{minutes}")])
            }));
        }
    }
    frame(&hits, &["ip", "key", "minutes"])
}
