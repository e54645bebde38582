//! Builds the report from what was read and found. From here on nothing knows polars.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::assets::assets;
use super::episodes::episodes;
use super::ips::ips;
use super::not_checked::not_checked;
use super::records::{orders, p2p, transfers};
use super::verdict::verdict;
use super::{
    BaselineInfo, CoverageInfo, FileInfo, FindingInfo, Gap, GoneInfo, KeyInfo, RejectInfo, Report, RunInfo, SCHEMA,
    Sandbox, SeenInfo, SourceInfo, SubjectInfo, SuppressedInfo, Tool, Unreadable,
};
use crate::baseline::Baseline;
use crate::dataset::as_of::AsOf;
use crate::dataset::{Dataset, KeyCard, Seen};
use crate::engine::{Finding, Findings};
use crate::episodes::Episode;
use crate::expectations::Purpose;
use crate::matching::Inventory;
use crate::rules::playbook::Step;
use crate::sigma::UserRules;
use crate::tables::Table;
use crate::time::{MINUTE, Timestamp, Zone};

/// Addresses listed before the rest is only counted.
const IPS_KEPT: usize = 100_000;

/// What the report needs to know of the run besides the data.
pub struct Run<'a> {
    /// The instant it speaks of.
    pub as_of: &'a AsOf,
    /// Files that are not read.
    pub unreadable: Vec<Unreadable>,
    /// Names and ids of keys.
    pub inventory: &'a Inventory,
    /// `--strict`.
    pub strict: bool,
    /// `--baseline`.
    pub baseline: Option<&'a Baseline>,
    /// `--rules`.
    pub rules: &'a UserRules,
}

/// Builds it.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn build(data: &Dataset<'_>, findings: &Findings, found: &[Episode], run: Run<'_>) -> PolarsResult<Report> {
    let not_checked = not_checked(data, findings);
    let orders = orders(data, run.inventory, found);
    let verdict = verdict(data, findings, orders.unrecognized.len(), run.as_of, &run.unreadable, run.strict);
    let mut ips = ips(data, run.inventory);
    let all = data.calls.addresses.unwrap_or(0).max(ips.len() as u64);
    ips.truncate(IPS_KEPT);
    let truncated = Some(all - ips.len() as u64).filter(|more| *more > 0);
    Ok(Report {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        run: RunInfo {
            as_of: Timestamp(data.window.as_of),
            since: Timestamp(data.window.since),
            until: Timestamp(data.window.until),
            zone: data.expectations.map_or(Zone::UTC, |e| e.zone).to_string(),
            expectations: data.expectations.map(|e| e.shown.clone()),
            files: files(data, run.rules, run.baseline),
            unconfirmed: data.expectations.is_some_and(|e| !e.confirmed),
            sandbox: Sandbox { network: "not enforced", filesystem: "not enforced" },
        },
        verdict,
        sources: sources(data),
        unreadable: run.unreadable,
        coverage: coverage(data),
        ips,
        ips_truncated: truncated,
        orders,
        episodes: episodes(data, found),
        p2p: p2p(data, findings)?,
        transfers: transfers(data, findings)?,
        assets: assets(data),
        keys: data.key_cards.iter().map(key).collect(),
        not_checked,
        findings: findings.found.iter().map(|found| finding(found, run.baseline)).collect(),
        baseline: run.baseline.map(|baseline| compare(baseline, findings)),
        rejected: rejected(data),
        steps: findings.steps(),
    })
}

fn sources(data: &Dataset<'_>) -> Vec<SourceInfo> {
    let info = |source: &crate::ingest::Source| SourceInfo {
        id: source.id,
        path: source.path.clone(),
        member: source.member.clone(),
        sha256: source.sha256.clone(),
        bytes: source.bytes,
        format: source.format,
        generation: source.generation,
        table: source.table.name(),
        zone: source.zone.clone(),
        zone_from: source.zone_from,
        records: source.records,
        accepted: source.accepted,
        duplicate: source.duplicate,
        rejected: source.rejected,
        skipped: source.skipped_total(),
        skipped_reasons: source.skipped.clone(),
        first: source.first.map(Timestamp),
        last: source.last().map(Timestamp),
        notes: notes(source),
    };
    data.sources.iter().map(info).collect()
}

fn notes(source: &crate::ingest::Source) -> Vec<String> {
    let repeated = format!(
        "{} times fall into the hour that a clock change repeats; the earlier instant was taken",
        source.ambiguous
    );
    let mut notes = source.notes.clone();
    notes.extend((source.ambiguous > 0).then_some(repeated));
    let held_by_time = matches!(source.table, Table::Calls | Table::Orders | Table::Trades);
    if held_by_time && source.grain >= MINUTE {
        notes.push("its times have no seconds: orders and calls are held against each other to the minute".to_owned());
    }
    notes
}

fn coverage(data: &Dataset<'_>) -> Vec<CoverageInfo> {
    let info = |coverage: &crate::dataset::coverage::Coverage| CoverageInfo {
        table: coverage.table.name(),
        first: coverage.first().map(Timestamp),
        last: coverage.last().map(Timestamp),
        gaps: coverage
            .gaps(&data.window)
            .into_iter()
            .map(|(from, to)| Gap { from: Timestamp(from), to: Timestamp(to) })
            .collect(),
        share_of_window: (coverage.share * 10_000.0).floor() / 10_000.0,
    };
    data.coverage.iter().map(info).collect()
}

fn key(card: &KeyCard) -> KeyInfo {
    let seen = |map: &BTreeMap<String, Seen>| {
        map.iter()
            .filter(|(value, _)| !value.is_empty())
            .map(|(value, seen)| SeenInfo {
                value: value.clone(),
                calls: seen.count,
                first: Timestamp(seen.first),
                last: Timestamp(seen.last),
            })
            .collect()
    };
    KeyInfo {
        name: card.name.clone(),
        id: card.id.clone(),
        expected: card.expected,
        created: card.created.map(Timestamp),
        last_used: card.last_used.map(Timestamp),
        deleted_at: card.deleted_at.map(Timestamp),
        status: card.status.clone(),
        permissions: card.permissions.clone(),
        networks: card.networks.clone(),
        calls: card.calls.map_or(0, |calls| calls.count),
        first: card.calls.map(|calls| Timestamp(calls.first)),
        last: card.calls.map(|calls| Timestamp(calls.last)),
        orders: card.orders,
        ips: seen(&card.ips),
        clients: seen(&card.clients),
    }
}

fn finding(finding: &Finding, baseline: Option<&Baseline>) -> FindingInfo {
    let rule = finding.rule;
    FindingInfo {
        id: finding.id.clone(),
        rule: rule.id,
        severity: finding.severity,
        confidence: rule.confidence,
        title: rule.title,
        message: finding.message.clone(),
        short_message: finding.short_message.clone(),
        subject: SubjectInfo { kind: rule.subject.name(), value: finding.subject.clone() },
        first: finding.first.map(Timestamp),
        last: finding.last.map(Timestamp),
        count: finding.count,
        evidence: finding.evidence.clone(),
        next: finding.steps().map(Step::sentence).collect(),
        status: match baseline {
            Some(earlier) if earlier.findings.contains_key(&finding.id) => "persisting",
            _ => "new",
        },
        suppressed: finding
            .suppressed
            .as_ref()
            .map(|s| SuppressedInfo { reason: s.reason.clone(), until: Timestamp(s.until) }),
    }
}

/// The user's own files that the answer rests on.
fn files(data: &Dataset<'_>, rules: &UserRules, baseline: Option<&Baseline>) -> Vec<FileInfo> {
    let info =
        |purpose, path: &str, sha256: &str| FileInfo { purpose, path: path.to_owned(), sha256: sha256.to_owned() };
    let mut files = Vec::new();
    if let Some(expectations) = data.expectations {
        files.push(info("expectations", &expectations.shown, &expectations.sha256));
        for file in &expectations.files {
            let purpose = if matches!(file.purpose, Purpose::Table(_)) { "reference" } else { "intel" };
            files.push(info(purpose, &file.path, file.sha256.as_deref().unwrap_or_default()));
        }
    }
    files.extend(rules.files.iter().map(|file| info("rules", &file.name, &file.sha256)));
    files.extend(baseline.map(|baseline| info("baseline", &baseline.name, &baseline.sha256)));
    files
}

/// What became of the findings of an earlier report.
fn compare(baseline: &Baseline, findings: &Findings) -> BaselineInfo {
    let known = |id: &String| findings.found.iter().any(|finding| finding.id == *id);
    let gone = baseline.findings.iter().filter(|(id, _)| !known(id)).map(|(id, earlier)| GoneInfo {
        id: id.clone(),
        rule: earlier.rule.clone(),
        severity: earlier.severity.clone(),
        message: earlier.message.clone(),
    });
    let persisting = findings.found.iter().filter(|finding| baseline.findings.contains_key(&finding.id)).count();
    BaselineInfo {
        path: baseline.name.clone(),
        as_of: baseline.as_of.clone(),
        new: findings.found.len() - persisting,
        persisting,
        gone: gone.collect(),
    }
}

fn rejected(data: &Dataset<'_>) -> Vec<RejectInfo> {
    let of_source = |source: &crate::ingest::Source| {
        let (id, member) = (source.id, source.member.clone());
        source.rejects.clone().into_iter().map(move |reject| RejectInfo {
            source: id,
            member: member.clone(),
            record: reject.place.record,
            line: reject.place.line,
            byte: reject.place.byte,
            column: reject.column,
            kind: reject.fault.kind,
            message: reject.fault.message,
            raw: reject.raw,
        })
    };
    data.sources.iter().flat_map(of_source).collect()
}
