//! Orders that were made by a caller who is not expected.

use polars::prelude::*;

use super::plan::{attributed_orders, order_hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "order-suspect-source",
    title: "orders placed from an unexpected source",
    severity: "critical",
    confidence: Confidence::High,
    subject: Subject::Ip,
    message: "{count:order} in {symbol} placed from {ip} with key {key} by \"{client}\": {doubt}",
    needs: &[Table::Orders, Table::Trades, Table::Calls],
    needs_expectations: true,
    why: "These are the orders of whoever holds the key besides you.",
    logic: "An order of the window whose call, by id or by pair, side, quantity and time, came from an address, key or client that is not expected, or was an operation that the key is not for. A near-equal candidate counts like the chosen call.",
    benign: &["the benign causes of the findings on that address, key or client"],
    next: &[Step::SaveEvidence, Step::DisableAccount, Step::DeleteKey, Step::CancelOrders, Step::Report],
    sources: "the checks of API keys in the README",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(odd) = attributed_orders(data, |verdict, _| verdict == "suspicious-source")? else { return Ok(None) };
    let subject = when(col("call_ip").eq(lit(""))).then(col("call_key")).otherwise(col("call_ip"));
    Ok(Some(order_hits(odd, subject, severity(Severity::Critical), &[("doubt", col("doubt"))])))
}
