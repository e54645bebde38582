//! The log that a thread reads from: what its columns mean, and what is known of its callers.

use crate::formats::Cell;
use crate::ingest::cells;
use crate::ingest::dictionary::Dictionary;
use crate::ingest::export::Export;
use crate::ingest::layout::{CALLER, Layout, SYMBOL, VALUES};
use crate::ingest::minutes::Clock;
use crate::ingest::order_times::OrderTimes;
use crate::ingest::query;
use crate::ingest::rejects::Fault;
use crate::ingest::whereabouts::Columns;
use crate::ingest::{Read, callers::Kind};
use crate::time::DAY;

/// The log that a thread reads from.
pub(super) struct Log {
    pub(super) id: u32,
    pub(super) fields: Fields,
    /// The account of calls that name none, as a code.
    pub(super) account: u32,
    pub(super) layout: Layout,
    pub(super) clock: Clock,
    /// The callers that the layout knows, by number.
    pub(super) callers: Vec<[u32; 9]>,
    /// Where they were counted last: the span of expectations, and the tally.
    pub(super) counted: Vec<(u32, u32)>,
    /// Where nothing but their addresses differs: what holds at any of them, and in which span.
    pub(super) kinds: Vec<Option<(u32, Kind)>>,
    /// Records that were not like any before, since the layout was made, and all.
    pub(super) unknown: (u64, u64),
    /// So many records are looked at before the layout may be given up.
    pub(super) patience: u64,
}

/// The values of a call: quantity and price, and the codes of its ids.
#[derive(Clone, Copy, Default)]
pub(super) struct Values {
    pub(super) quantity: Option<i128>,
    pub(super) price: Option<i128>,
    pub(super) ids: [u32; 2],
}

/// Which field of a record holds what; `None` where the log has no such column.
pub(super) struct Fields {
    pub(super) time: usize,
    pub(super) names: [Option<usize>; 11],
    pub(super) values: [Option<usize>; 4],
    pub(super) whereabouts: Option<Columns>,
}

impl Fields {
    pub(super) fn new(cells: &[Cell]) -> Self {
        let at = |name: &str| cells.iter().position(|cell| cell.column() == Some(name));
        let [a, b, c, d, e, f, g, h, i] = CALLER.map(at);
        Self {
            time: at("time").unwrap_or(0),
            names: [a, b, c, d, e, f, g, h, i, at("symbol"), at("side")],
            values: VALUES.map(at),
            whereabouts: Columns::of(cells),
        }
    }

    /// Whether an operation says of an order what no column of the log does.
    pub(super) fn asks(&self, operation: &[u8]) -> bool {
        self.names[SYMBOL].is_none() && query::is_order(operation)
    }
}

impl Log {
    /// A log; `text` begins with a record of it.
    pub(super) fn new(id: u32, export: &Export, text: &[u8], account: u32) -> Self {
        let cells = &export.recognised.cells;
        Self {
            id,
            fields: Fields::new(cells),
            account,
            layout: Layout::new(cells, export.delimiter, text),
            clock: Clock::new(export.zone),
            callers: Vec::new(),
            counted: Vec::new(),
            kinds: Vec::new(),
            unknown: (0, 0),
            patience: 10_000,
        }
    }

    /// Whether its layout does not fit it any more: a tenth of its records are unlike any before.
    pub(super) fn is_strange(&self) -> bool {
        self.unknown.1 > self.patience && self.unknown.0 * 10 > self.unknown.1
    }
}

/// The time of a call: to the minute at least, or it could be held to have made any order of its day.
#[cold]
pub(super) fn time(clock: &mut Clock, cell: &[u8]) -> Result<Read, Fault> {
    let read = clock.time(cell)?.ok_or_else(|| Fault::new("missing", "no time"))?;
    if read.grain >= DAY { Err(Fault::new("time", "a date without a time of day")) } else { Ok(read) }
}

/// Reads the values of a call; the fault names which.
#[inline]
pub(super) fn values(cells: [&[u8]; 4], texts: &mut Dictionary, orders: &OrderTimes) -> Result<Values, (usize, Fault)> {
    let mut values = Values::default();
    for (at, cell) in cells.into_iter().enumerate() {
        if cell.is_empty() {
            continue;
        }
        let fault = |fault| (at, fault);
        let Some(text) = cells::text(cell).map_err(fault)? else { continue };
        match at {
            // A quantity may carry its unit.
            0 => values.quantity = Some(cells::amount(text).map_err(fault)?.0.0),
            1 => values.price = Some(cells::amount(text).map_err(fault)?.0.0),
            // No id but those of the orders is of use, and there may be as many as calls.
            _ if orders.names(text) => values.ids[at - 2] = texts.code(text),
            _ => {}
        }
    }
    Ok(values)
}
