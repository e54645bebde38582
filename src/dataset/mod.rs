//! The sources of a run, joined: one frame per table, each record with its source, record and line.
//!
//! Times in frames are microseconds in UTC. Calls are not a frame of records but of tallies
//! ([`crate::ingest::calls`]); other tables are held whole, which serves up to some ten million records each.

pub mod as_of;
pub mod coverage;
mod frames;
mod key_cards;
mod reconcile;

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult};

use crate::attribution::Attribution;
use crate::expectations::Expectations;
use crate::ingest::Source;
use crate::ingest::calls::CallLog;
use crate::ingest::table::TableBuilder;
use crate::settings::Window;
use crate::tables::Table;
use coverage::Coverage;

pub use frames::{call_frame, key_label, operation, sample_frame, table_frame, verdict_frame};
pub use key_cards::{KeyCard, Seen, inventory, key_cards, permissions};
pub use reconcile::reconcile;

/// Everything the rules look at.
pub struct Dataset<'a> {
    /// The window of the report.
    pub window: Window,
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Every source, by path.
    pub sources: Vec<Source>,
    /// One frame per table that has records; of calls, one row per tally.
    pub frames: BTreeMap<Table, DataFrame>,
    /// The sampled places of calls that are not expected, with their tally's row.
    pub samples: DataFrame,
    /// The call logs.
    pub calls: CallLog,
    /// What is known of each key.
    pub key_cards: Vec<KeyCard>,
    /// What each table covers.
    pub coverage: Vec<Coverage>,
    /// The orders of the window and what explains them.
    pub attribution: Attribution,
    /// The same for plans: `row` of the order, `verdict`, `doubt`, `in_gap`, and `ip`, `key`, `client` of its call.
    pub verdicts: DataFrame,
}

impl Dataset<'_> {
    /// A plan over a table; `None` when no source has records for it.
    pub fn table(&self, table: Table) -> Option<LazyFrame> {
        self.frames.get(&table).map(|frame| frame.clone().lazy())
    }

    /// The table that orders are read from: trades stand for them when there are none.
    pub fn order_table(&self) -> Option<Table> {
        order_table(|table| self.frames.contains_key(&table))
    }

    /// The coverage of a table.
    pub fn coverage_of(&self, table: Table) -> Option<&Coverage> {
        self.coverage.iter().find(|coverage| coverage.table == table)
    }

    /// Whether any source was recognised as this table, even if it holds no record.
    pub fn has_source(&self, table: Table) -> bool {
        self.sources.iter().any(|source| source.table == table)
    }
}

/// Orders, or trades in their place.
pub fn order_table(has: impl Fn(Table) -> bool) -> Option<Table> {
    [Table::Orders, Table::Trades].into_iter().find(|table| has(*table))
}

/// Turns the tables that were read into frames.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn frames(builders: &[(TableBuilder, Vec<bool>)], window: &Window) -> PolarsResult<BTreeMap<Table, DataFrame>> {
    let mut frames = BTreeMap::new();
    for (builder, keep) in builders {
        if keep.iter().any(|keep| *keep) {
            frames.insert(builder.table, table_frame(builder, keep, window)?);
        }
    }
    Ok(frames)
}
