//! A key used from a network that it was not used from before.

use polars::prelude::*;

use super::plan::{HISTORY_DAYS, HISTORY_RECORDS, baseline, call_hits, severity, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::DAY;

pub(super) static RULE: Rule = Rule {
    id: "ip-first-seen",
    title: "key used from a new network",
    severity: "medium; high when an operation was trade or above; low next to a known address, or with too little history",
    confidence: Confidence::Medium,
    subject: Subject::Ip,
    message: "{count:call} with key {key} from {ip}, an address not seen with this key in the {days} days before the window ({class})",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A stolen key shows first as a known key at an unknown address.",
    logic: "A key's call of the window that was not refused (accepted, failed for another reason than its key, or of an outcome that is not logged), from an address (IPv6: a /64) with no such call of this key in the `baseline_days` before the window, and outside the key's networks. An address whose /24 was seen is low, one in a listed network of the kind `dynamic` info. At most low until the log holds `history_days` and `history_records` before the window.",
    benign: &["travel", "a VPN's exit", "a new server or build host"],
    next: &[Step::AddToExpectations, Step::DeleteKey],
    sources: "Elastic detection-rules, credential_access_iam_long_term_access_key_first_seen_from_source_ip (new terms over key and address, medium)",
    thresholds: &[
        HISTORY_DAYS,
        HISTORY_RECORDS,
        Threshold {
            name: "baseline_days",
            default: 30.0,
            unit: "days before the window",
            source: "Panther's 30-day baseline; Elastic uses 10",
        },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(calls) = data.table(Table::Calls) else { return Ok(None) };
    let days = thresholds.value("baseline_days");
    let Some(enough) = baseline(calls.clone(), "first", col("count").sum(), data.window.start, thresholds)? else {
        return Ok(None);
    };
    let acted = calls.filter(col("entered"));
    let oldest = data.window.start - (days * DAY as f64) as i64;
    let before = acted.clone().filter(col("baseline").and(col("last").gt_eq(lit(oldest))));
    let known = before.clone().select([col("key"), col("place")]).unique(None, UniqueKeepStrategy::Any);
    let near = before
        .select([col("key"), col("prefix")])
        .unique(None, UniqueKeepStrategy::Any)
        .with_column(lit(true).alias("near"));
    let new = acted
        .filter(
            col("in_window").and(
                col("ip_verdict")
                    .is_in(lit(Series::new("".into(), ["unrecognized", "unreviewed"])).implode(true), false)
                    .or(col("dynamic")),
            ),
        )
        .join(known, [col("key"), col("place")], [col("key"), col("place")], JoinArgs::new(JoinType::Anti))
        .join(near, [col("key"), col("prefix")], [col("key"), col("prefix")], JoinArgs::new(JoinType::Left));
    let level = match enough {
        true => when(col("near").fill_null(lit(false))).then(severity(Severity::Low)).otherwise(severity_if(
            col("sensitive"),
            Severity::High,
            Severity::Medium,
        )),
        false => severity(Severity::Low),
    };
    let level = when(col("dynamic")).then(severity(Severity::Info)).otherwise(level);
    Ok(Some(call_hits(new, col("ip"), level, &[("days", lit(format!("{days}")))])))
}
