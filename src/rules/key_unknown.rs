//! Keys that the expectations do not list.

use polars::prelude::*;

use super::plan::{call_hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::{Dataset, KeyCard};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-unknown",
    title: "key not in your list",
    severity: "high; critical when it traded or moved money, or may",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} is in no entry of the expectations (seen: {seen})",
    needs: &[Table::Calls, Table::Keys],
    needs_expectations: true,
    why: "A key that you did not make was made by someone who is, or was, in your account.",
    logic: "A key in a call of the window, or in a key list (unless it was deleted before the window), that matches no `[[key]]` by name or id at that time. Before the expectations hold a first `[[key]]`, keys are unreviewed and nothing is reported.",
    benign: &["a key was renamed", "a new tool"],
    next: &[Step::SaveEvidence, Step::DeleteKey, Step::CancelOrders, Step::ResetPassword, Step::AddToExpectations],
    sources: "the checks of API keys in the README; Sigma okta_api_token_created (medium)",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let used = data.table(Table::Calls).map(|calls| {
        let unknown = calls.filter(col("in_window").and(col("key_verdict").eq(lit("unknown"))));
        let level = severity_if(col("sensitive").and(col("entered")), Severity::Critical, Severity::High);
        call_hits(unknown, col("key"), level, &[("seen", lit("in calls"))])
    });
    // A thief's key may be gone again; one that was gone before the window is history.
    let lately = |card: &KeyCard| {
        [card.created, card.last_used, card.deleted_at].iter().flatten().any(|time| *time >= data.window.start)
    };
    let cards: Vec<_> = data
        .key_cards
        .iter()
        .filter(|card| card.expected == Some(false) && (!card.is_deleted() || lately(card)))
        .filter(|card| card.row.is_some())
        .collect();
    let dangerous = |card: &&&KeyCard| card.permissions.iter().any(|word| !matches!(*word, "read" | "cancel"));
    let levels: Vec<i32> = cards
        .iter()
        .map(|card| if dangerous(&card) { Severity::Critical as i32 } else { Severity::High as i32 })
        .collect();
    let names: Vec<&str> = cards.iter().map(|card| card.name.as_str()).collect();
    let time: Vec<Option<i64>> = cards.iter().map(|card| card.created).collect();
    let listed = df!(
        "subject" => &names,
        "severity" => &levels,
        "table" => vec![Table::Keys.name(); cards.len()],
        "row" => cards.iter().map(|card| card.row).collect::<Vec<_>>(),
        "first" => &time,
        "last" => &time,
        "count" => vec![1u64; cards.len()],
        "ip" => vec![None::<&str>; cards.len()],
        "key" => &names,
        "client" => vec![None::<&str>; cards.len()],
        "operation" => vec![None::<&str>; cards.len()],
        "class" => vec![None::<&str>; cards.len()],
        "seen" => vec!["in the key list"; cards.len()],
    )?
    .lazy();
    let all: Vec<LazyFrame> = used.into_iter().chain([listed]).collect();
    Ok(Some(concat(all, UnionArgs::default())?))
}
