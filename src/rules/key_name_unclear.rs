//! Keys whose names do not say what they are for.

use polars::prelude::*;

use super::plan::{Hit, MAIN, frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::counted::counted;
use crate::dataset::{Dataset, KeyCard};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "key-name-unclear",
    title: "names of keys do not say tool and scope",
    severity: "info",
    confidence: Confidence::Low,
    subject: Subject::Account,
    message: "{count:key name} without the tool that the key is for and what it may do: {key}{many}",
    needs: &[Table::Keys],
    needs_expectations: false,
    why: "In an emergency the name decides how fast the right key is found. One key per tool, named for it and for its scope, answers that at a glance.",
    logic: "Keys of the key list that are not deleted and whose name is not a tool, a hyphen and Spot, Futures, Margin, Options or ReadOnly, or does not fit the regular expression `key_name` under [defaults] where there is one; or more than `keys` keys.",
    benign: &["your own way of naming keys"],
    next: &[Step::NewKey],
    sources: "the checks of API keys in the README",
    thresholds: &[Threshold {
        name: "keys",
        default: 30.0,
        unit: "keys",
        source: "Binance's limit of keys per account, as users report it",
    }],
    plan,
};

/// What a key is for, as the last part of its name.
const SCOPES: &[&str] = &["Spot", "Futures", "ReadOnly", "Margin", "Options"];

fn is_clear(name: &str) -> bool {
    let tool = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    name.split_once('-')
        .is_some_and(|(before, scope)| tool(before) && SCOPES.iter().any(|known| scope.starts_with(known)))
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Keys) {
        return Ok(None);
    }
    let pattern = data.expectations.and_then(|e| e.key_name.as_ref());
    let clear = |name: &str| pattern.map_or_else(|| is_clear(name), |pattern| pattern.is_match(name));
    let live: Vec<&KeyCard> = data.key_cards.iter().filter(|card| card.is_live_in_list()).collect();
    let too_many = live.len() as f64 > thresholds.value("keys");
    let many = if too_many { format!(" ({} in all)", counted(live.len(), "key")) } else { String::new() };
    let hits: Vec<Hit> = live
        .iter()
        .filter(|card| too_many || !clear(&card.name))
        .map(|card| Hit {
            subject: MAIN.to_owned(),
            ..key_hit(card, Severity::Info, card.created, vec![card.name.clone(), many.clone()])
        })
        .collect();
    frame(&hits, &["key", "many"])
}
