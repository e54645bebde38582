//! Keys that a vendor held when it was broken into.

use polars::prelude::*;

use super::plan::{frame, key_hit};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::Timestamp;

pub(super) static RULE: Rule = Rule {
    id: "key-vendor-compromised",
    title: "key of a vendor you marked as broken into",
    severity: "critical; high when it is not known when the key was made",
    confidence: Confidence::High,
    subject: Subject::Key,
    message: "key {key} belongs to {vendor}, which you marked as broken into, and was {made}",
    needs: &[Table::Keys],
    needs_expectations: true,
    why: "Whoever took the vendor's database took the keys in it. Thieves have kept such keys for months and used them when a thin market made it worth while.",
    logic: "A key that is not deleted, of a tool that a `[[vendor]]` names, made before the end of that vendor's `compromised_to` (or with no end stated). No vendor is built in: which to distrust is your judgement.",
    benign: &["the key was made anew after the break-in, and the key list is an old one"],
    next: &[Step::DeleteKey, Step::NewKey, Step::SecureVendor],
    sources: "the thefts with keys of 3Commas (2022) and Skyrex (2022) as reported; the exchange's advice to delete such keys",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(expectations) = data.expectations.filter(|e| !e.vendors.is_empty()) else { return Ok(None) };
    let mut hits = Vec::new();
    for card in data.key_cards.iter().filter(|card| !card.is_deleted()) {
        let Some(key) = data.expected_key(&card.name) else { continue };
        for vendor in expectations.vendors.iter().filter(|v| v.tools.iter().any(|tool| key.tools.contains(tool))) {
            let (level, made) = match (card.listed_created.or(key.valid.from), vendor.compromised.until) {
                (Some(created), Some(until)) if created >= until => continue,
                (Some(created), _) => (Severity::Critical, format!("made {}", Timestamp(created))),
                (None, _) => (Severity::High, "made at a time that nothing states".to_owned()),
            };
            let details = vec![card.name.clone(), vendor.name.clone(), made];
            hits.push(key_hit(card, level, card.listed_created.or(key.valid.from), details));
        }
    }
    frame(&hits, &["key", "vendor", "made"])
}
