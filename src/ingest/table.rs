//! Typed columns of a canonical table, filled record by record from any number of sources.

use super::cells::{self, Leg};
use super::export::Export;
use super::records::Place;
use super::rejects::Fault;
use super::{Read, Refusal, Sink, Source, each_record};
use crate::formats::{Cell, Shape};
use crate::tables::{Kind, Table};
use crate::time::SECOND;

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

/// How the fields of one export become the columns of its table.
pub struct Plan<'a> {
    table: Table,
    export: &'a Export,
    /// Field, meaning, column; the pair first, since amounts are read against it.
    steps: Vec<(usize, Cell, usize)>,
    fixed: Vec<(usize, Value)>,
}

impl<'a> Plan<'a> {
    /// Lays the export's columns over those of its table.
    pub fn new(table: Table, export: &'a Export) -> Self {
        let recognised = &export.recognised;
        let column = |name: &str| table.position(name);
        let mut steps: Vec<(usize, Cell, usize)> = recognised
            .cells
            .iter()
            .enumerate()
            .filter_map(|(at, cell)| Some((at, *cell, column(cell.column()?)?)))
            .collect();
        steps.sort_by_key(|(at, cell, _)| (!matches!(cell, Cell::Symbol(_)), *at));
        let fixed = recognised.format.fixed.iter().chain(recognised.fixed);
        let fixed = fixed.filter_map(|(name, value)| Some((column(name)?, Value::Text((*value).to_owned())))).collect();
        Self { table, export, steps, fixed }
    }

    /// Reads the fields of a record into `row`, one value per column of the table.
    ///
    /// # Errors
    /// When a cell cannot be read, or the time of the event is missing where the table needs it.
    pub fn read(&self, fields: &csv::ByteRecord, row: &mut Vec<Option<Value>>) -> Result<Read, Refusal> {
        row.clear();
        row.resize(self.table.columns().len(), None);
        for (column, value) in &self.fixed {
            row[*column] = Some(value.clone());
        }
        let mut read = Read { time: None, grain: 1, own_offset: false, ambiguous: false };
        let mut fault: Option<(usize, Fault)> = None;
        for &(at, cell, column) in &self.steps {
            let outcome = cells::text(fields.get(at).unwrap_or_default()).and_then(|text| match text {
                Some(text) => self.cell(cell, column, text, row, &mut read),
                None => Ok(()),
            });
            if let Err(found) = outcome
                && fault.is_none()
            {
                fault = Some((at, found));
            }
        }
        if let Some((at, fault)) = fault {
            return Err(Refusal { column: Some(at), fault, time: read.time });
        }
        if read.time.is_none() && self.table.holds_events() {
            let at = self.steps.iter().find(|(_, _, column)| *column == 0).map(|(at, _, _)| *at);
            return Err(Refusal { column: at, fault: Fault::new("missing", "no time"), time: None });
        }
        Ok(read)
    }

    fn cell(
        &self,
        cell: Cell,
        column: usize,
        text: &str,
        row: &mut [Option<Value>],
        read: &mut Read,
    ) -> Result<(), Fault> {
        let pair = |row: &[Option<Value>]| match self.table.position("symbol").and_then(|at| row[at].clone()) {
            Some(Value::Text(pair)) => pair,
            _ => String::new(),
        };
        let value = match cell {
            Cell::Time(_) => {
                // A list of keys says "never" or "-" where there is no time.
                if !self.table.holds_events() && text.bytes().all(|byte| !byte.is_ascii_digit()) {
                    return Ok(());
                }
                let read_time = cells::time(text, self.export.zone)?;
                if read_time.grain > SECOND && matches!(self.export.recognised.format.shape, Shape::Headers(_)) {
                    let fault =
                        "a time without seconds: this export writes them, so the file was re-saved by another program";
                    return Err(Fault::new("time", fault));
                }
                if column == 0 {
                    *read = read_time;
                }
                Value::Time(read_time.time.unwrap_or_default())
            }
            Cell::Text(_) => Value::Text(text.to_owned()),
            Cell::Symbol(_) => Value::Text(cells::symbol(text).into_owned()),
            Cell::Side(_) => Value::Text(cells::side(text)?.to_owned()),
            Cell::Decimal(_) => Value::Decimal(cells::decimal(text)?.0),
            Cell::Base(_) => Value::Decimal(cells::leg(text, &pair(row), Leg::Base)?.0),
            Cell::Quote(_) => Value::Decimal(cells::leg(text, &pair(row), Leg::Quote)?.0),
            Cell::Amount(_, unit) => {
                let (value, asset) = cells::amount(text)?;
                if let (Some(at), Some(asset)) = (self.table.position(unit), asset)
                    && row[at].is_none()
                {
                    row[at] = Some(Value::Text(asset.to_owned()));
                }
                Value::Decimal(value.0)
            }
            Cell::Flag(_, word) => match cells::is_yes(text) {
                true => Value::Text(word.to_owned()),
                false => return Ok(()),
            },
            Cell::Ignored => return Ok(()),
        };
        row[column] = Some(match (row[column].take(), value) {
            (Some(Value::Decimal(sum)), Value::Decimal(more)) => {
                Value::Decimal(sum.checked_add(more).ok_or_else(|| Fault::new("number", "the sum does not fit"))?)
            }
            (Some(Value::Text(list)), Value::Text(word)) if matches!(cell, Cell::Flag(..)) => {
                Value::Text(format!("{list}, {word}"))
            }
            (Some(Value::Text(first)), Value::Text(_)) => Value::Text(first),
            (_, value) => value,
        });
        Ok(())
    }
}
