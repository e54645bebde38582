//! One-to-one assignment of orders to calls.

use super::buckets::Buckets;
use super::candidates::{Context, Edge, FAR, LOW_CONFIDENCE, NEAR, basis, candidates, fits, width};
use super::clocks::Clocks;
use super::habits::Habits;
use super::orders::Order;
use super::{Names, pairing, rested};
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, Tally};
use crate::time::{DAY, SECOND};

/// Candidates this near in score cannot be told apart.
const NEAR_EQUAL: f64 = 0.1;

/// What was found for an order.
#[derive(Clone, Debug)]
pub enum Explanation {
    /// The call that made it.
    Call(Found),
    /// A fill whose order may have been made long before.
    Rested,
    /// Nothing.
    Nothing,
}

/// The call found for an order.
#[derive(Clone, Debug)]
pub struct Found {
    /// The place of the call among those of the log.
    pub call: usize,
    /// Whether the call names the order.
    pub by_id: bool,
    /// What agreed, in words.
    pub basis: &'static str,
    /// How wide the window is in which it would explain the order.
    pub width: i64,
    /// The places of other calls that fit as well.
    pub rivals: Vec<usize>,
}

/// What the matching found.
pub struct Matched {
    /// For each order what explains it.
    pub found: Vec<Explanation>,
    /// Orders of which some have no call, and that cannot be told apart: those with a call, and those without.
    pub alike: Vec<(Vec<usize>, Vec<usize>)>,
}

/// Orders that share a call and are made within this span cannot be told apart by time.
const ALIKE: i64 = 10 * SECOND;

/// For each order what explains it. Orders and calls are in order of time. Orders for which `waits` holds, which a person or
/// the exchange made by their own account, get what calls the others leave over.
pub fn assign(
    orders: &[Box<Order>],
    log: &CallLog,
    clocks: &Clocks,
    names: &Names<'_>,
    jobs: usize,
    waits: &dyn Fn(usize) -> bool,
) -> Matched {
    let calls = &log.order_calls;
    let mut found: Vec<Explanation> = vec![Explanation::Nothing; orders.len()];
    let capacities: Vec<usize> = log.tallies.iter().map(|tally| capacity(log, tally)).collect();
    let mut room: Vec<usize> = calls.iter().map(|call| capacities[call.tally as usize]).collect();
    by_id(orders, log, &mut found, &mut room);
    let waiting: Vec<bool> = (0..orders.len()).map(waits).collect();
    let mut alike = Vec::new();
    let turns = [(false, NEAR), (true, NEAR), (false, FAR)];
    for (turn, reach) in turns {
        let open = |at: usize| waiting[at] == turn && matches!(found[at], Explanation::Nothing);
        let mut edges = candidates(orders, log, reach, &Context { clocks, names, jobs }, &open, &room);
        if let Some(habits) = Habits::learn(orders, &edges, log) {
            edges.iter_mut().for_each(|edge| edge.score += habits.bonus(&orders[edge.order], &calls[edge.call], log));
        }
        let assigned = pairing::by_score(orders.len(), &edges, &mut room);
        let choice = Choice::new(orders, &edges, &assigned, calls.len());
        if !reach.named {
            alike.extend(choice.indistinct());
        }
        for edge in &choice.taken {
            let (order, call) = (&orders[edge.order], &calls[edge.call]);
            found[edge.order] = Explanation::Call(Found {
                call: edge.call,
                by_id: false,
                basis: if reach.named { LOW_CONFIDENCE } else { basis(order, call) },
                width: width(order, call, clocks),
                rivals: choice.rivals(edge, &room),
            });
        }
    }
    rested::assign(orders, log, &mut found, &mut room);
    Matched { found, alike }
}

/// Which orders got which calls, and what else they might have got.
struct Choice<'a> {
    orders: &'a [Box<Order>],
    edges: &'a [Edge],
    assigned: &'a [Option<usize>],
    /// The edges chosen, in order of their orders.
    taken: Vec<Edge>,
    /// The edges of each order.
    of_order: Buckets,
    /// Those of the chosen edges that are of each call.
    of_call: Buckets,
}

impl<'a> Choice<'a> {
    fn new(orders: &'a [Box<Order>], edges: &'a [Edge], assigned: &'a [Option<usize>], calls: usize) -> Self {
        let taken: Vec<Edge> = assigned.iter().flatten().map(|at| edges[*at]).collect();
        let of_order = Buckets::new(orders.len(), edges.iter().map(|edge| edge.order));
        let of_call = Buckets::new(calls, taken.iter().map(|edge| edge.call));
        Self { orders, edges, assigned, taken, of_order, of_call }
    }

    fn of_order(&self, order: usize) -> impl Iterator<Item = &Edge> {
        self.of_order.of(order).map(|at| &self.edges[at])
    }

    /// The chosen edges of a call.
    fn holders(&self, call: usize) -> impl Iterator<Item = &Edge> {
        self.of_call.of(call).map(|at| &self.taken[at])
    }

    /// Calls that fit an order as well as the chosen one and were free to make it: unused, or used by an order that could
    /// trade places.
    fn rivals(&self, chosen: &Edge, room: &[usize]) -> Vec<usize> {
        let swappable = |call: usize| {
            self.holders(call).any(|held| {
                let mut back = self.of_order(held.order);
                back.any(|back| back.call == chosen.call && back.score >= held.score - NEAR_EQUAL)
            })
        };
        self.of_order(chosen.order)
            .filter(|edge| edge.call != chosen.call && edge.score >= chosen.score - NEAR_EQUAL)
            .filter(|edge| room[edge.call] > 0 || swappable(edge.call))
            .map(|edge| edge.call)
            .collect()
    }

    /// Groups of orders of which some have a call and some do not, and any of them might as well have been without: same pair
    /// and side, made within ten seconds, and the calls fit one as well as the other.
    fn indistinct(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let mut group_of: FastMap<usize, usize> = FastMap::default();
        for edge in self.edges.iter().filter(|edge| self.assigned[edge.order].is_none()) {
            let own = &self.orders[edge.order];
            let like = |held: &&Edge| {
                let other = &self.orders[held.order];
                (held.score - edge.score).abs() <= NEAR_EQUAL
                    && (&other.symbol, &other.side) == (&own.symbol, &own.side)
                    && (other.time - own.time).abs() <= ALIKE
            };
            for held in self.holders(edge.call).filter(like) {
                let group =
                    group_of.get(&edge.order).or_else(|| group_of.get(&held.order)).copied().unwrap_or(groups.len());
                if group == groups.len() {
                    groups.push((Vec::new(), Vec::new()));
                }
                if group_of.insert(held.order, group).is_none() {
                    groups[group].0.push(held.order);
                }
                if group_of.insert(edge.order, group).is_none() {
                    groups[group].1.push(edge.order);
                }
            }
        }
        groups
    }
}

/// How many orders one call of a caller can make: the legs of order lists, and the most that a batch may hold (five on Binance futures,
/// unverified; twenty on OKX and Bybit by their documentation).
pub fn capacity(log: &CallLog, tally: &Tally) -> usize {
    let operation = log.caller(tally).operation.to_lowercase();
    let has = |word: &str| operation.contains(word);
    if has("batch") || has("multi") {
        if has("/fapi/") || has("/dapi/") { 5 } else { 20 }
    } else if has("otoco") || has("opoco") {
        3
    } else if has("oco") || has("oto") || has("orderlist") || has("/opo") {
        2
    } else {
        1
    }
}

/// Pass 1: the call names the order.
fn by_id(orders: &[Box<Order>], log: &CallLog, found: &mut [Explanation], room: &mut [usize]) {
    let mut named: FastMap<&str, Vec<usize>> = FastMap::default();
    for (at, call) in log.order_calls.iter().enumerate() {
        for code in [call.order_id, call.client_order_id] {
            if code != 0 {
                named.entry(log.text(code)).or_default().push(at);
            }
        }
    }
    if named.is_empty() {
        return;
    }
    for (order, found) in orders.iter().zip(found) {
        let ids = [&order.order_id, &order.client_order_id].into_iter().flatten();
        let call = ids.filter_map(|id| named.get(id.as_str())).flatten().copied().find(|&at| {
            let call = &log.order_calls[at];
            // Order ids are only unique per pair.
            fits(log, order, call) && (order.time - call.place.time).abs() < DAY
        });
        if let Some(call) = call {
            room[call] = room[call].saturating_sub(1);
            *found = Explanation::Call(Found { call, by_id: true, basis: "", width: 0, rivals: Vec::new() });
        }
    }
}
