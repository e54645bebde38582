//! The only reader of exports: from text to typed records, a ledger for every source, and every reject with its place.

pub mod activity;
mod blocks;
pub mod call_scan;
mod callers;
pub mod calls;
mod cells;
pub mod clock;
mod clock_sample;
mod damage;
mod dictionary;
pub mod export;
mod hashing;
mod holes;
mod layout;
pub mod ledger;
mod line;
mod minutes;
pub mod opening;
pub mod order_times;
mod query;
mod reading;
pub mod records;
pub mod rejects;
mod reshape;
mod row;
mod series;
pub mod single_calls;
mod source;
pub mod table;
mod tallies;
mod texts;
pub mod whereabouts;

use reading::{Sink, read};
use rejects::Fault;

pub use cells::{position, side};
pub use dictionary::{FastMap, FastSet, Hash};
pub use ledger::REJECTS_KEPT;
pub use reading::Reading;
pub use source::Source;

/// What reading one record gave besides its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// When it happened.
    pub time: Option<i64>,
    /// The unit its time was written in.
    pub grain: i64,
    /// Whether the time said its own offset.
    pub own_offset: bool,
    /// Whether it falls into the hour that a clock change repeats.
    pub ambiguous: bool,
}

/// A record at fault: the column (by its position), what is wrong, and the time if that was readable.
#[derive(Debug)]
pub struct Refusal {
    /// The position of the column at fault.
    pub column: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
    /// When it happened.
    pub time: Option<i64>,
}
