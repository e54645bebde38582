//! Records of one order or trade that contradict each other in what cannot change.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash as _, Hasher};

use super::alike::Alike;
use crate::columns::Texts;
use crate::ingest::table::ReadTable;
use crate::ingest::{FastMap, Hash, Source};
use crate::tables::Table;

/// Two records that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Their table.
    pub table: Table,
    /// The row of one of them in the table's frame.
    pub row: u32,
    /// The id they share.
    pub id: String,
    /// What differs.
    pub column: &'static str,
    /// The values.
    pub values: [String; 2],
}

/// What makes a record of a table the same thing, its id last, and what cannot change of it. An order open in one export and
/// filled in the next is no contradiction, nor are the two sides of a trade with oneself.
fn laws(table: Table) -> Option<(&'static [&'static str], &'static [&'static str])> {
    match table {
        Table::Orders => {
            Some((&["exchange", "market", "symbol", "order_id"], &["created", "side", "quantity", "price"]))
        }
        Table::Trades => Some((&["exchange", "market", "symbol", "side", "trade_id"], &["time", "quantity", "price"])),
        _ => None,
    }
}

/// The contradictions within the records of one account in a table, each pair of records once. Only records of one format are
/// held against each other, for formats round and cut in ways of their own; and orders only across exports, for some list an
/// order once per fill.
pub fn conflicts(read: &ReadTable, account: usize, keep: &[bool], sources: &[Source]) -> Vec<Conflict> {
    let Some((identity, fixed)) = laws(read.table) else { return Vec::new() };
    let names: Vec<Texts<'_>> = identity.iter().map(|name| read.texts(name)).collect();
    let Some(ids) = names.last().filter(|ids| !ids.is_nothing()) else { return Vec::new() };
    let origins = read.sources();
    let of: FastMap<u32, &Source> = sources.iter().map(|source| (source.id, source)).collect();
    let source = |at: usize| origins.get(at).and_then(|id| of.get(&id));
    let format = |at: usize| source(at).map_or("", |source| source.format);
    let own = sources.iter().filter(|source| source.holds(read.table)).map(|source| source.export.as_str());
    if read.table == Table::Orders && own.collect::<BTreeSet<_>>().len() < 2 {
        return Vec::new();
    }
    let same = |a: usize, b: usize| format(a) == format(b) && names.iter().all(|names| names.get(a) == names.get(b));
    let state = Hash::default();
    let hash = |at: usize| {
        let mut hasher = state.build_hasher();
        format(at).hash(&mut hasher);
        names.iter().for_each(|names| names.get(at).hash(&mut hasher));
        hasher.finish()
    };
    let mut rows: Vec<Option<u32>> = vec![None; read.len()];
    for (row, at) in (0..read.len()).filter(|&at| keep[at]).enumerate() {
        rows[at] = Some(row as u32);
    }
    let mut seen = Alike::new(hash, same);
    let mut found = Vec::new();
    for at in (0..read.len()).filter(|&at| read.account[at] as usize == account) {
        let Some(id) = ids.get(at).filter(|id| !id.is_empty()) else { continue };
        let first = seen.first(at);
        let export = |at: usize| source(at).map(|source| source.export.as_str());
        if first == at || read.table == Table::Orders && export(first) == export(at) {
            continue;
        }
        let Some(row) = rows[at].or(rows[first]) else { continue };
        for name in fixed {
            let Some(values) = read.values(name) else { continue };
            if let (Some(one), Some(other)) = (values.shown(first), values.shown(at))
                && one != other
            {
                let values = [one, other];
                found.push(Conflict { table: read.table, row, id: id.to_owned(), column: name, values });
            }
        }
    }
    found
}
