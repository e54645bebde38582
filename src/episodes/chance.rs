//! Orders that look ordinary and stand beside odd ones: whether chance alone put them there.

use std::collections::BTreeMap;
use std::ops::Range;

use super::entries::Entry;
use super::habits::{Fit, Habits, OCCASION};
use crate::time::HOUR;

/// Orders that rules name, and that chance puts so near in fewer cases than this, belong to what they stand beside …
const CHANCE_NAMED: f64 = 0.03;
/// … as do others that it puts there in fewer than this (own proposals).
const CHANCE: f64 = 0.01;
/// Occasions come in clusters: their rate is taken for so many times the average.
const CLUSTERED: f64 = 3.0;
/// No further than this from the odd ones.
const FURTHEST: i64 = HOUR;
/// In the midst of odd orders, at most this share of the ordinary occasions may be the account's own …
const OWN: f64 = 0.2;
/// … or, where most orders of a pair and side are odd, so many of its orders for each odd one.
const OWN_FOR_ODD: f64 = 0.02;

/// In the midst of odd orders, those of a pair so close together are one decision: orders of one sale are placed bit by bit.
const SPREAD: i64 = HOUR / 2;

/// Takes the ordinary entries that stand so near to odd ones that chance does not explain it for odd ones too. `entries`
/// are in order of time; `odd` are the times and sides of the odd ones that count; `is_named` says which entries rules name.
pub fn drawn_in(
    entries: &[Entry],
    fits: &mut [Fit],
    odd: &[(i64, bool)],
    habits: &Habits,
    is_named: &dyn Fn(&Entry) -> bool,
) {
    let hull = |side: Option<bool>| {
        let times = || odd.iter().filter(|(_, buy)| side.is_none_or(|side| side == *buy)).map(|(time, _)| *time);
        Some(times().min()?..times().max()? + 1)
    };
    let near = Near { entries, habits, is_named };
    for buy in [true, false] {
        // What pays for an episode stands near its other sales, and may be far from the first purchase. On a side without
        // odd ones only what rules name is looked at.
        for (hull, all) in [(hull(None), false), (hull(Some(buy)), true)] {
            let Some(hull) = hull else { continue };
            let taken = [near.within(fits, &hull, buy), near.beside(fits, &hull, buy)].concat();
            taken.into_iter().filter(|at| all || is_named(&entries[*at])).for_each(|at| fits[at] = Fit::Odd);
        }
    }
}

struct Near<'a> {
    entries: &'a [Entry],
    habits: &'a Habits,
    is_named: &'a dyn Fn(&Entry) -> bool,
}

impl Near<'_> {
    /// The places of the ordinary entries of a side in a span.
    fn ordinary(&self, fits: &[Fit], buy: bool, span: &Range<i64>) -> Vec<usize> {
        let ordinary = |at: &usize| {
            let entry = &self.entries[*at];
            entry.buy == buy && span.contains(&entry.time) && fits[*at] == Fit::Ordinary
        };
        (0..self.entries.len()).filter(ordinary).collect()
    }

    fn occasions<'b>(&self, places: &'b [usize], apart: i64) -> Vec<&'b [usize]> {
        places.chunk_by(|a, b| self.entries[*b].time - self.entries[*a].time <= apart).collect()
    }

    fn chance(&self, own: &[usize]) -> f64 {
        if own.iter().any(|at| (self.is_named)(&self.entries[*at])) { CHANCE_NAMED } else { CHANCE }
    }

    /// Those in the midst of odd ones, pair by pair, of which there are too many to be the account's own.
    fn within(&self, fits: &[Fit], hull: &Range<i64>, buy: bool) -> Vec<usize> {
        let length = CLUSTERED * (hull.end - hull.start) as f64;
        let pair = |at: usize| (self.entries[at].market.as_str(), self.entries[at].symbol.as_str());
        let mut pairs: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for at in self.ordinary(fits, buy, hull) {
            pairs.entry(pair(at)).or_default().push(at);
        }
        let mut odd: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if fits[at] == Fit::Odd && entry.buy == buy && hull.contains(&entry.time) {
                *odd.entry(pair(at)).or_default() += 1;
            }
        }
        pairs.retain(|pair, places| {
            let rates = self.habits.rates(&self.entries[places[0]]);
            let (own, count) = (rates.occasions * length, self.occasions(places, SPREAD).len());
            let unlikely = own <= OWN * count as f64 && tail(count, own) < self.chance(places);
            unlikely || rates.orders * length <= OWN_FOR_ODD * odd.get(pair).copied().unwrap_or(0) as f64
        });
        pairs.into_values().flatten().collect()
    }

    /// Those before and after odd ones, from one occasion to the next, as long as chance explains none of the steps.
    fn beside(&self, fits: &[Fit], hull: &Range<i64>, buy: bool) -> Vec<usize> {
        let before = self.ordinary(fits, buy, &(hull.start - FURTHEST..hull.start));
        let after = self.ordinary(fits, buy, &(hull.end..hull.end + FURTHEST));
        let first = |own: &[usize]| self.entries[own[0]].time;
        let last = |own: &[usize]| self.entries[own[own.len() - 1]].time;
        let step = |distance: i64, own: &[usize]| {
            let rate = CLUSTERED * self.habits.rate(buy, own.len());
            tail(1, rate * distance.max(1) as f64) < self.chance(own)
        };
        let mut taken: Vec<&[usize]> = Vec::new();
        let (mut from, mut until) = (hull.start, hull.end);
        let (earlier, later) = (self.occasions(&before, OCCASION), self.occasions(&after, OCCASION));
        for own in earlier.iter().rev() {
            if !step(from - last(own), own) {
                break;
            }
            from = first(own);
            taken.push(own);
        }
        for own in &later {
            if !step(first(own) - until, own) {
                break;
            }
            until = last(own);
            taken.push(own);
        }
        taken.concat()
    }
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
