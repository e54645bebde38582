//! P2P trading by an account that never did it.

use polars::prelude::*;

use super::plan::{hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::balances::held;
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "p2p-first-use",
    title: "P2P used for the first time",
    severity: "high; medium when each was less than `share` of what there was of its asset",
    confidence: Confidence::Medium,
    subject: Subject::Account,
    message: "{count:P2P order} ({side} {asset} for {fiat}) by an account without any before the window",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "Selling for fiat to a stranger takes money out without a withdrawal, and needs only a session.",
    logic: "P2P orders of the window that were not cancelled, when the exports hold none before it. What there was is known from balances, or from a ledger that shows everything come in. An export that begins inside the window cannot show earlier ones: fetch a longer one before you trust this.",
    benign: &["you used P2P for the first time", "the export is shorter than your history"],
    next: &[
        Step::SaveEvidence,
        Step::DisableAccount,
        Step::LogOutDevices,
        Step::ResetPassword,
        Step::SecureMailbox,
        Step::Report,
    ],
    sources: "users' reports of account takeovers through a QR login that ended in P2P sales",
    thresholds: &[Threshold { name: "share", default: 0.01, unit: "of what there was", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(orders) = data.table(Table::P2p) else { return Ok(None) };
    let before = orders.clone().filter(col("baseline")).select([len().alias("n")]).collect()?;
    let none_before = before.column("n")?.u32()?.get(0) == Some(0);
    let done = col("undone").not();
    let first = orders.filter(col("in_window").and(done).and(lit(none_before))).collect()?;
    let level = if first.height() > 0 && are_small(data, &first, thresholds.value("share"))? {
        Severity::Medium
    } else {
        Severity::High
    };
    let details = [
        ("order", col("order_id")),
        ("side", col("side")),
        ("symbol", col("asset")),
        ("asset", col("asset")),
        ("fiat", col("fiat")),
    ];
    Ok(Some(hits(
        first.lazy(),
        lit("main"),
        severity(level),
        Table::P2p,
        [col("created"), col("created")],
        lit(1u64),
        &details,
    )))
}

/// Whether each order was less than a share of what there was of its asset.
fn are_small(data: &Dataset<'_>, orders: &DataFrame, share: f64) -> PolarsResult<bool> {
    let (assets, times) = (orders.column("asset")?.str()?, orders.column("created")?.i64()?);
    let quantities = orders.column("quantity")?.decimal()?.physical();
    for at in 0..orders.height() {
        let (Some(asset), Some(time), Some(quantity)) = (assets.get(at), times.get(at), quantities.get(at)) else {
            return Ok(false);
        };
        if held(data, asset, time)?.is_none_or(|held| quantity as f64 >= share * held as f64) {
            return Ok(false);
        }
    }
    Ok(true)
}
