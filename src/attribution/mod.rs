//! Links orders to the calls that made them: ids first, then pair, side, quantity and time, one call
//! explaining as many orders as it can make and no more.

mod buckets;
mod candidates;
pub mod clocks;
mod completeness;
mod drift;
mod exact;
mod habits;
mod likes;
mod matching;
mod orders;
mod own;
mod pairing;
mod rested;
mod shifts;
mod verdicts;
mod way;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::dataset::Event;
use crate::dataset::coverage::Coverage;
use crate::expectations::Expectations;
use crate::ingest::calls::{CallLog, OrderCall, Tally};
use crate::matching::Inventory;
use crate::parallel;
use crate::reference::Reference;
use crate::settings::Window;

use clocks::{Clocks, Limits};
pub use completeness::Incomplete;
use likes::Likes;
use matching::Explanation;
pub use matching::capacity;
pub use orders::{Earlier, Order, Rest, orders};
pub use own::OwnRecords;
use verdicts::{How, by_hand, by_parent, decide, explained, silence, surplus, unexplained};
use way::Way;

/// What explains an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderVerdict {
    /// One call made it, and all about the call is expected.
    Explained,
    /// Several expected calls may have made it.
    Ambiguous,
    /// The user's own bot recorded it.
    OwnRecord,
    /// Placed by hand, by its own account, and the user was logged in.
    UiExplained,
    /// Made by the exchange itself: a liquidation, a settlement.
    System,
    /// Made before the window.
    Resting,
    /// The call log is silent at its time.
    NotCovered,
    /// Placed by hand, by its own account, and nothing says by whom.
    UiUnverified,
    /// Made by a caller who is not expected.
    SuspiciousSource,
    /// The call log covers its time, and no call explains it.
    Unexplained,
}

impl OrderVerdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::Ambiguous => "ambiguous",
            Self::OwnRecord => "own-record",
            Self::UiExplained => "ui-explained",
            Self::System => "system",
            Self::Resting => "resting",
            Self::NotCovered => "not-covered",
            Self::UiUnverified => "ui-unverified",
            Self::SuspiciousSource => "suspicious-source",
            Self::Unexplained => "unexplained",
        }
    }

    /// Whether the order is reported as not the user's.
    pub fn is_unrecognized(self) -> bool {
        matches!(self, Self::SuspiciousSource | Self::Unexplained)
    }
}

/// An order of the window with what was decided about it.
#[derive(Clone, Debug)]
pub struct Attributed {
    /// The order.
    pub order: Box<Order>,
    /// What explains it.
    pub verdict: OrderVerdict,
    /// The place of the call chosen, among those of the log.
    pub call: Option<usize>,
    /// How many calls fit as well as the one chosen, itself included.
    pub candidates: usize,
    /// Why.
    pub reason: Reason,
    /// Whether its time lies in a gap of the call log, not only beside a record that could not be read.
    pub in_gap: bool,
    /// Whether it is a fill whose order may have been placed long before.
    pub rested: bool,
    /// How likely a call that fits as well would stand there by chance.
    pub chance: f64,
    /// The address of the login that a foreign hand placed it with.
    pub session: Option<String>,
}

/// A chance above this makes an explanation weak.
pub const WEAK: f64 = 0.2;

impl Attributed {
    /// Whether a call explains it that might stand there by chance.
    pub fn is_weak(&self) -> bool {
        self.call.is_some() && self.chance > WEAK
    }

    /// The call chosen.
    pub fn call<'a>(&self, log: &'a CallLog) -> Option<&'a OrderCall> {
        self.call.map(|at| &log.order_calls[at])
    }

    /// Its tally.
    pub fn tally<'a>(&self, log: &'a CallLog) -> Option<&'a Tally> {
        self.call(log).map(|call| &log.tallies[call.tally as usize])
    }
}

/// Why an order has its verdict: most have a call, which is only put into words where they are asked for.
#[derive(Clone, Debug)]
pub enum Reason {
    /// Its words.
    Words(Cow<'static, str>),
    /// An expected call of this class made it.
    Call(How, &'static str),
}

impl<T: Into<Cow<'static, str>>> From<T> for Reason {
    fn from(words: T) -> Self {
        Self::Words(words.into())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::Call(how, class) => write!(f, "{how}, {class}{}", how.doubt()),
        }
    }
}

/// All orders of the window with their verdicts.
#[derive(Clone, Debug, Default)]
pub struct Attribution {
    /// In order of time.
    pub orders: Vec<Attributed>,
    /// Fills whose order may have been placed long before.
    pub rested: u64,
    /// How many have each verdict.
    pub by_verdict: BTreeMap<OrderVerdict, u64>,
    /// How far apart the clocks are.
    pub clocks: Clocks,
    /// What the log leaves out, if it does.
    pub incomplete: Option<Incomplete>,
}

/// What orders are held against.
pub struct Evidence<'a> {
    /// The calls.
    pub log: &'a CallLog,
    /// What the calls cover.
    pub coverage: Option<&'a Coverage>,
    /// Logins, in order of time.
    pub events: &'a [Event],
    /// Records of the user's own bots.
    pub own: &'a OwnRecords,
    /// The window of the report.
    pub window: &'a Window,
    /// Names to word reasons with.
    pub names: Names<'a>,
    /// How many threads may work.
    pub jobs: usize,
}

/// Links the orders of the window to calls.
pub fn attribute(orders: Vec<Box<Order>>, evidence: &Evidence<'_>) -> Attribution {
    let reference = evidence.names.expectations.map_or(Reference::built_in(), |e| &e.reference);
    let jobs = evidence.jobs;
    let ways: Vec<Way> =
        parallel::in_parts(&orders, jobs, |_, orders| orders.iter().map(|order| way::way(order, reference)).collect());
    let clocks = clocks::measure(&orders, evidence.log, Limits::stated(evidence.names.expectations), jobs);
    let waits = |at: usize| !matches!(ways[at], Way::Call);
    let matched = matching::assign(&orders, evidence.log, &clocks, &evidence.names, jobs, &waits);
    let incomplete = completeness(&orders, &matched.found, evidence, &clocks, &waits);
    let likes = Likes::new(evidence.log);
    // Looked up for all orders first, for it takes the most time.
    let chances = parallel::in_parts(&matched.found, jobs, |_, found| {
        found.iter().map(|found| likes.chance_of(found, evidence.log)).collect()
    });
    let mut decided: Vec<Attributed> = Vec::with_capacity(orders.len());
    for (at, (order, found)) in orders.into_iter().zip(matched.found).enumerate() {
        decided.push(match (found, &ways[at]) {
            (Explanation::Call(found), _) if found.by_id || clocks.hindrance(&order).is_none() => {
                explained(order, &found, chances[at], evidence)
            }
            (_, Way::Person(name)) => by_hand(order, name, evidence.events),
            (_, Way::Exchange(name)) => decide(order, OrderVerdict::System, format!("made by the exchange: {name}")),
            (_, Way::Parent) => by_parent(order, &decided),
            (Explanation::Rested, _) => {
                let reason = "a fill whose order may have been placed earlier: only the order history can tell by whom";
                Attributed { rested: true, ..decide(order, OrderVerdict::NotCovered, reason) }
            }
            _ => unexplained(order, evidence, &clocks),
        });
    }
    if let Some((incomplete, outstanding)) = &incomplete {
        let reason = Reason::from(incomplete.words());
        for (order, _) in decided.iter_mut().zip(outstanding).filter(|(_, outstanding)| !**outstanding) {
            if order.verdict == OrderVerdict::Unexplained {
                order.verdict = OrderVerdict::NotCovered;
                order.reason = reason.clone();
            }
        }
    }
    for (with, without) in &matched.alike {
        surplus(&mut decided, with, without);
    }
    evidence.own.explain(&mut decided);
    sum(decided, evidence.window, clocks, incomplete.map(|(incomplete, _)| incomplete))
}

/// Puts the orders of the window together.
fn sum(mut decided: Vec<Attributed>, window: &Window, clocks: Clocks, incomplete: Option<Incomplete>) -> Attribution {
    let (mut by_verdict, mut rested) = (BTreeMap::new(), 0);
    decided.retain_mut(|attributed| {
        let before = attributed.order.time < window.start;
        if !attributed.order.touched || attributed.order.is_fill && before {
            return false;
        }
        if before {
            attributed.verdict = OrderVerdict::Resting;
            attributed.reason = "placed before the window, changed in it".into();
        }
        let rows = attributed.order.rows.len() as u64;
        if attributed.rested {
            rested += rows;
        }
        attributed.order.rows.sort_unstable();
        *by_verdict.entry(attributed.verdict).or_default() += rows;
        true
    });
    Attribution { orders: decided, rested, by_verdict, clocks, incomplete }
}

/// What names are needed to word a reason.
pub struct Names<'a> {
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Names and ids of keys.
    pub inventory: &'a Inventory,
}

/// Whether the log leaves calls out, and for each order whether it stands out even so.
fn completeness(
    orders: &[Box<Order>],
    found: &[Explanation],
    evidence: &Evidence<'_>,
    clocks: &Clocks,
    waits: &dyn Fn(usize) -> bool,
) -> Option<(Incomplete, Vec<bool>)> {
    let judged = |at: usize| {
        !waits(at)
            && !matches!(found[at], Explanation::Rested)
            && clocks.hindrance(&orders[at]).is_none()
            && silence(&orders[at], evidence).is_none()
    };
    let covered: Vec<usize> = (0..orders.len()).filter(|&at| judged(at)).collect();
    let seen: Vec<completeness::Covered> =
        covered.iter().map(|&at| (orders[at].time, matches!(found[at], Explanation::Call(_)))).collect();
    let mut incomplete = completeness::judge(&seen, evidence.window.start)?;
    let undated = |at: usize| orders[at].rest == Rest::Unknown && !matches!(found[at], Explanation::Call(_));
    incomplete.undated = covered.iter().filter(|&&at| undated(at)).count();
    let mut outstanding = vec![false; orders.len()];
    for (at, odd) in covered.iter().zip(incomplete.outstanding(&seen)) {
        outstanding[*at] = odd;
    }
    Some((incomplete, outstanding))
}
