//! Reads logs of API calls, of any length, into what later stages need: a tally per distinct caller, a sample of the
//! evidence, the hours with calls, and the calls that may have made an order.

use std::cell::{Cell as Flag, RefCell};
use std::collections::{BTreeMap, HashMap};

use super::cells;
use super::export::Export;
use super::order_times::OrderTimes;
use super::rejects::Fault;
use super::{Read, Refusal, Source, each_record};
use crate::address::parse_ip;
use crate::expectations::Expectations;
use crate::formats::Cell;
use crate::matching::{Caller, Inventory, Verdict, judge};
use crate::reference::Class;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::HOUR;

/// Places of calls kept for each tally: enough to prove it; counts are always exact.
const SAMPLE: usize = 10;
/// Places kept for callers that are not expected: enough to tell how dense they were.
const SAMPLE_UNEXPECTED: usize = 200;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallPlace {
    /// When it was made.
    pub time: i64,
    /// Its source.
    pub source: u32,
    /// Its record.
    pub record: u64,
    /// Its line.
    pub line: u64,
}

/// The calls of one distinct caller within one span of unchanged expectations.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Account, key name, key id, address, client, method, operation, status and code, as codes of [`CallLog::texts`].
    pub caller: [u32; 9],
    /// The span, by its number.
    pub epoch: usize,
    /// What was decided about it.
    pub verdict: Verdict,
    /// How many.
    pub count: u64,
    /// The earliest.
    pub first: i64,
    /// The latest.
    pub last: i64,
    /// The earliest places.
    pub sample: Vec<CallPlace>,
}

/// A call that may have made an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderCall {
    /// Its tally.
    pub tally: u32,
    /// Where it stands.
    pub place: CallPlace,
    /// The unit its time is written in.
    pub grain: i64,
    /// Its pair, as a code; 0 when not logged.
    pub symbol: u32,
    /// Its side, as a code; 0 when not logged.
    pub side: u32,
    /// Its quantity.
    pub quantity: Option<i128>,
    /// Its price.
    pub price: Option<i128>,
    /// The order id, as a code; 0 when not logged.
    pub order_id: u32,
    /// The client order id, as a code; 0 when not logged.
    pub client_order_id: u32,
}

/// The calls of an hour: first, last and number.
pub type Hours = BTreeMap<i64, (i64, i64, u64)>;

/// All call logs of a run.
#[derive(Clone, Debug, Default)]
pub struct CallLog {
    /// The texts behind the codes; 0 is the empty text.
    pub texts: Vec<String>,
    /// The tallies, in the order of their texts.
    pub tallies: Vec<Tally>,
    /// The calls that may have made an order, in order of time.
    pub order_calls: Vec<OrderCall>,
    /// The hours with calls, over all sources.
    pub hours: Hours,
    /// Spans in which a record could not be read, in order and apart from each other.
    pub holes: Vec<(i64, i64)>,
    /// Whether any call, near an order or not, may have made an order: a log of reads alone cannot tell who placed one.
    pub makes_orders: bool,
    /// The ledgers of the logs.
    pub sources: Vec<Source>,
}

impl CallLog {
    /// The text of a code.
    pub fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// What the caller of a tally showed.
    pub fn caller(&self, tally: &Tally) -> Caller<'_> {
        caller(&self.texts, &tally.caller)
    }
}

fn caller<'a>(texts: &'a [String], codes: &[u32; 9]) -> Caller<'a> {
    let text = |at: usize| texts[codes[at] as usize].as_str();
    Caller {
        key_name: text(1),
        key: text(2),
        ip: text(3),
        client: text(4),
        method: text(5),
        operation: text(6),
        status: text(7),
        code: text(8),
    }
}

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
        let mut records = super::records::Records::new(line, export.delimiter);
        match records.next() {
            Some((_, _, super::records::Piece::Record(fields))) => {
                let text = cells::text(fields.get(at)?).ok()??;
                cells::time(text, export.zone).ok().map(|(time, _)| time)
            }
            _ => None,
        }
    };
    let text = &export.text;
    let head =
        text[..text.len().min(TAIL)].split(|byte| *byte == b'\n').skip(1).find(|line| !line.trim_ascii().is_empty());
    let tail = text[text.len().saturating_sub(TAIL)..]
        .rsplit(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty());
    [head, tail].into_iter().flatten().filter_map(time).max()
}

struct Scan<'a> {
    question: &'a Question<'a>,
    boundaries: Vec<i64>,
    texts: Vec<String>,
    codes: HashMap<String, u32>,
    canonical_ips: HashMap<u32, u32>,
    found: HashMap<([u32; 9], usize), u32>,
    log: CallLog,
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
            codes: HashMap::from([(String::new(), 0)]),
            canonical_ips: HashMap::new(),
            found: HashMap::new(),
            log: CallLog::default(),
        }
    }

    fn read(&mut self, id: u32, export: &Export) {
        let mut source = Source::new(id, export);
        let fields = Fields::new(&export.recognised.cells);
        let unread = Flag::new(false);
        let timed = RefCell::new(Vec::new());
        let mut previous: Option<i64> = None;
        let mut holes = Vec::new();
        each_record(
            export,
            &mut source,
            |place, record| {
                let read = self.record(id, export, &fields, place, record)?;
                let time = read.time.unwrap_or_default();
                if unread.take() {
                    let before = previous.unwrap_or(time - OPEN_END);
                    holes.push((before.min(time), before.max(time)));
                }
                previous = Some(time);
                Ok(read)
            },
            |time| match time {
                Some(time) => timed.borrow_mut().push((time, time)),
                None => unread.set(true),
            },
        );
        if let (true, Some(last)) = (unread.get(), previous) {
            holes.push((last - OPEN_END, last + OPEN_END));
        }
        self.log.holes.extend(holes);
        self.log.holes.append(&mut timed.into_inner());
        self.log.sources.push(source);
    }

    fn record(
        &mut self,
        id: u32,
        export: &Export,
        fields: &Fields,
        place: super::records::Place,
        record: &csv::ByteRecord,
    ) -> Result<Read, Refusal> {
        let cell = |at: Option<usize>| match at {
            None => Ok(""),
            Some(at) => match cells::text(record.get(at).unwrap_or_default()) {
                Ok(text) => Ok(text.unwrap_or_default()),
                Err(fault) => Err(Refusal { column: Some(at), fault, time: None }),
            },
        };
        let text = cell(Some(fields.time))?;
        if text.is_empty() {
            return Err(Refusal { column: Some(fields.time), fault: Fault::new("missing", "no time"), time: None });
        }
        let (time, grain) =
            cells::time(text, export.zone).map_err(|fault| Refusal { column: Some(fields.time), fault, time: None })?;
        let late = |refusal: Refusal| Refusal { time: Some(time), ..refusal };
        let mut caller = [0; 9];
        for (column, (code, at)) in caller.iter_mut().zip(fields.caller).enumerate() {
            let text = cell(at).map_err(late)?;
            *code = self.code(if column == OPERATION { without_query(text) } else { text });
        }
        caller[3] = self.canonical_ip(caller[3]);
        let number = |at: Option<usize>| {
            let text = cell(at).map_err(late)?;
            if text.is_empty() {
                return Ok(None);
            }
            // A quantity may carry its unit.
            match cells::amount(text) {
                Ok((value, _)) => Ok(Some(value.0)),
                Err(fault) => Err(Refusal { column: at, fault, time: Some(time) }),
            }
        };
        // Everything is read before anything is counted: a record is in the tallies whole or not at all.
        let (quantity, price) = (number(fields.quantity)?, number(fields.price)?);
        let symbol = cells::symbol(cell(fields.symbol).map_err(late)?).into_owned();
        let side = cells::side(cell(fields.side).map_err(late)?).unwrap_or_default();
        let ids = [cell(fields.order_id).map_err(late)?, cell(fields.client_order_id).map_err(late)?];
        let place = CallPlace { time, source: id, record: place.record, line: place.line };
        let tally = self.count(caller, place);
        let hour = self.log.hours.entry(time.div_euclid(HOUR)).or_insert((time, time, 0));
        *hour = (hour.0.min(time), hour.1.max(time), hour.2 + 1);
        let verdict = &self.log.tallies[tally as usize].verdict;
        // An operation of no known class that names pair and side is taken for an order, so that nobody is accused for it.
        let ordering = verdict.class == Class::Unclassified && !symbol.is_empty() && !side.is_empty();
        if (verdict.class.places_orders() || ordering) && verdict.outcome.may_have_acted() {
            self.log.makes_orders = true;
            if self.question.orders.wants(time, ids) {
                let (symbol, side) = (self.code(&symbol), self.code(side));
                let [order_id, client_order_id] = ids.map(|id| self.code(id));
                self.log.order_calls.push(OrderCall {
                    tally,
                    place,
                    grain,
                    symbol,
                    side,
                    quantity,
                    price,
                    order_id,
                    client_order_id,
                });
            }
        }
        let own_offset = super::clock::parse(text.as_bytes()).is_some_and(|written| written.offset.is_some());
        Ok(Read { time: Some(time), grain, own_offset })
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

    fn count(&mut self, codes: [u32; 9], place: CallPlace) -> u32 {
        let epoch = self.boundaries.partition_point(|boundary| *boundary <= place.time);
        let next = self.log.tallies.len() as u32;
        let at = *self.found.entry((codes, epoch)).or_insert(next);
        if at == next {
            let start = if epoch == 0 { i64::MIN / 2 } else { self.boundaries[epoch - 1] };
            let caller = caller(&self.texts, &codes);
            let verdict = judge(&caller, self.question.expectations, self.question.inventory, start);
            self.log.tallies.push(Tally {
                caller: codes,
                epoch,
                verdict,
                count: 0,
                first: place.time,
                last: place.time,
                sample: Vec::new(),
            });
        }
        let tally = &mut self.log.tallies[at as usize];
        tally.count += 1;
        tally.first = tally.first.min(place.time);
        tally.last = tally.last.max(place.time);
        let cap = if tally.verdict.doubts().is_empty() { SAMPLE } else { SAMPLE_UNEXPECTED };
        if tally.sample.len() < cap || place < tally.sample[cap - 1] {
            let at = tally.sample.partition_point(|known| *known < place);
            tally.sample.insert(at, place);
            tally.sample.truncate(cap);
        }
        at
    }

    /// Puts everything in an order that depends on the content alone.
    fn finish(self) -> CallLog {
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
        for call in &mut log.order_calls {
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
