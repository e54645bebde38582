//! A sliver of odd calls under much ordinary traffic.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, uses};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::{Dataset, operation};
use crate::tables::Table;
use crate::time::DAY;

pub(super) static RULE: Rule = Rule {
    id: "ip-rare-minority",
    title: "almost all calls expected, a sliver not",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "of the calls of key {key} in those days {share} are as expected, and not {count:call} from {ip} ({operation})",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "A thief who is careful makes few calls and hides them among those of the tool.",
    logic: "Within `days` up to a foreign call of a key: at least `expected` calls as expected, at most `share` of the calls from addresses in none of the key's networks, from `networks` networks at most, and among them at least `operations` different operations of trade or above that were let in.",
    benign: &["your own computer, used now and then: list its network"],
    next: &[Step::DeleteKey, Step::RotateAll],
    sources: "Elastic, initial_access_aws_api_unusual_asn",
    thresholds: &[
        Threshold { name: "days", default: 7.0, unit: "days", source: "Elastic" },
        Threshold { name: "expected", default: 100.0, unit: "calls", source: "Elastic" },
        Threshold { name: "share", default: 0.01, unit: "of the calls", source: "Elastic" },
        Threshold { name: "operations", default: 2.0, unit: "different operations", source: "Elastic" },
        Threshold { name: "networks", default: 5.0, unit: "networks", source: "Elastic" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let span = (thresholds.value("days") * DAY as f64) as i64;
    let rows = call_rows(data)?;
    let uses = uses(data, &rows);
    let mut foreign: BTreeMap<&str, Vec<&CallRow<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && row.is_foreign() && row.entered()) {
        foreign.entry(row.key).or_default().push(row);
    }
    let mut hits = Vec::new();
    for (key, rows) in foreign {
        let Some(until) = rows.iter().map(|row| row.tally.last).max() else { continue };
        let rows: Vec<&CallRow<'_>> = rows.into_iter().filter(|row| row.tally.last > until - span).collect();
        let own = uses
            .get(key)
            .into_iter()
            .flatten()
            .filter(|(kind, bin)| kind.is_own() && bin.last > until - span && bin.first <= until);
        let expected: u64 = own.map(|(_, bin)| bin.count).sum();
        let odd: u64 = rows.iter().map(|row| row.tally.count).sum();
        let distinct = |value: fn(&CallRow<'_>) -> String, all: bool| {
            rows.iter().filter(|row| all || row.acted()).map(|row| value(row)).collect::<BTreeSet<String>>().len()
                as f64
        };
        let operations = distinct(|row| operation(&row.caller()), false);
        let networks = distinct(|row| row.prefix.to_owned(), true);
        let share = odd as f64 / (odd + expected) as f64;
        if expected as f64 >= thresholds.value("expected")
            && share <= thresholds.value("share")
            && operations >= thresholds.value("operations")
            && networks <= thresholds.value("networks")
        {
            let own = format!("{:.1} %", (1.0 - share) * 100.0);
            hits.extend(rows.iter().map(|row| {
                let details = vec![key.to_owned(), own.clone(), row.ip().to_owned(), operation(&row.caller())];
                row.hit(key, Severity::High, details)
            }));
        }
    }
    frame(&hits, &["key", "share", "ip", "operation"])
}
