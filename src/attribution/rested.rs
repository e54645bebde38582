//! Fills whose order may have been made long before: what calls of their pair and side left over.

use super::candidates::EARLIEST;
use super::matching::{Explanation, Found};
use super::orders::{Order, Rest};
use crate::ingest::FastMap;
use crate::ingest::calls::CallLog;
use crate::time::SECOND;

/// Fills of one order of no stated quantity are taken for one within this span.
const SAME_ORDER: i64 = 60 * SECOND;

/// A maker's fill was ordered at another time, and one that does not say may have been,
/// if an earlier call of its pair and side is left over. Each such call serves for as much as it ordered.
pub(super) fn assign(orders: &[Box<Order>], log: &CallLog, found: &mut [Explanation], room: &mut [usize]) {
    let mut left: FastMap<(&str, &str), Vec<usize>> = FastMap::default();
    let mut amount: Vec<Option<i128>> = log.order_calls.iter().map(|call| call.quantity).collect();
    for (order, found) in orders.iter().zip(found.iter()) {
        if let Explanation::Call(Found { call, .. }) = found {
            amount[*call] = amount[*call].zip(order.quantity).map(|(ordered, filled)| ordered - filled);
        }
    }
    let mut next = 0;
    for (order, found) in orders.iter().zip(found).filter(|(_, found)| matches!(found, Explanation::Nothing)) {
        while log.order_calls.get(next).is_some_and(|call| call.place.time <= order.time - EARLIEST) {
            let call = &log.order_calls[next];
            if call.symbol != 0 {
                left.entry((log.text(call.symbol), log.text(call.side))).or_default().push(next);
            }
            next += 1;
        }
        match order.rest {
            Rest::No => {}
            Rest::Yes => *found = Explanation::Rested,
            Rest::Unknown => {
                let Some(calls) = left.get_mut(&(order.symbol.as_str(), order.side.as_str())) else { continue };
                if take(calls, order, log, &mut amount, room) {
                    *found = Explanation::Rested;
                }
            }
        }
    }
}

/// Takes a fill out of what calls of its pair and side left over, the latest first: the fills of one order need not have
/// been given to its own call. Of a call that states no quantity the fills of one minute may all be, and one later.
fn take(calls: &mut Vec<usize>, order: &Order, log: &CallLog, amount: &mut [Option<i128>], room: &mut [usize]) -> bool {
    let open = |at: usize, room: &[usize]| room[at] > 0 || order.time - log.order_calls[at].place.time <= SAME_ORDER;
    let mut seen = calls.len();
    let mut taken = Vec::new();
    // A hundredth may be lost to rounding.
    let mut wanted = order.quantity.map_or(1, |filled| filled - filled / 100);
    while wanted > 0 && seen > 0 {
        seen -= 1;
        let at = calls[seen];
        match amount[at].filter(|_| order.quantity.is_some()) {
            Some(left) => {
                let part = wanted.min(left.max(0));
                taken.push((at, part));
                wanted -= part;
            }
            None if open(at, room) => {
                room[at] = room[at].saturating_sub(1);
                wanted = 0;
            }
            None => {}
        }
    }
    let enough = wanted <= 0;
    if enough {
        for (at, part) in taken {
            amount[at] = amount[at].map(|left| left - part);
        }
    }
    // Fills come in order of time: what has nothing left for this one has nothing for those to come.
    let tail = calls.split_off(seen);
    calls.extend(tail.into_iter().filter(|&at| amount[at].map_or_else(|| open(at, room), |left| left > 0)));
    enough
}
