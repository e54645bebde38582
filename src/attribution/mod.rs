//! Links orders to the calls that made them: ids first, then pair, side, quantity and time, one call
//! explaining as many orders as it can make and no more.

mod matching;
mod orders;
mod rested;

use std::collections::BTreeMap;

use crate::dataset::coverage::{Coverage, SHORTEST_GAP};
use crate::dataset::key_label;
use crate::expectations::Expectations;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::matching::Inventory;
use crate::settings::Window;
use crate::time::{SECOND, span_words};

use matching::Explanation;
pub use orders::{Order, Rest, orders};

/// What explains an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderVerdict {
    /// One call made it, and all about the call is expected.
    Explained,
    /// Several expected calls may have made it.
    Ambiguous,
    /// Made before the window.
    Resting,
    /// The call log is silent at its time.
    NotCovered,
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
            Self::Resting => "resting",
            Self::NotCovered => "not-covered",
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
    pub order: Order,
    /// What explains it.
    pub verdict: OrderVerdict,
    /// The call chosen.
    pub call: Option<OrderCall>,
    /// How many calls fit as well as the one chosen, itself included.
    pub candidates: usize,
    /// Why, in words.
    pub reason: String,
    /// Whether its time lies in a gap of the call log, not only beside a record that could not be read.
    pub in_gap: bool,
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
}

/// Links the orders of the window to calls.
pub fn attribute(
    orders: Vec<Order>,
    log: &CallLog,
    coverage: Option<&Coverage>,
    window: &Window,
    names: &Names<'_>,
) -> Attribution {
    let matched = matching::assign(&orders, log);
    let mut attribution = Attribution::default();
    for (order, found) in orders.into_iter().zip(matched) {
        if order.is_fill && order.time < window.start {
            continue;
        }
        let mut attributed = match found {
            _ if order.time < window.start => {
                decided(order, OrderVerdict::Resting, "placed before the window, changed in it".to_owned())
            }
            Explanation::Call(found) => explained(order, &found, log, names),
            Explanation::Rested => {
                attribution.rested += order.rows.len() as u64;
                let reason = "a fill whose order may have been placed earlier: only the order history can tell by whom";
                decided(order, OrderVerdict::NotCovered, reason.to_owned())
            }
            Explanation::Nothing => unexplained(order, log, coverage),
        };
        attributed.order.rows.sort_unstable();
        *attribution.by_verdict.entry(attributed.verdict).or_default() += attributed.order.rows.len() as u64;
        attribution.orders.push(attributed);
    }
    attribution
}

/// What names are needed to word a reason.
pub struct Names<'a> {
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Names and ids of keys.
    pub inventory: &'a Inventory,
}

fn decided(order: Order, verdict: OrderVerdict, reason: String) -> Attributed {
    Attributed { order, verdict, call: None, candidates: 0, reason, in_gap: false }
}

fn explained(order: Order, found: &matching::Found, log: &CallLog, names: &Names<'_>) -> Attributed {
    let tally = &log.tallies[found.call.tally as usize];
    // A near-equal candidate that is not expected casts the same doubt as the chosen call itself.
    let doubted = [&found.call]
        .into_iter()
        .chain(&found.rivals)
        .find(|call| !log.tallies[call.tally as usize].verdict.doubts().is_empty());
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
                format!("{}: from {}{key}: {}", how(call), caller.ip, tally.verdict.doubts().join("; ")),
            )
        }
        None if found.rivals.iter().any(|rival| rival.tally != found.call.tally) => (
            OrderVerdict::Ambiguous,
            found.call,
            format!("{}; {} other expected calls fit as well", how(&found.call), found.rivals.len()),
        ),
        None => (OrderVerdict::Explained, found.call, format!("{}, {}", how(&found.call), tally.verdict.class.name())),
    };
    Attributed { order, verdict, call: Some(call), candidates: found.rivals.len() + 1, reason, in_gap: false }
}

fn unexplained(order: Order, log: &CallLog, coverage: Option<&Coverage>) -> Attributed {
    let Some(coverage) = coverage else {
        return decided(
            order,
            OrderVerdict::NotCovered,
            "no call log: who placed this order cannot be told".to_owned(),
        );
    };
    let slack = 5 * SECOND;
    if !coverage.holds(order.time, slack) {
        let reason = "the call log is silent at this time: who placed this order cannot be told".to_owned();
        // Just before the first call or after the last the log is not broken off, only exported at another time.
        let in_gap = !coverage.holds(order.time, SHORTEST_GAP);
        return Attributed { in_gap, ..decided(order, OrderVerdict::NotCovered, reason) };
    }
    if !log.makes_orders {
        let reason = "no call of the log makes orders: it is not the log of what placed this order".to_owned();
        return decided(order, OrderVerdict::NotCovered, reason);
    }
    let hole = log.holes.partition_point(|(from, _)| from - slack <= order.time);
    if hole > 0 && order.time <= log.holes[hole - 1].1 + slack {
        let reason =
            "a record of the call log at this time could not be read: it may be the call that placed this order";
        return decided(order, OrderVerdict::NotCovered, reason.to_owned());
    }
    decided(
        order,
        OrderVerdict::Unexplained,
        "the call log covers this time, and no call in it made this order".to_owned(),
    )
}

fn distance(delta: i64) -> String {
    match delta {
        0 => "in the same instant".to_owned(),
        _ if delta.abs() < SECOND => "within a second".to_owned(),
        _ if delta > 0 => format!("{} before", span_words(delta)),
        _ => format!("{} after", span_words(-delta)),
    }
}
