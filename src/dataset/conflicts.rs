//! Records of one order or trade that contradict each other in what cannot change.

use crate::decimal::Decimal;
use crate::ingest::table::{TableBuilder, Values};
use crate::ingest::{FastMap, Source};
use crate::tables::Table;
use crate::time::Timestamp;

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

/// The contradictions within the records of one account in a table, each pair of records once. Only records of one format are held against each other, for
/// formats round and cut in ways of their own; and orders only across exports, for some list an order once per fill.
pub fn conflicts(builder: &TableBuilder, account: usize, keep: &[bool], sources: &[Source]) -> Vec<Conflict> {
    let Some((identity, fixed)) = laws(builder.table) else { return Vec::new() };
    let column = |name: &&str| builder.table.position(name).map(|at| &builder.values[at]);
    let ids: Vec<&Values> = identity.iter().filter_map(column).collect();
    let of: FastMap<u32, &Source> = sources.iter().map(|source| (source.id, source)).collect();
    let export = |at: usize| of.get(&builder.source[at]).map(|source| source.export.as_str());
    let mut rows: Vec<Option<u32>> = vec![None; builder.len()];
    for (row, at) in (0..builder.len()).filter(|&at| keep[at]).enumerate() {
        rows[at] = Some(row as u32);
    }
    let mut seen: FastMap<(&str, Vec<&str>), usize> = FastMap::default();
    let mut found = Vec::new();
    for at in (0..builder.len()).filter(|&at| builder.account[at] as usize == account) {
        let own: Vec<&str> = ids.iter().map(|values| text(values, at)).collect();
        if own.last().is_none_or(|id| id.is_empty()) {
            continue;
        }
        let id = own.last().copied().unwrap_or_default();
        let format = of.get(&builder.source[at]).map_or("", |source| source.format);
        let first = *seen.entry((format, own)).or_insert(at);
        if builder.table == Table::Orders && export(first) == export(at) {
            continue;
        }
        let Some(row) = rows[at].or(rows[first]).filter(|_| first != at) else { continue };
        for name in fixed {
            let Some(values) = column(name) else { continue };
            if let (Some(one), Some(other)) = (shown(values, first), shown(values, at))
                && one != other
            {
                let values = [one, other];
                found.push(Conflict { table: builder.table, row, id: id.to_owned(), column: name, values });
            }
        }
    }
    found
}

fn text(values: &Values, at: usize) -> &str {
    match values {
        Values::Text(all) => all[at].as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// A value as it is shown; `None` where the record does not state it.
fn shown(values: &Values, at: usize) -> Option<String> {
    match values {
        Values::Time(all) => all[at].map(|time| Timestamp(time).to_string()),
        Values::Text(all) => all[at].clone(),
        Values::Decimal(all) => all[at].map(|units| Decimal(units).to_string()),
    }
}
