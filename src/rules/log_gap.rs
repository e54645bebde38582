//! Orders made while the call log is silent.

use polars::prelude::*;

use super::plan::{attributed_orders, order_hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(crate) static RULE: Rule = Rule {
    id: "log-gap",
    title: "orders made while the call log is silent",
    severity: "medium",
    confidence: Confidence::High,
    subject: Subject::Table,
    message: "{count:order} placed at times when the call log is silent: it cannot tell by whom",
    needs: &[Table::Calls, Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A log with a hole where orders were made proves nothing about them; a thief with the right to it would make just that hole.",
    logic: "Orders of the window whose creation lies outside the spans of the call log. A span ends where the log is silent for more than `hours` and more than `times` its usual distance between calls, outside of the hours that the schedules of the keys' tools state.",
    benign: &["the export of the log was cut short", "the log of another tool is missing"],
    next: &[Step::FetchExport],
    sources: "own proposal: bots poll far more often than every six hours",
    thresholds: &[
        Threshold { name: "hours", default: 6.0, unit: "hours, counted by the hour", source: "own proposal" },
        Threshold { name: "times", default: 5.0, unit: "times the usual distance", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if data.coverage_of(Table::Calls).is_none() {
        return Ok(None);
    }
    let Some(silent) = attributed_orders(data, |_, in_gap| in_gap)? else { return Ok(None) };
    Ok(Some(order_hits(silent, lit(Table::Calls.name()), severity(Severity::Medium), &[])))
}
