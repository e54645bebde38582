//! What two signs say that one does not: a finding about a key that was also used from an address that is not its own goes up
//! one level. The only place where a finding's severity depends on another finding.

use std::collections::BTreeMap;

use crate::dataset::Dataset;
use crate::engine::{self, Finding, Findings};
use crate::rules::{self, Severity};
use crate::time::HOUR;

/// Findings that say that a key was used from elsewhere.
const ELSEWHERE: &[&str] = &["ip-not-allowed", "ip-first-seen"];
/// Findings that say much the same, or have taken it into account.
const AKIN: &[&str] = &[
    "auth-fail-then-ok",
    "ip-across-keys",
    "ip-anon-or-hosting",
    "ip-denied-outside",
    "ip-multi-network",
    "ip-rare-minority",
    "order-suspect-source",
    "recon-burst",
    "recon-then-trade",
];

/// Raises what `corr-key-escalate` says, and adds a finding that names what was raised.
pub fn climb(findings: &mut Findings, data: &Dataset<'_>) {
    let Some(rule) = rules::by_id("corr-key-escalate") else { return };
    let span = (rule.in_force(data.expectations).value("hours") * HOUR as f64) as i64;
    let counts = |finding: &&Finding| finding.suppressed.is_none() && finding.severity >= Severity::Medium;
    let elsewhere: Vec<&Finding> =
        findings.found.iter().filter(counts).filter(|f| ELSEWHERE.contains(&f.rule.id)).collect();
    let mut raising: Vec<(usize, Finding)> = Vec::new();
    let mut raised: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for (at, finding) in findings.found.iter().enumerate() {
        let fixed = engine::fixed_severity(finding.rule, data).is_some();
        let itself = ELSEWHERE.contains(&finding.rule.id) || AKIN.contains(&finding.rule.id);
        if fixed || itself || !counts(&finding) || finding.severity == Severity::Critical {
            continue;
        }
        let meets =
            |other: &&&Finding| near(finding, other, span) && other.keys.intersection(&finding.keys).next().is_some();
        let Some(other) = elsewhere.iter().find(meets) else { continue };
        let from = finding.severity;
        let mut finding = finding.clone();
        finding.severity = Severity::ALL[from as usize + 1];
        let why = format!(" (raised from {}: the key was also used from {} within a day)", from.name(), other.subject);
        finding.message.push_str(&why);
        finding.short_message.push_str(&why);
        for key in other.keys.intersection(&finding.keys) {
            raised.entry(key.clone()).or_default().push(finding.clone());
        }
        raising.push((at, finding));
    }
    for (at, finding) in raising {
        findings.found[at] = finding;
    }
    for (key, about) in raised {
        findings.found.push(engine::finding_about(rule, &key, Severity::Info, &about, data));
    }
    findings.sort();
}

/// Whether two findings lie no further apart than a span; those without a time lie near nothing.
fn near(one: &Finding, other: &Finding, span: i64) -> bool {
    let (Some(a), Some(b), Some(c), Some(d)) = (one.first, one.last, other.first, other.last) else { return false };
    a <= d + span && c <= b + span
}
