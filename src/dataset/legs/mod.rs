//! What ledgers tell besides the changes of balances: fills, deposits and withdrawals. Where an export of their own tells
//! them too, that one counts.
//!
//! They become records of the tables of trades and transfers, with the place of the ledger's leg, marked in the column `leg`,
//! so that what adds up balances can leave out what it finds in the ledger.

mod fills;
mod moves;

use std::collections::BTreeMap;

use polars::prelude::*;

use super::frames::table_frame;
use crate::columns::{self, Counts, Decimals, Texts, Times};
use crate::ingest::records::Place;
use crate::ingest::table::{ReadTable, Value};
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::{self, Kind, Table};

pub use fills::may_be_fill;

/// The column that marks the records that were taken from a ledger; frames without such records lack it.
pub const LEG: &str = "leg";

/// Adds what the ledger tells and no other export does.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn tell(frames: &mut BTreeMap<Table, DataFrame>, window: &Window, reference: &Reference) -> PolarsResult<()> {
    let Some(ledger) = frames.get(&Table::Ledger).cloned() else { return Ok(()) };
    let fills = fills::of(&ledger, frames)?;
    let moves = moves::of(&ledger, frames)?;
    for records in [fills, moves].into_iter().filter(|records| !records.rows.is_empty()) {
        let table = records.table;
        let told = ReadTable::of(table, records.rows)?;
        let keep = vec![true; told.len()];
        let mut told = table_frame(&told, &keep, window, reference)?;
        mark(&mut told, true)?;
        let mut joined = match frames.remove(&table) {
            None => told,
            Some(mut own) => {
                mark(&mut own, false)?;
                own.vstack(&told)?
            }
        };
        joined.rechunk_mut();
        joined
            .with_column(UInt32Chunked::from_vec("row".into(), (0..joined.height() as u32).collect()).into_column())?;
        frames.insert(table, joined);
    }
    Ok(())
}

fn mark(frame: &mut DataFrame, leg: bool) -> PolarsResult<()> {
    let marks = BooleanChunked::full(LEG.into(), leg, frame.height());
    frame.with_column(marks.into_column()).map(|_| ())
}

/// Which records of a frame of trades or transfers were taken from a ledger.
pub fn is_leg(frame: &DataFrame) -> impl Fn(usize) -> bool + '_ {
    let marks = frame.column(LEG).and_then(Column::bool).ok();
    move |row| marks.is_some_and(|marks| marks.get(row) == Some(true))
}

/// A column of the ledger.
enum Shared<'a> {
    Time(Times<'a>),
    Text(Texts<'a>),
    Decimal(Decimals<'a>),
}

impl<'a> Shared<'a> {
    fn new(ledger: &'a DataFrame, column: &tables::Column) -> PolarsResult<Self> {
        Ok(match column.kind {
            Kind::Time => Self::Time(columns::times(ledger, column.name)?),
            Kind::Text => Self::Text(columns::texts(ledger, column.name)?),
            Kind::Decimal => Self::Decimal(columns::decimals(ledger, column.name)?),
        })
    }

    fn value(&self, row: usize) -> Option<Value> {
        match self {
            Self::Time(times) => times.get(row).map(Value::Time),
            Self::Text(texts) => texts.get(row).map(|text| Value::Text(text.into())),
            Self::Decimal(decimals) => decimals.get(row).map(Value::Decimal),
        }
    }
}

/// Records for a table, taken from the legs of a ledger.
struct Records<'a> {
    table: Table,
    source: Counts<'a>,
    place: [&'a UInt64Chunked; 2],
    /// Of each column of the table that of the ledger, where it has one of that name.
    shared: Vec<Option<Shared<'a>>>,
    rows: Vec<(u32, Place, Vec<Option<Value>>)>,
}

impl<'a> Records<'a> {
    fn new(table: Table, ledger: &'a DataFrame) -> PolarsResult<Self> {
        let of_ledger = |name: &str| Table::Ledger.columns().iter().find(|column| column.name == name);
        let shared = |column: &tables::Column| of_ledger(column.name).map(|own| Shared::new(ledger, own)).transpose();
        Ok(Self {
            table,
            source: columns::counts(ledger, "source")?,
            place: [ledger.column("record")?.u64()?, ledger.column("line")?.u64()?],
            shared: table.columns().iter().map(shared).collect::<PolarsResult<_>>()?,
            rows: Vec::new(),
        })
    }

    /// Adds what the leg in a row of the ledger says in columns that both tables have, and some values besides.
    fn add(&mut self, row: usize, own: &[(&str, Option<Value>)]) {
        let [record, line] = self.place.map(|numbers| numbers.get(row).unwrap_or_default());
        let value =
            |(column, shared): (&tables::Column, &Option<Shared<'_>>)| match own.iter().find(|o| o.0 == column.name) {
                Some((_, value)) => value.clone(),
                None => shared.as_ref().and_then(|shared| shared.value(row)),
            };
        let values = self.table.columns().iter().zip(&self.shared).map(value).collect();
        self.rows.push((self.source.get(row).unwrap_or_default(), Place { record, line, byte: 0 }, values));
    }
}
