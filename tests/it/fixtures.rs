//! The evidence of each rule: `data/rules/<id>/hit` is a folder of exports in which the rule finds something, and
//! `data/rules/<id>/clean` one of the same kinds of exports, as like it as can be, in which it finds nothing.
//!
//! Both are small and made up, and hold whatever the rule needs: exports under the names exchanges give them, and an
//! `expected.toml` where the rule needs one. A new rule needs both folders and nothing here.

use std::collections::BTreeSet;
use std::path::PathBuf;

use loganalyze::report::Report;
use loganalyze::rules::ALL;
use loganalyze::settings::Settings;

use crate::folder::{assert_ledger, project, report};

fn folder(rule: &str, kind: &str) -> PathBuf {
    project("data/rules").join(rule).join(kind)
}

fn read(rule: &str, kind: &str) -> Report {
    let path = folder(rule, kind);
    assert!(path.is_dir(), "rule {rule} needs exports in data/rules/{rule}/{kind}");
    let report = report(&Settings { paths: vec![path], ..Settings::default() })
        .unwrap_or_else(|failure| panic!("{rule}/{kind}: {}", failure.message));
    assert_ledger(&report);
    assert!(report.unreadable.is_empty() && report.rejected.is_empty(), "{rule}/{kind}: not read whole");
    let failed: Vec<&String> = report.verdict.reasons.iter().filter(|reason| reason.contains("failed")).collect();
    assert!(failed.is_empty(), "{rule}/{kind}: {failed:?}");
    report
}

/// The tables that a report has records of.
fn tables(report: &Report) -> BTreeSet<&str> {
    report.sources.iter().filter(|source| source.accepted > 0).map(|source| source.table).collect()
}

fn named(report: &Report, rule: &str) -> Vec<String> {
    report.findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.message.clone()).collect()
}

#[test]
fn every_rule_finds_what_it_is_for_and_leaves_the_like_of_it_alone() {
    let mut faults: Vec<String> = Vec::new();
    for rule in ALL {
        let (hit, clean) = (read(rule.id, "hit"), read(rule.id, "clean"));
        if named(&hit, rule.id).is_empty() {
            faults.push(format!("{}: nothing found in its hit folder", rule.id));
        }
        faults.extend(named(&clean, rule.id).iter().map(|message| format!("{}, its clean folder: {message}", rule.id)));
        // The clean folder must give the rule the same kinds of evidence to look at, or it shows nothing.
        assert_eq!(tables(&hit), tables(&clean), "{}", rule.id);
        assert_eq!(hit.run.expectations.is_some(), clean.run.expectations.is_some(), "{}", rule.id);
        assert!(rule.needs.iter().any(|table| tables(&clean).contains(table.name())), "{}", rule.id);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn evidence_belongs_to_a_rule() {
    let rules: BTreeSet<String> = ALL.iter().map(|rule| rule.id.to_owned()).collect();
    let folders: BTreeSet<String> = std::fs::read_dir(project("data/rules"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, rules);
}
