//! Calls with a key after its deletion.

use polars::prelude::*;

use super::plan::{call_hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{HOUR, SECOND};

pub(crate) static RULE: Rule = Rule {
    id: "key-use-after-delete",
    title: "deleted key still seen",
    severity: "critical when accepted, medium when denied; medium when all accepted calls look like an error of the time zone",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "{count:call} with key {key} after its deletion: {how}",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "A deleted key that still works was not the key that was deleted. One that is denied is still in someone's hands.",
    logic: "A call of the window more than `seconds` after the key's `deleted_at`; an accepted one also where it alone is so late that the window ends before it. When all accepted ones lie within `zone_hours` of the deletion and address and client are the key's own, a wrong zone of the log or of `deleted_at` would explain them.",
    benign: &[
        "`deleted_at` or the log's zone is off by hours: check both",
        "a forgotten tool that keeps trying (denied)",
    ],
    next: &[Step::DisableAccount, Step::SaveEvidence, Step::DeleteKey, Step::StopTool, Step::Report],
    sources: "the checks of API keys in the README; Sigma azure_login_to_disabled_account (medium)",
    thresholds: &[
        Threshold {
            name: "seconds",
            default: 60.0,
            unit: "seconds",
            source: "own proposal: calls on their way while the key is deleted",
        },
        Threshold { name: "zone_hours", default: 14.0, unit: "hours", source: "the widest offset from UTC" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let grace = (thresholds.value("seconds") * SECOND as f64) as i64;
    let zone = (thresholds.value("zone_hours") * HOUR as f64) as i64;
    // A call that was let in shows that the key works, even one so late that the window does not reach it.
    let stray = col("entered").and(lit(data.window.open)).and(col("first").gt_eq(lit(data.window.end)));
    let after = calls
        .filter(
            col("in_window")
                .or(stray)
                .and(col("key_verdict").eq(lit("deleted")))
                .and(col("last").gt(col("deleted_at") + lit(grace)))
                .and(col("entered").or(col("outcome").eq(lit("denied")))),
        )
        .with_column(
            col("last")
                .lt_eq(col("deleted_at") + lit(zone))
                .and(col("ip_verdict").eq(lit("expected")))
                .and(col("tool_verdict").neq(lit("unexpected")))
                .or(col("entered").not())
                .all(true)
                .over([col("key")])?
                .alias("zone"),
        );
    let level = when(col("entered").not().or(col("zone")))
        .then(severity(Severity::Medium))
        .otherwise(severity(Severity::Critical));
    let how = when(col("entered").not())
        .then(lit("denied, from something that still holds the key"))
        .when(col("zone"))
        .then(lit("accepted, but from the key's own address and within hours of the deletion: the zone of the log or of deleted_at may be wrong"))
        .otherwise(lit("accepted, so the key works: check which key was deleted"));
    Ok(Some(call_hits(after, col("key"), level, &[("how", how)])))
}
