//! JSON and JSON Lines: a list of records as the text of a CSV, one line per record, whose columns are the paths of their
//! values (`userIdentity.accessKeyId`). Numbers stay the digits that were written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

/// A JSON object whose values were not looked at yet.
type Object<'a> = BTreeMap<String, &'a RawValue>;
/// The values of a record by their paths.
type Record = BTreeMap<String, String>;

/// Deeper than this no record of a log reaches.
const DEEPEST: usize = 8;
/// A list of records stands no deeper than this.
const LIST_DEPTH: usize = 3;

/// A documented list of arrays: how many elements each has, the names of those that say something, and what goes without
/// saying.
struct Arrays {
    length: usize,
    names: &'static [(usize, &'static str)],
    also: &'static [(&'static str, &'static str)],
}

/// Bitfinex's log of changes and its log of logins, which does not say that they are logins.
const ARRAYS: &[Arrays] = &[
    Arrays { length: 7, names: &[(0, "time"), (2, "action"), (5, "ip"), (6, "device")], also: &[] },
    Arrays { length: 8, names: &[(2, "time"), (4, "ip"), (7, "device")], also: &[("action", "login")] },
];

/// Whether a text is JSON by its first character.
pub fn is_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The records of a JSON text.
pub struct Records {
    /// As CSV: a header, then a line for each.
    pub csv: Vec<u8>,
    /// The line of the JSON text on which each begins.
    pub lines: Vec<u64>,
}

/// What a JSON text holds of one record: its values, or what could not be read.
enum Found {
    Record(Record),
    Broken(String),
}

/// The records of a JSON text. A line of JSON Lines that is no JSON becomes one that has too few fields.
///
/// # Errors
/// Why it is no list of records.
pub fn to_csv(text: &[u8]) -> Result<Records, String> {
    let text = std::str::from_utf8(text).map_err(|_| "JSON that is not valid UTF-8".to_owned())?;
    let (found, lines) = match serde_json::from_str::<&RawValue>(text) {
        Ok(value) => {
            let list = list(value, 0).ok_or("JSON without a list of records in it")?;
            let starts: Vec<usize> = list.iter().map(|(at, _)| at.get().as_ptr() as usize).collect();
            (list.into_iter().map(|(_, record)| Found::Record(record)).collect(), lines_at(text, &starts))
        }
        Err(_) => lines(text)?,
    };
    Ok(Records { csv: write(&found), lines })
}

/// The lines on which some places of a text, in order, stand.
fn lines_at(text: &str, places: &[usize]) -> Vec<u64> {
    let (mut line, mut seen) = (1, 0);
    let mut on_line = |place: usize| {
        let at = place.saturating_sub(text.as_ptr() as usize).clamp(seen, text.len());
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[seen..at]).count() as u64;
        seen = at;
        line
    };
    places.iter().map(|place| on_line(*place)).collect()
}

/// One object on each line. Most of them must be sound for it to be that.
fn lines(text: &str) -> Result<(Vec<Found>, Vec<u64>), String> {
    let (mut found, mut lines, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        found.push(match serde_json::from_str::<Object<'_>>(line) {
            Ok(object) => Found::Record(record(&object)),
            Err(error) => {
                faults.push(format!("JSON with a fault: line {at}: {error}"));
                Found::Broken(line.to_owned())
            }
        });
        lines.push(at);
    }
    match faults.first() {
        Some(first) if faults.len() * 2 >= found.len() => Err(first.clone()),
        _ => Ok((found, lines)),
    }
}

/// The list of records that a value is, or holds, each with the value that it was made of; the longest, where it holds
/// several. An object alone is one record.
fn list(value: &RawValue, depth: usize) -> Option<Vec<(&RawValue, Record)>> {
    let text = value.get();
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
        let objects: Option<Vec<(&RawValue, Object<'_>)>> =
            items.iter().map(|item| Some((*item, object(item)?))).collect();
        let each = objects.iter().flatten();
        let orders: Vec<(&RawValue, Record)> =
            each.flat_map(|(item, trade)| orders(trade).into_iter().map(|record| (*item, record))).collect();
        let objects = objects.map(|all| match orders.is_empty() {
            true => all.iter().map(|(item, object)| (*item, record(object))).collect(),
            false => orders,
        });
        let arrays = || items.iter().map(|item| Some((*item, array(item)?))).collect();
        return objects.or_else(arrays).filter(|list| !list.is_empty());
    }
    let object = object(value)?;
    let inner = object.values().filter(|_| depth < LIST_DEPTH).filter_map(|value| match value.get().as_bytes()[0] {
        b'[' => list(value, depth + 1),
        b'{' => list(value, depth + 1).filter(|list| list.len() > 1 || depth == 0 && list[0].1.len() > 2),
        _ => None,
    });
    let plain = record(&object);
    inner.max_by_key(Vec::len).or((plain.len() > 2).then(|| vec![(value, plain)]))
}

/// The orders that freqtrade keeps within each of its trades: a trade is the orders that opened and closed it.
fn orders(trade: &Object<'_>) -> Vec<Record> {
    let orders = trade.get("orders").and_then(|list| serde_json::from_str::<Vec<Object<'_>>>(list.get()).ok());
    let all = orders.into_iter().flatten().filter(|order| order.contains_key("ft_order_side"));
    let whole = |order: Object<'_>| {
        let mut values = record(&order);
        if let Some(pair) = trade.get("pair") {
            values.entry("pair".to_owned()).or_insert_with(|| scalar(pair));
        }
        values
    };
    all.map(whole).collect()
}

fn object(value: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(value.get()).ok()
}

/// A record of a list of arrays that is documented.
fn array(value: &RawValue) -> Option<Record> {
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let Arrays { names, also, .. } = ARRAYS.iter().find(|arrays| arrays.length == items.len())?;
    let said = names.iter().map(|(at, name)| ((*name).to_owned(), scalar(items[*at])));
    Some(said.chain(also.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))).collect())
}

fn record(object: &Object<'_>) -> Record {
    let mut record = Record::new();
    for (name, value) in object {
        flatten(name, value, 0, &mut record);
    }
    record
}

fn flatten(path: &str, value: &RawValue, depth: usize, record: &mut Record) {
    let first = value.get().as_bytes().first();
    // Rights are a list by kind: all of them are wanted, in one column.
    if first == Some(&b'{') && path.rsplit('.').next() == Some("permissions") {
        let all: BTreeMap<String, Vec<String>> = serde_json::from_str(value.get()).unwrap_or_default();
        record.insert(path.to_owned(), all.into_values().flatten().collect::<Vec<_>>().join(", "));
        return;
    }
    match object(value) {
        Some(inner) if first == Some(&b'{') && depth < DEEPEST => {
            for (name, value) in &inner {
                flatten(&format!("{path}.{name}"), value, depth + 1, record);
            }
        }
        _ => {
            record.insert(path.to_owned(), scalar(value));
        }
    }
}

/// The text of a value: of a list its items, of anything else nested the JSON itself.
fn scalar(value: &RawValue) -> String {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).unwrap_or_default(),
        Some(b'n') => String::new(),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            items.iter().map(|item| scalar(item)).collect::<Vec<_>>().join(", ")
        }
        _ => text.to_owned(),
    }
}

/// Writes records under all the paths that any of them has.
fn write(found: &[Found]) -> Vec<u8> {
    let records = found.iter().filter_map(|found| match found {
        Found::Record(record) => Some(record),
        Found::Broken(_) => None,
    });
    let paths: BTreeSet<&str> = records.flat_map(|record| record.keys().map(String::as_str)).collect();
    let mut text = Vec::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                text.push(b',');
            }
            // Breaks within a value are blanks: a line is a record.
            text.push(b'"');
            text.extend_from_slice(cell.replace('"', "\"\"").replace(['\n', '\r'], " ").as_bytes());
            text.push(b'"');
        }
        text.push(b'\n');
    };
    line(&mut paths.iter().copied());
    for found in found {
        match found {
            Found::Record(record) => line(&mut paths.iter().map(|path| record.get(*path).map_or("", String::as_str))),
            Found::Broken(raw) => line(&mut std::iter::once(raw.as_str())),
        }
    }
    text
}
