//! Typed columns of a canonical table, filled record by record from any number of sources.

use super::export::Export;
use super::line::Row;
use super::records::Place;
use super::rejects::Fault;
use super::row::Plan;
use super::{Read, Reading, Refusal, Sink, Source, read};
use crate::progress::Progress;
use crate::tables::{Kind, Table};

/// The values of one column; `None` where the export says nothing.
#[derive(Clone, Debug)]
pub enum Values {
    /// UTC microseconds.
    Time(Vec<Option<i64>>),
    /// Text.
    Text(Vec<Option<String>>),
    /// Counts of 10^-20.
    Decimal(Vec<Option<i128>>),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Time => Self::Time(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Decimal => Self::Decimal(Vec::new()),
        }
    }
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// UTC microseconds.
    Time(i64),
    /// Text.
    Text(String),
    /// A count of 10^-20.
    Decimal(i128),
}

/// A table in the making.
#[derive(Clone, Debug)]
pub struct TableBuilder {
    /// Which table.
    pub table: Table,
    /// Its columns, in the table's order.
    pub values: Vec<Values>,
    /// The source of each record.
    pub source: Vec<u32>,
    /// The number of each record in its source.
    pub record: Vec<u64>,
    /// The line of each record in its source.
    pub line: Vec<u64>,
    /// The number of the account that each record is of (see [`crate::accounts`]).
    pub account: Vec<u32>,
}

impl TableBuilder {
    /// An empty table.
    pub fn new(table: Table) -> Self {
        let values = table.columns().iter().map(|column| Values::new(column.kind)).collect();
        Self { table, values, source: Vec::new(), record: Vec::new(), line: Vec::new(), account: Vec::new() }
    }

    /// Records so far.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Adds the records of another.
    fn append(&mut self, other: Self) {
        for (values, more) in self.values.iter_mut().zip(other.values) {
            match (values, more) {
                (Values::Time(all), Values::Time(mut more)) => all.append(&mut more),
                (Values::Text(all), Values::Text(mut more)) => all.append(&mut more),
                (Values::Decimal(all), Values::Decimal(mut more)) => all.append(&mut more),
                // Both follow the columns of one table.
                _ => {}
            }
        }
        self.source.extend(other.source);
        self.record.extend(other.record);
        self.line.extend(other.line);
        self.account.extend(other.account);
    }

    fn push(&mut self, row: &mut [Option<Value>]) {
        for (values, value) in self.values.iter_mut().zip(row) {
            match (values, value.take()) {
                (Values::Time(all), Some(Value::Time(time))) => all.push(Some(time)),
                (Values::Text(all), Some(Value::Text(text))) => all.push(Some(text)),
                (Values::Decimal(all), Some(Value::Decimal(units))) => all.push(Some(units)),
                (Values::Time(all), _) => all.push(None),
                (Values::Text(all), _) => all.push(None),
                (Values::Decimal(all), _) => all.push(None),
            }
        }
    }

    /// The values of a record, for comparison.
    pub fn row(&self, at: usize) -> Vec<Option<Value>> {
        let value = |values: &Values| match values {
            Values::Time(all) => all[at].map(Value::Time),
            Values::Text(all) => all[at].clone().map(Value::Text),
            Values::Decimal(all) => all[at].map(Value::Decimal),
        };
        self.values.iter().map(value).collect()
    }
}

/// Reads all records of exports, each with its number, into tables.
pub fn read_tables(
    exports: &[(u32, &Export)],
    reading: &Reading,
    progress: &Progress,
) -> (Vec<TableBuilder>, Vec<Source>) {
    let mut fillers: Vec<Filler<'_>> = (0..reading.jobs.max(1)).map(|_| Filler::default()).collect();
    let read = read(exports, &mut fillers, reading, progress);
    let mut parts: Vec<Part> = fillers.into_iter().flat_map(|filler| filler.parts).collect();
    parts.sort_by_key(|part| (part.source, part.chunk));
    let mut tables: Vec<TableBuilder> = Vec::new();
    for Part { source, mut rows, .. } in parts {
        if let Some((_, chunks)) = read.iter().find(|(known, _)| known.id == source) {
            for (record, line) in rows.record.iter_mut().zip(&mut rows.line) {
                (*record, *line) = chunks.resolve(*record, *line);
            }
        }
        match tables.iter_mut().find(|table| table.table == rows.table) {
            Some(table) => table.append(rows),
            None => tables.push(rows),
        }
    }
    (tables, read.into_iter().map(|(source, _)| source).collect())
}

/// The tables that one thread fills.
#[derive(Default)]
struct Filler<'a> {
    /// How the records of the source at hand are read: those of its parts first, then the rest.
    plans: Vec<(Option<When>, Plan<'a>)>,
    /// What was read; of the chunk at hand as many as there are plans, at the end.
    parts: Vec<Part>,
    row: Vec<Option<Value>>,
}

/// The column that tells whether a record is of a part, and the words it then has.
type When = (usize, &'static [&'static str]);

/// The records of one chunk that go to one table.
struct Part {
    source: u32,
    chunk: u32,
    rows: TableBuilder,
}

impl<'a> Sink<'a> for Filler<'a> {
    fn open(&mut self, source: u32, export: &'a Export, chunk: u32, _: &[u8]) {
        let recognised = &export.recognised;
        self.plans.clear();
        self.plans.extend(recognised.parts.iter().map(|part| (Some(part.when), Plan::of_part(part, export))));
        self.plans.push((None, Plan::new(recognised.format.table, export)));
        for (_, plan) in &self.plans {
            self.parts.push(Part { source, chunk, rows: TableBuilder::new(plan.table) });
        }
    }

    fn take(&mut self, place: Place, _: Row<'_>, fields: &csv::ByteRecord) -> Result<Read, Refusal> {
        let at = self.plans.iter().position(|(when, _)| when.is_none_or(|when| is_part(when, fields)));
        let rows = at.and_then(|at| self.parts.iter_mut().nth_back(self.plans.len() - 1 - at));
        let (Some(at), Some(Part { source, rows, .. })) = (at, rows) else {
            return Err(Refusal { column: None, fault: Fault::new("text", "no chunk is open"), time: None });
        };
        let read = self.plans[at].1.read(fields, &mut self.row)?;
        rows.push(&mut self.row);
        rows.source.push(*source);
        rows.record.push(place.record);
        rows.line.push(place.line);
        rows.account.push(0);
        Ok(read)
    }
}

/// Whether a record is one of those that go to another table.
fn is_part((column, words): When, fields: &csv::ByteRecord) -> bool {
    let text = std::str::from_utf8(fields.get(column).unwrap_or_default()).unwrap_or_default().trim();
    if words.is_empty() { !text.is_empty() } else { words.iter().any(|word| text.eq_ignore_ascii_case(word)) }
}
