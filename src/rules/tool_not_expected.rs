//! Calls by a client that is none of the key's tools.

use polars::prelude::*;

use super::plan::{call_hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "tool-not-expected",
    title: "client is none of the key's tools",
    severity: "medium; high when the operation was trade or above",
    confidence: Confidence::Medium,
    subject: Subject::Client,
    message: "{count:call} with key {key} by the client \"{client}\", which is none of the key's tools (from {ip})",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "An attacker may share your address, for example from a taken-over server. In two published attack data sets only the client told his calls from the owner's.",
    logic: "A call of the window whose logged client fits none of the `user_agents` of the key's tools, nor the name of one, whatever its address. Only for keys whose tools state at least one pattern. Rate-limited calls are left out.",
    benign: &[
        "the tool was updated and names itself differently",
        "a library that sends a browser's name (python-binance does)",
    ],
    next: &[Step::AddToExpectations, Step::SaveEvidence, Step::DeleteKey],
    sources: "the checks of API keys in the README; public AWS attack data sets",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let odd = calls.filter(
        col("in_window").and(col("tool_verdict").eq(lit("unexpected"))).and(col("outcome").neq(lit("refused"))),
    );
    Ok(Some(call_hits(odd, col("client"), severity_if(col("sensitive"), Severity::High, Severity::Medium), &[])))
}
