//! Tools that always call, and stopped.

use polars::prelude::*;

use super::call_rows::{call_rows, uses};
use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::expectations::{Rhythm, Schedule, awake};
use crate::ingest::Source;
use crate::ingest::activity::Bin;
use crate::tables::Table;
use crate::time::{HOUR, Timestamp, span_words};

pub(super) static RULE: Rule = Rule {
    id: "bot-went-silent",
    title: "tool stopped calling",
    severity: "low; medium when another source began with its key at that time",
    confidence: Confidence::Low,
    subject: Subject::Key,
    message: "key {key} fell silent {when} for {gap}{other}",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "A thief who changes what a tool works with, or takes its place, silences it.",
    logic: "A silence in the window of a key whose tools are all continuous, longer than `periods` of their longest period outside of their hours and, where the schedule is only that of its kind, than `habit` times the longest silence before; within the span of one log, and while the log covers that time. Medium when a call that is not expected came with the key within `near_hours` of its beginning.",
    benign: &["an outage, or a ban for asking too often", "a copy tool with nothing to copy: give it a schedule"],
    next: &[Step::SecureVendor, Step::AddToExpectations],
    sources: "own proposal",
    thresholds: &[
        Threshold { name: "periods", default: 3.0, unit: "periods", source: "own proposal" },
        Threshold { name: "habit", default: 2.0, unit: "times the longest silence before", source: "own proposal" },
        Threshold { name: "near_hours", default: 1.0, unit: "hours", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(_), Some(coverage)) = (data.expectations, data.coverage_of(Table::Calls)) else { return Ok(None) };
    let rows = call_rows(data)?;
    let mut hits = Vec::new();
    for (key, uses) in uses(data, &rows) {
        let Some(entry) = data.expected_key(key) else { continue };
        let schedules: Vec<Schedule> = data.schedules(entry).collect();
        let Some(every) = schedules.iter().filter_map(|s| s.every).max() else { continue };
        if schedules.iter().any(|s| s.rhythm != Rhythm::Continuous) {
            continue;
        }
        let mut spans: Vec<(i64, i64)> =
            uses.iter().filter(|(kind, _)| kind.is_own()).map(|(_, bin)| (bin.first, bin.last)).collect();
        spans.sort_unstable();
        let end = entry.valid.until.unwrap_or(i64::MAX).min(data.window.as_of);
        let logs = data.sources.iter().filter(|source| source.table == Table::Calls);
        let until = logs.filter_map(Source::last).max().unwrap_or(end).min(end);
        spans.push((until, until));
        let gaps: Vec<(i64, i64)> = spans.windows(2).map(|pair| (pair[0].1, pair[1].0)).collect();
        let habit = gaps.iter().filter(|gap| gap.1 < data.window.start).map(|gap| gap.1 - gap.0).max().unwrap_or(0);
        let stated = schedules.iter().all(|s| s.stated);
        let limit = ((every as f64 * thresholds.value("periods")) as i64).max(if stated {
            0
        } else {
            (habit as f64 * thresholds.value("habit")) as i64
        });
        for (from, to) in gaps {
            let alive = coverage.holds(from + limit / 2, HOUR) && coverage.holds(to, HOUR);
            if to - from <= limit || awake(&schedules, from, to) <= limit || !data.window.holds(from) || !alive {
                continue;
            }
            let around = (thresholds.value("near_hours") * HOUR as f64) as i64;
            let near = |bin: &Bin| bin.first <= from + around && bin.last >= from - around;
            let other = uses.iter().any(|(kind, bin)| kind.entered() && !kind.is_own() && near(bin));
            let level = if other { Severity::Medium } else { Severity::Low };
            let words = if other { ", when another source began to use it" } else { "" };
            let details = vec![key.to_owned(), Timestamp(from).to_string(), span_words(to - from), words.to_owned()];
            let last =
                rows.iter().find(|row| row.key == key && row.tally.last == from).map(|row| (Table::Calls, row.row));
            hits.push(Hit {
                subject: key.to_owned(),
                severity: level,
                at: last,
                first: Some(from),
                last: Some(to),
                count: 1,
                details,
            });
        }
    }
    frame(&hits, &["key", "when", "gap", "other"])
}
