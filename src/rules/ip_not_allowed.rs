//! Calls that were carried out from outside the networks of their key.

use polars::prelude::*;

use super::plan::{call_hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "ip-not-allowed",
    title: "calls from outside the key's networks",
    severity: "high; critical when an operation was trade or above",
    confidence: Confidence::High,
    subject: Subject::Ip,
    message: "{count:call} from {ip} with key {key} ({class}), an address in none of the key's networks",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "Whoever calls from an address that you did not expect holds the key's secret.",
    logic: "A call of the window that was not refused (accepted, failed for another reason than its key, or of an outcome that is not logged), from an address that belongs to none of the networks of its key or the key's tools valid at that moment. Calls without a known key are held against all networks. Keys without any network are left out, as are private addresses that no network lists.",
    benign: &[
        "your home address changed",
        "the tool changed its pool of addresses: fetch its current list",
        "you were travelling, or behind a VPN",
    ],
    next: &[
        Step::SaveEvidence,
        Step::DisableAccount,
        Step::DeleteKey,
        Step::CancelOrders,
        Step::RotateAll,
        Step::AddToExpectations,
    ],
    sources: "the checks of API keys in the README; vendors' notes that published address lists go stale (3Commas, Altrady)",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let outside = calls.filter(col("in_window").and(col("entered")).and(col("ip_verdict").eq(lit("unrecognized"))));
    Ok(Some(call_hits(outside, col("ip"), severity_if(col("sensitive"), Severity::Critical, Severity::High), &[])))
}
