//! What is kept of the logs of API calls, of any length: a tally per distinct caller, a sample of the evidence, the hours
//! with calls, and the calls that may have made an order. [`super::call_scan`] reads the logs into it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Source;
use super::activity::{Activity, Lane};
use super::clock_sample::ClockSample;
use super::dictionary::Dictionary;
use super::whereabouts::Atlas;
use crate::matching::{Caller, Verdict};

/// Places of calls kept for each tally: enough to prove it; counts are always exact.
const SAMPLE: usize = 10;
/// Places kept for callers that are not expected: enough to tell how dense they were.
const SAMPLE_UNEXPECTED: usize = 32;

/// What stands for the addresses, clients and operations of callers that are not told apart, there being too many.
pub const MANY: &str = "(others)";

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

/// Where the texts of a caller stand among [`Tally::caller`].
pub mod shown {
    /// The account.
    pub const ACCOUNT: usize = 0;
    /// The key's name.
    pub const KEY_NAME: usize = 1;
    /// The key's id.
    pub const KEY: usize = 2;
    /// The address.
    pub const IP: usize = 3;
    /// The client.
    pub const CLIENT: usize = 4;
    /// The HTTP method.
    pub const METHOD: usize = 5;
    /// The operation.
    pub const OPERATION: usize = 6;
    /// The status.
    pub const STATUS: usize = 7;
    /// The error code.
    pub const CODE: usize = 8;
    /// What tells a key from others.
    pub const OF_KEY: [usize; 3] = [ACCOUNT, KEY_NAME, KEY];
}

/// The calls of one distinct caller within one span of unchanged expectations.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Account, key name, key id, address, client, method, operation, status and code, as codes of [`CallLog::texts`].
    pub caller: [u32; 9],
    /// The span, by its number.
    pub epoch: u32,
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
    /// Whether it stands for callers that are not told apart.
    pub folded: bool,
    /// Where its calls are counted by time.
    pub lane: Option<Lane>,
    /// The fingerprint of its caller's texts, by which some are kept of too many.
    pub fingerprint: u64,
}

impl Tally {
    /// One without calls; the first is at `time`.
    pub fn new(caller: [u32; 9], epoch: u32, verdict: Verdict, time: i64, lane: Option<Lane>) -> Self {
        Self {
            caller,
            epoch,
            expected: !verdict.is_in_doubt(),
            verdict,
            count: 0,
            first: time,
            last: time,
            sample: Vec::new(),
            folded: false,
            lane,
            fingerprint: 0,
        }
    }

    /// Keeps a place if it is among the earliest. Gives the time after which none is.
    pub fn keep(&mut self, place: CallPlace) -> i64 {
        let cap = self.cap();
        let at = self.sample.partition_point(|known| *known < place);
        if at < cap {
            // Most of very many callers call once, and a full sample needs no more room.
            if self.sample.is_empty() {
                self.sample.reserve_exact(1);
            }
            self.sample.truncate(cap - 1);
            self.sample.insert(at, place);
        }
        self.full_from()
    }

    /// Keeps the earliest of more places. Gives the time after which none is.
    pub fn keep_all(&mut self, more: &[CallPlace]) -> i64 {
        let mut until = self.full_from();
        for &place in more {
            if place.time <= until {
                until = self.keep(place);
            }
        }
        until
    }

    fn cap(&self) -> usize {
        if self.expected { SAMPLE } else { SAMPLE_UNEXPECTED }
    }

    /// The time after which no call is among the earliest.
    pub fn full_from(&self) -> i64 {
        self.sample.get(self.cap() - 1).map_or(i64::MAX, |place| place.time)
    }

    /// What is told of a caller that is not told apart from others.
    pub fn outline(&self) -> Outline {
        let [account, name, id, ip, client, ..] = self.caller;
        Outline::new(account, [name, id], [ip == 0, client == 0], self.verdict.clone())
    }
}

/// What is told of callers that are not told apart: their account, their key if it is a known one, and their verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outline {
    account: u32,
    key: [Result<u32, ()>; 2],
    empty: [bool; 2],
    verdict: Verdict,
}

impl Outline {
    /// Of a caller by the codes of its account, its key's name and its key, by whether its address and client are empty, and
    /// by the verdict on it.
    pub fn new(account: u32, key: [u32; 2], empty: [bool; 2], verdict: Verdict) -> Self {
        let known = verdict.key.index().is_some();
        let key = key.map(|code| if known || code == 0 { Ok(code) } else { Err(()) });
        Self { account, key, empty, verdict }
    }

    /// The verdict on them.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The caller that stands for all of them.
    pub fn caller(&self, texts: &mut Dictionary) -> [u32; 9] {
        let many = texts.code(MANY);
        let filled = |empty: bool| if empty { 0 } else { many };
        [
            self.account,
            self.key[0].unwrap_or(many),
            self.key[1].unwrap_or(many),
            filled(self.empty[0]),
            filled(self.empty[1]),
            0,
            texts.code(&format!("{MANY} {}", self.verdict.class.name())),
            texts.code(self.verdict.outcome.name()),
            texts.code(&format!("{:?}", self.verdict)),
        ]
    }
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
    pub texts: Arc<Vec<String>>,
    /// The tallies, in the order of their texts.
    pub tallies: Vec<Tally>,
    /// The calls that may have made an order and are near one, in order of time.
    pub order_calls: Vec<OrderCall>,
    /// A sample of those that are near no order.
    pub far_calls: ClockSample,
    /// When keys were used.
    pub activity: Activity,
    /// The hours with calls, over all sources.
    pub hours: Hours,
    /// Spans in which a record could not be read, in order and apart from each other.
    pub holes: Vec<(i64, i64)>,
    /// Whether any call, near an order or not, may have made an order: a log of reads alone cannot tell who placed one.
    pub makes_orders: bool,
    /// How many addresses the window has, where not all are told apart.
    pub addresses: Option<u64>,
    /// Where the logs say that addresses are.
    pub atlas: Atlas,
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

    /// The calls of each of some accounts, by the number that `account` gives for a tally.
    ///
    /// Hours are taken from the half hours in which keys were used, which leave out calls that a firewall stopped.
    pub fn split(self, accounts: usize, account: impl Fn(&Self, &Tally) -> usize) -> Vec<Self> {
        if accounts < 2 {
            return vec![self];
        }
        let owners: Vec<usize> = self.tallies.iter().map(|tally| account(&self, tally)).collect();
        let owner_of: BTreeMap<u32, usize> =
            self.tallies.iter().zip(&owners).map(|(tally, owner)| (tally.caller[shown::ACCOUNT], *owner)).collect();
        let mut logs: Vec<Self> = Vec::new();
        for number in 0..accounts {
            let own: Vec<usize> = (0..owners.len()).filter(|at| owners[*at] == number).collect();
            let place: BTreeMap<u32, u32> = (0u32..).zip(&own).map(|(new, old)| (*old as u32, new)).collect();
            let moved = |call: &OrderCall| Some(OrderCall { tally: *place.get(&call.tally)?, ..*call });
            let mut far_calls = ClockSample::default();
            self.far_calls.iter().filter_map(moved).for_each(|call| far_calls.offer(call));
            let tallies: Vec<Tally> = own.iter().map(|at| self.tallies[*at].clone()).collect();
            let activity = self.activity.of(|code| owner_of.get(&code) == Some(&number));
            let order_calls: Vec<OrderCall> = self.order_calls.iter().filter_map(moved).collect();
            let makes_orders = !order_calls.is_empty()
                || far_calls.iter().next().is_some()
                || tallies.iter().any(|tally| tally.verdict.class.places_orders());
            logs.push(Self {
                texts: Arc::clone(&self.texts),
                hours: activity.hours(),
                makes_orders: self.makes_orders && makes_orders,
                tallies,
                order_calls,
                far_calls,
                activity,
                holes: self.holes.clone(),
                // Addresses are not counted by account: those beyond what is kept are told of once.
                addresses: self.addresses.filter(|_| number == 0),
                atlas: self.atlas.clone(),
                sources: self.sources.clone(),
            });
        }
        logs
    }

    /// What the caller of a tally showed.
    pub fn caller(&self, tally: &Tally) -> Caller<'_> {
        caller(&tally.caller.map(|code| self.texts[code as usize].as_str()))
    }
}

/// What a caller showed, from its texts in the order of [`Tally::caller`].
pub(super) fn caller<'a>(texts: &[&'a str; 9]) -> Caller<'a> {
    Caller {
        key_name: texts[shown::KEY_NAME],
        key: texts[shown::KEY],
        ip: texts[shown::IP],
        client: texts[shown::CLIENT],
        method: texts[shown::METHOD],
        operation: texts[shown::OPERATION],
        status: texts[shown::STATUS],
        code: texts[shown::CODE],
    }
}
