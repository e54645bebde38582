//! The report for people, on a terminal of any width. One page, in the order in which they need it.
//! One function per section of the page, which makes this file a long one.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::assets::assets;
use super::episodes::episodes;
use super::page::{BOLD, GREEN, Page, RED, ROWS, YELLOW, of_account};
use super::{Look, Output};
use crate::report::{FindingInfo, IpInfo, OrderInfo, Report};
use crate::rules::Severity;
use crate::time::{Timestamp, span_words};

pub(super) static OUTPUT: Output = Output { id: "terminal", title: "text for people", write };

/// Sources listed before the rest is only counted.
const SOURCES: usize = 40;
/// Orders listed one by one; more are grouped.
const SINGLE_ORDERS: usize = 15;

fn write(report: &Report, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { look, text: String::new() };
    head(&mut page, report);
    steps(&mut page, report);
    ips(&mut page, report);
    episodes(&mut page, report);
    orders(&mut page, report);
    money(&mut page, report);
    assets(&mut page, report);
    findings(&mut page, report);
    keys(&mut page, report);
    not_checked(&mut page, report);
    sources(&mut page, report);
    out.write_all(page.text.as_bytes())
}

/// A time in UTC, to the second.
pub(super) fn time(at: Timestamp) -> String {
    let text = at.to_string();
    let text = text.trim_end_matches('Z');
    text.split('.').next().unwrap_or(text).replace('T', " ")
}

/// The color that a severity is shown in.
pub(super) fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => RED,
        Severity::Medium | Severity::Low => YELLOW,
        Severity::Info => BOLD,
    }
}

fn head(page: &mut Page<'_>, report: &Report) {
    let (word, code) = match report.verdict.result {
        "findings" => ("FINDINGS", report.verdict.highest.map_or(RED, color_of)),
        "clear" => ("CLEAR", GREEN),
        _ => ("INCONCLUSIVE", YELLOW),
    };
    let word = page.paint(code, word);
    page.text.push_str(&format!("{word}\n"));
    page.lines("", &report.verdict.sentence, None);
    page.text.push('\n');
    let run = &report.run;
    let span = span_words(run.until.0 - run.since.0);
    page.lines("window        ", &format!("{} to {} UTC ({span})", time(run.since), time(run.until)), None);
    let zone = if run.zone == "UTC" {
        String::new()
    } else {
        format!(" (times written in it without an offset: {})", run.zone)
    };
    page.lines("expectations  ", &format!("{}{zone}", run.expectations.as_deref().unwrap_or("none")), None);
    if report.run.unconfirmed {
        page.lines("              ", "learned, unconfirmed", Some(YELLOW));
    }
    if !report.accounts.is_empty() {
        for (at, (words, color)) in outcomes(report).into_iter().enumerate() {
            page.lines(if at == 0 { "accounts      " } else { "              " }, &words, color);
        }
    }
    if let Some(baseline) = &report.baseline {
        let gone = baseline.gone.len();
        let words = format!(
            "{} of {}: {} findings are new, {} persist, {gone} are gone",
            baseline.path, baseline.as_of, baseline.new, baseline.persisting
        );
        page.lines("baseline      ", &words, None);
    }
    page.lines("sandbox       ", &format!("network {}, files {}", run.sandbox.network, run.sandbox.filesystem), None);
    for reason in &report.verdict.reasons {
        page.lines("incomplete    ", reason, Some(YELLOW));
    }
}

fn steps(page: &mut Page<'_>, report: &Report) {
    if report.steps.is_empty() {
        return;
    }
    page.title("WHAT TO DO FIRST");
    for (at, step) in report.steps.iter().enumerate() {
        page.lines(&format!("{:>2}. ", at + 1), step.sentence(), None);
    }
}

fn ips(page: &mut Page<'_>, report: &Report) {
    page.title("UNRECOGNIZED IPS");
    let expected = report.ips.iter().filter(|ip| ip.verdict == "expected").count();
    let mut odd = 0;
    for (verdict, lead) in [
        ("unrecognized", ""),
        ("unreviewed", "unreviewed: nothing says whether these are yours; * not seen before the window"),
        ("unusable", "unusable: no public addresses"),
    ] {
        let rows: Vec<_> =
            report.ips.iter().filter(|ip| ip.verdict == verdict).map(|ip| (&ip.account, ip_row(page, ip))).collect();
        if rows.is_empty() {
            continue;
        }
        odd += rows.len();
        if !lead.is_empty() {
            page.lines("", lead, None);
        }
        page.table_by_account(
            &["IP", "keys", "clients", "calls", "denied", "orders", "first", "last"],
            &["IP", "calls", "denied", "orders"],
            rows,
        );
        for ip in report.ips.iter().filter(|ip| ip.verdict == verdict).take(ROWS) {
            if let Some(about) = &ip.about {
                page.lines(&format!("  {}  ", ip.ip), &about.words, None);
            }
        }
    }
    match (report.ips.len(), odd) {
        (0, _) => page.lines("", "no calls with an address in the window", None),
        (_, 0) => page.lines("", &format!("none; all {expected} addresses of the window are expected"), None),
        _ => page.lines("", &format!("{expected} more addresses of the window are expected"), None),
    }
}

fn ip_row(page: &Page<'_>, ip: &IpInfo) -> Vec<String> {
    let keys: Vec<String> = ip.keys.iter().map(|key| page.id(key)).collect();
    let mark = if ip.new == Some(true) && ip.verdict == "unreviewed" { " *" } else { "" };
    vec![
        format!("{}{mark}", ip.ip),
        keys.join(", "),
        ip.clients.join(", "),
        ip.calls.to_string(),
        ip.denied.to_string(),
        ip.orders.to_string(),
        time(ip.first),
        time(ip.last),
    ]
}

fn orders(page: &mut Page<'_>, report: &Report) {
    let orders = &report.orders;
    page.title("UNRECOGNIZED ORDERS");
    if orders.unrecognized.is_empty() {
        page.lines("", if orders.total == 0 { "no orders in the window" } else { "none" }, None);
    } else if orders.unrecognized.len() <= SINGLE_ORDERS {
        let rows = orders.unrecognized.iter().map(|order| {
            let cells = vec![
                time(order.time),
                order.order_id.clone().unwrap_or_default(),
                order.symbol.clone().unwrap_or_default(),
                order.side.clone().unwrap_or_default(),
                order.quantity.clone().unwrap_or_default(),
                order.price.clone().unwrap_or_default(),
                order.ip.clone().unwrap_or_default(),
                order.verdict.to_owned(),
            ];
            (&order.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(
            &["time", "order", "symbol", "side", "quantity", "price", "IP", "verdict"],
            &["order", "symbol", "side", "IP"],
            rows,
        );
    } else {
        /// Account, pair, side, address and verdict.
        type Kind<'a> = (&'a Option<String>, &'a str, &'a str, &'a str, &'a str);
        let mut groups: BTreeMap<Kind<'_>, Vec<&OrderInfo>> = BTreeMap::new();
        for order in &orders.unrecognized {
            let key = (
                &order.account,
                order.symbol.as_deref().unwrap_or_default(),
                order.side.as_deref().unwrap_or_default(),
                order.ip.as_deref().unwrap_or_default(),
                order.verdict,
            );
            groups.entry(key).or_default().push(order);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, orders)| orders[0].time);
        let rows = groups.into_iter().map(|((account, symbol, side, ip, verdict), orders)| {
            let cells = vec![
                orders.len().to_string(),
                symbol.to_owned(),
                side.to_owned(),
                ip.to_owned(),
                verdict.to_owned(),
                time(orders[0].time),
                time(orders[orders.len() - 1].time),
            ];
            (account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(
            &["orders", "symbol", "side", "IP", "verdict", "first", "last"],
            &["orders", "symbol", "side", "IP", "verdict"],
            rows,
        );
        page.lines(
            "",
            &format!(
                "{} orders, grouped; each with its line is in the JSON output (--output json=FILE)",
                orders.unrecognized.len()
            ),
            None,
        );
    }
    let new: Vec<&IpInfo> =
        report.ips.iter().filter(|ip| ip.verdict == "unreviewed" && ip.new == Some(true) && ip.orders > 0).collect();
    if !new.is_empty() {
        let named: Vec<String> = new.iter().take(5).map(|ip| format!("{} by {}", ip.orders, ip.ip)).collect();
        let more = if new.len() > 5 { format!(" and {} more", new.len() - 5) } else { String::new() };
        let words = format!("unreviewed, made from addresses not seen before the window: {}{more}", named.join(", "));
        page.lines("", &words, Some(YELLOW));
    }
    if orders.total > 0 {
        let all: Vec<String> = orders.by_verdict.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        page.lines("", &format!("{} orders in the window: {}", orders.total, all.join(", ")), None);
    }
}

fn money(page: &mut Page<'_>, report: &Report) {
    page.title("P2P AND MONEY OUT");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    if !report.p2p.unrecognized.is_empty() {
        let rows = report.p2p.unrecognized.iter().map(|order| {
            let cells = vec![
                time(order.time),
                text(&order.order_id),
                format!("{} {} {}", text(&order.side), text(&order.quantity), text(&order.asset)),
                match &order.price {
                    Some(price) => format!("{} at {price} {}", text(&order.total), text(&order.fiat)),
                    // The layout of 2026 has none.
                    None => format!("{} {}", text(&order.total), text(&order.fiat)),
                },
                page.person(&text(&order.counterparty)),
                order.rules.join(", "),
            ];
            (&order.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(&["time", "P2P order", "trade", "total", "with", "rules"], &["P2P order"], rows);
    }
    if !report.transfers.unrecognized.is_empty() {
        let rows = report.transfers.unrecognized.iter().map(|transfer| {
            let cells = vec![
                time(transfer.time),
                format!("{} {}", text(&transfer.amount), text(&transfer.asset)),
                text(&transfer.network),
                page.id(&text(&transfer.address)),
                text(&transfer.status),
                transfer.rules.join(", "),
            ];
            (&transfer.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(&["time", "amount", "network", "to", "status", "rules"], &["amount", "to"], rows);
    }
    let summary = format!(
        "{} P2P orders ({} named by a rule) and {} transfers ({} named by a rule) in the window",
        report.p2p.total,
        report.p2p.unrecognized.len(),
        report.transfers.total,
        report.transfers.unrecognized.len()
    );
    page.lines("", &summary, None);
}

fn findings(page: &mut Page<'_>, report: &Report) {
    page.title("FINDINGS");
    let (hidden, shown): (Vec<&FindingInfo>, Vec<&FindingInfo>) =
        report.findings.iter().partition(|finding| finding.severity < page.look.min_severity);
    if shown.is_empty() {
        page.lines("", "none", None);
    }
    for finding in shown {
        let suppressed = finding
            .suppressed
            .as_ref()
            .map_or(String::new(), |s| format!("  suppressed until {}: {}", time(s.until), s.reason));
        let status = if finding.status == "persisting" { "  (persists)" } else { "" };
        let account = of_account(&finding.account);
        let text = format!("{}  {}{account}{status}{suppressed}", finding.rule, finding.title);
        page.entry(&finding.severity.name().to_uppercase(), color_of(finding.severity), &text);
        let message = if page.look.full { &finding.message } else { &finding.short_message };
        page.lines("    ", message, None);
        if let (Some(first), Some(last)) = (finding.first, finding.last) {
            let span = if first == last { time(first) } else { format!("{} to {}", time(first), time(last)) };
            page.lines("    when      ", &format!("{span} UTC; confidence {}", finding.confidence.name()), None);
        }
        if !finding.evidence.is_empty() {
            page.lines("    evidence  ", &evidence(finding, report), None);
        }
        if let Some(next) = finding.next.first() {
            page.lines("    next      ", next, None);
        }
    }
    if !hidden.is_empty() {
        page.lines(
            "",
            &format!("{} below {} are hidden (--min-severity)", hidden.len(), page.look.min_severity.name()),
            None,
        );
    }
    for gone in report.baseline.iter().flat_map(|baseline| &baseline.gone) {
        page.lines("gone  ", &format!("{} ({}, was {})", gone.rule, gone.id, gone.severity), None);
    }
    page.lines("", "`loganalyze explain RULE` says what a rule means and what else may cause it", None);
}

/// The first places of a finding's evidence, by file and line.
fn evidence(finding: &FindingInfo, report: &Report) -> String {
    let mut lines: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for evidence in finding.evidence.iter().take(5) {
        lines.entry(evidence.source).or_default().push(evidence.line);
    }
    let places: Vec<String> = lines
        .into_iter()
        .map(|(source, lines)| {
            let path = report.sources.iter().find(|s| s.id == source).map_or("", |s| s.path.as_str());
            let name = if lines.len() == 1 { "line" } else { "lines" };
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            format!("{path} {name} {}", lines.join(", "))
        })
        .collect();
    let shown = finding.evidence.len().min(5) as u64;
    let more = if finding.count > shown { format!(", and {} more", finding.count - shown) } else { String::new() };
    format!("{}{more}", places.join("; "))
}

fn keys(page: &mut Page<'_>, report: &Report) {
    if report.keys.is_empty() {
        return;
    }
    page.title("KEYS");
    for key in &report.keys {
        let expected = match key.expected {
            Some(true) => "",
            Some(false) => "  (not in the expectations)",
            None => "  (unreviewed)",
        };
        let id = key.id.as_ref().filter(|id| **id != key.name).map_or(String::new(), |id| page.id(id));
        let name = page.id(&key.name);
        page.entry(&name, BOLD, &format!("{id}{expected}{}", of_account(&key.account)));
        let when = |word: &str, at: Option<Timestamp>| at.map(|at| format!("{word} {}", time(at)));
        let dates: Vec<String> =
            [when("created", key.created), when("last used", key.last_used), when("deleted", key.deleted_at)]
                .into_iter()
                .flatten()
                .collect();
        if !dates.is_empty() {
            page.lines("    ", &dates.join("; "), None);
        }
        if !key.permissions.is_empty() {
            let networks = key.networks.as_deref().unwrap_or("not stated");
            page.lines("    ", &format!("may {}; addresses: {networks}", key.permissions.join(", ")), None);
        }
        if key.calls > 0 {
            let seen = |list: &[crate::report::SeenInfo]| {
                let first: Vec<String> =
                    list.iter().take(4).map(|seen| format!("{} ({})", seen.value, seen.calls)).collect();
                let more = if list.len() > 4 { format!(" and {} more", list.len() - 4) } else { String::new() };
                format!("{}{more}", first.join(", "))
            };
            page.lines(
                "    ",
                &format!("{} calls, {} orders of the window; from {}", key.calls, key.orders, seen(&key.ips)),
                None,
            );
            if !key.clients.is_empty() {
                page.lines("    ", &format!("by {}", seen(&key.clients)), None);
            }
        }
    }
}

fn not_checked(page: &mut Page<'_>, report: &Report) {
    page.title("WHAT COULD NOT BE CHECKED");
    if report.not_checked.is_empty() && report.unreadable.is_empty() {
        page.lines("", "nothing that the exports could show was left out", None);
    }
    for item in &report.not_checked {
        page.lines("  - ", &format!("{}: {}. Needs: {}", item.what, item.why, item.needs), None);
    }
    for file in &report.unreadable {
        page.lines("  - ", &format!("{}: {}", file.path, file.reason), None);
    }
}

fn sources(page: &mut Page<'_>, report: &Report) {
    page.title("SOURCES");
    for source in report.sources.iter().take(SOURCES) {
        page.lines("", &source.path, None);
        let ledger = format!(
            "{}; zone {} ({}); {} records = {} accepted + {} duplicate + {} rejected + {} skipped",
            source.format,
            source.zone,
            source.zone_from,
            source.records,
            source.accepted,
            source.duplicate,
            source.rejected,
            source.skipped
        );
        page.lines("    ", &ledger, None);
        if !source.accounts.is_empty() {
            page.lines("    ", &format!("of {}", source.accounts.join(", ")), None);
        }
        page.lines("    ", &format!("SHA-256 {}", source.sha256.as_deref().unwrap_or("not made")), None);
        for note in &source.notes {
            page.lines("    ", note, None);
        }
    }
    if report.sources.len() > SOURCES {
        page.lines(
            "",
            &format!("and {} more sources: all are in the JSON output", report.sources.len() - SOURCES),
            None,
        );
    }
    for reject in report.rejected.iter().take(5) {
        let path = report.sources.iter().find(|s| s.id == reject.source).map_or("", |s| s.path.as_str());
        let column = reject.column.as_ref().map_or(String::new(), |column| format!(", column {column}"));
        page.lines("  rejected: ", &format!("{path} line {}{column}: {}", reject.line, reject.message), None);
    }
    if report.rejected.len() > 5 {
        page.lines(
            "  ",
            &format!("and {} more rejected records: all are in the JSON output", report.rejected.len() - 5),
            None,
        );
    }
}

/// What each account came to, where there are several.
fn outcomes(report: &Report) -> Vec<(String, Option<&'static str>)> {
    let outcome = |name: &String| {
        let own = report.findings.iter().filter(|finding| finding.account.as_ref() == Some(name));
        let own = own.filter(|finding| finding.suppressed.is_none() && finding.severity > Severity::Info);
        let worst = own.clone().map(|finding| finding.severity).max();
        let doubt = report.verdict.reasons.iter().any(|reason| reason.starts_with(&format!("{name}: ")));
        let rest = if doubt { "; its evidence is incomplete" } else { "" };
        match (worst, own.count()) {
            (None, _) => (format!("{name}: no findings{rest}"), None),
            (Some(worst), 1) => (format!("{name}: 1 finding ({}){rest}", worst.name()), Some(YELLOW)),
            (Some(worst), count) => {
                (format!("{name}: {count} findings ({} at most){rest}", worst.name()), Some(YELLOW))
            }
        }
    };
    report.accounts.iter().map(outcome).collect()
}
