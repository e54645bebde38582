//! Overlapping exports: a record that two of them hold is one record, yet equal records of one export are different ones.

use std::collections::HashMap;

use crate::ingest::Source;
use crate::ingest::table::{TableBuilder, Value, Values};
use crate::tables::Table;

/// Decides which records of a table stay, and moves the others from accepted to duplicate in their sources' ledgers.
///
/// Of equal records of one account as many stay as the export with most of them holds; the parts of one export count
/// together. Of two states of one order (or P2P order) in different exports the one updated last stays.
pub fn reconcile(builder: &TableBuilder, sources: &mut [Source]) -> Vec<bool> {
    let mut keep = vec![true; builder.len()];
    let exports: HashMap<u32, (&'static str, String)> =
        sources.iter().filter(|s| s.holds(builder.table)).map(|s| (s.id, (s.format, s.export.clone()))).collect();
    let mut names: Vec<&String> = exports.values().map(|(_, export)| export).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > 1 {
        drop_copies(builder, &exports, &mut keep);
        let stamps = sources.iter().map(|source| (source.id, source.stamp)).collect();
        drop_older(builder, &exports, &stamps, &mut keep);
    }
    for (at, keep) in keep.iter().enumerate() {
        if !keep && let Some(source) = sources.iter_mut().find(|source| source.id == builder.source[at]) {
            source.accepted -= 1;
            source.duplicate += 1;
        }
    }
    keep
}

fn drop_copies(builder: &TableBuilder, exports: &HashMap<u32, (&'static str, String)>, keep: &mut [bool]) {
    /// How many copies stay, and how many each export holds.
    type Copies<'a> = (usize, HashMap<&'a str, usize>);
    type Content = (&'static str, u32, Vec<Option<Value>>);
    let mut seen: HashMap<Content, Copies<'_>> = HashMap::new();
    // One generation of an export names the account and another does not: which it is was settled when they were read.
    let named = builder.table.position("account").filter(|_| builder.table != Table::Balances);
    for (at, keep) in keep.iter_mut().enumerate() {
        let (format, export) = &exports[&builder.source[at]];
        let mut row = builder.row(at);
        if let Some(named) = named {
            row[named] = None;
        }
        let (kept, copies) = seen.entry((format, builder.account[at], row)).or_default();
        let copy = copies.entry(export).or_default();
        *copy += 1;
        if *copy <= *kept {
            *keep = false;
        } else {
            *kept = *copy;
        }
    }
}

fn drop_older(
    builder: &TableBuilder,
    exports: &HashMap<u32, (&'static str, String)>,
    stamps: &HashMap<u32, Option<i64>>,
    keep: &mut [bool],
) {
    let (identity, updated): (&[&str], &str) = match builder.table {
        Table::Orders => (&["exchange", "market", "symbol", "order_id"], "updated"),
        Table::P2p => (&["exchange", "order_id"], "created"),
        Table::Transfers => (&["exchange", "direction", "asset", "address", "tx_id"], "time"),
        _ => return,
    };
    let column = |name: &str| builder.table.position(name).map(|at| &builder.values[at]);
    let text = |name: &str, at: usize| match column(name) {
        Some(Values::Text(all)) => all[at].clone(),
        _ => None,
    };
    let time = |name: &str, at: usize| match column(name) {
        Some(Values::Time(all)) => all[at],
        _ => None,
    };
    let mut newest: HashMap<(u32, Vec<Option<String>>), usize> = HashMap::new();
    for at in 0..builder.len() {
        if !keep[at] || text(identity[identity.len() - 1], at).is_none() {
            continue;
        }
        let id = (builder.account[at], identity.iter().map(|name| text(name, at)).collect());
        let Some(&other) = newest.get(&id) else {
            newest.insert(id, at);
            continue;
        };
        if exports[&builder.source[at]].1 == exports[&builder.source[other]].1 {
            continue;
        }
        // Where no update tells, the export made later does, and else the state in which something happened.
        let stamp = |at: usize| stamps.get(&builder.source[at]).copied().flatten();
        let done = |at: usize| text("status", at).is_some_and(|status| status.to_lowercase().contains("complet"));
        let when = |at: usize| (time(updated, at), time(builder.table.time(), at), stamp(at), done(at));
        let (winner, loser) = if when(at) >= when(other) { (at, other) } else { (other, at) };
        keep[loser] = false;
        newest.insert(id, winner);
    }
}
