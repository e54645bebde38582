//! What became of the records of a source, as far as one thread read it. Ledgers of several threads add up in any order.

use std::collections::BTreeMap;

use super::Read;
use super::records::Place;
use super::rejects::{Fault, Reject};

/// The most rejects of one source that are kept; their number is always exact.
pub const REJECTS_KEPT: usize = 1000;

/// Records and lines are numbered within their chunk while a source is read, with the chunk's number in the upper half.
const CHUNK: u32 = 32;

/// The number of the first record, and of the first line, of a chunk while its source is read.
pub fn first_of(chunk: u32) -> (u64, u64) {
    let base = u64::from(chunk) << CHUNK;
    // The first chunk begins with the header, which is record 0.
    (base + u64::from(chunk > 0), base + 1)
}

/// What one thread saw of a source.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Data records.
    pub records: u64,
    /// Records in the tables.
    pub accepted: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Records left out on purpose, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// The first rejects.
    pub rejects: Vec<Reject>,
    /// The time of the earliest accepted record.
    pub first: Option<i64>,
    /// The newest accepted records, at most two, newest first, with their places.
    pub newest: Vec<(i64, Place)>,
    /// Times that fall into the hour that a clock change repeats.
    pub ambiguous: u64,
    /// The coarsest unit that a time of an accepted record was written in.
    pub grain: i64,
    /// The first accepted record, and whether its time said its own offset.
    pub opening: Option<(Place, bool)>,
    /// Records and lines of each chunk that was read.
    pub chunks: Vec<(u32, u32, u32)>,
}

impl Ledger {
    pub(super) fn accept(&mut self, place: Place, read: Read) {
        self.accepted += 1;
        self.note(&read);
        self.open(place, read);
        if let Some(time) = read.time {
            self.see(time, place);
        }
    }

    /// Takes note of how the time of an accepted record was written.
    #[inline]
    pub(super) fn note(&mut self, read: &Read) {
        self.ambiguous += u64::from(read.ambiguous);
        self.grain = self.grain.max(read.grain);
    }

    /// Takes note of an accepted record that is the first, perhaps.
    pub(super) fn open(&mut self, place: Place, read: Read) {
        if self.opening.is_none() {
            self.opening = Some((place, read.own_offset));
        }
    }

    /// Takes note of the time of an accepted record.
    pub(super) fn see(&mut self, time: i64, place: Place) {
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        let full = self.newest.len() == 2 && (time, std::cmp::Reverse(place)) < self.newest_kept();
        if !full {
            self.add_newest((time, place));
        }
    }

    fn newest_kept(&self) -> (i64, std::cmp::Reverse<Place>) {
        (self.newest[1].0, std::cmp::Reverse(self.newest[1].1))
    }

    /// Of equal times the earlier place stays first.
    fn add_newest(&mut self, new: (i64, Place)) {
        let at = self.newest.partition_point(|(time, place)| (*time, new.1) > (new.0, *place));
        self.newest.insert(at, new);
        self.newest.truncate(2);
    }

    pub(super) fn reject(
        &mut self,
        place: Place,
        raw: String,
        column: Option<String>,
        fault: Fault,
        time: Option<i64>,
    ) {
        self.rejected += 1;
        if self.rejects.len() < REJECTS_KEPT {
            self.rejects.push(Reject { place, column, fault, raw, time });
        }
    }

    pub(super) fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Adds what another thread saw of the same source.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        for (reason, count) in other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
        self.rejects.extend(other.rejects);
        self.rejects.sort_by_key(|reject| reject.place);
        self.rejects.truncate(REJECTS_KEPT);
        self.first = [self.first, other.first].into_iter().flatten().min();
        other.newest.into_iter().for_each(|new| self.add_newest(new));
        self.ambiguous += other.ambiguous;
        self.grain = self.grain.max(other.grain);
        self.opening = [self.opening, other.opening].into_iter().flatten().min();
        self.chunks.extend(other.chunks);
    }
}

/// Where the chunks of a source begin, once all of it was read, and where its records stand in the file, if that is not
/// where they stand in the text that was read.
#[derive(Clone, Debug, Default)]
pub struct Chunks {
    begin: Vec<(u64, u64)>,
    lines: Vec<u64>,
}

impl Chunks {
    /// From the records and lines of each chunk, in any order, and the line of each record, if it needs saying.
    pub fn new(mut chunks: Vec<(u32, u32, u32)>, lines: &[u64]) -> Self {
        chunks.sort_unstable();
        let mut next = (0, 0);
        let begin = |(_, records, lines): (u32, u32, u32)| {
            let begin = next;
            next = (next.0 + u64::from(records), next.1 + u64::from(lines));
            begin
        };
        Self { begin: chunks.into_iter().map(begin).collect(), lines: lines.to_vec() }
    }

    /// The number of a record and of its line in the source.
    pub fn resolve(&self, record: u64, line: u64) -> (u64, u64) {
        let low = |number: u64| number & ((1 << CHUNK) - 1);
        let base = |number: u64| self.begin.get((number >> CHUNK) as usize).copied().unwrap_or_default();
        let (record, line) = (base(record).0 + low(record), base(line).1 + low(line));
        let said = usize::try_from(record).ok().and_then(|record| self.lines.get(record.checked_sub(1)?));
        (record, said.copied().unwrap_or(line))
    }

    /// A place in the source.
    pub fn place(&self, place: Place) -> Place {
        let (record, line) = self.resolve(place.record, place.line);
        Place { record, line, ..place }
    }
}
