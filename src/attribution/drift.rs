//! The line that the difference of two clocks follows over time: an offset, and a drift where one of them runs too fast.

use std::collections::BTreeMap;

use crate::time::DAY;

/// A drift shows in the medians of so many days (own proposal).
const DAYS: usize = 5;
/// Of a log of many years so many days tell the slope as well as all.
const DAYS_LOOKED_AT: usize = 400;

/// Differences of two clocks, told by a line. All in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The difference at `middle`.
    pub offset: i64,
    /// By how much it grows in a day.
    pub drift: i64,
    /// When.
    pub middle: i64,
    /// How much single differences spread around the line.
    pub spread: i64,
    /// The widest difference by the line, of those it was drawn through.
    pub widest: i64,
}

impl Line {
    /// Through times and differences, of which there must be at least one. The slope is that of Theil and Sen: the median of
    /// the slopes between all pairs of days, which outliers do not move (Sen 1968); one of up to `least` a day is none.
    pub fn through(points: &[(i64, i64)], least: i64) -> Self {
        let flat = Self::with_drift(points, 0);
        match slope(points).filter(|slope| slope.abs() > least) {
            Some(slope) => {
                let line = Self::with_drift(points, slope);
                if line.spread < flat.spread { line } else { flat }
            }
            None => flat,
        }
    }

    fn with_drift(points: &[(i64, i64)], drift: i64) -> Self {
        let middle = median(points.iter().map(|(time, _)| *time));
        let mut line = Self { offset: 0, drift, middle, spread: 0, widest: 0 };
        line.offset = median(points.iter().map(|(time, difference)| difference - line.at(*time)));
        line.spread = spread(points.iter().map(|(time, difference)| difference - line.at(*time)));
        line.widest = points.iter().map(|(time, _)| line.at(*time)).max_by_key(|at| at.abs()).unwrap_or(0);
        line
    }

    /// The difference at a time.
    pub fn at(&self, time: i64) -> i64 {
        let since = i128::from(time - self.middle);
        self.offset + (i128::from(self.drift) * since / i128::from(DAY)) as i64
    }
}

/// By how much the median difference of a day grows in a day.
fn slope(points: &[(i64, i64)]) -> Option<i64> {
    let mut days: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for point in points {
        days.entry(point.0.div_euclid(DAY)).or_default().push(*point);
    }
    let step = days.len().div_ceil(DAYS_LOOKED_AT).max(1);
    let middles: Vec<(i64, i64)> = days
        .values()
        .step_by(step)
        .map(|day| (median(day.iter().map(|point| point.0)), median(day.iter().map(|point| point.1))))
        .collect();
    let rise = |(from, low): (i64, i64), (to, high): (i64, i64)| {
        (i128::from(high - low) * i128::from(DAY) / i128::from((to - from).max(1))) as i64
    };
    let slopes =
        middles.iter().enumerate().flat_map(|(at, early)| middles[at + 1..].iter().map(|late| rise(*early, *late)));
    (middles.len() >= DAYS).then(|| median(slopes))
}

/// The median; 0 of nothing.
pub fn median(values: impl Iterator<Item = i64>) -> i64 {
    let mut values: Vec<i64> = values.collect();
    if values.is_empty() {
        return 0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// The scaled median distance from the median (1.4826 makes it a standard deviation of normal values).
pub fn spread(values: impl Iterator<Item = i64> + Clone) -> i64 {
    let middle = median(values.clone());
    median(values.map(|value| (value - middle).abs())) * 14_826 / 10_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    /// Four differences a day for thirty days, scattered by less than a second.
    fn points(difference: impl Fn(i64) -> i64) -> Vec<(i64, i64)> {
        (0..120).map(|at| (at * DAY / 4, difference(at * DAY / 4) + at * 7_919 % 800_000)).collect()
    }

    #[test]
    fn a_clock_that_runs_fast_is_told_by_its_slope() {
        let line = Line::through(&points(|time| 2 * SECOND * (time / DAY)), SECOND);
        assert!((line.drift - 2 * SECOND).abs() < SECOND / 10, "{line:?}");
        assert!((line.at(20 * DAY) - 40 * SECOND).abs() < 2 * SECOND && line.spread < SECOND, "{line:?}");
        assert!((57 * SECOND..61 * SECOND).contains(&line.widest), "{line:?}");
    }

    #[test]
    fn outliers_do_not_bend_it() {
        let wild = |time: i64| if time % (5 * DAY) == 0 { 400 * SECOND } else { 2 * SECOND * (time / DAY) };
        let line = Line::through(&points(wild), SECOND);
        assert!((line.drift - 2 * SECOND).abs() < SECOND / 5, "{line:?}");
    }

    #[test]
    fn a_steady_offset_has_no_drift() {
        let line = Line::through(&points(|_| 7 * SECOND), SECOND);
        assert_eq!((line.drift, line.offset / SECOND), (0, 7));
        let few: Vec<(i64, i64)> = points(|time| 2 * SECOND * (time / DAY)).into_iter().take(12).collect();
        assert_eq!(Line::through(&few, SECOND).drift, 0, "three days tell no drift");
    }
}
