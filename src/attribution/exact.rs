//! The best assignment of orders to calls where few orders compete for few calls: as many orders as can be, and of those
//! assignments the one with the highest total score.

use super::candidates::Edge;

/// Orders and places of calls that are tried out in full; larger groups are matched greedily.
pub const SMALL: usize = 12;

/// A match counts more than any score.
const MATCH: f64 = 100.0;

/// For each order, by its place in `orders`, the edge chosen. `edges` are those of one group; each call has the room that
/// `room` gives.
pub fn assign(orders: &[usize], edges: &[(usize, Edge)], room: &dyn Fn(usize) -> usize) -> Vec<Option<usize>> {
    let mut places: Vec<usize> = Vec::new();
    for (_, edge) in edges {
        if !places.contains(&edge.call) {
            places.extend(std::iter::repeat_n(edge.call, room(edge.call).min(orders.len())));
        }
    }
    let masks = 1usize << places.len();
    // Of the orders so far, the best total with just these places taken, and by which edge the last got there.
    let mut best = vec![f64::NEG_INFINITY; masks];
    best[0] = 0.0;
    let mut steps: Vec<Vec<Option<(usize, usize)>>> = Vec::with_capacity(orders.len());
    for &order in orders {
        let mut next = best.clone();
        let mut step: Vec<Option<(usize, usize)>> = vec![None; masks];
        for (mask, total) in best.iter().enumerate().filter(|(_, total)| total.is_finite()) {
            for (at, edge) in edges.iter().filter(|(_, edge)| edge.order == order) {
                // Places of one call are alike: the first free one stands for all.
                let free = (0..places.len()).find(|&place| places[place] == edge.call && mask & (1 << place) == 0);
                let Some(place) = free else { continue };
                let (with, sum) = (mask | 1 << place, total + MATCH + edge.score);
                if sum > next[with] {
                    next[with] = sum;
                    step[with] = Some((*at, mask));
                }
            }
        }
        best = next;
        steps.push(step);
    }
    let mut mask = (0..masks).fold(0, |top, mask| if best[mask] > best[top] { mask } else { top });
    let mut chosen = vec![None; orders.len()];
    for at in (0..orders.len()).rev() {
        if let Some((edge, before)) = steps[at][mask] {
            chosen[at] = Some(edge);
            mask = before;
        }
    }
    chosen
}
