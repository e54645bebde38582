//! Reads logs of API calls in one pass that keeps no record: what a record adds to the tallies is decided here, on as many
//! threads as there are, each with a state of its own; the states add up to the same in any order ([`sums`]).

mod log;
mod runs;
mod sums;

use std::borrow::Cow;
use std::net::Ipv4Addr;
use std::sync::Mutex;

use fearless_simd::{Level, dispatch};
use log::{Fields, Log, Values, time, values};
use runs::{Newest, Run, Spans};

use super::callers::{Callers, Found, Name, name as name_of};
use super::calls::shown::{ACCOUNT, IP, OPERATION};
use super::calls::{CallLog, CallPlace, OrderCall};
use super::cells;
use super::export::{Export, field_lists};
use super::hashing::locked;
use super::holes::{Stretch, Stretches};
use super::layout::{Glimpse, SIDE, SYMBOL, UNKNOWN};
use super::ledger::{Chunks, Ledger};
use super::line::{Row, Rows};
use super::order_times::OrderTimes;
use super::query;
use super::records::Place;
use super::rejects::Fault;
use super::tallies::Limit;
use super::{Read, Reading, Refusal, Sink, Source, read};
use crate::address::Address;
use crate::expectations::Expectations;
use crate::matching::Inventory;
use crate::progress::Progress;
use crate::settings::Window;
use crate::tables::Table;

/// What holds for so many callers, whatever their addresses, is remembered.
const KINDS: usize = 1 << 12;

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
    let limit = Limit::default();
    let stretches = Mutex::default();
    let new = || Scan::new(question, (&limit, &stretches), reading.callers);
    let mut scans: Vec<Scan<'_>> = (0..reading.jobs.max(1)).map(|_| new()).collect();
    let read = read(exports, &mut scans, reading, progress);
    let mut scans = scans.into_iter();
    let mut all = scans.next().unwrap_or_else(new);
    scans.for_each(|scan| all.merge(scan));
    let (sources, chunks): (Vec<Source>, Vec<Chunks>) = read.into_iter().unzip();
    let chunks = sources.iter().map(|source| source.id).zip(chunks).collect();
    CallLog { sources, ..all.finish(&chunks) }
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
    limit: &'a Limit,
    spans: Spans,
    callers: Callers<'a>,
    log: Option<Log>,
    /// What the records to come show.
    glimpses: Vec<Glimpse>,
    /// And their times.
    times: Vec<Option<Read>>,
    /// The hour at hand, with its first and last call and their number.
    hour: (i64, (i64, i64, u64)),
    run: Run,
    /// The chunk at hand, and those that all threads have read.
    chunk: Stretch,
    stretches: &'a Mutex<Stretches>,
    found: CallLog,
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
            None => self.log = Some(Log::new(source, export, text, self.callers.texts.code(export.owner()))),
        }
        self.callers.tallies.share(self.limit);
        self.glimpses.clear();
        self.chunk = Stretch::new(source, chunk);
    }

    fn look_ahead(&mut self, rows: Rows<'_>) {
        self.times.clear();
        let Some(Log { layout, clock, .. }) = &mut self.log else { return };
        dispatch!(Level::new(), simd => {
            layout.glimpse(simd, rows, &mut self.glimpses);
            self.times.extend(rows.iter().map(|row| {
                let quick = layout.time_place(row).and_then(|place| clock.quick(simd, rows.text(), place));
                quick.or_else(|| time(clock, layout.time(row)?).ok())
            }));
        });
    }

    fn take_known(&mut self, rows: Rows<'_>, from: usize, first: Place, ledger: &mut Ledger) -> usize {
        let Some(all_groups) = self.log.as_ref().map(|log| log.layout.is_all_groups) else { return 0 };
        let place = |number: usize| Place {
            record: first.record + (number - from) as u64,
            line: first.line + (number - from) as u64,
            byte: first.byte + (rows.start(number) - rows.start(from)) as u64,
        };
        if let (true, Some(log)) = (all_groups, &self.log) {
            let counted =
                self.glimpses.iter().skip(from).filter_map(|glimpse| log.counted.get(glimpse.caller as usize));
            self.callers.tallies.fetch(counted.map(|(_, tally)| *tally));
        }
        let mut seen = Newest::default();
        let mut number = from;
        while let (Some(&glimpse), Some(&Some(read))) = (self.glimpses.get(number), self.times.get(number))
            && let Some(time) = read.time
            && glimpse.caller != UNKNOWN
        {
            if all_groups {
                self.go_on(time);
                let counted = self.log.as_ref().and_then(|log| log.counted.get(glimpse.caller as usize));
                let found = match counted {
                    Some((epoch, tally)) if *epoch == self.run.epoch => {
                        Some(Found { tally: *tally, ..Found::default() })
                    }
                    _ => self.find_again(glimpse.caller, time),
                };
                let Some(found) = found else { break };
                self.count(found, || place(number), &read, time, (glimpse.symbol, glimpse.side), Values::default);
            } else if self.known_in_part(place(number), rows.row(number), glimpse, read, time).is_none() {
                break;
            }
            ledger.note(&read);
            seen.add(time, number);
            number += 1;
        }
        let taken = number - from;
        if taken > 0 {
            ledger.accepted += taken as u64;
            if let Some(Some(read)) = self.times.get(from) {
                ledger.open(first, *read);
            }
            seen.times().into_iter().flatten().for_each(|(time, number)| ledger.see(time, place(number)));
        }
        if let Some(log) = &mut self.log {
            log.unknown.1 += taken as u64;
        }
        taken
    }

    fn take(&mut self, place: Place, row: Row<'_>, record: &csv::ByteRecord) -> Result<Read, Refusal> {
        let Some(mut log) = self.log.take() else {
            return Err(Refusal { column: None, fault: Fault::new("text", "no log is open"), time: None });
        };
        let taken = self.take_from(&mut log, place, row, record);
        self.log = Some(log);
        if self.callers.tallies.are_many() {
            self.fold();
        }
        taken
    }

    fn close(&mut self) {
        self.end_run();
        locked(self.stretches).add(self.chunk);
    }

    fn rejected(&mut self, time: Option<i64>) {
        self.end_run();
        match time {
            Some(time) => self.found.holes.push((time, time)),
            None => self.chunk.miss(),
        }
    }
}

impl<'a> Scan<'a> {
    fn new(question: &'a Question<'a>, (limit, stretches): (&'a Limit, &'a Mutex<Stretches>), callers: usize) -> Self {
        let mut boundaries = question.expectations.map(Expectations::boundaries).unwrap_or_default();
        boundaries.extend([question.window.start, question.window.end]);
        boundaries.sort_unstable();
        boundaries.dedup();
        Self {
            question,
            limit,
            spans: Spans::new(boundaries),
            callers: Callers::new(
                question.expectations,
                question.inventory,
                question.window,
                question.orders.any(),
                callers,
            ),
            log: None,
            glimpses: Vec::new(),
            times: Vec::new(),
            hour: (0, (0, 0, 0)),
            run: Run::default(),
            chunk: Stretch::default(),
            stretches,
            found: CallLog::default(),
        }
    }

    fn take_from(
        &mut self,
        log: &mut Log,
        place: Place,
        row: Row<'_>,
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
        let expectations = self.question.expectations;
        let mut names =
            Self::names(fields, record, expectations).map_err(|(column, fault)| refuse(Some(column), fault))?;
        names[ACCOUNT].or(log.account);
        let mut cells = fields.values.map(cell);
        let asked = Some(cell(fields.names[OPERATION])).filter(|operation| fields.asks(operation));
        if let Some(query) = asked.and_then(|operation| std::str::from_utf8(operation).ok()).map(query::read) {
            let symbol = query.symbol.replace("%2F", "/");
            names[SYMBOL] = Name::Text(Cow::Owned(cells::symbol(&symbol).into_owned()));
            names[SIDE] = Name::Text(Cow::Borrowed(cells::side(query.side).unwrap_or_default()));
            for (at, value) in query.values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
                // What a request asks for may be no number at all, and was then refused.
                if cells[at].is_empty() && (at > 1 || cells::amount(value).is_ok()) {
                    cells[at] = value.as_bytes();
                }
            }
        }
        let values = values(cells, &mut self.callers.texts, self.question.orders)
            .map_err(|(value, fault)| refuse(fields.values[value], fault))?;
        self.go_on(at);
        if let Some(columns) = fields.whereabouts {
            columns.note(&mut self.found.atlas, names[IP].text(&self.callers.texts), (log.id, place.record), record);
        }
        let found = self.find(&names, at);
        let names = names.map(|name| name.code(&mut self.callers.texts));
        self.count(found, || place, &read, at, (names[SYMBOL], names[SIDE]), || values);
        log.unknown = (log.unknown.0 + 1, log.unknown.1 + 1);
        // Of a log with places every record is read whole: what it says of its address may be new.
        if asked.is_none()
            && fields.whereabouts.is_none()
            && let Some((number, mut caller)) = log.layout.learn(row, &names)
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
    fn names<'r>(
        fields: &Fields,
        record: &'r csv::ByteRecord,
        expectations: Option<&Expectations>,
    ) -> Result<[Name<'r>; 11], (usize, Fault)> {
        let mut names = [const { Name::Code(0) }; 11];
        for (name, at) in fields.names.iter().enumerate() {
            if let Some(at) = *at {
                let cell = record.get(at).unwrap_or_default();
                names[name] = name_of(name, cell, expectations).map_err(|fault| (at, fault))?;
            }
        }
        Ok(names)
    }

    /// Takes a record of which some texts and values are its own.
    fn known_in_part(&mut self, place: Place, row: Row<'_>, glimpse: Glimpse, read: Read, time: i64) -> Option<()> {
        let Self { log, callers, question, .. } = self;
        let log = log.as_ref()?;
        let mut cells: [&[u8]; 4] = [&[]; 4];
        for &(value, column) in &log.layout.values {
            cells[value] = row.plain(column)?;
        }
        let values = values(cells, &mut callers.texts, question.orders).ok()?;
        let mut about = [Name::Code(glimpse.symbol), Name::Code(glimpse.side)];
        let found = if log.layout.singles.is_empty() {
            self.go_on(time);
            match *self.log.as_ref()?.counted.get(glimpse.caller as usize)? {
                (epoch, tally) if epoch == self.run.epoch => Found { tally, ..Found::default() },
                _ => self.find_again(glimpse.caller, time)?,
            }
        } else if let Some(found) = self.find_alike(row, glimpse.caller, time) {
            found
        } else {
            let Self { log, question, .. } = self;
            let log = log.as_ref()?;
            let mut names = [const { Name::Code(0) }; 11];
            for (name, code) in names.iter_mut().zip(log.callers.get(glimpse.caller as usize)?) {
                *name = Name::Code(*code);
            }
            for &(name, column) in &log.layout.singles {
                let cell = row.plain(column)?;
                if name == OPERATION && log.fields.asks(cell) {
                    return None;
                }
                let text = name_of(name, cell, question.expectations).ok()?;
                match name {
                    SYMBOL | SIDE => about[name - SYMBOL] = text,
                    _ => names[name] = text,
                }
            }
            names[ACCOUNT].or(log.account);
            self.go_on(time);
            let found = self.find(&names, time);
            if found.folded {
                self.learn_kind(glimpse.caller, &names);
            }
            found
        };
        let [symbol, side] = about.map(|name| name.code(&mut self.callers.texts));
        self.count(found, || place, &read, time, (symbol, side), || values);
        if self.callers.tallies.are_many() {
            self.fold();
        }
        Some(())
    }

    /// The tally of a call whose caller is like others that are not told apart but for its address.
    fn find_alike(&mut self, row: Row<'_>, number: u32, time: i64) -> Option<Found> {
        let log = self.log.as_ref()?;
        let &[(IP, column)] = log.layout.singles.as_slice() else { return None };
        log.kinds.get(number as usize)?.as_ref()?;
        let text = std::str::from_utf8(row.plain(column)?).ok()?;
        let ip: Ipv4Addr = text.parse().ok()?;
        self.go_on(time);
        let Self { log, callers, spans, run: Run { epoch, .. }, .. } = self;
        let (_, kind) = log.as_ref()?.kinds[number as usize].as_ref().filter(|(span, _)| span == epoch)?;
        callers.find_alike(kind, Address { text, ip: Some(ip.into()) }, (*epoch, spans.start(*epoch)), time)
    }

    /// Remembers what holds for a caller that the layout knows but for its address.
    #[cold]
    fn learn_kind(&mut self, number: u32, names: &[Name<'_>; 11]) {
        let Self { log: Some(log), callers, run: Run { epoch, .. }, .. } = self else { return };
        let number = number as usize;
        if log.layout.singles.len() > 1 || number >= KINDS {
            return;
        }
        if log.kinds.len() <= number {
            log.kinds.resize(number + 1, None);
        }
        let caller = names.first_chunk().unwrap_or(const { &[const { Name::Code(0) }; 9] });
        log.kinds[number] = callers.kind(caller, *epoch).map(|kind| (*epoch, kind.clone()));
    }

    /// The tally of a caller in the span of the run.
    fn find(&mut self, names: &[Name<'_>; 11], time: i64) -> Found {
        let Self { callers, spans, run: Run { epoch, .. }, found, .. } = self;
        let caller = names.first_chunk().unwrap_or(const { &[const { Name::Code(0) }; 9] });
        callers.find(caller, (*epoch, spans.start(*epoch)), time, &mut found.activity)
    }

    /// The tally of a caller that the layout knows, when its span is not that of the last time.
    #[cold]
    fn find_again(&mut self, number: u32, time: i64) -> Option<Found> {
        let mut names = [const { Name::Code(0) }; 11];
        for (name, code) in names.iter_mut().zip(self.log.as_ref()?.callers.get(number as usize)?) {
            *name = Name::Code(*code);
        }
        let found = self.find(&names, time);
        if !found.folded {
            *self.log.as_mut()?.counted.get_mut(number as usize)? = (self.run.epoch, found.tally);
        }
        Some(found)
    }

    /// Counts a call, and keeps it when it may have made an order.
    #[inline]
    fn count(
        &mut self,
        found: Found,
        place: impl Fn() -> Place,
        read: &Read,
        time: i64,
        (symbol, side): (u32, u32),
        values: impl FnOnce() -> Values,
    ) {
        let source = self.chunk.source();
        let place = || {
            let Place { record, line, .. } = place();
            CallPlace { time, source, record, line }
        };
        self.run.times.0 = time;
        self.run.calls += 1;
        let (orders, lane) = self.callers.tallies.count(found.tally, time, place, symbol != 0 && side != 0);
        if let Some(lane) = if found.folded { found.lane } else { lane } {
            self.found.activity.count(lane, time);
        }
        if orders {
            self.found.makes_orders = true;
            if self.question.orders.any() {
                self.keep(found.tally, place(), read.grain, (symbol, side), values());
            }
        }
    }

    /// Keeps a call that may have made an order.
    fn keep(&mut self, tally: u32, place: CallPlace, grain: i64, (symbol, side): (u32, u32), values: Values) {
        let Values { quantity, price, ids: [order_id, client_order_id] } = values;
        let kept = OrderCall { tally, place, grain, symbol, side, quantity, price, order_id, client_order_id };
        if values.ids != [0, 0] || self.question.orders.near(place.time) {
            self.found.order_calls.push(kept);
        } else {
            self.found.far_calls.offer(kept);
        }
    }
}

/// Whether a table is read by [`scan`] instead of into a frame.
pub fn reads(table: Table) -> bool {
    table == Table::Calls
}
