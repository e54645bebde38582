//! One-to-one assignment of orders to calls.

use super::clocks::Clocks;
use super::orders::Order;
use super::{Names, exact, rested};
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, OrderCall, Tally};
use crate::time::{DAY, SECOND};

/// An order may be logged so long before its call (clock granularity and jitter) …
pub(super) const EARLIEST: i64 = -2 * SECOND;
/// … and so long after: Binance accepts a request for `recvWindow`, 5 s by default …
pub(super) const LATEST: i64 = 5 * SECOND;
/// … and 60 s at most.
const LOOSE: i64 = 60 * SECOND;

/// How far an order may lie from its call.
#[derive(Clone, Copy)]
struct Reach {
    earliest: i64,
    latest: i64,
    /// Only for calls that name pair and side.
    named: bool,
}

const NEAR: Reach = Reach { earliest: EARLIEST, latest: LATEST, named: false };
const FAR: Reach = Reach { earliest: -LOOSE, latest: LOOSE, named: true };

/// The widest pass finds by chance what the near one would not.
pub const LOW_CONFIDENCE: &str = "(pair and side agree, low confidence)";
/// Candidates this near in score cannot be told apart.
const NEAR_EQUAL: f64 = 0.1;
/// Calls looked at when room is made for an order; beyond that the greedy choice stands.
const SEARCH_LIMIT: usize = 10_000;

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
    /// The call.
    pub call: OrderCall,
    /// Its place among the calls.
    pub(super) at: usize,
    /// Whether the call names the order.
    pub by_id: bool,
    /// What agreed, in words.
    pub basis: &'static str,
    /// Other calls that fit as well.
    pub rivals: Vec<OrderCall>,
}

/// A call that may have made an order.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The order.
    pub order: usize,
    /// The call.
    pub call: usize,
    /// How well they fit, from 0 to 1.
    pub score: f64,
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
    orders: &[Order],
    log: &CallLog,
    clocks: &Clocks,
    names: &Names<'_>,
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
        let edges = candidates(orders, log, reach, &Context { clocks, names }, &open, &room);
        let assigned = by_score(orders.len(), &edges, &mut room);
        let mut holders: FastMap<usize, Vec<Edge>> = FastMap::default();
        for edge in assigned.iter().flatten().map(|at| edges[*at]) {
            holders.entry(edge.call).or_default().push(edge);
        }
        if !reach.named {
            alike.extend(indistinct(orders, &edges, &assigned, &holders));
        }
        for (order, edge) in assigned.iter().enumerate() {
            if let Some(at) = edge {
                let edge = edges[*at];
                let call = calls[edge.call];
                let rivals = rivals(edge, &edges, &holders, &room).into_iter().map(|at| calls[at]).collect();
                found[order] = Explanation::Call(Found {
                    call,
                    at: edge.call,
                    by_id: false,
                    basis: if reach.named { LOW_CONFIDENCE } else { basis(&orders[order], &call) },
                    rivals,
                });
            }
        }
    }
    rested::assign(orders, log, &mut found, &mut room);
    Matched { found, alike }
}

/// Groups of orders of which some have a call and some do not, and any of them might as well have been without: same pair and
/// side, made within ten seconds, and the calls fit one as well as the other.
fn indistinct(
    orders: &[Order],
    edges: &[Edge],
    assigned: &[Option<usize>],
    holders: &FastMap<usize, Vec<Edge>>,
) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    let mut group_of: FastMap<usize, usize> = FastMap::default();
    for edge in edges.iter().filter(|edge| assigned[edge.order].is_none()) {
        let own = &orders[edge.order];
        let like = |held: &&Edge| {
            let other = &orders[held.order];
            (held.score - edge.score).abs() <= NEAR_EQUAL
                && (&other.symbol, &other.side) == (&own.symbol, &own.side)
                && (other.time - own.time).abs() <= ALIKE
        };
        for held in holders.get(&edge.call).into_iter().flatten().filter(like) {
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

/// How many orders one call of a caller can make: the legs of order lists, and the most that a batch may hold (five on Binance futures,
/// unverified; twenty on OKX and Bybit by their documentation).
fn capacity(log: &CallLog, tally: &Tally) -> usize {
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
fn by_id(orders: &[Order], log: &CallLog, found: &mut [Explanation], room: &mut [usize]) {
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
        if let Some(at) = call {
            room[at] = room[at].saturating_sub(1);
            let call = log.order_calls[at];
            *found = Explanation::Call(Found { call, at, by_id: true, basis: "", rivals: Vec::new() });
        }
    }
}

/// Whether what both log of pair and side agrees.
fn fits(log: &CallLog, order: &Order, call: &OrderCall) -> bool {
    let agrees = |code: u32, own: &str| code == 0 || log.text(code) == own;
    agrees(call.symbol, &order.symbol) && agrees(call.side, &order.side)
}

fn basis(order: &Order, call: &OrderCall) -> &'static str {
    let size = call.quantity.is_some() && call.quantity == order.quantity;
    match (call.symbol != 0, call.side != 0, size) {
        (true, true, true) => "(pair, side and quantity agree)",
        (true, true, false) => "(pair and side agree)",
        (true, false, _) => "(pair agrees)",
        (false, true, _) => "(side agrees)",
        (false, false, _) => "(by time alone)",
    }
}

/// What a score depends on besides order and call.
struct Context<'a> {
    clocks: &'a Clocks,
    names: &'a Names<'a>,
}

/// Pass 2: every call that may have made an order, with a score.
fn candidates(
    orders: &[Order],
    log: &CallLog,
    reach: Reach,
    context: &Context<'_>,
    open: &dyn Fn(usize) -> bool,
    room: &[usize],
) -> Vec<Edge> {
    let mut by_symbol: FastMap<u32, Vec<usize>> = FastMap::default();
    // A call that has made all it can is of use where room can be made, in the near pass.
    let takes = |(at, call): &(usize, &OrderCall)| !reach.named || room[*at] > 0 && call.symbol != 0 && call.side != 0;
    for (at, call) in log.order_calls.iter().enumerate().filter(takes) {
        by_symbol.entry(call.symbol).or_default().push(at);
    }
    let codes: FastMap<&str, u32> = by_symbol.keys().map(|code| (log.text(*code), *code)).collect();
    let coarsest = log.order_calls.iter().map(|call| coarse(call.grain)).max().unwrap_or(0);
    let mut edges = Vec::new();
    for (at, order) in orders.iter().enumerate().filter(|(at, _)| open(*at)) {
        let own = codes.get(order.symbol.as_str()).filter(|code| **code != 0);
        for code in own.into_iter().chain([&0]) {
            let Some(list) = by_symbol.get(code) else { continue };
            let slack = coarsest + coarse(order.grain) + SECOND + context.clocks.widest();
            let start =
                list.partition_point(|&call| log.order_calls[call].place.time < order.time - reach.latest - slack);
            for &call in &list[start..] {
                let candidate = &log.order_calls[call];
                if candidate.place.time > order.time - reach.earliest + slack {
                    break;
                }
                if let Some(score) = score(log, order, candidate, reach, context) {
                    edges.push(Edge { order: at, call, score });
                }
            }
        }
    }
    edges
}

/// By how much a clock widens the window: whole seconds are its default.
fn coarse(grain: i64) -> i64 {
    if grain > SECOND { grain } else { 0 }
}

/// The score of a candidate, or `None` when it does not fit.
fn score(log: &CallLog, order: &Order, call: &OrderCall, reach: Reach, context: &Context<'_>) -> Option<f64> {
    let widen = coarse(call.grain) + coarse(order.grain);
    let delta = order.time - call.place.time - context.clocks.correction(call, order);
    if !(reach.earliest - widen..=reach.latest + widen).contains(&delta) || !fits(log, order, call) {
        return None;
    }
    let half = (reach.latest - reach.earliest) as f64 / 2.0 + widen as f64;
    let centre = (reach.latest + reach.earliest) as f64 / 2.0;
    let equal = |a: Option<i128>, b: Option<i128>| a.is_some() && a == b;
    let mut score = 0.4 * (1.0 - (delta as f64 - centre).abs() / half);
    score += if call.symbol != 0 { 0.2 } else { 0.0 };
    score += if call.side != 0 { 0.1 } else { 0.0 };
    score += if equal(call.quantity, order.quantity) || equal(call.price, order.price) { 0.2 } else { 0.0 };
    let key = log.tallies[call.tally as usize].verdict.key.index();
    let families =
        key.and_then(|at| context.names.expectations.map(|e| e.keys[at].id_families.as_slice())).unwrap_or_default();
    let own = |id: &String| families.iter().any(|family| id.starts_with(family));
    score += if order.client_order_id.as_ref().is_some_and(own) { 0.1 } else { 0.0 };
    Some(score)
}

/// Small groups of orders and calls exactly; of the others the greedy choice by score, then room is made for the orders left
/// over as long as a chain of changes finds any.
fn by_score(orders: usize, edges: &[Edge], room: &mut [usize]) -> Vec<Option<usize>> {
    let groups = groups(edges, room.len());
    let mut exactly: Vec<Option<usize>> = vec![None; orders];
    let mut large: Vec<usize> = Vec::new();
    for group in &groups {
        let own: Vec<(usize, Edge)> = group.iter().map(|&at| (at, edges[at])).collect();
        let mut members: Vec<usize> = own.iter().map(|(_, edge)| edge.order).collect();
        members.dedup();
        let mut calls: Vec<usize> = own.iter().map(|(_, edge)| edge.call).collect();
        calls.sort_unstable();
        calls.dedup();
        let places: usize = calls.iter().map(|&call| room[call].min(members.len())).sum();
        if members.len() + places > exact::SMALL {
            large.extend(group);
            continue;
        }
        for (order, edge) in members.iter().zip(exact::assign(&members, &own, &|call| room[call])) {
            exactly[*order] = edge;
        }
    }
    for edge in exactly.iter().flatten() {
        room[edges[*edge].call] -= 1;
    }
    let greedily = greedy(orders, edges, large, room);
    exactly.into_iter().zip(greedily).map(|(exact, greedy)| exact.or(greedy)).collect()
}

/// The edges in groups that share no order and no call, each in order of its orders.
fn groups(edges: &[Edge], calls: usize) -> Vec<Vec<usize>> {
    fn root(parents: &mut [usize], mut at: usize) -> usize {
        while parents[at] != at {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        at
    }
    let mut parents: Vec<usize> = (0..calls).collect();
    for pair in edges.windows(2).filter(|pair| pair[0].order == pair[1].order) {
        let (a, b) = (root(&mut parents, pair[0].call), root(&mut parents, pair[1].call));
        parents[a.max(b)] = a.min(b);
    }
    let mut place: FastMap<usize, usize> = FastMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, edge) in edges.iter().enumerate() {
        let next = groups.len();
        let group = *place.entry(root(&mut parents, edge.call)).or_insert(next);
        if group == next {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    groups
}

fn greedy(orders: usize, edges: &[Edge], mut by_rank: Vec<usize>, room: &mut [usize]) -> Vec<Option<usize>> {
    by_rank.sort_by(|&a, &b| {
        let (a, b) = (&edges[a], &edges[b]);
        b.score.total_cmp(&a.score).then(a.order.cmp(&b.order)).then(a.call.cmp(&b.call))
    });
    let mut chosen: Vec<Option<usize>> = vec![None; orders];
    let mut holders: FastMap<usize, Vec<usize>> = FastMap::default();
    let mut of_order: Vec<Vec<usize>> = vec![Vec::new(); orders];
    for &at in &by_rank {
        let edge = edges[at];
        of_order[edge.order].push(at);
        if chosen[edge.order].is_none() && room[edge.call] > 0 {
            room[edge.call] -= 1;
            chosen[edge.order] = Some(at);
            holders.entry(edge.call).or_default().push(edge.order);
        }
    }
    for order in 0..orders {
        if chosen[order].is_none() && !of_order[order].is_empty() {
            make_room(order, edges, &of_order, &mut chosen, &mut holders, room);
        }
    }
    chosen
}

/// Breadth-first search for a chain: this order takes a call, whose order takes another, until one has room.
fn make_room(
    order: usize,
    edges: &[Edge],
    of_order: &[Vec<usize>],
    chosen: &mut [Option<usize>],
    holders: &mut FastMap<usize, Vec<usize>>,
    room: &mut [usize],
) {
    let mut via: FastMap<usize, usize> = FastMap::default();
    let mut queue = std::collections::VecDeque::from([order]);
    let mut free = None;
    'search: while let Some(order) = queue.pop_front() {
        for &at in &of_order[order] {
            let call = edges[at].call;
            if via.contains_key(&call) {
                continue;
            }
            via.insert(call, at);
            if room[call] > 0 {
                free = Some(call);
                break 'search;
            }
            if via.len() > SEARCH_LIMIT {
                break 'search;
            }
            queue.extend(holders.get(&call).into_iter().flatten());
        }
    }
    let Some(mut call) = free else { return };
    room[call] -= 1;
    loop {
        let at = via[&call];
        let taker = edges[at].order;
        let before = chosen[taker].replace(at);
        holders.entry(call).or_default().push(taker);
        let Some(before) = before else { break };
        call = edges[before].call;
        holders.entry(call).or_default().retain(|holder| *holder != taker);
    }
}

/// Calls that fit an order as well as the chosen one and were free to make it: unused, or used by an order that could
/// trade places. Edges stand in order of their orders.
fn rivals(chosen: Edge, edges: &[Edge], holders: &FastMap<usize, Vec<Edge>>, room: &[usize]) -> Vec<usize> {
    let of_order = |order: usize| {
        let start = edges.partition_point(|edge| edge.order < order);
        edges[start..].iter().take_while(move |edge| edge.order == order)
    };
    let swappable = |call: usize| {
        holders.get(&call).into_iter().flatten().any(|held| {
            of_order(held.order).any(|back| back.call == chosen.call && back.score >= held.score - NEAR_EQUAL)
        })
    };
    of_order(chosen.order)
        .filter(|edge| edge.call != chosen.call && edge.score >= chosen.score - NEAR_EQUAL)
        .filter(|edge| room[edge.call] > 0 || swappable(edge.call))
        .map(|edge| edge.call)
        .collect()
}
