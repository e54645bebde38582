//! Links orders to the calls that made them: ids first, then pair, side, quantity and time, one call
//! explaining as many orders as it can make and no more.

pub mod clocks;
mod completeness;
mod drift;
mod exact;
mod likes;
mod matching;
mod orders;
mod own;
mod rested;
mod way;

use std::collections::BTreeMap;

use crate::dataset::coverage::{Coverage, SHORTEST_GAP};
use crate::dataset::{Event, key_label};
use crate::expectations::Expectations;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::matching::Inventory;
use crate::reference::Reference;
use crate::settings::Window;
use crate::time::{SECOND, span_words};

use clocks::Clocks;
pub use completeness::Incomplete;
use likes::Likes;
use matching::Explanation;
pub use orders::{Order, Rest, orders};
pub use own::OwnRecords;
use way::{Session, Way};

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
}

/// Links the orders of the window to calls.
pub fn attribute(orders: Vec<Order>, evidence: &Evidence<'_>) -> Attribution {
    let reference = evidence.names.expectations.map_or(Reference::built_in(), |e| &e.reference);
    let ways: Vec<Way> = orders.iter().map(|order| way::way(order, reference)).collect();
    let clocks = clocks::measure(&orders, evidence.log);
    let waits = |at: usize| !matches!(ways[at], Way::Call);
    let matched = matching::assign(&orders, evidence.log, &clocks, &evidence.names, &waits);
    let incomplete = completeness(&orders, &matched.found, evidence, &clocks, &waits);
    let likes = Likes::new(evidence.log);
    let mut decided: Vec<Attributed> = Vec::with_capacity(orders.len());
    for (at, (order, found)) in orders.into_iter().zip(matched.found).enumerate() {
        decided.push(match (found, &ways[at]) {
            (Explanation::Call(found), _) if found.by_id || clocks.hindrance(&order).is_none() => {
                explained(order, &found, evidence, &likes)
            }
            (_, Way::Person(name)) => by_hand(order, name, evidence.events),
            (_, Way::Exchange(name)) => decide(order, OrderVerdict::System, format!("made by the exchange: {name}")),
            (_, Way::Parent) => by_parent(order, &decided),
            (Explanation::Rested, _) => {
                let reason = "a fill whose order may have been placed earlier: only the order history can tell by whom";
                Attributed { rested: true, ..decide(order, OrderVerdict::NotCovered, reason.to_owned()) }
            }
            _ => unexplained(order, evidence, &clocks),
        });
    }
    if let Some((incomplete, outstanding)) = &incomplete {
        for (order, _) in decided.iter_mut().zip(outstanding).filter(|(_, outstanding)| !**outstanding) {
            if order.verdict == OrderVerdict::Unexplained {
                order.verdict = OrderVerdict::NotCovered;
                order.reason = incomplete.words();
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
fn sum(decided: Vec<Attributed>, window: &Window, clocks: Clocks, incomplete: Option<Incomplete>) -> Attribution {
    let mut attribution = Attribution { clocks, incomplete, ..Attribution::default() };
    for mut attributed in decided {
        let before = attributed.order.time < window.start;
        if !attributed.order.touched || attributed.order.is_fill && before {
            continue;
        }
        if before {
            attributed.verdict = OrderVerdict::Resting;
            attributed.reason = "placed before the window, changed in it".to_owned();
        }
        if attributed.rested {
            attribution.rested += attributed.order.rows.len() as u64;
        }
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

fn decide(order: Order, verdict: OrderVerdict, reason: String) -> Attributed {
    Attributed {
        order,
        verdict,
        call: None,
        candidates: 0,
        reason,
        in_gap: false,
        rested: false,
        chance: 0.0,
        session: None,
    }
}

/// Whether the log leaves calls out, and for each order whether it stands out even so.
fn completeness(
    orders: &[Order],
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
    let incomplete = completeness::judge(&seen, evidence.window.start)?;
    let mut outstanding = vec![false; orders.len()];
    for (at, odd) in covered.iter().zip(incomplete.outstanding(&seen)) {
        outstanding[*at] = odd;
    }
    Some((incomplete, outstanding))
}

/// Of orders that cannot be told apart some have no call: none of them can be said to have one.
fn surplus(decided: &mut [Attributed], with: &[usize], without: &[usize]) {
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
            order.reason.clone_from(&reason);
        }
    }
}

fn explained(order: Order, found: &matching::Found, evidence: &Evidence<'_>, likes: &Likes) -> Attributed {
    let (log, names) = (evidence.log, &evidence.names);
    let tally = &log.tallies[found.call.tally as usize];
    // A near-equal candidate that is not expected casts the same doubt as the chosen call itself.
    let doubted = [&found.call]
        .into_iter()
        .chain(&found.rivals)
        .find(|call| log.tallies[call.tally as usize].verdict.is_in_doubt());
    let chance = if found.by_id { 0.0 } else { likes.chance(&found.call) };
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
fn by_hand(order: Order, name: &str, events: &[Event]) -> Attributed {
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
fn by_parent(order: Order, earlier: &[Attributed]) -> Attributed {
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
            let reason = "brought about by an earlier order of the pair, which is not in the exports".to_owned();
            decide(order, OrderVerdict::NotCovered, reason)
        }
    }
}

/// Why the log cannot say who made an order; `None` when it covers the order's time.
fn silence(order: &Order, evidence: &Evidence<'_>) -> Option<(String, bool)> {
    let Some(coverage) = evidence.coverage else {
        return Some(("no call log: who placed this order cannot be told".to_owned(), false));
    };
    let slack = 5 * SECOND + if order.grain > SECOND { order.grain } else { 0 };
    if !coverage.holds(order.time, slack) {
        let reason = "the call log is silent at this time: who placed this order cannot be told".to_owned();
        // Just before the first call or after the last the log is not broken off, only exported at another time.
        return Some((reason, !coverage.holds(order.time, SHORTEST_GAP)));
    }
    if !evidence.log.makes_orders {
        let reason = "no call of the log makes orders: it is not the log of what placed this order";
        return Some((reason.to_owned(), false));
    }
    let holes = &evidence.log.holes;
    let hole = holes.partition_point(|(from, _)| from - slack <= order.time);
    if hole > 0 && order.time <= holes[hole - 1].1 + slack {
        let reason =
            "a record of the call log at this time could not be read: it may be the call that placed this order";
        return Some((reason.to_owned(), false));
    }
    None
}

fn unexplained(order: Order, evidence: &Evidence<'_>, clocks: &Clocks) -> Attributed {
    if let Some(pair) = clocks.hindrance(&order) {
        let reason = format!("{}: who placed this order cannot be told", pair.words());
        return decide(order, OrderVerdict::NotCovered, reason);
    }
    match silence(&order, evidence) {
        Some((reason, in_gap)) => Attributed { in_gap, ..decide(order, OrderVerdict::NotCovered, reason) },
        None => {
            let reason = "the call log covers this time, and no call in it made this order".to_owned();
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
