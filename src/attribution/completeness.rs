//! Whether the call log holds all calls: where orders without a call turn up day after day, before the window as in it, the
//! log leaves calls out (or the owner trades by hand), and an order without a call proves nothing.

use std::collections::BTreeMap;

use crate::counted::counted;
use crate::time::{DAY, MINUTE};

/// So many orders on so many days are needed to tell …
const ORDERS: usize = 20;
const DAYS: usize = 5;
/// … and this share of the days, but at least so many, must have an order without a call. Own proposals: the thefts known
/// took minutes to hours.
const AFFECTED: f64 = 0.25;
const AFFECTED_DAYS: usize = 3;
/// Before the window half of that share must be affected too, where there are this many days.
const EARLIER_DAYS: usize = 10;
/// The worst tenth of the days says nothing of the ordinary ones.
const WORST: usize = 10;
/// Orders no further apart than this are one cluster …
const CLUSTER: i64 = 10 * MINUTE;
/// … which is still told from what the log leaves out when chance would hardly ever make it.
const CHANCE: f64 = 1e-6;

/// An order that the log covers: when it was made, and whether a call explains it.
pub type Covered = (i64, bool);

/// How a log leaves calls out.
#[derive(Clone, Debug, PartialEq)]
pub struct Incomplete {
    /// Orders without a call.
    pub without: usize,
    /// Of so many orders.
    pub of: usize,
    /// On so many days.
    pub days: usize,
    /// Those without a call that are fills whose order may have been placed before: their time is not the order's.
    pub undated: usize,
    /// The share of orders that have no call on ordinary days.
    share: f64,
}

/// Judges a log by the orders that it covers; `None` when it is whole as far as can be told. Orders are in order of time.
pub fn judge(orders: &[Covered], window_start: i64) -> Option<Incomplete> {
    let mut days: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (time, explained) in orders {
        let (all, without) = days.entry(time.div_euclid(DAY)).or_default();
        (*all, *without) = (*all + 1, *without + usize::from(!explained));
    }
    let affected = |days: &mut dyn Iterator<Item = (&i64, &(usize, usize))>| {
        days.fold((0, 0), |(all, odd), (_, (_, without))| (all + 1, odd + usize::from(*without > 0)))
    };
    let (all, odd) = affected(&mut days.iter());
    let (before, odd_before) = affected(&mut days.range(..window_start.div_euclid(DAY)));
    let often = odd >= AFFECTED_DAYS && odd as f64 >= AFFECTED * all as f64;
    let always = before < EARLIER_DAYS || odd_before as f64 >= AFFECTED / 2.0 * before as f64;
    if orders.len() < ORDERS || all < DAYS || !often || !always {
        return None;
    }
    let mut ranked: Vec<(usize, usize)> = days.into_values().collect();
    ranked.sort_by_key(|(_, without)| std::cmp::Reverse(*without));
    let ordinary = &ranked[all.div_ceil(WORST)..];
    let sum = |pick: fn(&(usize, usize)) -> usize| ordinary.iter().map(pick).sum::<usize>();
    let share = sum(|(_, without)| *without) as f64 / sum(|(orders, _)| *orders).max(1) as f64;
    let without = orders.iter().filter(|(_, explained)| !explained).count();
    (share > 0.0).then_some(Incomplete { without, of: orders.len(), days: odd, undated: 0, share })
}

impl Incomplete {
    /// What it means for an order, in words.
    pub fn words(&self) -> String {
        if self.undated > 0 {
            // A call that is missing and an order that rested look the same in an export of fills.
            return format!(
                "{} of {} have no call at their time, on {}, before the window as in it: {} of them may be fills of orders \
                 placed earlier, which the export does not tell, or the call log leaves calls out; without the order history \
                 an order without a call proves nothing",
                self.without,
                counted(self.of, "order"),
                counted(self.days, "day"),
                if self.undated == self.without { "all".to_owned() } else { self.undated.to_string() },
            );
        }
        format!(
            "the call log leaves calls out ({} of {} without one, on {}, before the window as in it): an order without a call proves nothing",
            self.without,
            counted(self.of, "order"),
            counted(self.days, "day")
        )
    }

    /// For each order whether it stands out of what the log leaves out: it has no call, in a cluster of which far more orders
    /// have none than on ordinary days.
    pub fn outstanding(&self, orders: &[Covered]) -> Vec<bool> {
        let mut outstanding = vec![false; orders.len()];
        let mut start = 0;
        for end in 1..=orders.len() {
            if end < orders.len() && orders[end].0 - orders[end - 1].0 <= CLUSTER {
                continue;
            }
            let cluster = &orders[start..end];
            let without = cluster.iter().filter(|(_, explained)| !explained).count();
            if at_least(without, cluster.len(), self.share) < CHANCE {
                for at in start..end {
                    outstanding[at] = !orders[at].1;
                }
            }
            start = end;
        }
        outstanding
    }
}

/// The chance of at least `hits` of `of`, each with probability `share`: the upper tail of the binomial distribution.
fn at_least(hits: usize, of: usize, share: f64) -> f64 {
    let (yes, no) = (share.ln(), (1.0 - share).max(f64::MIN_POSITIVE).ln());
    let mut choose = 0.0;
    let mut sum = 0.0;
    for at in 0..=of {
        if at > 0 {
            choose += ((of - at + 1) as f64).ln() - (at as f64).ln();
        }
        if at >= hits {
            sum += (choose + at as f64 * yes + (of - at) as f64 * no).exp();
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four orders a day for sixty days, of which `without` decides which have no call.
    fn orders(without: impl Fn(i64) -> bool) -> Vec<Covered> {
        (0..240).map(|at| (at * DAY / 4, !without(at))).collect()
    }

    #[test]
    fn a_log_that_always_leaves_calls_out_is_incomplete() {
        let all = orders(|at| at % 5 < 2);
        let found = judge(&all, 30 * DAY).unwrap();
        assert_eq!((found.without, found.of), (96, 240));
        assert!(found.outstanding(&all).iter().all(|odd| !odd));
    }

    #[test]
    fn what_may_have_rested_is_not_laid_to_the_log() {
        let found = judge(&orders(|at| at % 5 < 2), 30 * DAY).unwrap();
        assert!(found.words().starts_with("the call log leaves calls out (96 of 240 orders"), "{}", found.words());
        let some = Incomplete { undated: 40, ..found.clone() }.words();
        assert!(some.contains("40 of them may be fills of orders placed earlier"), "{some}");
        assert!(some.contains("or the call log leaves calls out"), "{some}");
        let all = Incomplete { undated: 96, ..found }.words();
        assert!(all.contains("all of them may be fills"), "{all}");
    }

    #[test]
    fn a_burst_without_calls_is_no_habit() {
        assert_eq!(judge(&orders(|at| (200..212).contains(&at)), 30 * DAY), None);
        assert_eq!(judge(&orders(|at| at >= 120 && at % 5 < 2), 30 * DAY), None, "not before the window");
    }

    #[test]
    fn a_burst_stands_out_of_an_incomplete_log() {
        let mut all = orders(|at| at % 5 < 2);
        all.extend((0..30).map(|at| (59 * DAY + at * MINUTE, false)));
        all.sort_unstable();
        let found = judge(&all, 30 * DAY).unwrap();
        assert!(found.outstanding(&all).iter().filter(|odd| **odd).count() >= 30);
    }

    #[test]
    fn tails_of_the_binomial_distribution() {
        assert!((at_least(0, 10, 0.3) - 1.0).abs() < 1e-9);
        assert!((at_least(10, 10, 0.5) - 0.5f64.powi(10)).abs() < 1e-12);
        assert!((at_least(1, 2, 0.5) - 0.75).abs() < 1e-9);
    }
}
