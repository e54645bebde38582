//! Orders that look ordinary and stand beside odd ones: whether chance alone put them there.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::again;
use super::deeds::{Deed, Deeds, same_order};
use super::entries::Entry;
use super::habits::{Fit, Habits, OCCASION, count, occasions};
use crate::time::HOUR;

/// Orders that rules name, or that odd ones stand closely around, and that chance puts so near in fewer cases than this,
/// belong to what they stand beside …
const CHANCE_NAMED: f64 = 0.03;
/// … as do other sales, which may have paid for it, that it puts there in fewer than this …
const CHANCE_SOLD: f64 = 0.005;
/// … and other purchases in fewer than this (own proposals).
const CHANCE_BOUGHT: f64 = 0.001;
/// Occasions come in clusters: their rate is taken for so many times the average.
const CLUSTERED: f64 = 3.0;
/// No further than this from the odd ones.
const FURTHEST: i64 = HOUR;
/// What pays for an episode is sold so near to its first order.
const PAID: i64 = HOUR / 2;
/// In the midst of odd orders, at most this share of the ordinary occasions may be the account's own …
const OWN: f64 = 0.2;
/// … or, where most orders of a pair and side are odd, so many of its orders for each odd one.
const OWN_FOR_ODD: f64 = 0.02;

/// In the midst of odd orders, those of a pair so close together are one decision: orders of one sale are placed bit by bit.
const SPREAD: i64 = HOUR / 2;
/// Orders of a pair close together whose price moved so far in the account's favour had waited in the book until the market
/// came to them (own proposal: more than a spread, and less than the steps of a grid through three levels).
const FAVOUR: f64 = 0.01;
/// So many orders of a pair in a bunch of at most [`OCCASION`] are looked for in the midst of odd ones.
const BUNCHES: [usize; 6] = [3, 4, 6, 9, 13, 19];

/// What was done near an episode, in order of time, and what is known of it.
pub struct Near<'a, 'b> {
    /// All of it.
    pub near: &'a [Deed],
    /// Where to read more of it.
    pub deeds: &'a Deeds<'b>,
    /// What the account usually does.
    pub habits: &'a Habits,
    /// Whether rules name it.
    pub is_named: &'a dyn Fn(&Deed) -> bool,
}

impl Near<'_, '_> {
    /// Takes what is ordinary and stands so near to odd ones that chance does not explain it for odd too. `odd` are the times
    /// and sides of the odd ones that count.
    pub fn draw_in(&self, fits: &mut [Fit], odd: &[(i64, bool)]) {
        let mut odd = odd.to_vec();
        for buy in [true, false] {
            // What pays for an episode stands near its other sales, and may be far from the first purchase. On a side without
            // odd ones only what rules name is looked at.
            for (side, all) in [(None, false), (Some(buy), true)] {
                let times =
                    || odd.iter().filter(|(_, buy)| side.is_none_or(|side| side == *buy)).map(|(time, _)| *time);
                let (Some(first), Some(last)) = (times().min(), times().max()) else { continue };
                let hull = first..last + 1;
                let within = self.ordinary(fits, buy, &hull);
                let taken =
                    [self.too_many(fits, &hull, &within), self.bunched(&hull, &within), self.beside(fits, &hull, buy)];
                let mut taken = taken.concat();
                taken.retain(|at| all || (self.is_named)(&self.near[*at]));
                taken.extend(self.between(fits, buy));
                // Sales all at once, just before the first purchase or after it, paid for what follows.
                if !all && !buy && !odd.iter().any(|(_, buy)| !buy) {
                    let start = first - PAID..first + PAID;
                    taken.extend(self.bunched(&start, &self.ordinary(fits, buy, &start)));
                }
                for at in self.kept(fits, taken) {
                    fits[at] = Fit::Odd;
                    odd.push((self.near[at].time, buy));
                }
            }
        }
    }

    /// Those of some places that are not purchases which the account sold again soon after, for about what they cost: nobody
    /// sells for the owner what was bought to his harm.
    fn kept(&self, fits: &[Fit], mut places: Vec<usize>) -> Vec<usize> {
        places.sort_unstable();
        places.dedup();
        let own = self.by_pair(&places);
        let again = own.into_values().filter(|own| self.near[own[0]].buy && self.sold_again(fits, own));
        let again: BTreeSet<usize> = again.flatten().collect();
        places.retain(|at| !again.contains(at));
        places
    }

    fn sold_again(&self, fits: &[Fit], run: &[usize]) -> bool {
        let bought: Vec<&Deed> = run.iter().map(|at| &self.near[*at]).collect();
        let of_pair = |at: &usize| self.near[*at].pair == bought[0].pair && fits[*at] != Fit::Odd;
        let others = (run[0] + 1..self.near.len()).filter(|at| of_pair(at) && run.binary_search(at).is_err());
        let others: Vec<&Deed> = others.map(|at| &self.near[at]).collect();
        !bought.iter().any(|deed| (self.is_named)(deed)) && again::sold_again(self.deeds, &bought, &others)
    }

    /// The places of the ordinary entries of a side in a span.
    fn ordinary(&self, fits: &[Fit], buy: bool, span: &Range<i64>) -> Vec<usize> {
        let ordinary = |at: &usize| {
            let deed = &self.near[*at];
            deed.buy == buy && span.contains(&deed.time) && fits[*at] == Fit::Ordinary
        };
        (0..self.near.len()).filter(ordinary).collect()
    }

    fn chance(&self, own: &[usize]) -> f64 {
        let own = || own.iter().map(|at| &self.near[*at]);
        chance(own().any(|deed| (self.is_named)(deed)), own().any(|deed| deed.buy))
    }

    fn by_pair(&self, places: &[usize]) -> BTreeMap<u32, Vec<usize>> {
        let mut pairs: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for at in places {
            pairs.entry(self.near[*at].pair).or_default().push(*at);
        }
        pairs
    }

    /// Those in the midst of odd ones, pair by pair, of which there are too many to be the account's own. `own` are the
    /// ordinary ones there.
    fn too_many(&self, fits: &[Fit], hull: &Range<i64>, own: &[usize]) -> Vec<usize> {
        let Some(buy) = own.first().map(|at| self.near[*at].buy) else { return Vec::new() };
        let length = CLUSTERED * (hull.end - hull.start) as f64;
        let mut odd: BTreeMap<u32, usize> = BTreeMap::new();
        for (deed, fit) in self.near.iter().zip(fits) {
            if *fit == Fit::Odd && deed.buy == buy && hull.contains(&deed.time) {
                *odd.entry(deed.pair).or_default() += 1;
            }
        }
        let mut pairs = self.by_pair(own);
        pairs.retain(|pair, places| {
            let rates = self.habits.rates(&self.near[places[0]]);
            let apart = |a: &usize, b: &usize| self.near[*b].time - self.near[*a].time <= SPREAD;
            let (own, count) = (rates.occasions * length, places.chunk_by(apart).count());
            let unlikely = own <= OWN * count as f64 && tail(count, own) < self.chance(places);
            unlikely || rates.orders * length <= OWN_FOR_ODD * odd.get(pair).copied().unwrap_or(0) as f64
        });
        pairs.into_values().flatten().collect()
    }

    /// Those between odd ones that follow one another closely, as far as the account hardly ever has any in so short a time.
    fn between(&self, fits: &[Fit], buy: bool) -> Vec<usize> {
        let odd = self.near.iter().zip(fits).filter(|(deed, fit)| **fit == Fit::Odd && deed.buy == buy);
        let odd: Vec<i64> = odd.map(|(deed, _)| deed.time).collect();
        let runs = odd.chunk_by(|one, next| next - one <= OCCASION).filter(|run| run.len() > 1);
        let few = |run: &[i64]| {
            let hull = run[0]..run[run.len() - 1] + 1;
            let own = self.ordinary(fits, buy, &hull);
            let deeds: Vec<&Deed> = own.iter().map(|at| &self.near[*at]).collect();
            let length = CLUSTERED * (hull.end - hull.start) as f64;
            let once = |deed: &&Deed| tail(1, length * self.habits.rate(buy, 1, deed.time)) < CHANCE_NAMED;
            let rare = deeds.first().is_some_and(once)
                && tail(count(&deeds), length * self.habits.pace(buy)) < CHANCE_NAMED
                && !self.waited(&own);
            if rare { own } else { Vec::new() }
        };
        runs.flat_map(few).collect()
    }

    /// Those in the midst of odd ones that stand closer together than the account's own do, of one pair or of all: a thief
    /// sells what the owner's bot trades, and as much at a time, but all at once.
    fn bunched(&self, hull: &Range<i64>, own: &[usize]) -> Vec<usize> {
        let mut taken = BTreeSet::new();
        for places in self.by_pair(own).into_values() {
            let past = self.habits.orders(&self.near[places[0]]);
            taken.extend(self.bunched_beyond(past, hull, &places));
        }
        if let Some(at) = own.first() {
            taken.extend(self.bunched_beyond(self.habits.all_orders(self.near[*at].buy), hull, own));
        }
        taken.into_iter().collect()
    }

    /// The same of places held against the times of past orders.
    fn bunched_beyond(&self, past: &[i64], hull: &Range<i64>, places: &[usize]) -> Vec<usize> {
        let length = CLUSTERED * (hull.end - hull.start) as f64;
        let deed = |at: &usize| &self.near[*at];
        let orders: Vec<&[usize]> = places.chunk_by(|a, b| same_order(deed(a), deed(b))).collect();
        let mut taken = Vec::new();
        for count in BUNCHES {
            let usual = LazyCell::new(|| widths(past, count));
            for bunch in orders.windows(count) {
                let within = deed(&bunch[count - 1][0]).time - deed(&bunch[0][0]).time;
                if within > OCCASION {
                    continue;
                }
                // Taken for one time more than was seen.
                let seen = 1 + usual.partition_point(|width| *width <= within);
                let bunch = bunch.concat();
                let unlikely = tail(1, length * seen as f64 / self.habits.length as f64) < self.chance(&bunch);
                if unlikely && !self.waited(&bunch) {
                    taken.extend(bunch);
                }
            }
        }
        taken
    }

    /// Whether places of one side are of orders of which some had waited in the book.
    fn waited(&self, places: &[usize]) -> bool {
        let in_favour = |own: Vec<usize>| {
            let read = own.iter().filter_map(|at| self.deeds.entry(&self.near[*at]));
            let filled: Vec<Entry> = read.filter(|entry| entry.quantity.0 > 0).collect();
            let by_time = |entry: &&Entry| entry.time;
            let (first, last) = (filled.iter().min_by_key(by_time), filled.iter().max_by_key(by_time));
            let (Some(first), Some(last)) = (first, last) else { return false };
            let moved = last.price() / first.price();
            (if first.buy { 1.0 / moved } else { moved }) >= 1.0 + FAVOUR
        };
        self.by_pair(places).into_values().any(in_favour)
    }

    /// Those before and after odd ones, from one occasion to the next, as long as chance explains none of the steps.
    fn beside(&self, fits: &[Fit], hull: &Range<i64>, buy: bool) -> Vec<usize> {
        let mut before = self.ordinary(fits, buy, &(hull.start - FURTHEST..hull.start));
        before.reverse();
        let after = self.ordinary(fits, buy, &(hull.end..hull.end + FURTHEST));
        let before = self.steps(&before, &|time| hull.start - time);
        let after = self.steps(&after, &|time| time - hull.end);
        [before, after].concat()
    }

    /// The places of one side, nearest first, from one occasion to the next. `away` is how far away a time is.
    fn steps(&self, places: &[usize], away: &dyn Fn(i64) -> i64) -> Vec<usize> {
        let far: Vec<i64> = places.iter().map(|at| away(self.near[*at].time)).collect();
        let mut reached = 0;
        let mut taken = Vec::new();
        for occasion in occasions(&far) {
            let own = &places[occasion.clone()];
            let deeds: Vec<&Deed> = own.iter().map(|at| &self.near[*at]).collect();
            if self.waited(own) {
                continue;
            }
            let (buy, orders) = (deeds[0].buy, count(&deeds));
            let (first, last) = (far[occasion.start], far[occasion.end - 1]);
            let alone = self.habits.rate(buy, orders, deeds[0].time) * (first - reached).max(1) as f64;
            // A busy bot's orders always stand close together: they must be too many for its pace as well.
            let paced = self.habits.pace(buy) * (last - reached).max(1) as f64;
            let unlikely = |count, mean: f64| tail(count, CLUSTERED * mean) < self.chance(own);
            if !unlikely(1, alone) || !unlikely(orders, paced) {
                break;
            }
            reached = last;
            taken.extend(own);
        }
        taken
    }
}

/// How long so many times that follow one another took, of those that are within one occasion, the shortest first.
fn widths(times: &[i64], count: usize) -> Vec<i64> {
    let mut widths: Vec<i64> = times.windows(count).map(|times| times[count - 1] - times[0]).collect();
    widths.retain(|width| *width <= OCCASION);
    widths.sort_unstable();
    widths
}

/// In how few cases chance must put orders where they stand for them to belong there: when rules name one of them, or they
/// buy.
fn chance(is_named: bool, buy: bool) -> f64 {
    match (is_named, buy) {
        (true, _) => CHANCE_NAMED,
        (false, true) => CHANCE_BOUGHT,
        (false, false) => CHANCE_SOLD,
    }
}

/// Whether so many of a side, where `mean` come on average, are too many for chance, when rules name one of them or none.
pub fn explains_not(count: usize, mean: f64, is_named: bool, buy: bool) -> bool {
    tail(count, CLUSTERED * mean) < chance(is_named, buy)
}

/// How likely it is that at least so many come, where `mean` come on average (Poisson).
fn tail(count: usize, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut below = 0.0;
    for number in 0..count {
        below += term;
        term *= mean / (number + 1) as f64;
    }
    if count == 0 { 1.0 } else { (1.0 - below).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn a_tail_is_what_is_left_of_one() {
        assert_eq!(tail(0, 0.3), 1.0);
        assert!((tail(1, 0.3) - (1.0 - (-0.3f64).exp())).abs() < 1e-12);
        assert!((tail(3, 2.0) - 0.323_323_583_816_936_5).abs() < 1e-12);
        assert!(tail(200, 1.0) < 1e-12);
    }
}
