//! What the exports of a table cover, and where they are silent.

use crate::expectations::Expectations;
use crate::ingest::Source;
use crate::ingest::calls::Hours;
use crate::rules::log_gap;
use crate::settings::Window;
use crate::tables::Table;
use crate::time::HOUR;

/// The share of the window that must be covered for a clean verdict.
pub const ENOUGH: f64 = 0.99;

/// What is covered of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// The table.
    pub table: Table,
    /// The spans covered, in order, apart from each other; both ends included.
    pub spans: Vec<(i64, i64)>,
    /// The share of the window covered, 0 to 1.
    pub share: f64,
    /// A silence up to this, in microseconds, is no gap.
    pub shortest_gap: i64,
}

/// Which silences of a log are gaps, by the thresholds of `log-gap`.
#[derive(Clone, Copy)]
struct Gaps {
    /// Those longer than this, in microseconds …
    shortest: i64,
    /// … and than this many times the usual distance between two records.
    times: f64,
}

impl Gaps {
    fn stated(expectations: Option<&Expectations>) -> Self {
        let thresholds = log_gap::RULE.in_force(expectations);
        Self { shortest: (thresholds.value("hours") * HOUR as f64) as i64, times: thresholds.value("times") }
    }

    /// The longest silence that is none, for a log of such distances, each with how often it occurs.
    fn longest_silence(self, distances: &mut [(i64, u64)]) -> i64 {
        distances.sort_unstable();
        let half = distances.iter().map(|(_, count)| count).sum::<u64>().div_ceil(2);
        let mut sum = 0;
        let median = distances.iter().find(|(_, count)| {
            sum += count;
            sum >= half
        });
        self.shortest.max(median.map_or(0, |(distance, _)| (*distance as f64 * self.times) as i64))
    }
}

impl Coverage {
    fn new(table: Table, spans: Vec<(i64, i64)>, window: &Window, gaps: Gaps) -> Self {
        let inside: i64 = spans.iter().map(|(from, to)| (to.min(&window.until) - from.max(&window.since)).max(0)).sum();
        let share = (inside as f64 / window.length() as f64).min(1.0);
        Self { table, spans, share, shortest_gap: gaps.shortest }
    }

    /// The first covered instant.
    pub fn first(&self) -> Option<i64> {
        self.spans.first().map(|(from, _)| *from)
    }

    /// The last covered instant.
    pub fn last(&self) -> Option<i64> {
        self.spans.last().map(|(_, to)| *to)
    }

    /// Whether an instant is covered, give or take some microseconds.
    pub fn holds(&self, time: i64, slack: i64) -> bool {
        let at = self.spans.partition_point(|(from, _)| *from <= time + slack);
        at > 0 && self.spans[at - 1].1 + slack >= time
    }

    /// The silences between the spans that touch the window, cut to it.
    pub fn gaps(&self, window: &Window) -> Vec<(i64, i64)> {
        let cut = |from: i64, to: i64| (from.max(window.since), to.min(window.until));
        let mut gaps: Vec<(i64, i64)> = self.spans.windows(2).map(|pair| cut(pair[0].1, pair[1].0)).collect();
        match (self.first(), self.last()) {
            (Some(first), Some(last)) => {
                gaps.insert(0, cut(window.since, first));
                gaps.push(cut(last, window.until));
            }
            _ => gaps.push((window.since, window.until)),
        }
        gaps.retain(|(from, to)| to > from);
        gaps
    }
}

/// The coverage of the call logs: from their first to their last call, cut where they are silent for longer than usual and
/// than the hours of the tools explain.
pub fn of_calls(hours: &Hours, expectations: Option<&Expectations>, window: &Window) -> Coverage {
    // Calls that share an hour are less than an hour apart, which is below any gap that matters: their mean distance
    // stands for each, and the median is right wherever it is above an hour.
    let mut distances: Vec<(i64, u64)> = Vec::new();
    let mut previous: Option<i64> = None;
    for (first, last, count) in hours.values() {
        if let Some(previous) = previous {
            distances.push((first - previous, 1));
        }
        if *count > 1 {
            distances.push(((last - first) / (*count as i64 - 1), count - 1));
        }
        previous = Some(*last);
    }
    let gaps = Gaps::stated(expectations);
    let limit = gaps.longest_silence(&mut distances);
    let spans = hours.values().map(|(first, last, _)| (*first, *last));
    let silence = |from: i64, to: i64| expectations.map_or(to - from, |e| e.unexplained_silence(from, to));
    Coverage::new(Table::Calls, merge(spans, limit, silence), window, gaps)
}

/// The coverage of a table with few records: each export from its first record to the minute in its file's name, or
/// else to its last record; several exports join where no more than a usual silence lies between them.
pub fn of_table<'a>(
    table: Table,
    sources: impl Iterator<Item = &'a Source>,
    expectations: Option<&Expectations>,
    window: &Window,
) -> Option<Coverage> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    let mut distances: Vec<(i64, u64)> = Vec::new();
    for source in sources.filter(|source| source.holds(table)) {
        let (Some(first), Some(last)) = (source.first, source.last()) else { continue };
        spans.push((first, source.stamp.unwrap_or(last).max(last)));
        let count = source.accepted + source.duplicate;
        if count > 1 {
            distances.push(((last - first) / (count as i64 - 1), count - 1));
        }
    }
    spans.sort_unstable();
    let gaps = Gaps::stated(expectations);
    let limit = gaps.longest_silence(&mut distances);
    let merged = merge(spans.into_iter(), limit, |from, to| to - from);
    (!merged.is_empty()).then(|| Coverage::new(table, merged, window, gaps))
}

fn merge(spans: impl Iterator<Item = (i64, i64)>, limit: i64, silence: impl Fn(i64, i64) -> i64) -> Vec<(i64, i64)> {
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some((_, end)) if from - *end <= limit || silence(*end, from) <= limit => *end = (*end).max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}
