//! The verdict on an order, from what was found for it, and why, in words.

use std::fmt;

use super::clocks::Clocks;
use super::matching::Found;
use super::orders::Order;
use super::way::{self, Session};
use super::{Attributed, Evidence, OrderVerdict, Reason, WEAK};
use crate::dataset::{Event, key_label};
use crate::time::{SECOND, span_words};

pub(super) fn decide(order: Box<Order>, verdict: OrderVerdict, reason: impl Into<Reason>) -> Attributed {
    Attributed {
        order,
        verdict,
        call: None,
        candidates: 0,
        reason: reason.into(),
        in_gap: false,
        rested: false,
        chance: 0.0,
        session: None,
    }
}

pub(super) fn explained(order: Box<Order>, found: &Found, chance: f64, evidence: &Evidence<'_>) -> Attributed {
    let (log, names) = (evidence.log, &evidence.names);
    let tally = |call: usize| &log.tallies[log.order_calls[call].tally as usize];
    let of_call = |call: usize| &log.order_calls[call];
    let how = |call: usize| How {
        delta: order.time - of_call(call).place.time,
        basis: (!found.by_id).then_some(found.basis),
        chance,
    };
    // A near-equal candidate that is not expected casts the same doubt as the chosen call itself.
    let doubted =
        std::iter::once(found.call).chain(found.rivals.iter().copied()).find(|call| tally(*call).verdict.is_in_doubt());
    let (verdict, call, reason) = match doubted {
        Some(call) => {
            let (how, tally) = (how(call), tally(call));
            let caller = log.caller(tally);
            let key = key_label(&caller, tally.verdict.key.index(), names.expectations, names.inventory);
            let key = if key.is_empty() { String::new() } else { format!(" with key {key}") };
            let doubts = tally.verdict.doubts().join("; ");
            let reason = format!("{how}: from {}{key}: {doubts}{}", caller.ip, how.doubt());
            (OrderVerdict::SuspiciousSource, call, reason.into())
        }
        None if found.rivals.iter().any(|rival| of_call(*rival).tally != of_call(found.call).tally) => {
            let (how, others) = (how(found.call), found.rivals.len());
            let reason = format!("{how}; {others} other expected calls fit as well{}", how.doubt());
            (OrderVerdict::Ambiguous, found.call, reason.into())
        }
        None => {
            let class = tally(found.call).verdict.class.name();
            (OrderVerdict::Explained, found.call, Reason::Call(how(found.call), class))
        }
    };
    Attributed { call: Some(call), candidates: found.rivals.len() + 1, chance, ..decide(order, verdict, reason) }
}

/// How a call fits an order.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// How long after it the order was made.
    delta: i64,
    /// What agrees; `None` where the call names the order.
    basis: Option<&'static str>,
    /// How likely such a call would stand there by chance.
    chance: f64,
}

impl How {
    /// What makes it weak, if anything does.
    pub(super) fn doubt(&self) -> String {
        if self.chance <= WEAK {
            return String::new();
        }
        format!("; weak: by chance alone such a call would stand there {:.0} times of a hundred", self.chance * 100.0)
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.basis {
            Some(basis) => write!(f, "call {} {basis}", distance(self.delta)),
            None => f.write_str("order id in the call"),
        }
    }
}

/// An order placed on the website or in the app is the user's if the user was logged in, and nobody else.
pub(super) fn by_hand(order: Box<Order>, name: &str, events: &[Event]) -> Attributed {
    match way::session(events, order.time) {
        Session::Own(login) => {
            let reason = format!("placed by hand ({name}), {} after a login from {}", after(&order, login), login.ip);
            decide(order, OrderVerdict::UiExplained, reason)
        }
        Session::Foreign(login) => {
            let reason = format!(
                "placed by hand ({name}), and the only login in the 24 hours before came from {}, which is none of yours",
                login.ip
            );
            let session = Some(login.ip.clone());
            Attributed { session, ..decide(order, OrderVerdict::SuspiciousSource, reason) }
        }
        Session::Unknown => {
            let reason = format!("placed by hand ({name}), and no login in the 24 hours before says by whom");
            decide(order, OrderVerdict::UiUnverified, reason)
        }
    }
}

fn after(order: &Order, event: &Event) -> String {
    span_words(order.time - event.time)
}

/// An order that an earlier one of its pair brought about shares its verdict.
pub(super) fn by_parent(order: Box<Order>, earlier: &[Attributed]) -> Attributed {
    let parent =
        earlier.iter().rfind(|parent| parent.order.symbol == order.symbol && parent.verdict != OrderVerdict::System);
    match parent {
        Some(parent) => {
            let reason = format!("brought about by an earlier order of the pair, which is {}", parent.verdict.name());
            let (verdict, call, chance) = (parent.verdict, parent.call, parent.chance);
            let candidates = parent.candidates;
            Attributed { call, chance, candidates, ..decide(order, verdict, reason) }
        }
        None => {
            let reason = "brought about by an earlier order of the pair, which no call log reaches, if it is in the exports at all";
            decide(order, OrderVerdict::NotCovered, reason)
        }
    }
}

/// Why the log cannot say who made an order; `None` when it covers the order's time.
pub(super) fn silence(order: &Order, evidence: &Evidence<'_>) -> Option<(&'static str, bool)> {
    let Some(coverage) = evidence.coverage else {
        return Some(("no call log: who placed this order cannot be told", false));
    };
    let slack = 5 * SECOND + if order.grain > SECOND { order.grain } else { 0 };
    if !coverage.holds(order.time, slack) {
        let reason = "the call log is silent at this time: who placed this order cannot be told";
        // Just before the first call or after the last the log is not broken off, only exported at another time.
        let inside = coverage.first() < Some(order.time) && Some(order.time) < coverage.last();
        return Some((reason, inside || !coverage.holds(order.time, coverage.shortest_gap)));
    }
    if !evidence.log.makes_orders {
        let reason = "no call of the log makes orders: it is not the log of what placed this order";
        return Some((reason, false));
    }
    let holes = &evidence.log.holes;
    let hole = holes.partition_point(|(from, _)| from - slack <= order.time);
    if hole > 0 && order.time <= holes[hole - 1].1 + slack {
        let reason =
            "a record of the call log at this time could not be read: it may be the call that placed this order";
        return Some((reason, false));
    }
    None
}

pub(super) fn unexplained(order: Box<Order>, evidence: &Evidence<'_>, clocks: &Clocks) -> Attributed {
    if let Some(pair) = clocks.hindrance(&order) {
        let reason = format!("{}: who placed this order cannot be told", pair.words());
        return decide(order, OrderVerdict::NotCovered, reason);
    }
    match silence(&order, evidence) {
        Some((reason, in_gap)) => Attributed { in_gap, ..decide(order, OrderVerdict::NotCovered, reason) },
        None => {
            let reason = "the call log covers this time, and no call in it made this order";
            decide(order, OrderVerdict::Unexplained, reason)
        }
    }
}

fn distance(delta: i64) -> String {
    match delta {
        0 => "in the same instant".to_owned(),
        _ if delta.abs() < SECOND => "within a second".to_owned(),
        _ if delta > 0 => format!("{} before", span_words(delta)),
        _ => format!("{} after", span_words(-delta)),
    }
}

/// Of orders that cannot be told apart some have no call: none of them can be said to have one.
pub(super) fn surplus(decided: &mut [Attributed], with: &[usize], without: &[usize]) {
    let open = |at: &usize, verdict: OrderVerdict| decided[*at].verdict == verdict;
    if !without.iter().any(|at| open(at, OrderVerdict::Unexplained)) {
        return;
    }
    let few = without.iter().filter(|at| open(at, OrderVerdict::Unexplained)).count();
    let reason = format!(
        "{few} of these {} orders, alike in pair, side and second, have no call, and which cannot be told",
        with.len() + few
    );
    for &at in with.iter().chain(without) {
        let order = &mut decided[at];
        if matches!(order.verdict, OrderVerdict::Explained | OrderVerdict::Ambiguous | OrderVerdict::Unexplained) {
            (order.verdict, order.call, order.chance) = (OrderVerdict::Unexplained, None, 0.0);
            order.reason = reason.clone().into();
        }
    }
}
