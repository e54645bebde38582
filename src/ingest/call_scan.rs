//! Reads logs of API calls in one pass that keeps no record: what a record adds to the tallies is decided here, and all
//! state of that pass stands together, which makes this file a long one.

use std::collections::HashMap;

use super::calls::{CallLog, CallPlace, OrderCall, Tally, caller};
use super::cells;
use super::export::Export;
use super::order_times::OrderTimes;
use super::records::{Place, Records};
use super::rejects::Fault;
use super::{Read, Refusal, Sink, Source, each_record};
use crate::address::parse_ip;
use crate::expectations::Expectations;
use crate::formats::Cell;
use crate::matching::{Inventory, judge};
use crate::reference::Class;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::{DAY, HOUR};

/// Places of calls kept for each tally: enough to prove it; counts are always exact.
const SAMPLE: usize = 10;
/// Places kept for callers that are not expected: enough to tell how dense they were.
const SAMPLE_UNEXPECTED: usize = 200;

/// A record that cannot be read at the head or tail of a log may be so long before or after the others.
const OPEN_END: i64 = 6 * HOUR;

/// What the scan of a log needs to know.
pub struct Question<'a> {
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Names and ids of keys.
    pub inventory: &'a Inventory,
    /// The window of the report.
    pub window: Window,
    /// The times of the orders.
    pub orders: &'a OrderTimes,
}

/// Reads all call logs.
pub fn scan(exports: &[(u32, &Export)], question: &Question<'_>) -> CallLog {
    let mut scan = Scan::new(question);
    for (id, export) in exports {
        scan.read(*id, export);
    }
    scan.finish()
}

/// The newest time that the first and the last record of a log show, without reading what is between.
pub fn peek(export: &Export) -> Option<i64> {
    const TAIL: usize = 1 << 16;
    let at = export.recognised.cells.iter().position(|cell| cell.column() == Some("time"))?;
    let time = |line: &[u8]| {
        let mut records = Records::new(line, export.delimiter);
        let (_, raw, piece) = records.next()?;
        let fields = piece.fields(raw, export.delimiter)?;
        let text = cells::text(fields.get(at)?).ok()??;
        cells::time(text, export.zone).ok()?.time
    };
    let text = &export.text;
    let head =
        text[..text.len().min(TAIL)].split(|byte| *byte == b'\n').skip(1).find(|line| !line.trim_ascii().is_empty());
    let tail = text[text.len().saturating_sub(TAIL)..]
        .rsplit(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty());
    [head, tail].into_iter().flatten().filter_map(time).max()
}

/// A map that is looked into once or more per record: a fast hash, and nothing depends on its order.
type FastMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

struct Scan<'a> {
    question: &'a Question<'a>,
    boundaries: Vec<i64>,
    texts: Vec<String>,
    codes: FastMap<String, u32>,
    canonical_ips: FastMap<u32, u32>,
    found: FastMap<([u32; 9], usize), u32>,
    /// What the text behind the time was read as, for records that differ in their time alone.
    rests: FastMap<Box<[u8]>, Call>,
    /// The hour at hand, with its first and last call and their number.
    hour: (i64, (i64, i64, u64)),
    log: CallLog,
}

/// So many different texts behind the time are remembered.
const RESTS: usize = 1 << 17;

/// A call without its time and place.
#[derive(Clone, Copy)]
struct Call {
    caller: [u32; 9],
    /// Where calls like it were counted last: the span of expectations, and the tally.
    counted: Option<(usize, u32)>,
    symbol: u32,
    side: u32,
    quantity: Option<i128>,
    price: Option<i128>,
    ids: [u32; 2],
}

/// Where the operation stands among the texts of a caller.
const OPERATION: usize = 6;

/// A logged path without its query: signed requests differ in it every time, and it may hold a signature.
fn without_query(operation: &str) -> &str {
    match operation.split_once('?') {
        Some((path, _)) if path.contains('/') => path,
        _ => operation,
    }
}

/// Which field of a record holds what; `None` where the log has no such column.
struct Fields {
    time: usize,
    caller: [Option<usize>; 9],
    symbol: Option<usize>,
    side: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    order_id: Option<usize>,
    client_order_id: Option<usize>,
}

impl Fields {
    fn new(cells: &[Cell]) -> Self {
        let at = |name: &str| cells.iter().position(|cell| cell.column() == Some(name));
        Self {
            time: at("time").unwrap_or(0),
            caller: ["account", "key_name", "key", "ip", "client", "method", "operation", "status", "code"].map(at),
            symbol: at("symbol"),
            side: at("side"),
            quantity: at("quantity"),
            price: at("price"),
            order_id: at("order_id"),
            client_order_id: at("client_order_id"),
        }
    }
}

/// One log on its way into the scan.
struct Log<'a, 'b> {
    scan: &'a mut Scan<'b>,
    id: u32,
    export: &'a Export,
    fields: Fields,
    /// The time of the record before.
    previous: Option<i64>,
    /// Whether a record since then could not be read, not even its time.
    unread: bool,
    holes: Vec<(i64, i64)>,
}

impl Log<'_, '_> {
    /// What stands behind the time, where the time comes first and unquoted: logs repeat themselves but for their times.
    fn rest<'r>(&self, raw: &'r [u8]) -> Option<(&'r [u8], &'r [u8])> {
        let at = memchr::memchr(self.export.delimiter, raw)?;
        (self.fields.time == 0 && raw[0] != b'"').then(|| raw.split_at(at))
    }

    /// The time of a call: to the minute at least, or it could be held to have made any order of its day.
    fn time(&self, text: &str) -> Result<Read, Fault> {
        let read = cells::time(text, self.export.zone)?;
        if read.grain >= DAY { Err(Fault::new("time", "a date without a time of day")) } else { Ok(read) }
    }

    fn place(&self, place: Place, time: i64) -> CallPlace {
        CallPlace { time, source: self.id, record: place.record, line: place.line }
    }

    fn accepted(&mut self, time: i64) {
        if std::mem::take(&mut self.unread) {
            let before = self.previous.unwrap_or(time - OPEN_END);
            self.holes.push((before.min(time), before.max(time)));
        }
        self.previous = Some(time);
    }

    /// The spans in which a record could not be read.
    fn finish(mut self) -> Vec<(i64, i64)> {
        if let (true, Some(last)) = (self.unread, self.previous) {
            self.holes.push((last - OPEN_END, last + OPEN_END));
        }
        self.holes
    }
}

impl Sink for Log<'_, '_> {
    fn known(&mut self, place: Place, raw: &[u8]) -> Option<Read> {
        let (text, rest) = self.rest(raw)?;
        let call = self.scan.rests.get(rest).copied()?;
        let read = self.time(cells::text(text).ok()??).ok()?;
        let time = read.time?;
        let counted = self.scan.count(call, self.place(place, time), read.grain);
        if call.counted != Some(counted)
            && let Some(known) = self.scan.rests.get_mut(rest)
        {
            known.counted = Some(counted);
        }
        self.accepted(time);
        Some(read)
    }

    fn take(&mut self, place: Place, raw: &[u8], fields: &csv::ByteRecord) -> Result<Read, Refusal> {
        let refuse = |fault| Refusal { column: Some(self.fields.time), fault, time: None };
        let text = cells::text(fields.get(self.fields.time).unwrap_or_default()).map_err(refuse)?;
        let text = text.ok_or_else(|| refuse(Fault::new("missing", "no time")))?;
        let read = self.time(text).map_err(refuse)?;
        let time = read.time.unwrap_or_default();
        let call = self.scan.call(&self.fields, fields).map_err(|refusal| Refusal { time: Some(time), ..refusal })?;
        let counted = self.scan.count(call, self.place(place, time), read.grain);
        if let Some((_, rest)) = self.rest(raw).filter(|_| self.scan.rests.len() < RESTS) {
            self.scan.rests.insert(rest.into(), Call { counted: Some(counted), ..call });
        }
        self.accepted(time);
        Ok(read)
    }

    fn rejected(&mut self, time: Option<i64>) {
        match time {
            Some(time) => self.holes.push((time, time)),
            None => self.unread = true,
        }
    }
}

impl<'a> Scan<'a> {
    fn new(question: &'a Question<'a>) -> Self {
        let mut boundaries = question.expectations.map(Expectations::boundaries).unwrap_or_default();
        boundaries.extend([question.window.start, question.window.end]);
        boundaries.sort_unstable();
        boundaries.dedup();
        Self {
            question,
            boundaries,
            texts: vec![String::new()],
            codes: FastMap::from_iter([(String::new(), 0)]),
            canonical_ips: FastMap::default(),
            found: FastMap::default(),
            rests: FastMap::default(),
            hour: (0, (0, 0, 0)),
            log: CallLog::default(),
        }
    }

    fn read(&mut self, id: u32, export: &Export) {
        // Another log may have other columns.
        self.rests.clear();
        let mut source = Source::new(id, export);
        let fields = Fields::new(&export.recognised.cells);
        let mut log = Log { scan: self, id, export, fields, previous: None, unread: false, holes: Vec::new() };
        each_record(export, &mut source, &mut log);
        let mut holes = log.finish();
        self.log.holes.append(&mut holes);
        self.log.sources.push(source);
    }

    /// Reads everything of a call but its time, before anything is counted: a record is in the tallies whole or not at all.
    fn call(&mut self, fields: &Fields, record: &csv::ByteRecord) -> Result<Call, Refusal> {
        let cell = |at: Option<usize>| match at {
            None => Ok(""),
            Some(at) => match cells::text(record.get(at).unwrap_or_default()) {
                Ok(text) => Ok(text.unwrap_or_default()),
                Err(fault) => Err(Refusal { column: Some(at), fault, time: None }),
            },
        };
        let mut caller = [0; 9];
        for (column, (code, at)) in caller.iter_mut().zip(fields.caller).enumerate() {
            let text = cell(at)?;
            *code = self.code(if column == OPERATION { without_query(text) } else { text });
        }
        caller[3] = self.canonical_ip(caller[3]);
        let number = |at: Option<usize>| match cell(at)? {
            "" => Ok(None),
            // A quantity may carry its unit.
            text => match cells::amount(text) {
                Ok((value, _)) => Ok(Some(value.0)),
                Err(fault) => Err(Refusal { column: at, fault, time: None }),
            },
        };
        Ok(Call {
            caller,
            counted: None,
            quantity: number(fields.quantity)?,
            price: number(fields.price)?,
            symbol: self.code(&cells::symbol(cell(fields.symbol)?)),
            side: self.code(cells::side(cell(fields.side)?).unwrap_or_default()),
            ids: [self.order_code(cell(fields.order_id)?), self.order_code(cell(fields.client_order_id)?)],
        })
    }

    /// The code of an id that one of the orders has; no other is of use, and there may be as many as calls.
    fn order_code(&mut self, id: &str) -> u32 {
        if self.question.orders.names(id) { self.code(id) } else { 0 }
    }

    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }

    /// One code for all spellings of an address; what is none stays as it stands.
    fn canonical_ip(&mut self, code: u32) -> u32 {
        if let Some(canonical) = self.canonical_ips.get(&code) {
            return *canonical;
        }
        let canonical = match parse_ip(&self.texts[code as usize]) {
            Some(ip) => self.code(&ip.to_string()),
            None => code,
        };
        self.canonical_ips.insert(code, canonical);
        canonical
    }

    /// Counts a call, and keeps it when it may have made an order. Gives the span of expectations and the tally.
    fn count(&mut self, call: Call, place: CallPlace, grain: i64) -> (usize, u32) {
        let epoch = self.boundaries.partition_point(|boundary| *boundary <= place.time);
        let at = match call.counted {
            Some((known, at)) if known == epoch => at,
            _ => self.tally(call.caller, epoch, place.time),
        };
        let tally = &mut self.log.tallies[at as usize];
        tally.count += 1;
        tally.first = tally.first.min(place.time);
        tally.last = tally.last.max(place.time);
        let cap = if tally.expected { SAMPLE } else { SAMPLE_UNEXPECTED };
        if tally.sample.len() < cap || place < tally.sample[cap - 1] {
            let at = tally.sample.partition_point(|known| *known < place);
            tally.sample.insert(at, place);
            tally.sample.truncate(cap);
        }
        let hour = place.time.div_euclid(HOUR);
        if hour != self.hour.0 {
            self.flush_hour();
            self.hour = (hour, (place.time, place.time, 0));
        }
        let (first, last, count) = &mut self.hour.1;
        (*first, *last, *count) = ((*first).min(place.time), (*last).max(place.time), *count + 1);
        let verdict = &self.log.tallies[at as usize].verdict;
        // An operation of no known class that names pair and side is taken for an order, so that nobody is accused for it.
        let ordering = verdict.class == Class::Unclassified && call.symbol != 0 && call.side != 0;
        if (verdict.class.places_orders() || ordering) && verdict.outcome.may_have_acted() {
            self.log.makes_orders = true;
            let Call { symbol, side, quantity, price, ids: [order_id, client_order_id], .. } = call;
            let kept = OrderCall { tally: at, place, grain, symbol, side, quantity, price, order_id, client_order_id };
            if call.ids != [0, 0] || self.question.orders.near(place.time) {
                self.log.order_calls.push(kept);
            } else {
                self.log.far_calls.offer(kept);
            }
        }
        (epoch, at)
    }

    /// The tally of a caller in a span of expectations.
    fn tally(&mut self, codes: [u32; 9], epoch: usize, time: i64) -> u32 {
        let next = self.log.tallies.len() as u32;
        let at = *self.found.entry((codes, epoch)).or_insert(next);
        if at == next {
            let start = if epoch == 0 { i64::MIN / 2 } else { self.boundaries[epoch - 1] };
            let caller = caller(&self.texts, &codes);
            let verdict = judge(&caller, self.question.expectations, self.question.inventory, start);
            self.log.tallies.push(Tally {
                caller: codes,
                epoch,
                expected: verdict.doubts().is_empty(),
                verdict,
                count: 0,
                first: time,
                last: time,
                sample: Vec::new(),
            });
        }
        at
    }

    /// Adds the hour at hand to the others.
    fn flush_hour(&mut self) {
        let (hour, (first, last, count)) = self.hour;
        if count > 0 {
            let known = self.log.hours.entry(hour).or_insert((first, last, 0));
            *known = (known.0.min(first), known.1.max(last), known.2 + count);
        }
    }

    /// Puts everything in an order that depends on the content alone.
    fn finish(mut self) -> CallLog {
        self.flush_hour();
        let mut log = CallLog { texts: self.texts, ..self.log };
        let mut order: Vec<usize> = (0..log.tallies.len()).collect();
        order.sort_by_key(|&at| {
            let tally = &log.tallies[at];
            (tally.caller.map(|code| log.texts[code as usize].as_str()), tally.epoch)
        });
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new as u32;
        }
        log.tallies = order.iter().map(|&at| log.tallies[at].clone()).collect();
        for call in log.order_calls.iter_mut().chain(log.far_calls.iter_mut()) {
            call.tally = place[call.tally as usize];
        }
        log.order_calls.sort_by_key(|call| call.place);
        log.holes.sort_unstable();
        log.holes.dedup_by(|next, kept| {
            let joins = next.0 <= kept.1;
            if joins {
                kept.1 = kept.1.max(next.1);
            }
            joins
        });
        log
    }
}

/// Whether a table is read by [`scan`] instead of into a frame.
pub fn reads(table: Table) -> bool {
    table == Table::Calls
}
