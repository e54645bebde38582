//! Keys that several tools use.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::{client_family, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::matching::Fit;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-shared-by-tools",
    title: "one key, several tools",
    severity: "medium",
    confidence: Confidence::Low,
    subject: Subject::Key,
    message: "key {key} is used by {families}: one key per tool lets you take one away without the others",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "A key that two tools share was given away twice, and a thief who uses his own program shows in the same way.",
    logic: "A key with calls of the window, not refused and not from a foreign address (those have rules of their own), by clients of `families` families or more, each with `calls` calls or more, of which at least one is none of the key's tools. The family is the name before the `/`. Where the tools state no `user_agents`, as many families as the key has tools are fine.",
    benign: &[
        "a tool changed its name for itself with an update",
        "a library that sends a different name per endpoint",
    ],
    next: &[Step::NewKey, Step::AddToExpectations],
    sources: "one key per tool: the checks of API keys in the README; Elastic, a key seen from two kinds of infrastructure",
    thresholds: &[
        Threshold { name: "families", default: 2.0, unit: "families of clients", source: "own proposal" },
        Threshold { name: "calls", default: 3.0, unit: "calls per family", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let least = thresholds.value("calls") as u64;
    let rows = call_rows(data)?;
    let mut clients: BTreeMap<&str, BTreeMap<String, Vec<&CallRow<'_>>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && row.entered() && !row.is_foreign()) {
        if !row.key.is_empty() && !row.client().is_empty() {
            clients.entry(row.key).or_default().entry(client_family(row.client())).or_default().push(row);
        }
    }
    let mut hits = Vec::new();
    for (key, mut families) in clients {
        families.retain(|_, rows| rows.iter().map(|row| row.tally.count).sum::<u64>() >= least);
        let expected = data.expected_key(key);
        let own = |rows: &[&CallRow<'_>]| rows.iter().all(|row| row.tally.verdict.tool == Fit::Expected);
        let fine = match expected {
            Some(entry) if !entry.agents.is_empty() => families.values().all(|rows| own(rows)),
            entry => families.len() <= entry.map_or(1, |entry| entry.tools.len().max(1)),
        };
        if families.len() as f64 >= thresholds.value("families").max(2.0) && !fine {
            let names = families.keys().cloned().collect::<Vec<_>>().join(", ");
            let shown = families.values().flatten();
            hits.extend(shown.map(|row| row.hit(key, Severity::Medium, vec![key.to_owned(), names.clone()])));
        }
    }
    frame(&hits, &["key", "families"])
}
