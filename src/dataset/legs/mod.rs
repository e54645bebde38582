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
use crate::columns;
use crate::ingest::records::Place;
use crate::ingest::table::{ReadTable, Value};
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::Table;

pub use fills::may_be_fill;

/// The column that marks the records that were taken from a ledger; frames without such records lack it.
pub const LEG: &str = "leg";

/// Adds what the ledger tells and no other export does.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn tell(frames: &mut BTreeMap<Table, DataFrame>, window: &Window, reference: &Reference) -> PolarsResult<()> {
    let Some(ledger) = frames.get(&Table::Ledger) else { return Ok(()) };
    let fills = fills::of(ledger, frames)?;
    let moves = moves::of(ledger, frames)?;
    for records in [fills, moves].into_iter().filter(|records| !records.rows.is_empty()) {
        let table = records.table;
        let told = ReadTable::of(table, records.rows)?;
        let keep = vec![true; told.len()];
        let mut told = table_frame(&told, &keep, window, reference)?;
        mark(&mut told, true)?;
        let joined = match frames.remove(&table) {
            None => told,
            Some(mut own) => {
                mark(&mut own, false)?;
                own.vstack(&told)?
            }
        };
        let mut joined = joined;
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

/// Records for a table.
struct Records {
    table: Table,
    rows: Vec<(u32, Place, Vec<Option<Value>>)>,
}

impl Records {
    fn new(table: Table) -> Self {
        Self { table, rows: Vec::new() }
    }

    /// Adds what the leg in a row of the ledger says in columns that both tables have, and some values besides.
    fn add(&mut self, ledger: &DataFrame, row: usize, own: &[(&str, Option<Value>)]) -> PolarsResult<()> {
        let count = |name: &str| -> PolarsResult<u64> { Ok(ledger.column(name)?.u64()?.get(row).unwrap_or_default()) };
        let place = Place { record: count("record")?, line: count("line")?, byte: 0 };
        let shared = |name: &str| -> PolarsResult<Option<Value>> {
            Ok(match Table::Ledger.columns().iter().find(|column| column.name == name).map(|column| column.kind) {
                None => None,
                Some(crate::tables::Kind::Time) => columns::times(ledger, name)?.get(row).map(Value::Time),
                Some(crate::tables::Kind::Text) => {
                    columns::texts(ledger, name)?.get(row).map(|text| Value::Text(text.into()))
                }
                Some(crate::tables::Kind::Decimal) => columns::decimals(ledger, name)?.get(row).map(Value::Decimal),
            })
        };
        let value = |name: &str| match own.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.clone()),
            None => shared(name),
        };
        let values = self.table.columns().iter().map(|column| value(column.name)).collect::<PolarsResult<_>>()?;
        let source = columns::counts(ledger, "source")?.get(row).unwrap_or_default();
        self.rows.push((source, place, values));
        Ok(())
    }
}
