//! Two signs on one key. The engine raises the findings once all rules have run (`crate::ladder`); by itself this rule
//! finds nothing.

use polars::prelude::*;

use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "corr-key-escalate",
    title: "findings raised because two signs meet on a key",
    severity: "info; the findings it names go up one level",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} was used from an address that is not its own, and within a day of it {count:further finding} told of it, raised one level each",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A strange address has benign causes, and so has a strange order. Both on one key on one day have few.",
    logic: "A key with a finding of `ip-not-allowed` or `ip-first-seen` of medium or above: every other finding of medium or above about the key, that is not itself about its addresses, within `hours` of it is raised one level. Suppressed findings and severities set under `[rules.*]` are left alone.",
    benign: &["a move of your server to a new address, and a new strategy on the same day"],
    next: &[Step::SaveEvidence],
    sources: "Elastic, credential_access_iam_long_term_access_key_correlated_with_elevated_detection_alerts",
    thresholds: &[Threshold {
        name: "hours",
        default: 24.0,
        unit: "hours",
        source: "Elastic, alerts correlated within a day",
    }],
    plan,
};

fn plan(_: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    frame(&[], &["key"])
}
