//! Builds the report from what was read and found. From here on nothing knows polars.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::not_checked::not_checked;
use super::verdict::verdict;
use super::{
    CoverageInfo, FindingInfo, Gap, IpInfo, KeyInfo, OrderInfo, Orders, P2p, P2pInfo, RejectInfo, Report, RunInfo,
    SCHEMA, Sandbox, SeenInfo, SourceInfo, SubjectInfo, SuppressedInfo, Tool, TransferInfo, Transfers, Unreadable,
};
use crate::attribution::Attributed;
use crate::dataset::as_of::AsOf;
use crate::dataset::{Dataset, KeyCard, Seen, key_label};
use crate::decimal::Decimal;
use crate::engine::{Evidence, Finding, Findings, place};
use crate::matching::{Inventory, IpVerdict};
use crate::rules::playbook::Step;
use crate::tables::Table;
use crate::time::{Timestamp, Zone};

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
}

/// Builds it.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn build(data: &Dataset<'_>, findings: &Findings, run: Run<'_>) -> PolarsResult<Report> {
    let not_checked = not_checked(data, findings);
    let verdict = verdict(data, findings, run.as_of, &run.unreadable, run.strict);
    let mut ips = ips(data, run.inventory);
    let truncated = (ips.len() > IPS_KEPT).then(|| (ips.len() - IPS_KEPT) as u64);
    ips.truncate(IPS_KEPT);
    Ok(Report {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        run: RunInfo {
            as_of: Timestamp(data.window.as_of),
            since: Timestamp(data.window.since),
            until: Timestamp(data.window.until),
            zone: data.expectations.map_or(Zone::UTC, |e| e.zone).to_string(),
            expectations: data.expectations.map(|e| e.shown.clone()),
            sandbox: Sandbox { network: "not enforced", filesystem: "not enforced" },
        },
        verdict,
        sources: sources(data),
        unreadable: run.unreadable,
        coverage: coverage(data),
        ips,
        ips_truncated: truncated,
        orders: orders(data, run.inventory),
        episodes: Vec::new(),
        p2p: p2p(data, findings)?,
        transfers: transfers(data, findings)?,
        keys: data.key_cards.iter().map(key).collect(),
        not_checked,
        findings: findings.found.iter().map(finding).collect(),
        rejected: rejected(data),
        steps: findings.steps(),
    })
}

fn sources(data: &Dataset<'_>) -> Vec<SourceInfo> {
    let info = |source: &crate::ingest::Source| SourceInfo {
        id: source.id,
        path: source.path.clone(),
        member: None,
        sha256: source.sha256.clone(),
        bytes: source.bytes,
        format: source.format,
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
        notes: source.notes.clone(),
    };
    data.sources.iter().map(info).collect()
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

fn ips(data: &Dataset<'_>, inventory: &Inventory) -> Vec<IpInfo> {
    struct Sum<'a> {
        verdict: IpVerdict,
        network: Option<usize>,
        keys: BTreeSet<String>,
        clients: BTreeSet<&'a str>,
        calls: u64,
        accepted: u64,
        denied: u64,
        seen: (i64, i64),
    }
    let mut orders: BTreeMap<&str, u64> = BTreeMap::new();
    for order in &data.attribution.orders {
        if let Some(call) = order.call {
            let ip = data.calls.caller(&data.calls.tallies[call.tally as usize]).ip;
            *orders.entry(ip).or_default() += order.order.rows.len() as u64;
        }
    }
    let mut sums: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    for tally in data.calls.tallies.iter().filter(|tally| data.window.holds(tally.first)) {
        let caller = data.calls.caller(tally);
        if caller.ip.is_empty() {
            continue;
        }
        let sum = sums.entry(caller.ip).or_insert(Sum {
            verdict: tally.verdict.ip,
            network: None,
            keys: BTreeSet::new(),
            clients: BTreeSet::new(),
            calls: 0,
            accepted: 0,
            denied: 0,
            seen: (tally.first, tally.last),
        });
        sum.verdict = sum.verdict.max(tally.verdict.ip);
        sum.network = sum.network.or(tally.verdict.network);
        let key = key_label(&caller, tally.verdict.key.index(), data.expectations, inventory);
        sum.keys.extend((!key.is_empty()).then_some(key));
        sum.clients.extend((!caller.client.is_empty()).then_some(caller.client));
        sum.calls += tally.count;
        match tally.verdict.outcome.name() {
            "accepted" => sum.accepted += tally.count,
            "denied" => sum.denied += tally.count,
            _ => {}
        }
        sum.seen = (sum.seen.0.min(tally.first), sum.seen.1.max(tally.last));
    }
    let mut ips: Vec<(IpVerdict, IpInfo)> = sums
        .into_iter()
        .map(|(ip, sum)| {
            let network = sum.network.and_then(|at| data.expectations.map(|e| e.networks[at].name.clone()));
            let info = IpInfo {
                ip: ip.to_owned(),
                network,
                verdict: sum.verdict.name(),
                keys: sum.keys.into_iter().collect(),
                clients: sum.clients.into_iter().map(str::to_owned).collect(),
                calls: sum.calls,
                accepted: sum.accepted,
                denied: sum.denied,
                orders: orders.get(ip).copied().unwrap_or(0),
                first: Timestamp(sum.seen.0),
                last: Timestamp(sum.seen.1),
            };
            (sum.verdict, info)
        })
        .collect();
    ips.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    ips.into_iter().map(|(_, info)| info).collect()
}

/// Reads single cells of a frame.
struct Rows<'a>(&'a DataFrame);

impl Rows<'_> {
    fn text(&self, name: &str, row: u32) -> Option<String> {
        self.0.column(name).ok()?.str().ok()?.get(row as usize).map(str::to_owned)
    }

    fn time(&self, name: &str, row: u32) -> Timestamp {
        Timestamp(self.0.column(name).ok().and_then(|column| column.i64().ok()?.get(row as usize)).unwrap_or(0))
    }

    fn decimal(&self, name: &str, row: u32) -> Option<String> {
        let units = self.0.column(name).ok()?.decimal().ok()?.physical().get(row as usize)?;
        Some(Decimal(units).to_string())
    }

    fn place(&self, row: u32) -> Evidence {
        place(self.0, row).unwrap_or(Evidence { source: 0, record: 0, line: 0 })
    }
}

fn orders(data: &Dataset<'_>, inventory: &Inventory) -> Orders {
    let attribution = &data.attribution;
    let mut unrecognized = Vec::new();
    if let Some(view) = &data.orders {
        let rows = Rows(view);
        for order in attribution.orders.iter().filter(|order| order.verdict.is_unrecognized()) {
            unrecognized.extend(order.order.rows.iter().map(|row| order_info(data, inventory, &rows, order, *row)));
        }
    }
    unrecognized
        .sort_by(|a, b| (a.time, &a.symbol, &a.order_id, a.place).cmp(&(b.time, &b.symbol, &b.order_id, b.place)));
    Orders {
        total: attribution.by_verdict.values().sum(),
        by_verdict: attribution.by_verdict.iter().map(|(verdict, count)| (verdict.name(), *count)).collect(),
        unrecognized,
    }
}

fn order_info(data: &Dataset<'_>, inventory: &Inventory, rows: &Rows<'_>, order: &Attributed, row: u32) -> OrderInfo {
    let tally = order.call.map(|call| &data.calls.tallies[call.tally as usize]);
    let caller = tally.map(|tally| data.calls.caller(tally));
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let key = tally
        .zip(caller)
        .map(|(tally, caller)| key_label(&caller, tally.verdict.key.index(), data.expectations, inventory));
    OrderInfo {
        order_id: rows.text("order_id", row),
        time: rows.time("time", row),
        market: rows.text("market", row),
        symbol: rows.text("symbol", row),
        side: rows.text("side", row),
        quantity: rows.decimal("quantity", row),
        price: rows.decimal("price", row),
        quote_total: rows.decimal("quote_total", row),
        verdict: order.verdict.name(),
        reason: order.reason.clone(),
        key: key.as_deref().and_then(known),
        ip: caller.and_then(|caller| known(caller.ip)),
        client: caller.and_then(|caller| known(caller.client)),
        place: rows.place(row),
    }
}

/// The rows of a table that findings name, with the rules that do.
fn named(findings: &Findings, table: Table) -> BTreeMap<u32, Vec<&'static str>> {
    let mut named: BTreeMap<u32, Vec<&'static str>> = BTreeMap::new();
    for finding in findings.found.iter().filter(|finding| finding.suppressed.is_none()) {
        for (_, row) in finding.rows.iter().filter(|(of, _)| *of == table) {
            named.entry(*row).or_default().push(finding.rule.id);
        }
    }
    named
}

fn in_window(data: &Dataset<'_>, table: Table) -> PolarsResult<u64> {
    let Some(frame) = data.frames.get(&table) else { return Ok(0) };
    Ok(frame.column("in_window")?.bool()?.sum().unwrap_or(0).into())
}

fn p2p(data: &Dataset<'_>, findings: &Findings) -> PolarsResult<P2p> {
    let mut unrecognized = Vec::new();
    if let Some(frame) = data.frames.get(&Table::P2p) {
        let rows = Rows(frame);
        for (row, rules) in named(findings, Table::P2p) {
            unrecognized.push(P2pInfo {
                order_id: rows.text("order_id", row),
                time: rows.time("created", row),
                side: rows.text("side", row),
                asset: rows.text("asset", row),
                fiat: rows.text("fiat", row),
                quantity: rows.decimal("quantity", row),
                price: rows.decimal("price", row),
                total: rows.decimal("total", row),
                counterparty: rows.text("counterparty", row),
                status: rows.text("status", row),
                rules,
                place: rows.place(row),
            });
        }
    }
    unrecognized.sort_by(|a, b| (a.time, &a.order_id, a.place).cmp(&(b.time, &b.order_id, b.place)));
    Ok(P2p { total: in_window(data, Table::P2p)?, unrecognized })
}

fn transfers(data: &Dataset<'_>, findings: &Findings) -> PolarsResult<Transfers> {
    let mut unrecognized = Vec::new();
    if let Some(frame) = data.frames.get(&Table::Transfers) {
        let rows = Rows(frame);
        for (row, rules) in named(findings, Table::Transfers) {
            unrecognized.push(TransferInfo {
                time: rows.time("time", row),
                direction: rows.text("direction", row),
                kind: rows.text("kind", row),
                asset: rows.text("asset", row),
                network: rows.text("network", row),
                amount: rows.decimal("amount", row),
                address: rows.text("address", row),
                tx_id: rows.text("tx_id", row),
                status: rows.text("status", row),
                rules,
                place: rows.place(row),
            });
        }
    }
    unrecognized.sort_by(|a, b| (a.time, &a.tx_id, a.place).cmp(&(b.time, &b.tx_id, b.place)));
    Ok(Transfers { total: in_window(data, Table::Transfers)?, unrecognized })
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

fn finding(finding: &Finding) -> FindingInfo {
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
        status: "new",
        suppressed: finding
            .suppressed
            .as_ref()
            .map(|s| SuppressedInfo { reason: s.reason.clone(), until: Timestamp(s.until) }),
    }
}

fn rejected(data: &Dataset<'_>) -> Vec<RejectInfo> {
    let of_source = |source: &crate::ingest::Source| {
        let id = source.id;
        source.rejects.clone().into_iter().map(move |reject| RejectInfo {
            source: id,
            member: None,
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
