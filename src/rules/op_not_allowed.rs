//! Operations outside what a key is for.

use polars::prelude::*;

use super::plan::{call_hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "op-not-allowed",
    title: "operation outside the key's role",
    severity: "high when accepted, medium when denied",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "{count:call} of key {key} did more than it is for: {class} ({operation}); it may {allowed}",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "A key made to read that places orders is in other hands, or has more rights than it needs.",
    logic: "A call of the window whose operation, classed by its path or words, is not in the key's `allow`. `read` covers market data, streams and test orders. Operations of no known class are never a finding; they are listed under what could not be checked.",
    benign: &["`allow` is narrower than what the tool needs"],
    next: &[Step::DeleteKey, Step::NewKey, Step::AddToExpectations],
    sources: "binance-spot-api-docs (security types); the checks of API keys in the README",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let outside = calls.filter(
        col("in_window")
            .and(col("operation_verdict").eq(lit("unexpected")))
            .and(col("entered").or(col("outcome").eq(lit("denied")))),
    );
    Ok(Some(call_hits(
        outside,
        col("key"),
        severity_if(col("entered"), Severity::High, Severity::Medium),
        &[("allowed", col("allowed"))],
    )))
}
