//! The only reader of exports: from text to typed records, a ledger for every source, and every reject with its place.

pub mod call_scan;
pub mod calls;
mod cells;
pub mod clock;
mod clock_sample;
pub mod export;
pub mod order_times;
mod records;
pub mod rejects;
mod row;
pub mod table;

use std::collections::BTreeMap;

use crate::tables::Table;
use crate::time::Timestamp;
use export::Export;
use records::{Piece, Place, Records};
use rejects::{Fault, Reject, raw_text};

/// The most rejects of one source that are kept; their number is always exact.
pub const REJECTS_KEPT: usize = 1000;

/// One export as it was read: what it is and what became of its records.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its number, by path.
    pub id: u32,
    /// Its path as shown.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The format's name.
    pub format: &'static str,
    /// Which of the format's headers.
    pub generation: &'static str,
    /// The exchange that wrote it, if the format tells.
    pub exchange: &'static str,
    /// The table its records went to.
    pub table: Table,
    /// The zone its times were taken in.
    pub zone: String,
    /// Where that zone came from: `option`, `header`, `file name`, `value`, `assumed`.
    pub zone_from: &'static str,
    /// When the export was made, by its file name.
    pub stamp: Option<i64>,
    /// The export it is a part of: the same for all parts of one.
    pub export: String,
    /// Which part of how many it is.
    pub part: Option<(u32, u32)>,
    /// Values that all its records have, by column: its market, its direction.
    pub fixed: &'static [(&'static str, &'static str)],
    /// The encoding of its text.
    pub encoding: &'static str,
    /// Columns and what they were taken for; `None` for those of no use or not known.
    pub columns: Vec<(String, Option<&'static str>)>,
    /// Data records.
    pub records: u64,
    /// Records in the tables.
    pub accepted: u64,
    /// Records that another source holds too.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Records left out on purpose, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// The first rejects.
    pub rejects: Vec<Reject>,
    /// The time of the earliest accepted record.
    pub first: Option<i64>,
    /// The newest accepted records, at most two, newest first, with their places.
    pub newest: Vec<(i64, Place)>,
    /// Times that fall into the hour that a clock change repeats; the earlier of the two instants was taken.
    pub ambiguous: u64,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

impl Source {
    /// A source of which nothing has been read yet.
    pub fn new(id: u32, export: &Export) -> Self {
        let recognised = &export.recognised;
        Self {
            id,
            path: export.shown.clone(),
            sha256: export.sha256.clone(),
            bytes: export.size,
            format: recognised.format.id,
            generation: recognised.generation,
            exchange: recognised.format.exchange,
            table: recognised.format.table,
            zone: export.zone.to_string(),
            zone_from: export.zone_from,
            stamp: export.stamp,
            export: export.export.clone(),
            part: export.part,
            fixed: recognised.format.fixed,
            encoding: export.encoding,
            columns: export.header.iter().cloned().zip(recognised.cells.iter().map(|cell| cell.column())).collect(),
            records: 0,
            accepted: 0,
            duplicate: 0,
            rejected: 0,
            skipped: BTreeMap::new(),
            rejects: Vec::new(),
            first: None,
            newest: Vec::new(),
            ambiguous: 0,
            notes: Vec::new(),
        }
    }

    /// The value that all its records have in a column.
    pub fn always(&self, column: &str) -> Option<&'static str> {
        self.fixed.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)
    }

    /// Whether it says anything: a record, or that there is none.
    pub fn speaks(&self) -> bool {
        self.accepted + self.duplicate > 0 || self.rejected == 0
    }

    /// All skipped records.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// The time of the newest accepted record.
    pub fn last(&self) -> Option<i64> {
        self.newest.first().map(|(time, _)| *time)
    }

    /// The span of the accepted records, for people.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((Timestamp(self.first?), Timestamp(self.last()?)))
    }

    fn accept(&mut self, place: Place, read: Read) {
        self.accepted += 1;
        self.ambiguous += u64::from(read.ambiguous);
        if read.own_offset && self.accepted == 1 {
            self.zone = "UTC".to_owned();
            self.zone_from = "value";
        }
        let Some(time) = read.time else { return };
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        if self.newest.len() < 2 || time > self.newest[1].0 {
            // Of equal times the record read first stays first.
            let at = self.newest.partition_point(|(known, _)| *known >= time);
            self.newest.insert(at, (time, place));
            self.newest.truncate(2);
        }
    }

    fn reject(&mut self, place: Place, raw: String, column: Option<String>, fault: Fault, time: Option<i64>) {
        self.rejected += 1;
        if self.rejects.len() < REJECTS_KEPT {
            self.rejects.push(Reject { place, column, fault, raw, time });
        }
    }
}

/// What reading one record gave besides its values.
#[derive(Clone, Copy, Debug)]
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

/// What an empty export says in place of data, in the first cell.
const NO_DATA: &str = "no data matches the criteria";

/// Where records go.
pub trait Sink {
    /// Takes a record by its raw text alone, when that is known from an earlier one.
    fn known(&mut self, _place: Place, _raw: &[u8]) -> Option<Read> {
        None
    }

    /// Takes a record of the header's width, raw and in fields.
    ///
    /// # Errors
    /// When it cannot be read; that costs this record alone.
    fn take(&mut self, place: Place, raw: &[u8], fields: &csv::ByteRecord) -> Result<Read, Refusal>;

    /// Is told that a record was rejected, with its time as far as it could be read.
    fn rejected(&mut self, _time: Option<i64>) {}
}

/// Reads every record of an export into a sink, and keeps the ledger.
pub fn each_record(export: &Export, source: &mut Source, sink: &mut impl Sink) {
    let mut split = csv::ByteRecord::new();
    let mut records = Records::new(&export.text, export.delimiter);
    let width = export.header.len();
    let rightful = |at: usize| {
        let column = export.recognised.cells.get(at).and_then(|cell| cell.column());
        matches!(column, Some("key" | "tx_id" | "address" | "order_id" | "client_order_id"))
    };
    let shown = |raw: &[u8]| raw_text(raw, export.delimiter, rightful);
    while let Some((place, raw, piece)) = records.next() {
        let place = Place { byte: place.byte + export.skipped, ..place };
        if place.record == 0 {
            if matches!(piece, Piece::Plain | Piece::Record(_)) {
                records.expect_width(width);
            }
            continue;
        }
        source.records += 1;
        let fields = match piece {
            Piece::Blank => {
                *source.skipped.entry("blank line").or_default() += 1;
                continue;
            }
            Piece::Unclosed => {
                let fault = Fault::new(
                    "quote",
                    "a quote opens here and does not close where it should; only this line was left out",
                );
                source.reject(place, shown(raw), None, fault, None);
                sink.rejected(None);
                continue;
            }
            Piece::Plain | Piece::Record(_) if let Some(read) = sink.known(place, raw) => {
                source.accept(place, read);
                continue;
            }
            Piece::Plain => {
                split.clear();
                raw.split(|byte| *byte == export.delimiter).for_each(|field| split.push_field(field));
                &split
            }
            Piece::Record(fields) => fields,
        };
        if is_no_data(fields) {
            *source.skipped.entry("no data row").or_default() += 1;
            continue;
        }
        let filled = fields.iter().rposition(|field| !field.trim_ascii().is_empty()).map_or(0, |at| at + 1);
        if filled == 0 {
            *source.skipped.entry("blank line").or_default() += 1;
            continue;
        }
        let outcome = if filled > width || fields.len() < width {
            let message = format!("{} fields where the header has {width}", filled.max(fields.len()));
            Err(Refusal { column: None, fault: Fault::new("fields", message), time: None })
        } else {
            sink.take(place, raw, fields)
        };
        match outcome {
            Ok(read) => source.accept(place, read),
            Err(Refusal { fault: Fault { skip: Some(reason), .. }, .. }) => {
                *source.skipped.entry(reason).or_default() += 1;
            }
            Err(refusal) => {
                let column = refusal.column.and_then(|at| export.header.get(at).cloned());
                source.reject(place, shown(raw), column, refusal.fault, refusal.time);
                sink.rejected(refusal.time);
            }
        }
    }
}

fn is_no_data(fields: &csv::ByteRecord) -> bool {
    let first = fields.get(0).unwrap_or_default();
    fields.iter().skip(1).all(|field| field.trim_ascii().is_empty())
        && std::str::from_utf8(first).is_ok_and(|text| text.trim().trim_end_matches('.').to_lowercase() == NO_DATA)
}
