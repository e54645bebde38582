//! The verdict on an order, from what was found for it, and why, in words.

use std::borrow::Cow;

use super::clocks::Clocks;
use super::likes::Likes;
use super::matching::Found;
use super::orders::Order;
use super::way::{self, Session};
use super::{Attributed, Evidence, OrderVerdict, WEAK};
use crate::dataset::{Event, key_label};
use crate::ingest::calls::OrderCall;
use crate::time::{SECOND, span_words};

pub(super) fn decide(order: Order, verdict: OrderVerdict, reason: impl Into<Cow<'static, str>>) -> Attributed {
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

pub(super) fn explained(order: Order, found: &Found, evidence: &Evidence<'_>, likes: &Likes) -> Attributed {
    let (log, names) = (evidence.log, &evidence.names);
    let tally = &log.tallies[found.call.tally as usize];
    // A near-equal candidate that is not expected casts the same doubt as the chosen call itself.
    let doubted = [&found.call]
        .into_iter()
        .chain(&found.rivals)
        .find(|call| log.tallies[call.tally as usize].verdict.is_in_doubt());
    let chance = if found.by_id { 0.0 } else { likes.chance(&found.call, found.width) };
    let weak = if chance > WEAK {
        format!("; weak: by chance alone such a call would stand there {:.0} times of a hundred", chance * 100.0)
    } else {
        String::new()
    };
    let how = |call: &OrderCall| match found.by_id {
        true => "order id in the call".to_owned(),
        false => format!("call {} {}", distance(order.time - call.place.time), found.basis),
    };
    let (verdict, call, reason) = match doubted {
        Some(call) => {
            let tally = &log.tallies[call.tally as usize];
            let caller = log.caller(tally);
            let key = key_label(&caller, tally.verdict.key.index(), names.expectations, names.inventory);
            let key = if key.is_empty() { String::new() } else { format!(" with key {key}") };
            (
                OrderVerdict::SuspiciousSource,
                *call,
                format!("{}: from {}{key}: {}{weak}", how(call), caller.ip, tally.verdict.doubts().join("; ")),
            )
        }
        None if found.rivals.iter().any(|rival| rival.tally != found.call.tally) => (
            OrderVerdict::Ambiguous,
            found.call,
            format!("{}; {} other expected calls fit as well{weak}", how(&found.call), found.rivals.len()),
        ),
        None => {
            (OrderVerdict::Explained, found.call, format!("{}, {}{weak}", how(&found.call), tally.verdict.class.name()))
        }
    };
    Attributed { call: Some(call), candidates: found.rivals.len() + 1, chance, ..decide(order, verdict, reason) }
}

/// An order placed on the website or in the app is the user's if the user was logged in, and nobody else.
pub(super) fn by_hand(order: Order, name: &str, events: &[Event]) -> Attributed {
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
pub(super) fn by_parent(order: Order, earlier: &[Attributed]) -> Attributed {
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
            let reason = "brought about by an earlier order of the pair, which is not in the exports";
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

pub(super) fn unexplained(order: Order, evidence: &Evidence<'_>, clocks: &Clocks) -> Attributed {
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
            order.reason = Cow::Owned(reason.clone());
        }
    }
}
