//! Reads logs of API calls a second time, one by one, for what has to see every call: the calls of a span in batches, column
//! by column. What the first pass refused is refused here too.

use super::callers::{canonical_ip, without_query};
use super::calls::shown::{IP, OPERATION};
use super::cells;
use super::export::Export;
use super::ledger::Chunks;
use super::line::Row;
use super::minutes::Clock;
use super::records::Place;
use super::rejects::Fault;
use super::{Read, Reading, Refusal, Sink, Source, read};
use crate::expectations::Expectations;
use crate::formats::Cell;
use crate::progress::Progress;
use crate::settings::Window;
use crate::time::DAY;

/// The texts of a call: who made it, what it was, and what came of it, in the order of a caller's texts, then what it was
/// about and where its address is.
pub const TEXTS: [&str; 17] = [
    "account",
    "key_name",
    "key",
    "ip",
    "client",
    "method",
    "operation",
    "status",
    "code",
    "symbol",
    "side",
    "order_id",
    "client_order_id",
    "country",
    "city",
    "latitude",
    "longitude",
];
const SYMBOL: usize = 9;
const SIDE: usize = 10;

/// So many calls make a batch.
const BATCH: usize = 1 << 14;

/// Some calls, column by column.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// When they were made.
    pub times: Vec<i64>,
    /// Their texts, by [`TEXTS`]; empty where there is none.
    pub texts: [Vec<String>; 17],
    /// Their quantities and prices.
    pub amounts: [Vec<Option<i128>>; 2],
    /// Their source, record and line; the latter two as the reader counts them until [`Places`] settles them.
    pub places: Vec<(u32, u64, u64)>,
}

/// What turns the places in batches into places of the sources.
pub struct Places(Vec<(u32, Chunks)>);

impl Places {
    /// The record and line of a call in its source.
    pub fn settle(&self, (source, record, line): (u32, u64, u64)) -> (u64, u64) {
        let chunks = self.0.iter().find(|(id, _)| *id == source);
        chunks.map_or((record, line), |(_, chunks)| chunks.resolve(record, line))
    }
}

/// Gives every call of the window to one of the takers, a batch at a time. Batches come in no certain order. Of lists of
/// addresses the expectations tell which counts.
pub fn each_batch<T: FnMut(Batch) + Send>(
    exports: &[(u32, &Export)],
    takers: Vec<T>,
    window: Window,
    expectations: Option<&Expectations>,
    reading: &Reading,
    progress: &Progress,
) -> (Vec<T>, Places) {
    let new = |taker| Single { taker, window, expectations, log: None, batch: Batch::default() };
    let mut sinks: Vec<Single<'_, T>> = takers.into_iter().map(new).collect();
    // The bytes were hashed when they were read first.
    let read: Vec<(Source, Chunks)> = read(exports, &mut sinks, &Reading { hash: false, ..*reading }, progress);
    let places = Places(read.into_iter().map(|(source, chunks)| (source.id, chunks)).collect());
    (sinks.into_iter().map(|sink| sink.taker).collect(), places)
}

/// The state of one thread.
struct Single<'a, T> {
    taker: T,
    window: Window,
    expectations: Option<&'a Expectations>,
    log: Option<Log<'a>>,
    batch: Batch,
}

/// The log that a thread reads from: which field of a record holds what.
struct Log<'a> {
    id: u32,
    export: &'a Export,
    clock: Clock,
    time: usize,
    texts: [Option<usize>; 17],
    amounts: [Option<usize>; 2],
}

impl<'a> Log<'a> {
    fn new(id: u32, export: &'a Export) -> Self {
        let cells = &export.recognised.cells;
        let at = |name: &str| cells.iter().position(|cell: &Cell| cell.column() == Some(name));
        Self {
            id,
            export,
            clock: Clock::new(export.zone),
            time: at("time").unwrap_or(0),
            texts: TEXTS.map(at),
            amounts: ["quantity", "price"].map(at),
        }
    }
}

impl<'a, T: FnMut(Batch) + Send> Sink<'a> for Single<'a, T> {
    fn open(&mut self, source: u32, export: &'a Export, _: u32, _: &[u8]) {
        if self.log.as_ref().is_none_or(|log| log.id != source || !std::ptr::eq(log.export, export)) {
            self.log = Some(Log::new(source, export));
        }
    }

    fn take(&mut self, place: Place, _: Row<'_>, record: &csv::ByteRecord) -> Result<Read, Refusal> {
        let Some(log) = &mut self.log else {
            return Err(Refusal { column: None, fault: Fault::new("text", "no log is open"), time: None });
        };
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let refuse = |column: Option<usize>| move |fault| Refusal { column, fault, time: None };
        let read = log.clock.time(cell(Some(log.time))).map_err(refuse(Some(log.time)))?;
        let read = read.ok_or_else(|| refuse(Some(log.time))(Fault::new("missing", "no time")))?;
        if read.grain >= DAY {
            return Err(refuse(Some(log.time))(Fault::new("time", "a date without a time of day")));
        }
        let mut amounts = [None; 2];
        for (amount, at) in amounts.iter_mut().zip(log.amounts) {
            if let Some(text) = cells::text(cell(at)).map_err(refuse(at))? {
                *amount = Some(cells::amount(text).map_err(refuse(at))?.0.0);
            }
        }
        let mut texts: [&str; 17] = [""; 17];
        for (text, at) in texts.iter_mut().zip(log.texts) {
            *text = cells::text(cell(at)).map_err(refuse(at))?.unwrap_or_default();
        }
        if texts[0].is_empty() {
            texts[0] = log.export.owner();
        }
        if let Some(time) = read.time.filter(|time| self.window.holds(*time)) {
            let batch = &mut self.batch;
            batch.times.push(time);
            batch.places.push((log.id, place.record, place.line));
            amounts.iter().zip(&mut batch.amounts).for_each(|(amount, column)| column.push(*amount));
            for (at, (text, column)) in texts.into_iter().zip(&mut batch.texts).enumerate() {
                column.push(match at {
                    IP => canonical_ip(text, self.expectations).0.into_owned(),
                    OPERATION => without_query(text).to_owned(),
                    SYMBOL => cells::symbol(text).into_owned(),
                    SIDE => cells::side(text).unwrap_or_default().to_owned(),
                    _ => text.to_owned(),
                });
            }
            if batch.times.len() >= BATCH {
                (self.taker)(std::mem::take(batch));
            }
        }
        Ok(read)
    }

    fn close(&mut self) {
        if !self.batch.times.is_empty() {
            (self.taker)(std::mem::take(&mut self.batch));
        }
    }
}
