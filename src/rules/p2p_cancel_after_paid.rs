//! P2P orders that were cancelled, or disputed, after they had been paid.

use polars::prelude::*;

use super::plan::{hits, holds_word, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "p2p-cancel-after-paid",
    title: "P2P order cancelled after payment",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::P2pOrder,
    message: "P2P order {order} ({side} {asset} for {fiat}, with {counterparty}): {status} after it was paid",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "\"Please cancel, then we refund\": who cancels a paid order has neither the money nor the coins.",
    logic: "A P2P order of the window that is in appeal, or that was cancelled although the export states when it was paid. An export with a single final status and no time of payment cannot show the second.",
    benign: &["a payment that came back, with an appeal that is under way"],
    next: &[Step::Report],
    sources: "statuses: developers.binance.com C2C; the pattern: users' reports",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::P2p) else { return Ok(None) };
    let appeal = holds_word(frame, "status", "appeal")?;
    let odd =
        frame.clone().lazy().filter(col("in_window").and(appeal.or(col("undone").and(col("paid").is_not_null()))));
    let details = [
        ("order", col("order_id")),
        ("side", col("side")),
        ("symbol", col("asset")),
        ("asset", col("asset")),
        ("fiat", col("fiat")),
        ("counterparty", col("counterparty")),
        ("status", col("status")),
    ];
    let time = || col("created");
    Ok(Some(hits(odd, col("order_id"), severity(Severity::High), Table::P2p, [time(), time()], lit(1u64), &details)))
}
