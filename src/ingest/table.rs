//! Typed columns of a canonical table, filled record by record from any number of sources.

use super::export::Export;
use super::records::Place;
use super::row::Plan;
use super::{Read, Refusal, Sink, Source, each_record};
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
}

impl TableBuilder {
    /// An empty table.
    pub fn new(table: Table) -> Self {
        let values = table.columns().iter().map(|column| Values::new(column.kind)).collect();
        Self { table, values, source: Vec::new(), record: Vec::new(), line: Vec::new() }
    }

    /// Records so far.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Reads all records of an export into the table.
    pub fn read(&mut self, export: &Export, source: &mut Source) {
        let plan = Plan::new(self.table, export);
        let id = source.id;
        each_record(export, source, &mut Filler { table: self, plan, row: Vec::new(), id });
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

/// Fills a table from one source.
struct Filler<'a, 'b> {
    table: &'a mut TableBuilder,
    plan: Plan<'b>,
    row: Vec<Option<Value>>,
    id: u32,
}

impl Sink for Filler<'_, '_> {
    fn take(&mut self, place: Place, _: &[u8], fields: &csv::ByteRecord) -> Result<Read, Refusal> {
        let read = self.plan.read(fields, &mut self.row)?;
        self.table.push(&mut self.row);
        self.table.source.push(self.id);
        self.table.record.push(place.record);
        self.table.line.push(place.line);
        Ok(read)
    }
}
