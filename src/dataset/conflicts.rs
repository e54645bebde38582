//! Records of one order or trade that contradict each other in what cannot change.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash as _, Hasher as _};

use super::alike::repeats;
use crate::ingest::table::{ReadTable, Values};
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

/// What makes records of a table the same thing, and what cannot change of it. The column that comes last of the first names it.
struct Law {
    identity: &'static [&'static str],
    fixed: &'static [&'static str],
}

/// The laws of a table. An order open in one export and filled in the next is no contradiction, nor are the two sides of a trade
/// with oneself. Exchanges count orders by pair, so an id alone does not say that a pair was changed; with its time it does.
fn laws(table: Table) -> &'static [Law] {
    match table {
        Table::Orders => &[
            Law {
                identity: &["exchange", "market", "symbol", "order_id"],
                fixed: &["created", "side", "quantity", "price"],
            },
            Law { identity: &["exchange", "market", "created", "order_id"], fixed: &["symbol"] },
        ],
        Table::Trades => &[Law {
            identity: &["exchange", "market", "symbol", "side", "trade_id"],
            fixed: &["time", "quantity", "price"],
        }],
        Table::P2p => &[Law {
            identity: &["exchange", "order_id"],
            fixed: &["created", "side", "asset", "fiat", "quantity", "price", "total", "counterparty"],
        }],
        Table::Transfers => {
            &[Law { identity: &["exchange", "direction", "time", "tx_id"], fixed: &["asset", "amount", "address"] }]
        }
        _ => &[],
    }
}

/// The contradictions within the records of one account in a table, each pair of records once. Only records of one format are
/// held against each other, for formats round and cut in ways of their own; and all but trades only across exports, for some
/// list an order once per fill.
pub fn conflicts(read: &ReadTable, account: usize, keep: &[bool], sources: &[Source]) -> Vec<Conflict> {
    let own =
        sources.iter().filter(|source| source.holds(read.table)).map(|source| (source.export.as_str(), source.again));
    let several = own.collect::<BTreeSet<_>>().len() > 1;
    let mut rows: Vec<Option<u32>> = vec![None; read.len()];
    for (row, at) in (0..read.len()).filter(|&at| keep[at]).enumerate() {
        rows[at] = Some(row as u32);
    }
    let laws = laws(read.table).iter().filter(|_| several || read.table == Table::Trades);
    laws.flat_map(|law| broken(law, read, account, &rows, sources)).collect()
}

/// The pairs of records that break a law; `rows` are those of the records that were kept.
fn broken(law: &Law, read: &ReadTable, account: usize, rows: &[Option<u32>], sources: &[Source]) -> Vec<Conflict> {
    let identity: Vec<Values<'_>> = law.identity.iter().filter_map(|name| read.values(name)).collect();
    let Some(ids) = law.identity.last().map(|name| read.texts(name)).filter(|ids| !ids.is_nothing()) else {
        return Vec::new();
    };
    let origins = read.sources();
    let of: FastMap<u32, &Source> = sources.iter().map(|source| (source.id, source)).collect();
    let source = |at: usize| origins.get(at).and_then(|id| of.get(&id));
    let format = |at: usize| source(at).map_or("", |source| source.format);
    let export = |at: usize| source(at).map(|source| (source.export.as_str(), source.again));
    let same = |a: usize, b: usize| format(a) == format(b) && identity.iter().all(|values| values.are_equal(a, b));
    let varied: Vec<&Values<'_>> = identity.iter().filter(|values| !values.are_one()).collect();
    let state = Hash::default();
    let hash = |at: usize| {
        let mut hasher = state.build_hasher();
        format(at).hash(&mut hasher);
        varied.iter().for_each(|values| values.hash(at, &mut hasher));
        hasher.finish()
    };
    let named = |at: &usize| read.account[*at] as usize == account && ids.get(*at).is_some_and(|id| !id.is_empty());
    let mut found = Vec::new();
    for (at, first) in repeats((0..read.len()).filter(named), hash, same) {
        if read.table != Table::Trades && export(first) == export(at) {
            continue;
        }
        let Some(row) = rows[at].or(rows[first]) else { continue };
        for name in law.fixed {
            let Some(values) = read.values(name) else { continue };
            if let (Some(one), Some(other)) = (values.shown(first), values.shown(at))
                && one != other
            {
                let values = [one, other];
                let id = ids.get(at).unwrap_or_default().to_owned();
                found.push(Conflict { table: read.table, row, id, column: name, values });
            }
        }
    }
    found
}
