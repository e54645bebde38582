//! Overlapping exports: a record that two of them hold is one record, yet equal records of one export are different ones.

use std::hash::{BuildHasher, Hash as _, Hasher as _};

use super::alike::repeats;
use crate::columns::Texts;
use crate::ingest::table::{ReadTable, Values};
use crate::ingest::{FastMap, Hash, Source};
use crate::tables::Table;

/// Decides which records of a table stay, and moves the others from accepted to duplicate in their sources' ledgers.
///
/// Of equal records of one account as many stay as the export with most of them holds; the parts of one export count
/// together. Of two states of one order (or P2P order) in different exports the one updated last stays; an export that does not
/// say its exchange or market may be of any.
pub fn reconcile(read: &ReadTable, sources: &mut [Source]) -> Vec<bool> {
    let mut keep = vec![true; read.len()];
    let exports = Exports::new(read, sources);
    if exports.are_several() {
        drop_copies(read, &exports, &mut keep);
        drop_older(read, &exports, &mut keep);
    }
    let origins = read.sources();
    for (at, _) in keep.iter().enumerate().filter(|(_, keep)| !**keep) {
        if let Some(source) = sources.iter_mut().find(|source| Some(source.id) == origins.get(at)) {
            source.accepted -= 1;
            source.duplicate += 1;
        }
    }
    keep
}

/// What the sources of a table's records are.
struct Exports {
    /// By source: its format, the number of its export, and when that was made.
    of: FastMap<u32, (&'static str, usize, Option<i64>)>,
}

impl Exports {
    fn new(read: &ReadTable, sources: &[Source]) -> Self {
        let own = || sources.iter().filter(|source| source.holds(read.table));
        let name = |source: &'_ Source| (source.export.clone(), source.again);
        let mut names: Vec<(String, u32)> = own().map(name).collect();
        names.sort_unstable();
        names.dedup();
        let number = |source: &Source| names.binary_search(&name(source)).unwrap_or_default();
        Self { of: own().map(|source| (source.id, (source.format, number(source), source.stamp))).collect() }
    }

    fn are_several(&self) -> bool {
        self.of.values().any(|(_, export, _)| *export > 0)
    }

    fn get(&self, source: Option<u32>) -> (&'static str, usize, Option<i64>) {
        source.and_then(|source| self.of.get(&source).copied()).unwrap_or_default()
    }
}

fn drop_copies(read: &ReadTable, exports: &Exports, keep: &mut [bool]) {
    let sources = read.sources();
    let of = |at: usize| exports.get(sources.get(at));
    // One generation of an export names the account and another does not: which it is was settled when they were read.
    let settled = |name: &str| name == "account" && read.table != Table::Balances;
    let names = read.table.columns().iter().map(|column| column.name).filter(|name| !settled(name));
    let columns: Vec<Values<'_>> = names.filter_map(|name| read.values(name)).collect();
    let same = |a: usize, b: usize| {
        of(a).0 == of(b).0 && read.account[a] == read.account[b] && columns.iter().all(|values| values.are_equal(a, b))
    };
    let state = Hash::default();
    let hash = |at: usize| {
        let mut hasher = state.build_hasher();
        columns.iter().for_each(|values| values.hash(at, &mut hasher));
        hasher.finish()
    };
    // Of the records that are there more than once, by the first of them: how many stay, and how many each export holds.
    let mut copies: FastMap<usize, (usize, Vec<(usize, usize)>)> = FastMap::default();
    for (at, first) in repeats(0..read.len(), hash, same) {
        let (kept, held) = copies.entry(first).or_insert_with(|| (1, vec![(of(first).1, 1)]));
        let export = of(at).1;
        let place = held.iter().position(|(known, _)| *known == export).unwrap_or(held.len());
        if place == held.len() {
            held.push((export, 0));
        }
        held[place].1 += 1;
        if held[place].1 <= *kept {
            keep[at] = false;
        } else {
            *kept = held[place].1;
        }
    }
}

fn drop_older(read: &ReadTable, exports: &Exports, keep: &mut [bool]) {
    let (identity, updated): (&[&str], &str) = match read.table {
        Table::Orders => (&["exchange", "market", "symbol", "order_id"], "updated"),
        Table::P2p => (&["exchange", "order_id"], "created"),
        Table::Transfers => (&["exchange", "direction", "asset", "address", "tx_id"], "time"),
        _ => return,
    };
    let sources = read.sources();
    let (open, strict): (Vec<&str>, Vec<&str>) =
        identity.iter().partition(|name| matches!(**name, "exchange" | "market"));
    let [open, names] =
        [open, strict].map(|names| names.iter().map(|name| read.texts(name)).collect::<Vec<Texts<'_>>>());
    let Some(ids) = names.last() else { return };
    let (updates, times, statuses) = (read.times(updated), read.times(read.table.time()), read.texts("status"));
    // Where no update tells, the export made later does, and else the state in which something happened.
    let stamp = |at: usize| exports.get(sources.get(at)).2;
    let done = |at: usize| statuses.get(at).is_some_and(|status| status.to_lowercase().contains("complet"));
    let when = |at: usize| (updates.get(at), times.get(at), stamp(at), done(at));
    let same = |a: usize, b: usize| {
        let fit = |names: &Texts<'_>| names.get(a).zip(names.get(b)).is_none_or(|(a, b)| a == b);
        read.account[a] == read.account[b]
            && names.iter().all(|names| names.get(a) == names.get(b))
            && open.iter().all(fit)
    };
    let state = Hash::default();
    let hash = |at: usize| {
        let mut hasher = state.build_hasher();
        names.iter().for_each(|names| names.get(at).hash(&mut hasher));
        hasher.finish()
    };
    // The record that stays, by the first of its id, where that is another.
    let mut newest: FastMap<usize, usize> = FastMap::default();
    let named: Vec<usize> = (0..read.len()).filter(|&at| keep[at] && ids.get(at).is_some()).collect();
    for (at, first) in repeats(named.into_iter(), hash, same) {
        let other = newest.get(&first).copied().unwrap_or(first);
        if exports.get(sources.get(at)).1 == exports.get(sources.get(other)).1 {
            continue;
        }
        let (winner, loser) = if when(at) >= when(other) { (at, other) } else { (other, at) };
        keep[loser] = false;
        newest.insert(first, winner);
    }
}
