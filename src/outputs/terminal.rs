//! The report for people, on a terminal of any width. One page, in the order in which they need it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::assets::assets;
use super::episodes::episodes;
use super::page::{BOLD, GREEN, Page, RED, YELLOW, of_account};
use super::unchecked::{not_checked, sources};
use super::unrecognized::{ips, money, orders};
use super::{Look, Output};
use crate::counted::counted;
use crate::report::{FindingInfo, Report};
use crate::rules::Severity;
use crate::time::{Timestamp, span_words};

pub(super) static OUTPUT: Output = Output { id: "terminal", title: "text for people", write };

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
            "{} of {}: {}, {} persisting, {gone} gone",
            baseline.path,
            baseline.as_of,
            counted(baseline.new, "new finding"),
            baseline.persisting
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
            &format!(
                "{} below {} hidden (--min-severity)",
                counted(hidden.len(), "finding"),
                page.look.min_severity.name()
            ),
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
                &format!(
                    "{}, {} of the window; from {}",
                    counted(key.calls, "call"),
                    counted(key.orders, "order"),
                    seen(&key.ips)
                ),
                None,
            );
            if !key.clients.is_empty() {
                page.lines("    ", &format!("by {}", seen(&key.clients)), None);
            }
        }
    }
}

/// What each account came to, where there are several.
fn outcomes(report: &Report) -> Vec<(String, Option<&'static str>)> {
    let outcome = |name: &String| {
        let own = report.findings.iter().filter(|finding| finding.account.as_ref() == Some(name));
        let own = own.filter(|finding| finding.suppressed.is_none() && finding.severity > Severity::Info);
        let worst = own.clone().map(|finding| finding.severity).max();
        let rest = if report.verdict.in_doubt.contains(name) { "; its evidence is incomplete" } else { "" };
        match (worst, own.count()) {
            (None, _) => (format!("{name}: no findings{rest}"), None),
            (Some(worst), count) => {
                let most = if count == 1 { "" } else { " at most" };
                (format!("{name}: {} ({}{most}){rest}", counted(count, "finding"), worst.name()), Some(YELLOW))
            }
        }
    };
    report.accounts.iter().map(outcome).collect()
}
