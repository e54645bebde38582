//! What came of a run of deals in the end: whether the account got back what it had put in, as on a listing day.

use super::{Deal, Deals, Symbol};
use crate::time::{DAY, HOUR};

/// How long before and after a run its other half is looked for.
const AROUND: i64 = DAY;
/// A run was undone when this share of it came back …
const UNDONE: f64 = 0.5;
/// … for no worse than this less than it cost …
const ABOUT_EVEN: f64 = 0.03;
/// … and, however often the money went round, no more than this of the most that was in it at a time (own proposals; a
/// thief's counterpart keeps what he sold, and a thief's loops lose again and again).
const OF_THE_STAKE: f64 = 0.25;
/// With so many times the run's own quantity traded around it, the rest tells nothing of the run.
const DILUTED: f64 = 4.0;

/// Whether what a run bought was sold for about what it cost within a day (or what it sold had been bought, or was bought
/// back): then nobody else got the difference. `own` are all deals of the pair, in order of time.
pub fn came_out_even(own: &[Deal], run: &[&Deal]) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let quantity = Sums::of(run.iter().copied());
    let quantity = quantity.bought.max(quantity.sold);
    let from = own.partition_point(|deal| deal.time < first.time - AROUND);
    let until = own.partition_point(|deal| deal.time <= last.time + AROUND);
    let around = Sums::of(&own[from..until]);
    if around.bought.max(around.sold) <= DILUTED * quantity {
        let back = around.bought.min(around.sold);
        let loss = back * (around.paid / around.bought - around.got / around.sold);
        return back >= UNDONE * quantity
            && loss <= ABOUT_EVEN * back * around.paid / around.bought
            && loss <= OF_THE_STAKE * around.stake;
    }
    undone_next(own, run, quantity)
}

/// The same in the midst of much else: only the deals that follow the run count, until it is undone.
fn undone_next(own: &[Deal], run: &[&Deal], quantity: f64) -> bool {
    let first = run[0];
    let cost: f64 = run.iter().filter(|deal| deal.buy == first.buy).map(|deal| deal.total).sum();
    let (mut back, mut back_total) = (0.0, 0.0);
    let start = own.partition_point(|deal| deal.time < first.time);
    for deal in own[start..].iter().take_while(|deal| deal.time <= first.time + AROUND) {
        if deal.buy != first.buy && back < quantity {
            let part = deal.quantity.min(quantity - back);
            back += part;
            back_total += part * deal.price;
        }
    }
    let (price, back_price) = (cost / quantity, back_total / back);
    let worse = if first.buy { 1.0 - back_price / price } else { back_price / price - 1.0 };
    back >= UNDONE * quantity && worse <= ABOUT_EVEN
}

/// A position that was built up so long before a run was not opened for it.
const BEFORE: i64 = HOUR;

/// Whether a run, on margin or futures, takes back at least half of what the pair's deals of before had built up: stops,
/// forced closes and sales in a panic do so at any price.
pub fn closes(deals: &Deals, symbol: &Symbol, run: &[&Deal]) -> bool {
    let Some(first) = run.first().filter(|_| symbol.market != "spot") else { return false };
    let signed = |deal: &Deal| if deal.buy { deal.quantity } else { -deal.quantity };
    let own = deals.of(symbol);
    let before = own.partition_point(|deal| deal.time < first.time - BEFORE);
    let open: f64 = own[..before].iter().map(signed).sum();
    let closed: f64 = run.iter().map(|deal| signed(deal)).sum();
    open * closed < 0.0 && open.abs() >= closed.abs() / 2.0
}

/// What deals of one pair add up to.
#[derive(Default)]
struct Sums {
    bought: f64,
    paid: f64,
    sold: f64,
    got: f64,
    /// The most that was paid and had not come back at a time.
    stake: f64,
}

impl Sums {
    fn of<'a>(deals: impl IntoIterator<Item = &'a Deal>) -> Self {
        let mut sums = Self::default();
        for deal in deals {
            if deal.buy {
                sums.bought += deal.quantity;
                sums.paid += deal.total;
            } else {
                sums.sold += deal.quantity;
                sums.got += deal.total;
            }
            sums.stake = sums.stake.max(sums.paid - sums.got);
        }
        sums
    }
}
