//! Calls when the tool does not call.

use polars::prelude::*;

use super::call_rows::{call_rows, uses};
use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::expectations::{DayWindow, Rhythm, Schedule};
use crate::tables::Table;
use crate::time::{MINUTE, Timestamp, Zone, span_words};

pub(super) static RULE: Rule = Rule {
    id: "off-schedule",
    title: "calls outside the tool's hours, too soon or too late",
    severity: "low; medium when it acted",
    confidence: Confidence::Low,
    subject: Subject::Key,
    message: "key {key} was used {how}: {when}",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "Who uses a key from the tool's own machine still has to choose the hour.",
    logic: "A call of the window, let in, outside the hours of the schedules of all the key's tools, local to their zone and with `grace` minutes on either side; or, for keys of periodic tools alone, two runs (calls at most `run` minutes apart are one run) that begin further from one period apart than the `jitter` of its schedule; of a schedule without one, less than `soon` or more than `late` of the period apart, the latter within one log. Counted in half hours.",
    benign: &["you started the tool by hand, or let a run out", "a clock change of a tool that keeps another zone"],
    next: &[Step::AddToExpectations],
    sources: "Elastic, auth_rare_hour_for_a_user (low)",
    thresholds: &[
        Threshold { name: "grace", default: 5.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "run", default: 60.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "soon", default: 0.2, unit: "of the period", source: "own proposal" },
        Threshold { name: "late", default: 1.5, unit: "of the period", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(_), true) = (data.expectations, data.frames.contains_key(&Table::Calls)) else { return Ok(None) };
    let grace = (thresholds.value("grace") * MINUTE as f64) as i64;
    let rows = call_rows(data)?;
    let mut hits = Vec::new();
    for (key, uses) in uses(data, &rows) {
        let Some(entry) = data.expected_key(key) else { continue };
        let schedules: Vec<Schedule> = data.schedules(entry).collect();
        let hours: Vec<(DayWindow, Zone)> = schedules.iter().filter_map(|s| Some((s.window?, s.zone))).collect();
        let entered = || uses.iter().filter(|(kind, _)| kind.entered());
        let mut odd: Vec<(i64, bool, String)> = Vec::new();
        if !hours.is_empty() && hours.len() == schedules.len() {
            let inside = |time: i64| hours.iter().any(|(hours, zone)| hours.holds(time, *zone, grace));
            for (kind, bin) in entered() {
                let time = [bin.first, bin.last].into_iter().find(|time| data.window.holds(*time) && !inside(*time));
                odd.extend(time.map(|time| (time, kind.acted(), "outside the hours of its tools".to_owned())));
            }
        }
        let due =
            schedules.iter().filter(|s| s.rhythm == Rhythm::Periodic).filter_map(|s| Some((s.every?, s.jitter))).min();
        if let (Some((period, jitter)), true) = (due, schedules.iter().all(|s| s.rhythm == Rhythm::Periodic)) {
            let limit = |name: &str| (thresholds.value(name) * period as f64) as i64;
            let (soon, late) = match jitter {
                0 => (limit("soon"), limit("late")),
                jitter => (period - jitter, period + jitter),
            };
            let runs =
                runs(entered().map(|(_, bin)| (bin.first, bin.last)), (thresholds.value("run") * MINUTE as f64) as i64);
            for pair in runs.windows(2) {
                let apart = pair[1] - pair[0];
                let off = apart < soon || apart > late && data.one_log_covers(pair[0], pair[1]);
                if data.window.holds(pair[1]) && off {
                    let acted = entered().any(|(kind, bin)| kind.acted() && bin.last >= pair[1]);
                    let how = format!(
                        "{} after the run before, too {}: its period is {}",
                        span_words(apart),
                        if apart < soon { "soon" } else { "late" },
                        span_words(period)
                    );
                    odd.push((pair[1], acted, how));
                }
            }
        }
        for (time, acted, how) in odd {
            let level = if acted { Severity::Medium } else { Severity::Low };
            let details = vec![key.to_owned(), how, Timestamp(time).to_string()];
            let at = rows
                .iter()
                .find(|row| row.key == key && row.entered() && (row.tally.first..=row.tally.last).contains(&time));
            let at = at.map(|row| (Table::Calls, row.row));
            hits.push(Hit {
                subject: key.to_owned(),
                severity: level,
                at,
                first: Some(time),
                last: Some(time),
                count: 1,
                details,
            });
        }
    }
    frame(&hits, &["key", "how", "when"])
}

/// When runs begin: calls no further apart than a span are one run.
fn runs(spans: impl Iterator<Item = (i64, i64)>, apart: i64) -> Vec<i64> {
    let mut spans: Vec<(i64, i64)> = spans.collect();
    spans.sort_unstable();
    let mut runs: Vec<i64> = Vec::new();
    let mut end = i64::MIN;
    for (first, last) in spans {
        if first.saturating_sub(end) > apart || runs.is_empty() {
            runs.push(first);
        }
        end = end.max(last);
    }
    runs
}
