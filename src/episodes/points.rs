//! How bad an episode is, and why: every point of its score has its reason.

use std::collections::{BTreeSet, HashSet};

use super::Episode;
use super::entries::Entry;
use crate::dataset::Dataset;
use crate::engine::{Finding, Findings};
use crate::rules::Severity;
use crate::tables::Table;
use crate::time::{DAY, HOUR};

/// A part of the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// How many.
    pub points: u32,
    /// The rule.
    pub rule: &'static str,
    /// What it found, in a few words.
    pub why: String,
}

/// What a finding counts by its severity (the risk scores of Elastic's detection rules).
const RISK: [u32; 5] = [0, 21, 47, 73, 99];
/// What every further rule adds (own proposal: two more make a high finding critical).
const FURTHER: u32 = 13;

/// What a thief does besides trading, before, while or after he does it: no record of an episode shows it.
const BESIDES: &[&str] = &[
    "borrow-first",
    "leverage-raised",
    "stops-cancelled",
    "login-new-ip-then-key-change",
    "key-created-then-used",
    "withdraw-new-address",
    "withdraw-via-api",
    "withdraw-split",
    "transfer-out-unlisted",
];
/// No longer before or after an episode than this (own proposal: as the orders of one episode lie no further apart).
const BESIDE: i64 = HOUR;

/// The findings of medium severity and above that name records of an episode, or an address that it came from, or what
/// was done besides.
pub fn about<'a>(findings: &'a Findings, entries: &[Entry], ips: &BTreeSet<String>) -> Vec<&'a Finding> {
    let rows: HashSet<(Table, u32)> = entries.iter().map(|entry| (entry.table, entry.table_row)).collect();
    let span = entries.first().zip(entries.last()).map(|(first, last)| first.time - BESIDE..=last.time + BESIDE);
    let beside = |finding: &Finding| {
        let times = [finding.first, finding.last].into_iter().flatten();
        let mut inside = times.map(|time| span.as_ref().is_some_and(|span| span.contains(&time)));
        BESIDES.contains(&finding.rule.id) && inside.any(|inside| inside)
    };
    let names = |finding: &&Finding| {
        finding.rows.iter().any(|row| rows.contains(row))
            || (finding.rule.subject == crate::rules::Subject::Ip && ips.contains(&finding.subject))
            || beside(finding)
    };
    let mut about: Vec<&Finding> = findings
        .found
        .iter()
        .filter(|finding| finding.suppressed.is_none() && finding.severity >= Severity::Medium)
        .filter(names)
        .collect();
    about.sort_by(|a, b| (b.severity, a.rule.id, &a.subject).cmp(&(a.severity, b.rule.id, &b.subject)));
    // One finding a rule, the worst.
    let mut seen = BTreeSet::new();
    about.retain(|finding| seen.insert(finding.rule.id));
    about
}

/// The score of an episode, and its severity: that of its worst finding, or more when other rules agree.
pub fn score(about: &[&Finding]) -> (Vec<Point>, Severity) {
    let worst = about.first().map_or(Severity::High, |finding| finding.severity);
    let point = |(at, finding): (usize, &&Finding)| Point {
        points: if at == 0 { RISK[worst as usize] } else { FURTHER },
        rule: finding.rule.id,
        why: format!("{} ({})", finding.rule.title, finding.severity.name()),
    };
    let points: Vec<Point> = about.iter().enumerate().map(point).collect();
    let sum: u32 = points.iter().map(|point| point.points).sum();
    let severity = if sum >= RISK[4] { Severity::Critical } else { worst };
    (points, severity)
}

/// A forced close so long after a grave finding is a consequence of it.
const AFTERWARDS: i64 = DAY;

/// Raises findings that are worse as a part, or a consequence, of an episode.
pub fn raise(data: &Dataset<'_>, findings: &mut Findings, episodes: &[Episode]) {
    let grave: Vec<&Episode> = episodes.iter().filter(|episode| episode.is_grave()).collect();
    let rows: HashSet<(Table, u32)> =
        grave.iter().flat_map(|episode| episode.entries.iter().map(|entry| (entry.table, entry.table_row))).collect();
    let fixed = |rule: &str| data.expectations.is_some_and(|e| e.fixes_severity(rule));
    let alarms: Vec<i64> = findings
        .found
        .iter()
        .filter(|f| f.severity >= Severity::High && f.suppressed.is_none())
        .filter_map(|f| f.first)
        .collect();
    for finding in &mut findings.found {
        let worse = match finding.rule.id {
            "symbol-first-seen" => finding.rows.iter().any(|row| rows.contains(row)),
            "liquidation-seen" => finding
                .first
                .is_some_and(|first| alarms.iter().any(|alarm| (*alarm..=alarm + AFTERWARDS).contains(&first))),
            _ => false,
        };
        if worse && finding.severity < Severity::High && !fixed(finding.rule.id) {
            finding.severity = Severity::High;
        }
    }
    findings.sort();
}
