//! Reads every record of exports, chunk by chunk and on several threads, into what takes them up.

use std::sync::Mutex;

use super::blocks::{BLOCK, Blocks, Chunk};
use super::export::Export;
use super::hashing::{Hashing, locked};
use super::ledger::{Chunks, Ledger, first_of};
use super::line::{Row, Rows};
use super::records::{self, Piece, Place, Records};
use super::rejects::{Fault, raw_text};
use super::{Read, Refusal, Source, reshape, tallies};
use crate::progress::Progress;
use crate::sources::Caps;

/// What an empty export says in place of data, in the first cell (Binance; KuCoin).
const NO_DATA: &[&str] = &["no data matches the criteria", "no matching records found"];

/// Where records go: the state of one thread, which gets some chunks of some sources, each from its first record to its
/// last. States of several threads must add up to the same in any order.
pub trait Sink<'a> {
    /// Is told the place of the next chunk among all chunks of all sources, from 0.
    fn turn(&mut self, _turn: u64) {}

    /// Is told whose chunk comes next, its number and its text.
    fn open(&mut self, source: u32, export: &'a Export, chunk: u32, text: &[u8]);

    /// Looks at some records, all together.
    fn look_ahead(&mut self, _rows: Rows<'_>) {}

    /// Takes as many of them as it can, from one on, when all their texts are known from earlier ones. Gives how many.
    fn take_known(&mut self, _rows: Rows<'_>, _from: usize, _first: Place, _ledger: &mut Ledger) -> usize {
        0
    }

    /// Takes a record of the header's width, as it stands and in fields.
    ///
    /// # Errors
    /// When it cannot be read; that costs this record alone.
    fn take(&mut self, place: Place, row: Row<'_>, fields: &csv::ByteRecord) -> Result<Read, Refusal>;

    /// Is told that a record was rejected, with its time as far as it could be read.
    fn rejected(&mut self, _time: Option<i64>) {}

    /// Is told that the chunk is over.
    fn close(&mut self) {}
}

/// How exports are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Threads that read.
    pub jobs: usize,
    /// Whether sources are hashed.
    pub hash: bool,
    /// Bytes that are read at a time.
    pub block: usize,
    /// So many callers of a log are told apart; the least telling beyond them are counted together.
    pub callers: usize,
    /// What archives may hold.
    pub caps: Caps,
}

impl Reading {
    /// Files up to this size are read when they are opened, longer ones block by block.
    pub fn whole(&self) -> usize {
        16 * self.block
    }
}

impl Default for Reading {
    fn default() -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        Self { jobs, hash: true, block: BLOCK, callers: tallies::MOST, caps: Caps::default() }
    }
}

/// Reads every record of some exports, each with its number, on as many threads as there are sinks. Gives the ledgers, and
/// what turns the places that the sinks were told into places of the sources.
pub fn read<'a, S: Sink<'a> + Send>(
    exports: &[(u32, &'a Export)],
    sinks: &mut [S],
    reading: &Reading,
    progress: &Progress,
) -> Vec<(Source, Chunks)> {
    let list: Vec<&Export> = exports.iter().map(|(_, export)| *export).collect();
    let short = list.iter().map(|export| export.size).sum::<u64>() <= reading.block as u64;
    let (sinks, _) = sinks.split_at_mut(if short { 1 } else { sinks.len() });
    let hashing = reading.hash.then(|| Hashing::new(&list));
    let blocks = Mutex::new(Blocks::new(&list, reading.block, hashing.as_ref(), progress));
    let ledgers = std::thread::scope(|scope| {
        let work = |sink| work(exports, &blocks, hashing.as_ref(), sink);
        let (own, others) = sinks.split_at_mut(1);
        let others: Vec<_> = others.iter_mut().map(|sink| scope.spawn(move || work(sink))).collect();
        let mut ledgers: Vec<Vec<Ledger>> = own.iter_mut().map(work).collect();
        ledgers.extend(others.into_iter().map(joined));
        ledgers
    });
    drop(blocks);
    let hashes = hashing.map(Hashing::finish).unwrap_or_default();
    let mut parts = ledgers.into_iter();
    let mut ledgers = parts.next().unwrap_or_default();
    for part in parts {
        ledgers.iter_mut().zip(part).for_each(|(ledger, part)| ledger.merge(part));
    }
    let finish = |((at, mut ledger), (id, export)): ((usize, Ledger), &(u32, &Export))| {
        let chunks = Chunks::new(std::mem::take(&mut ledger.chunks), &export.lines);
        let hash = hashes.iter().find(|(source, _)| *source == at).map(|(_, hash)| hash.clone());
        let mut source = Source::new(*id, export);
        source.fill(ledger, &chunks, hash, export);
        (source, chunks)
    };
    ledgers.into_iter().enumerate().zip(exports).map(finish).collect()
}

/// The result of a thread; a fault in it is a fault of this one.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault))
}

/// Reads chunks until there are no more, and helps to hash them.
fn work<'a, S: Sink<'a>>(
    exports: &[(u32, &'a Export)],
    blocks: &Mutex<Blocks<'_>>,
    hashing: Option<&Hashing<'_>>,
    sink: &mut S,
) -> Vec<Ledger> {
    let mut ledgers = vec![Ledger::default(); exports.len()];
    let mut fields = csv::ByteRecord::new();
    loop {
        let Some(chunk) = next_chunk(blocks, hashing) else { return ledgers };
        let (id, export) = exports[chunk.source];
        sink.turn(chunk.turn);
        sink.open(id, export, chunk.number, chunk.text());
        each_record(export, &chunk, &mut ledgers[chunk.source], sink, &mut fields);
        sink.close();
    }
}

/// The next chunk. While another thread reads one there is time to hash.
fn next_chunk<'a>(blocks: &Mutex<Blocks<'a>>, hashing: Option<&Hashing<'_>>) -> Option<Chunk<'a>> {
    if let Some(hashing) = hashing.filter(|hashing| hashing.is_behind()) {
        hashing.go_on();
    }
    match blocks.try_lock() {
        Ok(mut blocks) => blocks.chunk(),
        Err(_) => {
            hashing.inspect(|hashing| hashing.go_on());
            locked(blocks).chunk()
        }
    }
}

/// Reads every record of a chunk into a sink, and keeps the ledger.
fn each_record<'a>(
    export: &Export,
    chunk: &Chunk<'_>,
    ledger: &mut Ledger,
    sink: &mut impl Sink<'a>,
    fields: &mut csv::ByteRecord,
) {
    let (text, delimiter, width) = (chunk.text(), export.delimiter, export.header.len());
    let most = export.most_fields;
    let (record, line) = first_of(chunk.number);
    let mut records = Records::at(text, delimiter, record, line);
    if chunk.number > 0 {
        records.expect_width(most);
    } else {
        for _ in 0..export.before.0 {
            if let Some((_, _, Piece::Record { .. } | Piece::Unclosed)) = records.piece() {
                ledger.records += 1;
                ledger.skip("preamble");
            }
        }
        records.begin();
    }
    let in_file = |place: Place| Place { byte: place.byte + chunk.byte, ..place };
    loop {
        if records.position().0 > 0 {
            if records.look_ahead() {
                sink.look_ahead(records.rows());
            }
            let (rows, number) = (records.rows(), records.number());
            let taken =
                if number < rows.len() { sink.take_known(rows, number, in_file(records.place()), ledger) } else { 0 };
            if taken > 0 {
                ledger.records += taken as u64;
                records.skip(taken);
                continue;
            }
        }
        let Some((place, raw, piece)) = records.piece() else { break };
        let place = in_file(place);
        if place.record == 0 {
            if matches!(piece, Piece::Record { .. }) {
                records.expect_width(most);
            }
            continue;
        }
        ledger.records += 1;
        let quoted = match piece {
            Piece::Blank => {
                ledger.skip("blank line");
                continue;
            }
            Piece::Unclosed => {
                let message = "a quote opens here and does not close where it should, or what it holds is too long; only this line was left out";
                ledger.reject(place, shown(export, raw), None, Fault::new("quote", message), None);
                sink.rejected(None);
                continue;
            }
            Piece::Record { quoted } => quoted,
        };
        if quoted {
            sink.look_ahead(records.rows());
            if sink.take_known(records.rows(), 0, place, ledger) > 0 {
                continue;
            }
        }
        records::split(raw, delimiter, quoted, fields);
        if export.two_level && reshape::is_child_header(fields) {
            ledger.skip("child header of a two-level export");
            continue;
        }
        if is_no_data(fields) {
            ledger.skip("no data row");
            continue;
        }
        if export.leaves_out_empty() {
            (fields.len()..width).for_each(|_| fields.push_field(b""));
        }
        if let (Some(at), true) = (export.list, fields.len() > width) {
            gather(fields, at, width);
        }
        let filled = fields.iter().rposition(|field| !field.trim_ascii().is_empty()).map_or(0, |at| at + 1);
        if filled == 0 {
            ledger.skip("blank line");
            continue;
        }
        let outcome = if filled > most || fields.len() < width {
            let message = format!("{} fields where the header has {width}", filled.max(fields.len()));
            Err(Refusal { column: None, fault: Fault::new("fields", message), time: None })
        } else {
            sink.take(place, records.row(), fields)
        };
        match outcome {
            Ok(read) => ledger.accept(place, read),
            Err(Refusal { fault: Fault { skip: Some(reason), .. }, .. }) => ledger.skip(reason),
            Err(mut refusal) => {
                let column = refusal.column.and_then(|at| export.header.get(at).cloned());
                if is_header(export, fields) {
                    refusal.fault = Fault::new("header", "the header of the export again: several exports were joined");
                }
                ledger.reject(place, shown(export, raw), column, refusal.fault, refusal.time);
                sink.rejected(refusal.time);
            }
        }
    }
    let (record, line) = records.position();
    if let Some(reason) = &chunk.broken {
        // What comes behind is not known: one more record that could not be read stands for it.
        let byte = chunk.byte + text.len() as u64;
        let fault = Fault::new("read", format!("the file could not be read any further: {reason}"));
        ledger.records += 1;
        ledger.reject(Place { record, line, byte }, String::new(), None, fault, None);
        sink.rejected(None);
    }
    let whole = text.is_empty() || text.ends_with(b"\n") || text.ends_with(b"\r");
    let (first_record, first_line) = first_of(chunk.number);
    let header = u64::from(chunk.number == 0);
    let read = (record - first_record).saturating_sub(header);
    // A chunk is far shorter than 4 GiB.
    ledger.chunks.push((chunk.number, read as u32, (line - first_line - u64::from(!whole)) as u32));
}

/// Takes the surplus fields of a record for more of the list that stands in one of them.
fn gather(fields: &mut csv::ByteRecord, list: usize, width: usize) {
    let surplus = fields.len() - width;
    *fields =
        fields.iter().enumerate().filter(|(at, _)| !(list + 1..=list + surplus).contains(at)).map(|(_, f)| f).collect();
}

/// The raw text of a record for a report.
fn shown(export: &Export, raw: &[u8]) -> String {
    let rightful = |at: usize| {
        let column = export.recognised.cells.get(at).and_then(|cell| cell.column());
        matches!(column, Some("key" | "tx_id" | "address" | "order_id" | "client_order_id"))
    };
    raw_text(raw, export.delimiter, rightful)
}

/// Whether a record is the header once more.
fn is_header(export: &Export, fields: &csv::ByteRecord) -> bool {
    let plain = |field: &[u8]| String::from_utf8_lossy(field).trim_matches(['\u{feff}', ' ', '\t']).to_owned();
    fields.len() >= export.header.len() && export.header.iter().zip(fields).all(|(name, field)| *name == plain(field))
}

fn is_no_data(fields: &csv::ByteRecord) -> bool {
    let first = fields.get(0).unwrap_or_default();
    // Most first fields are times, which need no second look.
    first.len() >= NO_DATA[1].len()
        && fields.iter().skip(1).all(|field| field.trim_ascii().is_empty())
        && std::str::from_utf8(first)
            .is_ok_and(|text| NO_DATA.contains(&text.trim().trim_end_matches('.').to_lowercase().as_str()))
}
