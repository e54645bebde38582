//! Records of one thing that contradict each other.

use polars::prelude::*;

use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::{Conflict, Dataset};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-or-edited",
    title: "records that contradict each other",
    severity: "medium",
    confidence: Confidence::High,
    subject: Subject::Table,
    message: "{count:record} of the {words} contradicting another of the same id: {column} of {id} is {one} and {other}",
    needs: &[Table::Orders, Table::Trades, Table::P2p, Table::Transfers],
    needs_expectations: false,
    why: "An export does not change its mind on what was. Either one of two files was edited, or one of them was read in the wrong time zone.",
    logic: "Two records of one format with the same market, pair and order id whose time of creation, side, quantity or price differ, or with the same time and order id and another pair; or with the same market, pair, side and trade id whose time, quantity or price differ. Two records of one P2P order whose time, side, assets, amounts or counterparty differ, or of one transaction of one time whose asset, amount or address do. Orders, P2P orders and transfers are held against those of another export alone. Changes of state (open, then filled) are updates and no contradiction.",
    benign: &[
        "one of the files was read in the wrong time zone",
        "an order that was amended: its quantity changed",
        "files of two accounts in one folder",
    ],
    next: &[Step::SaveEvidence, Step::FetchExport],
    sources: "own proposal: what cannot change after the event",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !RULE.needs.iter().any(|table| data.frames.contains_key(table)) {
        return Ok(None);
    }
    let hit = |conflict: &Conflict| {
        let [one, other] = conflict.values.clone();
        let details =
            vec![conflict.table.words().to_owned(), conflict.column.to_owned(), conflict.id.clone(), one, other];
        let at = Some((conflict.table, conflict.row));
        let subject = conflict.table.name().to_owned();
        Hit { subject, severity: Severity::Medium, at, first: None, last: None, count: 1, details }
    };
    let hits: Vec<Hit> = data.conflicts.iter().map(hit).collect();
    frame(&hits, &["words", "column", "id", "one", "other"])
}
