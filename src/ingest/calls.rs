//! What is kept of the logs of API calls, of any length: a tally per distinct caller, a sample of the evidence, the hours
//! with calls, and the calls that may have made an order. [`super::call_scan`] reads the logs into it.

use std::collections::BTreeMap;

use super::Source;
use super::clock_sample::ClockSample;
use crate::matching::{Caller, Verdict};

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
    /// Whether nothing about it is in doubt.
    pub expected: bool,
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
    /// The calls that may have made an order and are near one, in order of time.
    pub order_calls: Vec<OrderCall>,
    /// A sample of those that are near no order.
    pub far_calls: ClockSample,
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

    /// A sample of the calls that may have made an order, spread over the log, to measure its clock by.
    pub fn clock_calls(&self) -> impl Iterator<Item = &OrderCall> {
        const NEAR: usize = 2_000;
        self.order_calls.iter().step_by(self.order_calls.len() / NEAR + 1).chain(self.far_calls.iter())
    }

    /// What the caller of a tally showed.
    pub fn caller(&self, tally: &Tally) -> Caller<'_> {
        caller(&self.texts, &tally.caller)
    }
}

/// What a caller showed, from the codes of its texts.
pub(super) fn caller<'a>(texts: &'a [String], codes: &[u32; 9]) -> Caller<'a> {
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
