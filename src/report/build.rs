//! Builds the report from what was read and found. From here on nothing knows polars.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::PolarsResult;

use super::assets::assets;
use super::episodes::episodes;
use super::ips::ips;
use super::not_checked::not_checked;
use super::records::{orders, p2p, transfers};
use super::verdict::verdict;
use super::{
    BaselineInfo, CoverageInfo, FileInfo, FindingInfo, Gap, GoneInfo, IpInfo, KeyInfo, Orders, P2p, RejectInfo, Report,
    RunInfo, SCHEMA, Sandbox, SeenInfo, SourceInfo, SubjectInfo, SuppressedInfo, Tool, Transfers, Unreadable,
};
use crate::baseline::Baseline;
use crate::counted::counted;
use crate::dataset::as_of::AsOf;
use crate::dataset::{Dataset, KeyCard, Seen};
use crate::engine::{Finding, Findings};
use crate::episodes::Episode;
use crate::expectations::{Expectations, Purpose};
use crate::ingest::Source;
use crate::matching::Inventory;
use crate::parallel;
use crate::rules::playbook::Step;
use crate::settings::Window;
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

/// What was found in one account.
pub struct Examined<'a> {
    /// What is known of it.
    pub data: Dataset<'a>,
    /// What the rules found.
    pub findings: Findings,
    /// Its incidents.
    pub episodes: Vec<Episode>,
}

impl Examined<'_> {
    /// Its account's name, where there are several.
    pub(super) fn account(&self) -> Option<String> {
        self.data.account.clone()
    }
}

/// Builds it, of one account or several, the main one first.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn build(all: &[Examined<'_>], run: Run<'_>) -> PolarsResult<Report> {
    let each = |part: &dyn Fn(&Examined<'_>) -> Orders| all.iter().map(part).reduce(Orders::join).unwrap_or_default();
    let orders = each(&|one| orders(one, run.inventory));
    let verdict = verdict(all, &orders.unrecognized, run.as_of, &run.unreadable, run.strict);
    let mut ips: Vec<IpInfo> = all.iter().flat_map(|one| ips(&one.data, run.inventory)).collect();
    let jobs = all.first().map_or(1, |one| one.data.jobs);
    let addresses: u64 = all.iter().filter_map(|one| one.data.calls.addresses).sum();
    let more = addresses.max(ips.len() as u64) - ips.len().min(IPS_KEPT) as u64;
    ips.truncate(IPS_KEPT);
    let sources = sources(all);
    let (window, expectations) = all.first().map(|one| (one.data.window, one.data.expectations)).unzip();
    let expectations = expectations.flatten();
    let window = window.unwrap_or(Window { as_of: run.as_of.time, since: 0, until: 0, start: 0, end: 0, open: false });
    let mut findings: Vec<(Option<String>, &Finding)> =
        all.iter().flat_map(|one| one.findings.found.iter().map(|found| (one.account(), found))).collect();
    findings.sort_by_key(|(_, finding)| finding.rank());
    let named: BTreeSet<Step> = all
        .iter()
        .flat_map(|one| one.findings.steps().into_iter().chain(one.episodes.iter().flat_map(|e| e.steps.clone())))
        .collect();
    Ok(Report {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        run: RunInfo {
            as_of: Timestamp(window.as_of),
            since: Timestamp(window.since),
            until: Timestamp(window.until),
            zone: expectations.map_or(Zone::UTC, |e| e.zone).to_string(),
            expectations: expectations.map(|e| e.shown.clone()),
            files: files(expectations, run.rules, run.baseline),
            unconfirmed: expectations.is_some_and(|e| !e.confirmed),
            sandbox: Sandbox { network: "not enforced", filesystem: "not enforced" },
        },
        verdict,
        accounts: all.iter().filter_map(Examined::account).collect(),
        rejected: rejected(&sources),
        sources: sources.iter().map(|(source, accounts)| source_info(source, accounts)).collect(),
        unreadable: run.unreadable,
        coverage: all.iter().flat_map(|one| coverage(&one.data)).collect(),
        ips,
        ips_truncated: Some(more).filter(|more| *more > 0),
        orders,
        episodes: all.iter().flat_map(episodes).collect(),
        p2p: all.iter().map(p2p).collect::<PolarsResult<Vec<_>>>()?.into_iter().reduce(P2p::join).unwrap_or_default(),
        transfers: all
            .iter()
            .map(transfers)
            .collect::<PolarsResult<Vec<_>>>()?
            .into_iter()
            .reduce(Transfers::join)
            .unwrap_or_default(),
        assets: all.iter().flat_map(|one| assets(&one.data)).collect(),
        keys: all.iter().flat_map(|one| one.data.key_cards.iter().map(|card| key(card, one.account()))).collect(),
        not_checked: not_checked(all),
        findings: parallel::in_parts(&findings, jobs, |_, findings| {
            findings.iter().map(|(account, found)| finding(found, account.clone(), run.baseline)).collect()
        }),
        baseline: run.baseline.map(|baseline| compare(baseline, &findings)),
        steps: Step::ALL.iter().copied().filter(|step| named.contains(step)).collect(),
    })
}

/// All sources, by number, each with the accounts that it holds records of.
fn sources<'a>(all: &'a [Examined<'_>]) -> Vec<(&'a Source, Vec<String>)> {
    let mut sources: BTreeMap<u32, (&Source, Vec<String>)> = BTreeMap::new();
    for one in all {
        for source in &one.data.sources {
            sources.entry(source.id).or_insert((source, Vec::new())).1.extend(one.account());
        }
    }
    sources.into_values().collect()
}

fn source_info(source: &Source, accounts: &[String]) -> SourceInfo {
    SourceInfo {
        id: source.id,
        path: source.path.clone(),
        member: source.member.clone(),
        sha256: source.sha256.clone(),
        bytes: source.bytes,
        format: source.format,
        generation: source.generation,
        table: source.table.name(),
        accounts: accounts.to_vec(),
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
    }
}

fn notes(source: &Source) -> Vec<String> {
    let repeated = format!(
        "{} in the hour that a clock change repeats; the earlier instant was taken",
        counted(source.ambiguous, "time")
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
        account: data.account.clone(),
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

fn key(card: &KeyCard, account: Option<String>) -> KeyInfo {
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
        account,
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

fn finding(finding: &Finding, account: Option<String>, baseline: Option<&Baseline>) -> FindingInfo {
    let rule = finding.rule;
    FindingInfo {
        account,
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
fn files(expectations: Option<&Expectations>, rules: &UserRules, baseline: Option<&Baseline>) -> Vec<FileInfo> {
    let info =
        |purpose, path: &str, sha256: &str| FileInfo { purpose, path: path.to_owned(), sha256: sha256.to_owned() };
    let mut files = Vec::new();
    if let Some(expectations) = expectations {
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
fn compare(baseline: &Baseline, findings: &[(Option<String>, &Finding)]) -> BaselineInfo {
    let known = |id: &String| findings.iter().any(|(_, finding)| finding.id == *id);
    let gone = baseline.findings.iter().filter(|(id, _)| !known(id)).map(|(id, earlier)| GoneInfo {
        id: id.clone(),
        rule: earlier.rule.clone(),
        severity: earlier.severity.clone(),
        message: earlier.message.clone(),
    });
    let persisting = findings.iter().filter(|(_, finding)| baseline.findings.contains_key(&finding.id)).count();
    BaselineInfo {
        path: baseline.name.clone(),
        as_of: baseline.as_of.clone(),
        new: findings.len() - persisting,
        persisting,
        gone: gone.collect(),
    }
}

fn rejected(sources: &[(&Source, Vec<String>)]) -> Vec<RejectInfo> {
    let of_source = |(source, _): &(&Source, Vec<String>)| {
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
    sources.iter().flat_map(of_source).collect()
}
