//! A format file to begin with, for a header that is not known: filled as far as the names of its columns allow.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::header::{HeaderCell, Known, squeezes_to};
use super::recognise::generations;
use super::{ALL, Format, Shape};
use crate::tables::Table;

/// Words in the names of columns, and the columns they speak of; of these the first counts that the table has.
const WORDS: &[(&[&str], &[&str])] = &[
    (&["ip"], &["ip"]),
    (&["fee", "fees", "commission", "charge"], &["fee"]),
    (&["address"], &["address"]),
    (&["txid", "hash"], &["tx_id"]),
    (&["pair", "market", "symbol", "instrument", "ticker", "contract"], &["symbol", "asset"]),
    (&["side", "bs", "buysell"], &["side"]),
    (&["inout"], &["direction"]),
    (&["direction"], &["direction", "side"]),
    (&["price", "rate"], &["price"]),
    (&["coin", "currency", "asset", "token", "crypto"], &["asset"]),
    (&["qty", "quantity", "volume", "size", "amount", "sum"], &["quantity", "amount", "change"]),
    (&["total", "gross", "proceeds", "cost", "value"], &["quote_total", "total"]),
    (&["status", "state"], &["status", "outcome"]),
    (&["operation", "type", "action"], &["operation", "action", "type"]),
    (&["client", "agent", "device", "tool"], &["client", "device", "tool"]),
    (&["key"], &["key"]),
    (&["order", "orderid", "orderno"], &["order_id"]),
    (&["trade", "tradeid", "fill", "fillid"], &["trade_id"]),
    (&["account", "uid"], &["account"]),
    (&["note", "remark", "comment", "memo", "description"], &["remark", "tag"]),
];
/// Words for the time of a record.
const TIMES: &[&str] = &["time", "date", "when", "timestamp", "datetime", "datum", "zeit", "fecha", "hora"];

/// The file: every column of the header, with its meaning where the name tells one. The table is the one that has a use for
/// most of them.
pub fn stub(header: &[String]) -> String {
    let filled = |table: &Table| {
        let meanings = meanings(header, *table);
        // A call has a caller: without one its other columns are those of an order.
        let is_call = || meanings.iter().flatten().any(|column| ["ip", "key", "client"].contains(column));
        if *table == Table::Calls && !is_call() { 0 } else { meanings.iter().flatten().count() }
    };
    // Of tables that fit alike the first counts: a list of trades is had more often than one of orders.
    let tables = [Table::Trades].into_iter().chain(Table::ALL.iter().copied().filter(|table| *table != Table::Trades));
    let most = tables.clone().map(|table| filled(&table)).max();
    let table = tables.into_iter().find(|table| Some(filled(table)) == most).unwrap_or(Table::Trades);
    let mut text = format!("id = \"my-format\"\ntitle = \"what it is\"\ntable = \"{}\"\n[columns]\n", table.name());
    for (name, meaning) in header.iter().zip(meanings(header, table)) {
        let comment = if meaning.is_none() { "   # ?" } else { "" };
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "\"{name}\" = \"{}\"{comment}", meaning.unwrap_or_default());
    }
    text
}

/// What each column of a header means in a table, each meaning once.
fn meanings(header: &[String], table: Table) -> Vec<Option<&'static str>> {
    let mut taken: Vec<&str> = Vec::new();
    let mut free = |name: &String| {
        let cell = HeaderCell::new(name);
        let found = [own(&cell, table), known(&cell, table), spoken_of(&cell, table)].into_iter().flatten();
        let meaning = found.into_iter().find(|column| !taken.contains(column));
        taken.extend(meaning);
        meaning
    };
    header.iter().map(&mut free).collect()
}

/// The column of that very name.
fn own(cell: &HeaderCell, table: Table) -> Option<&'static str> {
    let name = cell.name.replace(' ', "_");
    table.columns().iter().map(|column| column.name).find(|column| *column == name)
}

/// The column that most formats of the table read a cell of that name into.
fn known(cell: &HeaderCell, table: Table) -> Option<&'static str> {
    let mut votes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for format in ALL.iter().filter(|format| format.table == table) {
        for column in readings(format, cell) {
            *votes.entry(column).or_default() += 1;
        }
    }
    votes.into_iter().max_by_key(|(_, votes)| *votes).map(|(column, _)| column)
}

/// The columns that a format reads a cell of a name into.
fn readings(format: &'static Format, cell: &HeaderCell) -> Vec<&'static str> {
    let named = |name: &str| {
        let known = Known::new(name);
        !known.is_any() && !known.is_nameless() && known.is(cell)
    };
    let columns = generations(format).iter().flat_map(|generation| generation.columns);
    let plain = columns.filter(|(name, _)| named(name)).filter_map(|(_, cell)| cell.column());
    let synonyms = match format.shape {
        Shape::Synonyms(synonyms) => synonyms.columns,
        _ => &[],
    };
    let squeezed = cell.squeezed();
    let by_synonym = synonyms.iter().filter(|(_, names)| names.iter().any(|name| squeezes_to(name, &squeezed)));
    plain.chain(by_synonym.filter_map(|(cell, _)| cell.column())).collect()
}

/// The column that the words of a name speak of.
fn spoken_of(cell: &HeaderCell, table: Table) -> Option<&'static str> {
    let whole = cell.squeezed();
    let parts: Vec<&str> = cell.name.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |words: &[&str]| words.iter().any(|word| *word == whole || parts.contains(word));
    if says(TIMES) {
        return Some(table.time());
    }
    let of_words = |(words, columns): &(&[&str], &[&'static str])| {
        says(words).then(|| columns.iter().copied().find(|column| table.position(column).is_some())).flatten()
    };
    WORDS.iter().find_map(of_words)
}
