//! Purchases that were sold again soon after for about what they cost: a trade of the owner's own, however near to an
//! episode. A thief's counterpart keeps what he sold.

use super::deeds::{Deed, Deeds};
use super::entries::float;
use super::habits::Fit;
use crate::ingest::FastMap;
use crate::time::HOUR;

/// So much of what was bought must have been sold again …
const AGAIN: f64 = 0.9;
/// … for no more than this less than it cost (own proposals, as for a listing day's).
const ABOUT_EVEN: f64 = 0.03;

/// Such a trade takes no longer than this: what was bought hours before, a thief may have sold.
const QUICK: i64 = HOUR;

/// What deeds of one pair add up to, of the base and of the quote asset.
fn sum<'a>(deeds: &Deeds<'_>, own: impl Iterator<Item = &'a Deed>) -> (f64, f64) {
    own.filter_map(|deed| deeds.entry(deed))
        .fold((0.0, 0.0), |(quantity, total), entry| (quantity + float(entry.quantity), total + float(entry.total)))
}

/// Whether what `bought` are was sold again by `others` of their pair, of which further purchases take their part.
pub fn sold_again(deeds: &Deeds<'_>, bought: &[&Deed], others: &[&Deed]) -> bool {
    let of = |buy: bool| sum(deeds, others.iter().copied().filter(|deed| deed.buy == buy));
    let ((quantity, cost), (more, _), (sold, got)) = (sum(deeds, bought.iter().copied()), of(true), of(false));
    sold - more >= AGAIN * quantity && got / sold >= (1.0 - ABOUT_EVEN) * cost / quantity
}

/// Marks as the owner's what is odd of pairs that no rule names, and in which as much was sold as was bought, first bought
/// and then sold. `is_named` says what rules name.
pub fn leave_rounds(deeds: &Deeds<'_>, near: &[Deed], fits: &mut [Fit], is_named: &dyn Fn(&Deed) -> bool) {
    let mut pairs: FastMap<u32, Vec<usize>> = FastMap::default();
    for at in (0..near.len()).filter(|at| fits[*at] == Fit::Odd) {
        pairs.entry(near[at].pair).or_default().push(at);
    }
    pairs.retain(|_, own| {
        let (first, last) = (&near[own[0]], &near[own[own.len() - 1]]);
        if !first.buy || last.time - first.time > QUICK || own.iter().any(|at| is_named(&near[*at])) {
            return false;
        }
        let (bought, sold): (Vec<&Deed>, Vec<&Deed>) = own.iter().map(|at| &near[*at]).partition(|deed| deed.buy);
        let quantity = |own: &[&Deed]| sum(deeds, own.iter().copied()).0;
        quantity(&sold) <= quantity(&bought) / AGAIN && sold_again(deeds, &bought, &sold)
    });
    pairs.into_values().flatten().for_each(|at| fits[at] = Fit::Own);
}
