//! Withdrawals that a key asked for.

use polars::prelude::*;

use super::plan::{call_hits, holds_word, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "withdraw-via-api",
    title: "withdrawal by a key",
    severity: "critical unless the key's `allow` holds `withdraw`",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "{count:withdrawing call} with key {key} from {ip} by \"{client}\"",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A key for trading or reports never needs to withdraw; one that does takes the money itself.",
    logic: "A call of the window that withdraws and may have been let in, by a key whose `allow` in the expectations does not hold `withdraw`.",
    benign: &["a treasury key that pays out by program: allow it `withdraw`"],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::ReviewAddresses, Step::Report],
    sources: "the checks of API keys in the README; paths: binance-api-swagger spot_api.yaml",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.frames.get(&Table::Calls) else { return Ok(None) };
    let allowed = holds_word(calls, "allowed", "withdraw")?;
    let odd = calls
        .clone()
        .lazy()
        .filter(col("in_window").and(col("class").eq(lit("withdraw"))).and(col("entered")).and(allowed.not()));
    Ok(Some(call_hits(odd, col("key"), severity(Severity::Critical), &[])))
}
