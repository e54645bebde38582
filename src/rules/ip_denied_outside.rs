//! Calls that were denied, from outside the networks of their key: the whitelist held.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows};
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Outcome;
use crate::tables::Table;
use crate::time::HOUR;

pub(super) static RULE: Rule = Rule {
    id: "ip-denied-outside",
    title: "denied calls from outside the key's networks",
    severity: "medium; high when several came within a day, or from several networks",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "{count:denied call} with key {key} from {ip}: someone tries the key, and its restrictions held",
    needs: &[Table::Calls],
    needs_expectations: true,
    why: "Someone knows the key id and possibly the secret. Only the address whitelist, or a missing permission, kept him out.",
    logic: "A denied call of the window (HTTP 401, -2015, -2014, -1022, OKX 50110, CoinEx 4007, Bitvavo 307, or words to that effect) from an address in none of the key's networks. HTTP 403, 418 and 429 are limits or a firewall and say nothing on the key. High when `calls_per_day` of them, or such from `networks` networks, fall within `hours` for one key. Of each kind of call the earliest 32 are looked at.",
    benign: &[
        "your own machine before you listed its address",
        "-2015 also stands for a missing permission or a wrong key",
    ],
    next: &[Step::DeleteKey, Step::NewKey, Step::RotateAll],
    sources: "binance-spot-api-docs errors.md (-2015 stands for key, address or permission); ccxt/ccxt#18653",
    thresholds: &[
        Threshold { name: "calls_per_day", default: 3.0, unit: "calls", source: "own proposal" },
        Threshold { name: "networks", default: 2.0, unit: "networks", source: "own proposal" },
        Threshold { name: "hours", default: 24.0, unit: "hours", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let rows = call_rows(data)?;
    let mut keys: BTreeMap<&str, Vec<&CallRow<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| data.window.holds(row.tally.first) && row.is_foreign()) {
        if row.tally.verdict.outcome == Outcome::Denied {
            keys.entry(row.key).or_default().push(row);
        }
    }
    let mut hits = Vec::new();
    for (key, rows) in keys {
        let mut tries: Vec<(i64, &str)> =
            rows.iter().flat_map(|row| row.tally.sample.iter().map(|place| (place.time, row.prefix))).collect();
        tries.sort_unstable();
        let level = if are_dense(&tries, thresholds) { Severity::High } else { Severity::Medium };
        for row in rows {
            let subject = if key.is_empty() { row.ip() } else { key };
            let details = [row.ip(), key, row.client(), row.tally.verdict.class.name()];
            hits.push(row.hit(subject, level, details.map(str::to_owned).to_vec()));
        }
    }
    frame(&hits, &["ip", "key", "client", "class"])
}

/// Whether many tries, or tries from several networks, fall within the span. They are in order of time.
fn are_dense(tries: &[(i64, &str)], thresholds: &Thresholds) -> bool {
    let span = (thresholds.value("hours") * HOUR as f64) as i64;
    let mut networks: BTreeMap<&str, usize> = BTreeMap::new();
    let mut from = 0;
    tries.iter().enumerate().any(|(at, (time, network))| {
        *networks.entry(network).or_default() += 1;
        while tries[from].0 < time - span {
            let left = networks.entry(tries[from].1).or_default();
            *left -= 1;
            if *left == 0 {
                networks.remove(tries[from].1);
            }
            from += 1;
        }
        (at + 1 - from) as f64 >= thresholds.value("calls_per_day")
            || networks.len() as f64 >= thresholds.value("networks")
    })
}
