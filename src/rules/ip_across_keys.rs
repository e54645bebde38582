//! One unlisted network that tries several keys.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Outcome;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "ip-across-keys",
    title: "one unlisted network used several keys",
    severity: "critical",
    confidence: Confidence::High,
    subject: Subject::Ip,
    message: "{ip} used {keys}: whoever calls from there holds several of your keys",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "One stranger with several keys has the place where they were kept, not one of them.",
    logic: "A network (IPv4 /24, IPv6 /64) with calls of the window, let in or denied, from addresses in none of the keys' networks, with `keys` different keys or more.",
    benign: &["your own computer with which you tried your keys: list its network"],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::RotateAll, Step::ScanMachine],
    sources: "own proposal after the rules of Elastic and Splunk on several users from one address",
    thresholds: &[Threshold { name: "keys", default: 2.0, unit: "keys", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let rows = call_rows(data)?;
    let mut networks: BTreeMap<&str, Vec<&CallRow<'_>>> = BTreeMap::new();
    for row in tried(data, &rows) {
        networks.entry(row.prefix).or_default().push(row);
    }
    let mut hits = Vec::new();
    for (prefix, rows) in networks {
        let mut keys: BTreeSet<&str> = rows.iter().map(|row| row.key).collect();
        keys.extend(data.strangers.get(prefix).into_iter().flatten().map(String::as_str));
        if keys.len() as f64 >= thresholds.value("keys") {
            let names = keys.iter().copied().collect::<Vec<_>>().join(", ");
            hits.extend(rows.iter().map(|row| {
                let details = vec![row.ip().to_owned(), names.clone(), row.key.to_owned()];
                row.hit(row.prefix, Severity::Critical, details)
            }));
        }
    }
    frame(&hits, &["ip", "keys", "key"])
}

/// The calls of strangers who tried a key.
fn tried<'r, 'a>(data: &Dataset<'_>, rows: &'r [CallRow<'a>]) -> impl Iterator<Item = &'r CallRow<'a>> {
    let tried = |row: &&CallRow<'_>| row.entered() || row.tally.verdict.outcome == Outcome::Denied;
    let named = |row: &&CallRow<'_>| !row.key.is_empty() && !row.tally.folded;
    let window = data.window;
    rows.iter().filter(move |row| window.holds(row.tally.first) && row.is_foreign()).filter(tried).filter(named)
}

/// Tells each account which keys of the others strangers tried, and from which networks.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn tell_accounts(all: &mut [Dataset<'_>]) -> PolarsResult<()> {
    let mut strangers: Vec<BTreeMap<String, BTreeSet<String>>> = vec![BTreeMap::new(); all.len()];
    for (at, data) in all.iter().enumerate().filter(|(_, data)| data.account.is_some()) {
        let account = data.account.as_deref().unwrap_or_default();
        for row in tried(data, &call_rows(data)?) {
            for (_, others) in strangers.iter_mut().enumerate().filter(|(other, _)| *other != at) {
                others.entry(row.prefix.to_owned()).or_default().insert(format!("{} of {account}", row.key));
            }
        }
    }
    all.iter_mut().zip(strangers).for_each(|(data, strangers)| data.strangers = strangers);
    Ok(())
}
