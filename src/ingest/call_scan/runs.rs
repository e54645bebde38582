//! Calls that follow each other: in one hour and one span of expectations all but their number and the last time is the same.

use super::Scan;
use crate::ingest::calls::CallLog;
use crate::time::HOUR;

/// Calls in the order of their times, in one hour and one span of expectations: only their number and the last time change
/// with each.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    /// The time of the last call, and the end of the hour or span.
    pub(super) times: (i64, i64),
    /// The number of the span.
    pub(super) epoch: u32,
    /// Calls that were not yet added to the hour.
    pub(super) calls: u64,
}

/// Of some records of one text the earliest and the two newest; of equal times those that stand first.
pub(super) struct Newest {
    earliest: (i64, usize),
    newest: [(i64, usize); 2],
}

impl Default for Newest {
    fn default() -> Self {
        Self { earliest: (i64::MAX, 0), newest: [(i64::MIN, 0); 2] }
    }
}

impl Newest {
    #[inline]
    pub(super) fn add(&mut self, time: i64, number: usize) {
        if time < self.earliest.0 {
            self.earliest = (time, number);
        }
        if time > self.newest[0].0 {
            self.newest = [(time, number), self.newest[0]];
        } else if time > self.newest[1].0 {
            self.newest[1] = (time, number);
        }
    }

    /// Those that there are.
    pub(super) fn times(&self) -> [Option<(i64, usize)>; 3] {
        let [a, b] = self.newest;
        // Where the earliest is one of the newest it must not be told twice.
        let third = Some(self.earliest).filter(|earliest| *earliest != a && *earliest != b && earliest.0 < i64::MAX);
        [Some(a).filter(|new| new.0 > i64::MIN), Some(b).filter(|new| new.0 > i64::MIN), third]
    }
}

/// The spans in which expectations, and the window, do not change.
pub(super) struct Spans {
    boundaries: Vec<i64>,
    /// The span of the last call: its beginning, its end and its number.
    pub(super) last: (i64, i64, u32),
}

impl Spans {
    /// Spans between instants, which are in order.
    pub(super) fn new(boundaries: Vec<i64>) -> Self {
        Self { boundaries, last: (0, 0, 0) }
    }

    /// The number of the span that a time lies in.
    #[inline]
    pub(super) fn of(&mut self, time: i64) -> u32 {
        if !(self.last.0..self.last.1).contains(&time) {
            let number = self.boundaries.partition_point(|boundary| *boundary <= time);
            let end = self.boundaries.get(number).copied().unwrap_or(i64::MAX);
            self.last = (self.start(number as u32), end, number as u32);
        }
        self.last.2
    }

    /// The beginning of a span.
    pub(super) fn start(&self, number: u32) -> i64 {
        if number == 0 { i64::MIN / 2 } else { self.boundaries[number as usize - 1] }
    }
}

impl Scan<'_> {
    /// Goes on to a call that is certain to be counted.
    #[inline]
    pub(super) fn go_on(&mut self, time: i64) {
        if !(self.run.times.0..self.run.times.1).contains(&time) {
            self.begin_run(time);
        }
    }

    /// Begins a run with a call.
    fn begin_run(&mut self, time: i64) {
        self.end_run();
        if !(self.hour.0..self.hour.0 + HOUR).contains(&time) {
            self.flush_hour();
            self.hour = (time - time.rem_euclid(HOUR), (time, time, 0));
        }
        let (first, last, _) = &mut self.hour.1;
        (*first, *last) = ((*first).min(time), (*last).max(time));
        self.found.holes.extend(self.chunk.see(time));
        let epoch = self.spans.of(time);
        self.run = Run { times: (time, self.spans.last.1.min(self.hour.0 + HOUR)), epoch, calls: 0 };
    }

    /// Adds what a run came to; the next call begins another.
    pub(super) fn end_run(&mut self) {
        let Run { times: (last, _), calls, .. } = std::mem::take(&mut self.run);
        if calls > 0 {
            self.hour.1.1 = self.hour.1.1.max(last);
            self.hour.1.2 += calls;
            // No record between the calls of a run was unread.
            self.chunk.see(last);
        }
    }

    /// Adds the hour at hand to the others.
    pub(super) fn flush_hour(&mut self) {
        let (start, seen) = self.hour;
        if seen.2 > 0 {
            add_hour(&mut self.found, start.div_euclid(HOUR), seen);
        }
        self.hour.1.2 = 0;
    }
}

pub(super) fn add_hour(log: &mut CallLog, hour: i64, (first, last, count): (i64, i64, u64)) {
    let known = log.hours.entry(hour).or_insert((first, last, 0));
    *known = (known.0.min(first), known.1.max(last), known.2 + count);
}
