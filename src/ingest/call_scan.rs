//! Reads logs of API calls in one pass that keeps no record: what a record adds to the tallies is decided here, on as many
//! threads as there are, each with a state of its own; the states add up to the same in any order. All state of that pass
//! stands together, which makes this file a long one.

use std::sync::Arc;

use super::activity::caller_mark;
use super::calls::{CallLog, CallPlace, OrderCall, Tally, caller};
use super::cells::{self, Clock};
use super::dictionary::{Dictionary, FastMap};
use super::export::{Export, field_lists};
use super::layout::{CALLER, Glimpse, Layout, Names, SIDE, SYMBOL, VALUES, field, plain};
use super::ledger::Chunks;
use super::order_times::OrderTimes;
use super::records::Place;
use super::rejects::Fault;
use super::tallies::Tallies;
use super::{Read, Reading, Refusal, Sink, read};
use crate::address::parse_ip;
use crate::expectations::Expectations;
use crate::formats::Cell;
use crate::matching::{Inventory, judge};
use crate::progress::Progress;
use crate::reference::Class;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::{DAY, HOUR};

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
pub fn scan(exports: &[(u32, &Export)], question: &Question<'_>, reading: &Reading, progress: &Progress) -> CallLog {
    let mut scans: Vec<Scan<'_>> = (0..reading.jobs.max(1)).map(|_| Scan::new(question, reading.callers)).collect();
    let read = read(exports, &mut scans, reading, progress);
    let mut scans = scans.into_iter();
    let mut all = scans.next().unwrap_or_else(|| Scan::new(question, reading.callers));
    scans.for_each(|scan| all.merge(scan));
    let chunks: FastMap<u32, Chunks> = read.iter().map(|(source, chunks)| (source.id, chunks.clone())).collect();
    let mut log = all.finish(&chunks);
    log.sources = read.into_iter().map(|(source, _)| source).collect();
    log
}

/// The newest time that the first and the last record of a log show, without reading what is between.
pub fn peek(export: &Export) -> Option<i64> {
    const END: usize = 1 << 16;
    let at = export.recognised.cells.iter().position(|cell| cell.column() == Some("time"))?;
    let time = |line: &[u8]| {
        let fields = field_lists(line, export.delimiter).next()?;
        let text = cells::text(fields.get(at)?).ok()??;
        cells::time(text, export.zone).ok()?.time
    };
    let mut head = vec![0; END];
    let read = std::io::Read::read(&mut export.bytes.stream().ok()?, &mut head).ok()?;
    let tail = export.bytes.tail(END as u64).ok()?;
    let filled = |line: &&[u8]| !line.trim_ascii().is_empty();
    let first = head[..read].split(|byte| *byte == b'\n').skip(1).find(filled);
    let last = tail.rsplit(|byte| *byte == b'\n').find(filled);
    [first, last].into_iter().flatten().filter_map(time).max()
}

/// The state of one thread.
struct Scan<'a> {
    question: &'a Question<'a>,
    spans: Spans,
    texts: Dictionary,
    /// One code for all spellings of an address.
    canonical_ips: FastMap<u32, u32>,
    tallies: Tallies,
    log: Option<Log>,
    /// The hour at hand, with its first and last call and their number.
    hour: (i64, (i64, i64, u64)),
    /// The chunk at hand, and those before.
    edge: Edge,
    edges: Vec<Edge>,
    found: CallLog,
}

/// The spans in which expectations, and the window, do not change.
struct Spans {
    boundaries: Vec<i64>,
    /// The span of the last call: its beginning, its end and its number.
    last: (i64, i64, u32),
}

impl Spans {
    /// The number of the span that a time lies in.
    #[inline]
    fn of(&mut self, time: i64) -> u32 {
        if !(self.last.0..self.last.1).contains(&time) {
            let number = self.boundaries.partition_point(|boundary| *boundary <= time);
            let end = self.boundaries.get(number).copied().unwrap_or(i64::MAX);
            self.last = (self.start(number as u32), end, number as u32);
        }
        self.last.2
    }

    /// The beginning of a span.
    fn start(&self, number: u32) -> i64 {
        if number == 0 { i64::MIN / 2 } else { self.boundaries[number as usize - 1] }
    }
}

/// The log that a thread reads from.
struct Log {
    id: u32,
    fields: Fields,
    /// The account of calls that name none, as a code.
    account: u32,
    layout: Layout,
    clock: Clock,
    /// The callers that the layout knows, by number.
    callers: Vec<[u32; 9]>,
    /// Where they were counted last: the span of expectations, and the tally.
    counted: Vec<(u32, u32)>,
    /// Records that were not like any before, since the layout was made, and all.
    unknown: (u64, u64),
    /// So many records are looked at before the layout may be given up.
    patience: u64,
}

/// How a chunk begins and ends: the unread records there lie between it and its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    source: u32,
    chunk: u32,
    /// The first and last accepted time.
    seen: Option<(i64, i64)>,
    /// Whether a record without a readable time stands before the first of them, and since the last.
    unread: (bool, bool),
}

/// The values of a call: quantity and price, and the codes of its ids.
#[derive(Clone, Copy, Default)]
struct Values {
    quantity: Option<i128>,
    price: Option<i128>,
    ids: [u32; 2],
}

/// Where account, address and operation stand among the names of a call.
const ACCOUNT: usize = 0;
const IP: usize = 3;
const OPERATION: usize = 6;

/// A logged path without its query: signed requests differ in it every time, and it may hold a signature.
pub(super) fn without_query(operation: &str) -> &str {
    match operation.split_once('?') {
        Some((path, _)) if path.contains('/') => path,
        _ => operation,
    }
}

/// The code of a name, as a cell says it: addresses and pairs have one code for all their spellings.
fn name_code(
    name: usize,
    cell: &[u8],
    texts: &mut Dictionary,
    canonical_ips: &mut FastMap<u32, u32>,
) -> Result<u32, Fault> {
    let Some(text) = cells::text(cell)? else { return Ok(0) };
    Ok(match name {
        IP => canonical_ip(text, texts, canonical_ips),
        OPERATION => texts.code(without_query(text)),
        SYMBOL => texts.code(&cells::symbol(text)),
        SIDE => texts.code(cells::side(text).unwrap_or_default()),
        _ => texts.code(text),
    })
}

/// One code for all spellings of an address; what is none stays as it stands.
fn canonical_ip(text: &str, texts: &mut Dictionary, canonical_ips: &mut FastMap<u32, u32>) -> u32 {
    // Four numbers and points are an address in one spelling alone.
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return texts.code(text);
    }
    let code = texts.code(text);
    if let Some(canonical) = canonical_ips.get(&code) {
        return *canonical;
    }
    let canonical = parse_ip(text).map_or(code, |ip| texts.code(&ip.to_string()));
    canonical_ips.insert(code, canonical);
    canonical
}

/// The names that make a caller.
fn caller_of(names: &Names) -> [u32; 9] {
    std::array::from_fn(|at| names[at])
}

/// Which field of a record holds what; `None` where the log has no such column.
struct Fields {
    time: usize,
    names: [Option<usize>; 11],
    values: [Option<usize>; 4],
}

impl Fields {
    fn new(cells: &[Cell]) -> Self {
        let at = |name: &str| cells.iter().position(|cell| cell.column() == Some(name));
        let [a, b, c, d, e, f, g, h, i] = CALLER.map(at);
        Self {
            time: at("time").unwrap_or(0),
            names: [a, b, c, d, e, f, g, h, i, at("symbol"), at("side")],
            values: VALUES.map(at),
        }
    }
}

impl Log {
    /// A log; `text` begins with a record of it.
    fn new(id: u32, export: &Export, text: &[u8], account: u32) -> Self {
        let cells = &export.recognised.cells;
        Self {
            id,
            fields: Fields::new(cells),
            account,
            layout: Layout::new(cells, export.delimiter, text),
            clock: Clock::new(export.zone),
            callers: Vec::new(),
            counted: Vec::new(),
            unknown: (0, 0),
            patience: 10_000,
        }
    }

    /// Whether its layout does not fit it any more: a tenth of its records are unlike any before.
    fn is_strange(&self) -> bool {
        self.unknown.1 > self.patience && self.unknown.0 * 10 > self.unknown.1
    }

    fn place(&self, place: Place, time: i64) -> CallPlace {
        CallPlace { time, source: self.id, record: place.record, line: place.line }
    }
}

/// The time of a call: to the minute at least, or it could be held to have made any order of its day.
#[inline]
fn time(clock: &mut Clock, cell: &[u8]) -> Result<Read, Fault> {
    let read = clock.time(cell)?.ok_or_else(|| Fault::new("missing", "no time"))?;
    if read.grain >= DAY { Err(Fault::new("time", "a date without a time of day")) } else { Ok(read) }
}

/// Reads the values of a call; the fault names which.
#[inline]
fn values(cells: [&[u8]; 4], texts: &mut Dictionary, orders: &OrderTimes) -> Result<Values, (usize, Fault)> {
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

impl<'a> Sink<'a> for Scan<'a> {
    fn open(&mut self, source: u32, export: &'a Export, chunk: u32, text: &[u8]) {
        match self.log.as_mut().filter(|log| log.id == source) {
            Some(log) if log.is_strange() => {
                // Each time with more patience: a log whose every record is new stays what it is.
                let patience = 2 * log.patience;
                self.log = Some(Log { patience, ..Log::new(source, export, text, log.account) });
            }
            Some(_) => {}
            None => self.log = Some(Log::new(source, export, text, self.texts.code(export.owner()))),
        }
        self.edge = Edge { source, chunk, ..Edge::default() };
    }

    #[inline]
    fn known(&mut self, place: Place, raw: &[u8], ends: &[u32]) -> Option<Read> {
        let log = self.log.as_mut()?;
        log.unknown.1 += 1;
        let Glimpse { time: cell, caller: number, mut symbol, mut side } = log.layout.glimpse(raw, ends)?;
        let read = match log.clock.quick(cell) {
            Some(read) => read,
            None => time(&mut log.clock, cell).ok()?,
        };
        let time = read.time?;
        let values = if log.layout.values.is_empty() {
            Values::default()
        } else {
            let mut cells: [&[u8]; 4] = [&[]; 4];
            for &(value, column) in &log.layout.values {
                cells[value] = plain(field(raw, ends, column, column)?)?;
            }
            values(cells, &mut self.texts, self.question.orders).ok()?
        };
        let place = log.place(place, time);
        let epoch = self.spans.of(time);
        let tally = if log.layout.singles.is_empty() {
            match *log.counted.get(number as usize)? {
                (known, tally) if known == epoch => tally,
                _ => {
                    let caller = *log.callers.get(number as usize)?;
                    let tally = self.tally(caller, epoch, time);
                    if let Some(log) = &mut self.log {
                        log.counted[number as usize] = (epoch, tally);
                    }
                    tally
                }
            }
        } else {
            let mut names: Names = [0; 11];
            if let Some(caller) = log.callers.get(number as usize) {
                names[..9].copy_from_slice(caller);
            }
            for &(name, column) in &log.layout.singles {
                let cell = plain(field(raw, ends, column, column)?)?;
                names[name] = name_code(name, cell, &mut self.texts, &mut self.canonical_ips).ok()?;
            }
            if names[ACCOUNT] == 0 {
                names[ACCOUNT] = log.account;
            }
            symbol |= names[SYMBOL];
            side |= names[SIDE];
            self.tally(caller_of(&names), epoch, time)
        };
        self.count(tally, place, read.grain, (symbol, side), values);
        if self.tallies.are_many() {
            self.fold();
        }
        Some(read)
    }

    fn take(&mut self, place: Place, raw: &[u8], ends: &[u32], record: &csv::ByteRecord) -> Result<Read, Refusal> {
        let Some(mut log) = self.log.take() else {
            return Err(Refusal { column: None, fault: Fault::new("text", "no log is open"), time: None });
        };
        let taken = self.take_from(&mut log, place, raw, ends, record);
        self.log = Some(log);
        if self.tallies.are_many() {
            self.fold();
        }
        taken
    }

    fn close(&mut self) {
        self.edges.push(self.edge);
    }

    fn rejected(&mut self, time: Option<i64>) {
        match time {
            Some(time) => self.found.holes.push((time, time)),
            None if self.edge.seen.is_some() => self.edge.unread.1 = true,
            None => self.edge.unread.0 = true,
        }
    }
}

impl<'a> Scan<'a> {
    fn new(question: &'a Question<'a>, callers: usize) -> Self {
        let mut boundaries = question.expectations.map(Expectations::boundaries).unwrap_or_default();
        boundaries.extend([question.window.start, question.window.end]);
        boundaries.sort_unstable();
        boundaries.dedup();
        Self {
            question,
            spans: Spans { boundaries, last: (0, 0, 0) },
            texts: Dictionary::default(),
            canonical_ips: FastMap::default(),
            tallies: Tallies::new(callers),
            log: None,
            hour: (0, (0, 0, 0)),
            edge: Edge::default(),
            edges: Vec::new(),
            found: CallLog::default(),
        }
    }

    fn take_from(
        &mut self,
        log: &mut Log,
        place: Place,
        raw: &[u8],
        ends: &[u32],
        record: &csv::ByteRecord,
    ) -> Result<Read, Refusal> {
        let fields = &log.fields;
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let read = time(&mut log.clock, cell(Some(fields.time))).map_err(|fault| Refusal {
            column: Some(fields.time),
            fault,
            time: None,
        })?;
        let at = read.time.unwrap_or_default();
        let refuse = |column, fault| Refusal { column, fault, time: Some(at) };
        // Everything is read before anything is counted: a record is in the tallies whole or not at all.
        let mut names = self.names(fields, record).map_err(|(column, fault)| refuse(Some(column), fault))?;
        if names[ACCOUNT] == 0 {
            names[ACCOUNT] = log.account;
        }
        let values = values(fields.values.map(cell), &mut self.texts, self.question.orders)
            .map_err(|(value, fault)| refuse(fields.values[value], fault))?;
        let epoch = self.spans.of(at);
        let tally = self.tally(caller_of(&names), epoch, at);
        self.count(tally, log.place(place, at), read.grain, (names[SYMBOL], names[SIDE]), values);
        log.unknown.0 += 1;
        if let Some((number, mut caller)) = log.layout.learn(raw, ends, &names)
            && number as usize == log.callers.len()
        {
            // The tally is looked up when the caller comes again: names that hardly repeat may be missing here.
            if log.fields.names[ACCOUNT].is_none() {
                caller[ACCOUNT] = log.account;
            }
            log.callers.push(caller);
            log.counted.push((u32::MAX, 0));
        }
        Ok(read)
    }

    /// Reads everything of a call but its time and values; the fault names the field.
    fn names(&mut self, fields: &Fields, record: &csv::ByteRecord) -> Result<Names, (usize, Fault)> {
        let mut names = [0; 11];
        for (name, at) in fields.names.iter().enumerate() {
            if let Some(at) = *at {
                let cell = record.get(at).unwrap_or_default();
                names[name] =
                    name_code(name, cell, &mut self.texts, &mut self.canonical_ips).map_err(|fault| (at, fault))?;
            }
        }
        Ok(names)
    }

    /// Counts a call, and keeps it when it may have made an order.
    #[inline]
    fn count(&mut self, at: u32, place: CallPlace, grain: i64, (symbol, side): (u32, u32), values: Values) {
        let (orders, lane) = self.tallies.count(at, place, symbol != 0 && side != 0);
        if let Some(lane) = lane {
            self.found.activity.count(lane, place.time);
        }
        if !(self.hour.0..self.hour.0 + HOUR).contains(&place.time) {
            self.enter_hour(place.time);
        }
        let (first, last, count) = &mut self.hour.1;
        (*first, *last, *count) = ((*first).min(place.time), (*last).max(place.time), *count + 1);
        match &mut self.edge.seen {
            Some((_, last)) => {
                if std::mem::take(&mut self.edge.unread.1) {
                    self.found.holes.push(((*last).min(place.time), (*last).max(place.time)));
                }
                *last = place.time;
            }
            None => self.edge.seen = Some((place.time, place.time)),
        }
        if orders {
            self.found.makes_orders = true;
            let Values { quantity, price, ids: [order_id, client_order_id] } = values;
            let kept = OrderCall { tally: at, place, grain, symbol, side, quantity, price, order_id, client_order_id };
            if values.ids != [0, 0] || self.question.orders.near(place.time) {
                self.found.order_calls.push(kept);
            } else if self.question.orders.any() {
                self.found.far_calls.offer(kept);
            }
        }
    }

    /// The tally of a caller in a span of expectations.
    fn tally(&mut self, codes: [u32; 9], epoch: u32, time: i64) -> u32 {
        let Self { tallies, texts, question, spans, found, .. } = self;
        tallies.find(codes, epoch, || {
            let start = spans.start(epoch);
            let caller = caller(texts.texts(), &codes);
            let verdict = judge(&caller, question.expectations, question.inventory, start);
            let mark = caller_mark(&verdict, &caller);
            let lane = found.activity.lane([codes[0], codes[1], codes[2]], &verdict, mark);
            Tally {
                caller: codes,
                epoch,
                expected: verdict.doubts().is_empty(),
                verdict,
                count: 0,
                first: time,
                last: time,
                sample: Vec::new(),
                folded: false,
                lane,
            }
        })
    }

    /// Adds the hour at hand to the others, and begins that of a call.
    fn enter_hour(&mut self, time: i64) {
        self.flush_hour();
        self.hour = (time - time.rem_euclid(HOUR), (time, time, 0));
    }

    /// Adds the hour at hand to the others.
    fn flush_hour(&mut self) {
        let (start, seen) = self.hour;
        if seen.2 > 0 {
            add_hour(&mut self.found, start.div_euclid(HOUR), seen);
        }
        self.hour.1.2 = 0;
    }

    /// Folds callers beyond those that are told apart, and forgets the texts that only they had.
    fn fold(&mut self) {
        let Self { tallies, texts, question, found, .. } = self;
        // With orders to explain, a caller that may have made one is never folded.
        let may_order = |class: Class| class.places_orders() || class == Class::Unclassified;
        let pinned = |tally: &Tally| question.orders.any() && may_order(tally.verdict.class);
        let numbers = tallies.fold(texts, &question.window, pinned);
        let old = std::mem::take(texts);
        let mut moved = |code: &mut u32| *code = texts.code(old.text(*code));
        for call in found.order_calls.iter_mut().chain(found.far_calls.iter_mut()) {
            call.tally = numbers[call.tally as usize];
            [&mut call.symbol, &mut call.side, &mut call.order_id, &mut call.client_order_id]
                .into_iter()
                .for_each(&mut moved);
        }
        found.activity.recode(&mut moved);
        if let Some(log) = &mut self.log {
            moved(&mut log.account);
        }
        tallies.recode(moved);
        self.canonical_ips.clear();
        if let Some(log) = &mut self.log {
            log.layout.forget();
            log.callers.clear();
            log.counted.clear();
        }
    }

    /// Adds the state of another thread.
    fn merge(&mut self, mut other: Self) {
        other.flush_hour();
        let codes: Vec<u32> = other.texts.texts().iter().map(|text| self.texts.code(text)).collect();
        let numbers = self.tallies.merge(other.tallies, &codes);
        let moved = |mut call: OrderCall| {
            call.tally = numbers[call.tally as usize];
            for code in [&mut call.symbol, &mut call.side, &mut call.order_id, &mut call.client_order_id] {
                *code = codes[*code as usize];
            }
            call
        };
        self.found.order_calls.extend(other.found.order_calls.into_iter().map(moved));
        other.found.far_calls.iter().for_each(|call| self.found.far_calls.offer(moved(*call)));
        self.found.activity.merge(other.found.activity, &codes);
        for (hour, seen) in other.found.hours {
            add_hour(&mut self.found, hour, seen);
        }
        self.found.holes.extend(other.found.holes);
        self.found.makes_orders |= other.found.makes_orders;
        self.edges.extend(other.edges);
        if self.tallies.are_many() {
            self.fold();
        }
    }

    /// Puts everything in an order that depends on the content alone.
    fn finish(mut self, chunks: &FastMap<u32, Chunks>) -> CallLog {
        self.flush_hour();
        self.found.activity.settle();
        if self.tallies.are_too_many() {
            self.fold();
        }
        let mut log = CallLog { addresses: self.tallies.addresses(), ..self.found };
        log.holes.extend(holes_between(self.edges));
        log.holes.sort_unstable();
        log.holes.dedup_by(|next, kept| {
            let joins = next.0 <= kept.1;
            if joins {
                kept.1 = kept.1.max(next.1);
            }
            joins
        });
        let list = std::mem::take(self.tallies.settle());
        let mut order: Vec<usize> = (0..list.len()).collect();
        let texts = self.texts.texts();
        order.sort_by_cached_key(|&at| {
            let tally = &list[at];
            (tally.caller.map(|code| texts[code as usize].as_str()), tally.epoch)
        });
        let mut number = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            number[old] = new as u32;
        }
        let settled = |place: &mut CallPlace| {
            if let Some(chunks) = chunks.get(&place.source) {
                (place.record, place.line) = chunks.resolve(place.record, place.line);
            }
        };
        let mut tallies: Vec<Option<Tally>> = list.into_iter().map(Some).collect();
        log.tallies = order.iter().filter_map(|&at| tallies[at].take()).collect();
        log.tallies.iter_mut().flat_map(|tally| &mut tally.sample).for_each(settled);
        for call in log.order_calls.iter_mut().chain(log.far_calls.iter_mut()) {
            call.tally = number[call.tally as usize];
            settled(&mut call.place);
        }
        log.order_calls.sort_by_key(|call| call.place);
        log.texts = Arc::new(self.texts.into_texts());
        log
    }
}

fn add_hour(log: &mut CallLog, hour: i64, (first, last, count): (i64, i64, u64)) {
    let known = log.hours.entry(hour).or_insert((first, last, 0));
    *known = (known.0.min(first), known.1.max(last), known.2 + count);
}

/// The spans around records without a readable time that stand where chunks meet, or at the head or tail of a source.
fn holes_between(mut edges: Vec<Edge>) -> Vec<(i64, i64)> {
    edges.sort_unstable();
    let mut holes = Vec::new();
    for chunks in edges.chunk_by(|one, next| one.source == next.source) {
        let (mut previous, mut unread) = (None, false);
        for edge in chunks {
            unread |= edge.unread.0;
            let Some((first, last)) = edge.seen else { continue };
            if unread {
                let before: i64 = previous.unwrap_or(first - OPEN_END);
                holes.push((before.min(first), before.max(first)));
            }
            (previous, unread) = (Some(last), edge.unread.1);
        }
        if let (true, Some(last)) = (unread, previous) {
            holes.push((last - OPEN_END, last + OPEN_END));
        }
    }
    holes
}

/// Whether a table is read by [`scan`] instead of into a frame.
pub fn reads(table: Table) -> bool {
    table == Table::Calls
}
