//! Which order gets which call: exactly where few compete, by score and by changes of place beyond.

use super::buckets::Buckets;
use super::candidates::Edge;
use super::exact;
use crate::ingest::FastMap;

/// Calls looked at when room is made for an order; beyond that the greedy choice stands.
const SEARCH_LIMIT: usize = 10_000;

/// Small groups of orders and calls exactly; of the others the greedy choice by score, then room is made for the orders left
/// over as long as a chain of changes finds any. Gives for each order the place of its edge, and takes from the room.
pub(super) fn by_score(orders: usize, edges: &[Edge], room: &mut [usize]) -> Vec<Option<usize>> {
    let mut chosen: Vec<Option<usize>> = vec![None; orders];
    let mut large: Vec<usize> = Vec::new();
    for group in groups(edges, room.len()).all().filter(|group| !group.is_empty()) {
        if !exactly(group, edges, &mut chosen, room) {
            large.extend(group.iter().map(|at| *at as usize));
        }
    }
    greedily(edges, large, &mut chosen, room);
    chosen
}

/// The edges in groups that share no order and no call, each in order of its orders.
fn groups(edges: &[Edge], calls: usize) -> Buckets {
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
    // A parent stands before its children.
    (0..calls).for_each(|at| parents[at] = parents[parents[at]]);
    Buckets::new(calls, edges.iter().map(|edge| parents[edge.call]))
}

/// Chooses for a group of edges, if it is small enough.
fn exactly(group: &[u32], edges: &[Edge], chosen: &mut [Option<usize>], room: &mut [usize]) -> bool {
    // Most orders and calls have only each other.
    if let &[at] = group {
        let (at, edge) = (at as usize, edges[at as usize]);
        if room[edge.call] > 0 {
            room[edge.call] -= 1;
            chosen[edge.order] = Some(at);
        }
        return true;
    }
    let own: Vec<(usize, Edge)> = group.iter().map(|&at| (at as usize, edges[at as usize])).collect();
    let mut members: Vec<usize> = own.iter().map(|(_, edge)| edge.order).collect();
    members.dedup();
    let mut calls: Vec<usize> = own.iter().map(|(_, edge)| edge.call).collect();
    calls.sort_unstable();
    calls.dedup();
    let places: usize = calls.iter().map(|&call| room[call].min(members.len())).sum();
    if members.len() + places > exact::SMALL {
        return false;
    }
    for (order, edge) in members.iter().zip(exact::assign(&members, &own, &|call| room[call])) {
        chosen[*order] = edge;
    }
    for at in members.iter().filter_map(|order| chosen[*order]) {
        room[edges[at].call] -= 1;
    }
    true
}

fn greedily(edges: &[Edge], mut by_rank: Vec<usize>, chosen: &mut [Option<usize>], room: &mut [usize]) {
    by_rank.sort_by(|&a, &b| {
        let (a, b) = (&edges[a], &edges[b]);
        b.score.total_cmp(&a.score).then(a.order.cmp(&b.order)).then(a.call.cmp(&b.call))
    });
    let mut holders: FastMap<usize, Vec<usize>> = FastMap::default();
    let mut of_order: FastMap<usize, Vec<usize>> = FastMap::default();
    for &at in &by_rank {
        let edge = edges[at];
        of_order.entry(edge.order).or_default().push(at);
        if chosen[edge.order].is_none() && room[edge.call] > 0 {
            room[edge.call] -= 1;
            chosen[edge.order] = Some(at);
            holders.entry(edge.call).or_default().push(edge.order);
        }
    }
    let mut left_over: Vec<usize> = of_order.keys().copied().filter(|order| chosen[*order].is_none()).collect();
    left_over.sort_unstable();
    for order in left_over {
        make_room(order, edges, &of_order, chosen, &mut holders, room);
    }
}

/// Breadth-first search for a chain: this order takes a call, whose order takes another, until one has room.
fn make_room(
    order: usize,
    edges: &[Edge],
    of_order: &FastMap<usize, Vec<usize>>,
    chosen: &mut [Option<usize>],
    holders: &mut FastMap<usize, Vec<usize>>,
    room: &mut [usize],
) {
    let mut via: FastMap<usize, usize> = FastMap::default();
    let mut queue = std::collections::VecDeque::from([order]);
    let mut free = None;
    'search: while let Some(order) = queue.pop_front() {
        for &at in &of_order[&order] {
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
