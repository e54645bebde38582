//! Ids of keys that cannot be held against each other.

use polars::prelude::*;

use super::call_rows::call_rows;
use super::plan::{Hit, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::expectations::KeyId;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "id-mask",
    title: "ids of keys show too little",
    severity: "info",
    confidence: Confidence::High,
    subject: Subject::Table,
    message: "the id {key} shows too little of itself to tell whose it is: it cannot be joined with the key list or the expectations",
    needs: &[Table::Calls, Table::Keys],
    needs_expectations: false,
    why: "Files that mask ids each in its own way cannot be joined; a stranger's key could pass for one of yours, or the other way round.",
    logic: "A key in the calls of the window that goes by an id alone, which is masked and shows fewer than four characters, or that of a key list.",
    benign: &["the exchange masks ids in its exports: add a column with the names"],
    next: &[Step::AddToExpectations],
    sources: "the exports at hand: `***`, `hidden`, `ab…`",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) && !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let blind = |id: &str| ["...", "…", "*"].iter().any(|mask| id.contains(mask)) && !KeyId::shows(id);
    let mut hits = Vec::new();
    for row in call_rows(data)?.iter().filter(|row| data.window.holds(row.tally.first)) {
        if row.key_name().is_empty() && blind(row.key_id()) {
            hits.push(row.hit(Table::Calls.name(), Severity::Info, vec![row.key_id().to_owned()]));
        }
    }
    let listed = data.key_cards.iter().filter(|card| card.row.is_some() && Some(&card.name) == card.id.as_ref());
    for card in listed.filter(|card| blind(&card.name)) {
        let hit = key_hit(card, Severity::Info, card.created, vec![card.name.clone()]);
        hits.push(Hit { subject: Table::Keys.name().to_owned(), ..hit });
    }
    frame(&hits, &["key"])
}
