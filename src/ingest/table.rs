//! Typed columns of a canonical table, filled record by record from any number of sources.
//!
//! Threads read chunks; what one of them has read of a chunk is added to the table's columns as soon as all chunks before
//! it are in, so that the columns are filled in the order of the files, and held once.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher};
use std::sync::{Mutex, PoisonError};

use polars::prelude::*;

use super::export::Export;
use super::hashing::locked;
use super::ledger::Chunks;
use super::line::Row;
use super::records::Place;
use super::rejects::Fault;
use super::row::Plan;
use super::{FastMap, Read, Reading, Refusal, Sink, Source, read};
use crate::columns::{
    self, Counts, Decimals, Growing, GrowingDecimals, GrowingNumbers, GrowingTexts, Numbers, Texts, Times,
};
use crate::decimal::Decimal;
use crate::progress::Progress;
use crate::tables::{Kind, Table};
use crate::time::Timestamp;

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// UTC microseconds.
    Time(i64),
    /// Text; such as most columns hold takes no memory of its own.
    Text(PlSmallStr),
    /// A count of 10^-20.
    Decimal(i128),
}

/// The values of one column; `None` where the export says nothing.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// UTC microseconds.
    Time(Times<'a>),
    /// Text.
    Text(Texts<'a>),
    /// Counts of 10^-20.
    Decimal(Decimals<'a>),
}

impl Values<'_> {
    /// The value of a record as it is shown; `None` where it does not state it.
    pub fn shown(&self, at: usize) -> Option<String> {
        match self {
            Self::Time(all) => all.get(at).map(|time| Timestamp(time).to_string()),
            Self::Text(all) => all.get(at).map(str::to_owned),
            Self::Decimal(all) => all.get(at).map(|units| Decimal(units).to_string()),
        }
    }

    /// Whether two records state the same value, or neither states one.
    pub fn are_equal(&self, a: usize, b: usize) -> bool {
        match self {
            Self::Time(all) => all.get(a) == all.get(b),
            Self::Text(all) => all.get(a) == all.get(b),
            Self::Decimal(all) => all.get(a) == all.get(b),
        }
    }

    /// Whether all records are known to state the same.
    pub fn are_one(&self) -> bool {
        match self {
            Self::Time(all) => matches!(all, Numbers::Same(_)),
            Self::Text(all) => matches!(all, Texts::Same(_)),
            Self::Decimal(all) => matches!(all, Numbers::Same(_)),
        }
    }

    /// Adds what a record states to a hash.
    pub fn hash(&self, at: usize, hasher: &mut impl Hasher) {
        match self {
            Self::Time(all) => all.get(at).hash(hasher),
            Self::Text(all) => all.get(at).hash(hasher),
            Self::Decimal(all) => all.get(at).hash(hasher),
        }
    }
}

/// A table as it was read.
pub struct ReadTable {
    /// Which table.
    pub table: Table,
    /// Its columns, in the table's order, and the source, record and line of each record.
    pub frame: DataFrame,
    /// The number of the account that each record is of (see [`crate::accounts`]).
    pub account: Vec<u32>,
}

impl ReadTable {
    /// A table of records that other records tell: each with its source, place and values.
    ///
    /// # Errors
    /// When polars refuses a column, which would be a fault of this program.
    pub fn of(table: Table, records: Vec<(u32, Place, Vec<Option<Value>>)>) -> PolarsResult<Self> {
        let mut builder = TableBuilder::new(table);
        for (source, place, values) in records {
            builder.append(source, &Rows { source, table, values, places: vec![place] });
        }
        builder.finish(&FastMap::default())
    }

    /// How many records it has.
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts of a column; none where the table has no such column.
    pub fn texts(&self, name: &str) -> Texts<'_> {
        columns::texts(&self.frame, name).unwrap_or(Texts::Same(None))
    }

    /// The times of a column.
    pub fn times(&self, name: &str) -> Times<'_> {
        columns::times(&self.frame, name).unwrap_or(Numbers::Same(None))
    }

    /// The source of each record.
    pub fn sources(&self) -> Counts<'_> {
        columns::counts(&self.frame, "source").unwrap_or(Numbers::Same(None))
    }

    /// The values of a column.
    pub fn values(&self, name: &str) -> Option<Values<'_>> {
        let kind = self.table.columns().iter().find(|column| column.name == name)?.kind;
        Some(match kind {
            Kind::Time => Values::Time(self.times(name)),
            Kind::Text => Values::Text(self.texts(name)),
            Kind::Decimal => Values::Decimal(columns::decimals(&self.frame, name).ok()?),
        })
    }
}

/// Reads all records of exports, each with its number, into tables.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn read_tables(
    exports: &[(u32, &Export)],
    reading: &Reading,
    progress: &Progress,
) -> PolarsResult<(Vec<ReadTable>, Vec<Source>)> {
    // What is read of a chunk takes several times its room, and should stay in the processor's cache until it is in columns.
    let reading = &Reading { block: reading.block.div_ceil(4), ..*reading };
    let gathered = Mutex::new(Gathered::default());
    let mut fillers: Vec<Filler<'_, '_>> = (0..reading.jobs.max(1)).map(|_| Filler::new(&gathered)).collect();
    let read = read(exports, &mut fillers, reading, progress);
    drop(fillers);
    let mut chunks: FastMap<u32, Chunks> = FastMap::default();
    let mut sources = Vec::new();
    for (source, own) in read {
        chunks.insert(source.id, own);
        sources.push(source);
    }
    let tables = gathered.into_inner().unwrap_or_else(PoisonError::into_inner).tables;
    let tables = tables.into_iter().map(|table| table.finish(&chunks)).collect::<PolarsResult<_>>()?;
    Ok((tables, sources))
}

/// A column in the making.
enum Filling {
    Time(GrowingNumbers<Int64Type>),
    Text(GrowingTexts),
    Decimal(GrowingDecimals),
}

impl Filling {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Time => Self::Time(Growing::default()),
            Kind::Text => Self::Text(Growing::default()),
            Kind::Decimal => Self::Decimal(Growing::default()),
        }
    }

    fn push(&mut self, value: Option<&Value>) {
        match (self, value) {
            (Self::Time(all), Some(Value::Time(time))) => all.push(Some(time)),
            (Self::Text(all), Some(Value::Text(text))) => all.push(Some(text.as_str())),
            (Self::Decimal(all), Some(Value::Decimal(units))) => all.push(Some(units)),
            (Self::Time(all), _) => all.push(None),
            (Self::Text(all), _) => all.push(None),
            (Self::Decimal(all), _) => all.push(None),
        }
    }
}

/// A table in the making.
struct TableBuilder {
    table: Table,
    columns: Vec<Filling>,
    source: GrowingNumbers<UInt32Type>,
    /// The source of the records from a place on.
    from: Vec<(usize, u32)>,
    record: Vec<u64>,
    line: Vec<u64>,
}

impl TableBuilder {
    fn new(table: Table) -> Self {
        let columns = table.columns().iter().map(|column| Filling::new(column.kind)).collect();
        let (source, from) = (Growing::default(), Vec::new());
        Self { table, columns, source, from, record: Vec::new(), line: Vec::new() }
    }

    /// Adds records of a source.
    fn append(&mut self, source: u32, rows: &Rows) {
        self.from.push((self.record.len(), source));
        for row in rows.values.chunks_exact(self.columns.len()) {
            self.columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value.as_ref()));
            self.source.push(Some(&source));
        }
        self.record.extend(rows.places.iter().map(|place| place.record));
        self.line.extend(rows.places.iter().map(|place| place.line));
    }

    /// The table, with the numbers that its records and lines have in their sources.
    fn finish(mut self, chunks: &FastMap<u32, Chunks>) -> PolarsResult<ReadTable> {
        let height = self.record.len();
        for (at, (from, source)) in self.from.iter().enumerate() {
            let until = self.from.get(at + 1).map_or(height, |(next, _)| *next);
            let Some(chunks) = chunks.get(source) else { continue };
            for (record, line) in self.record[*from..until].iter_mut().zip(&mut self.line[*from..until]) {
                (*record, *line) = chunks.resolve(*record, *line);
            }
        }
        let mut columns = Vec::new();
        for (column, filled) in self.table.columns().iter().zip(self.columns) {
            columns.push(match filled {
                Filling::Time(all) => all.finish(column.name)?,
                Filling::Text(all) => all.finish(column.name)?,
                Filling::Decimal(all) => all.finish(column.name)?,
            });
        }
        columns.push(self.source.finish("source")?);
        columns.push(UInt64Chunked::from_vec("record".into(), self.record).into_column());
        columns.push(UInt64Chunked::from_vec("line".into(), self.line).into_column());
        Ok(ReadTable { table: self.table, frame: DataFrame::new(height, columns)?, account: vec![0; height] })
    }
}

/// What was read so far, of the chunks from the first on.
#[derive(Default)]
struct Gathered {
    tables: Vec<TableBuilder>,
    /// The turn of the chunk that comes next.
    next: u64,
    /// Chunks that were read before it, by turn.
    early: BTreeMap<u64, Vec<Rows>>,
    /// Room that is done with, to be filled again: fresh memory costs about as much as what is read into it.
    spare: Vec<Vec<Option<Value>>>,
}

impl Gathered {
    /// Adds a chunk, and those that waited for it.
    fn add(&mut self, turn: u64, parts: Vec<Rows>) {
        self.early.insert(turn, parts);
        while let Some(parts) = self.early.remove(&self.next) {
            self.next += 1;
            for rows in parts {
                let known = self.tables.iter().position(|builder| builder.table == rows.table);
                let at = known.unwrap_or(self.tables.len());
                if at == self.tables.len() {
                    self.tables.push(TableBuilder::new(rows.table));
                }
                self.tables[at].append(rows.source, &rows);
                let mut values = rows.values;
                values.clear();
                self.spare.push(values);
            }
        }
    }
}

/// Fills the tables from one thread.
struct Filler<'a, 't> {
    gathered: &'t Mutex<Gathered>,
    /// How the records of the source at hand are read: those of its parts first, then the rest.
    plans: Vec<(Option<When>, Plan<'a>)>,
    turn: u64,
    /// What was read of the chunk at hand, by plan.
    parts: Vec<Rows>,
}

/// The column that tells whether a record is of a part, and the words it then has.
type When = (usize, &'static [&'static str]);

/// The records of one chunk that go to one table.
struct Rows {
    source: u32,
    table: Table,
    /// Row by row.
    values: Vec<Option<Value>>,
    places: Vec<Place>,
}

impl<'t> Filler<'_, 't> {
    fn new(gathered: &'t Mutex<Gathered>) -> Self {
        Self { gathered, plans: Vec::new(), turn: 0, parts: Vec::new() }
    }
}

impl<'a> Sink<'a> for Filler<'a, '_> {
    fn turn(&mut self, turn: u64) {
        self.turn = turn;
    }

    fn open(&mut self, source: u32, export: &'a Export, _: u32, text: &[u8]) {
        let recognised = &export.recognised;
        self.plans.clear();
        self.plans.extend(recognised.parts.iter().map(|part| (Some(part.when), Plan::of_part(part, export))));
        self.plans.push((None, Plan::new(recognised.format.table, export)));
        let rows = |table| Rows { source, table, values: Vec::new(), places: Vec::new() };
        self.parts = self.plans.iter().map(|(_, plan)| rows(plan.table)).collect();
        // Where all records are of one table, what they take is known, but for those in quotes over several lines.
        if let [only] = &mut self.parts[..] {
            only.values = locked(self.gathered).spare.pop().unwrap_or_default();
            let records = memchr::memchr_iter(b'\n', text).count();
            only.values.reserve_exact(records * only.table.columns().len());
            only.places.reserve_exact(records);
        }
    }

    fn take(&mut self, place: Place, _: Row<'_>, fields: &csv::ByteRecord) -> Result<Read, Refusal> {
        let at = self.plans.iter().position(|(when, _)| when.is_none_or(|when| is_part(when, fields)));
        let Some((at, rows)) = at.and_then(|at| Some((at, self.parts.get_mut(at)?))) else {
            return Err(Refusal { column: None, fault: Fault::new("text", "no chunk is open"), time: None });
        };
        let start = rows.values.len();
        rows.values.resize(start + rows.table.columns().len(), None);
        let read = self.plans[at].1.read(fields, &mut rows.values[start..]);
        match read {
            Ok(_) => rows.places.push(place),
            Err(_) => rows.values.truncate(start),
        }
        read
    }

    fn close(&mut self) {
        let parts = std::mem::take(&mut self.parts);
        locked(self.gathered).add(self.turn, parts);
    }
}

/// Whether a record is one of those that go to another table.
fn is_part((column, words): When, fields: &csv::ByteRecord) -> bool {
    let text = std::str::from_utf8(fields.get(column).unwrap_or_default()).unwrap_or_default().trim();
    if words.is_empty() { !text.is_empty() } else { words.iter().any(|word| text.eq_ignore_ascii_case(word)) }
}
