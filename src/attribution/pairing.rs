//! Which order gets which call: exactly where few compete, by score and by changes of place beyond.

use super::candidates::Edge;
use super::exact;
use crate::ingest::FastMap;

/// Calls looked at when room is made for an order; beyond that the greedy choice stands.
const SEARCH_LIMIT: usize = 10_000;

/// Small groups of orders and calls exactly; of the others the greedy choice by score, then room is made for the orders left
/// over as long as a chain of changes finds any.
pub(super) fn by_score(orders: usize, edges: &[Edge], room: &mut [usize]) -> Vec<Option<usize>> {
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
