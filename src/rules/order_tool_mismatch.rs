//! Orders whose ids are not of the key's tool.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::plan::{Hit, MAIN, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::columns;
use crate::dataset::Dataset;
use crate::ingest::FastMap;
use crate::reference::{Origin, Reference};
use crate::tables::{Table, split_pair};

pub(super) static RULE: Rule = Rule {
    id: "order-tool-mismatch",
    title: "client order id is not of the key's tool",
    severity: "high; medium for an id that the exchange made, for a family only learned, and without the key",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "{count:order} with ids like {id}, which is not how {whose} names its orders ({family})",
    needs: &[Table::Orders],
    needs_expectations: false,
    why: "Tools mark their orders. A thief with the same key uses another program; that his ids match proves nothing, that they do not tells much.",
    logic: "An order of the window with a client order id that begins with none of the `id_families` of its key (by its call or the export; without it, of any key). Where none are stated, they are learned: the families of at least `learned` earlier orders, all of known make; they say nothing of a key that has no calls before the window, which may be of a new tool. Ids of the website and the apps are left out (they have verdicts of their own). An id of Hummingbot must also name side and pair of its order.",
    benign: &["the tool changed its prefix with an update", "an order you placed through another program"],
    next: &[Step::DeleteKey, Step::SecureVendor, Step::AddToExpectations],
    sources: "prefixes as in the table of families; hummingbot/hummingbot connector/utils.py for its letters",
    thresholds: &[Threshold { name: "learned", default: 20.0, unit: "earlier orders", source: "own proposal" }],
    plan,
};

/// An order with what is known of who made it.
struct Made<'a> {
    id: &'a str,
    key: &'a str,
    symbol: &'a str,
    side: &'a str,
    window: bool,
    baseline: bool,
    time: i64,
    at: (Table, u32),
}

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(view) = &data.orders else { return Ok(None) };
    let orders = made(data, view)?;
    if orders.is_empty() {
        return Ok(None);
    }
    let reference = data.expectations.map_or(Reference::built_in(), |e| &e.reference);
    let learned: Vec<String> =
        orders.iter().filter(|order| order.baseline).map(|order| family(reference, order.id)).collect();
    let enough = learned.len() as f64 >= thresholds.value("learned") && learned.iter().all(|name| !name.is_empty());
    let learned: BTreeSet<String> = if enough { learned.into_iter().collect() } else { BTreeSet::new() };
    let mut hits = Vec::new();
    for order in orders.iter().filter(|order| order.window) {
        let known = reference.family(order.id);
        if known.is_some_and(|family| matches!(family.origin, Origin::Website | Origin::App | Origin::System)) {
            continue;
        }
        let name = family(reference, order.id);
        let unset = known.is_some_and(|family| family.origin == Origin::Unset);
        let stated = stated(data, order);
        let own = stated.iter().any(|family| order.id.starts_with(family.as_str()));
        let level = if name == "Hummingbot" && !names_its_order(order) {
            Severity::High
        } else if !stated.is_empty() && !own {
            if unset || order.key.is_empty() { Severity::Medium } else { Severity::High }
        } else if stated.is_empty() && !learned.is_empty() && !learned.contains(&name) && !is_new(data, order.key) {
            Severity::Medium
        } else {
            continue;
        };
        let subject = if order.key.is_empty() { MAIN } else { order.key };
        let whose = if order.key.is_empty() { "any key".to_owned() } else { format!("key {}", order.key) };
        let shown = if name.is_empty() { "of no known make".to_owned() } else { name };
        let details = vec![order.id.to_owned(), whose, shown, order.key.to_owned(), order.symbol.to_owned()];
        let (first, last) = (Some(order.time), Some(order.time));
        hits.push(Hit {
            subject: subject.to_owned(),
            severity: level,
            at: Some(order.at),
            first,
            last,
            count: 1,
            details,
        });
    }
    frame(&hits, &["id", "whose", "family", "key", "symbol"])
}

/// Whether all calls of a key fall into the window.
fn is_new(data: &Dataset<'_>, key: &str) -> bool {
    let card = data.key_cards.iter().find(|card| card.name == key);
    card.and_then(|card| card.calls.as_ref()).is_some_and(|calls| calls.first >= data.window.start)
}

/// The id families that the expectations state for the key of an order; without a key, those of all.
fn stated<'a>(data: &Dataset<'a>, order: &Made<'_>) -> Vec<&'a String> {
    let keys = data.expectations.map(|e| e.keys.as_slice()).unwrap_or_default();
    let of_key = keys.iter().filter(|key| order.key.is_empty() || key.name == order.key);
    let alive: Vec<_> = of_key.filter(|key| key.valid.holds(order.time)).collect();
    // A key whose tools state no family may have made any id.
    if order.key.is_empty() && alive.iter().any(|key| key.id_families.is_empty()) {
        return Vec::new();
    }
    alive.into_iter().flat_map(|key| &key.id_families).collect()
}

/// What makes ids of this kind; a prefix in the form of Binance's broker ids stands for itself.
fn family(reference: &Reference, id: &str) -> String {
    match reference.family(id) {
        Some(family) => family.name.clone(),
        None => id.get(..10).filter(|start| start.starts_with("x-")).unwrap_or_default().to_owned(),
    }
}

/// Whether an id of Hummingbot names side and pair: behind the prefix B or S, then the first and last letters of both assets.
fn names_its_order(order: &Made<'_>) -> bool {
    let Some(rest) = order.id.get(10..).filter(|rest| rest.len() >= 5 && rest.is_ascii()) else { return true };
    let (base, quote) = split_pair(order.symbol);
    let ends = |asset: &str| Some([asset.chars().next()?, asset.chars().last()?]);
    let (Some(base), Some(quote), Some(side)) = (ends(base), ends(quote), order.side.chars().next()) else {
        return true;
    };
    let letters: String = [side].into_iter().chain(base).chain(quote).collect();
    rest[..5].eq_ignore_ascii_case(&letters)
}

/// The orders that have a client order id.
fn made<'a>(data: &'a Dataset<'_>, view: &'a DataFrame) -> PolarsResult<Vec<Made<'a>>> {
    let text = |name: &str| columns::texts(view, name);
    let (id, symbol, side, key) = (text("client_order_id")?, text("symbol")?, text("side")?, text("key")?);
    let (window, baseline) = (view.column("in_window")?.bool()?, view.column("baseline")?.bool()?);
    let (times, rows) = (view.column("time")?.i64()?, columns::counts(view, "table_row")?);
    if id.is_nothing() {
        return Ok(Vec::new());
    }
    let calls: FastMap<u32, &str> = {
        let (rows, keys) = (data.verdicts.column("row")?.u32()?, columns::texts(&data.verdicts, "key")?);
        rows.iter().flatten().enumerate().map(|(at, row)| (row, keys.get(at).unwrap_or_default())).collect()
    };
    let mut orders = Vec::new();
    for at in 0..view.height() {
        let Some(own) = id.get(at).filter(|id| !id.is_empty()) else { continue };
        let row = at as u32;
        orders.push(Made {
            id: own,
            key: key.get(at).or_else(|| calls.get(&row).copied()).unwrap_or_default(),
            symbol: symbol.get(at).unwrap_or_default(),
            side: side.get(at).unwrap_or_default(),
            window: window.get(at) == Some(true),
            baseline: baseline.get(at) == Some(true),
            time: times.get(at).unwrap_or_default(),
            at: (Table::Orders, rows.get(at).unwrap_or_default()),
        });
    }
    Ok(orders)
}
