//! A key whose reach is being explored.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, newcomers};
use super::plan::{frame, is_discovery};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::{Dataset, operation};
use crate::reference::Class;
use crate::tables::Table;
use crate::time::{MINUTE, SECOND};

pub(super) static RULE: Rule = Rule {
    id: "recon-burst",
    title: "key is being mapped",
    severity: "medium; high from an unlisted address",
    confidence: Confidence::Medium,
    subject: Subject::Ip,
    message: "{count:call} from {ip} with key {key} explored what it may do: {operation}",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "The first step with a key that is not one's own is to ask what it opens; in the studies of leaked keys it always was.",
    logic: "A source (key and address; IPv6: a /64) of the window that is not listed and has no earlier call: its first call reads the account itself (balances, permissions, coins); or more than `distinct` different operations within `seconds`; or more than `calls` within `minutes`. Of each kind of call the earliest 32 are looked at, and all where they fall within `minutes`: a newcomer explores at once.",
    benign: &["the start of a new tool, or the first run of a tax tool: list its address"],
    next: &[Step::DeleteKey, Step::NewKey],
    sources: "Elastic, discovery_multiple_discovery_api_calls_via_cli (more than 5 in 10 s); SigmaHQ aws_enum_listing (more than 50 in 10 min); UvA study of leaked keys 2020",
    thresholds: &[
        Threshold { name: "distinct", default: 5.0, unit: "different operations", source: "Elastic" },
        Threshold { name: "seconds", default: 10.0, unit: "seconds", source: "Elastic" },
        Threshold { name: "calls", default: 50.0, unit: "calls", source: "SigmaHQ" },
        Threshold { name: "minutes", default: 10.0, unit: "minutes", source: "SigmaHQ" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let number = |name: &str, unit: i64| (thresholds.value(name) * unit as f64) as i64;
    let (near, far) = (number("seconds", SECOND), number("minutes", MINUTE));
    let rows = call_rows(data)?;
    let mut hits = Vec::new();
    for ((key, _), rows) in newcomers(&rows, data.window) {
        let mut reads: Vec<Read> = Vec::new();
        for row in rows.iter().filter(|row| is_discovery(row.tally.verdict.class)) {
            reads.extend(row.tally.sample.iter().map(|place| (place.time, operation(&row.caller()), None)));
            let beyond = row.tally.count.saturating_sub(row.tally.sample.len() as u64);
            if let Some(last) = reads.last_mut().filter(|_| beyond > 0) {
                last.2 = Some((row.tally.last, beyond));
            }
        }
        reads.sort();
        let first = rows.iter().min_by_key(|row| (row.tally.first, row.row));
        let asks = first.is_some_and(|row| asks_what_there_is(row));
        let fast = windows(&reads, near).any(|part| distinct(part) as f64 > thresholds.value("distinct"));
        let many = windows(&reads, far).any(|part| count(part, far) as f64 > thresholds.value("calls"));
        if asks || fast || many {
            for row in rows.iter().filter(|row| is_discovery(row.tally.verdict.class)) {
                let level = if row.is_foreign() { Severity::High } else { Severity::Medium };
                hits.push(row.hit(
                    row.ip(),
                    level,
                    vec![row.ip().to_owned(), key.to_owned(), operation(&row.caller())],
                ));
            }
        }
    }
    frame(&hits, &["ip", "key", "operation"])
}

/// A read: its time and operation and, of the last that a sample holds, the time of the last of its kind and how many lie
/// between.
type Read = (i64, String, Option<(i64, u64)>);

/// Whether a call asks what the account holds and may do: balances, permissions, and the coins with their balances.
fn asks_what_there_is(row: &CallRow<'_>) -> bool {
    row.tally.verdict.class == Class::ReadAccount || row.operation().contains("/capital/config/getall")
}

/// The reads that begin at each and fall within a span.
fn windows(reads: &[Read], span: i64) -> impl Iterator<Item = &[Read]> {
    (0..reads.len()).map(move |at| {
        let until = reads.partition_point(|(time, ..)| *time <= reads[at].0 + span);
        &reads[at..until]
    })
}

/// How many they are within a span, with those that no sample holds.
fn count(reads: &[Read], span: i64) -> u64 {
    let Some((begin, ..)) = reads.first() else { return 0 };
    let beyond = reads.iter().filter_map(|(.., beyond)| *beyond).filter(|(last, _)| *last <= begin + span);
    reads.len() as u64 + beyond.map(|(_, count)| count).sum::<u64>()
}

fn distinct(reads: &[Read]) -> usize {
    reads.iter().map(|(_, operation, _)| operation).collect::<BTreeSet<_>>().len()
}
